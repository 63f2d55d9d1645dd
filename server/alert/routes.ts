import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { needsConsultation, type Alert, type Reach } from '#core/alert.ts'
import { missingParticulars } from '#core/alert/draft.ts'
import { messageOf } from '#core/alert/message.ts'
import { alertParties } from '#core/alert/thing.ts'
import { may } from '#core/authority.ts'
import type { Alert as CapAlert } from '#core/cap.ts'
import { Refusal, refuse } from '#core/decider.ts'
import type { Relations } from '#core/directory/relations.ts'
import { Colour } from '#core/level.ts'
import { covers, DivisionCode, NATION } from '#core/place.ts'
import type {
  AlertDetail,
  AlertShape,
  AlertsView,
  AlertSummary,
  AnswersView,
  ApprovalPreview,
  ChainEntry,
  ReachedSiteView,
} from '#core/view/alert.ts'
import { readCap } from '../cap.ts'
import { idFrom } from '../clock.ts'
import type { TransactionSql } from '../database.ts'
import { divisionNames, maybe, type Scene } from '../present.ts'
import { idOf, look, notFound, parse, type Desk, type Sight } from '../room.ts'
import type { World } from '../world.ts'
import { readBytes } from './bytes.ts'
import { consultedAbout } from './consulted.ts'
import { reachOfDraft } from './prepare.ts'
import { alertActions, blocksOf, coarser, geometryOf, latenciesOf, stepOf, summaryOf, type SummaryRow } from './present.ts'
import { pushRoute } from './push.ts'

/** Of each part of the list. */
const WAITING_MAX = 100
const IN_FORCE_MAX = 300
const PAGE = 50
const CHAIN_MAX = 100
const DRAWN_MAX = 100
const ORDER: readonly (Colour | null)[] = ['red', 'orange', null, 'yellow', 'blue']
/** A draft has no identity yet. */
const NOWHERE = { identifier: '', sender: '', sent: '2000-01-01T00:00:00.000Z', references: [] }

const ListQuery = z.object({
  /** `true`: what is in force, or shown, alone. */
  'in-force': z.optional(z.enum(['true', 'false'])),
  colour: z.optional(Colour),
  hazard: z.optional(z.string().check(z.maxLength(100))),
  /** Whatever lies under it, above it or in it. */
  area: z.optional(DivisionCode),
  /** `true`: of the asker's own organization. */
  mine: z.optional(z.enum(['true', 'false'])),
  /** Where a page ended: `<instant>_<id>`. */
  cursor: z.optional(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z_[0-9a-f-]{36}$/))),
})
type ListQuery = z.infer<typeof ListQuery>

export function alertRoutes(app: FastifyInstance, desk: Desk): void {
  app.get<{ Querystring: Record<string, string> }>('/api/alerts', async (request): Promise<AlertsView> => {
    const sight = await look(desk, request)
    const query = parse(ListQuery, request.query)
    return sight.read((sql) => readList(sql, sight, query))
  })

  app.get('/api/alerts/map', async (request): Promise<readonly AlertShape[]> => {
    const { read } = await look(desk, request)
    return read(async (sql) => {
      const rows = await sql<DetailRow[]>`
        select id, state #- '{made,reach}' as state from alert where status = 'in-force' order by at desc, id desc limit ${DRAWN_MAX}`
      const drawn: AlertShape[] = []
      for (const { id, state } of rows) {
        const message = state.draft === null ? await messageIn(sql, state) : messageOf(state.draft, NOWHERE)
        const { geometry } = message === null ? { geometry: null } : geometryOf(message)
        if (geometry !== null) drawn.push({ id, colour: state.colour, geometry: coarser(geometry) })
      }
      return drawn.toSorted((a, b) => ORDER.indexOf(b.colour) - ORDER.indexOf(a.colour))
    })
  })

  app.get<{ Params: { id: string } }>('/api/alerts/:id', async (request): Promise<AlertDetail> => {
    const sight = await look(desk, request)
    const id = idOf(request, 'alert.unknown')
    return sight.read((sql) => readDetail(sql, sight, id))
  })

  app.get<{ Params: { id: string } }>('/api/alerts/:id/cap.xml', async (request, reply) => {
    const { read } = await look(desk, request)
    const id = idOf(request, 'alert.unknown')
    const bytes = await read(async (sql) => {
      const [row] = await sql<{ sha256: string | null }[]>`select sha256 from alert where id = ${id}`
      return row?.sha256 == null ? null : readBytes(sql, row.sha256)
    })
    if (bytes === null) throw notFound('alert.unknown')
    // What others wrote is never opened as a page of ours.
    return reply
      .type('application/cap+xml')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('content-disposition', `attachment; filename="${id}.xml"`)
      .send(bytes)
  })
  pushRoute(app, desk)
}

