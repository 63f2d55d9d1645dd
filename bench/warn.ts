/**
 * One warning over 10,000 organizations of a province: how long until every duty that it makes is owed, and until the first
 * letter has left; with two servers on one log, of which one, the one that tells people, is killed in the middle.
 */
import { randomUUID } from 'node:crypto'
import { SMTPServer } from 'smtp-server'
import type { Request } from '#server/handle.ts'
import { migrate } from '#server/migrate.ts'
import { openDatabase } from '#server/database.ts'
import { SETUP, testWorld } from '#server/testing.ts'
import type { World } from '#server/world.ts'
import { dutyPost } from '../fixtures/notice/scene.ts'
import { adoptPlan, organization } from '../fixtures/server/scene.ts'
import { received as warned, warningPlan } from '../fixtures/server/warning.ts'
import { startChild, withScratch, type Child } from './child.ts'
import { lineOf, load, type Report } from './measure.ts'

const ORGANIZATIONS = 10_000
const COUNTIES = 100
const AT_ONCE = 500
const ROUNDS = 3
const DUTIES_MAX_MS = 10_000
const FIRST_MAX_MS = 1000
const WAIT_MAX_MS = 300_000
const LOOK_EVERY_MS = 20

const county = (i: number): string => `13${String(1 + Math.floor(i / 10)).padStart(2, '0')}${String(2 + (i % 10)).padStart(2, '0')}`
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const now = (): number => performance.timeOrigin + performance.now()

export async function warn({ line, say }: Report): Promise<void> {
  const loadBefore = load()
  const duties: number[] = []
  const first: number[] = []
  const notes: Record<string, number> = {}
  for (let round = 0; round < ROUNDS; round++)
    await withScratch(async (folder) => {
      const measured = await one(folder, say)
      duties.push(measured.duties)
      first.push(measured.first)
      notes[`again-${round + 1}`] = measured.again
      notes[`killed-after-${round + 1}`] = measured.killedAfter
    })
  const shared = { unit: 'ms', better: 'less', peer: [], loadBefore } as const
  const about = { organizations: ORGANIZATIONS, servers: 2, killed: 'the one that tells people', ...notes }
  line(lineOf({ ...shared, name: 'warn.duties', ours: duties, target: { of: 'ours', value: DUTIES_MAX_MS }, notes: about }))
  line(lineOf({ ...shared, name: 'warn.first', ours: first, target: { of: 'ours', value: FIRST_MAX_MS }, notes: about }))
}

type Measured = { readonly duties: number; readonly first: number; readonly again: number; readonly killedAfter: number }

