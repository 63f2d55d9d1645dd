import type { Area, Info } from '../cap.ts'
import { areaContains } from './geometry.ts'

/** Where somebody stands: a point, codes of the territory (with their system), or nothing known. */
export type Whereabouts = {
  readonly point?: readonly [lon: number, lat: number]
  readonly geocodes?: readonly { readonly valueName: string; readonly value: string }[]
}

/**
 * The blocks of a message that concern somebody, each subject once, in the language that they read best. Blocks are languages of
 * the same subject or different areas and stages; the first alone is never the message (CAP 1.2, 3.2.2).
 */
export function chooseBlocks(infos: readonly Info[], languages: readonly string[], where: Whereabouts | null): readonly Info[] {
  const near = where === null ? infos : infos.filter((info) => concerns(info, where))
  const subjects = new Map<string, Info[]>()
  for (const info of near) {
    // Two of one language are never versions of each other: the next subject with the same frame.
    const head = frame(info)
    for (let nth = 0; nth < near.length; nth++) {
      const versions = subjects.get(`${head}#${nth}`) ?? []
      if (versions.some(({ language }) => language.toLowerCase() === info.language.toLowerCase())) continue
      subjects.set(`${head}#${nth}`, [...versions, info])
      break
    }
  }
  return [...subjects.values()].map((versions) => bestOf(versions, languages))
}

/** Blocks that differ in nothing but words say the same in several languages. */
export function frame({
  categories,
  responseTypes,
  urgency,
  severity,
  certainty,
  effective,
  onset,
  expires,
  eventCodes,
  areas,
}: Info): string {
  const shapes = areas.map(({ polygons, circles, geocodes }) => ({ polygons, circles, geocodes }))
  const codes = eventCodes.map(({ valueName, value }) => `${valueName}=${value}`).toSorted()
  return JSON.stringify([
    categories.toSorted(),
    responseTypes.toSorted(),
    urgency,
    severity,
    certainty,
    effective,
    onset,
    expires,
    codes,
    shapes,
  ])
}

/** The first wish that a version meets: the very tag, then the same language; else the first version. */
function bestOf(versions: readonly Info[], languages: readonly string[]): Info {
  const primary = (tag: string): string => tag.toLowerCase().split('-')[0] ?? ''
  for (const wish of languages) {
    const found =
      versions.find(({ language }) => language.toLowerCase() === wish.toLowerCase()) ??
      versions.find(({ language }) => primary(language) === primary(wish))
    if (found !== undefined) return found
  }
  const [first] = versions
  if (first === undefined) throw new Error('a subject without a block')
  return first
}

/** A block without an area, or whose areas have words alone, concerns everybody: better one too many than one who never heard. */
function concerns(info: Info, where: Whereabouts): boolean {
  const drawn = info.areas.filter((area) => area.polygons.length + area.circles.length + area.geocodes.length > 0)
  return drawn.length < info.areas.length || drawn.length === 0 || drawn.some((area) => touches(area, where))
}

function touches(area: Area, { point, geocodes }: Whereabouts): boolean {
  if (point !== undefined && area.polygons.length + area.circles.length > 0) return areaContains(area, point)
  const named = geocodes?.some((one) => area.geocodes.some((other) => other.valueName === one.valueName && other.value === one.value))
  // What cannot be compared is not ruled out.
  return (
    named === true || geocodes === undefined || !area.geocodes.some((other) => geocodes.some((one) => one.valueName === other.valueName))
  )
}
