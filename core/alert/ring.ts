/** What may be wrong with a ring that somebody drew or typed, before anything is reckoned with it. */
export type Position = readonly [number, number]
export type RingFault = 'short' | 'open' | 'crosses' | 'pole' | 'flat'

const same = (a: Position | undefined, b: Position | undefined): boolean =>
  a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1]

/** Longitudes go on beyond ±180° where the ring crosses the antimeridian: two points are joined by the shorter way (RFC 7946, 3.1.9). */
export function unrolled(ring: readonly Position[]): readonly Position[] {
  let [before, shift] = [ring[0]?.[0] ?? 0, 0]
  return ring.map(([lon, lat]): Position => {
    if (lon - before > 180) shift -= 360
    else if (lon - before < -180) shift += 360
    before = lon
    return [lon + shift, lat]
  })
}

/** The first thing that is wrong with a ring, longitude before latitude in degrees; null: nothing is. */
export function ringFault(ring: readonly Position[]): RingFault | null {
  if (ring.length < 4) return 'short'
  if (!same(ring[0], ring.at(-1))) return 'open'
  const flat = unrolled(ring).filter((point, i, all) => i === 0 || !same(point, all[i - 1]))
  const [first, last] = [flat[0], flat.at(-1)]
  if (first === undefined || last === undefined || flat.length < 4) return 'short'
  if (Math.abs(first[0] - last[0]) > 1e-9) return 'pole'
  if (crosses(flat)) return 'crosses'
  return Math.abs(twiceArea(flat)) < 1e-12 ? 'flat' : null
}

const twiceArea = (ring: readonly Position[]): number =>
  ring.reduce((sum, [lon, lat], i) => {
    const [nextLon, nextLat] = ring[(i + 1) % ring.length] ?? [lon, lat]
    return sum + lon * nextLat - nextLon * lat
  }, 0)

type Edge = { readonly a: Position; readonly b: Position; readonly nth: number; readonly west: number; readonly east: number }

/** Edges in the order of their western end: each is held against those only that begin before it ends. */
function crosses(ring: readonly Position[]): boolean {
  const edges = ring.slice(1).map((b, nth): Edge => {
    const a = ring[nth] ?? b
    return { a, b, nth, west: Math.min(a[0], b[0]), east: Math.max(a[0], b[0]) }
  })
  const sorted = edges.toSorted((one, other) => one.west - other.west)
  return sorted.some((edge, i) => {
    for (let j = i + 1; j < sorted.length; j++) {
      const other = sorted[j]
      if (other === undefined || other.west > edge.east) return false
      if (!areNeighbours(edge, other, edges.length) && meet(edge, other)) return true
    }
    return false
  })
}

const areNeighbours = (one: Edge, other: Edge, size: number): boolean => {
  const apart = Math.abs(one.nth - other.nth)
  return apart === 1 || apart === size - 1
}

const side = (a: Position, b: Position, point: Position): number =>
  Math.sign((b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]))
const within = (a: Position, b: Position, [x, y]: Position): boolean =>
  x >= Math.min(a[0], b[0]) && x <= Math.max(a[0], b[0]) && y >= Math.min(a[1], b[1]) && y <= Math.max(a[1], b[1])

/** Two edges cross, or one touches the other. */
function meet({ a, b }: Edge, { a: c, b: d }: Edge): boolean {
  const [s1, s2, s3, s4] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)]
  if (s1 !== s2 && s3 !== s4 && s1 * s2 <= 0 && s3 * s4 <= 0 && s1 * s2 * s3 * s4 !== 0) return true
  return (s1 === 0 && within(a, b, c)) || (s2 === 0 && within(a, b, d)) || (s3 === 0 && within(c, d, a)) || (s4 === 0 && within(c, d, b))
}
