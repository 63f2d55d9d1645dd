/** Shapes of TopoJSON (specification 1.0) as far as the basemap build reads and writes them. */

export type TopoGeometry = {
  readonly type: string
  readonly id?: string
  readonly properties?: Readonly<Record<string, string>>
  arcs?: number[][][]
}

export type TopoObject = { readonly type: string; readonly geometries: TopoGeometry[] }

export type Topology = {
  readonly type: 'Topology'
  readonly objects: Record<string, TopoObject>
  arcs: [number, number][][]
  readonly transform?: { readonly scale: readonly [number, number]; readonly translate: readonly [number, number] }
}
