/** GET /api/supervision: what is late now, how slow each mechanism is, and what was lost in passing; all of it read off the log. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import type { Words } from '#core/event.ts'
import { Uuid } from '#core/id.ts'
import {
  closureOf,
  handOffs,
  lagLines,
  MECHANISMS,
  mechanismOf,
  pairLines,
  passagesOf,
  type Course,
  type HandOff,
  type Mechanism,
} from '#core/lag.ts'
import { divisionLevel } from '#core/place.ts'
import { toMs } from '#core/time.ts'
import type { HandOffView, LateView, SupervisionView } from '#core/view/finding.ts'
import type { TransactionSql } from '../database.ts'
import { reference, type Scene } from '../present.ts'
import { look, parse, type Desk } from '../room.ts'

/** The newest obligations that the lags are read from. */
const COURSES_MAX = 5000
const LATE_MAX = 2000
const LATE_SHOWN_MAX = 200
const PAIRS_MAX = 200
const HANDOFFS_MAX = 500
const FINDINGS_MAX = 5000

type Row = {
  readonly id: string
  readonly debtor: string
  readonly creditor: string
  readonly ended: boolean
  readonly started_at: Date
  readonly due_at: Date | null
  readonly discharged_at: Date | null
  readonly origin: string | null
  readonly act: string
  readonly function: string
  readonly act_words: Words
  readonly answer_by: string | null
  readonly trigger_type: string | null
  readonly trigger_kind: string | null
  readonly accepted_at: Date | null
  readonly answered_at: Date | null
  readonly arrived_at: Date | null
}
/** A course, and the words of the act for the lists. */
type Read = { readonly course: Course; readonly act: Words }

const BoardQuery = z.object({ organization: z.optional(Uuid) })

export function boardRoute(app: FastifyInstance, desk: Desk): void {
  app.get<{ Querystring: Record<string, string> }>('/api/supervision', async (request): Promise<SupervisionView> => {
    const { read, scene } = await look(desk, request)
    const query = parse(BoardQuery, request.query)
    return read((sql) => readBoard(sql, scene, query.organization ?? null))
  })
}

/** `organization`: only what it owes or is owed. */
export async function readBoard(sql: TransactionSql, scene: Scene, organization: string | null): Promise<SupervisionView> {
  const { now } = scene
  const about = organization === null ? sql`true` : sql`(o.debtor = ${organization} or o.creditor = ${organization})`
  const subjectOf = organization === null ? sql`true` : sql`f.subject = ${organization}`
  const [newest, late, [total], findings] = await Promise.all([
    readCourses(sql, scene, sql`where ${about} order by o.owed_at desc, o.id limit ${COURSES_MAX + 1}`),
    readCourses(sql, scene, sql`where o.open and o.due_at < ${now} and ${about} order by o.due_at, o.id limit ${LATE_MAX}`),
    sql<{ total: number }[]>`select count(*)::int as total from obligation o where o.open and o.due_at < ${now} and ${about}`,
    sql<{ due_at: Date; closed_at: Date | null; verified: boolean }[]>`
      select due_at, closed_at, verified from finding f where ${subjectOf} order by raised_at desc limit ${FINDINGS_MAX}`,
  ])
  const shown = newest.slice(0, COURSES_MAX)
  const courses = shown.map((one) => one.course)
  const lags = lagLines(courses.flatMap(passagesOf), now)
  const measured = new Set(lags.map((line) => line.mechanism))
  return {
    at: now,
    late: lateView(scene, late, total?.total ?? 0),
    lags,
    absent: MECHANISMS.filter((mechanism) => !measured.has(mechanism)),
    pairs: pairLines(courses, now)
      .slice(0, PAIRS_MAX)
      .map((line) => ({ ...line, creditor: reference(scene, line.creditor), debtor: reference(scene, line.debtor) })),
    handOffs: handOffView(scene, shown, now),
    closure: closureOf(
      findings.map((one) => ({
        dueAt: one.due_at.toISOString(),
        closedAt: one.closed_at?.toISOString() ?? null,
        verified: one.verified,
      })),
      now,
    ),
    read: {
      obligations: shown.length,
      since: courses.reduce<string | null>((first, one) => (first === null || one.startedAt < first ? one.startedAt : first), null),
      more: newest.length > COURSES_MAX,
    },
  }
}

