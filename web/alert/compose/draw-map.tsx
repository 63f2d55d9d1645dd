import { useRef, useState, type PointerEvent } from 'react'
import { circleRing } from '#core/cap/geometry.ts'
import type { Draft } from '#core/alert/draft.ts'
import type { Position } from '#core/alert/ring.ts'
import { Button } from '../../kit/index.ts'
import { useBasemap } from '../../map/basemap.ts'
import { boundsOf, clampZoom, fit, mercator, project, unmercator, type Size } from '../../map/plane.ts'
import { Ground, Labels, pathOf, useDrag } from '../../map/sketch.tsx'
import type { MapFocus, MapPoint } from '../../map/types.ts'
import { useSize } from '../../map/use.ts'
import { ZoomButtons } from '../../map/zoom.tsx'
import { useWords } from '../../words.ts'
import '../../map.css'

/** A pointer that moved less than this, CSS pixels, pressed a place and did not drag. */
const STILL_PX = 5
const NEAREST = 10.5
const DETAIL_FROM = 5.2

type Shapes = Pick<Draft, 'polygons' | 'circles'> & {
  readonly outlines: readonly (readonly Position[])[]
  /** Shown to find one's way; no part of the area. */
  readonly around: readonly (readonly Position[])[]
}
type DrawMapProps = Shapes & {
  /** What is being drawn: its corners so far. */
  readonly pending: readonly Position[]
  /** A place was pressed; null: nothing is being drawn, the map only shows. */
  readonly onPoint: ((at: Position) => void) | null
}

const marks = ({ polygons, circles, outlines, around }: Shapes): readonly MapPoint[] =>
  [...outlines.flat(), ...around.flat(), ...polygons.flat(), ...circles.flatMap((circle) => circleRing(circle))].map(([lon, lat]) => ({
    lon,
    lat,
  }))

/** The area as it is drawn. Everything that the pointer does here can be typed beside it as well. */
export function DrawMap({ pending, onPoint, ...shapes }: DrawMapProps) {
  const { t, lang } = useWords()
  const basemap = useBasemap()
  const host = useRef<HTMLDivElement>(null)
  const size = useSize(host)
  const down = useRef<{ readonly x: number; readonly y: number } | null>(null)
  const { view, setMoved } = useView(shapes, pending.length > 0, basemap?.chinaBounds, size)
  const centre = mercator(view)
  const scale = 2 ** view.zoom
  const drag = useDrag((dx, dy) => setMoved({ ...unmercator({ x: centre.x + dx / scale, y: centre.y + dy / scale }), zoom: view.zoom }))
  const press = (event: PointerEvent<HTMLDivElement>): void => {
    const from = down.current
    down.current = null
    drag.onPointerUp?.(event)
    const still = from !== null && Math.hypot(event.clientX - from.x, event.clientY - from.y) < STILL_PX
    if (!still || onPoint === null || (event.target instanceof Element && event.target.closest('button'))) return
    const box = event.currentTarget.getBoundingClientRect()
    const { lon, lat } = unmercator({
      x: centre.x + (event.clientX - box.left - size.width / 2) / scale,
      y: centre.y + (event.clientY - box.top - size.height / 2) / scale,
    })
    onPoint([round(lon), round(lat)])
  }
  const words = {
    attribution: '',
    zoomIn: t('desk.map-zoom-in'),
    zoomOut: t('desk.map-zoom-out'),
    fallback: '',
    map: t('compose.map'),
    approval: '',
  }
  return (
    <section className="map compose-map" data-drawing={onPoint !== null}>
      <div
        ref={host}
        className="map-sketch"
        role="application"
        aria-label={onPoint === null ? t('compose.map') : t('compose.map-drawing')}
        tabIndex={0}
        {...drag}
        onPointerDown={(event) => {
          down.current = { x: event.clientX, y: event.clientY }
          drag.onPointerDown?.(event)
        }}
        onPointerUp={press}
      >
        <svg width={size.width} height={size.height} aria-hidden="true">
          <g transform={`translate(${size.width / 2 - centre.x * scale} ${size.height / 2 - centre.y * scale}) scale(${scale})`}>
            {basemap && size.width > 0 ? <Ground basemap={basemap} detailed={view.zoom >= DETAIL_FROM} /> : null}
            <Drawn {...shapes} pending={pending} />
          </g>
          {basemap ? <Labels places={basemap.places} view={view} size={size} language={lang} /> : null}
          {pending.map(([lon, lat], i) => {
            const { x, y } = project({ lon, lat }, view, size)
            return <circle key={`${i}.${lon}.${lat}`} className="compose-corner" cx={x} cy={y} r={5} />
          })}
        </svg>
      </div>
      <ZoomButtons words={words} onZoom={(step) => setMoved({ ...view, zoom: clampZoom(view.zoom + step) })} />
      <div className="compose-map-fit">
        <Button onPress={() => setMoved(null)}>{t('compose.map-fit')}</Button>
      </div>
    </section>
  )
}

/** To about a metre. */
const round = (value: number): number => Math.round(value * 1e5) / 1e5

function Drawn({ outlines, around, polygons, circles, pending }: Shapes & { readonly pending: readonly Position[] }) {
  const rings = (all: readonly (readonly Position[])[]): string => all.map((ring) => `${pathOf(ring)}Z`).join('')
  return (
    <>
      <path className="compose-around" d={rings(around)} vectorEffect="non-scaling-stroke" />
      <path className="compose-outline" d={rings(outlines)} vectorEffect="non-scaling-stroke" />
      <path
        className="compose-shape"
        d={rings([...polygons, ...circles.map((circle) => circleRing(circle))])}
        vectorEffect="non-scaling-stroke"
      />
      {pending.length > 1 && <path className="compose-pending" d={pathOf(pending)} vectorEffect="non-scaling-stroke" />}
    </>
  )
}

type Bounds = readonly [number, number, number, number]

/** The whole area, until somebody moves the map; a shape that is finished shows all again, a corner that is being set does not. */
function useView(shapes: Shapes, drawing: boolean, china: Bounds | undefined, size: Size) {
  const [moved, setMoved] = useState<MapFocus | null>(null)
  const placed = JSON.stringify([shapes.outlines.length, shapes.around.length, shapes.polygons, shapes.circles])
  const [before, setBefore] = useState(placed)
  if (before !== placed) {
    setBefore(placed)
    if (!drawing) setMoved(null)
  }
  return { view: moved ?? viewOf(marks(shapes), china, size), setMoved }
}

function viewOf(points: readonly MapPoint[], china: Bounds | undefined, size: Size): MapFocus {
  const bounds = boundsOf(points)
  return bounds === undefined ? fit(china ?? [73.4, 3.4, 135.1, 53.6], size, 20, 8) : fit(bounds, size, 40, NEAREST)
}
