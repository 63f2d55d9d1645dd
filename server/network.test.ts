import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { OBLIGATION_REPLIES } from './network.ts'
import type { Recorded } from '#core/event.ts'
import type { ForcesView, NetworkView, PairsView } from '#core/view/matrix.ts'
import { openHouse, type House } from '../fixtures/server/house.ts'
import { organization, owe, postOf, reported, say, whole } from '../fixtures/server/scene.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.leave())

const at = (minute: number): string => `2026-07-01T08:${String(minute).padStart(2, '0')}:00.000Z`

/** The same figures from the exported log alone: event by event, in no SQL. */
function fromLog(log: readonly Recorded[], ego: string, other: string): readonly (number | null)[] {
  const of = log
    .filter((event) => event.type === 'obligation.owed')
    .map((owed) => {
      const terms = owed.data as { debtor: string; creditor: string }
      const later = log.filter((event) => event.stream === owed.stream)
      const reply = later.find((event) => OBLIGATION_REPLIES.includes(event.type))
      const done = later.some((event) => event.type === 'obligation.discharged' || event.type === 'obligation.waived')
      return { ...terms, open: !done, reply: reply === undefined ? null : Date.parse(reply.occurredAt) - Date.parse(owed.occurredAt) }
    })
  const middle = (values: readonly (number | null)[]): number | null => {
    const sorted = values.filter((one) => one !== null).toSorted((a, b) => a - b)
    if (sorted.length === 0) return null
    return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2
  }
  const out = of.filter((one) => one.debtor === ego && one.creditor === other)
  const back = of.filter((one) => one.debtor === other && one.creditor === ego)
  const open = (all: typeof of): number => all.filter((one) => one.open).length
  return [open(out), open(back), out.length, back.length, middle(out.map((one) => one.reply)), middle(back.map((one) => one.reply))]
}

test('the dealings of an organization are those of the log: open each way, median replies, reciprocity', async () => {
  const { real } = house.worlds
  const { district, unit, city } = house.parts
  const incident = await reported(real, {}, { occurredAt: at(0) })
  const owed = async (debtor: string, creditor: string, minutes: number | null, how = 'accept'): Promise<void> => {
    const id = randomUUID()
    await say(real, 'obligation', id, owe(incident, debtor, creditor), { occurredAt: at(0) })
    if (minutes === null) return
    const command = how === 'accept' ? { type: 'obligation.accept' } : { type: 'obligation.discharge', evidence: '已办' }
    await say(real, 'obligation', id, command, { doer: postOf(debtor), occurredAt: at(minutes) })
  }
  for (const minutes of [5, 15, 40, null]) await owed(unit, district, minutes)
  await owed(unit, district, 7, 'discharge')
  await owed(district, unit, 3)
  await owed(district, city, 10, 'discharge')
  const network = await house.district.get<NetworkView>(`/api/directory/network?of=${district}`)
  const log = await whole(real)
  for (const other of [unit, city]) {
    const one = network.neighbours.find((each) => each.other.id === other)
    assert.ok(one)
    assert.deepEqual([one.openTo, one.openFrom, one.owedTo, one.owedFrom, one.replyToMs, one.replyFromMs], fromLog(log, district, other))
  }
  const [first] = network.neighbours
  assert.deepEqual([first?.other.id, first?.openFrom, first?.replyFromMs, first?.reciprocity], [unit, 4, 11 * 60_000, 0.2])
  assert.deepEqual([network.openTo, network.openFrom, network.mutual], [1, 4, 0.5])
})

test('nobody counts what he may not see, and an organization without dealings has none', async () => {
  const seen = await house.hebei.get<NetworkView>(`/api/directory/network?of=${house.parts.district}`)
  assert.deepEqual(seen.neighbours, [])
  assert.deepEqual([seen.openTo, seen.replyToMs, seen.mutual], [0, null, null])
  assert.equal((await house.district.ask(`/api/directory/network?of=${randomUUID()}`)).status, 404)
})

test('the pairs of an organization say who commands, who shares a superior, and who can only be asked', async () => {
  const bureau = await organization(house.worlds.real, { jurisdiction: '120116', superior: house.parts.district, name: '应急管理局' })
  const { of, pairs } = await house.district.get<PairsView>(`/api/directory/pairs?of=${bureau}`)
  assert.equal(of.id, bureau)
  const relation = (id: string): string | undefined => pairs.find((one) => one.other.id === id)?.relation
  assert.deepEqual([house.parts.district, house.parts.city, house.parts.unit].map(relation), ['is-commanded', 'is-commanded', 'none'])
  assert.equal(pairs.find((one) => one.other.id === house.parts.unit)?.sameLevel, true)
})

test('the force register groups all forces of a territory, with functions and posts', async () => {
  await organization(house.worlds.real, { jurisdiction: '120116', sector: 'military', name: '人民武装部', functions: ['military'] })
  const forces = await house.district.get<ForcesView>('/api/directory/forces')
  assert.equal(forces.area.code, '120116')
  const of = (group: string): readonly string[] =>
    forces.groups
      .find((one) => one.group === group)
      ?.forces.map((force) => `${force.organization.name['zh-CN']} ${force.functions.join()} ${force.place}`) ?? []
  assert.deepEqual(of('military'), ['人民武装部 military here'])
  assert.deepEqual(of('enterprises'), ['仓储企业  here'])
  assert.deepEqual(of('neighbours'), ['河北省人民政府 government beside'])
  assert.ok(of('departments').includes('天津市人民政府 government above'))
  assert.equal((await house.district.ask('/api/directory/forces?area=abc')).status, 400)
})
