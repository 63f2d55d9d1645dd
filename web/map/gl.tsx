import type { Map as GlMap } from 'maplibre-gl'
import { Marker } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import type { JSX, ReactNode, RefObject } from 'react'
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { Basemap } from './basemap.ts'
import { asides, crowded, MarkButton, shifted } from './mark.tsx'
import { middleOf, type Spot } from './plane.ts'
import { moveTo, repaint, setData, startMap } from './scene.ts'
import { arcLines, BUTTONS_MAX, markPoints } from './style.ts'
import type { MapArc, MapPoint, MapProps } from './types.ts'
import { wantsStillness } from './use.ts'
import { ZoomButtons } from './zoom.tsx'

type GlProps = MapProps & { readonly basemap: Basemap | null; readonly onFail: () => void }

/** A React child pinned to a place. */
function Pin(props: {
  readonly map: GlMap
  readonly lon: number
  readonly lat: number
  readonly rank: number
  /** Pixels east and south that it steps aside. */
  readonly aside?: Spot | undefined
  readonly children: ReactNode
}): ReactNode {
  const { map, lon, lat, rank, aside, children } = props
  const [x, y] = [aside?.x ?? 0, aside?.y ?? 0]
  const element = useMemo(() => {
    const made = document.createElement('div')
    made.className = 'map-pin'
    return made
  }, [])
  useEffect(() => {
    const marker = new Marker({ element, anchor: 'center', offset: [x, y] }).setLngLat([lon, lat]).addTo(map)
    // The renderer labels every pin "Map marker"; the button inside has the real name.
    element.removeAttribute('aria-label')
    element.removeAttribute('role')
    element.removeAttribute('tabindex')
    return () => {
      marker.remove()
    }
  }, [map, element, lon, lat, x, y])
  useEffect(() => {
    element.style.zIndex = String(rank)
  }, [element, rank])
  return createPortal(children, element)
}

/** The renderer for as long as the component lives; null until it has drawn. */
function useGlMap(host: RefObject<HTMLDivElement | null>, props: GlProps): GlMap | null {
  const [map, setMap] = useState<GlMap | null>(null)
  const fail = useEffectEvent(() => props.onFail())
  const select = useEffectEvent((id: string) => props.onSelect?.(id))
  const start = useEffectEvent((container: HTMLElement) => startMap(container, props, props.basemap, (id) => select(id)))
  useEffect(() => {
    const container = host.current
    if (!container) return undefined
    let created: GlMap
    try {
      created = start(container)
    } catch {
      fail()
      return undefined
    }
    created.on('webglcontextlost', () => fail())
    created.on('load', () => {
      container.dataset['drawn'] = 'true'
      setMap(created)
    })
    return () => {
      setMap(null)
      created.remove()
    }
  }, [host])
  return map
}

/** Keeps paint, data and camera in step with the props. The first marks and every new focus move the camera; later marks never do. */
function useUpkeep(map: GlMap | null, host: RefObject<HTMLDivElement | null>, props: GlProps): void {
  const { marks, arcs, focus, theme, language, basemap } = props
  useEffect(() => {
    if (map && host.current) repaint(map, host.current, language)
  }, [map, host, theme, language])
  useEffect(() => {
    if (map) setData(map, 'marks', markPoints(marks.length > BUTTONS_MAX ? marks : []))
  }, [map, marks])
  useEffect(() => {
    if (map) setData(map, 'arcs', arcLines(arcs ?? []))
  }, [map, arcs])
  const move = useEffectEvent((instantly: boolean) => map && moveTo(map, props, basemap, instantly))
  const empty = marks.length === 0
  const target = focus ? `${focus.lat},${focus.lon},${focus.zoom}` : ''
  const seen = useRef(false)
  useEffect(() => {
    if (map && (target !== '' || (!empty && !seen.current))) move(!seen.current)
    if (map && !empty) seen.current = true
  }, [map, empty, target])
}

type Room = { readonly bare: ReadonlySet<string>; readonly aside: ReadonlyMap<string, Spot> }

/** Whose label has no room at the present view, and who steps aside; computed anew whenever the view comes to rest. */
function useRoom(map: GlMap | null, props: GlProps, middles: readonly (MapArc & MapPoint)[]): Room {
  const { marks, selected = null } = props
  const [room, setRoom] = useState<Room>({ bare: new Set(), aside: new Map() })
  const crowd = useEffectEvent(() => {
    if (!map || marks.length > BUTTONS_MAX) return
    const { clientWidth: width, clientHeight: height } = map.getContainer()
    const tags = middles.map(({ id, label, lon, lat }) => ({ id, text: label, spot: map.project([lon, lat]) }))
    const aside = asides(marks, ({ lon, lat }) => map.project([lon, lat]))
    const bare = crowded(marks, ({ id, lon, lat }) => shifted(map.project([lon, lat]), aside.get(id)), tags, { width, height }, selected)
    setRoom({ bare, aside })
  })
  useEffect(() => {
    const again = (): void => crowd()
    again()
    const following = [map?.on('moveend', again), map?.on('resize', again)]
    return () => {
      for (const one of following) one?.unsubscribe()
    }
  }, [map, marks, middles, selected])
  return room
}

/** The WebGL map. Calls `onFail` when it cannot start or loses its context, so that the drawn map takes over. */
export function GlCanvas(props: GlProps): JSX.Element {
  const { marks, arcs, selected = null, onSelect, words } = props
  const host = useRef<HTMLDivElement>(null)
  const map = useGlMap(host, props)
  useUpkeep(map, host, props)
  const middles = useMemo(() => (arcs ?? []).map((arc) => ({ ...arc, ...middleOf(arc) })), [arcs])
  const { bare, aside } = useRoom(map, props, middles)
  const pinned = marks.length > BUTTONS_MAX ? marks.filter(({ id }) => id === selected) : marks
  const tags =
    map === null
      ? null
      : middles.map(({ id, lon, lat, label, late }) => (
          <Pin key={id} map={map} lon={lon} lat={lat} rank={1}>
            <span className="map-arc" data-late={late} data-bare={bare.has(id)}>
              {label}
            </span>
          </Pin>
        ))
  const buttons =
    map === null
      ? null
      : pinned.map((mark) => (
          <Pin
            key={mark.id}
            map={map}
            lon={mark.lon}
            lat={mark.lat}
            rank={mark.id === selected ? 9 : 7 - (mark.level ?? 5)}
            aside={aside.get(mark.id)}
          >
            <MarkButton mark={mark} selected={mark.id === selected} bare={bare.has(mark.id)} onSelect={onSelect} />
          </Pin>
        ))
  return (
    <>
      <div className="map-canvas">
        <div ref={host} className="map-host" />
      </div>
      {tags}
      {buttons}
      <ZoomButtons words={words} onZoom={(step) => map?.zoomTo(map.getZoom() + step, { duration: wantsStillness() ? 0 : 250 })} />
    </>
  )
}
