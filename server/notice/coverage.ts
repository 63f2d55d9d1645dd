/** Which organization can be reached, by what, when that was last shown, and how fast; at three in the night as well. */
import type { Channel } from '#core/channel.ts'
import { standing, testDue } from '#core/directory/contact.ts'
import { notice } from '#core/notice.ts'
import { minuteOfDay } from '#core/time.ts'
import type { CoverageCell, CoverageRow, NoticesView, TestView } from '#core/view/notice.ts'
import type { TransactionSql } from '../database.ts'
import { actionsOf, reference, type Scene } from '../present.ts'
import type { Desk } from './book.ts'

const TESTS_MAX = 20_000
const TESTED_WITHIN_MS = 365 * 86_400_000
const SHARE_OVER_MS = 90 * 86_400_000
const NIGHT_UNTIL = 6 * 60

type TestRow = {
  readonly id: string
  readonly post: string
  readonly channel: Channel
  readonly queuedAt: Date
  readonly readyAt: Date | null
  readonly reachedAt: Date | null
  readonly status: string
  readonly reason: string | null
}
export type Tests = ReadonlyMap<string, readonly TestRow[]>

/** Tests that the reader may see, newest first, by post and channel. */
export async function readTests(sql: TransactionSql, now: string): Promise<Tests> {
  const since = new Date(Date.parse(now) - TESTED_WITHIN_MS).toISOString()
  const rows = await sql<TestRow[]>`
    select id, to_post as post, state -> 'channels' ->> 0 as channel, queued_at as "queuedAt", ready_at as "readyAt", reached_at as "reachedAt", status,
      state -> 'attempts' -> 0 ->> 'reason' as reason
    from notice where purpose = 'test' and queued_at >= ${since} order by queued_at desc, id limit ${TESTS_MAX}`
  return Map.groupBy(rows, (row) => `${row.post} ${row.channel}`)
}

function testView({ id, queuedAt, readyAt, reachedAt, status }: TestRow): TestView {
  const delaySeconds = reachedAt === null ? null : Math.round((reachedAt.getTime() - (readyAt ?? queuedAt).getTime()) / 1000)
  const outcome = reachedAt !== null ? 'reached' : status === 'exhausted' ? 'missed' : 'waiting'
  return { noticeId: id, at: (readyAt ?? queuedAt).toISOString(), outcome, delaySeconds }
}

/** Of the tests that went out and ended in the last 90 days, how many got through (requirements S1-15, S3-08: at least 95 %). */
export function shareOf(tests: Tests, now: string): NoticesView['tests'] {
  const since = Date.parse(now) - SHARE_OVER_MS
  const ended = [...tests.values()]
    .flat()
    .filter((row) => row.queuedAt.getTime() >= since && testView(row).outcome !== 'waiting' && row.reason !== 'not-set-up')
  return { ended: ended.length, reached: ended.filter((row) => row.reachedAt !== null).length }
}

function cellOf(scene: Scene, desk: Desk, contact: Desk['contacts'][number], tests: Tests, isSetUp: boolean): CoverageCell {
  const rows = tests.get(`${desk.id} ${contact.channel}`) ?? []
  const night = rows.find((row) => minuteOfDay((row.readyAt ?? row.queuedAt).toISOString(), desk.hours.zone) < NIGHT_UNTIL)
  const [last] = rows
  const command = { type: 'notice.test' as const, toPost: desk.id, toOrganization: desk.organizationId, channel: contact.channel }
  const [tryNow = { command: 'notice.test', refusal: null }] = actionsOf(
    scene,
    notice,
    null,
    { jurisdiction: null, owner: desk.organizationId, parties: [] },
    [command],
  )
  return {
    channel: contact.channel,
    postId: desk.id,
    postTitle: desk.title,
    standing: standing(contact, scene.now),
    confirmedAt: contact.confirmedAt,
    roundTheClock: contact.roundTheClock,
    nextTestAt: testDue(contact, desk.hours.zone),
    test: last === undefined ? null : testView(last),
    night: night === undefined ? null : testView(night),
    tryNow: isSetUp ? tryNow : { ...tryNow, refusal: { code: 'notice.not-set-up', params: { channel: contact.channel } } },
  }
}

/** Of several posts with the same channel the one counts that was confirmed last. */
function best(cells: readonly CoverageCell[]): readonly CoverageCell[] {
  const byChannel = Map.groupBy(cells, (cell) => cell.channel)
  return [...byChannel.values()].flatMap((some) =>
    some.toSorted((a, b) => (b.confirmedAt ?? '').localeCompare(a.confirmedAt ?? '')).slice(0, 1),
  )
}

/** One row for an organization; `setUp`: the channels of this node. */
export function coverageRow(
  scene: Scene,
  organizationId: string,
  desks: readonly Desk[],
  tests: Tests,
  setUp: ReadonlySet<Channel>,
): CoverageRow {
  const cells = best(
    desks.flatMap((desk) => desk.contacts.map((contact) => cellOf(scene, desk, contact, tests, setUp.has(contact.channel)))),
  )
  const usable = cells.filter((cell) => setUp.has(cell.channel))
  const nights = usable.map((cell) => cell.night).filter((night) => night !== null && night.outcome !== 'waiting')
  return {
    organization: reference(scene, organizationId),
    liaison: desks.find((desk) => desk.liaison)?.title ?? null,
    cells,
    reachable: usable.some((cell) => cell.standing !== 'lost' && cell.test?.outcome !== 'missed'),
    reachableAtNight: nights.length === 0 ? null : nights.some((night) => night?.outcome === 'reached'),
  }
}
