import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../decider.ts'
import type { LonLat, TargetArea } from './area.ts'
import { Points } from './points.ts'

function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
const ids = (points: Points, area: TargetArea): number[] => {
  const found = points.within(area)
  assert.ok(!(found instanceof Refusal), JSON.stringify(found))
  return [...found].toSorted((a, b) => a - b)
}

/** Distance by the angle between two unit vectors: another formula than the program's. */
function apartKm([lon1, lat1]: LonLat, [lon2, lat2]: LonLat): number {
  const rad = Math.PI / 180
  const vector = (lon: number, lat: number): readonly number[] => [
    Math.cos(lat * rad) * Math.cos(lon * rad),
    Math.cos(lat * rad) * Math.sin(lon * rad),
    Math.sin(lat * rad),
  ]
  const [[a = 0, b = 0, c = 0], [d = 0, e = 0, f = 0]] = [vector(lon1, lat1), vector(lon2, lat2)]
  const cross = Math.hypot(b * f - c * e, c * d - a * f, a * e - b * d)
  return 6371.0088 * Math.atan2(cross, a * d + b * e + c * f)
}

test('circles hold who is within their radius on the sphere, over the poles and the antimeridian too', () => {
  const random = dice(3)
  const places = Array.from({ length: 20_000 }, (): LonLat => [random() * 360 - 180, (Math.asin(2 * random() - 1) * 180) / Math.PI])
  const points = new Points(
    Float64Array.from(places, ([lon]) => lon),
    Float64Array.from(places, ([, lat]) => lat),
  )
  for (const [lon, lat, radiusKm] of [
    [116.4, 39.9, 300],
    [179.9, -17, 900],
    [-179.5, 65, 2500],
    [30, 89, 1500],
    [-60, -90, 4000],
    [10, 20, 9000],
    [10, 20, 15_000],
    [100, 5, 20_016],
    [0, 0, 0],
  ] as const) {
    const found = new Set(ids(points, { circles: [{ lon, lat, radiusKm }] }))
    let near = 0
    for (const [i, place] of places.entries()) {
      const apart = apartKm([lon, lat], place)
      if (Math.abs(apart - radiusKm) < 1e-6) continue
      if (apart < radiusKm) near++
      if (found.has(i) !== apart < radiusKm) assert.fail(`${place.join()} is ${apart} km from ${lon},${lat}, radius ${radiusKm}`)
    }
    assert.ok(near > 0 || radiusKm === 0)
  }
  const own = new Points(Float64Array.of(12.3), Float64Array.of(45.6))
  assert.deepEqual(ids(own, { circles: [{ lon: 12.3, lat: 45.6, radiusKm: 0 }] }), [0])
})

/** A ray to the west by division, as in textbooks; these places are no part of any line. */
function inRing([lon, lat]: LonLat, ring: readonly LonLat[]): boolean {
  let odd = false
  let before = ring.at(-1) ?? [0, 0]
  for (const corner of ring) {
    const rise = corner[1] - before[1]
    if (before[1] > lat !== corner[1] > lat && lon > before[0] + ((lat - before[1]) / rise) * (corner[0] - before[0])) odd = !odd
    before = corner
  }
  return odd
}
const star = (random: () => number, lon: number, lat: number, size: number, corners: number): LonLat[] =>
  Array.from({ length: corners }, (_, i): LonLat => {
    const [turn, reach] = [(i / corners) * 2 * Math.PI, size * (0.4 + 0.6 * random())]
    return [lon + Math.cos(turn) * reach, lat + Math.sin(turn) * reach]
  })

test('of 100,000 points the same are found as by looking at each, while points come, move and go', () => {
  const random = dice(5)
  const place = (): LonLat => [73 + random() * 62, 18 + random() * 36]
  const places: (LonLat | null)[] = Array.from({ length: 100_000 }, place)
  const points = new Points(
    Float64Array.from(places, (one) => one?.[0] ?? 0),
    Float64Array.from(places, (one) => one?.[1] ?? 0),
  )
  for (let round = 0; round < 8; round++) {
    const [shell, hole, second] = [
      star(random, 80 + random() * 50, 22 + random() * 28, [0.5, 4, 20][round % 3] ?? 1, 120),
      star(random, 100, 35, 3, 12),
      star(random, 105, 33, 6, 40),
    ]
    const polygons = round % 2 === 0 ? [[shell]] : [[shell, hole], [second]]
    const expected = places.flatMap((one, i) => {
      if (one === null) return []
      const first = inRing(one, shell) && !(round % 2 === 1 && inRing(one, hole))
      return first || (round % 2 === 1 && inRing(one, second)) ? [i] : []
    })
    assert.deepEqual(ids(points, { polygons }), expected)
    for (let change = 0; change < 1500; change++) {
      const number = Math.floor(random() * places.length)
      if (change % 3 === 0) {
        assert.equal(points.remove(number), places[number] !== null)
        places[number] = null
      } else {
        const [at, to] = [change % 3 === 1 ? number : places.length, place()]
        points.put(at, ...to)
        places[at] = to
      }
    }
  }
  assert.equal(points.size, places.filter((one) => one !== null).length)
  const before = points.changed
  assert.ok(before > 0 && before < 4096 + 3, `${before} changes wait: the tree was packed anew in between`)
})

test('a place that is none on Earth is refused by the index before it is kept', () => {
  const points = new Points()
  assert.throws(() => points.put(0, 181, 0), /no place on Earth/)
  assert.throws(() => points.put(0, 0, Number.NaN), /no place on Earth/)
  assert.throws(() => points.put(-1, 0, 0), /no number/)
  assert.equal(points.remove(3), false)
  assert.deepEqual(ids(points, { circles: [{ lon: 0, lat: 0, radiusKm: 20_038 }] }), [])
})
