import type { FeatureCollection } from 'geojson'
import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import type { Basemap } from './basemap.ts'
import { AREAS, LINES } from './basemap.ts'
import type { Colours } from './colours.ts'
import { arcPoints } from './plane.ts'
import type { MapArc, MapMark } from './types.ts'

/** Above this many marks they are drawn by WebGL and gathered into clusters; up to it each is a button. */
export const BUTTONS_MAX = 200
const FONT = 'Inter, Noto Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif'
const CLUSTER_RADIUS = 46
const CLUSTER_ZOOM_MAX = 11

export const iconOf = (level: number | null): string => `level-${level ?? 0}`

/** Marks as points for the clustering source. */
export function markPoints(marks: readonly MapMark[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: marks.map(({ id, lon, lat, label, level }) => ({
      type: 'Feature',
      properties: { id, label, level: level ?? 5, icon: iconOf(level) },
      geometry: { type: 'Point', coordinates: [lon, lat] },
    })),
  }
}

/** Arcs as lines. */
export function arcLines(arcs: readonly MapArc[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: arcs.map(({ from, to, late }) => ({
      type: 'Feature',
      properties: { late },
      geometry: { type: 'LineString', coordinates: arcPoints(from, to) },
    })),
  }
}

/** All sources with their data; the basemap's files are the only data there are, so nothing is fetched. */
export function sourcesOf(
  basemap: Basemap | null,
  marks: readonly MapMark[],
  arcs: readonly MapArc[],
): Record<string, SourceSpecification> {
  const tagged = (kinds: readonly (keyof Basemap['shapes'])[]): FeatureCollection => ({
    type: 'FeatureCollection',
    features: kinds.flatMap((kind) => (basemap?.shapes[kind].features ?? []).map((shape) => ({ ...shape, properties: { kind } }))),
  })
  const places: FeatureCollection = {
    type: 'FeatureCollection',
    features: (basemap?.places ?? []).map(({ lon, lat, ...properties }) => ({
      type: 'Feature',
      properties,
      geometry: { type: 'Point', coordinates: [lon, lat] },
    })),
  }
  return {
    areas: { type: 'geojson', data: tagged(AREAS), maxzoom: 10, tolerance: 0.3 },
    lines: { type: 'geojson', data: tagged(LINES), maxzoom: 10, tolerance: 0.3 },
    places: { type: 'geojson', data: places },
    arcs: { type: 'geojson', data: arcLines(arcs) },
    marks: {
      type: 'geojson',
      data: markPoints(marks.length > BUTTONS_MAX ? marks : []),
      cluster: true,
      clusterRadius: CLUSTER_RADIUS,
      clusterMaxZoom: CLUSTER_ZOOM_MAX,
      clusterProperties: { gravest: ['min', ['get', 'level']] },
    },
  }
}

const only = (kind: string): ExpressionSpecification => ['==', ['get', 'kind'], kind]
const grow = (...stops: readonly (readonly [number, number])[]): ExpressionSpecification => [
  'interpolate',
  ['linear'],
  ['zoom'],
  ...stops.flat(),
]

function baseLayers(colours: Colours): LayerSpecification[] {
  const area = (kind: string, colour: string): LayerSpecification => ({
    id: kind,
    type: 'fill',
    source: 'areas',
    filter: only(kind),
    paint: { 'fill-color': colour, 'fill-antialias': kind !== 'foreign' },
  })
  const line = (
    kind: string,
    colour: string,
    width: ExpressionSpecification | number,
    opacity: ExpressionSpecification | number = 1,
  ): LayerSpecification => ({
    id: kind,
    type: 'line',
    source: 'lines',
    filter: only(kind),
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-color': colour, 'line-width': width, 'line-opacity': opacity },
  })
  return [
    { id: 'background', type: 'background', paint: { 'background-color': colours['map-water'] } },
    area('foreign', colours['map-foreign']),
    line('borders', colours['map-border'], 0.7, 0.55),
    area('land', colours['map-land']),
    area('lakes', colours['map-water']),
    line('rivers', colours['map-water'], grow([3, 0.8], [7, 2], [10, 4])),
    line('prefectureLines', colours['map-border'], grow([4, 0.4], [7, 0.8], [10, 1.2]), grow([4, 0], [5, 0.35], [7, 0.6])),
    line('provinceLines', colours['map-border'], grow([3, 0.6], [6, 1.2], [10, 2]), grow([3, 0.6], [6, 0.95])),
    line('coast', colours['map-border'], 0.7, 0.6),
    line('border', colours['map-label'], grow([3, 1.1], [7, 1.8], [10, 2.4])),
    line('dashes', colours['map-label'], grow([3, 1.3], [7, 2.2], [10, 2.8])),
  ]
}

