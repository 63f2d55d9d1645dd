import type { MatrixFields } from '../queries.ts'

/** What every part of the page is given: what was asked, and how to ask something else. */
export type PartProps = {
  readonly fields: MatrixFields
  readonly change: (next: Readonly<Record<string, string | null>>) => void
  readonly world: string | null
}
