import type { FastifyInstance } from 'fastify'
import type { Alert } from '#core/alert.ts'
import { alertThing } from '#core/alert/thing.ts'
import { may } from '#core/authority.ts'
import type { Words } from '#core/event.ts'
import { actorText } from '#core/event.ts'
import type { Haste } from '#core/intake.ts'
import { proposalThing, type Proposal } from '#core/station.ts'
import type { Colour } from '#core/level.ts'
import { obligationThing, type Obligation } from '#core/obligation.ts'
import { fromMs, toMs } from '#core/time.ts'
import type { DeskView, WaitingView } from '#core/view.ts'
import type { TransactionSql } from './database.ts'
import { readIncidents } from './incident.ts'
import { readObligations } from './obligation.ts'
import { byUrgency, timelineEntries, type Scene } from './present.ts'
import { readLatest } from './log.ts'
import { look, type Desk } from './room.ts'

const NEEDS_MAX = 5
const DUE_MAX = 50
const RECENT_MAX = 20
const DUE_WITHIN_MS = 24 * 3600_000
const WAITING_MAX = 100
/** What has waited longer is found on its own page; on the desk it would only stand in the way. */
const WAITING_WITHIN_MS = 7 * 24 * 3600_000
const TEXT_MAX = 120
const NO_WORDS: Words = { 'zh-CN': '—', en: '—' }

/** GET /api/desk: what the duty desk shows on one page, read in one transaction. */
export function deskRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/desk', async (request): Promise<DeskView> => {
    const { read, scene, asker, world } = await look(desk, request)
    return read(async (sql) => {
      const before = new Date(world.clock.now() + DUE_WITHIN_MS).toISOString()
      const [incidents, due, mine, recent, waiting] = await Promise.all([
        readIncidents(sql, { open: true }),
        readObligations(sql, scene, { openDueBefore: before, limit: DUE_MAX }),
        readObligations(sql, scene, {
          openDueBefore: '9999-12-31T00:00:00.000Z',
          debtor: asker.viewer.organizationId,
          limit: NEEDS_MAX * 4,
        }),
        readLatest(sql, RECENT_MAX),
        readWaiting(sql, scene),
      ])
      const [total] = await sql<
        { total: number }[]
      >`select count(*)::int as total from obligation where open and status <> 'requested' and due_at <= ${before}`
      const needsYou = mine
        .filter((one) => one.actions.some((action) => action.refusal === null))
        .toSorted(byUrgency)
        .slice(0, NEEDS_MAX - waiting.length)
      return {
        at: world.now(),
        incidents,
        waiting,
        needsYou,
        due: due.toSorted(byUrgency),
        dueTotal: total?.total ?? 0,
        recent: await timelineEntries(sql, scene, recent),
      }
    })
  })
}

/** Of each kind the first: at most one warning proposed, one to be approved, one unanswered, one report. */
async function readWaiting(sql: TransactionSql, scene: Scene): Promise<readonly WaitingView[]> {
  const { doer, readOnly } = scene
  if (readOnly || doer.actor.kind !== 'post') return []
  const has = (power: (typeof doer.powers)[number]): boolean => doer.powers.includes(power)
  const found = await Promise.all([
    has('alert.issue') ? oldestProposal(sql, scene) : null,
    has('alert.approve') ? gravestApproval(sql, scene) : null,
    has('obligation.answer') ? gravestUnanswered(sql, scene, doer.actor.organizationId) : null,
    has('incident.report') ? firstReport(sql, doer.actor.organizationId) : null,
  ])
  return found.filter((one) => one !== null).toSorted((a, b) => turnOf(a) - turnOf(b))
}

/** People in danger now; a warning that one word sends out; those who do not answer one; then what has to be thought about. */
const turnOf = (one: WaitingView): number =>
  one.kind === 'report' ? (one.haste === 'now' ? 0 : 4) : { approval: 1, calls: 2, proposal: 3 }[one.kind]

