import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Refusal } from '../decider.ts'
import { systemActor } from '../event.ts'
import { nextTest, standing, testDue, type Contact } from './contact.ts'
import { post, postTimer, type PostCommand, type PostState } from './post.ts'
import { holds } from './subscription.ts'

const ID = '00000000-0000-7000-8000-000000000001'
const contact = (more: Partial<Contact> = {}): Contact => ({
  channel: 'sms',
  address: '+8613000000000',
  note: null,
  roundTheClock: false,
  setAt: '2026-01-01T00:00:00.000Z',
  confirmedAt: null,
  testedAt: null,
  tests: 0,
  ...more,
})

function after(...told: readonly (readonly [at: string, command: PostCommand])[]): {
  readonly state: PostState
  readonly refusal: string | null
} {
  let state: PostState = null
  let refusal: string | null = null
  for (const [at, command] of told) {
    const outcome = post.decide(state, command, { actor: systemActor('notice'), at, occurredAt: at, commandId: ID })
    if (outcome instanceof Refusal) refusal = outcome.code
    else
      for (const event of outcome)
        state = post.evolve(state, event, { occurredAt: at, recordedAt: at, actor: 'system/notice', commandId: ID })
  }
  return { state, refusal }
}
const CREATE: PostCommand = { type: 'post.create', organizationId: ID, title: { 'zh-CN': '值班员', en: 'Duty officer' }, powers: [] }
const START = '2026-01-01T00:00:00.000Z'
const set = (...channels: readonly ('sms' | 'email')[]): PostCommand => ({
  type: 'post.set-contacts',
  contacts: channels.map((channel) => ({ channel, address: channel === 'sms' ? '+8613000000000' : 'duty@emergency.example' })),
})

describe('a contact', () => {
  test('keeps its standing for 90 days after it was confirmed, and not a moment longer (requirement S1-15)', () => {
    const confirmed = contact({ confirmedAt: '2026-03-01T00:00:00.000Z' })
    assert.equal(standing(confirmed, '2026-05-30T00:00:00.000Z'), 'confirmed')
    assert.equal(standing(confirmed, '2026-05-30T00:00:00.001Z'), 'lost')
    assert.equal(standing(contact(), '2026-04-01T00:00:00.000Z'), 'new')
    assert.equal(standing(contact(), '2026-04-01T00:00:00.001Z'), 'lost')
  })

  test('that answers at any hour is tested at three in the night and at fifteen o’clock by turns, every 30 days', () => {
    const night = contact({ roundTheClock: true })
    assert.equal(testDue(night, 'Asia/Shanghai'), '2026-01-01T19:00:00.000Z') // 03:00 of the 2nd
    assert.equal(testDue({ ...night, testedAt: '2026-01-01T19:00:00.000Z', tests: 1 }, 'Asia/Shanghai'), '2026-02-01T07:00:00.000Z') // 15:00
    assert.equal(testDue(contact(), 'Asia/Shanghai'), '2026-01-01T02:00:00.000Z') // 10:00
    assert.deepEqual(nextTest([night, contact({ channel: 'email' })], 'Asia/Shanghai')?.channels, ['email'])
  })

  test('that stays the same keeps its confirmation when the others are changed; a new address begins anew', () => {
    const { state } = after(
      [START, CREATE],
      [START, set('sms')],
      ['2026-01-02T00:00:00.000Z', { type: 'post.confirm-contact', channel: 'sms' }],
      ['2026-01-03T00:00:00.000Z', set('sms', 'email')],
    )
    assert.deepEqual(
      state?.contacts.map((one) => [one.channel, one.confirmedAt]),
      [
        ['sms', '2026-01-02T00:00:00.000Z'],
        ['email', null],
      ],
    )
  })

  test('whose address the channel could not reach is refused, and so is a second one of the same channel', () => {
    const wrong: PostCommand = { type: 'post.set-contacts', contacts: [{ channel: 'email', address: 'not an address' }] }
    assert.equal(after([START, CREATE], [START, wrong]).refusal, 'post.address-malformed')
    assert.equal(after([START, CREATE], [START, set('sms', 'sms')]).refusal, 'post.channel-twice')
  })

  test('is tested when its time comes, by the clock, once', () => {
    const { state } = after([START, CREATE], [START, set('sms')])
    assert.deepEqual(postTimer(state), { at: '2026-01-01T02:00:00.000Z', command: { type: 'post.call-test', channels: ['sms'] } })
    const due: PostCommand = { type: 'post.call-test', channels: ['sms'] }
    const later = after([START, CREATE], [START, set('sms')], ['2026-01-01T02:00:00.000Z', due], ['2026-01-01T02:00:00.000Z', due])
    assert.equal(later.state?.contacts[0]?.tests, 1)
    assert.equal(postTimer(later.state)?.at, '2026-02-01T02:00:00.000Z') // the first 10:00 after 30 days
  })
})

test('a subscription holds only when every condition holds', () => {
  const fire = { hazard: 'hazardous-chemicals', class: 'accident', level: 2, functions: ['rescue'], jurisdiction: '120116' } as const
  assert.equal(
    holds({ areas: ['120000'], level: 2, hazards: ['hazardous-chemicals'], functions: ['rescue'], classes: ['accident'] }, fire),
    true,
  )
  assert.equal(holds({ areas: ['120000'], level: 1 }, fire), false, 'not grave enough')
  assert.equal(holds({ areas: ['130000'], level: 2 }, fire), false, 'elsewhere')
  assert.equal(holds({ areas: ['120000'], hazards: ['flood'] }, fire), false, 'another hazard')
  assert.equal(holds({ functions: ['rescue', 'health'] }, { ...fire, functions: [] }), false)
  assert.equal(holds({ level: 4 }, { ...fire, level: null }), false, 'what is not known does not hold')
})
