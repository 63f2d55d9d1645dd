/** The part of topojson-client that the map uses; the package ships no types. */
declare module 'topojson-client' {
  import type { Feature, FeatureCollection, GeoJsonProperties, Geometry } from 'geojson'
  export function feature(
    topology: unknown,
    object: unknown,
  ): Feature<Geometry, GeoJsonProperties> | FeatureCollection<Geometry, GeoJsonProperties>
}
