import { GeoJSONSource, Map as GlMap, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { Level } from '../level.tsx'
import { SHAPES, STROKES } from '../level.tsx'
import type { Basemap, Bounds } from './basemap.ts'
import type { Colours } from './colours.ts'
import { readColours } from './colours.ts'
import { GLYPH_SIZE } from './mark.tsx'
import { boundsOf, ZOOM_MAX } from './plane.ts'
import { iconOf, layersOf, LOCAL_FONT, sourcesOf, styleOf } from './style.ts'
import type { MapProps } from './types.ts'
import { wantsStillness } from './use.ts'

setWorkerUrl(workerUrl)

const FIT_PADDING = 70
const FIT_NEAREST = 8
/** The credit line stands at the bottom and must not hide the southernmost dash. */
const COUNTRY_PADDING = { top: 12, right: 12, bottom: 48, left: 12 }
const ICON_RATIO = 2

function drawIcon(level: Level | null, colours: Colours): ImageData {
  const side = GLYPH_SIZE * ICON_RATIO
  const canvas = document.createElement('canvas')
  canvas.width = side
  canvas.height = side
  const pen = canvas.getContext('2d')
  if (!pen) return new ImageData(side, side)
  pen.scale(side / 24, side / 24)
  pen.lineCap = 'round'
  pen.lineJoin = 'round'
  if (level === null) {
    pen.fillStyle = colours.surface
    pen.strokeStyle = colours['ink-soft']
    pen.lineWidth = 3
    pen.arc(12, 12, 8, 0, 2 * Math.PI)
    pen.fill()
    pen.stroke()
  } else {
    pen.fillStyle = colours.level[level]
    // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- this is a canvas, not an array
    pen.fill(new Path2D(SHAPES[level]))
    pen.strokeStyle = colours.levelInk[level]
    pen.lineWidth = 2
    pen.stroke(new Path2D(STROKES[level]))
  }
  return pen.getImageData(0, 0, side, side)
}

function setIcons(map: GlMap, colours: Colours): void {
  for (const level of [null, 1, 2, 3, 4] as const) {
    const image = drawIcon(level, colours)
    if (map.hasImage(iconOf(level))) map.updateImage(iconOf(level), image)
    else map.addImage(iconOf(level), image, { pixelRatio: ICON_RATIO })
  }
}

/** Repaints every layer in place; sources and camera stay. */
export function repaint(map: GlMap, host: HTMLElement, language: MapProps['language']): void {
  const colours = readColours(host)
  for (const layer of layersOf(colours, language)) {
    for (const [name, value] of Object.entries(layer.paint ?? {}))
      map.setPaintProperty(layer.id, name as Parameters<GlMap['setPaintProperty']>[1], value)
    if (layer.id.startsWith('label-') && layer.type === 'symbol')
      map.setLayoutProperty(layer.id, 'text-field', layer.layout?.['text-field'])
  }
  setIcons(map, colours)
}

const toBox = ([west, south, east, north]: Bounds): [[number, number], [number, number]] => [
  [west, south],
  [east, north],
]

/** Moves the camera to the focus, else to all marks and arcs, else to the whole country. */
export function moveTo(map: GlMap, { marks, focus, arcs }: MapProps, basemap: Basemap | null, instantly: boolean): void {
  const duration = instantly || wantsStillness() ? 0 : 600
  if (focus) {
    map.easeTo({ center: [focus.lon, focus.lat], zoom: focus.zoom, duration })
    return
  }
  const ends = (arcs ?? []).flatMap(({ from, to }) => [from, to])
  const bounds = boundsOf([...marks, ...ends])
  if (bounds) map.fitBounds(toBox(bounds), { padding: FIT_PADDING, maxZoom: FIT_NEAREST, duration })
  else if (basemap) map.fitBounds(toBox(basemap.chinaBounds), { padding: COUNTRY_PADDING, duration })
}

/** Clicks on WebGL-drawn marks select them; clicks on a cluster open it. */
function listen(map: GlMap, select: (id: string) => void): void {
  map.on('click', 'points', (event) => {
    const id: unknown = event.features?.[0]?.properties['id']
    if (typeof id === 'string') select(id)
  })
  map.on('click', 'clusters', (event) => {
    const found = event.features?.[0]
    const source = map.getSource('marks')
    const cluster: unknown = found?.properties['cluster_id']
    if (!(source instanceof GeoJSONSource) || typeof cluster !== 'number') return
    const center = event.lngLat
    void source.getClusterExpansionZoom(cluster).then((zoom) => map.easeTo({ center, zoom, duration: wantsStillness() ? 0 : 400 }))
  })
  for (const layer of ['points', 'clusters']) {
    map.on('mouseenter', layer, () => {
      map.getCanvas().style.cursor = 'pointer'
    })
    map.on('mouseleave', layer, () => {
      map.getCanvas().style.cursor = ''
    })
  }
}

/** Starts the renderer in a container. Throws when the browser has no WebGL 2 after all. */
export function startMap(container: HTMLElement, props: MapProps, basemap: Basemap | null, select: (id: string) => void): GlMap {
  const { marks, arcs = [], language, words } = props
  const map = new GlMap({
    container,
    style: styleOf(readColours(container), language, sourcesOf(basemap, marks, arcs)),
    center: [104, 36],
    zoom: 3,
    maxZoom: ZOOM_MAX,
    ...(basemap ? { maxBounds: toBox(basemap.bounds) } : {}),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: false,
    localIdeographFontFamily: LOCAL_FONT,
    fadeDuration: wantsStillness() ? 0 : 200,
    locale: { 'Map.Title': words.map },
  })
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  map.getCanvas().setAttribute('role', 'application')
  map.on('style.load', () => setIcons(map, readColours(container)))
  listen(map, select)
  moveTo(map, props, basemap, true)
  return map
}

/** Replaces the data of one of the style's own sources. */
export function setData(map: GlMap, name: string, data: Parameters<GeoJSONSource['setData']>[0]): void {
  const source = map.getSource(name)
  if (source instanceof GeoJSONSource) void source.setData(data)
}
