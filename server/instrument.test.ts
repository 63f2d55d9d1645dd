import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Instrument } from '#core/instrument.ts'
import type { ActivationPreview, ActivationsView, InstrumentDetail, InstrumentEntry } from '#core/view/instrument.ts'
import type { IncidentView } from '#core/view.ts'
import { openHouse, type House } from '../fixtures/server/house.ts'
import { adoptPlan, declared, openGround, organization, say, words, type Ground } from '../fixtures/server/scene.ts'
import { ManualClock } from './clock.ts'
import { rebuild } from './rebuild.ts'
import { KEEPINGS } from './world.ts'

const DAY = 86_400_000
const day = (offset: number): string => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10)

/** 两方互助协议: a notice within 30 minutes, a team within 6 hours, the receiver pays. */
function agreement(receiver: string, helper: string, more: Partial<Instrument> = {}): Instrument {
  const common = { article: words('第一条'), words: words('约定'), wording: 'summary' as const }
  const binding = {
    ...common,
    function: 'mutual-aid',
    when: [{ event: 'incident.instrument-activated' as const }],
    once: 'incident' as const,
    limit: { within: 'PT6H', confirmed: false, source: null },
    evidence: [],
  }
  return {
    schema: 'muster/instrument/1',
    id: 'aid',
    kind: 'agreement',
    title: words('互助协议'),
    jurisdiction: '100000',
    issuer: words('双方'),
    citation: words('协议'),
    inForceFrom: day(-30),
    inForceUntil: day(200),
    source: words('试验'),
    higher: [],
    demonstration: true,
    parties: [
      { key: 'receiver', name: words('受援方'), organization: receiver },
      { key: 'helper', name: words('支援方'), organization: helper },
    ],
    clauses: [
      {
        ...binding,
        id: 'team',
        kind: 'resource',
        owes: 'party:helper',
        to: 'party:receiver',
        act: 'send-team',
        actWords: words('派出救援队'),
        resource: { type: 'rescue-team', words: words('救援队'), quantity: { value: 30, unit: '{person}' } },
        limits: null,
        answerWithin: 'PT1H',
      },
      {
        ...binding,
        id: 'needs',
        kind: 'duty',
        owes: 'party:receiver',
        to: 'party:helper',
        act: 'request-aid',
        actWords: words('书面请求'),
        limit: { within: 'PT30M', confirmed: false, source: null },
      },
    ],
    ...more,
  }
}

