/** The call list 叫应: who has answered a warning and who not, what was tried, and how long answers take; all as the asker may see it. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { Uuid } from '#core/id.ts'
import type { Notice } from '#core/notice.ts'
import { isOpen, obligation, obligationThing, Stage, type Obligation, type ObligationCommand } from '#core/obligation.ts'
import type { CallableWarning, CallRow, CallsView, LatenciesView, Latency, StageCount, TryView } from '#core/view/call.ts'
import type { Colour } from '#core/level.ts'
import type { TransactionSql } from './database.ts'
import { actionsOf, divisionNames, maybe, reference, type Scene } from './present.ts'
import { look, parse, type Desk } from './room.ts'

const WARNINGS_MAX = 50
const ROWS_MAX = 200
const NOTICES_MAX = 1000
const SLOWEST_MAX = 30

const CallsQuery = z.object({ warning: z.optional(Uuid), stage: z.optional(Stage), open: z.optional(z.stringbool()) })
const LatenciesQuery = z.object({ days: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(400))) })

/** GET /api/calls?warning=&stage=&open=; GET /api/calls/latencies?days= */
export function callRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/calls', async (request): Promise<CallsView> => {
    const { scene, asker, read } = await look(desk, request)
    const query = parse(CallsQuery, request.query)
    return read((sql) => readCalls(sql, scene, asker.viewer.organizationId, query))
  })
  app.get('/api/calls/latencies', async (request): Promise<LatenciesView> => {
    const { scene, read } = await look(desk, request)
    const query = parse(LatenciesQuery, request.query)
    return read((sql) => readLatencies(sql, scene, query.days ?? 90))
  })
}

type Asked = z.infer<typeof CallsQuery>

async function readCalls(sql: TransactionSql, scene: Scene, own: string, { warning: wanted, stage, open }: Asked): Promise<CallsView> {
  const warnings = await readWarnings(sql)
  const warning =
    warnings.find((one) => one.alertId === wanted) ?? (wanted === undefined ? (warnings[0] ?? null) : await readWarning(sql, wanted))
  if (warning === null) return { warnings, warning, stages: [], rows: [], more: false }
  const [stages, rows] = await Promise.all([
    sql<StageCount[]>`
      select stage, count(*)::int as "all", (count(*) filter (where status = 'discharged'))::int as done,
             (count(*) filter (where open))::int as open, (count(*) filter (where open and lapsed_at is not null))::int as late
      from obligation where alert_id = ${warning.alertId} group by stage`,
    sql<{ id: string; state: Obligation }[]>`
      select id, state from obligation
      where alert_id = ${warning.alertId} ${stage === undefined ? sql`` : sql`and stage = ${stage}`} ${open === true ? sql`and open` : sql``}
      order by open desc, (debtor = ${own}) desc, due_at nulls last, id limit ${ROWS_MAX + 1}`,
  ])
  const shown = rows.slice(0, ROWS_MAX)
  const told = await readTold(sql, shown)
  return {
    warnings,
    warning,
    stages: Stage.options.flatMap((name) => stages.filter((one) => one.stage === name)),
    rows: shown.map((row) => callRow(scene, row, told.get(row.id) ?? [])),
    more: rows.length > ROWS_MAX,
  }
}

type WarningRow = Omit<CallableWarning, 'colour'> & { readonly colour: Colour }

const COUNTS = `alert_id, min(incident_id::text)::uuid as incident_id, max(owed_at) as since, count(*)::int as "all",
  (count(*) filter (where open))::int as open, (count(*) filter (where open and lapsed_at is not null))::int as late,
  (array_agg(colour order by owed_at desc))[1] as colour`

/** Warnings that somebody still owes something to, the gravest and then the newest first. */
const readWarnings = (sql: TransactionSql): Promise<WarningRow[]> => sql<WarningRow[]>`
  with asked as (select distinct alert_id from obligation where open and alert_id is not null),
       counted as (select ${sql.unsafe(COUNTS)} from obligation where alert_id in (select alert_id from asked) group by alert_id)
  select ${named(sql)} from counted c join incident i on i.id = c.incident_id
  order by array_position(array['red', 'orange', 'yellow', 'blue'], c.colour), c.since desc limit ${WARNINGS_MAX}`

async function readWarning(sql: TransactionSql, alertId: string): Promise<WarningRow | null> {
  const [row] = await sql<WarningRow[]>`
    with counted as (select ${sql.unsafe(COUNTS)} from obligation where alert_id = ${alertId} group by alert_id)
    select ${named(sql)} from counted c join incident i on i.id = c.incident_id`
  return row ?? null
}

/** The headline of the newest message of the chain that is in force, in each language; a person's own title stands in the incident. */
const named = (sql: TransactionSql) => sql`
  (select coalesce(jsonb_agg(jsonb_build_object('language', b ->> 'language', 'text', b ->> 'headline')) filter (where b ? 'headline'), '[]')
   from (select state from alert a where a.chain_id = c.alert_id and a.status = 'in-force' order by a.sent desc limit 1) newest,
        jsonb_array_elements(newest.state -> 'made' -> 'message' -> 'blocks') b) as headline,
  c.alert_id as "alertId", c.incident_id as "incidentId", i.title, c.colour, i.hazard,
  to_char(c.since at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since, c.open, c.late, c."all"`

