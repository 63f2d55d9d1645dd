import type { FastifyInstance } from 'fastify'
import { maySee, maySeeFinding } from '#core/authority.ts'
import { carry, CarryCommand, carryThing, type Carry, type CarryEvent, type CarrySource } from '#core/carry.ts'
import { refuse, type Refusal } from '#core/decider.ts'
import type { Words } from '#core/event.ts'
import { toMs } from '#core/time.ts'
import type { CarryBoard, CarryView } from '#core/view/risk.ts'
import type { Sql, TransactionSql } from './database.ts'
import type { Request } from './handle.ts'
import { oneRow, type Keeping, type Preparing } from './keeping.ts'
import { actionsOf, maybe, type Scene } from './present.ts'
import { look, type Desk } from './room.ts'

export const carryKeeping: Keeping<Carry | null, CarryCommand, CarryEvent> = {
  room: 'carry',
  decider: carry,
  parse: (body) => CarryCommand.safeParse(body),
  thing: (state, command) => carryThing(state, command),
  incidentOf: () => null,
  prepare,
  ...oneRow<Carry>('carry', {
    source: ['text', (state) => state.source],
    incident_id: ['uuid', (state) => state.incidentId],
    jurisdiction: ['text', (state) => state.jurisdiction],
    outcome: ['text', (state) => state.outcome],
    risk_id: ['uuid', (state) => state.riskId],
    instrument_id: ['text', (state) => state.instrumentId],
    raised_at: ['timestamptz', (state) => state.raisedAt],
    decided_at: ['timestamptz', (state) => state.decidedAt],
  }),
}

/** What the id names, and for an instrument the version that was adopted since. Nobody learns of what he may not see. */
async function prepare(request: Request, { sql, relations }: Preparing): Promise<Request | Refusal> {
  const { of: _, ...said } = request.command as CarryCommand
  const { actor } = request.doer
  const found = (await findingSource(sql, request.id)) ?? (await noteSource(sql, request.id))
  if (found === null) return refuse('carry.unknown')
  const directory = await relations()
  if (actor.kind === 'post') {
    const may = found.of.source === 'finding' ? maySeeFinding : maySee
    if (!may(actor.organizationId, found.sight, directory)) return refuse('carry.unknown')
  }
  const command: CarryCommand =
    said.type === 'carry.into-instrument'
      ? { ...versionless(said), ...(await changedSince(sql, said.instrumentId, found.of.raisedAt)), of: found.of }
      : { ...said, of: found.of }
  return { ...request, command }
}

const versionless = ({ type, instrumentId, text }: Omit<Extract<CarryCommand, { type: 'carry.into-instrument' }>, 'of'>) => ({
  type,
  instrumentId,
  text,
})

type Found = {
  readonly of: CarrySource
  readonly sight: { readonly jurisdiction: string; readonly parties: readonly string[]; readonly areas?: readonly string[] }
}

async function findingSource(sql: Sql, id: string): Promise<Found | null> {
  const [row] = await sql<
    {
      incident_id: string | null
      jurisdiction: string
      subject: string
      supervisor: string
      parties: string[]
      words: Words
      raised_at: Date
    }[]
  >`
    select incident_id, jurisdiction, subject, supervisor, parties, state -> 'actWords' as words, raised_at from finding where id = ${id}`
  if (row === undefined) return null
  const { incident_id: incidentId, jurisdiction, subject, supervisor, words, parties } = row
  return {
    of: { source: 'finding', incidentId, jurisdiction, subject, supervisor, words, raisedAt: row.raised_at.toISOString() },
    sight: { jurisdiction, parties },
  }
}

async function noteSource(sql: Sql, id: string): Promise<Found | null> {
  const [row] = await sql<
    { incident_id: string; jurisdiction: string; areas: string[]; parties: string[]; text: string; occurred_at: Date }[]
  >`
    select e.incident_id, i.jurisdiction, i.jurisdictions as areas, i.parties, e.data ->> 'text' as text, e.occurred_at
    from event e join incident i on i.id = e.incident_id
    where e.command_id = ${id} and e.type = 'incident.noted' and e.data ->> 'kind' in ('danger-found', 'special-site-checked')`
  if (row === undefined) return null
  const { incident_id: incidentId, jurisdiction, areas, parties, text } = row
  return {
    of: {
      source: 'note',
      incidentId,
      jurisdiction,
      subject: null,
      supervisor: null,
      words: { 'zh-CN': text, en: text },
      raisedAt: row.occurred_at.toISOString(),
    },
    sight: { jurisdiction, areas, parties },
  }
}

