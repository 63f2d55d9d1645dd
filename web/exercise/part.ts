import type { ReplayReport } from '#core/exercise/report.ts'

/** What every part of the report needs: the report, the exercise whose world its links lead into, the zone of its times. */
export type Part = { readonly of: ReplayReport; readonly world: string; readonly zone?: string }
