import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { By } from './decider.ts'
import { Refusal } from './decider.ts'
import { systemActor, type Recorded } from './event.ts'
import { notice, noticeTimer, type Item, type Notice, type NoticeCommand } from './notice.ts'
import { inOrder, nextRecipient, type Recipient } from './notice/recipient.ts'
import { subscribedTo, tellingsOf, type Context } from './notice/telling.ts'
import { digestAt, holdUntil, isQuiet, ladderOf } from './notice/urgency.ts'

const POST = '00000000-0000-7000-8000-0000000000a1'
const ORGANIZATION = '00000000-0000-7000-8000-0000000000b1'
const item = (position: string): Item => ({
  about: { stream: 'obligation/x', position, kind: 'obligation.owed' },
  code: 'obligation-owed',
  params: {},
})
const QUEUE: Extract<NoticeCommand, { type: 'notice.queue' }> = {
  type: 'notice.queue',
  toPost: POST,
  toOrganization: ORGANIZATION,
  urgency: 'urgent',
  purpose: 'telling',
  item: item('1'),
  channels: ['email', 'sms'],
  notBefore: null,
  incidentId: null,
  jurisdiction: '120116',
  passedFrom: null,
  passes: 0,
}

/** One notice and its clock. */
class Line {
  state: Notice | null = null
  #at = Date.parse('2026-07-01T00:00:00.000Z')
  readonly types: string[] = []
  refusal: string | null = null
  get at(): string {
    return new Date(this.#at).toISOString()
  }
  do(command: NoticeCommand): this {
    const by: By = { actor: systemActor('notice'), at: this.at, occurredAt: this.at, commandId: POST }
    const outcome = notice.decide(this.state, command, by)
    if (outcome instanceof Refusal) {
      this.refusal = outcome.code
      return this
    }
    for (const event of outcome) {
      this.types.push(event.type)
      this.state = notice.evolve(this.state, event, { occurredAt: this.at, recordedAt: this.at, actor: 'system/notice', commandId: POST })
    }
    return this
  }
  pass(seconds: number): this {
    this.#at += seconds * 1000
    return this
  }
  /** What the clock would do by now. */
  tick(): this {
    const timer = noticeTimer(this.state)
    return timer !== null && timer.at <= this.at ? this.do(timer.command) : this
  }
}
const queued = (more: Partial<typeof QUEUE> = {}): Line => new Line().do({ ...QUEUE, ...more })
const send = (rung: number): NoticeCommand => ({ type: 'notice.send', rung, reference: null })

describe('a notice climbs its ladder', () => {
  test('without a receipt within the time set by its urgency it goes the next way, and the last silence exhausts it', () => {
    const line = queued().do(send(0)).pass(119).tick()
    assert.equal(line.state?.status, 'sent')
    line.pass(1).tick()
    assert.deepEqual([line.state?.status, line.state?.rung], ['ready', 1])
    line.do(send(1)).pass(120).tick()
    assert.deepEqual(line.types, ['notice.queued', 'notice.sent', 'notice.fell-back', 'notice.sent', 'notice.exhausted'])
  })

  test('a way that fails is left at once', () => {
    const line = queued().do({ type: 'notice.fail', rung: 0, reason: 'no-connection' })
    assert.deepEqual([line.state?.rung, line.state?.status, line.state?.attempts[0]?.reason], [1, 'ready', 'no-connection'])
  })

  test('a receipt ends it; one that comes late, after the next way was tried, is still when the post was reached', () => {
    const line = queued().do(send(0)).pass(120).tick().do(send(1)).pass(5).do({ type: 'notice.receipt', way: 'email', by: 'device' })
    assert.deepEqual([line.state?.status, line.state?.reachedBy, noticeTimer(line.state)], ['receipted', 'email', null])
    assert.ok(line.state?.attempts[0]?.receiptedAt)
  })

  test('a flash wants a person: a device that has it does not stop the ladder, an answer does', () => {
    const line = queued({ urgency: 'flash' }).do(send(0)).do({ type: 'notice.receipt', way: 'email', by: 'device' })
    assert.deepEqual([line.state?.status, line.state?.reachedAt], ['sent', line.at])
    line.pass(60).tick()
    assert.equal(line.state?.status, 'ready', 'after a minute the next way')
    line.do({ type: 'notice.receipt', way: 'email', by: 'person' })
    assert.equal(line.state?.status, 'receipted')
  })

  test('told twice, or too late, nothing happens twice', () => {
    const line = queued()
      .do(send(0))
      .do(send(0))
      .do({ type: 'notice.fall-back', rung: 0 })
      .do({ type: 'notice.fail', rung: 1, reason: 'x' })
    assert.deepEqual(line.types, ['notice.queued', 'notice.sent'])
    line.do({ type: 'notice.receipt', way: 'sms', by: 'device' }).do({ type: 'notice.receipt', way: 'sms', by: 'device' })
    assert.equal(line.types.filter((type) => type === 'notice.receipted').length, 1)
    assert.equal(line.do(QUEUE).refusal, 'notice.already-queued')
  })

  test('of a test that never went out nobody can say that it came', () => {
    const line = new Line().do({ type: 'notice.test', toPost: POST, toOrganization: ORGANIZATION, channel: 'voice' })
    line.do({ type: 'notice.fail', rung: 0, reason: 'not-set-up' }).do({ type: 'notice.receipt', way: 'app', by: 'person' })
    assert.deepEqual([line.refusal, line.state?.reachedAt], ['notice.not-under-way', null])
  })

  test('without any channel it stands in the pages and waits for nobody', () => {
    const line = queued({ channels: [] })
    assert.deepEqual([line.state?.status, noticeTimer(line.state)], ['in-app', null])
  })
})

describe('digests and quiet hours', () => {
  test('what is routine is gathered, each event once, and goes out together; what comes after is refused to it', () => {
    const until = '2026-07-01T01:00:00.000Z'
    const digest = { urgency: 'routine', purpose: 'digest', notBefore: until } as const
    const line = queued(digest)
    line.do({ ...QUEUE, ...digest, item: item('2') }).do({ ...QUEUE, ...digest, item: item('2') })
    assert.equal(line.state?.items.length, 2)
    line.pass(3600).tick()
    assert.deepEqual([line.state?.status, line.state?.readyAt], ['ready', until])
    assert.equal(line.do({ ...QUEUE, ...digest, item: item('3') }).refusal, 'notice.already-sent')
  })

  test('quiet hours run past midnight by the post’s own clock', () => {
    const quiet = { from: '22:00', until: '07:00' }
    // 2026-07-01T15:00Z is 23:00 in Tianjin, T23:30Z is 07:30.
    assert.equal(isQuiet('2026-07-01T15:00:00.000Z', quiet, 'Asia/Shanghai'), true)
    assert.equal(isQuiet('2026-07-01T23:30:00.000Z', quiet, 'Asia/Shanghai'), false)
    assert.equal(isQuiet('2026-07-01T15:00:00.000Z', quiet, 'Europe/Berlin'), false)
  })

  test('at night a flash goes, an urgent one waits for the morning unless it is due before, a routine one for the digest', () => {
    const quiet = { from: '22:00', until: '07:00' }
    const night = '2026-07-01T15:00:00.000Z'
    const hold = (urgency: 'flash' | 'urgent' | 'routine', dueAt: string | null): string | null =>
      holdUntil(urgency, night, dueAt, quiet, 'Asia/Shanghai')
    assert.equal(hold('flash', null), null)
    assert.equal(hold('urgent', null), '2026-07-01T23:00:00.000Z') // 07:00 in Tianjin
    assert.equal(hold('urgent', '2026-07-01T20:00:00.000Z'), null)
    assert.equal(hold('routine', null), '2026-07-02T01:00:00.000Z') // 09:00
    assert.equal(digestAt('2026-07-02T01:00:00.000Z', quiet, 'Asia/Shanghai'), '2026-07-02T05:00:00.000Z') // 13:00
  })

  test('a routine notice calls nobody, and a contact that lost its standing is tried last', () => {
    const contacts = [
      { channel: 'sms', stands: false },
      { channel: 'email', stands: true },
      { channel: 'voice', stands: true },
    ] as const
    assert.deepEqual(ladderOf('urgent', contacts), ['email', 'voice', 'sms'])
    assert.deepEqual(ladderOf('routine', contacts), ['email', 'sms'])
  })
})

describe('who is told', () => {
  const recipient = (postId: string, more: Partial<Recipient> = {}): Recipient => ({
    postId,
    organizationId: 'o',
    liaison: false,
    answers: false,
    held: false,
    channels: ['sms'],
    ...more,
  })

  test('the liaison officer first, then who may answer, then the rest; who was tried is passed over, and then the superior', () => {
    const own = [
      recipient('a'),
      recipient('b', { answers: true }),
      recipient('c', { liaison: true }),
      recipient('d', { answers: true, channels: [] }),
    ]
    assert.deepEqual(
      inOrder(own).map((one) => one.postId),
      ['c', 'b', 'd', 'a'],
    )
    const above = [recipient('s', { organizationId: 'above' })]
    const postsOf = (id: string): readonly Recipient[] => (id === 'o' ? own : above)
    assert.equal(nextRecipient(['o', 'above'], postsOf, new Set())?.postId, 'c')
    assert.equal(nextRecipient(['o', 'above'], postsOf, new Set(['c', 'b', 'a']))?.postId, 's')
    assert.equal(nextRecipient(['o', 'above'], postsOf, new Set(['c', 'b', 'a', 's'])), null)
  })

  const event = (type: string, data: object): Recorded => ({
    position: '9',
    stream: 'x/1',
    version: 1,
    type,
    data,
    commandId: POST,
    actor: 'system/clock',
    basis: null,
    incidentId: null,
    occurredAt: '2026-07-01T00:00:00.000Z',
    recordedAt: '2026-07-01T00:00:00.000Z',
  })
  const words = { 'zh-CN': '清单', en: 'list' }
  const context: Context = {
    obligation: { debtor: ORGANIZATION, creditor: POST, actWords: words, dueAt: '2026-07-01T00:30:00.000Z' },
    finding: { subject: ORGANIZATION, supervisor: POST, actWords: words },
    keepers: [POST],
    incidentTitle: '仓库起火',
    nameOf: () => words,
  }

  test('an obligation due within half an hour is a flash to its debtor, a later one urgent', () => {
    const tell = (dueAt: string | null) =>
      tellingsOf(event('obligation.owed', {}), { ...context, obligation: context.obligation && { ...context.obligation, dueAt } })[0]
    assert.deepEqual([tell('2026-07-01T00:30:00.000Z')?.urgency, tell('2026-07-01T00:30:00.000Z')?.organization], ['flash', ORGANIZATION])
    assert.equal(tell('2026-07-01T02:00:00.000Z')?.urgency, 'urgent')
    assert.equal(tell(null)?.urgency, 'routine')
  })

  test('members of an activated headquarters are told at once, each once; a kind of event that is not known is told to nobody', () => {
    const told = tellingsOf(event('incident.headquarters-activated', { lead: ORGANIZATION, members: [ORGANIZATION, POST] }), context)
    assert.deepEqual(
      told.map((one) => [one.organization, one.urgency]),
      [
        [ORGANIZATION, 'flash'],
        [POST, 'flash'],
      ],
    )
    assert.deepEqual(tellingsOf(event('something.new', { to: POST }), context), [])
    assert.equal(subscribedTo('something.new'), null)
    assert.deepEqual(
      tellingsOf(event('finding.urged', { text: '请尽快' }), context).map((one) => one.organization),
      [ORGANIZATION],
    )
  })
})
