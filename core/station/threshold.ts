/** Thresholds as data: what an indicator must reach, over which window, for a warning of a colour to be proposed. */
import { z } from 'zod/mini'
import { Words } from '../event.ts'
import { Slug } from '../id.ts'
import { atLeastAsGrave, Colour, colourLevel } from '../level.ts'
import { covers, DivisionCode } from '../place.ts'
import { Unit } from '../quantity.ts'
import { Duration, durationMs } from '../time.ts'
import { Value } from './indicator.ts'

const OVER_MAX = 'PT72H'
const LASTS_MAX = 'PT24H'
export const STEPS_MAX = 40

const within = (max: string) => z.refine<string>((text) => durationMs(text) <= durationMs(max))
const Over = Duration.check(
  within(OVER_MAX),
  z.refine((text) => durationMs(text) > 0),
)
const Lasting = Duration.check(within(LASTS_MAX))
/** Four decimals are kept: 50.0 reaches 50 and 49.9 does not, however many readings were added. */
const Limit = Value.check(z.refine((value) => Math.abs(value * 10_000 - Math.round(value * 10_000)) < 1e-6))

/** One line: the colour, what must be reached, and when it counts as over. */
export const Step = z
  .strictObject({
    colour: Colour,
    indicator: Slug,
    unit: Unit,
    /** `level`: the reading itself; the others are taken over the window that ends with the newest reading. */
    of: z.enum(['sum', 'max', 'min', 'mean', 'level']),
    over: z.optional(Over),
    /** `at-least`: reached from below, the value itself included; `at-most`: from above. */
    reach: z.enum(['at-least', 'at-most']),
    value: Limit,
    /** How far it must fall back below (rise above) the value to count as over. */
    hysteresis: Limit.check(z.gte(0)),
    /** How long it must hold before it counts as reached, and how long it must be gone before it counts as over. */
    lasts: Lasting,
    clears: Lasting,
    /** Only for these stations, by their codes, such as the warning level of one river gauge. */
    stations: z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(60))).check(z.minLength(1), z.maxLength(500))),
    /** Where it stands. */
    article: Words,
    /** False: only our target, or a figure that no source confirms. */
    confirmed: z.boolean(),
  })
  .check(
    z.refine((step) => (step.of === 'level') === (step.over === undefined), { message: 'a level has no window, everything else has one' }),
  )
export type Step = z.infer<typeof Step>

/** packs/thresholds/*.yaml */
export const ThresholdSet = z
  .strictObject({
    schema: z.literal('muster/threshold/1'),
    id: Slug,
    title: Words,
    issuer: Words,
    hazard: Slug,
    /** Where it may be adopted: here, and in every division below. */
    jurisdiction: DivisionCode,
    /** Nothing below may be looser. */
    binding: z.boolean(),
    source: Words,
    demonstration: z.boolean(),
    steps: z.array(Step).check(z.minLength(1), z.maxLength(STEPS_MAX)),
  })
  .check(z.refine((set) => new Set(set.steps.map(stepKey)).size === set.steps.length, { message: 'two steps are the same' }))
export type ThresholdSet = z.infer<typeof ThresholdSet>

/** Names a step within its set; a changed value is another step. */
export const stepKey = ({ colour, indicator, of, over, reach, value, stations }: Step): string =>
  [colour, indicator, of, over ?? '', reach, value, (stations ?? []).join(' ')].join('|')

/** Whether whatever reaches `floor` reaches `step` as well, and for a colour as grave. Sums are of amounts, so a longer window holds no less. */
function isAsStrict(step: Step, floor: Step): boolean {
  const over = (one: Step): number => (one.over === undefined ? 0 : durationMs(one.over))
  const grows = step.reach === 'at-least' ? step.of === 'sum' || step.of === 'max' : step.of === 'min'
  const longer = grows ? over(step) >= over(floor) : over(step) === over(floor)
  return (
    atLeastAsGrave(colourLevel(step.colour), colourLevel(floor.colour)) &&
    step.indicator === floor.indicator &&
    step.unit === floor.unit &&
    step.of === floor.of &&
    step.reach === floor.reach &&
    longer &&
    (step.reach === 'at-least' ? step.value <= floor.value : step.value >= floor.value) &&
    durationMs(step.lasts) <= durationMs(floor.lasts) &&
    (step.stations === undefined || (floor.stations !== undefined && floor.stations.every((code) => step.stations?.includes(code))))
  )
}

/** The steps of the binding sets above that this one falls short of; none: it may be adopted. A binding set is as strict as itself, not as a copy of it that was changed. */
export function looserThan(
  set: ThresholdSet,
  jurisdiction: string,
  sets: Iterable<ThresholdSet>,
): readonly { readonly floor: string; readonly step: Step }[] {
  return [...sets]
    .filter((one) => one.binding && one.hazard === set.hazard && covers(one.jurisdiction, jurisdiction))
    .flatMap((one) =>
      one.steps.filter((floor) => !set.steps.some((step) => isAsStrict(step, floor))).map((step) => ({ floor: one.id, step })),
    )
}
