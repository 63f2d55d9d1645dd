// STUB by the founder: helper "exercise" replaces the body; server/exercises.ts (routes, list, command line) calls it with this signature.
import type { Instrument } from '#core/instrument.ts'
import type { Scenario } from '#core/exercise/scenario.ts'
import type { World } from './world.ts'

export type ExerciseRun = {
  /** A fresh, empty world whose clock (ManualClock) stands at 1970; the caller closes it. */
  readonly world: World
  readonly scenario: Scenario
  /** The pack as read from files; the run adopts its copies for the scenario's jurisdiction. */
  readonly instruments: readonly Instrument[]
  readonly speed: 'max' | number
  readonly onProgress: (applied: number, clock: string) => void | Promise<void>
  readonly signal?: AbortSignal
}

/** Returns the ReplayReport of core/exercise/report.ts. */
export async function runExercise(_run: ExerciseRun): Promise<object> {
  throw new Error('not built yet')
}
