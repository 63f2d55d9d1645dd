import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellOf, cellsAround, dice, likeness, metresBetween, proposalsFor, sharedWords, type Sighting } from './duplicate.ts'

const AT = Date.parse('2026-07-01T08:00:00.000Z')
const sighting = (
  id: string,
  text: string,
  more: Partial<{ lat: number; lon: number; name: string; hazard: string; minutes: number }> = {},
): Sighting => ({
  id,
  text,
  place: { name: more.name ?? null, lat: more.lat ?? null, lon: more.lon ?? null },
  hazard: more.hazard ?? null,
  at: new Date(AT + (more.minutes ?? 0) * 60_000).toISOString(),
})
/** Metres to the north, on the mean radius of the earth. */
const north = (metres: number): number => 39 + (metres / 6_371_008.8) * (180 / Math.PI)

test("Dice's coefficient by hand: 塌方了 and 公路塌方 share one pair of two and three", () => {
  assert.equal(dice('塌方了', '公路塌方'), (2 * 1) / (2 + 3))
  assert.equal(dice('night', 'nacht'), (2 * 1) / (4 + 4)) // the textbook example
  assert.equal(dice('', '塌方'), 0)
  assert.equal(dice('塌方', '塌方'), 1)
  assert.equal(dice('Ｆｉｒｅ', 'fire'), 1, 'full-width letters are the same letters')
})

test('380 metres away, 6 minutes apart and with the same words is proposed with exactly these reasons', () => {
  const one = sighting('a', '村口公路塌方，有车被埋', { lat: 39, lon: 117 })
  const other = sighting('b', '塌方！压住一辆车，人还在里面', { lat: north(380), lon: 117, minutes: 6 })
  assert.deepEqual(likeness(one, { ...other, text: '公路塌方压住一辆车' })?.reasons, [
    { kind: 'distance', metres: 380 },
    { kind: 'minutes', minutes: 6 },
    { kind: 'words', words: ['公路塌方'] },
  ])
})

test('near in place and time but about something else is not proposed', () => {
  const one = sighting('a', '小区停电', { lat: 39, lon: 117 })
  assert.equal(likeness(one, sighting('b', '老人走失，穿红衣', { lat: 39, lon: 117, minutes: 2 })), null)
})

test('further than five kilometres or six hours is never proposed, however alike the words', () => {
  const one = sighting('a', '仓库起火', { lat: 39, lon: 117, hazard: 'fire' })
  assert.equal(likeness(one, sighting('b', '仓库起火', { lat: north(5100), lon: 117, hazard: 'fire' })), null)
  assert.equal(likeness(one, sighting('c', '仓库起火', { lat: 39, lon: 117, hazard: 'fire', minutes: 361 })), null)
})

test('without a point the name of the place has to do, and another place with the same words is another thing', () => {
  const one = sighting('a', '积水很深，车熄火了', { name: '解放路地道' })
  assert.ok(likeness(one, sighting('b', '地道积水，车熄火', { name: '解放路地道北口', minutes: 10 })))
  assert.equal(likeness(one, sighting('c', '积水很深，车熄火了', { name: '上海道与新港路交口' })), null)
})

test('words that everybody says are no reason', () => {
  assert.deepEqual(sharedWords('现在有人', '这里现在有人'), [])
  assert.deepEqual(sharedWords('Fire at the warehouse', 'warehouse on fire'), ['warehouse', 'fire'])
})

test('of a thousand alike no more than fifty are compared and five proposed', () => {
  const many = Array.from({ length: 1000 }, (_, i) => sighting(String(i), '公路塌方有车被埋', { lat: 39, lon: 117 }))
  assert.equal(proposalsFor(sighting('x', '公路塌方有车被埋', { lat: 39, lon: 117 }), many).length, 5)
})

test('whatever lies within five kilometres lies in the cells that are searched, at any latitude and across the antimeridian', () => {
  let seed = 7
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  for (let i = 0; i < 20_000; i++) {
    const here = { lat: random() * 150 - 75, lon: i % 3 === 0 ? 180 - random() * 0.02 : random() * 360 - 180 }
    const bearing = random() * 2 * Math.PI
    const lat = here.lat + (5000 * random() * Math.cos(bearing)) / 111_195
    const far = (5000 * random() * Math.sin(bearing)) / (111_195 * Math.cos((here.lat * Math.PI) / 180))
    const there = { lat, lon: ((here.lon + far + 540) % 360) - 180 }
    if (metresBetween(here, there) <= 5000) assert.ok(cellsAround(here).includes(cellOf(there)), JSON.stringify({ here, there }))
  }
})
