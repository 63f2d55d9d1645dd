/**
 * GCJ-02, the offset datum of Chinese consumer maps, to and from WGS-84. The forward polynomial is
 * public knowledge; the inverse is found by fixed-point iteration. Degrees in, degrees out, [lon, lat].
 */

export type LonLat = readonly [number, number]

const SEMI_MAJOR_M = 6378245
const ECCENTRICITY_SQUARED = 0.006693421622965943
const ITERATIONS_MAX = 12
const CONVERGED_DEGREES = 1e-9

const inside = (lon: number, lat: number): boolean => lon > 72.004 && lon < 137.8347 && lat > 0.8293 && lat < 55.8271

const wave = (v: number): number => 20 * Math.sin(6 * v * Math.PI) + 20 * Math.sin(2 * v * Math.PI)

const northing = (x: number, y: number): number =>
  -100 +
  2 * x +
  3 * y +
  0.2 * y * y +
  0.1 * x * y +
  0.2 * Math.sqrt(Math.abs(x)) +
  (2 / 3) * (wave(x) + 20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) +
  (2 / 3) * (160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30))

const easting = (x: number, y: number): number =>
  300 +
  x +
  2 * y +
  0.1 * x * x +
  0.1 * x * y +
  0.1 * Math.sqrt(Math.abs(x)) +
  (2 / 3) * (wave(x) + 20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) +
  (2 / 3) * (150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI))

/** WGS-84 to GCJ-02; a place outside the datum's rectangle is returned unchanged. */
export function gcjFromWgs([lon, lat]: LonLat): LonLat {
  if (!inside(lon, lat)) return [lon, lat]
  const phi = (lat / 180) * Math.PI
  const magic = 1 - ECCENTRICITY_SQUARED * Math.sin(phi) ** 2
  const meridian = (SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED)) / (magic * Math.sqrt(magic))
  const parallel = (SEMI_MAJOR_M / Math.sqrt(magic)) * Math.cos(phi)
  return [
    lon + (easting(lon - 105, lat - 35) / parallel) * (180 / Math.PI),
    lat + (northing(lon - 105, lat - 35) / meridian) * (180 / Math.PI),
  ]
}

/** GCJ-02 to WGS-84, to about a tenth of a millimetre. */
export function wgsFromGcj(gcj: LonLat): LonLat {
  let [lon, lat] = gcj
  for (let i = 0; i < ITERATIONS_MAX; i += 1) {
    const [x, y] = gcjFromWgs([lon, lat])
    const dx = gcj[0] - x
    const dy = gcj[1] - y
    lon += dx
    lat += dy
    if (Math.abs(dx) + Math.abs(dy) < CONVERGED_DEGREES) break
  }
  return [lon, lat]
}
