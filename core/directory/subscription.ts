/** What a post asks to be told about, besides what it is owed or owes: all conditions of a subscription must hold. */
import { z } from 'zod/mini'
import { Slug } from '../id.ts'
import { atLeastAsGrave, IncidentClass, Level, type Level as LevelType } from '../level.ts'
import { covers, DivisionCode } from '../place.ts'

export const SUBSCRIPTIONS_MAX = 20

/** A condition left out holds always; of several values of one condition one is enough. */
export const Conditions = z
  .strictObject({
    hazards: z.optional(z.array(Slug).check(z.minLength(1), z.maxLength(40))),
    classes: z.optional(z.array(IncidentClass).check(z.minLength(1), z.maxLength(4))),
    /** At least as grave as this. */
    level: z.optional(Level),
    functions: z.optional(z.array(Slug).check(z.minLength(1), z.maxLength(40))),
    areas: z.optional(z.array(DivisionCode).check(z.minLength(1), z.maxLength(40))),
  })
  .check(z.refine((conditions) => Object.keys(conditions).length > 0))
export type Conditions = z.infer<typeof Conditions>

/** What is known of a happening; null or empty where it has no such thing, and then no condition on it holds. */
export type Happening = {
  readonly hazard: string | null
  readonly class: string | null
  readonly level: LevelType | null
  readonly functions: readonly string[]
  readonly jurisdiction: string | null
}

/** Whether every condition holds. */
export function holds(conditions: Conditions, happening: Happening): boolean {
  const { hazard, level, jurisdiction } = happening
  return (
    (conditions.hazards === undefined || (hazard !== null && conditions.hazards.includes(hazard))) &&
    (conditions.classes === undefined || conditions.classes.some((one) => one === happening.class)) &&
    (conditions.level === undefined || (level !== null && atLeastAsGrave(level, conditions.level))) &&
    (conditions.functions === undefined || conditions.functions.some((one) => happening.functions.includes(one))) &&
    (conditions.areas === undefined || (jurisdiction !== null && conditions.areas.some((one) => covers(one, jurisdiction))))
  )
}
