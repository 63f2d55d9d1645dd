/** Who conducts an incident, as it is shown: headquarters, the lead and its hand-over, who is on the scene. */
import { leadOf } from '#core/authority.ts'
import { incident, incidentThing, type Incident, type IncidentCommand, type IncidentEvent } from '#core/incident.ts'
import type { Headquarters } from '#core/incident/headquarters.ts'
import { leadless, leads, type LeadEvent } from '#core/incident/leads.ts'
import type { ActionView, HeadquartersView } from '#core/view.ts'
import type { ConductView, LeadsView } from '#core/view/headquarters.ts'
import type { TransactionSql } from '../database.ts'
import { readStreams } from '../log.ts'
import { actionsOf, divisionNames, maybe, reference, type Division, type Scene } from '../present.ts'

/** For a vacant position, the function whose holder in the territory is suggested. */
const POSITION_FUNCTIONS: Readonly<Record<string, string>> = {
  commander: 'government',
  planning: 'emergency-management',
  operations: 'fire-rescue',
  logistics: 'commerce',
  information: 'publicity',
  liaison: 'society-coordination',
  medical: 'health',
  environment: 'ecology',
  security: 'public-security',
  safety: 'emergency-management',
  finance: 'finance',
  transport: 'transport',
  communications: 'communications',
  society: 'society-coordination',
  'social-forces': 'society-coordination',
  cordon: 'public-security',
  'deputy-commander': 'emergency-management',
}

type Conducted = { readonly headquarters: HeadquartersView | null; readonly conduct: ConductView }

export async function conductView(sql: TransactionSql, scene: Scene, state: Incident): Promise<Conducted> {
  const all = [state.headquarters, ...state.otherHeadquarters].filter((one) => one !== null)
  const names = await divisionNames(
    sql,
    all.map((one) => one.jurisdiction),
  )
  const shown = (one: Headquarters): HeadquartersView => headquartersView(scene, one, names(one.jurisdiction))
  const { handOver } = state
  const lead = leadOf({ jurisdiction: state.jurisdiction, lead: state.headquarters?.lead ?? state.lead }, scene.relations)
  return {
    headquarters: state.headquarters === null ? null : shown(state.headquarters),
    conduct: {
      lead: maybe(scene, lead),
      otherHeadquarters: state.otherHeadquarters.map(shown),
      handOver: handOver === null ? null : { ...handOver, from: maybe(scene, handOver.from), to: reference(scene, handOver.to) },
      onScene: state.onScene.map((one) => ({ organization: reference(scene, one.organization), at: one.at })),
      emergencyPath: state.emergencyPath,
    },
  }
}

function headquartersView(scene: Scene, active: Headquarters, jurisdiction: Division): HeadquartersView {
  const suggest = (code: string): string | undefined =>
    scene.relations.holders(POSITION_FUNCTIONS[code] ?? code, active.jurisdiction)[0]?.id
  return {
    id: active.id,
    standing: active.standing,
    jurisdiction,
    sectors: active.sectors.map((one) => ({ ...one, lead: reference(scene, one.lead) })),
    name: active.name,
    lead: reference(scene, active.lead),
    members: active.members.map((id) => reference(scene, id)),
    activatedAt: active.activatedAt,
    positions: active.positions.map(({ code, words, organization }) => ({
      code,
      words,
      organization: maybe(scene, organization),
      suggestion: organization === null ? maybe(scene, suggest(code)) : null,
    })),
  }
}

const ANY = '00000000-0000-7000-8000-000000000000'

/** What can be done about the lead and the headquarters; of others on the scene, and of one's own coming and going. */
export function conductActions(scene: Scene, state: Incident): readonly ActionView[] {
  const own = scene.doer.actor.kind === 'post' ? scene.doer.actor.organizationId : ANY
  const home = scene.relations.find(own)?.jurisdiction
  const samples: readonly IncidentCommand[] = [
    {
      type: 'incident.activate-headquarters',
      name: { 'zh-CN': 'x', en: 'x' },
      lead: ANY,
      members: [],
      positions: [],
      ...(home === null || home === undefined || state.headquarters === null ? {} : { jurisdiction: home }),
    },
    { type: 'incident.stand-down-headquarters', reason: 'x' },
    { type: 'incident.hand-over', to: ANY, headquarters: null, transferred: [], reason: 'x' },
    { type: 'incident.take-over' },
    { type: 'incident.decline-hand-over', reason: 'x' },
    { type: 'incident.enter-scene', organization: own },
    { type: 'incident.leave-scene', organization: own },
    { type: 'incident.declare-emergency-path', reason: 'x', basis: 'x' },
    { type: 'incident.end-emergency-path', reason: 'x' },
  ]
  return samples.flatMap((sample) => actionsOf(scene, incident, state, incidentThing(state, sample), [sample]))
}

/** Who led from when to when. Null: no such incident for this asker. */
export async function readLeads(sql: TransactionSql, scene: Scene, id: string): Promise<LeadsView | null> {
  const events = await readStreams(sql, [`incident/${id}`])
  if (events.length === 0) return null
  const said = events.map((event): LeadEvent => ({
    ...({ type: event.type, ...event.data } as IncidentEvent),
    occurredAt: event.occurredAt,
    commandId: event.commandId,
  }))
  const all = leads(said, (code) => leadOf({ jurisdiction: code }, scene.relations))
  const names = new Map(
    events.flatMap(({ type, data, commandId }) => {
      if (type !== 'incident.headquarters-activated') return []
      const { headquarters = commandId, name } = data as Pick<HeadquartersView, 'name'> & { readonly headquarters?: string }
      return [[headquarters, name] as const]
    }),
  )
  const taken = said.flatMap((event) => (event.type === 'incident.taken-over' ? [event] : []))
  return {
    leads: all.map(({ organization, headquarters, by, from, until }) => {
      const passed = by === 'hand-over' ? taken.find((one) => one.to === organization && one.occurredAt <= from) : undefined
      return {
        organization: maybe(scene, organization),
        headquarters: headquarters === null ? null : (names.get(headquarters) ?? null),
        by,
        from,
        until,
        transferred: passed?.transferred ?? [],
        reason: passed?.reason ?? null,
      }
    }),
    leadless: leadless(all, scene.now),
  }
}