async function one(folder: string, say: (text: string) => void): Promise<Measured> {
  const varDir = `${folder}/var`
  const database = await openDatabase({ databaseUrl: undefined, varDir }, () => undefined)
  const letters = new Map<string, number>()
  let firstAt = 0
  const smtp = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onRcptTo({ address }, _, done) {
      firstAt ||= now()
      letters.set(address, (letters.get(address) ?? 0) + 1)
      done()
    },
    onData(stream, _, done) {
      stream.resume().on('end', () => done())
    },
  })
  smtp.on('error', () => undefined)
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const name = randomUUID()
  const nodeSchema = `node_${randomUUID().replaceAll('-', '')}`
  await migrate(database, nodeSchema, 'node')
  const world = await testWorld(database, { name })
  const children: Child[] = []
  try {
    await province(world)
    const environment = {
      VAR_DIR: varDir,
      WORLD: name,
      NODE_SCHEMA: nodeSchema,
      SMTP_PORT: String((smtp.server.address() as { port: number }).port),
    }
    const [told, other] = [startChild('./warn-node.ts', environment), startChild('./warn-node.ts', environment)]
    children.push(told, other)
    // The first is on duty for the notices: it is the one that is killed.
    await told.call('start')
    await other.call('start')
    await world.close()
    // A server in service has read the directory and its posts: a small warning over one county comes first.
    await other.call('say', { request: received(county(0)).request })
    for (const until = now() + WAIT_MAX_MS; letters.size < ORGANIZATIONS / COUNTIES && now() < until;) await pause(LOOK_EVERY_MS)
    letters.clear()
    firstAt = 0
    const { id, request } = received('130000')
    const watch = await testWatch(database, name, id)
    const { began, acknowledged } = await other.call<{ began: number; acknowledged: number }>('say', { request })
    let killedAfter = 0
    let done = 0
    for (const until = now() + WAIT_MAX_MS; done === 0 && now() < until; await pause(LOOK_EVERY_MS)) {
      const owed = await watch.owed()
      if (killedAfter === 0 && owed >= ORGANIZATIONS / 2) {
        process.kill(told.pid, 'SIGKILL')
        killedAfter = owed
      }
      if (owed >= ORGANIZATIONS) done = now()
    }
    if (done === 0) throw new Error(`${await watch.owed()} of ${ORGANIZATIONS} duties after ${WAIT_MAX_MS} ms`)
    say(`warn: all owed ${Math.round(done - acknowledged)} ms after the warning; waiting for the letters`)
    for (const until = now() + WAIT_MAX_MS; letters.size < ORGANIZATIONS && now() < until;) await pause(500)
    const { events, distinct } = await watch.each()
    if (events !== ORGANIZATIONS || distinct !== ORGANIZATIONS) throw new Error(`${events} duties for ${distinct} organizations`)
    if (letters.size !== ORGANIZATIONS) throw new Error(`${letters.size} of ${ORGANIZATIONS} have a letter`)
    await watch.close()
    const again = [...letters.values()].reduce((sum, count) => sum + count - 1, 0)
    return { duties: done - began, first: firstAt - began, again, killedAfter }
  } finally {
    for (const child of children) await child.stop()
    await new Promise<void>((resolve) => smtp.close(() => resolve()))
    await database.stop()
  }
}

/** Offices in a hundred counties, each with a duty post that reads e-mail, and a plan that has each of them answer. */
async function province(world: World): Promise<void> {
  const government = await organization(world, { jurisdiction: '130000', functions: ['government', 'emergency-management'] })
  for (let from = 0; from < ORGANIZATIONS; from += AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, ORGANIZATIONS - from) }, async (_, i) => {
        const number = from + i
        const id = await organization(world, { jurisdiction: county(number % COUNTIES), functions: ['community'], superior: government })
        await dutyPost(world, id, [{ channel: 'email', address: `office-${String(number)}@emergency.example` }])
      }),
    )
  const plan = warningPlan('130000', { to: 'government@province' })
  await adoptPlan(world, { ...plan, clauses: plan.clauses.filter(({ id }) => id === 'answer') })
  await world.settled()
}

function received(jurisdiction: string): { readonly id: string; readonly request: Request } {
  const { id, command } = warned({ jurisdiction })
  return { id, request: { room: 'alert', id, command, commandId: randomUUID(), doer: SETUP } }
}

async function testWatch(database: Awaited<ReturnType<typeof openDatabase>>, name: string, alertId: string) {
  const sql = database.pool(`exercise_${name.replaceAll('-', '')}`, { max: 1 })
  return {
    async owed(): Promise<number> {
      const [row] = await sql<{ count: number }[]>`select count(*)::int as count from obligation where alert_id = ${alertId}`
      return row?.count ?? 0
    },
    async each(): Promise<{ events: number; distinct: number }> {
      const [row] = await sql<{ events: number; distinct: number }[]>`
        select count(*)::int as events, count(distinct data ->> 'debtor')::int as distinct from event where type = 'obligation.owed' and data -> 'warning' ->> 'alertId' = ${alertId}`
      return row ?? { events: 0, distinct: 0 }
    },
    close: () => sql.end({ timeout: 5 }),
  }
}