/** What the readings still hold before what is over, the graver before the lesser, then whichever has waited longest. */
async function oldestProposal(sql: TransactionSql, { doer, relations, now }: Scene): Promise<WaitingView | null> {
  const rows = await sql<{ id: string; state: Proposal; station: Words | null }[]>`
    select p.id, p.state, s.state -> 'name' as station
    from proposal p left join station s on s.id = p.station_id left join alert a on a.id = p.alert_id
    where p.proposed_at > ${fromMs(toMs(now) - WAITING_WITHIN_MS)} and (p.status = 'proposed' or a.status = 'discarded')
    order by p.over, array_position(array['red', 'orange', 'yellow', 'blue'], p.colour), p.proposed_at, p.id limit ${WAITING_MAX}`
  const own = rows.filter(({ state }) => may(doer, 'station.take-up', proposalThing(state), relations) === null)
  const [first] = own
  if (first === undefined) return null
  const { id, state, station } = first
  const { hazard, crossed, proposedAt } = state
  return { kind: 'proposal', id, since: proposedAt, count: own.length, colour: crossed.colour, hazard, station: station ?? NO_WORDS }
}

async function gravestApproval(sql: TransactionSql, { doer, relations }: Scene): Promise<WaitingView | null> {
  const rows = await sql<{ id: string; state: Alert; parties: readonly string[] }[]>`
    select id, state, parties from alert where status = 'submitted'
    order by array_position(array['red', 'orange', 'yellow', 'blue'], colour), state ->> 'submittedAt', id limit ${WAITING_MAX}`
  const own = rows.filter(
    ({ state, parties }) =>
      state.drafter !== actorText(doer.actor) && may(doer, 'alert.approve', { ...alertThing(state), parties }, relations) === null,
  )
  const [first] = own
  if (first === undefined) return null
  const { draft, colour, submittedAt, draftedAt } = first.state
  return {
    kind: 'approval',
    id: first.id,
    since: submittedAt ?? draftedAt,
    count: own.length,
    colour,
    headline: draft?.headline ?? NO_WORDS,
  }
}

/** The gravest warning under which organizations that the post may call have let their time run out without an answer. */
async function gravestUnanswered(sql: TransactionSql, { doer, relations, now }: Scene, own: string): Promise<WaitingView | null> {
  const rows = await sql<{ alertId: string; colour: Colour; since: Date; hazard: string; state: Obligation }[]>`
    select o.alert_id as "alertId", o.colour, o.lapsed_at as since, i.hazard, o.state
    from obligation o join incident i on i.id = o.incident_id
    where o.open and o.lapsed_at > ${fromMs(toMs(now) - WAITING_WITHIN_MS)} and o.alert_id is not null and o.status = 'owed' and o.debtor <> ${own}
    order by array_position(array['red', 'orange', 'yellow', 'blue'], o.colour), o.lapsed_at, o.id limit ${WAITING_MAX}`
  const called = rows.filter(({ state }) => may(doer, 'obligation.note-call', obligationThing(state), relations) === null)
  const [first] = called
  if (first === undefined) return null
  const { alertId, colour, since, hazard } = first
  return {
    kind: 'calls',
    id: alertId,
    since: since.toISOString(),
    count: called.filter((one) => one.alertId === alertId).length,
    colour,
    hazard,
  }
}

async function firstReport(sql: TransactionSql, handler: string): Promise<WaitingView | null> {
  const [row] = await sql<{ id: string; haste: Haste; text: string; place: string | null; enteredAt: Date; count: number }[]>`
    select id, haste, left(state ->> 'text', ${TEXT_MAX}) as text, state #>> '{place,name}' as place, entered_at as "enteredAt",
      count(*) over ()::int as count
    from intake where unhandled and handler = ${handler}
    order by array_position(array['now', 'soon', 'later'], haste), entered_at, id limit 1`
  if (row === undefined) return null
  const { id, haste, text, place, enteredAt, count } = row
  return { kind: 'report', id, since: enteredAt.toISOString(), count: Math.min(count, WAITING_MAX), haste, text, place }
}
