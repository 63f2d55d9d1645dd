import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Reach } from '#core/alert.ts'
import { Refusal } from '#core/decider.ts'
import type { Division } from '#core/target.ts'
import { cast, openGround, postOf, say, words, type Cast, type Ground } from '../fixtures/server/scene.ts'
import { WorldTargets } from './targets.ts'
import type { World } from './world.ts'

let ground: Ground
let world: World
let parts: Cast
const square = (west: number, south: number, side = 1): readonly (readonly [number, number])[] => [
  [west, south],
  [west + side, south],
  [west + side, south + side],
  [west, south + side],
  [west, south],
]
/** Two counties side by side in one prefecture, and a prefecture of which no county is known. */
const DIVISIONS: readonly Division[] = [
  { code: '130200', polygons: [[square(118, 39, 2)]] },
  { code: '130207', polygons: [[square(118, 39)]] },
  { code: '130208', polygons: [[square(119, 39)]] },
  { code: '130300', polygons: [[square(121, 39)]] },
]
const reached = (reach: Reach | Refusal): Reach => (reach instanceof Refusal ? assert.fail(reach.code) : reach)
const codes = (reach: Reach | Refusal): readonly string[] => reached(reach).divisions.map(({ code, share }) => `${code} ${share}`)

before(async () => {
  ground = await openGround()
  world = await ground.open()
  parts = await cast(world)
})
after(() => ground.leave())

async function site(
  jurisdiction: string,
  place: { readonly lon: number; readonly lat: number } | null,
  id: string = randomUUID(),
): Promise<string> {
  const { nation: owner } = parts
  const command = {
    type: 'risk.register',
    kind: 'site',
    siteKind: 'care-home',
    name: words('养老院'),
    jurisdiction,
    ...(place === null ? {} : { place: { name: '院址', ...place } }),
    owner,
    promise: 'P90D',
    source: '登记',
    asOfAt: world.now(),
    confidence: 'confirmed',
  }
  await say(world, 'risk', id, command, { doer: postOf(owner, ['risk.keep']) })
  return id
}

test('a prefecture of which a county is reached says nothing more; where nothing finer is known it stands for itself', async () => {
  const targets = new WorldTargets(world.sql, () => DIVISIONS)
  assert.deepEqual(codes(await targets.reachOf({ polygons: [[square(118.2, 39.2, 0.2)]] })), ['130207 part'])
  assert.deepEqual(codes(await targets.reachOf({ polygons: [[square(121.2, 39.2, 0.2)]] })), ['130300 part'])
})

test('neighbours that share an edge with the area are not reached', async () => {
  const targets = new WorldTargets(world.sql, () => DIVISIONS)
  assert.deepEqual(codes(await targets.reachOf({ polygons: [[square(118, 39)]] })), ['130207 whole'])
})

test('a division that is named is reached, whether its boundary is known or not', async () => {
  const targets = new WorldTargets(world.sql, () => DIVISIONS)
  assert.deepEqual(codes(await targets.reachOf({ divisions: ['120116'] })), ['120116 whole'])
  assert.deepEqual(codes(await targets.reachOf({ divisions: ['130200'] })), ['130200 whole', '130207 whole', '130208 whole'])
  // What is drawn in a larger one adds nothing to the name.
  assert.deepEqual(codes(await targets.reachOf({ divisions: ['130308'], polygons: [[square(121.2, 39.2, 0.2)]] })), ['130308 whole'])
})

test('special sites are found by their place, by their code where all of it is under the warning, and as the register grows and shrinks', async () => {
  const targets = new WorldTargets(world.sql, () => DIVISIONS)
  const inside = await site('130207', { lon: 118.3, lat: 39.3 })
  const outside = await site('130207', { lon: 118.9, lat: 39.9 })
  const unplaced = await site('130207', null)
  const drawn = reached(await targets.reachOf({ polygons: [[square(118.2, 39.2, 0.2)]] })).sites.map(({ id }) => id)
  assert.deepEqual(new Set(drawn), new Set([inside, unplaced]))
  const later = await site('130207', { lon: 118.31, lat: 39.31 })
  const named = reached(await targets.reachOf({ divisions: ['130207'] })).sites.map(({ id }) => id)
  assert.deepEqual(new Set(named), new Set([inside, outside, unplaced, later]))
  await say(world, 'risk', outside, { type: 'risk.close', reason: '已拆除', evidence: '照片' })
  const open = reached(await targets.reachOf({ divisions: ['130207'] })).sites.map(({ id }) => id)
  assert.deepEqual(new Set(open), new Set([inside, unplaced, later]))
})

test('an area that is none is refused', async () => {
  const outcome = await new WorldTargets(world.sql, () => DIVISIONS).reachOf({ circles: [{ lon: 500, lat: 0, radiusKm: 1 }] })
  assert.equal(outcome instanceof Refusal && outcome.code, 'target.out-of-range')
})

test('40,000 divisions answer in milliseconds once they are laid out', async () => {
  const many = Array.from({ length: 40_000 }, (_, i): Division => ({
    code: String(110_000 + i * 20),
    polygons: [[square(73 + (i % 250) * 0.24, 18 + Math.floor(i / 250) * 0.2, 0.19)]],
  }))
  const targets = new WorldTargets(world.sql, () => many)
  await targets.reachOf({ divisions: ['120116'] })
  const began = performance.now()
  const { divisions } = reached(await targets.reachOf({ polygons: [[square(110, 30, 3)]] }))
  const took = performance.now() - began
  assert.ok(divisions.length > 100, `${divisions.length} divisions`)
  assert.ok(took < 500, `${Math.round(took)} ms`)
})
