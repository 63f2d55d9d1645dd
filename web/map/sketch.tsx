import type { Geometry, Position } from 'geojson'
import type { DOMAttributes, JSX } from 'react'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import type { Basemap, Place } from './basemap.ts'
import { asides, crowded, gather, MarkButton, shifted } from './mark.tsx'
import type { Size, Spot } from './plane.ts'
import { arcPoints, boundsOf, clampZoom, fit, mercator, middleOf, project, roomFor, textWidth, unmercator } from './plane.ts'
import type { MapFocus, MapPoint, MapProps } from './types.ts'
import { useSize } from './use.ts'
import { ZoomButtons } from './zoom.tsx'

/** Above this many marks, those that stand close together are gathered. */
const GATHER_FROM = 40
const GATHER_RADIUS = 40
const GATHER_STEP = 2
const PREFECTURES_FROM = 5.2
const PROVINCE_LABELS_TO = 6.2
const LABEL_SIZE = 13
const PAN_STEP = 80

export const pathOf = (line: readonly (Position | readonly number[])[]): string =>
  `M${line
    .map(([lon = 0, lat = 0]) => {
      const { x, y } = mercator({ lon, lat })
      return `${x.toFixed(3)} ${y.toFixed(3)}`
    })
    .join('L')}`

function pathsOf(geometry: Geometry): string {
  switch (geometry.type) {
    case 'LineString':
      return pathOf(geometry.coordinates)
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates.map(pathOf).join('')
    case 'MultiPolygon':
      return geometry.coordinates.flat().map(pathOf).join('')
    default:
      return ''
  }
}

const PAINTED = ['foreign', 'borders', 'land', 'lakes', 'rivers', 'prefectureLines', 'provinceLines', 'coast', 'border', 'dashes'] as const

/** The basemap in world coordinates; the view only moves and scales it, so its paths are made once. */
export const Ground = memo(function Ground(props: { readonly basemap: Basemap; readonly detailed: boolean }): JSX.Element {
  const paths = useMemo(
    () => PAINTED.map((kind) => [kind, props.basemap.shapes[kind].features.map(({ geometry }) => pathsOf(geometry)).join('')] as const),
    [props.basemap],
  )
  return (
    <>
      {paths.map(([kind, d]) =>
        kind === 'prefectureLines' && !props.detailed ? null : (
          <path key={kind} className={`map-${kind}`} d={d} vectorEffect="non-scaling-stroke" />
        ),
      )}
    </>
  )
})

function shown(place: Place, zoom: number): boolean {
  if (place.kind === 'province') return zoom < PROVINCE_LABELS_TO
  if (place.kind === 'prefecture') return zoom >= (place.rank === 1 ? 5.4 : 5.8)
  return place.kind === 'island' ? zoom >= 4.2 : zoom < 8
}

export function Labels(props: {
  readonly places: readonly Place[]
  readonly view: MapFocus
  readonly size: Size
  readonly language: MapProps['language']
}): JSX.Element {
  const { places, view, size, language } = props
  const candidates = places
    .filter((place) => shown(place, view.zoom))
    .toSorted((a, b) => a.rank - b.rank)
    .map((place) => ({ place, text: language === 'en' ? place.en : place.zh, ...project(place, view, size) }))
    .filter(({ x, y }) => x > 0 && y > 0 && x < size.width && y < size.height)
  const room = roomFor(
    candidates.map(({ text, x, y }) => {
      const half = textWidth(text, LABEL_SIZE) / 2 + 4
      return { left: x - half, right: x + half, top: y - LABEL_SIZE, bottom: y + LABEL_SIZE }
    }),
    [],
  )
  return (
    <g className="map-labels">
      {candidates.map(({ place, text, x, y }, i) =>
        room.has(i) ? (
          <text key={`${place.kind}${place.zh}${place.lon}`} x={x} y={y} dy="0.35em" data-kind={place.kind}>
            {text}
          </text>
        ) : null,
      )}
    </g>
  )
}

/** The view to open with: the focus, else all marks and arcs, else the whole country. */
function openingView({ marks, arcs, focus }: MapProps, basemap: Basemap | null, size: Size): MapFocus {
  if (focus) return focus
  const bounds = boundsOf([...marks, ...(arcs ?? []).flatMap(({ from, to }) => [from, to])])
  if (bounds) return fit(bounds, size, 70, 8)
  return fit(basemap?.chinaBounds ?? [73.4, 3.4, 135.1, 53.6], size, 30, 8)
}

export type Drag = Required<
  Pick<DOMAttributes<HTMLDivElement>, 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel' | 'onKeyDown'>
>

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-PAN_STEP, 0],
  ArrowRight: [PAN_STEP, 0],
  ArrowUp: [0, -PAN_STEP],
  ArrowDown: [0, PAN_STEP],
}

