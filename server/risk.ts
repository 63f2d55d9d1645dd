import { maySee } from '#core/authority.ts'
import { refuse, type Refusal } from '#core/decider.ts'
import { gapFactsOf, gramsOf, risk, RiskCommand, riskParties, riskThing, searchText, type Risk, type RiskEvent } from '#core/risk.ts'
import type { Request } from './handle.ts'
import type { Keeping, Preparing } from './keeping.ts'

export { riskRoutes } from './risk/routes.ts'

export const riskKeeping: Keeping<Risk | null, RiskCommand, RiskEvent> = {
  room: 'risk',
  decider: risk,
  parse: (body) => RiskCommand.safeParse(body),
  thing: (state, command) => riskThing(state, command),
  incidentOf: (_, __, command) => (command.type === 'risk.check' || command.type === 'risk.involve' ? command.incidentId : null),
  prepare,
  table: {
    name: 'risk',
    columns: {
      id: 'uuid',
      kind: 'text',
      site_kind: 'text',
      hazard: 'text',
      hazards: 'text[]',
      name: 'jsonb',
      address: 'text',
      search: 'text',
      grams: 'text[]',
      jurisdiction: 'text',
      lon: 'double precision',
      lat: 'double precision',
      owner: 'uuid',
      regulator: 'uuid',
      responder: 'uuid',
      parties: 'uuid[]',
      incidents: 'uuid[]',
      restricted: 'boolean',
      open: 'boolean',
      gaps: 'text[]',
      fresh_until: 'timestamptz',
      due_at: 'timestamptz',
      dangers_open: 'smallint',
      rehearsed_at: 'timestamptz',
      registered_at: 'timestamptz',
      state: 'jsonb',
      store: 'jsonb',
    },
  },
  rows: (id, state) => (state === null ? [] : [rowOf(id, state)]),
}

function rowOf(id: string, state: Risk): Readonly<Record<string, unknown>> {
  const facts = gapFactsOf(state)
  const search = searchText(state)
  return {
    id,
    kind: state.kind,
    site_kind: state.siteKind,
    hazard: state.hazard,
    hazards: state.hazards,
    name: state.name,
    address: state.place?.name ?? '',
    search,
    grams: gramsOf(search),
    jurisdiction: state.jurisdiction,
    lon: state.place?.lon ?? null,
    lat: state.place?.lat ?? null,
    owner: state.owner,
    regulator: state.regulator,
    responder: state.responder,
    parties: riskParties(state),
    incidents: state.incidents,
    restricted: state.restricted,
    open: state.status === 'open',
    gaps: facts.lasting,
    fresh_until: facts.freshUntil,
    due_at: facts.dueAt,
    dangers_open: state.dangers.filter(({ status }) => status !== 'verified').length,
    rehearsed_at: facts.rehearsedAt,
    registered_at: state.registeredAt,
    state: { ...state, store: null },
    store: state.store,
  }
}

/** What the register's own streams do not say: whether the incident, the plan and the posts that are named are there. */
async function prepare(request: Request, { sql, relations, instruments }: Preparing): Promise<Request | Refusal> {
  const command = request.command as RiskCommand
  switch (command.type) {
    case 'risk.check':
    case 'risk.involve': {
      const { actor } = request.doer
      const [row] = await sql<{ jurisdiction: string; areas: string[]; parties: string[]; closed: boolean }[]>`
        select i.jurisdiction, i.jurisdictions as areas, i.closed_at is not null as closed,
               i.parties || coalesce((select array_agg(distinct p) from obligation o, unnest(o.parties) p where o.incident_id = i.id), '{}') as parties
        from incident i where i.id = ${command.incidentId}`
      if (row === undefined || (actor.kind === 'post' && !maySee(actor.organizationId, row, await relations())))
        return refuse('incident.unknown')
      if (row.closed) return refuse('incident.already-ended', { status: 'closed' })
      if (actor.kind !== 'post') return request
      // Who would not see the site may still owe it to the incident to ask after it.
      const [owed] = await sql`
        select 1 from obligation o
        where o.incident_id = ${command.incidentId} and o.debtor = ${actor.organizationId} and o.state ->> 'site' = ${request.id} limit 1`
      return owed === undefined ? request : { ...request, seen: true }
    }
    case 'risk.link-plan':
    case 'risk.rehearse': {
      const { plan } = command
      const file = plan === null ? null : ((await instruments()).current(plan)?.instrument ?? undefined)
      return file === undefined || (file !== null && file.kind !== 'plan') ? refuse('risk.no-such-plan', { plan }) : request
    }
    case 'risk.register':
    case 'risk.state': {
      const posts = (command.knowers ?? []).flatMap(({ post }) => (post === null ? [] : [post]))
      if (posts.length === 0) return request
      const rows = await sql<{ id: string }[]>`select id from post where id = any(${posts})`
      const stranger = posts.find((id) => !rows.some((row) => row.id === id))
      return stranger === undefined ? request : refuse('risk.post-unknown', { post: stranger })
    }
    default:
      return request
  }
}
