/** Held against another reckoning: whole numbers without rounding, a ray and the line itself, edge by edge. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../decider.ts'
import type { LonLat, Rings } from './area.ts'
import { orient } from './orient.ts'
import { Points } from './points.ts'
import { allShapes } from './shape.ts'

/** The same throws at every run. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** A double is a whole number of 2^-1074; of what stands here 2^-160 is enough. */
const SCALE = 160
function whole(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const exponent = Number((bits >> 52n) & 2047n)
  if (exponent === 0) return 0n
  const mantissa = (bits & (2n ** 52n - 1n)) | (2n ** 52n)
  const up = exponent - 1075 + SCALE
  assert.ok(up >= 0)
  return (value < 0 ? -mantissa : mantissa) << BigInt(up)
}
type Exact = readonly [bigint, bigint]
const exact = ([x, y]: LonLat): Exact => [whole(x), whole(y)]
const sign = (value: bigint): number => (value > 0n ? 1 : value < 0n ? -1 : 0)
const side = (a: Exact, b: Exact, c: Exact): number => sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
const between = (a: bigint, b: bigint, c: bigint): boolean => (a <= c && c <= b) || (b <= c && c <= a)

function ringPlace(ring: readonly Exact[], at: Exact): 'out' | 'line' | 'in' {
  let odd = false
  for (const [i, a] of ring.entries()) {
    const b = ring[(i + 1) % ring.length] ?? a
    if (side(a, b, at) === 0 && between(a[0], b[0], at[0]) && between(a[1], b[1], at[1])) return 'line'
    // A ray to the west, where the program looks to the east.
    if (a[1] >= at[1] !== b[1] >= at[1] && side(a, b, at) === (b[1] > a[1] ? -1 : 1)) odd = !odd
  }
  return odd ? 'in' : 'out'
}
const exactly = (rings: Rings): readonly (readonly Exact[])[] => rings.map((ring) => ring.map(exact))
function isIn([shell = [], ...holes]: readonly (readonly Exact[])[], at: LonLat): boolean {
  const point = exact(at)
  return ringPlace(shell, point) !== 'out' && holes.every((hole) => ringPlace(hole, point) !== 'in')
}

function answer(polygons: readonly Rings[], points: readonly LonLat[]): ReadonlySet<number> {
  const index = new Points(
    Float64Array.from(points, ([lon]) => lon),
    Float64Array.from(points, ([, lat]) => lat),
  )
  const found = index.within({ polygons })
  assert.ok(!(found instanceof Refusal), JSON.stringify(found))
  assert.equal(new Set(found).size, found.length, 'each once')
  return new Set(found)
}
function agree(rings: Rings, points: readonly LonLat[]): void {
  const found = answer([rings], points)
  const whole = exactly(rings)
  for (const [i, point] of points.entries())
    assert.equal(found.has(i), isIn(whole, point), `${JSON.stringify(point)} of ${JSON.stringify(rings).slice(0, 400)}`)
}

/** Every vertex, what rounding makes of places along every edge, their neighbours among the doubles, and places all around. */
function trials(rings: Rings, random: () => number): LonLat[] {
  const all = rings.flat()
  const lons = all.map(([lon]) => lon)
  const lats = all.map(([, lat]) => lat)
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)]
  const points: LonLat[] = [...all]
  for (const ring of rings)
    for (const [i, a] of ring.entries()) {
      const b = ring[(i + 1) % ring.length] ?? a
      for (const share of [0.5, random(), random()]) {
        const [x, y] = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
        points.push([x, y], [nudged(x, random), y], [x, nudged(y, random)])
      }
    }
  for (let i = 0; i < 100; i++) points.push([west + (east - west) * random(), south + (north - south) * random()])
  for (const [lon, lat] of all) points.push([lon, south + (north - south) * random()], [west + (east - west) * random(), lat])
  return points
}
const nudged = (value: number, random: () => number): number => value + (random() < 0.5 ? -1 : 1) * Math.abs(value) * 2 ** -52

const closed = (ring: readonly LonLat[]): readonly LonLat[] => [...ring, ring[0] ?? [0, 0]]

