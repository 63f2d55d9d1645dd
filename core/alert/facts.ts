/** What the log keeps of a CAP message beside the hash of its bytes, and what the law of the room needs to know of it. */
import type { Message } from '../alert.ts'
import { capMs, type Alert, type Circle, type Corners, type Info } from '../cap.ts'
import { colourOf, divisionsOf, hazardOf } from '../cap/china.ts'
import { Colour } from '../level.ts'
import { Slug } from '../id.ts'
import { fromMs } from '../time.ts'
import { COLOUR_PARAMETER, HAZARD_PARAMETER } from './message.ts'

/** The bounds of `Message`. */
const TEXT_MAX = 1000
const BLOCKS_MAX = 40

/** Null: it cannot be kept, because nobody knows who sent it when, or its names are longer than any that we know. */
export function factsOf(alert: Alert): Message | null {
  const { identifier, sender, status, msgType, scope, restriction, addresses, references, infos } = alert
  const sentMs = capMs(alert.sent)
  const names = [identifier, sender, ...addresses, ...references.flatMap((one) => [one.identifier, one.sender])]
  if (sentMs === null || identifier === '' || sender === '' || names.some((one) => one.length > TEXT_MAX)) return null
  if (references.length > 500) return null
  const ends = infos.map((info) => capMs(info.expires))
  return {
    identifier,
    sender,
    sent: fromMs(sentMs),
    status,
    msgType,
    scope,
    ...(restriction === undefined ? {} : { restriction: restriction.slice(0, TEXT_MAX) }),
    ...(addresses.length === 0 ? {} : { addresses: [...addresses] }),
    references: [...references],
    blocks: infos.slice(0, BLOCKS_MAX).map(blockOf),
    onset: fromMs(
      Math.min(...infos.map((info) => capMs(info.onset) ?? capMs(info.effective) ?? sentMs), infos.length === 0 ? sentMs : Infinity),
    ),
    expires: ends.length === 0 || ends.includes(null) ? null : fromMs(Math.max(...ends.filter((one) => one !== null))),
  }
}

const blockOf = ({ language, event, headline, areas, severity, responseTypes }: Info): Message['blocks'][number] => ({
  language: language.slice(0, 40),
  event: event.slice(0, TEXT_MAX),
  ...(headline === undefined ? {} : { headline: headline.slice(0, TEXT_MAX) }),
  ...(areas[0] === undefined
    ? {}
    : {
        areaDesc: areas
          .map(({ areaDesc }) => areaDesc)
          .join('；')
          .slice(0, TEXT_MAX),
      }),
  severity,
  allClear: responseTypes.includes('AllClear'),
})

const parameterOf = ({ parameters }: Info, name: string): string | undefined =>
  parameters.find(({ valueName }) => valueName === name)?.value

/**
 * The warning colour that a message says: in a parameter of ours, or in words in its headline as China writes it. Null when it says
 * none or several; never guessed from the severity.
 */
export function colourIn(alert: Pick<Alert, 'infos'>): Colour | null {
  const said = alert.infos.flatMap((info) => {
    const named = Colour.safeParse(parameterOf(info, COLOUR_PARAMETER))
    return named.success ? named.data : (colourOf(info) ?? [])
  })
  const [first] = said
  return first !== undefined && said.every((one) => one === first) ? first : null
}

/** The hazard in our words; null: not one that we know, or blocks about different ones. */
export function hazardIn(alert: Pick<Alert, 'infos'>): string | null {
  const said = alert.infos.flatMap((info) => {
    const named = Slug.safeParse(parameterOf(info, HAZARD_PARAMETER))
    return named.success ? named.data : (hazardOf(info) ?? [])
  })
  const [first] = said
  return first !== undefined && said.every((one) => one === first) ? first : null
}

export type Placed = {
  readonly corners: readonly Corners[]
  readonly circles: readonly Circle[]
  readonly divisions: readonly string[]
}

/** The first of those that are equal; only what has the same key is compared. */
function once<T>(all: readonly T[], keyOf: (one: T) => string | number, equal: (a: T, b: T) => boolean): readonly T[] {
  if (all.length < 2) return all
  const kept = new Map<string | number, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    const alike = kept.get(key)
    if (alike === undefined) kept.set(key, [one])
    else if (!alike.some((other) => equal(one, other))) alike.push(one)
  }
  return [...kept.values()].flat()
}

/** By length and two of its points; rings of equal key are looked at whole. */
const ringKey = ({ lon, lat }: Corners): number =>
  [0, lon.length >> 1].reduce(
    (key, at) => (Math.imul(key, 31) + (lon[at] ?? 0) * 1e6 + Math.imul((lat[at] ?? 0) * 1e6, 17)) | 0,
    lon.length,
  )

const sameRing = (a: Corners, b: Corners): boolean => sameColumn(a.lon, b.lon) && sameColumn(a.lat, b.lat)
function sameColumn(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return a.length === b.length
}

/** Every shape and division of every block, each once: blocks in several languages draw the same. */
export function areaIn(alert: Pick<Alert, 'infos'>): Placed {
  const areas = alert.infos.flatMap((info) => info.areas)
  return {
    corners: once(
      areas.flatMap(({ polygons }) => polygons),
      ringKey,
      sameRing,
    ),
    circles: once(
      areas.flatMap(({ circles }) => circles),
      ({ lon, lat, radiusKm }) => `${lon} ${lat} ${radiusKm}`,
      () => true,
    ),
    divisions: divisionsOf(alert),
  }
}