/** Handlers that pan by pointer and by arrow keys; `pan` gets CSS pixels east and south. */
export function useDrag(pan: (dx: number, dy: number) => void): Drag {
  const held = useRef<Spot | null>(null)
  const release = (): void => {
    held.current = null
  }
  return {
    onPointerDown: (event) => {
      if (event.target instanceof Element && event.target.closest('button')) return
      held.current = { x: event.clientX, y: event.clientY }
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove: (event) => {
      if (!held.current) return
      pan(held.current.x - event.clientX, held.current.y - event.clientY)
      held.current = { x: event.clientX, y: event.clientY }
    },
    onPointerUp: release,
    onPointerCancel: release,
    onKeyDown: (event) => {
      const step = event.target === event.currentTarget ? ARROWS[event.key] : undefined
      if (!step) return
      event.preventDefault()
      pan(...step)
    },
  }
}

const at = ({ x, y }: Spot): { readonly transform: string } => ({ transform: `translate(${x}px, ${y}px)` })

/** Buttons for marks and clusters, and the labels of arcs, laid over the drawing. */
function Overlay(
  props: MapProps & { readonly view: MapFocus; readonly size: Size; readonly onOpen: (mark: MapPoint) => void },
): JSX.Element {
  const { marks, arcs = [], selected = null, onSelect, words, view, size, onOpen } = props
  const spotOf = (point: MapPoint): Spot => project(point, view, size)
  const clusters = gather(marks, spotOf, marks.length > GATHER_FROM ? GATHER_RADIUS : 0)
  const single = clusters.flatMap((cluster) => (cluster.marks.length === 1 ? cluster.marks : []))
  const tags = arcs.map((arc) => ({ ...arc, text: arc.label, spot: spotOf(middleOf(arc)) }))
  const blocks = clusters.filter((cluster) => cluster.marks.length > 1).map(({ spot }) => spot)
  const aside = asides(single, spotOf)
  const bare = crowded(single, (mark) => shifted(spotOf(mark), aside.get(mark.id)), tags, size, selected, blocks)
  return (
    <>
      {tags.map(({ id, spot, label, late }) => (
        <div key={id} className="map-pin" style={at(spot)}>
          <span className="map-arc" data-late={late} data-bare={bare.has(id)}>
            {label}
          </span>
        </div>
      ))}
      {clusters.map(({ marks: [mark, ...others], spot }) =>
        mark === undefined ? null : (
          <div
            key={mark.id}
            className="map-pin"
            style={{ ...at(shifted(spot, aside.get(mark.id))), zIndex: mark.id === selected ? 9 : 7 - (mark.level ?? 5) }}
          >
            {others.length === 0 ? (
              <MarkButton mark={mark} selected={mark.id === selected} bare={bare.has(mark.id)} onSelect={onSelect} />
            ) : (
              <button
                type="button"
                className="map-cluster"
                data-level={mark.level ?? 0}
                aria-label={`${words.zoomIn} ${others.length + 1}`}
                onClick={() => onOpen(mark)}
              >
                {others.length + 1}
              </button>
            )}
          </div>
        ),
      )}
    </>
  )
}

/** The map drawn as plain SVG, for browsers without WebGL 2: same data, same buttons, moved by pointer, arrow keys and zoom buttons. */
export function Sketch(props: MapProps & { readonly basemap: Basemap | null }): JSX.Element {
  const { arcs = [], focus, language, words, basemap } = props
  const host = useRef<HTMLDivElement>(null)
  const size = useSize(host)
  const [moved, setMoved] = useState<MapFocus | null>(null)
  useEffect(() => setMoved(null), [focus?.lat, focus?.lon, focus?.zoom])
  const view = moved ?? openingView(props, basemap, size)
  const centre = mercator(view)
  const scale = 2 ** view.zoom
  const drag = useDrag((dx, dy) => setMoved({ ...unmercator({ x: centre.x + dx / scale, y: centre.y + dy / scale }), zoom: view.zoom }))
  return (
    <>
      <div ref={host} className="map-sketch" role="application" aria-label={words.map} tabIndex={0} {...drag}>
        <svg width={size.width} height={size.height} aria-hidden="true">
          <g transform={`translate(${size.width / 2 - centre.x * scale} ${size.height / 2 - centre.y * scale}) scale(${scale})`}>
            {basemap && size.width > 0 ? <Ground basemap={basemap} detailed={view.zoom >= PREFECTURES_FROM} /> : null}
            {arcs.map(({ id, from, to, late }) => (
              <path key={id} className="map-way" data-late={late} d={pathOf(arcPoints(from, to))} vectorEffect="non-scaling-stroke" />
            ))}
          </g>
          {basemap ? <Labels places={basemap.places} view={view} size={size} language={language} /> : null}
        </svg>
        {size.width > 0 ? (
          <Overlay
            {...props}
            view={view}
            size={size}
            onOpen={({ lat, lon }) => setMoved({ lat, lon, zoom: clampZoom(view.zoom + GATHER_STEP) })}
          />
        ) : null}
      </div>
      <ZoomButtons words={words} onZoom={(step) => setMoved({ ...view, zoom: clampZoom(view.zoom + step) })} />
      <p className="map-note">{words.fallback}</p>
    </>
  )
}
