/** What of an alert the public sees in feeds and pages: its words by language, its places, and who it is. Bounded, made once a message. */
import type { Alert, Area, Info } from '#core/cap.ts'
import { capMs } from '#core/cap.ts'
import { frame } from '#core/cap/choose.ts'
import { pointsOf } from '#core/cap/geometry.ts'

const BLOCKS_MAX = 12
const POINTS_MAX = 400
const SHAPES_MAX = 20
const LONG = 1200

export type Said = {
  readonly language: string
  readonly event: string
  readonly headline: string
  readonly description: string
  readonly instruction: string
  readonly areas: string
  readonly senderName: string
  readonly contact: string
  readonly web: string
  readonly severity: string
  readonly urgency: string
  readonly certainty: string
  readonly allClear: boolean
  /** Milliseconds; null: not said. */
  readonly onset: number | null
  readonly expires: number | null
}
/** One subject of the message, in each language that it was written in. */
export type Subject = { readonly frame: string; readonly versions: readonly Said[] }
export type Digest = {
  readonly subjects: readonly Subject[]
  readonly languages: readonly string[]
  readonly categories: readonly string[]
  /** Bytes of the message. */
  readonly size: number
  /** GeoRSS: element and text. */
  readonly shapes: readonly (readonly ['polygon' | 'circle' | 'box', string])[]
}

const cut = (text: string | undefined): string => {
  const plain = (text ?? '').trim()
  return plain.length <= LONG ? plain : `${plain.slice(0, LONG - 1).toWellFormed()}…`
}
const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts.filter((text) => text !== ''))]

export function digestOf({ infos, sent }: Alert, size: number): Digest {
  const subjects = new Map<string, Said[]>()
  for (const info of infos.slice(0, BLOCKS_MAX * 4)) {
    const head = frame(info)
    for (let nth = 0; nth < infos.length; nth++) {
      const versions = subjects.get(`${nth}#${head}`)
      if (versions?.some(({ language }) => language.toLowerCase() === info.language.toLowerCase()) === true) continue
      subjects.set(`${nth}#${head}`, [...(versions ?? []), saidOf(info, sent)])
      break
    }
  }
  const areas = infos.flatMap((info) => info.areas)
  return {
    subjects: [...subjects].slice(0, BLOCKS_MAX).map(([key, versions]) => ({ frame: key, versions })),
    languages: unique(infos.map(({ language }) => language)),
    categories: unique(infos.flatMap((info) => info.categories)),
    size,
    shapes: shapesOf(areas),
  }
}

const saidOf = (info: Info, sent: string): Said => ({
  language: info.language,
  event: cut(info.event),
  headline: cut(info.headline ?? info.event),
  description: cut(info.description),
  instruction: cut(info.instruction),
  areas: cut(unique(info.areas.map(({ areaDesc }) => areaDesc.trim())).join('、')),
  senderName: cut(info.senderName),
  contact: cut(info.contact),
  web: /^https?:\/\//.test(info.web ?? '') ? (info.web ?? '') : '',
  severity: info.severity,
  urgency: info.urgency,
  certainty: info.certainty,
  allClear: info.responseTypes.includes('AllClear'),
  onset: capMs(info.onset) ?? capMs(info.effective) ?? capMs(sent),
  expires: capMs(info.expires),
})

/** Each shape once, though it stands in every language; one with very many corners is given as the box around it. */
function shapesOf(areas: readonly Area[]): Digest['shapes'] {
  const found = new Map<string, readonly ['polygon' | 'circle' | 'box', string]>()
  const add = (kind: 'polygon' | 'circle' | 'box', text: string): void => void found.set(`${kind} ${text}`, [kind, text])
  for (const { polygons, circles } of areas) {
    if (found.size >= SHAPES_MAX) break
    for (const corners of polygons) {
      const points = pointsOf(corners)
      if (points.length <= POINTS_MAX) add('polygon', points.map(([lon, lat]) => `${lat} ${lon}`).join(' '))
      else {
        let [south, west, north, east] = [90, 180, -90, -180]
        for (const [lon, lat] of points)
          [south, west, north, east] = [Math.min(south, lat), Math.min(west, lon), Math.max(north, lat), Math.max(east, lon)]
        add('box', `${south} ${west} ${north} ${east}`)
      }
    }
    for (const { lon, lat, radiusKm } of circles) if (radiusKm > 0) add('circle', `${lat} ${lon} ${Math.round(radiusKm * 1000)}`)
  }
  return [...found.values()].slice(0, SHAPES_MAX)
}

/** The version that somebody reads best: his language, then English, then the first. */
export function readFor({ versions }: Subject, language: string): Said | undefined {
  const primary = (tag: string): string => tag.toLowerCase().split('-')[0] ?? ''
  const wish = (tag: string): Said | undefined => versions.find((one) => primary(one.language) === primary(tag))
  return wish(language) ?? wish('en') ?? versions[0]
}
