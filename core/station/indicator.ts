/** What a station measures: names, units and what is physically possible. */
import { z } from 'zod/mini'
import { Words } from '../event.ts'
import { Slug } from '../id.ts'
import { Unit } from '../quantity.ts'

/** No reading of any sensor is larger; sums of a window stay exact below 2^53 ten-thousandths. */
export const VALUE_MAX = 1_000_000
export const Value = z.number().check(z.gte(-VALUE_MAX), z.lte(VALUE_MAX))

/**
 * One thing measured. `min`, `max`: outside of them no instrument of the kind can be right; such a reading is kept and
 * marked, and moves nothing. `kind`: an `amount` fell since the reading before it (rain) and is added up; a `level` stands.
 */
export const Indicator = z.strictObject({
  slug: Slug,
  words: Words,
  unit: Unit,
  kind: z.enum(['amount', 'level']),
  min: Value,
  max: Value,
})
export type Indicator = z.infer<typeof Indicator>

/** packs/thresholds/indicators.yaml */
export const IndicatorsFile = z.strictObject({
  schema: z.literal('muster/indicators/1'),
  indicators: z.array(Indicator).check(z.minLength(1), z.maxLength(500)),
})
export type IndicatorsFile = z.infer<typeof IndicatorsFile>

/** What one station measures: the catalogue's unit, and bounds that the sensor may draw narrower. */
export const Sensor = z.strictObject({ slug: Slug, unit: Unit, min: Value, max: Value })
export type Sensor = z.infer<typeof Sensor>

export const isPossible = ({ min, max }: Pick<Sensor, 'min' | 'max'>, value: number): boolean => value >= min && value <= max
