import type { Position } from 'geojson'
import { useMemo } from 'react'
import { polygonsOf, type Area } from '#core/incident/area.ts'
import { useBasemap, type Basemap } from '../map/basemap.ts'
import { mercator } from '../map/plane.ts'
import { useWords } from '../words.ts'

/** Around the area, as a share of its size, and never less than this many map units. */
const MARGIN = 0.5
const MARGIN_MIN = 0.15

type View = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

const pathOf = (line: readonly (readonly number[] | Position)[]): string =>
  `M${line
    .map(([lon = 0, lat = 0]) => {
      const { x, y } = mercator({ lon, lat })
      return `${x.toFixed(3)} ${y.toFixed(3)}`
    })
    .join('L')}`

function viewOf(area: Area): View {
  const points = polygonsOf(area).flatMap(([shell = []]) => shell.map(([lon, lat]) => mercator({ lon, lat })))
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const edge = (values: readonly number[], pick: (a: number, b: number) => number): number => values.reduce((a, b) => pick(a, b))
  const [west, east] = [edge(xs, Math.min), edge(xs, Math.max)]
  const [north, south] = [edge(ys, Math.min), edge(ys, Math.max)]
  const margin = Math.max(MARGIN_MIN, Math.max(east - west, south - north) * MARGIN)
  return { x: west - margin, y: north - margin, width: east - west + 2 * margin, height: south - north + 2 * margin }
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

/** The area on the lines of the territories around it; the list beside it says the same in words. */
export function AreaSketch({ area }: { readonly area: Area }) {
  const { t, lang } = useWords()
  const basemap = useBasemap()
  const view = useMemo(() => viewOf(area), [area])
  const drawn = useMemo(
    () =>
      basemap == null
        ? null
        : {
            land: linesIn(basemap, 'prefectureLines', view),
            provinces: linesIn(basemap, 'provinceLines', view),
            coast: linesIn(basemap, 'coast', view),
          },
    [basemap, view],
  )
  const scale = Math.max(view.width, view.height)
  const labels = (basemap?.places ?? []).filter((place) => {
    const { x, y } = mercator(place)
    const margin = scale * 0.06
    return (
      (place.kind === 'prefecture' || place.kind === 'province') &&
      x > view.x + margin &&
      x < view.x + view.width - margin &&
      y > view.y + margin &&
      y < view.y + view.height - margin
    )
  })
  return (
    <figure className="area-sketch">
      <svg viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`} role="img" aria-label={t('area.map')}>
        {drawn !== null && (
          <>
            <path className="area-land" d={drawn.land} vectorEffect="non-scaling-stroke" />
            <path className="area-province" d={drawn.provinces} vectorEffect="non-scaling-stroke" />
            <path className="area-coast" d={drawn.coast} vectorEffect="non-scaling-stroke" />
          </>
        )}
        <path
          className="area-shape"
          d={polygonsOf(area)
            .flatMap((rings) => rings.map((ring) => `${pathOf(ring)}Z`))
            .join('')}
          fillRule="evenodd"
          vectorEffect="non-scaling-stroke"
        />
        {labels.slice(0, 12).map((place) => {
          const { x, y } = mercator(place)
          return (
            <text key={place.zh} x={x} y={y} fontSize={scale * 0.036} textAnchor="middle">
              {lang === 'en' ? place.en : place.zh}
            </text>
          )
        })}
      </svg>
      <figcaption className="soft">{t('area.map-twin')}</figcaption>
    </figure>
  )
}
