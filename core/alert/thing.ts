import type { Alert, AlertCommand } from '../alert.ts'
import type { Thing } from '../authority.ts'
import { Uuid } from '../id.ts'

/**
 * Whom a warning names: its owner, who approved it, who brought it in, to whom a private one is addressed (by the id of the
 * organization), and where it is restricted whoever answers for a special site under it.
 */
export function alertParties(state: Alert): readonly string[] {
  const message = state.made?.message
  const addressed = (message?.addresses ?? state.draft?.addresses ?? []).filter((one) => Uuid.safeParse(one).success)
  const sites = message?.scope === 'Restricted' ? (state.made?.reach.sites ?? []) : []
  const named = [
    state.owner,
    organizationIn(state.approver),
    state.receivedBy,
    ...(state.made === null ? [] : addressed),
    ...sites.flatMap(({ owner, regulator, responder }) => [owner, regulator, responder]),
  ]
  return [...new Set(named.filter((one) => one !== null))]
}

const organizationIn = (actor: string | null): string | null => /^post\/[^/]+\/([^/]+)$/.exec(actor ?? '')?.[1] ?? null

export const isDrawing = ({ status }: Pick<Alert, 'status'>): boolean =>
  status === 'draft' || status === 'submitted' || status === 'discarded'

export const scopeOf = (state: Alert): 'Public' | 'Restricted' | 'Private' => state.made?.message.scope ?? state.draft?.scope ?? 'Public'

/** What authority needs to know of a warning. */
export function alertThing(state: Alert | null, command?: AlertCommand): Thing {
  if (state === null)
    return command?.type === 'alert.draft'
      ? { jurisdiction: command.jurisdiction, parties: [] }
      : // Who may not see it does not learn whether it is there.
        { jurisdiction: null, owner: null, audience: 'named', parties: [] }
  return {
    jurisdiction: state.jurisdiction,
    areas: state.made?.reach.divisions.map(({ code }) => code) ?? [],
    owner: state.owner,
    audience: isDrawing(state) ? 'approvers' : scopeOf(state) === 'Public' ? 'everyone' : 'named',
    parties: alertParties(state),
  }
}