const columns = (sql: TransactionSql) => sql`
  a.id, a.state #- '{made,reach}' as state, a.at, a.jurisdictions, a.parties,
  coalesce(jsonb_array_length(a.state #> '{made,reach,divisions}'), cardinality(a.jurisdictions)) as divisions,
  coalesce(jsonb_array_length(a.state #> '{made,reach,sites}'), 0) as sites`

type ListRow = SummaryRow & { readonly at: Date; readonly jurisdictions: readonly string[] }

/** The sites under it are counted alone; the divisions stand in a column of their own. */
const slim = ({ state, jurisdictions, ...row }: ListRow): ListRow => ({
  ...row,
  jurisdictions,
  state:
    state.made === null
      ? state
      : { ...state, made: { ...state.made, reach: { divisions: jurisdictions.map((code) => ({ code, share: 'part' })), sites: [] } } },
})

async function readList(sql: TransactionSql, { scene, asker }: Sight, query: ListQuery): Promise<AlertsView> {
  const { colour, hazard, area, cursor } = query
  const conditions = [
    colour === undefined ? sql`true` : sql`a.colour = ${colour}`,
    hazard === undefined ? sql`true` : sql`a.hazard = ${hazard}`,
    area === undefined
      ? sql`true`
      : sql`exists (select 1 from unnest(a.jurisdictions) as under(code) where covers(${area}, code) or covers(code, ${area}))`,
    query.mine === 'true' ? sql`a.owner = ${asker.viewer.organizationId}` : sql`true`,
  ]
  const where = conditions.reduce((all, one) => sql`${all} and ${one}`)
  const inForceOnly = query['in-force'] === 'true'
  const first = cursor === undefined
  const [at, id] = (cursor ?? '').split('_')
  const [waiting, inForce, rest] = await Promise.all([
    first && !inForceOnly
      ? sql<
          ListRow[]
        >`select ${columns(sql)} from alert a where status in ('draft', 'submitted') and ${where} order by a.at desc, a.id desc limit ${WAITING_MAX}`
      : [],
    first
      ? sql<
          ListRow[]
        >`select ${columns(sql)} from alert a where status in ('in-force', 'shown') and ${where} order by a.at desc, a.id desc limit ${IN_FORCE_MAX}`
      : [],
    inForceOnly
      ? []
      : sql<ListRow[]>`
          select ${columns(sql)} from alert a
          where status not in ('draft', 'submitted', 'in-force', 'shown') and ${where}
            and ${first ? sql`true` : sql`(a.at, a.id) < (${at ?? ''}::timestamptz, ${id ?? ''}::uuid)`}
          order by a.at desc, a.id desc limit ${PAGE + 1}`,
  ])
  const answers = await answersOf(
    sql,
    inForce.flatMap(({ state }) => state.made?.chainId ?? []),
    scene.now,
  )
  const shown = (row: ListRow): AlertSummary => summaryOf(scene, slim(row), answers.get(row.state.made?.chainId ?? '') ?? null)
  const page = rest.slice(0, PAGE)
  const last = rest.length > PAGE ? page.at(-1) : undefined
  const alerts = [...waiting.map(shown).toSorted(byNeed), ...inForce.map(shown).toSorted(byColour), ...page.map(shown)]
  const jurisdiction = asker.viewer.jurisdiction
  const no = scene.readOnly ? refuse('exercise.read-only') : may(scene.doer, 'alert.draft', { jurisdiction, parties: [] }, scene.relations)
  return {
    alerts,
    next: last === undefined ? null : `${last.at.toISOString()}_${last.id}`,
    counts: {
      inForce: alerts.filter((one) => one.status === 'in-force').length,
      waiting: alerts.filter((one) => one.needs !== null).length,
      shown: alerts.filter((one) => one.status === 'shown').length,
    },
    action: { command: 'alert.draft', refusal: no === null ? null : { code: no.code, params: no.params } },
  }
}

