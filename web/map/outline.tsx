import type { Position } from 'geojson'
import { useMemo } from 'react'
import { polygonsOf, type Area } from '#core/incident/area.ts'
import { useWords } from '../words.ts'
import { useBasemap, type Basemap } from './basemap.ts'
import { mercator } from './plane.ts'

/** Around the areas, as a share of their size, and never less than this many map units. */
const MARGIN = 0.35
const MARGIN_MIN = 0.12
const LABELS_MAX = 14
/** As a share of what is shown. */
const LABEL_SIZE = 0.036
const LABEL_MARGIN = 0.05
const LINES = ['prefectureLines', 'provinceLines', 'coast'] as const

type View = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
export type Outlined = { readonly id: string; readonly geometry: Area; readonly className: string }

const pathOf = (line: readonly (readonly number[] | Position)[]): string =>
  `M${line
    .map(([lon = 0, lat = 0]) => {
      const { x, y } = mercator({ lon, lat })
      return `${x.toFixed(3)} ${y.toFixed(3)}`
    })
    .join('L')}`

function viewOf(areas: readonly Outlined[], proportion: number | null): View {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { geometry } of areas)
    for (const [shell = []] of polygonsOf(geometry))
      for (const [lon, lat] of shell) {
        const { x, y } = mercator({ lon, lat })
        west = Math.min(west, x)
        east = Math.max(east, x)
        north = Math.min(north, y)
        south = Math.max(south, y)
      }
  const margin = Math.max(MARGIN_MIN, Math.max(east - west, south - north) * MARGIN)
  const [width, height] = [east - west + 2 * margin, south - north + 2 * margin]
  const [wide, high] = proportion === null ? [width, height] : [Math.max(width, height * proportion), Math.max(height, width / proportion)]
  return { x: (west + east - wide) / 2, y: (north + south - high) / 2, width: wide, height: high }
}

/** Whether it lies in the view, at least that far from its edge. */
function isIn(view: View, place: Parameters<typeof mercator>[0], margin = 0): boolean {
  const { x, y } = mercator(place)
  return x >= view.x + margin && x <= view.x + view.width - margin && y >= view.y + margin && y <= view.y + view.height - margin
}

/** Lines of the base map that cross the view; the rest of the country is left out. */
const linesIn = (basemap: Basemap, kind: (typeof LINES)[number], view: View): string =>
  basemap.shapes[kind].features
    .flatMap(({ geometry }) =>
      geometry.type === 'LineString' ? [geometry.coordinates] : geometry.type === 'MultiLineString' ? geometry.coordinates : [],
    )
    .filter((line) => line.some(([lon = 0, lat = 0]) => isIn(view, { lon, lat })))
    .map(pathOf)
    .join('')

/**
 * Areas on the lines of the territories around them, the last on top; a list beside it says the same in words. `proportion`:
 * width by height of what is shown, filled to its edges; left out, it is shown whole.
 */
export function Outline({
  areas,
  label,
  proportion = null,
}: {
  readonly areas: readonly Outlined[]
  readonly label: string
  readonly proportion?: number | null
}) {
  const { lang } = useWords()
  const basemap = useBasemap()
  const view = useMemo(() => viewOf(areas, proportion), [areas, proportion])
  const lines = useMemo(
    () => (basemap == null ? null : LINES.map((kind) => ({ kind, path: linesIn(basemap, kind, view) }))),
    [basemap, view],
  )
  const { x, y, width, height } = view
  const scale = Math.max(width, height)
  const labels = (basemap?.places ?? []).filter(
    (place) => (place.kind === 'prefecture' || place.kind === 'province') && isIn(view, place, scale * LABEL_MARGIN),
  )
  return (
    <svg
      viewBox={`${x} ${y} ${width} ${height}`}
      role="img"
      aria-label={label}
      preserveAspectRatio={`xMidYMid ${proportion === null ? 'meet' : 'slice'}`}
    >
      {lines?.map(({ kind, path }) => (
        <path key={kind} className={`outline-${kind}`} d={path} vectorEffect="non-scaling-stroke" />
      ))}
      {areas.map(({ id, className, geometry }) => (
        <path
          key={id}
          className={className}
          d={polygonsOf(geometry)
            .flatMap((rings) => rings.map((ring) => `${pathOf(ring)}Z`))
            .join('')}
          fillRule="evenodd"
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {labels.slice(0, LABELS_MAX).map((place) => {
        const at = mercator(place)
        return (
          <text key={`${place.kind} ${place.zh}`} x={at.x} y={at.y} fontSize={scale * LABEL_SIZE} textAnchor="middle">
            {lang === 'en' ? place.en : place.zh}
          </text>
        )
      })}
    </svg>
  )
}
