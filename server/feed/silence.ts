/**
 * A source that is not heard for longer than it promised: whoever entered it owes that it is heard again, and as the time is
 * over already that is a finding at once (core/linkage/finding.ts). Done when it speaks; released when nobody listens any more.
 */
import type { Doer } from '#core/authority.ts'
import type { Relations } from '#core/directory/relations.ts'
import { systemActor, type Words } from '#core/event.ts'
import type { Obligation, ObligationCommand } from '#core/obligation.ts'
import { NATION } from '#core/place.ts'
import { fromMs } from '#core/time.ts'
import { idFrom } from '../clock.ts'
import type { World } from '../world.ts'
import type { Source, Sources } from './source.ts'

const HEAR_SOURCE = 'hear-source'
const OPEN_MAX = 500
const BY_RULE: Doer = { actor: systemActor('linkage'), powers: [] }

/** Milliseconds: until when it has to be heard of. */
export const promisedUntil = ({ successAt, addedAt, promiseSeconds }: Pick<Source, 'successAt' | 'addedAt' | 'promiseSeconds'>): number =>
  (successAt ?? addedAt).getTime() + promiseSeconds * 1000

/** Looks at every source once; looked at twice, or by two servers, it does nothing twice. */
export async function watchSilence(world: World, sources: Sources): Promise<void> {
  const [all, keepers, relations] = await Promise.all([sources.all(), sources.keepers(), world.relations()])
  if (keepers.size === 0) return
  const open = await world.sql<{ id: string; state: Obligation }[]>`
    select id, state from obligation
    where open and debtor = any(${[...new Set(keepers.values())]}::uuid[]) and state ->> 'act' = ${HEAR_SOURCE} limit ${OPEN_MAX}`
  const now = world.clock.now()
  const tell = (id: string, command: ObligationCommand) =>
    world.handle({ room: 'obligation', id, command, commandId: idFrom(`${command.type}|${id}`), doer: BY_RULE })
  for (const { id, state } of open) {
    const source = all.find((one) => one.id === state.subject)
    if (source === undefined || source.paused) await tell(id, { type: 'obligation.release', reason: 'source-ended' })
    else if (promisedUntil(source) > now) await tell(id, { type: 'obligation.discharge', evidence: `${source.name}：已恢复 heard again` })
  }
  for (const source of all) {
    const until = promisedUntil(source)
    const keeper = keepers.get(source.id)
    if (source.paused || until > now || keeper === undefined || open.some(({ state }) => state.subject === source.id)) continue
    const owe = owedFor(source, keeper, fromMs(until), relations)
    if (owe !== null) await tell(idFrom(`silence|${source.id}|${until}`), owe)
  }
}

/** Null: there is nobody to whom the keeper could owe it. */
function owedFor({ id, name }: Source, keeper: string, dueAt: string, relations: Relations): ObligationCommand | null {
  const jurisdiction = relations.find(keeper)?.jurisdiction ?? NATION
  const above = [relations.superior(keeper), ...relations.holders('government', jurisdiction), ...relations.holders('public', jurisdiction)]
  const creditor = above.find((one) => one !== null && one.id !== keeper)
  return creditor == null
    ? null
    : {
        type: 'obligation.owe',
        incidentId: null,
        jurisdiction,
        debtor: keeper,
        creditor: creditor.id,
        function: 'information-reporting',
        act: HEAR_SOURCE,
        actWords: wordsOf(name),
        subject: id,
        basis: null,
        dueAt,
        limitConfirmed: true,
        trigger: null,
        ladder: [],
        by: keeper,
      }
}

const wordsOf = (name: string): Words => ({
  'zh-CN': `恢复接收预警来源“${name}”：静默已超过其承诺的间隔`,
  en: `Have the source of warnings “${name}” heard again: it has been silent for longer than it promised`,
})