const byNeed = (a: AlertSummary, b: AlertSummary): number =>
  Number(b.needs === 'approve') - Number(a.needs === 'approve') || Number(b.needs !== null) - Number(a.needs !== null)
const GRAVITY = { red: 1, orange: 2, yellow: 3, blue: 4 } as const
/** What nobody graded stands between orange and yellow: it may be either. */
const gravity = ({ colour }: AlertSummary): number => (colour === null ? 2.5 : GRAVITY[colour])
const byColour = (a: AlertSummary, b: AlertSummary): number =>
  Number(b.status === 'in-force') - Number(a.status === 'in-force') ||
  gravity(a) - gravity(b) ||
  (b.issuedAt ?? '').localeCompare(a.issuedAt ?? '')

/** Who answered, by chain: of the duties to answer for a place that the asker may see. */
async function answersOf(sql: TransactionSql, chains: readonly string[], now: string): Promise<ReadonlyMap<string, AnswersView>> {
  if (chains.length === 0) return new Map()
  const rows = await sql<(AnswersView & { id: string })[]>`
    select o.alert_id as id, count(*)::int as owed,
           count(*) filter (where o.status = 'discharged' or o.accepted_at is not null)::int as answered,
           count(*) filter (where o.open and o.accepted_at is null and o.due_at < ${now})::int as late
    from obligation o where o.alert_id = any(${[...new Set(chains)]}::uuid[]) and o.stage = 'answer' group by o.alert_id`
  return new Map(rows.map(({ id, ...counts }) => [id, counts]))
}

type DetailRow = { readonly id: string; readonly state: Alert }

async function readDetail(sql: TransactionSql, { scene, world }: Sight, id: string): Promise<AlertDetail> {
  const [row] = await sql<DetailRow[]>`select id, state from alert where id = ${id}`
  if (!row) throw notFound('alert.unknown')
  const { state } = row
  const { made, draft } = state
  const reached =
    made === null && draft !== null && state.status !== 'discarded' ? await reachOfDraft(draft, state.jurisdiction, world) : null
  const reach = made?.reach ?? (reached instanceof Refusal || reached === null ? { divisions: [], sites: [] } : reached)
  const [divisionOf, message, chain, answers, consultation, [incident]] = await Promise.all([
    divisionNames(sql, [...reach.divisions.map(({ code }) => code), ...reach.sites.map((site) => site.jurisdiction)]),
    messageIn(sql, state),
    chainEntries(sql, scene, state),
    answersOf(sql, made === null ? [] : [made.chainId], scene.now),
    consultationOf(world, row, scene.now),
    state.incidentId === null ? [] : sql<{ id: string; title: string }[]>`select id, title from incident where id = ${state.incidentId}`,
  ])
  const organizations = organizationsUnder(reach, scene.relations)
  const summary = summaryOf(
    scene,
    { id, state, parties: alertParties(state), divisions: reach.divisions.length, sites: reach.sites.length },
    answers.get(made?.chainId ?? '') ?? null,
  )
  return {
    ...summary,
    senderName:
      summary.senderName.length > 0
        ? summary.senderName
        : (message?.infos ?? []).flatMap(({ language, senderName }) => (senderName === undefined ? [] : [{ language, text: senderName }])),
    draft,
    replaces: state.replaces,
    identifier: made?.message.identifier ?? null,
    sender: made?.message.sender ?? null,
    sent: made?.message.sent ?? null,
    restriction: made?.message.restriction ?? draft?.restriction ?? null,
    addresses: made?.message.addresses ?? draft?.addresses ?? [],
    references: made?.message.references ?? [],
    sha256: made?.sha256 ?? null,
    path: state.path,
    reason: state.reason,
    consultation: state.consultation,
    returned: state.returned,
    drafted: stepOf(scene, state.drafter, state.drafter === null ? null : state.draftedAt),
    submittedAt: state.submittedAt,
    approved: stepOf(scene, state.approver, state.approver === null ? null : state.issuedAt),
    latencies: latenciesOf(state),
    blocks: message === null ? [] : blocksOf(message, scene.now),
    ...(message === null ? { geometry: null, isCoarse: false } : geometryOf(message)),
    reached: reach.divisions.map(({ code, share }) => ({ code, share, name: divisionOf(code).name })),
    sitesUnder: reach.sites.map((site): ReachedSiteView => ({
      id: site.id,
      name: site.name,
      kind: site.kind,
      jurisdiction: site.jurisdiction,
      division: divisionOf(site.jurisdiction).name,
      owner: maybe(scene, site.owner),
      regulator: maybe(scene, site.regulator),
      responder: maybe(scene, site.responder),
    })),
    organizations,
    chain,
    preview: previewOf(state, reach, reached, { organizations, consultation }),
    incident: incident ?? null,
    actions: alertActions(scene, state, consultation),
  }
}

