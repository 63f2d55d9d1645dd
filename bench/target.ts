/** A million points under the area of an alert, and 40,000 divisions: beside kdbush with point-in-polygon-hao, and PostGIS. */
import KDBush from 'kdbush'
import pointInPolygon from 'point-in-polygon-hao'
import type { Rings, LonLat } from '#core/target/area.ts'
import { Refusal } from '#core/decider.ts'
import { Divisions, Points } from '#core/target.ts'
import { polygonsOf } from '#core/incident/area.ts'
import { installedBoundaries } from '#server/boundaries.ts'
import { withScratch } from './child.ts'
import { lineOf, load, MACHINE, type Report } from './measure.ts'
import { startPostgis, type Postgis } from './peer-postgis.ts'

const ROUNDS = 7
const POINTS = 1_000_000
const CITIES = 300
const CHANGES = 3000
const GRID = 200
const PROVINCE = '130000'
const PORT = 54_871

/** The same throws at every run. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

type Area = { readonly name: string; readonly polygons: readonly Rings[]; readonly repeat: number }

export async function target({ line, say }: Report): Promise<void> {
  const { lon, lat } = places()
  const loadBefore = load()
  const versions = { ...MACHINE, kdbush: '4', 'point-in-polygon-hao': '1.2' }
  const built: { ours: number; peer: number }[] = []
  let [points, tree]: [Points, KDBush] = [new Points(), new KDBush(1)]
  for (let round = 0; round <= 5; round++) {
    const began = performance.now()
    points = new Points(lon, lat)
    const between = performance.now()
    tree = new KDBush(POINTS, 64, Float64Array)
    for (let i = 0; i < POINTS; i++) tree.add(lon[i] ?? 0, lat[i] ?? 0)
    tree.finish()
    if (round > 0) built.push({ ours: between - began, peer: performance.now() - between })
  }
  line(
    lineOf({
      name: 'target.build',
      unit: 'points/s',
      better: 'more',
      ours: built.map(({ ours }) => (POINTS / ours) * 1000),
      peer: built.map(({ peer }) => (POINTS / peer) * 1000),
      loadBefore,
      notes: {
        points: POINTS,
        peer: 'kdbush',
        what: 'the index made from coordinates; ours is packed anew when a 32nd has changed',
        versions,
      },
    }),
  )
  await withScratch(async (folder) => {
    say('target: PostGIS takes in a million points, when it is here')
    const postgis = await startPostgis(folder, PORT, lon, lat)
    if (postgis === null) say('target: PostGIS is not installed here')
    try {
      for (const area of areas()) await measure({ line, say }, area, points, tree, lon, lat, postgis, versions)
    } finally {
      await postgis?.stop()
    }
  })
  change({ line, say }, points, versions)
  divide({ line, say }, versions)
}

/** Half all over the country, half around its cities. */
function places(): { readonly lon: Float64Array; readonly lat: Float64Array } {
  const random = dice(2026)
  const lon = new Float64Array(POINTS)
  const lat = new Float64Array(POINTS)
  const cities = Array.from({ length: CITIES }, (): LonLat => [100 + random() * 22, 22 + random() * 20])
  for (let i = 0; i < POINTS; i++) {
    const [x, y] = cities[i % CITIES] ?? [0, 0]
    const near = (): number => (random() + random() + random() - 1.5) * 0.6
    lon[i] = i % 2 === 0 ? 73 + random() * 62 : x + near()
    lat[i] = i % 2 === 0 ? 18 + random() * 36 : y + near()
  }
  return { lon, lat }
}

/** A county drawn with 200 corners, about 60 km across, and a province as the base map has it. */
function areas(): readonly Area[] {
  const random = dice(7)
  const shell = Array.from({ length: 200 }, (_, i): LonLat => {
    const [turn, reach] = [(i / 200) * 2 * Math.PI, 0.3 * (0.8 + 0.2 * random())]
    return [114.5 + Math.cos(turn) * reach, 38 + Math.sin(turn) * reach]
  })
  const county: Area = { name: 'county', polygons: [[[...shell, ...shell.slice(0, 1)]]], repeat: 40 }
  const outline = installedBoundaries()?.outline([PROVINCE]) ?? null
  return outline === null ? [county] : [county, { name: 'province', polygons: polygonsOf(outline), repeat: 4 }]
}

/** What one would write with the two libraries: the box of each polygon, then each point in it. */
function byLibraries(tree: KDBush, lon: Float64Array, lat: Float64Array, polygons: readonly Rings[]): number[] {
  const found = new Set<number>()
  for (const rings of polygons) {
    const [xs, ys] = [rings[0]?.map(([x]) => x) ?? [], rings[0]?.map(([, y]) => y) ?? []]
    const polygon = rings as unknown as Parameters<typeof pointInPolygon>[1]
    for (const i of tree.range(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)))
      if (pointInPolygon([lon[i] ?? 0, lat[i] ?? 0], polygon) !== false) found.add(i)
  }
  return [...found]
}

const wkt = (polygons: readonly Rings[]): string =>
  `MULTIPOLYGON(${polygons.map((rings) => `(${rings.map((ring) => `(${ring.map(([x, y]) => `${x} ${y}`).join()})`).join()})`).join()})`

