/**
 * One warning in several files, one a language, as some national services send it. The public page and the log go by the same
 * rule: better two of one warning than one of two.
 */
import { capMs, type Alert, type Area, type Info } from '../cap.ts'
import { frame } from '../cap/choose.ts'
import type { Colour } from '../level.ts'
import { isWarning, type Message } from '../alert.ts'

export type Twin = {
  /** The hash of `twinText`; null or left out: it can have no twin. */
  readonly twin?: string | null
  readonly languages: readonly string[]
  readonly colour: Colour | null
  readonly hazard: string | null
}

/**
 * All that a message says in no language: sender, moment, scope, kind, and of its blocks event codes, gravity, times and areas. Null:
 * it warns of nothing, is not Actual, or is for its addressees alone.
 */
export function twinText(alert: Alert, message: Message): string | null {
  const { sender, sent, status, msgType, scope } = message
  if (status !== 'Actual' || scope === 'Private' || !isWarning(message)) return null
  const blocks = new Set(
    alert.infos.map((info) => `${frame({ ...info, areas: [] })}\n${JSON.stringify(numbers(info))}\n${info.areas.map(placeOf).join('\n')}`),
  )
  return [JSON.stringify([sender, capMs(sent), msgType, scope]), ...[...blocks].toSorted()].join('\n')
}

/** A place that only words name is the same only where the words are. */
function placeOf({ areaDesc, polygons, circles, geocodes }: Area): string {
  const rings = polygons.map(({ lon, lat }) => [[...lon], [...lat]])
  return JSON.stringify(polygons.length + circles.length + geocodes.length === 0 ? areaDesc.trim() : [circles, geocodes, rings])
}

/** Of the parameters, where many say what kind of event it is, the numbers alone: their words may be translated. */
const numbers = ({ parameters }: Info): readonly string[] =>
  parameters.map(({ valueName, value }) => `${valueName}=${value.replaceAll(/\D/g, '')}`).toSorted()

/** They say the same and no language twice; where both name a hazard, it is one. */
export const areTwins = (a: Twin, b: Twin): boolean =>
  a.twin != null &&
  a.twin === b.twin &&
  a.colour === b.colour &&
  (a.hazard === null || b.hazard === null || a.hazard === b.hazard) &&
  !a.languages.some((one) => b.languages.some((other) => one.toLowerCase() === other.toLowerCase()))

export const languagesOf = ({ blocks }: Pick<Message, 'blocks'>): readonly string[] => [...new Set(blocks.map(({ language }) => language))]
