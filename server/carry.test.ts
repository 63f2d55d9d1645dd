import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { Writable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import type { Power } from '#core/directory/post.ts'
import type { CarryBoard } from '#core/view/risk.ts'
import { openHouse, type House } from '../fixtures/server/house.ts'
import { adoptPlan, codeOf, owe, plan, postOf, reported, say, tell, until, words } from '../fixtures/server/scene.ts'
import { Hub } from './live.ts'
import { rebuild } from './rebuild.ts'
import { KEEPINGS, type World } from './world.ts'

const POWERS: readonly Power[] = ['risk.keep', 'finding.supervise', 'sitrep.file']
const WHENCE = { source: '复盘', asOfAt: '2026-07-01T00:00:00.000Z', confidence: 'confirmed' } as const

let house: House
let world: World
before(async () => {
  house = await openHouse()
  world = house.worlds.real
})
after(() => house.leave())

const board = () => house.district.get<CarryBoard>('/api/risks/carry')
const numbers = async () => {
  const { due, settled, refused, share } = await board()
  return { due, settled, refused, share }
}
const register = (more: Readonly<Record<string, unknown>> = {}) => ({
  type: 'risk.register',
  kind: 'site',
  siteKind: 'basement',
  name: words('地下车库'),
  jurisdiction: '120116',
  owner: house.parts.unit,
  regulator: null,
  responder: null,
  ...WHENCE,
  ...more,
})

/** A finding of an obligation of the incident, raised as the linkage would. */
async function found(incident: string): Promise<string> {
  const [obligation, finding] = [randomUUID(), randomUUID()]
  const { district, unit, city } = house.parts
  await say(world, 'obligation', obligation, owe(incident, unit, district))
  await say(world, 'finding', finding, {
    type: 'finding.raise',
    obligationId: obligation,
    incidentId: incident,
    jurisdiction: '120116',
    subject: unit,
    creditor: district,
    supervisor: city,
    kind: 'lapsed',
    gravity: 2,
    basis: null,
    actWords: words('提供物质清单'),
    missedAt: '2026-07-01T00:00:00.000Z',
    ladder: [],
  })
  return finding
}
async function noted(incident: string, kind: string, text: string, subject?: string): Promise<string> {
  const [event] = await say(world, 'incident', incident, {
    type: 'incident.note',
    kind,
    text,
    organization: house.parts.district,
    ...(subject === undefined ? {} : { subject }),
  })
  return event?.commandId ?? assert.fail('nothing noted')
}

describe('what incidents show goes back into the register, into an instrument, or is refused with reason', () => {
  test('a finding is due when it is closed, not while it is open, and never where an objection upheld it', async () => {
    const incident = await reported(world)
    const [open, closed, upheld] = [await found(incident), await found(incident), await found(incident)]
    assert.deepEqual(await numbers(), { due: 0, settled: 0, refused: 0, share: null })
    await say(world, 'finding', closed, { type: 'finding.close', reason: '结案' })
    await say(world, 'finding', upheld, { type: 'finding.object', reason: '不属实' })
    await say(world, 'finding', upheld, { type: 'finding.check', outcome: 'upheld', text: '属实' })
    assert.deepEqual(
      (await board()).waiting.map(({ id, source }) => [id, source]),
      [[closed, 'finding']],
    )
    await say(world, 'finding', open, { type: 'finding.close', reason: '结案' })
    assert.equal((await numbers()).due, 2)
  })

  test('a danger found, and a site that was not on the list, are due; a listed site asked after is not', async () => {
    const { due } = await numbers()
    const incident = await reported(world)
    const id = randomUUID()
    await say(world, 'risk', id, register())
    const danger = await noted(incident, 'danger-found', '地下车库无挡水板')
    const stranger = await noted(incident, 'special-site-checked', '未列册的月子中心', 'yuezi-centre')
    await noted(incident, 'special-site-checked', '已列册', id)
    const { waiting } = await board()
    assert.deepEqual(
      waiting
        .slice(0, 2)
        .map((one) => one.id)
        .toSorted(),
      [danger, stranger].toSorted(),
    )
    assert.equal((await numbers()).due, due + 2)
  })

  test('registered because of it, it is settled by itself, and the new item says whence it came', async () => {
    const incident = await reported(world)
    const from = await noted(incident, 'danger-found', '堤顶塌陷')
    const id = randomUUID()
    await say(world, 'risk', id, register({ from, name: words('堤顶') }), { doer: postOf(house.parts.district, POWERS) })
    await until(
      'it is carried',
      async () => (await world.sql`select 1 from risk where id = ${id} and state #>> '{carried,0,from}' = ${from}`).length === 1,
    )
    const settled = (await board()).decided.find((one) => one.id === from)
    assert.deepEqual([settled?.outcome, settled?.risk?.id], ['risk', id])
    await world.settled()
    assert.equal((await world.sql`select 1 from event where stream = ${`carry/${from}`}`).length, 1)
  })

  test('an instrument counts only in a version adopted since, and is named with it', async () => {
    await adoptPlan(world, plan({ id: 'lesson-plan' }))
    const incident = await reported(world)
    const id = await noted(incident, 'danger-found', '预案未写联系人')
    const doer = postOf(house.parts.district, POWERS)
    const into = { type: 'carry.into-instrument', instrumentId: 'lesson-plan', text: '补写联系人' }
    assert.equal(codeOf(await tell(world, 'carry', id, into, { doer })), 'carry.instrument-unchanged')
    await adoptPlan(world, plan({ id: 'lesson-plan', within: 'PT10M' }))
    const [event] = await say(world, 'carry', id, into, { doer })
    assert.equal((event?.data as { version?: number }).version, 2)
  })

  test('the subject does not refuse its own lesson, and who may not see it does not learn of it', async () => {
    const incident = await reported(world)
    const id = await found(incident)
    await say(world, 'finding', id, { type: 'finding.close', reason: '结案' })
    const refuse = { type: 'carry.refuse', reason: '不会再现' }
    const as = (organization: string) => tell(world, 'carry', id, refuse, { doer: postOf(organization, POWERS) })
    assert.equal(codeOf(await as(house.parts.unit)), 'authority.not-keeper')
    assert.equal(codeOf(await as(house.parts.hebei)), 'carry.unknown')
    assert.equal(codeOf(await tell(world, 'carry', randomUUID(), refuse)), 'carry.unknown')
    // Whatever the sender says that it is about, the server says what it is.
    const forged = {
      ...refuse,
      of: {
        source: 'note',
        incidentId: null,
        jurisdiction: '130000',
        subject: null,
        supervisor: house.parts.hebei,
        words: words('x'),
        raisedAt: '2026-01-01T00:00:00.000Z',
      },
    }
    assert.equal(codeOf(await tell(world, 'carry', id, forged, { doer: postOf(house.parts.hebei, POWERS) })), 'carry.unknown')
    assert.equal(codeOf(await as(house.parts.city)), 'done')
    const { refused, share } = await numbers()
    assert.equal(refused, 1)
    assert.ok(share !== null && share < 1)
  })
})

test('what a store holds does not leave by the live line, not even to who may see the item', async () => {
  const hub = new Hub(world, (error) => assert.fail(error as Error))
  const texts = new Map<string, string>()
  const join = (organization: string): Promise<void> => {
    const out = new Writable({
      write(chunk: Buffer, _, done) {
        texts.set(organization, (texts.get(organization) ?? '') + chunk.toString('utf8'))
        done()
      },
    })
    return hub.join(out as unknown as ServerResponse, organization, null)
  }
  await Promise.all([join(house.parts.district), join(house.parts.hebei)])
  const id = randomUUID()
  await say(world, 'risk', id, register({ name: words('秘密库'), substances: [{ name: '氰化钠', quantity: { value: 7, unit: 't' } }] }))
  await until('it is heard', () => texts.get(house.parts.district)?.includes(id) === true)
  assert.ok(texts.get(house.parts.district)?.includes('risk.stored') === true)
  for (const text of texts.values()) assert.ok(!text.includes('氰化钠'))
  assert.ok(texts.get(house.parts.hebei)?.includes(id) !== true)
  hub.close()
})

test('rebuilt from the log the register and what was carried over are the same', async () => {
  await world.settled()
  const rows = () =>
    world.sql`select r.id, r.store, r.gaps, r.grams, r.fresh_until, c.outcome from risk r left join carry c on c.risk_id = r.id order by r.id, c.id`
  const before_ = await rows()
  await rebuild(world.sql, world.schema, KEEPINGS)
  assert.deepEqual(await rows(), before_)
})