/** What was sent about each of the obligations. */
async function readTold(sql: TransactionSql, rows: readonly { readonly id: string }[]): Promise<ReadonlyMap<string, readonly Notice[]>> {
  const streams = rows.map(({ id }) => `obligation/${id}`)
  const notices = await sql<{ abouts: string[]; state: Notice }[]>`
    select abouts, state from notice where abouts && ${streams}::text[] order by queued_at limit ${NOTICES_MAX}`
  const told = new Map<string, Notice[]>()
  for (const { abouts, state } of notices)
    for (const stream of abouts) {
      const id = stream.replace(/^obligation\//, '')
      told.set(id, [...(told.get(id) ?? []), state])
    }
  return told
}

const ANSWERS: readonly ObligationCommand[] = [
  { type: 'obligation.accept' },
  { type: 'obligation.note-call', way: 'phone', outcome: 'answered' },
]

function callRow(scene: Scene, { id, state }: { readonly id: string; readonly state: Obligation }, told: readonly Notice[]): CallRow {
  return {
    obligationId: id,
    organization: reference(scene, state.debtor),
    stage: state.warning?.stage ?? 'act',
    act: state.actWords,
    site: state.site ?? null,
    jurisdiction: state.jurisdiction,
    owedAt: state.owedAt,
    dueAt: state.dueAt,
    lapsed: state.lapsedAt !== null,
    open: isOpen(state),
    releaseReason: state.releaseReason ?? null,
    discharge: state.dischargedAt === null ? null : { at: state.dischargedAt, text: state.evidence?.text ?? '', late: state.lateBy },
    acceptedAt: state.acceptedAt ?? null,
    tries: triesOf(scene, state, told),
    ladder: state.ladder.map((rung, i) => ({ at: rung.at, to: reference(scene, rung.to), done: i < state.climbed })),
    actions: actionsOf(scene, obligation, state, obligationThing(state), ANSWERS),
  }
}

/** Every try in the order of time: what the channels did, and who called. */
function triesOf(scene: Scene, { calls = [] }: Obligation, told: readonly Notice[]): readonly TryView[] {
  const sent = told.flatMap(({ attempts, toOrganization }) =>
    attempts.flatMap(({ channel, sentAt, failedAt, receiptedAt }): readonly TryView[] => {
      const at = receiptedAt ?? failedAt ?? sentAt
      if (at === null) return []
      const outcome = receiptedAt !== null ? 'receipted' : failedAt !== null ? 'failed' : 'sent'
      return [{ at, how: 'notice', way: channel, outcome, by: maybe(scene, toOrganization), text: null }]
    }),
  )
  const called = calls.map(({ at, by, way, outcome, text }): TryView => ({ at, how: 'call', way, outcome, by: maybe(scene, by), text }))
  return [...sent, ...called].toSorted((a, b) => (a.at < b.at ? -1 : 1))
}

type LatencyRow = { done: number; open: number; p50: number | null; p90: number | null }
const latency = ({ done, open, p50, p90 }: LatencyRow): Latency => ({ done, open, p50, p90 })

/** From the warning to what it asked for. What is still open is counted apart: an answer that never came is not a quick one. */
async function readLatencies(sql: TransactionSql, scene: Scene, days: number): Promise<LatenciesView> {
  const since = sql`owed_at > ${scene.now}::timestamptz - make_interval(days => ${days}) and alert_id is not null
    and (open or status = 'discharged')`
  const ms = sql`extract(epoch from discharged_at - owed_at) * 1000`
  const figures = sql`
    (count(*) filter (where status = 'discharged'))::int as done, (count(*) filter (where open))::int as open,
    (percentile_cont(0.5) within group (order by ${ms}) filter (where status = 'discharged'))::float8 as p50,
    (percentile_cont(0.9) within group (order by ${ms}) filter (where status = 'discharged'))::float8 as p90`
  const [byColour, byOrganization, byPlace] = await Promise.all([
    sql<({ colour: Colour; stage: Stage } & LatencyRow)[]>`
      select colour, stage, ${figures} from obligation where ${since} group by colour, stage
      order by array_position(array['red', 'orange', 'yellow', 'blue'], colour), array_position(array['answer', 'decide', 'ask', 'publish', 'act'], stage)`,
    sql<({ debtor: string } & LatencyRow)[]>`
      select debtor, ${figures} from obligation where ${since} and stage = 'answer' group by debtor
      order by (count(*) filter (where open)) desc, p90 desc nulls last, debtor limit ${SLOWEST_MAX}`,
    sql<({ jurisdiction: string } & LatencyRow)[]>`
      select jurisdiction, ${figures} from obligation where ${since} group by jurisdiction
      order by (count(*) filter (where open)) desc, p90 desc nulls last, jurisdiction limit ${SLOWEST_MAX}`,
  ])
  const nameOf = await divisionNames(
    sql,
    byPlace.map((one) => one.jurisdiction),
  )
  return {
    days,
    byColour: byColour.map((row) => ({ colour: row.colour, stage: row.stage, ...latency(row) })),
    byOrganization: byOrganization.map((row) => ({ organization: reference(scene, row.debtor), ...latency(row) })),
    byPlace: byPlace.map((row) => ({ place: nameOf(row.jurisdiction), ...latency(row) })),
  }
}
