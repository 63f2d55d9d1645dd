import type { Level } from '../level.tsx'

/** A point on the map; WGS-84 degrees. `sub` is said after the label, such as how many have confirmed. */
export type MapMark = {
  readonly id: string
  readonly lat: number
  readonly lon: number
  readonly label: string
  readonly level: Level | null
  readonly sub?: string
  readonly tone?: 'normal' | 'late'
}

export type MapPoint = { readonly lat: number; readonly lon: number }

/** Something on its way; the label says what, how much and when it arrives. */
export type MapArc = {
  readonly id: string
  readonly from: MapPoint
  readonly to: MapPoint
  readonly label: string
  readonly late: boolean
}

export type MapFocus = MapPoint & { readonly zoom: number }

export type MapWords = {
  readonly attribution: string
  readonly zoomIn: string
  readonly zoomOut: string
  readonly fallback: string
  readonly map: string
  readonly approval: string
}

export type MapProps = {
  readonly marks: readonly MapMark[]
  readonly arcs?: readonly MapArc[]
  readonly focus?: MapFocus
  readonly selected?: string | null
  readonly onSelect?: (id: string) => void
  readonly theme: 'day' | 'night'
  readonly language: 'zh-CN' | 'en'
  readonly words: MapWords
}