async function readCourses(sql: TransactionSql, scene: Scene, chosen: ReturnType<TransactionSql>): Promise<readonly Read[]> {
  const rows = await sql<Row[]>`
    with o as (select o.id, o.incident_id, o.debtor, o.creditor, o.status, o.owed_at, o.due_at, o.discharged_at, o.state from obligation o ${chosen})
    select o.id, o.debtor, o.creditor, o.status = 'waived' as ended, o.due_at, o.discharged_at,
      coalesce((o.state #>> '{trigger,occurredAt}')::timestamptz, o.owed_at) as started_at,
      o.state ->> 'origin' as origin, o.state ->> 'act' as act, o.state ->> 'function' as function, o.state -> 'actWords' as act_words,
      o.state ->> 'answerBy' as answer_by, o.state #>> '{trigger,type}' as trigger_type, t.data ->> 'kind' as trigger_kind,
      a.accepted_at, a.answered_at, r.arrived_at
    from o
    left join event t on t.type = 'incident.noted'
      and t.position = case when o.state #>> '{trigger,position}' ~ '^[0-9]{1,18}$' then (o.state #>> '{trigger,position}')::bigint end
    left join lateral (
      select min(e.occurred_at) filter (where e.type = 'obligation.accepted') as accepted_at, min(e.occurred_at) as answered_at
      from event e where e.stream = 'obligation/' || o.id and e.type in ('obligation.accepted', 'obligation.declined')) a on true
    left join lateral (
      select min(e.occurred_at) as arrived_at from event e
      where (o.state ->> 'origin' = 'request' or t.data ->> 'kind' like '%request%') and e.incident_id = o.incident_id
        and e.type = 'incident.noted' and e.data ->> 'kind' = 'arrive' and e.occurred_at >= o.owed_at
        and coalesce(e.data ->> 'organization', split_part(e.actor, '/', 3)) = o.debtor::text) r on true`
  return rows.map((row) => ({ course: courseOf(row, scene), act: row.act_words }))
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

function courseOf(row: Row, { relations }: Scene): Course {
  const cause = {
    origin: row.origin,
    triggerType: row.trigger_type,
    triggerKind: row.trigger_kind,
    act: row.act,
    function: row.function,
  }
  const home = relations.find(row.creditor)?.jurisdiction ?? null
  return {
    id: row.id,
    mechanism: mechanismOf(cause),
    debtor: row.debtor,
    creditor: row.creditor,
    startedAt: row.started_at.toISOString(),
    answerBy: row.answer_by,
    dueAt: iso(row.due_at),
    acceptedAt: iso(row.accepted_at),
    answeredAt: iso(row.answered_at),
    arrivedAt: iso(row.arrived_at),
    dischargedAt: iso(row.discharged_at),
    ended: row.ended,
    creditorLevel: home === null ? null : divisionLevel(home),
  }
}

function lateView(scene: Scene, late: readonly Read[], total: number): SupervisionView['late'] {
  const now = toMs(scene.now)
  const age = ({ course }: Read): number => (course.dueAt === null ? 0 : Math.max(0, now - toMs(course.dueAt)))
  const grouped = <Key extends string>(key: (one: Read) => Key): readonly { key: Key; count: number; oldestMs: number }[] =>
    [...Map.groupBy(late, key)]
      .map(([name, all]) => ({ key: name, count: all.length, oldestMs: Math.max(...all.map(age)) }))
      .toSorted((a, b) => b.count - a.count || b.oldestMs - a.oldestMs)
  return {
    total,
    byMechanism: grouped<Mechanism>(({ course }) => course.mechanism).map(({ key, ...rest }) => ({ mechanism: key, ...rest })),
    byOrganization: grouped(({ course }) => course.debtor).map(({ key, ...rest }) => ({ organization: reference(scene, key), ...rest })),
    items: late
      .toSorted((a, b) => age(b) - age(a))
      .slice(0, LATE_SHOWN_MAX)
      .flatMap(({ course, act }): readonly LateView[] => {
        const { id, mechanism, debtor, creditor, dueAt } = course
        return dueAt === null
          ? []
          : [{ obligationId: id, act, mechanism, debtor: reference(scene, debtor), creditor: reference(scene, creditor), dueAt }]
      }),
  }
}

const FIRST: Readonly<Record<HandOff['state'], number>> = { lost: 0, late: 1, waiting: 2, undated: 3, received: 4 }

function handOffView(scene: Scene, all: readonly Read[], now: string): SupervisionView['handOffs'] {
  const acts = new Map(all.map(({ course, act }) => [course.id, act]))
  const {
    all: listed,
    judged,
    lost,
    share,
    undated,
  } = handOffs(
    all.map((one) => one.course),
    now,
  )
  const items = listed
    .toSorted((a, b) => FIRST[a.state] - FIRST[b.state] || (a.handedAt < b.handedAt ? 1 : -1))
    .slice(0, HANDOFFS_MAX)
    .flatMap((one): readonly HandOffView[] => {
      const act = acts.get(one.obligationId)
      return act === undefined ? [] : [{ ...one, act, from: reference(scene, one.from), to: reference(scene, one.to) }]
    })
  return { count: listed.length, judged, lost, share, undated, items }
}
