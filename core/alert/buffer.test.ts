import assert from 'node:assert/strict'
import { test } from 'node:test'
import { union as join, type Geom } from 'polyclip-ts'
import { Refusal } from '../decider.ts'
import { bufferOf, type Buffered, type BufferShape, type Union } from './buffer.ts'
import type { Position } from './ring.ts'

const union: Union = (rings) => {
  const [first, ...others] = rings.map((ring): Geom => [ring.map(([lon, lat]): [number, number] => [lon, lat])])
  return first === undefined ? [] : join(first, ...others).map(([shell = []]) => shell as readonly Position[])
}
const made = (shape: BufferShape, km: number): Buffered => {
  const found = bufferOf(shape, km, union)
  if (found instanceof Refusal) throw new Error(found.code)
  return found
}

/** Vincenty's direct formula on the ellipsoid of WGS-84: where one comes, going so far in a direction. Nothing of it is in the program. */
function vincenty([lon, lat]: Position, bearing: number, metres: number): Position {
  const [a, b, f] = [6378137, 6356752.314245, 1 / 298.257223563]
  const rad = Math.PI / 180
  const alpha = bearing * rad
  const tanU = (1 - f) * Math.tan(lat * rad)
  const cosU = 1 / Math.sqrt(1 + tanU * tanU)
  const sinU = tanU * cosU
  const sigma1 = Math.atan2(tanU, Math.cos(alpha))
  const sinAlpha = cosU * Math.sin(alpha)
  const cosSq = 1 - sinAlpha * sinAlpha
  const uSq = (cosSq * (a * a - b * b)) / (b * b)
  const A = 1 + (uSq / 16384) * (4096 + uSq * (-768 + uSq * (320 - 175 * uSq)))
  const B = (uSq / 1024) * (256 + uSq * (-128 + uSq * (74 - 47 * uSq)))
  let sigma = metres / (b * A)
  for (let i = 0; i < 50; i++) {
    const mid = Math.cos(2 * sigma1 + sigma)
    const delta =
      B *
      Math.sin(sigma) *
      (mid + (B / 4) * (Math.cos(sigma) * (-1 + 2 * mid * mid) - (B / 6) * mid * (-3 + 4 * Math.sin(sigma) ** 2) * (-3 + 4 * mid * mid)))
    sigma = metres / (b * A) + delta
  }
  const mid = Math.cos(2 * sigma1 + sigma)
  const tmp = sinU * Math.sin(sigma) - cosU * Math.cos(sigma) * Math.cos(alpha)
  const to = Math.atan2(
    sinU * Math.cos(sigma) + cosU * Math.sin(sigma) * Math.cos(alpha),
    (1 - f) * Math.sqrt(sinAlpha * sinAlpha + tmp * tmp),
  )
  const lambda = Math.atan2(Math.sin(sigma) * Math.sin(alpha), cosU * Math.cos(sigma) - sinU * Math.sin(sigma) * Math.cos(alpha))
  const C = (f / 16) * cosSq * (4 + f * (4 - 3 * cosSq))
  const L = lambda - (1 - C) * f * sinAlpha * (sigma + C * Math.sin(sigma) * (mid + C * Math.cos(sigma) * (-1 + 2 * mid * mid)))
  return [lon + L / rad, to / rad]
}

const inside = (ring: readonly Position[], [x, y]: Position): boolean => {
  let odd = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[x1, y1], [x2, y2]] = [ring[i] ?? [0, 0], ring[j] ?? [0, 0]]
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd
  }
  return odd
}
const within = ({ polygons }: Buffered, point: Position): boolean => polygons.some((ring) => inside(ring, point))
const BEARINGS = Array.from({ length: 72 }, (_, i) => i * 5)

test('around a point the buffer is a circle of CAP, exact by definition', () => {
  assert.deepEqual(made({ type: 'point', at: [117.74, 39.04] }, 3), { circles: [{ lon: 117.74, lat: 39.04, radiusKm: 3 }], polygons: [] })
})

