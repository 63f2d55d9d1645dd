import { z } from 'zod/mini'
import type { Decider } from '../decider.ts'
import { Words } from '../event.ts'
import { DivisionCode } from '../place.ts'

/** A territory with its own authority: one row of a division-code package. */
export const Division = z.strictObject({ code: DivisionCode, name: Words })
export type Division = z.infer<typeof Division>

/** A province and all that lies below it, as a package of GB/T 2260 codes lists them. */
export const DivisionCommand = z.strictObject({
  type: z.literal('division.import'),
  source: z.string().check(z.minLength(1), z.maxLength(200)),
  divisions: z.array(Division).check(z.minLength(1), z.maxLength(400)),
})
export type DivisionCommand = z.infer<typeof DivisionCommand>
export type DivisionEvent = { readonly type: 'division.imported'; readonly source: string; readonly divisions: readonly Division[] }
export type DivisionState = { readonly source: string | null; readonly divisions: readonly Division[] }

export const division: Decider<DivisionState, DivisionCommand, DivisionEvent> = {
  initial: { source: null, divisions: [] },
  decide(state, command) {
    const known = new Map(state.divisions.map((one) => [one.code, JSON.stringify(one.name)]))
    if (state.source === command.source && command.divisions.every((one) => known.get(one.code) === JSON.stringify(one.name))) return []
    return [{ type: 'division.imported', source: command.source, divisions: command.divisions }]
  },
  /** A newer package adds and renames; a code that it dropped stays, because old incidents carry it. */
  evolve(state, event) {
    const byCode = new Map([...state.divisions, ...event.divisions].map((one) => [one.code, one]))
    return { source: event.source, divisions: [...byCode.values()] }
  },
}
