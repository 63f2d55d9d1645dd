import type { FastifyInstance } from 'fastify'
import { refuse } from '#core/decider.ts'
import { awaiting, intake, intakeThing, type Forward, type IntakeCommand, type Report } from '#core/intake.ts'
import { obligation, obligationThing, type Obligation } from '#core/obligation.ts'
import type { AdditionView, ForwardView, IntakeDetail } from '#core/view/intake.ts'
import type { TransactionSql } from '../database.ts'
import { readStreams } from '../log.ts'
import { actionsOf, basisView, maybe, reference, timelineEntry, type Scene } from '../present.ts'
import { idOf, look, notFound, Refused, type Desk, type Sight } from '../room.ts'
import { readContact } from './contacts.ts'
import { readMedium } from './media.ts'
import { likeReports, readSummaries, summaryOf, type ReportRow } from './summary.ts'

const HISTORY_MAX = 300
const MERGED_MAX = 100
/** A name that is never one: commands are tried on it without effect. */
const NOBODY = '00000000-0000-7000-8000-000000000000'

const SAMPLES: readonly IntakeCommand[] = [
  { type: 'intake.add', text: 'x' },
  { type: 'intake.verify', text: 'x' },
  { type: 'intake.mark-unfounded', reason: 'x' },
  { type: 'intake.link', incidentId: NOBODY },
  { type: 'intake.merge', into: NOBODY },
  { type: 'intake.separate', reason: 'x' },
  { type: 'intake.keep-apart', from: NOBODY },
  { type: 'intake.forward', to: NOBODY, reason: 'x', beyond: 'means', obligationId: NOBODY },
  { type: 'intake.close', outcome: 'handled', text: 'x' },
  { type: 'intake.forget', reason: 'x' },
]
const ANSWERS = [{ type: 'obligation.accept' }, { type: 'obligation.decline', reason: 'x' }] as const

type Duties = ReadonlyMap<string, Obligation>

export function detailRoute(app: FastifyInstance, desk: Desk): void {
  app.get<{ Params: { id: string } }>('/api/intakes/:id', async (request): Promise<IntakeDetail> => {
    const sight = await look(desk, request)
    const id = idOf(request, 'intake.unknown')
    const contact = await contactFor(sight, id)
    return sight.read(async (sql) => {
      const row = await readReport(sql, id)
      const duties = await readDuties(sql, row.state.forwards)
      await sight.scene.instruments.load([...duties.values()].flatMap(({ basis }) => basis ?? []))
      return detailOf(sql, sight, row, { contact, duties })
    })
  })

  /** A picture, to whoever sees the report; never run, never shown as a page. */
  app.get<{ Params: { id: string; hash: string } }>('/api/intakes/:id/media/:hash', async (request, reply) => {
    const { world, read } = await look(desk, request)
    const id = idOf(request, 'intake.unknown')
    const { hash } = request.params
    const [row] = await read((sql) => sql`select 1 from intake where id = ${id} and media @> array[${hash}]`)
    const medium = row === undefined ? null : await readMedium(world.sql, hash)
    if (medium === null) throw notFound('intake.no-picture')
    return reply
      .type(medium.kind)
      .header('content-disposition', `attachment; filename="${hash.slice(0, 12)}.${medium.kind.slice('image/'.length)}"`)
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('cache-control', 'private, no-store')
      .send(medium.content)
  })
}

async function readReport(sql: TransactionSql, id: string): Promise<ReportRow> {
  const [row] = await sql<ReportRow[]>`
    select i.id, i.state, n.number as "incidentNumber" from intake i left join incident n on n.id = i.incident_id where i.id = ${id}`
  if (row === undefined) throw notFound('intake.unknown')
  return row
}

/** How to call back is read by who handles it, and by who is asked to. */
async function contactFor({ world, read, asker }: Sight, id: string): Promise<string | null> {
  const own = asker.viewer.organizationId
  const [row] = await read(
    (sql) => sql<{ contactId: string | null; mine: boolean }[]>`
      select contact_id as "contactId", handler = ${own} or awaiting is not distinct from ${own} as mine from intake where id = ${id}`,
  )
  if (row === undefined) throw new Refused(404, refuse('intake.unknown'))
  return row.mine && row.contactId !== null ? readContact(world.sql, (purpose) => world.secret(purpose), row.contactId) : null
}