for (const [name, line, km] of [
  [
    'a reach of a river of some 20 km',
    [
      [117.5, 39.0],
      [117.6, 39.05],
      [117.72, 39.02],
    ],
    2,
  ],
  [
    'a long line in the north',
    [
      [123.0, 52.5],
      [127.0, 53.4],
    ],
    25,
  ],
  [
    'a line in the tropics',
    [
      [110.0, 18.2],
      [110.6, 19.6],
      [109.2, 19.9],
    ],
    10,
  ],
] as const satisfies readonly (readonly [string, readonly Position[], number])[])
  test(`${name}: whoever is within the distance by the ellipsoid is inside, whoever is 2 % farther is not`, () => {
    const buffer = made({ type: 'line', along: line }, km)
    assert.equal(buffer.polygons.length, 1)
    // The sphere and the ellipsoid differ by up to 0.5 %, the corners by as much again.
    for (const end of line) for (const bearing of BEARINGS) assert.ok(within(buffer, vincenty(end, bearing, km * 994)), `${end} ${bearing}`)
    const [start, next] = line
    const back = (Math.atan2((start[0] - next[0]) * Math.cos((start[1] * Math.PI) / 180), start[1] - next[1]) * 180) / Math.PI
    for (const turn of [-60, -30, 0, 30, 60]) assert.ok(!within(buffer, vincenty(start, back + turn, km * 1020)), `${turn}`)
  })

test('a polygon grows by the distance on every side, and its inside stays inside', () => {
  const ring: readonly Position[] = [
    [117.5, 38.9],
    [117.9, 38.9],
    [117.9, 39.2],
    [117.5, 39.2],
    [117.5, 38.9],
  ]
  const buffer = made({ type: 'polygon', ring }, 5)
  assert.equal(buffer.polygons.length, 1)
  assert.ok(within(buffer, [117.7, 39.05]))
  for (const [from, bearing] of [
    [[117.7, 39.2], 0],
    [[117.9, 39.05], 90],
    [[117.7, 38.9], 180],
    [[117.5, 39.05], 270],
  ] as const) {
    assert.ok(within(buffer, vincenty(from, bearing, 4970)), `${bearing}`)
    assert.ok(!within(buffer, vincenty(from, bearing, 5100)), `${bearing}`)
  }
  assert.ok(!within(buffer, vincenty([117.9, 39.2], 45, 5100)), 'its corners are round')
})

test('a line across the antimeridian stays one strip', () => {
  const buffer = made(
    {
      type: 'line',
      along: [
        [179.8, -17],
        [-179.8, -17],
      ],
    },
    10,
  )
  assert.equal(buffer.polygons.length, 1)
  assert.ok(within(buffer, [180, -17]))
})

test('what cannot be buffered is refused: too far, too near to a pole, too many points, a ring that crosses itself', () => {
  const code = (shape: BufferShape, km: number): string | null => {
    const found = bufferOf(shape, km, union)
    return found instanceof Refusal ? found.code : null
  }
  assert.equal(code({ type: 'point', at: [0, 0] }, 501), 'alert.buffer-too-large')
  assert.equal(code({ type: 'point', at: [0, 0] }, Number.NaN), 'alert.buffer-too-large')
  assert.equal(
    code(
      {
        type: 'line',
        along: [
          [0, 84.9],
          [1, 84.9],
        ],
      },
      100,
    ),
    'alert.buffer-pole',
  )
  assert.equal(code({ type: 'line', along: [[0, 0]] }, 1), 'alert.ring-faulty')
  assert.equal(
    code(
      {
        type: 'polygon',
        ring: [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
          [0, 0],
        ],
      },
      1,
    ),
    'alert.ring-faulty',
  )
  assert.equal(code({ type: 'line', along: Array.from({ length: 501 }, (_, i): Position => [i / 100, 0]) }, 1), 'alert.buffer-too-large')
})
