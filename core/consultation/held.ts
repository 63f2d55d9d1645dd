import { atLeastAsGrave, colourLevel, type Colour } from '../level.ts'
import { covers } from '../place.ts'
import { after, durationText, toMs } from '../time.ts'
import type { ConsultationStatus } from './state.ts'

/** A consultation as far as the question goes whether one was held about a warning. */
export type Concerning = {
  readonly status: ConsultationStatus
  /** The colour that was considered; null: the question was open. */
  readonly colour: Colour | null
  /** The colour that was concluded. */
  readonly concluded: Colour | null
}

/** S2-15: a consultation is required for red and orange (levels 1 and 2). */
export const isRequired = (colour: Colour): boolean => atLeastAsGrave(colourLevel(colour), 2)

/** One that considered yellow has not considered red; one that left the colour open, or considered a graver one, has. */
const considers = ({ colour, concluded }: Omit<Concerning, 'status'>, wanted: Colour): boolean =>
  (colour === null && concluded === null) ||
  [colour, concluded].some((one) => one !== null && atLeastAsGrave(colourLevel(one), colourLevel(wanted)))

/**
 * Whether a warning of that colour was consulted about: `held` (one was concluded), `called` (one is planned or under way),
 * `missing`. The consultations are those about the same incident, or the same hazard and place of late.
 */
export function consultationFor(colour: Colour, consultations: readonly Concerning[]): 'held' | 'called' | 'missing' {
  const fit = consultations.filter((one) => considers(one, colour))
  if (fit.some((one) => one.status === 'concluded')) return 'held'
  return fit.some((one) => one.status === 'planned' || one.status === 'under-way') ? 'called' : 'missing'
}

/** A warning as the record has it: the first of its colour and hazard in its incident. */
export type WarningSeen = {
  readonly incidentId: string
  readonly jurisdiction: string
  readonly hazard: string
  readonly colour: Colour
  readonly at: string
  /** When what it warns of began or is to begin; null where nobody said. */
  readonly onset: string | null
}
export type Known = Concerning & {
  readonly incidentId: string | null
  readonly jurisdiction: string
  readonly hazard: string
  readonly startsAt: string
  readonly concludedAt: string | null
  readonly onset: string | null
}

/** So long before or after a warning a consultation about the same hazard and place is taken to be about it. */
export const NEAR = 'PT24H'

/** Whether the consultation is about that warning: the same incident, or the same hazard over the same place within a day. */
export function isAbout(
  one: Omit<Known, 'status' | 'colour' | 'concluded' | 'onset'>,
  warning: Omit<WarningSeen, 'colour' | 'onset'>,
): boolean {
  if (one.incidentId !== null) return one.incidentId === warning.incidentId
  if (one.hazard !== warning.hazard || !(covers(one.jurisdiction, warning.jurisdiction) || covers(warning.jurisdiction, one.jurisdiction)))
    return false
  const at = one.concludedAt ?? one.startsAt
  return after(at, NEAR) >= warning.at && at <= after(warning.at, NEAR)
}

export type HeldShare = {
  readonly colour: Colour
  readonly warnings: number
  readonly held: number
  /** Of those held: concluded before the warning went out, as S2-15 asks. */
  readonly before: number
  readonly called: number
  readonly missing: number
  /** Held among all, 0 to 1; null where there was no warning. */
  readonly share: number | null
  /** The median of onset less conclusion, ISO 8601, negative where it was concluded too late; null where no onset is known. */
  readonly lead: string | null
}

const REQUIRED: readonly Colour[] = ['red', 'orange']

/** How often what is required was done, and how long before the event: S2-15's own measures, by colour. */
export function heldShares(warnings: readonly WarningSeen[], consultations: readonly Known[]): readonly HeldShare[] {
  return REQUIRED.map((colour) => {
    const judged = warnings
      .filter((one) => one.colour === colour)
      .map((warning) =>
        judge(
          warning,
          consultations.filter((one) => isAbout(one, warning)),
        ),
      )
    const count = (state: string): number => judged.filter((one) => one.state === state).length
    const held = count('held')
    return {
      colour,
      warnings: judged.length,
      held,
      before: judged.filter((one) => one.before).length,
      called: count('called'),
      missing: count('missing'),
      share: judged.length === 0 ? null : held / judged.length,
      lead: median(judged.flatMap((one) => one.leadMs ?? [])),
    }
  })
}

function judge(warning: WarningSeen, about: readonly Known[]): { state: string; before: boolean; leadMs: number | null } {
  const first = about
    .filter((one) => one.concludedAt !== null && consultationFor(warning.colour, [one]) === 'held')
    .toSorted((a, b) => (a.concludedAt ?? '').localeCompare(b.concludedAt ?? ''))[0]
  const concludedAt = first?.concludedAt ?? null
  const onset = warning.onset ?? first?.onset ?? null
  return {
    state: consultationFor(warning.colour, about),
    before: concludedAt !== null && concludedAt <= warning.at,
    leadMs: concludedAt === null || onset === null ? null : toMs(onset) - toMs(concludedAt),
  }
}

function median(values: readonly number[]): string | null {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  if (upper === undefined) return null
  const ms = sorted.length % 2 === 1 ? upper : (upper + (sorted[sorted.length / 2 - 1] ?? upper)) / 2
  return signed(ms)
}

const signed = (ms: number): string => (ms <= -1000 ? '-' : '') + durationText(Math.abs(ms))