async function changedSince(sql: Sql, instrumentId: string, since: string): Promise<{ version?: number }> {
  const [row] = await sql<{ version: number | null }[]>`
    select max((data ->> 'version')::int) as version from event
    where stream = ${`instrument/${instrumentId}`} and type = 'instrument.adopted' and recorded_at >= ${since}`
  return row?.version == null ? {} : { version: row.version }
}

/** The newest that were due: enough for a decade of a county, and never the whole log. */
const DUE_MAX = 2000
const SHOWN_MAX = 200

type Row = {
  readonly id: string
  readonly source: 'finding' | 'note'
  readonly incident_id: string | null
  readonly incident: string | null
  readonly jurisdiction: string
  readonly subject: string | null
  readonly supervisor: string | null
  readonly words: Words
  readonly raised_at: Date
  readonly state: Carry | null
  readonly risk_name: Words | null
}

/**
 * Due are the findings that are closed or whose incident is, save those that an objection upheld or a waiver ended; and what was found
 * in an incident without standing in the register: dangers, and sites asked after that had no entry.
 */
const readDue = (sql: TransactionSql): Promise<readonly Row[]> => sql<Row[]>`
  with due as (
    select f.id, 'finding' as source, f.incident_id, f.jurisdiction, f.subject, f.supervisor, f.state -> 'actWords' as words, f.raised_at
    from finding f
    where case when f.open then exists (select 1 from incident i where i.id = f.incident_id and i.closed_at is not null)
               else f.state ->> 'outcome' not in ('objection-upheld', 'waived') end
    union all
    select e.command_id, 'note', e.incident_id, i.jurisdiction, null, null, jsonb_build_object('zh-CN', e.data -> 'text', 'en', e.data -> 'text'), e.occurred_at
    from event e join incident i on i.id = e.incident_id
    where e.type = 'incident.noted' and e.data ->> 'kind' in ('danger-found', 'special-site-checked')
      and (e.data ->> 'kind' = 'danger-found' or coalesce(e.data ->> 'subject', '') !~ '^[0-9a-f]{8}-[0-9a-f-]{27}$'))
  select d.*, i.title as incident, c.state, r.name as risk_name
  from due d left join incident i on i.id = d.incident_id left join carry c on c.id = d.id left join risk r on r.id = c.risk_id
  order by d.raised_at desc, d.id limit ${DUE_MAX}`

export function carryRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/risks/carry', async (request): Promise<CarryBoard> => {
    const { read, scene } = await look(desk, request)
    return boardOf(scene, await read(readDue))
  })
}

function boardOf(scene: Scene, due: readonly Row[]): CarryBoard {
  const waiting = due.filter(({ state }) => state === null)
  const decided = due.filter(({ state }) => state !== null)
  const age = (row: Row): number => toMs(row.state?.decidedAt ?? scene.now) - row.raised_at.getTime()
  return {
    due: due.length,
    settled: decided.length,
    share: due.length === 0 ? null : decided.length / due.length,
    refused: decided.filter(({ state }) => state?.outcome === 'refused').length,
    medianMs: median(decided.map(age)),
    waitingMedianMs: median(waiting.map(age)),
    waiting: waiting.slice(0, SHOWN_MAX).map((row) => carryView(scene, row)),
    decided: decided.slice(0, SHOWN_MAX).map((row) => carryView(scene, row)),
  }
}

function median(all: readonly number[]): number | null {
  const sorted = all.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? null : Math.max(0, (low + high) / 2)
}

const NO_ID = '00000000-0000-7000-8000-000000000000'

function carryView(scene: Scene, row: Row): CarryView {
  const { id, source, incident_id: incidentId, jurisdiction, subject, supervisor, words, state } = row
  const of: CarrySource = { source, incidentId, jurisdiction, subject, supervisor, words, raisedAt: row.raised_at.toISOString() }
  const samples: readonly CarryCommand[] = [
    { type: 'carry.into-risk', riskId: NO_ID, text: 'x', of },
    { type: 'carry.into-instrument', instrumentId: 'x', version: 1, text: 'x', of },
    { type: 'carry.refuse', reason: 'x', of },
  ]
  const [first = { type: 'carry.refuse', reason: 'x', of }] = samples
  return {
    id,
    source,
    incident: incidentId === null ? null : { id: incidentId, title: row.incident ?? '—' },
    jurisdiction,
    subject: maybe(scene, subject),
    words,
    raisedAt: of.raisedAt,
    outcome: state?.outcome ?? null,
    risk: state?.riskId == null ? null : { id: state.riskId, name: row.risk_name ?? { 'zh-CN': '—', en: '—' } },
    instrumentId: state?.instrumentId ?? null,
    text: state?.text ?? null,
    by: maybe(scene, state?.by),
    decidedAt: state?.decidedAt ?? null,
    actions: actionsOf(scene, carry, state, carryThing(state, first), samples),
  }
}
