/** What can be wrong with an instrument as a whole: its term, what stands above it, who signed and approved it, and who keeps it. */
import { inForceOn, type Instrument } from '../instrument.ts'
import { covers } from '../place.ts'
import type { Find, Findings } from './finding.ts'
import type { Pack, Placed } from './pack.ts'

export function identityFindings(pack: Pack, findings: Findings): void {
  for (const placed of pack.files) {
    const find = findings.of('instrument', placed.index, placed.file.id)
    const first = pack.byId.get(placed.file.id)
    if (first !== undefined && first.index !== placed.index) find('lint.instrument-twice', 'id', { id: placed.file.id })
    term(placed.file, pack.on, find)
    higher(placed, pack, find)
    clausesTwice(placed.file, find)
    if (placed.file.kind === 'agreement') parties(placed.file, find)
    if (placed.file.kind === 'plan') keeping(placed.file, pack.on, find)
    signatures(placed.file, find)
  }
}

function term(file: Instrument, on: string, find: Find): void {
  const { inForceFrom: from, inForceUntil: until, kind } = file
  if (until === null) return
  if (until <= from) find('lint.never-in-force', 'inForceUntil', { from, until })
  else if (until <= on) find(kind === 'agreement' ? 'lint.agreement-ended' : 'lint.ended', 'inForceUntil', { until, on })
}

function higher({ file, index }: Placed, pack: Pack, find: Find): void {
  for (const [i, id] of file.higher.entries()) {
    const above = pack.byId.get(id)
    if (above === undefined) {
      find('lint.higher-unknown', `higher[${i}]`, { id }, 'warning')
      continue
    }
    // Told once a circle: at the step that leads back to an earlier file.
    if (above.index <= index && (above.index === index || pack.above(above.index).has(index)))
      find('lint.higher-circle', `higher[${i}]`, { id })
    if (!inForceOn(above.file, pack.on)) find('lint.higher-not-in-force', `higher[${i}]`, { id, on: pack.on })
    if (!covers(above.file.jurisdiction, file.jurisdiction))
      find('lint.higher-elsewhere', `higher[${i}]`, { id, jurisdiction: above.file.jurisdiction })
  }
}

function clausesTwice(file: Instrument, find: Find): void {
  const seen = new Map<string, number>()
  for (const [i, { id }] of file.clauses.entries()) {
    const before = seen.get(id)
    if (before !== undefined) find('lint.clause-twice', `clauses[${i}].id`, { id, first: before })
    else seen.set(id, i)
  }
}

/** An agreement binds who signed it: Civil Code art. 490; until all have, it binds nobody here. */
function parties(file: Instrument, find: Find): void {
  const named = file.parties ?? []
  if (named.length < 2) find('lint.parties-missing', 'kind', { count: named.length })
  const signed = new Set((file.signatures ?? []).map((one) => one.party))
  for (const [i, { key }] of named.entries()) if (!signed.has(key)) find('lint.unsigned', `parties[${i}].key`, { party: key })
}

function signatures(file: Instrument, find: Find): void {
  const named = new Set((file.parties ?? []).map((one) => one.key))
  for (const [i, { party }] of (file.signatures ?? []).entries())
    if (!named.has(party)) find('lint.signature-unknown', `signatures[${i}].party`, { party })
}

/** A plan is approved before it is issued, has a keeper and is reviewed: Measures for Emergency Plans 突发事件应急预案管理办法 (2024). */
function keeping(file: Instrument, on: string, find: Find): void {
  if ((file.approvals ?? []).length === 0) find('lint.unapproved', 'kind', {}, 'warning')
  if (file.keeper === undefined) find('lint.no-keeper', 'kind', {}, 'warning')
  if (file.reviewOn === undefined) find('lint.no-review', 'kind', {}, 'warning')
  else if (file.reviewOn < on) find('lint.review-past', 'reviewOn', { reviewOn: file.reviewOn, on }, 'warning')
}