test('the side of a line is told exactly where the rounded determinant is not', () => {
  const random = dice(7)
  let exactZeros = 0
  for (let i = 0; i < 8000; i++) {
    const a: LonLat = [random() * 360 - 180, random() * 180 - 90]
    const b: LonLat = [random() * 360 - 180, random() * 180 - 90]
    const share = [0, 1, 0.5, random()][i % 4] ?? 0
    const x = a[0] + (b[0] - a[0]) * share
    const c: LonLat = [i % 3 === 0 ? nudged(x, random) : x, a[1] + (b[1] - a[1]) * share]
    const told = Math.sign(orient(...a, ...b, ...c))
    assert.equal(told, side(exact(a), exact(b), exact(c)))
    if (told === 0) exactZeros++
  }
  assert.ok(exactZeros > 500, `${exactZeros} lie on the line`)
})

test('random shapes, folded over themselves and with holes, agree with whole numbers at every vertex and edge', () => {
  const random = dice(11)
  for (let round = 0; round < 20; round++) {
    const ring = (corners: number, size: number): LonLat[] =>
      Array.from({ length: corners }, () => [116 + (random() - 0.5) * size, 39 + (random() - 0.5) * size])
    const rings = [ring(3 + Math.floor(random() * 20), 4), ...(round % 2 === 0 ? [ring(4, 1), ring(3, 1)] : [])]
    agree(round % 3 === 0 ? rings : rings.map(closed), trials(rings, random))
  }
})

test('corners on a coarse grid, where everything is collinear or touches, agree with whole numbers', () => {
  const random = dice(13)
  for (let round = 0; round < 40; round++) {
    const ring = (corners: number, size: number): LonLat[] => [
      [0, 0],
      ...Array.from({ length: corners }, (): LonLat => [Math.floor(random() * size), 1 + Math.floor(random() * size)]),
    ]
    const rings = [ring(4 + Math.floor(random() * 8), 6), ring(4, 6), ring(3, 6)]
    const grid = Array.from({ length: 169 }, (_, i): LonLat => [(i % 13) / 2, Math.floor(i / 13) / 2])
    agree(rings, [...grid, ...trials(rings, random)])
  }
})

test('a star of 600 corners, and one as small as a hand, agree with whole numbers', () => {
  const random = dice(17)
  for (const size of [8, 1e-6]) {
    const star = Array.from({ length: 600 }, (_, i): LonLat => {
      const [turn, reach] = [(i / 600) * 2 * Math.PI, size * (0.5 + random() / 2)]
      return [104 + Math.cos(turn) * reach, 31 + Math.sin(turn) * reach]
    })
    const points = trials([star], random)
    agree(
      [star],
      points.filter((_, i) => i % 32 === 0),
    )
  }
})

test('a spike encloses nothing, and who stands on it is inside', () => {
  const rings: Rings = [
    [
      [0, 0],
      [4, 0],
      [4, 4],
      [2, 4],
      [2, 9],
      [2, 4],
      [0, 4],
    ],
  ]
  const found = answer(
    [rings],
    [
      [2, 7],
      [2.1, 7],
      [2, 9],
      [2, 9.1],
      [1, 1],
    ],
  )
  assert.deepEqual([...found].toSorted(), [0, 2, 4])
})

test('a hole is left out, its line is not, also where it touches the shell, reaches beyond it or overlaps another', () => {
  const shell: readonly LonLat[] = [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 10],
  ]
  const touching: readonly LonLat[] = [
    [0, 4],
    [3, 4],
    [3, 6],
    [0, 6],
  ]
  const beyond: readonly LonLat[] = [
    [8, 8],
    [12, 8],
    [12, 12],
    [8, 12],
  ]
  const over: readonly LonLat[] = [
    [2, 5],
    [5, 5],
    [5, 7],
    [2, 7],
  ]
  const points: LonLat[] = [
    [1, 5],
    [0, 5],
    [3, 4.5],
    [2.5, 5.5],
    [9, 9],
    [11, 11],
    [8, 9],
    [10, 9],
    [6, 6],
    [2, 5.5],
    [2.5, 6],
  ]
  const found = answer([[shell, touching, beyond, over]], points)
  // (0, 5) is on the line of shell and hole; (2, 5.5) is on one hole's line, but inside the other; (10, 9) likewise.
  assert.deepEqual(
    [...found].toSorted((a, b) => a - b),
    [1, 2, 6, 8],
  )
  agree([shell, touching, beyond, over], points)
})

