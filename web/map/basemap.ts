import type { Feature, FeatureCollection, Geometry } from 'geojson'
import { useEffect, useState } from 'react'
import { feature } from 'topojson-client'
import { z } from 'zod/mini'

/** Kinds of area and of line on the basemap, in the order in which they are painted. */
export const AREAS = ['foreign', 'land', 'lakes'] as const
export const LINES = ['borders', 'rivers', 'prefectureLines', 'provinceLines', 'coast', 'border', 'dashes'] as const
type Kind = (typeof AREAS)[number] | (typeof LINES)[number]

const placeShape = z.object({
  kind: z.enum(['province', 'prefecture', 'country', 'sea', 'island']),
  zh: z.string(),
  en: z.string(),
  lon: z.number(),
  lat: z.number(),
  rank: z.number(),
})
const indexShape = z.object({
  files: z.object({ china: z.string(), around: z.string(), places: z.string() }),
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  chinaBounds: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  approvalNumber: z.nullable(z.string()),
  attribution: z.array(z.object({ zh: z.string(), en: z.string() })),
})
const topologyShape = z.looseObject({ objects: z.record(z.string(), z.unknown()) })

export type Place = z.infer<typeof placeShape>
/** West, south, east, north in degrees. */
export type Bounds = readonly [number, number, number, number]
export type Basemap = {
  readonly shapes: Readonly<Record<Kind, FeatureCollection<Geometry>>>
  readonly places: readonly Place[]
  readonly bounds: Bounds
  readonly chinaBounds: Bounds
  /** The map approval number (审图号), null until the operator has one. */
  readonly approvalNumber: string | null
  readonly attribution: readonly { readonly zh: string; readonly en: string }[]
}

const FOLDER = `${import.meta.env.BASE_URL}basemap/`

async function read(name: string): Promise<unknown> {
  const answer = await fetch(FOLDER + name)
  if (!answer.ok) throw new Error(`basemap file ${name} answered ${answer.status}`)
  return answer.json()
}

async function load(): Promise<Basemap> {
  const { files, ...index } = indexShape.parse(await read('basemap.json'))
  const [china, around, places] = await Promise.all([read(files.china), read(files.around), read(files.places)])
  const [inner, outer] = [topologyShape.parse(china), topologyShape.parse(around)]
  const shape = (topology: z.infer<typeof topologyShape>, name: string): FeatureCollection<Geometry> => {
    const object = topology.objects[name]
    if (object === undefined) return { type: 'FeatureCollection', features: [] }
    const decoded = feature(topology, object)
    const features: Feature<Geometry>[] = decoded.type === 'FeatureCollection' ? decoded.features : [decoded]
    return { type: 'FeatureCollection', features }
  }
  return {
    ...index,
    places: z.array(placeShape).parse(places),
    shapes: {
      foreign: shape(outer, 'land'),
      borders: shape(outer, 'borders'),
      lakes: shape(outer, 'lakes'),
      rivers: shape(outer, 'rivers'),
      land: shape(inner, 'land'),
      prefectureLines: shape(inner, 'prefectureLines'),
      provinceLines: shape(inner, 'provinceLines'),
      coast: shape(inner, 'coast'),
      border: shape(inner, 'border'),
      dashes: shape(inner, 'dashes'),
    },
  }
}

let loading: Promise<Basemap> | undefined

/** The basemap, read once for all maps; undefined while loading, null when it could not be read. */
export function useBasemap(): Basemap | null | undefined {
  const [basemap, setBasemap] = useState<Basemap | null | undefined>(undefined)
  useEffect(() => {
    let wanted = true
    loading ??= load()
    loading.then(
      (found) => wanted && setBasemap(found),
      () => {
        loading = undefined
        if (wanted) setBasemap(null)
      },
    )
    return () => {
      wanted = false
    }
  }, [])
  return basemap
}