async function readDuties(sql: TransactionSql, forwards: readonly Forward[]): Promise<Duties> {
  const ids = forwards.map((one) => one.obligationId)
  const rows = await sql<{ id: string; state: Obligation }[]>`select id, state from obligation where id = any(${ids}::uuid[])`
  return new Map(rows.map((row) => [row.id, row.state]))
}

type Known = { readonly contact: string | null; readonly duties: Duties }

async function detailOf(sql: TransactionSql, { scene, asker }: Sight, row: ReportRow, { contact, duties }: Known): Promise<IntakeDetail> {
  const { id, state } = row
  const [merged, into, proposals, history] = await Promise.all([
    sql<
      ReportRow[]
    >`select id, state, null as "incidentNumber" from intake where merged_into = ${id} order by entered_at limit ${MERGED_MAX}`,
    state.mergedInto === null ? [] : readSummaries(sql, scene, [state.mergedInto]),
    state.mergedInto === null ? likeReports(sql, scene, row) : [],
    readStreams(sql, [`intake/${id}`]),
  ])
  const own = asker.viewer.organizationId
  const asked = awaiting(state)
  const duty = asked?.to === own ? duties.get(asked.obligationId) : undefined
  return {
    ...summaryOf(scene, row),
    words: state.text,
    clockAhead: state.clockAhead,
    verifiedText: state.verifiedText,
    contact: { kept: state.contactId !== null, words: contact },
    hasCode: state.codeHash !== null,
    forgottenAt: state.forgottenAt,
    outcome: state.outcome,
    outcomeText: state.outcomeText,
    firstHandledAt: state.firstHandledAt,
    closedAt: state.closedAt,
    jurisdiction: state.jurisdiction,
    pictures: picturesOf(row),
    forwards: state.forwards.map((one) => forwardView(scene, one, duties)),
    additions: [row, ...merged].flatMap((one) => additionsOf(scene, one, one.id === id)).toSorted((a, b) => a.at.localeCompare(b.at)),
    proposals,
    merged: merged.map((one) => summaryOf(scene, one)),
    into: into[0] ?? null,
    asked:
      asked === null || duty === undefined
        ? null
        : { obligationId: asked.obligationId, actions: actionsOf(scene, obligation, duty, obligationThing(duty), ANSWERS) },
    actions: actionsOf(scene, intake, state, intakeThing(state), SAMPLES),
    history: history.slice(-HISTORY_MAX).map((event) => timelineEntry(scene, event)),
  }
}

const picture = (id: string, hash: string): string => `/api/intakes/${id}/media/${hash}`
const picturesOf = ({ id, state }: ReportRow): readonly string[] =>
  state.forgottenAt === null ? state.media.map((one) => picture(id, one.hash)) : []

const additionsOf = (scene: Scene, { id, state }: { readonly id: string; readonly state: Report }, own: boolean): readonly AdditionView[] =>
  state.additions.map((one) => ({
    at: one.at,
    text: one.text,
    byReporter: one.byReporter,
    organization: maybe(scene, one.organization),
    media: state.forgottenAt === null ? one.media.map((medium) => picture(id, medium.hash)) : [],
    of: own ? null : state.number,
  }))

function forwardView(scene: Scene, one: Forward, duties: Duties): ForwardView {
  const duty = duties.get(one.obligationId)
  const { reason, beyond, obligationId, at, answerBy, status, answeredAt, answerReason } = one
  return {
    from: reference(scene, one.from),
    to: reference(scene, one.to),
    reason,
    beyond,
    obligationId,
    at,
    answerBy,
    status,
    answeredAt,
    answerReason,
    basis: duty?.basis == null ? null : basisView(scene, duty.basis, duty.limitConfirmed),
  }
}
