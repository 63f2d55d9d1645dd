/** One of the two servers of the bench `warn`: follows the log of a world that another process has made, and tells people by e-mail. */
import { openDatabase } from '#server/database.ts'
import { systemClock } from '#server/clock.ts'
import { CHANNEL, PROCESS } from '#server/handle.ts'
import { NoticeOffice } from '#server/notice/office.ts'
import { testWorld } from '#server/testing.ts'
import type { World } from '#server/world.ts'
import { noticeConfig, testKeys } from '../fixtures/notice/scene.ts'
import { answerCalls } from './child.ts'

const { VAR_DIR = '', WORLD = '', NODE_SCHEMA = '', SMTP_PORT = '' } = process.env
const database = await openDatabase({ databaseUrl: undefined, varDir: VAR_DIR }, () => undefined)
let world: World
let office: NoticeOffice

answerCalls({
  async start() {
    world = await testWorld(database, { name: WORLD, keepTime: true, shared: true })
    office = new NoticeOffice({
      world,
      database,
      node: database.pool(NODE_SCHEMA, { max: 2 }),
      config: noticeConfig({
        smtp: { url: `smtp://127.0.0.1:${SMTP_PORT}`, from: 'muster@emergency.example', replyTo: null, listen: null },
      }),
      keys: testKeys(),
      clock: systemClock,
      onError: (error) => void process.stderr.write(`${String(error)}\n`),
    })
    await office.start()
    // What another process appends is heard as a server hears it.
    await database.pool(world.schema, { max: 1 }).listen(CHANNEL, (payload) => {
      const [schema, process, rooms = ''] = payload.split(' ')
      if (schema === world.schema && process !== PROCESS) world.wakened(rooms.split(','))
    })
    return { onDuty: office.isOnDuty }
  },
  async say({ request }: { readonly request: Parameters<World['handle']>[0] }) {
    const began = performance.timeOrigin + performance.now()
    const outcome = await world.handle(request)
    if ('code' in outcome) throw new Error(outcome.code)
    return { began, acknowledged: performance.timeOrigin + performance.now() }
  },
  async stop() {
    await office.stop()
    await world.close()
  },
})
