import type { Instrument } from '../instrument.ts'
import type { Scale, Vocabulary } from '../scale.ts'

export type LintSeverity = 'error' | 'warning'

/** What kind of file a finding stands in. */
export type LintOf = 'instrument' | 'scale' | 'vocabulary' | 'directory'

export type LintFinding = {
  readonly code: string
  /** An error contradicts a rule; a warning leaves a gap that somebody may answer for. */
  readonly severity: LintSeverity
  readonly of: LintOf
  /** The place of the file among those of its kind, as they were given; of a directory 0. */
  readonly index: number
  /** The id that the file itself carries; empty for a directory. */
  readonly instrument: string
  readonly clause: string | null
  /** Where in the file, as a path: `clauses[3].when[0]`. */
  readonly path: string
  readonly params: Readonly<Record<string, string | number>>
}

export type LintPost = {
  readonly id: string
  /** How many persons hold it now; left out, nobody says. */
  readonly holders?: number
  /** The day on which the contact last answered, null if never; left out, nobody says. */
  readonly confirmedOn?: string | null
}

export type LintOrganization = {
  readonly id: string
  readonly functions: readonly string[]
  readonly jurisdiction: string | null
  readonly superior: string | null
  readonly posts: readonly LintPost[]
}

/** What is checked together. What is left out is not asked for: without a directory nobody is missed in it. */
export type LintPack = {
  readonly instruments: readonly Instrument[]
  readonly scales?: readonly Scale[]
  readonly vocabularies?: readonly Vocabulary[]
  readonly directory?: { readonly organizations: readonly LintOrganization[] }
  /** The shared vocabulary: the code words of docs/GLOSSARY.md. */
  readonly shared?: ReadonlySet<string>
}

export type Params = LintFinding['params']
/** Notes a finding in one file; `clause` is its place among the clauses. */
export type Find = (code: string, path: string, params?: Params, severity?: LintSeverity) => void

/** Findings in the order in which they were seen. */
export class Findings {
  readonly all: LintFinding[] = []

  of(of: LintOf, index: number, id: string): Find {
    return (code, path, params = {}, severity = 'error') => {
      this.all.push({ code, severity, of, index, instrument: id, clause: null, path, params })
    }
  }

  at({ index, file }: { readonly index: number; readonly file: Instrument }, position: number): Find {
    const clause = file.clauses[position]?.id ?? null
    return (code, path, params = {}, severity = 'error') => {
      const whole = path === '' ? `clauses[${position}]` : `clauses[${position}].${path}`
      this.all.push({ code, severity, of: 'instrument', index, instrument: file.id, clause, path: whole, params })
    }
  }
}