test('what crosses the antimeridian is one shape on both sides, with its holes and its line', () => {
  const points: LonLat[] = [
    [179, 0],
    [-179, 0],
    [180, 0],
    [-180, 0],
    [170, 0],
    [-170, 0],
    [169.9, 0],
    [-169.9, 0],
    [0, 0],
    [176, 0],
    [-176, 0],
    [175, 1],
  ]
  const crossing: readonly LonLat[] = [
    [170, -5],
    [-170, -5],
    [-170, 5],
    [170, 5],
  ]
  const startingWest: readonly LonLat[] = [
    [-170, 5],
    [170, 5],
    [170, -5],
    [-170, -5],
  ]
  const beyond: Rings[] = [
    [
      [
        [170, -5],
        [180, -5],
        [180, 5],
        [170, 5],
      ],
    ],
    [
      [
        [-180, -5],
        [-170, -5],
        [-170, 5],
        [-180, 5],
      ],
    ],
  ]
  for (const polygons of [[[crossing]], [[startingWest]], beyond])
    assert.deepEqual(
      [...answer(polygons, points)].toSorted((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 9, 10, 11],
    )
  const hole: readonly LonLat[] = [
    [175, -2],
    [-175, -2],
    [-175, 2],
    [175, 2],
  ]
  const westHole: readonly LonLat[] = [
    [-178, -2],
    [-175, -2],
    [-175, 2],
    [-178, 2],
  ]
  assert.deepEqual(
    [...answer([[crossing, hole]], points)].toSorted((a, b) => a - b),
    [4, 5, 11],
  )
  assert.deepEqual(
    [...answer([[crossing, westHole]], points)].toSorted((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 9, 11],
  )
  // The line at 180° is one line, whichever sign it is written with.
  assert.deepEqual(
    [
      ...answer(
        [
          [
            [
              [-180, 0],
              [-170, 0],
              [-170, 5],
              [-180, 5],
            ],
          ],
        ],
        [
          [180, 2],
          [-180, 2],
          [179.9, 2],
        ],
      ),
    ].toSorted(),
    [0, 1],
  )
})

test('the whole world, and a cap that is cut at the antimeridian, are shapes like others; a ring around a pole is refused', () => {
  const world: Rings = [
    [
      [-180, -90],
      [180, -90],
      [180, 90],
      [-180, 90],
    ],
  ]
  const arctic: Rings = [
    [
      [-180, 66],
      [180, 66],
      [180, 90],
      [-180, 90],
    ],
  ]
  const points: LonLat[] = [
    [0, 0],
    [180, 90],
    [-180, -90],
    [10, 66],
    [10, 65.9],
    [-180, 80],
  ]
  assert.equal(answer([world], points).size, 6)
  assert.deepEqual([...answer([arctic], points)].toSorted(), [1, 3, 5])
  const around: Rings = [
    [
      [0, 80],
      [120, 80],
      [-120, 80],
    ],
  ]
  assert.deepEqual(allShapes({ polygons: [around] }), new Refusal('target.pole'))
})

test('what is no shape is refused with its reason, and what is too much before it is reckoned', () => {
  const code = (area: Parameters<typeof allShapes>[0]): string | null => {
    const shapes = allShapes(area)
    return shapes instanceof Refusal ? shapes.code : null
  }
  assert.equal(
    code({
      polygons: [
        [
          [
            [0, 0],
            [1, 1],
            [0, 0],
          ],
        ],
      ],
    }),
    'target.ring-short',
  )
  assert.equal(code({ polygons: [[]] }), 'target.ring-short')
  assert.equal(
    code({
      polygons: [
        [
          [
            [0, 0],
            [181, 0],
            [0, 1],
          ],
        ],
      ],
    }),
    'target.out-of-range',
  )
  assert.equal(
    code({
      polygons: [
        [
          [
            [0, 0],
            [1, Number.NaN],
            [0, 1],
          ],
        ],
      ],
    }),
    'target.out-of-range',
  )
  assert.equal(code({ circles: [{ lon: 0, lat: 0, radiusKm: -1 }] }), 'target.radius')
  assert.equal(code({ circles: [{ lon: 0, lat: 0, radiusKm: Infinity }] }), 'target.radius')
  const ring = Array.from({ length: 200_001 }, (_, i): LonLat => [i / 2000, 0])
  assert.equal(code({ polygons: [[ring]] }), 'target.too-large')
  const comb = Array.from({ length: 100_000 }, (_, i): LonLat => [i / 1000, i % 2 === 0 ? 0 : 60])
  assert.equal(code({ polygons: [[comb]] }), 'target.too-intricate')
})