async function measure(
  { line }: Report,
  { name, polygons, repeat }: Area,
  points: Points,
  tree: KDBush,
  lon: Float64Array,
  lat: Float64Array,
  postgis: Postgis | null,
  versions: object,
): Promise<void> {
  const loadBefore = load()
  const [ours, libraries, database]: [number[], number[], number[]] = [[], [], []]
  const text = wkt(polygons)
  const found = points.within({ polygons })
  if (found instanceof Refusal) throw new Error(found.code)
  equal(name, 'kdbush', found, byLibraries(tree, lon, lat, polygons))
  if (postgis !== null) equal(name, 'PostGIS', found, (await postgis.within(text)).numbers)
  for (let round = 0; round <= ROUNDS; round++) {
    const mine = each(repeat, () => points.within({ polygons }))
    const theirs = each(Math.ceil(repeat / 10), () => byLibraries(tree, lon, lat, polygons))
    const asked = postgis === null ? null : (await postgis.within(text)).ms
    if (round === 0) continue
    ours.push(1000 / mine)
    libraries.push(1000 / theirs)
    if (asked !== null) database.push(1000 / asked)
  }
  const corners = polygons.flat().reduce((sum, ring) => sum + ring.length, 0)
  const notes = { points: POINTS, corners, found: found.length, answers: 'equal', versions }
  const row = { unit: 'areas/s', better: 'more', ours, target: { of: 'ratio', value: 1 }, loadBefore } as const
  const kdbush = 'kdbush and point-in-polygon-hao, one point after the other'
  line(lineOf({ ...row, name: `target.${name}.kdbush`, peer: libraries, notes: { ...notes, peer: kdbush } }))
  const peer = postgis?.version ?? 'PostGIS is not installed here'
  line(
    lineOf({
      ...row,
      name: `target.${name}.postgis`,
      peer: database,
      notes: { ...notes, peer, what: 'st_intersects, GiST, over one connection' },
    }),
  )
}

/** Milliseconds a run. */
function each(repeat: number, run: () => unknown): number {
  const began = performance.now()
  for (let i = 0; i < repeat; i++) run()
  return (performance.now() - began) / repeat
}

function equal(area: string, peer: string, ours: Uint32Array, theirs: readonly number[]): void {
  const [mine, others] = [ours.toSorted(), Uint32Array.from(theirs).toSorted()]
  if (mine.length !== others.length || mine.some((one, i) => one !== others[i]))
    throw new Error(`${area}: ${mine.length} points, ${peer} has ${others.length}`)
}

/** Points that move one after the other, and the county asked about with all of them beside the tree. */
function change({ line }: Report, points: Points, versions: object): void {
  const random = dice(3)
  const loadBefore = load()
  const county = areas()[0]?.polygons ?? []
  const [moved, asked]: [number[], number[]] = [[], []]
  for (let round = 0; round <= ROUNDS; round++) {
    moved.push(1000 / each(CHANGES, () => points.put(Math.floor(random() * POINTS), 73 + random() * 62, 18 + random() * 36)))
    asked.push(1000 / each(20, () => points.within({ polygons: county })))
  }
  const notes = { points: POINTS, waiting: points.changed, versions }
  const row = { better: 'more', peer: [], loadBefore } as const
  line(lineOf({ ...row, name: 'target.move', unit: 'moves/s', ours: moved.slice(1), notes }))
  line(lineOf({ ...row, name: 'target.county.moved', unit: 'areas/s', ours: asked.slice(1), notes }))
}

/** 40,000 divisions of 40 corners that share their borders; which of them the county and the province take in. */
function divide({ line }: Report, versions: object): void {
  const loadBefore = load()
  const wave = (x: number, y: number): LonLat => [
    73 + (62 * x) / GRID + 0.02 * Math.sin(40 * x + 9 * y),
    18 + (36 * y) / GRID + 0.02 * Math.sin(31 * y + 7 * x),
  ]
  const ring = (x: number, y: number): LonLat[] => {
    const steps = Array.from({ length: 10 }, (_, i) => i / 10)
    return [
      ...steps.map((at) => wave(x + at, y)),
      ...steps.map((at) => wave(x + 1, y + at)),
      ...steps.map((at) => wave(x + 1 - at, y + 1)),
      ...steps.map((at) => wave(x, y + 1 - at)),
    ]
  }
  const divisions = new Divisions(
    Array.from({ length: GRID * GRID }, (_, i) => ({ code: `d${i}`, polygons: [[ring(i % GRID, Math.floor(i / GRID))]] })),
  )
  for (const { name, polygons, repeat } of areas()) {
    const found = divisions.within({ polygons })
    const rounds = Array.from({ length: ROUNDS + 1 }, () => 1000 / each(repeat, () => divisions.within({ polygons }))).slice(1)
    const notes = { divisions: divisions.size, found: found instanceof Refusal ? 0 : found.length, versions }
    line(lineOf({ name: `target.divisions.${name}`, unit: 'areas/s', better: 'more', ours: rounds, peer: [], loadBefore, notes }))
  }
}