describe('an agreement over HTTP', () => {
  let house: House
  let incidentId: string
  before(async () => {
    house = await openHouse()
    const { city, hebei } = house.parts
    await adoptPlan(house.worlds.real, agreement(city, hebei))
    await adoptPlan(
      house.worlds.real,
      agreement(city, hebei, {
        id: 'aid-ended',
        inForceFrom: day(-400),
        inForceUntil: day(-1),
        signatures: [
          { party: 'receiver', on: day(-400) },
          { party: 'helper', on: day(-400) },
        ],
      }),
    )
    incidentId = await declared(house.worlds.real)
    await house.worlds.real.settled()
  })
  after(() => house.leave())

  const code = ({ body }: { body: unknown }): unknown => (body as { code?: unknown }).code
  const activate = (id: string) =>
    house.city.tell('incident', incidentId, { type: 'incident.activate-instrument', instrumentId: id, text: '请求支援' })

  it('is not activated while a party has not signed, nor once it has ended, nor when nobody knows it', async () => {
    assert.equal(code(await activate('aid')), 'instrument.unsigned')
    assert.equal(code(await activate('aid-ended')), 'instrument.expired')
    assert.equal(code(await activate('nothing')), 'instrument.unknown')
    const preview = await house.city.get<ActivationPreview>(`/api/instruments/aid-ended/preview?incident=${incidentId}`)
    assert.equal(preview.refusal?.code, 'instrument.expired')
  })

  it('is signed for a party by a post of that party and by nobody else', async () => {
    const sign = { type: 'instrument.sign', party: 'helper' }
    const refused = await house.city.tell('instrument', 'aid', sign)
    assert.deepEqual([refused.status, code(refused)], [403, 'authority.not-the-party'])
    const shown = await house.hebei.get<InstrumentDetail>('/api/instruments/aid')
    assert.deepEqual(
      shown.signatories.map((one) => [one.key, one.actions.find((action) => action.command === 'instrument.sign')?.refusal?.code ?? null]),
      [
        ['receiver', 'authority.not-the-party'],
        ['helper', null],
      ],
    )
    assert.equal((await house.hebei.tell('instrument', 'aid', sign)).status, 200)
    assert.equal(code(await activate('aid')), 'instrument.unsigned', 'one of two is not enough')
    assert.equal((await house.city.tell('instrument', 'aid', { type: 'instrument.sign', party: 'receiver' })).status, 200)
    const [entry] = (await house.city.get<readonly InstrumentEntry[]>('/api/instruments')).filter((one) => one.id === 'aid')
    assert.deepEqual([entry?.standing, entry?.signed, entry?.parties, entry?.daysLeft], ['binding', 2, 2, 200])
  })

  it('shows before it is activated exactly what the activation then makes owed', async () => {
    const preview = await house.city.get<ActivationPreview>(`/api/instruments/aid/preview?incident=${incidentId}`)
    assert.deepEqual(
      preview.obligations.map((one) => [one.clauseId, one.debtor.id, one.creditor.id]),
      [
        ['team', house.parts.hebei, house.parts.city],
        ['needs', house.parts.city, house.parts.hebei],
      ],
    )
    assert.deepEqual(preview.obligations[0]?.resource, { words: words('救援队'), value: 30, unit: '{person}' })
    const none = await house.city.get<IncidentView>(`/api/incidents/${incidentId}`)
    assert.ok(!none.duties.some((one) => one.basis?.instrumentId === 'aid'), 'looking makes nothing owed')
    assert.equal((await activate('aid')).status, 200)
    await house.worlds.real.settled()
    const { duties } = await house.city.get<IncidentView>(`/api/incidents/${incidentId}`)
    const owed = duties
      .filter((one) => one.basis?.instrumentId === 'aid')
      .map((one) => [one.basis?.clauseId, one.debtor.id, one.creditor.id])
    assert.deepEqual(owed.toSorted(), preview.obligations.map((one) => [one.clauseId, one.debtor.id, one.creditor.id]).toSorted())
    const { activations } = await house.city.get<InstrumentDetail>('/api/instruments/aid')
    assert.deepEqual(
      activations.map((one) => [one.incidentId, one.endedAt]),
      [[incidentId, null]],
    )
  })

  it('is left by a party from a day on, and then activates nothing', async () => {
    const leave = await house.hebei.tell('instrument', 'aid', {
      type: 'instrument.withdraw',
      party: 'helper',
      reason: '机构调整',
      on: day(0),
    })
    assert.equal(leave.status, 200)
    const other = await declared(house.worlds.real)
    const refused = await house.city.tell('incident', other, {
      type: 'incident.activate-instrument',
      instrumentId: 'aid',
      text: '请求支援',
    })
    assert.equal(code(refused), 'instrument.unsigned')
  })

  it('activates nothing for an incident that lies with none of its parties', async () => {
    const far = await organization(house.worlds.real, { jurisdiction: '310000', functions: ['government'], name: '上海市人民政府' })
    const farther = await organization(house.worlds.real, { jurisdiction: '320000', functions: ['government'], name: '江苏省人民政府' })
    await adoptPlan(
      house.worlds.real,
      agreement(far, farther, {
        id: 'aid-far',
        signatures: [
          { party: 'receiver', on: day(-1) },
          { party: 'helper', on: day(-1) },
        ],
      }),
    )
    assert.equal(code(await activate('aid-far')), 'instrument.elsewhere')
  })
})

describe('a plan', () => {
  let house: House
  before(async () => {
    house = await openHouse()
  })
  after(() => house.leave())

  it('makes nothing owed until the government of its territory approves it, in its own name', async () => {
    const { real } = house.worlds
    const { parties: _, ...plain } = agreement(house.parts.city, house.parts.hebei)
    const clauses = plain.clauses.map((clause) => ({ ...clause, owes: 'government', to: 'government@superior' })) as Instrument['clauses']
    await adoptPlan(real, { ...plain, id: 'draft', kind: 'plan', demonstration: false, jurisdiction: '120116', clauses })
    const incident = await declared(real)
    const activate = () =>
      house.district.tell('incident', incident, { type: 'incident.activate-instrument', instrumentId: 'draft', text: '启动' })
    assert.equal(((await activate()).body as { code?: string }).code, 'instrument.unapproved')
    const approve = { type: 'instrument.approve', by: words('别人'), note: '常务会议第3次' }
    assert.equal((await house.hebei.tell('instrument', 'draft', approve)).status, 403)
    assert.equal((await house.district.tell('instrument', 'draft', approve)).status, 200)
    const shown = await house.district.get<InstrumentDetail>('/api/instruments/draft')
    assert.deepEqual(
      shown.approvals.map((one) => one.by),
      [words('滨海新区人民政府')],
    )
    assert.equal((await activate()).status, 200)
  })

  it('lists its versions with what each changed, clause by clause', async () => {
    const { real } = house.worlds
    const { city, hebei } = house.parts
    const first = agreement(city, hebei, { id: 'versions' })
    await adoptPlan(real, first)
    await adoptPlan(real, {
      ...first,
      clauses: first.clauses.map((clause) =>
        clause.id === 'needs' && clause.kind === 'duty' ? { ...clause, limit: { ...clause.limit, within: 'PT15M' } } : clause,
      ),
    })
    const { versions } = await house.city.get<InstrumentDetail>('/api/instruments/versions')
    assert.deepEqual(
      versions.map(({ version, changes }) => [version, changes.changed.map((one) => [one.id, one.members])]),
      [
        [2, [['needs', ['limit']]]],
        [1, []],
      ],
    )
  })
})

