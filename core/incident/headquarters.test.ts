import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandedBy } from '../authority.ts'
import type { Actor } from '../event.ts'
import { given } from '../given.ts'
import { incident, incidentParties, incidentThing, type IncidentCommand, type IncidentEvent } from '../incident.ts'
import { commandingOf, headquartersOf, type HeadquartersEvent } from './headquarters.ts'
import { leadless, leads, type LeadEvent } from './leads.ts'

const id = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`
const [COUNTY, CITY, NEIGHBOUR, TEAM, HOSPITAL] = [id(1), id(2), id(3), id(4), id(5)]
const [COUNTY_HQ, CITY_HQ, NEIGHBOUR_HQ] = [id(11), id(12), id(13)]
const words = (text: string) => ({ 'zh-CN': text, en: text })
const post = (organizationId: string): Actor => ({ kind: 'post', postId: id(99), organizationId })

const reported: IncidentEvent = {
  type: 'incident.reported',
  number: '2026-540225-0001',
  title: '地震',
  place: null,
  jurisdiction: '540225',
  hazard: 'earthquake',
  class: 'natural',
  unitInvolved: null,
  text: 'x',
  zone: 'Asia/Shanghai',
  reportedBy: null,
}
const verified: IncidentEvent = { type: 'incident.verified', text: 'x' }
type Activated = Extract<HeadquartersEvent, { type: 'incident.headquarters-activated' }>
const activated = (headquarters: string, lead: string, jurisdiction: string, members: readonly string[] = [lead]): Activated => ({
  type: 'incident.headquarters-activated',
  name: words('指挥部'),
  lead,
  members: [...members],
  positions: [],
  headquarters,
  jurisdiction,
})
const county = activated(COUNTY_HQ, COUNTY, '540225')
const city = activated(CITY_HQ, CITY, '540200')
const activate = (headquarters: string, lead: string, jurisdiction: string): IncidentCommand => ({
  ...activated(headquarters, lead, jurisdiction),
  type: 'incident.activate-headquarters',
  members: [],
  positions: [],
  sectors: [],
})
const past = (...events: readonly IncidentEvent[]) => given(incident, [reported, verified, ...events])
const transferred = [{ kind: 'forces', text: '在场力量 6 队 180 人' }]
const handOver = (to: string, headquarters: string | null): IncidentCommand => ({
  type: 'incident.hand-over',
  to,
  headquarters,
  transferred,
  reason: '超出本级能力',
})
const offered: IncidentEvent = {
  type: 'incident.hand-over-offered',
  from: COUNTY,
  to: CITY,
  headquarters: CITY_HQ,
  transferred,
  reason: '超出本级能力',
}
const taken: IncidentEvent = { ...offered, type: 'incident.taken-over', note: null }

test('each jurisdiction activates one headquarters; the first is in overall command', () => {
  assert.ok(Array.isArray(past(county).when(activate(CITY_HQ, CITY, '540200'))))
  const { state } = past(county, city, activated(NEIGHBOUR_HQ, NEIGHBOUR, '540300'))
  assert.equal(state?.headquarters?.id, COUNTY_HQ)
  assert.deepEqual(
    state?.otherHeadquarters.map((one) => one.id),
    [CITY_HQ, NEIGHBOUR_HQ],
  )
  assert.deepEqual(past(county).when(activate(id(14), CITY, '540225')), { refused: 'incident.headquarters-already-active' })
  assert.deepEqual(past(county).when(activate(COUNTY_HQ, COUNTY, '540200')), { refused: 'incident.headquarters-already-active' })
})

test("a superior's headquarters does not command by being activated: the lead is handed over", () => {
  assert.equal(past(county, city).state?.headquarters?.lead, COUNTY)
  assert.equal(past(county, city, offered).state?.headquarters?.lead, COUNTY, 'until it is taken over the old lead leads')
  const { state } = past(county, city, offered, taken)
  assert.deepEqual([state?.headquarters?.id, state?.handOver], [CITY_HQ, null])
  assert.deepEqual(
    state?.otherHeadquarters.map((one) => one.id),
    [COUNTY_HQ],
  )
})

test('a hand-over says from whom, to whom, what is transferred and why, and so does the taking over', () => {
  assert.deepEqual(past(county, city).when(handOver(CITY, CITY_HQ), { actor: post(COUNTY) }), [offered])
  assert.deepEqual(past(county, city, offered).when({ type: 'incident.take-over' }, { actor: post(CITY) }), [taken])
})

test('before any headquarters the government of the place hands over as itself', () => {
  const outcome = past().when(handOver(CITY, null), { actor: post(COUNTY) })
  assert.deepEqual(outcome, [{ ...offered, headquarters: null }])
  assert.equal(past({ ...taken, headquarters: null }).state?.lead, CITY)
})

test('without another headquarters the lead of the headquarters itself changes, and the new lead belongs to it', () => {
  const { state } = past(county, { ...taken, headquarters: null })
  assert.deepEqual([state?.headquarters?.id, state?.headquarters?.lead], [COUNTY_HQ, CITY])
  assert.ok(state?.headquarters?.members.includes(CITY))
})

test('the lead goes only to headquarters that are active, to whoever leads them, and not to who leads already', () => {
  assert.deepEqual(past(county).when(handOver(CITY, CITY_HQ)), { refused: 'incident.no-such-headquarters' })
  assert.deepEqual(past(county, city).when(handOver(NEIGHBOUR, CITY_HQ)), { refused: 'incident.not-its-lead' })
  assert.deepEqual(past(county).when(handOver(COUNTY, null)), { refused: 'incident.leads-already' })
  assert.deepEqual(past(county).when({ type: 'incident.take-over' }), { refused: 'incident.no-hand-over' })
})

test('who is offered the lead may decline with a reason; then the old lead leads on', () => {
  const declined = past(county, city, offered).when({ type: 'incident.decline-hand-over', reason: '通信中断' })
  assert.deepEqual(declined, [{ type: 'incident.hand-over-declined', to: CITY, reason: '通信中断' }])
  const { state } = past(county, city, offered, { type: 'incident.hand-over-declined', to: CITY, reason: 'x' })
  assert.deepEqual([state?.headquarters?.lead, state?.handOver], [COUNTY, null])
})

test('the headquarters in overall command stand down last, or hand over first', () => {
  const standDown = (headquarters?: string): IncidentCommand => ({
    type: 'incident.stand-down-headquarters',
    ...(headquarters === undefined ? {} : { headquarters }),
    reason: '响应结束',
  })
  assert.deepEqual(past(county, city).when(standDown()), { refused: 'incident.lead-not-handed-over' })
  assert.deepEqual(past(county, city).when(standDown(CITY_HQ)), [
    { type: 'incident.headquarters-stood-down', headquarters: CITY_HQ, standing: true, reason: '响应结束' },
  ])
  assert.ok(Array.isArray(past(county).when(standDown())))
  assert.deepEqual(past().when(standDown(), { actor: post(COUNTY) }), { refused: 'incident.no-headquarters' })
  assert.deepEqual(past().when(standDown()), [], 'the linkage may come after it is done')
})

test('headquarters that were to take over and stand down are offered the lead no more', () => {
  const stoodDown: IncidentEvent = { type: 'incident.headquarters-stood-down', headquarters: CITY_HQ, standing: true, reason: 'x' }
  assert.equal(past(county, city, offered, stoodDown).state?.handOver, null)
})

test('whoever enters the scene is commanded there until it leaves: Emergency Response Law art. 72', () => {
  const enter = { type: 'incident.enter-scene', organization: TEAM } as const
  const entered: IncidentEvent = { type: 'incident.scene-entered', organization: TEAM, headquarters: COUNTY_HQ, text: null }
  assert.deepEqual(past(county).when(enter), [entered])
  assert.deepEqual(past(county, entered).when(enter), [], 'who is there is there')
  const { state } = past(county, entered)
  assert.ok(state)
  assert.deepEqual(commandedBy(TEAM, commandingOf(state)), [COUNTY])
  assert.ok(incidentParties(state).includes(TEAM), 'it sees where it is')
  const left = past(county, entered, { type: 'incident.scene-left', organization: TEAM, text: null })
  assert.ok(left.state)
  assert.deepEqual(commandedBy(TEAM, commandingOf(left.state)), [])
  assert.deepEqual(left.when({ type: 'incident.leave-scene', organization: TEAM }), { refused: 'incident.not-on-scene' })
})

test('the headquarters that took over commands those on the scene, and the old one no longer', () => {
  const entered: IncidentEvent = { type: 'incident.scene-entered', organization: TEAM, headquarters: COUNTY_HQ, text: null }
  const { state } = past(county, city, entered, offered, taken)
  assert.ok(state)
  assert.deepEqual(commandedBy(TEAM, commandingOf(state)), [CITY])
})

test('sectors and positions stand once, and a position is filled in the headquarters that is named', () => {
  const sector = { code: 'east', words: words('东区'), lead: HOSPITAL }
  assert.deepEqual(past().when({ ...activate(COUNTY_HQ, COUNTY, '540225'), sectors: [sector, sector] } as IncidentCommand), {
    refused: 'incident.position-twice',
  })
  const medical = { code: 'medical', words: words('医疗'), organization: null }
  const { state } = past(
    county,
    { ...city, positions: [medical] },
    {
      type: 'incident.position-filled',
      code: 'medical',
      organization: HOSPITAL,
      headquarters: CITY_HQ,
    },
  )
  assert.ok(state)
  assert.deepEqual(
    headquartersOf(state).flatMap((one) => one.positions.map((position) => position.organization)),
    [HOSPITAL],
  )
})

test('authority sees the territory of the headquarters that a command is about', () => {
  const { state } = past(county, city, offered)
  const thing = incidentThing(state, activate(NEIGHBOUR_HQ, NEIGHBOUR, '540300'))
  assert.deepEqual([thing.territory, thing.lead, thing.successor], ['540300', COUNTY, CITY])
  const other = incidentThing(state, { type: 'incident.stand-down-headquarters', headquarters: CITY_HQ, reason: 'x' })
  assert.deepEqual([other.jurisdiction, other.headquarters?.lead], ['540200', CITY])
})

test('the emergency path is declared with a reason and a basis, once, and ended on record', () => {
  const declare = { type: 'incident.declare-emergency-path', reason: '情况紧急', basis: '突发事件应对法第十七条' } as const
  const declared: IncidentEvent = { ...declare, type: 'incident.emergency-path-declared' }
  assert.deepEqual(past().when(declare), [declared])
  assert.deepEqual(past(declared).when(declare), { refused: 'incident.emergency-path-already-declared' })
  assert.deepEqual(past(declared).when({ type: 'incident.end-emergency-path', reason: 'x' }), [
    { type: 'incident.emergency-path-ended', reason: 'x' },
  ])
  assert.deepEqual(past().when({ type: 'incident.end-emergency-path', reason: 'x' }), { refused: 'incident.no-emergency-path' })
})

// ── Who led when

const at = (minute: number): string => new Date(Date.UTC(2026, 6, 1, 8, minute)).toISOString()
const when = (minute: number, event: IncidentEvent): LeadEvent => ({ ...event, occurredAt: at(minute) })
const government = (code: string): string | null => (code === '540225' ? COUNTY : null)

/** Every minute has exactly one lead: counted by hand, minute for minute, not by the function itself. */
function assertAlwaysOne(all: ReturnType<typeof leads>, from: number, until: number): void {
  for (let minute = from; minute < until; minute++) {
    const leading = all.filter((one) => one.from <= at(minute) && (one.until === null || at(minute) < one.until))
    assert.equal(leading.length, 1, `minute ${minute}`)
  }
}

test('between county and city there is no moment without a lead and none with two', () => {
  const events = [
    when(0, reported),
    when(2, verified),
    when(10, county),
    when(25, city),
    when(30, offered),
    when(41, taken),
    when(90, { type: 'incident.headquarters-stood-down', headquarters: COUNTY_HQ, standing: true, reason: 'x' }),
    when(95, { type: 'incident.headquarters-stood-down', headquarters: CITY_HQ, standing: true, reason: 'x' }),
    when(120, { type: 'incident.closed', reason: 'x' }),
  ]
  const all = leads(events, government)
  assertAlwaysOne(all, 0, 120)
  assert.deepEqual(
    all.map(({ organization, headquarters, by, from, until }) => [organization, headquarters, by, from, until]),
    [
      [COUNTY, null, 'law', at(0), at(10)],
      [COUNTY, COUNTY_HQ, 'activation', at(10), at(41)],
      [CITY, CITY_HQ, 'hand-over', at(41), at(95)],
      [COUNTY, null, 'stand-down', at(95), at(120)],
    ],
  )
  assert.equal(leadless(all, at(120)), 'PT0S')
})

test('what is recorded late takes effect when it is known, so that no two led at once', () => {
  const all = leads([when(0, reported), when(20, county), when(15, city), when(30, offered), when(25, taken)], government)
  assertAlwaysOne(all, 0, 60)
  assert.equal(all.at(-1)?.from, at(30))
})

test('where no government is registered, the time without a name is counted', () => {
  const all = leads([when(0, reported), when(45, county)], () => null)
  assert.equal(leadless(all, at(60)), 'PT45M')
})

test('an incident that ended has no lead after it', () => {
  const all = leads([when(0, reported), when(30, { type: 'incident.refuted', reason: 'x' })], government)
  assert.deepEqual(
    all.map((one) => one.until),
    [at(30)],
  )
})
