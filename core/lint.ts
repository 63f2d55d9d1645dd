/** What can be seen wrong in instruments before an emergency shows it. Each finding has a stable code, a place and its words: docs/lint.md. */
import { clauseFindings } from './lint/clause.ts'
import { climbFindings } from './lint/climb.ts'
import { decisionFindings } from './lint/decision.ts'
import { Findings, type LintFinding, type LintPack } from './lint/finding.ts'
import { Holding, holdingFindings } from './lint/holding.ts'
import { identityFindings } from './lint/identity.ts'
import { Pack } from './lint/pack.ts'
import { partFindings } from './lint/part.ts'
import { rankFindings } from './lint/rank.ts'
import { vocabularyFindings } from './lint/vocabulary.ts'

export type { LintFinding, LintOf, LintOrganization, LintPack, LintPost, LintSeverity } from './lint/finding.ts'

export type LintOptions = {
  /** The day for which it is checked, a plain date: what has ended by then, whose review is past. */
  readonly on: string
}

/**
 * Checks instruments together: what one names, another of them must have; what one lays down, a lower one may only tighten.
 * Pure; the time it takes grows with the clauses, and a pack made to slow it down is told where the linter stopped (`lint.unchecked`).
 */
export function lint(given: LintPack, { on }: LintOptions): readonly LintFinding[] {
  const pack = new Pack(given, on)
  const findings = new Findings()
  const holding = given.directory === undefined ? null : new Holding(given.directory.organizations)
  identityFindings(pack, findings)
  clauseFindings(pack, findings)
  climbFindings(pack, holding, findings)
  decisionFindings(pack, holding, findings)
  partFindings(pack, holding, findings)
  rankFindings(pack, findings)
  vocabularyFindings(pack, findings)
  if (holding !== null) holdingFindings(pack, holding, findings)
  return findings.all
}
