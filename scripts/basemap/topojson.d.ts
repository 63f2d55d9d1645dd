/** The part of the TopoJSON packages that the basemap build uses; they ship no types. */

type TopologyShape = import('./topology.ts').Topology
type GeometryShape = import('./topology.ts').TopoGeometry
type ObjectShape = import('./topology.ts').TopoObject

declare module 'topojson-server' {
  export function topology(objects: Readonly<Record<string, unknown>>, quantization?: number): TopologyShape
}

declare module 'topojson-client' {
  import type { FeatureCollection, Geometry, MultiLineString, MultiPolygon } from 'geojson'
  export function feature(topology: TopologyShape, object: ObjectShape): FeatureCollection<Geometry, Record<string, string>>
  export function merge(topology: TopologyShape, objects: readonly GeometryShape[]): MultiPolygon
  export function mesh(
    topology: TopologyShape,
    object?: ObjectShape,
    filter?: (a: GeometryShape, b: GeometryShape) => boolean,
  ): MultiLineString
}

declare module 'topojson-simplify' {
  export function presimplify(topology: TopologyShape): TopologyShape
  export function simplify(topology: TopologyShape, minWeight: number): TopologyShape
}
