/** What can be seen wrong in instruments before an emergency shows it. Each finding has a stable code and a place. */
import type { Clause, Condition, DutyClause, Instrument } from './instrument.ts'

export type LintFinding = {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly instrument: string
  readonly clause: string | null
  /** Where in the file, as a path: `clauses[3].when[0]`. */
  readonly path: string
  readonly params: Readonly<Record<string, string | number>>
}

type Place = { readonly file: Instrument; readonly index: number; readonly clause: Clause }

/** Checks instruments together: what one names, another of them must have. Linear in the number of clauses. */
export function lint(files: readonly Instrument[]): readonly LintFinding[] {
  const known = new Set(files.map((file) => file.id))
  return files.flatMap((file) => [
    ...ofInstrument(file, known),
    ...file.clauses.flatMap((clause, index) => ofClause({ file, index, clause })),
  ])
}

function ofInstrument(file: Instrument, known: ReadonlySet<string>): readonly LintFinding[] {
  const findings: LintFinding[] = []
  const find = (code: string, path: string, params: LintFinding['params'] = {}, severity: LintFinding['severity'] = 'error'): void => {
    findings.push({ code, severity, instrument: file.id, clause: null, path, params })
  }
  if (file.inForceUntil !== null && file.inForceUntil <= file.inForceFrom)
    find('lint.never-in-force', 'inForceUntil', { from: file.inForceFrom, until: file.inForceUntil })
  for (const [i, id] of file.higher.entries()) if (!known.has(id)) find('lint.higher-unknown', `higher[${i}]`, { id }, 'warning')
  const seen = new Map<string, number>()
  for (const [i, { id }] of file.clauses.entries()) {
    const before = seen.get(id)
    if (before !== undefined) find('lint.clause-twice', `clauses[${i}].id`, { id, first: before })
    else seen.set(id, i)
  }
  return findings
}

function ofClause({ file, index, clause }: Place): readonly LintFinding[] {
  const findings: LintFinding[] = []
  const find = (code: string, path: string, params: LintFinding['params'] = {}, severity: LintFinding['severity'] = 'error'): void => {
    findings.push({ code, severity, instrument: file.id, clause: clause.id, path: `clauses[${index}].${path}`, params })
  }
  switch (clause.kind) {
    case 'duty':
      dutyFindings(file, clause, find)
      break
    case 'escalation': {
      const duties = new Set(file.clauses.filter((one) => one.kind === 'duty').map((one) => one.id))
      if (clause.of !== 'all')
        for (const [i, id] of clause.of.entries()) if (!duties.has(id)) find('lint.supervised-unknown', `of[${i}]`, { id })
      break
    }
    case 'text':
      break
  }
  return findings
}

type Find = (code: string, path: string, params?: LintFinding['params'], severity?: LintFinding['severity']) => void

function dutyFindings(file: Instrument, clause: DutyClause, find: Find): void {
  if (clause.owes === clause.to) find('lint.owed-to-oneself', 'to', { party: clause.to })
  if (clause.limit.confirmed && clause.limit.within !== null && clause.limit.source === null)
    find('lint.confirmed-without-source', 'limit.source')
  if (clause.evidence.length === 0) find('lint.no-evidence', 'evidence', {}, 'warning')
  const supervised = file.clauses.some((one) => one.kind === 'escalation' && (one.of === 'all' || one.of.includes(clause.id)))
  if (clause.limit.within !== null && !supervised) find('lint.no-escalation', 'limit.within', {}, 'warning')
  for (const [i, when] of clause.when.entries())
    for (const problem of neverHolds(when)) find('lint.never-fires', `when[${i}].${problem}`, { event: when.event })
  for (const [i, when] of clause.evidence.entries())
    for (const problem of neverHolds(when)) find('lint.never-proved', `evidence[${i}].${problem}`, { event: when.event })
}

/** What a condition asks of an event that never says it. */
function neverHolds(condition: Condition): readonly string[] {
  const only = (members: readonly (keyof Condition)[], events: readonly string[]): readonly string[] =>
    events.includes(condition.event) ? [] : members.filter((member) => condition[member] !== undefined)
  return [
    ...only(['kinds', 'colours', 'complete'], ['incident.noted']),
    ...only(['reportKinds'], ['sitrep.filed']),
    ...only(['acts'], ['obligation.discharged', 'obligation.lapsed']),
  ]
}
