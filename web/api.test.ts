import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

/** What the outbox needs of a browser: a place to keep, a line that may be cut, and the event that says it is back. */
type Sent = {
  readonly room: string
  readonly id: string
  readonly key: string
  readonly command: { readonly type: string; readonly originalAt?: string }
}
const taken: Sent[] = []
const tried: string[] = []
let cut = false
const online: (() => void)[] = []
/** As browsers keep texts by their keys: one until the tab is closed, one for good. */
class Kept {
  getItem(key: string): string | null {
    return (this as unknown as Readonly<Record<string, string>>)[key] ?? null
  }
  setItem(key: string, text: string): void {
    Object.assign(this, { [key]: text })
  }
  removeItem(key: string): void {
    Reflect.deleteProperty(this, key)
  }
}
Object.assign(globalThis, {
  window: { addEventListener: (name: string, hear: () => void) => void (name === 'online' && online.push(hear)) },
  sessionStorage: new Kept(),
  localStorage: new Kept(),
  fetch: async (path: string, init: { readonly headers: Readonly<Record<string, string>>; readonly body: string }) => {
    const [, , room = '', id = ''] = path.split('/')
    const sent = { room, id, key: init.headers['idempotency-key'] ?? '', command: JSON.parse(init.body) as Sent['command'] }
    tried.push(sent.key)
    if (cut) throw new TypeError('no line')
    // The later ones would overtake the earlier ones if they were sent together.
    await new Promise((resolve) => setTimeout(resolve, 20 - Math.min(15, taken.length * 3)))
    if (!taken.some((one) => one.key === sent.key)) taken.push(sent)
    return new Response(JSON.stringify({ position: String(taken.length) }), { status: 200 })
  },
})
const { newId, retryNow, send, waitingCount } = await import('./api.ts')
const until = async (isSo: () => boolean): Promise<void> => {
  for (let i = 0; i < 500 && !isSo(); i++) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.ok(isSo())
}
beforeEach(() => {
  taken.length = 0
  tried.length = 0
  cut = false
})

test('what was taken down without a network is sent in its order when the line is back, each once, with its own original time', async () => {
  cut = true
  const times = Array.from({ length: 6 }, (_, i) => new Date(Date.UTC(2026, 6, 1, 8, i)).toISOString())
  const ids = times.map(() => newId())
  const answers = times.map((originalAt, i) => send('intake', ids[i] ?? '', { type: 'intake.take-down', originalAt }))
  answers.push(send('intake', ids[0] ?? '', { type: 'intake.add', text: '水退了' }))
  await until(() => tried.length >= 1)
  assert.equal(waitingCount(), 7)
  cut = false
  retryNow()
  assert.ok((await Promise.all(answers)).every((answer) => answer.ok))
  assert.deepEqual(
    taken.map((one) => one.command.originalAt),
    [...times, undefined],
  )
  assert.deepEqual(
    taken.map((one) => one.id),
    [...ids, ids[0]],
  )
  assert.equal(new Set(taken.map((one) => one.key)).size, 7)
  assert.equal(waitingCount(), 0)
})

test('while the line holds, nothing waits for anything', async () => {
  const began = performance.now()
  await Promise.all(Array.from({ length: 20 }, () => send('intake', newId(), { type: 'intake.add', text: 'x' })))
  assert.ok(performance.now() - began < 20 * 20, 'they were sent together')
})

test('a report outlives its tab and is sent when its post is here again; an order of the moment ends with the tab', async () => {
  const open = async (): Promise<typeof import('./api.ts')> => import(`./api.ts?${newId()}`) as Promise<typeof import('./api.ts')>
  const tab = await open()
  tab.resumeWaiting('desk')
  cut = true
  const [report, order] = [newId(), newId()]
  void tab.send('intake', report, { type: 'intake.take-down', originalAt: '2026-07-01T08:00:00.000Z' })
  void tab.send('obligation', order, { type: 'obligation.accept' })
  await until(() => tried.length > 0)
  Object.assign(globalThis, { sessionStorage: new Kept() })
  const another = await open()
  cut = false
  another.resumeWaiting('other')
  await new Promise((resolve) => setTimeout(resolve, 30))
  assert.equal(another.waitingCount(), 0, 'nobody sends it in the place of whoever took it down')
  const same = await open()
  same.resumeWaiting('desk')
  await until(() => taken.length === 1 && same.waitingCount() === 0)
  assert.deepEqual([taken[0]?.id, taken[0]?.key], [report, tried[0]])
  assert.deepEqual(Object.keys(localStorage), [])
  tab.resumeWaiting(null)
})