describe('response levels of one incident', () => {
  let house: House
  before(async () => {
    house = await openHouse()
  })
  after(() => house.leave())

  it('stand side by side, each with its organization, its own scale and code, and the shared level that it maps to', async () => {
    const { real } = house.worlds
    const { city, district, nation } = house.parts
    const incident = await declared(real)
    // Dingri, 7 January 2025: three agencies at II, III and IV at the same time, each by a scale of its own.
    const set = (level: number, organizationId: string, scale: string) =>
      say(real, 'incident', incident, { type: 'incident.set-response', level, text: 'x', organization: organizationId, scale })
    await set(3, nation, 'earthquake')
    await set(2, city, 'earthquake-service')
    await set(4, district, 'geological-hazard')
    const { responses } = await house.city.get<ActivationsView>(`/api/incidents/${incident}/activations`)
    assert.deepEqual(
      responses.map((one) => [one.organization?.id, one.level, one.scale?.id, one.scale?.code]),
      [
        [nation, 3, 'earthquake', 'III'],
        [city, 2, 'earthquake-service', 'II'],
        [district, 4, 'geological-hazard', 'IV'],
      ],
    )
  })
})

describe('time and the end of an instrument', () => {
  let ground: Ground
  before(async () => {
    ground = await openGround()
  })
  after(() => ground.leave())

  it('is warned of 90, 30 and 7 days ahead by the clock alone, once each, and after its end nothing is owed by it', async () => {
    const start = Date.parse('2026-03-01T00:00:00.000Z')
    const clock = new ManualClock(start)
    const world = await ground.open({ clock })
    const one = await organization(world, { jurisdiction: '120000', functions: ['government'], name: '甲' })
    const two = await organization(world, { jurisdiction: '130000', functions: ['government'], name: '乙' })
    const signatures = [
      { party: 'receiver', on: '2026-01-01' },
      { party: 'helper', on: '2026-01-01' },
    ]
    await adoptPlan(world, agreement(one, two, { inForceFrom: '2026-01-01', inForceUntil: '2026-07-01', signatures }))
    await world.advance(Date.parse('2026-07-02T00:00:00.000Z'))
    const warned = await world.sql<
      { at: Date; days: number }[]
    >`select occurred_at as at, (data ->> 'days')::int as days from event where type = 'instrument.expiry-warned' order by position`
    // 2026-07-01 less 90 days is 2 April, less 30 days 1 June, less 7 days 24 June.
    assert.deepEqual(
      warned.map(({ at, days }) => [at.toISOString().slice(0, 10), days]),
      [
        ['2026-04-02', 90],
        ['2026-06-01', 30],
        ['2026-06-24', 7],
      ],
    )
    const instruments = await world.instruments()
    assert.deepEqual(
      instruments.bindingOn('2026-06-30').map((found) => found.id),
      ['aid'],
    )
    assert.deepEqual(instruments.bindingOn('2026-07-01'), [])
  })

  it('keeps its signatures and its standing version when the read models are built anew from the log', async () => {
    const world = await ground.open()
    const one = await organization(world, { jurisdiction: '120000', functions: ['government'], name: '甲' })
    const two = await organization(world, { jurisdiction: '130000', functions: ['government'], name: '乙' })
    await adoptPlan(world, agreement(one, two))
    await say(world, 'instrument', 'aid', { type: 'instrument.sign', party: 'helper' })
    await say(world, 'instrument', 'aid', { type: 'instrument.sign', party: 'receiver' })
    await adoptPlan(world, agreement(one, two, { title: words('互助协议(修订)') }))
    const [row] = await world.sql<
      { version: number; life: { signatures: unknown[]; standing: { version: number } } }[]
    >`select version, life from instrument where id = 'aid'`
    assert.deepEqual([row?.version, row?.life.signatures.length, row?.life.standing.version], [2, 2, 1])
    assert.deepEqual(
      (await world.instruments()).bindingOn(day(0)).map((found) => found.version),
      [1],
    )
    await rebuild(ground.owner(world), world.schema, KEEPINGS)
    const again = await world.sql`select version, life from instrument where id = 'aid'`
    assert.deepEqual([...again], [row])
  })
})
