/** What the linter answers, over HTTP and on the command line. */
import type { Words } from '../event.ts'
import type { Instrument } from '../instrument.ts'
import type { LintFinding, LintSeverity } from '../lint.ts'

/** What keeps a file from being read; lines and columns count from 1, and 0 says that there is no text. */
export type LintProblem = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly path: string
  readonly problem: string
}

/** A finding with its place; its words are `lint.<code>` and `mend.lint.<code>` of the locales. */
export type LintedView = Omit<LintFinding, 'index'> & {
  readonly file: string
  readonly line: number
  readonly column: number
  /** The reason that the file gives for living with it; such a finding stands apart. */
  readonly accepted: string | null
}

export type LintReport = {
  readonly schema: 'muster/lint/1'
  readonly ok: boolean
  /** The day for which it was checked. */
  readonly on: string
  readonly instruments: number
  readonly problems: readonly LintProblem[]
  readonly findings: readonly LintedView[]
  readonly accepted: readonly LintedView[]
}

/** POST /api/lint: the report, and what can be taken into force as it was read. */
export type LintAnswer = LintReport & {
  /** Instruments that were read whole; sent back as they are they can be adopted. */
  readonly read: readonly { readonly file: string; readonly instrument: Instrument }[]
  readonly names: LintNames
}

/** Organizations and posts that parameters name by their id. */
export type LintNames = Readonly<Record<string, Words>>

/** GET /api/lint: what is wrong with what is in force now, by instrument; those without a finding are counted only. */
export type LintInForce = {
  readonly on: string
  readonly names: LintNames
  readonly instruments: number
  readonly clauses: number
  readonly found: readonly {
    readonly id: string
    readonly title: Words
    readonly findings: readonly LintInForceFinding[]
  }[]
  /** What is wrong with the directory: posts that nobody holds, contacts that nobody has tried. */
  readonly directory: readonly LintInForceFinding[]
}
export type LintInForceFinding = {
  readonly code: string
  readonly severity: LintSeverity
  readonly clause: string | null
  readonly path: string
  readonly params: LintFinding['params']
}
