import { actorFrom, type Recorded } from '../event.ts'
import type { Item } from '../item.ts'
import { opening, triggerOf } from './opening.ts'
import type { Basis, LinkageView, Reaction } from './view.ts'

type Laid = {
  readonly items: readonly Item[]
  readonly incidentId: string | null
  readonly jurisdiction: string
  readonly lead: string
  readonly members: readonly string[]
  readonly basis: Basis | null
}

/** A decision that is taken, and a meeting that lays something on somebody, become obligations: each item one, once. */
export function decided(event: Recorded, view: LinkageView): readonly Reaction[] {
  const laid = laidDown(event)
  if (laid === null) return []
  const { items, basis, incidentId, jurisdiction } = laid
  const by = actorFrom(event.actor)
  return items.flatMap((item, i): readonly Reaction[] => {
    const creditor = creditorOfItem(item, laid, view.relations)
    if (creditor === null) return []
    const id = view.idFrom(itemKey(event, i))
    const { debtor, act, actWords, function: name, dueAt, objectiveId } = item
    return [
      opening(
        id,
        {
          type: 'obligation.owe',
          incidentId,
          jurisdiction,
          debtor,
          creditor,
          function: name,
          act,
          actWords,
          basis,
          dueAt,
          limitConfirmed: true,
          trigger: triggerOf(event),
          ladder: [],
          origin: 'decision',
          ...(objectiveId === null ? {} : { objectiveId }),
          ...(by.kind === 'post' ? { by: by.organizationId } : {}),
        },
        event,
        view,
      ),
    ]
  })
}

/** From which text the id of an item's obligation is made. */
export const itemKey = ({ stream, version }: Pick<Recorded, 'stream' | 'version'>, i: number): string => `item|${stream}|${version}|${i}`

function laidDown({ type, data }: Recorded): Laid | null {
  if (type === 'decision.taken') return data as Laid
  if (type !== 'headquarters.met' && type !== 'consultation.concluded') return null
  const laid = { ...(data as Laid), items: (data as { readonly decisions: readonly Item[] }).decisions }
  // The clause that demands a consultation is no basis of what was laid down in it.
  return type === 'consultation.concluded' ? { ...laid, basis: null } : laid
}

/** Owed to who leads; what the lead lays on itself it owes to its superior, else to the others, else to the government or the public of the place. */
export function creditorOfItem(
  { debtor }: Pick<Item, 'debtor'>,
  { lead, members, jurisdiction }: Pick<Laid, 'lead' | 'members' | 'jurisdiction'>,
  relations: LinkageView['relations'],
): string | null {
  const holders = ['government', 'public'].map((name) => relations.holders(name, jurisdiction)[0]?.id)
  const named = [lead, relations.superior(debtor)?.id, ...members, ...holders]
  return named.find((one) => one !== undefined && one !== debtor) ?? null
}
