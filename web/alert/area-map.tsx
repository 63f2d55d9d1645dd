import type { Position } from 'geojson'
import { useMemo } from 'react'
import type { AlertShape } from '#core/view/alert.ts'
import { colourLevel } from '#core/level.ts'
import { useBasemap, type Basemap } from '../map/basemap.ts'
import { mercator } from '../map/plane.ts'
import { useWords } from '../words.ts'

/** Around the areas, as a share of their size, and never less than this many map units. */
const MARGIN = 0.35
const MARGIN_MIN = 0.12
const LABELS_MAX = 14

type View = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
type Rings = readonly (readonly (readonly (readonly [number, number])[])[])[]

const polygonsOf = ({ geometry }: Pick<AlertShape, 'geometry'>): Rings =>
  geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates

const pathOf = (line: readonly (readonly number[] | Position)[]): string =>
  `M${line
    .map(([lon = 0, lat = 0]) => {
      const { x, y } = mercator({ lon, lat })
      return `${x.toFixed(3)} ${y.toFixed(3)}`
    })
    .join('L')}`

function viewOf(shapes: readonly AlertShape[], proportion: number): View {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const shape of shapes)
    for (const [shell = []] of polygonsOf(shape))
      for (const [lon, lat] of shell) {
        const { x, y } = mercator({ lon, lat })
        west = Math.min(west, x)
        east = Math.max(east, x)
        north = Math.min(north, y)
        south = Math.max(south, y)
      }
  const margin = Math.max(MARGIN_MIN, Math.max(east - west, south - north) * MARGIN)
  const [width, height] = [east - west + 2 * margin, south - north + 2 * margin]
  const [wide, high] = [Math.max(width, height * proportion), Math.max(height, width / proportion)]
  return { x: (west + east - wide) / 2, y: (north + south - high) / 2, width: wide, height: high }
}

/** Lines of the base map that cross the view; the rest of the country is left out. */
function linesIn(basemap: Basemap, kind: 'provinceLines' | 'prefectureLines' | 'coast', view: View): string {
  const inside = ([lon = 0, lat = 0]: Position): boolean => {
    const { x, y } = mercator({ lon, lat })
    return x >= view.x && x <= view.x + view.width && y >= view.y && y <= view.y + view.height
  }
  return basemap.shapes[kind].features
    .flatMap(({ geometry }) =>
      geometry.type === 'LineString' ? [geometry.coordinates] : geometry.type === 'MultiLineString' ? geometry.coordinates : [],
    )
    .filter((line) => line.some(inside))
    .map(pathOf)
    .join('')
}

/** Areas of warnings on the lines of the territories around them, the gravest on top; the list beside it says the same in words. */
export function AreaMap({
  shapes,
  label,
  proportion = 4 / 3,
}: {
  readonly shapes: readonly AlertShape[]
  readonly label: string
  readonly proportion?: number
}) {
  const { lang } = useWords()
  const basemap = useBasemap()
  const view = useMemo(() => viewOf(shapes, proportion), [shapes, proportion])
  const lines = useMemo(
    () =>
      basemap == null
        ? null
        : (['prefectureLines', 'provinceLines', 'coast'] as const).map((kind) => ({ kind, path: linesIn(basemap, kind, view) })),
    [basemap, view],
  )
  const scale = Math.max(view.width, view.height)
  const margin = scale * 0.05
  const labels = (basemap?.places ?? []).filter((place) => {
    const { x, y } = mercator(place)
    const near = x > view.x + margin && x < view.x + view.width - margin && y > view.y + margin && y < view.y + view.height - margin
    return near && (place.kind === 'prefecture' || place.kind === 'province')
  })
  return (
    <figure className="alert-map">
      <svg viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`} role="img" aria-label={label} preserveAspectRatio="xMidYMid slice">
        {lines?.map(({ kind, path }) => (
          <path key={kind} className={`alert-map-${kind}`} d={path} vectorEffect="non-scaling-stroke" />
        ))}
        {shapes.map((shape) => (
          <path
            key={shape.id}
            className={`alert-shape is-${shape.colour === null ? 'none' : colourLevel(shape.colour)}`}
            d={polygonsOf(shape)
              .flatMap((rings) => rings.map((ring) => `${pathOf(ring)}Z`))
              .join('')}
            fillRule="evenodd"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {labels.slice(0, LABELS_MAX).map((place) => {
          const { x, y } = mercator(place)
          return (
            <text key={`${place.kind} ${place.zh}`} x={x} y={y} fontSize={scale * 0.032} textAnchor="middle">
              {lang === 'en' ? place.en : place.zh}
            </text>
          )
        })}
      </svg>
    </figure>
  )
}