function labelLayers(colours: Colours, language: 'zh-CN' | 'en'): LayerSpecification[] {
  const label = (
    id: string,
    filter: ExpressionSpecification,
    size: ExpressionSpecification,
    zooms: readonly [number, number],
    colour: string,
    halo: string,
  ): LayerSpecification => ({
    id: `label-${id}`,
    type: 'symbol',
    source: 'places',
    filter,
    minzoom: zooms[0],
    maxzoom: zooms[1],
    layout: {
      'text-field': ['get', language === 'en' ? 'en' : 'zh'],
      'text-font': [FONT],
      'text-size': size,
      'text-padding': 6,
      'text-letter-spacing': id === 'sea' || id === 'country' ? 0.12 : 0.02,
      'symbol-sort-key': ['get', 'rank'],
      'text-max-width': 8,
    },
    paint: { 'text-color': colour, 'text-halo-color': halo, 'text-halo-width': 1.2 },
  })
  const ranked = (kind: string, rank: number): ExpressionSpecification => ['all', only(kind), ['==', ['get', 'rank'], rank]]
  const soft = colours['map-label']
  return [
    label('country', only('country'), grow([3, 12], [6, 14]), [2, 9], soft, colours['map-foreign']),
    label('sea', only('sea'), grow([3, 12], [6, 15]), [3, 9], soft, colours['map-water']),
    label('island', only('island'), grow([4, 12], [8, 13]), [4.2, 13], soft, colours['map-water']),
    label('prefecture', ranked('prefecture', 2), grow([6, 12], [9, 15]), [5.6, 14], soft, colours['map-land']),
    label('capital', ranked('prefecture', 1), grow([5, 12], [9, 17]), [5.4, 14], soft, colours['map-land']),
    label('province', only('province'), grow([3, 12], [6, 15]), [2.8, 6.2], soft, colours['map-land']),
  ]
}

function markLayers(colours: Colours): LayerSpecification[] {
  const { level } = colours
  const graded: ExpressionSpecification = [
    'match',
    ['get', 'gravest'],
    1,
    level[1],
    2,
    level[2],
    3,
    level[3],
    4,
    level[4],
    colours['ink-soft'],
  ]
  return [
    {
      id: 'arcs',
      type: 'line',
      source: 'arcs',
      layout: { 'line-cap': 'butt' },
      paint: { 'line-color': ['case', ['get', 'late'], colours.late, colours.accent], 'line-width': 2.4, 'line-dasharray': [2.4, 1.6] },
    },
    {
      id: 'clusters',
      type: 'circle',
      source: 'marks',
      filter: ['has', 'point_count'],
      paint: {
        'circle-color': colours.surface,
        'circle-radius': ['step', ['get', 'point_count'], 15, 20, 18, 100, 22, 1000, 27],
        'circle-stroke-color': graded,
        'circle-stroke-width': 3.5,
      },
    },
    {
      id: 'cluster-counts',
      type: 'symbol',
      source: 'marks',
      filter: ['has', 'point_count'],
      layout: { 'text-field': ['get', 'point_count_abbreviated'], 'text-font': [FONT], 'text-size': 13, 'text-allow-overlap': true },
      paint: { 'text-color': colours.ink },
    },
    {
      id: 'points',
      type: 'symbol',
      source: 'marks',
      filter: ['!', ['has', 'point_count']],
      layout: {
        'icon-image': ['get', 'icon'],
        'icon-allow-overlap': true,
        'symbol-sort-key': ['-', 0, ['get', 'level']],
        'text-field': ['step', ['zoom'], '', 8, ['get', 'label']],
        'text-font': [FONT],
        'text-size': 12,
        'text-anchor': 'left',
        'text-offset': [1.3, 0],
        'text-optional': true,
      },
      paint: { 'text-color': colours.ink, 'text-halo-color': colours.surface, 'text-halo-width': 1.6 },
    },
  ]
}

/** Every layer in painting order; ids are stable, so a change of theme or language only repaints. */
export function layersOf(colours: Colours, language: 'zh-CN' | 'en'): readonly LayerSpecification[] {
  return [...baseLayers(colours), ...labelLayers(colours, language), ...markLayers(colours)]
}

/** A style without glyph server, sprites or tiles: letters are drawn by the browser, everything else is here. */
export function styleOf(colours: Colours, language: 'zh-CN' | 'en', sources: Record<string, SourceSpecification>): StyleSpecification {
  return { version: 8, sources, layers: [...layersOf(colours, language)] }
}

export const LOCAL_FONT = FONT