/** The message as it was sent, or as the draft would be. */
async function messageIn(sql: TransactionSql, { made, draft }: Alert): Promise<CapAlert | null> {
  if (made === null) return draft === null ? null : messageOf(draft, NOWHERE)
  const bytes = await readBytes(sql, made.sha256)
  const [read] = bytes === null ? [] : (await readCap(bytes, { signatures: false })).alerts
  return read?.alert ?? null
}

async function chainEntries(sql: TransactionSql, scene: Scene, { made, replaces }: Alert): Promise<readonly ChainEntry[]> {
  const chainId = made?.chainId ?? null
  const rows = await sql<ListRow[]>`
    select ${columns(sql)} from alert a
    where ${chainId === null ? sql`a.chain_id = (select chain_id from alert where id = ${replaces})` : sql`a.chain_id = ${chainId}`}
    order by a.sent, a.issued_at, a.id limit ${CHAIN_MAX}`
  return rows.map((row) => {
    const { id, status, msgType, kind, colour, headline, event, issuedAt, endedAt, owner } = summaryOf(scene, slim(row), null)
    const identifier = row.state.made?.message.identifier ?? ''
    return { id, status, msgType, kind, colour, headline: headline.length > 0 ? headline : event, issuedAt, endedAt, owner, identifier }
  })
}

async function consultationOf(world: World, { id, state }: DetailRow, now: string): Promise<'held' | 'called' | 'missing' | 'not-needed'> {
  const { draft, replaces, jurisdiction } = state
  if (draft === null || state.made !== null || !needsConsultation(draft)) return 'not-needed'
  // As it will be reckoned when it is approved (server/alert/prepare.ts).
  const [before] =
    replaces === null
      ? []
      : await world.sql<
          { chain: string; incident: string | null }[]
        >`select chain_id as chain, incident_id as incident from alert where id = ${replaces}`
  const chainId = before?.chain ?? id
  const incidentId = state.incidentId ?? before?.incident ?? idFrom(`warned|${chainId}`)
  return consultedAbout(world.sql, { id, chainId, incidentId, jurisdiction, hazard: draft.hazard }, draft.colour, now)
}

/** Everyone registered in a territory that lies under it. */
export function organizationsUnder({ divisions }: Reach, relations: Relations): number {
  const under = new Set(divisions.map(({ code }) => code))
  let all = 0
  for (const code of relations.territories()) {
    const outer = [code, `${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`, NATION]
    if (outer.some((one) => under.has(one) && covers(one, code))) all += relations.at(code).length
  }
  return all
}

function previewOf(
  { status, draft }: Alert,
  { divisions, sites }: Reach,
  reached: Reach | Refusal | null,
  { organizations, consultation }: { readonly organizations: number; readonly consultation: ApprovalPreview['consultation'] },
): ApprovalPreview | null {
  if (draft === null || (status !== 'draft' && status !== 'submitted')) return null
  return {
    divisions: divisions.length,
    organizations,
    sites: sites.length,
    missing: { ordinary: missingParticulars(draft, 'ordinary'), urgent: missingParticulars(draft, 'urgent') },
    consultation,
    refusal: reached instanceof Refusal ? { code: reached.code, params: reached.params } : null,
  }
}
