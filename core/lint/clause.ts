/** What can be wrong with one clause by itself, or beside the others of its instrument. */
import type { BindingClause, Condition, CostClause, Instrument, Party } from '../instrument.ts'
import { binds } from '../instrument.ts'
import { covers } from '../place.ts'
import { durationMs } from '../time.ts'
import { neverHolds, outlasts } from './condition.ts'
import type { Find, Findings } from './finding.ts'
import { areasMeet, baseOf, meet, nameOf, partyOf, type Pack, type Placed } from './pack.ts'

export function clauseFindings(pack: Pack, findings: Findings): void {
  for (const placed of pack.files) {
    const binding = new Set(placed.file.clauses.filter(binds).map((one) => one.id))
    const supervised = supervisedIn(placed.file)
    for (const [position, clause] of placed.file.clauses.entries()) {
      const find = findings.at(placed, position)
      outside(clause.areas, 'areas', placed.file, find)
      if (binds(clause)) bindingFindings(placed, clause, supervised, pack, find)
      if (clause.kind === 'cost') costFindings(placed.file, clause, binding, find)
      if (clause.kind === 'escalation' && clause.of !== 'all')
        for (const [i, id] of clause.of.entries()) if (!binding.has(id)) find('lint.supervised-unknown', `of[${i}]`, { id })
      if (clause.kind === 'escalation') for (const [i, { to }] of clause.steps.entries()) known(to, `steps[${i}].to`, placed.file, find)
      if (clause.kind === 'authority') {
        known(clause.holder, 'holder', placed.file, find)
        for (const [i, party] of clause.approvals.entries()) known(party, `approvals[${i}]`, placed.file, find)
      }
    }
  }
}

/** The clauses that an escalation of the instrument climbs for; `all` stands for every one. */
function supervisedIn(file: Instrument): ReadonlySet<string> | 'all' {
  const ids = new Set<string>()
  for (const clause of file.clauses)
    if (clause.kind === 'escalation') {
      if (clause.of === 'all') return 'all'
      for (const id of clause.of) ids.add(id)
    }
  return ids
}

function known(party: Party, path: string, file: Instrument, find: Find): void {
  const key = /^party:([^@]+)/.exec(party)?.[1]
  if (key !== undefined && partyOf(file, key) === undefined) find('lint.party-unknown', path, { party: key })
}

function outside(areas: readonly string[] | undefined, path: string, file: Instrument, find: Find): void {
  for (const [i, area] of (areas ?? []).entries())
    if (!covers(file.jurisdiction, area)) find('lint.area-outside', `${path}[${i}]`, { area, jurisdiction: file.jurisdiction })
}

function bindingFindings({ file }: Placed, clause: BindingClause, supervised: ReadonlySet<string> | 'all', pack: Pack, find: Find): void {
  known(clause.owes, 'owes', file, find)
  known(clause.to, 'to', file, find)
  if (nameOf(clause.owes, file) === nameOf(clause.to, file) || clause.to === 'debtor')
    find('lint.owed-to-oneself', 'to', { party: clause.to })
  if (clause.limit.confirmed && clause.limit.within !== null && clause.limit.source === null)
    find('lint.confirmed-without-source', 'limit.source')
  if (clause.when.length > 0) {
    if (clause.evidence.length === 0) find('lint.no-evidence', 'evidence', {}, 'warning')
    if (clause.limit.within !== null && supervised !== 'all' && !supervised.has(clause.id))
      find('lint.no-escalation', 'limit.within', {}, 'warning')
  }
  timeFindings(clause, find)
  if (clause.quorum !== undefined && clause.each !== true) find('lint.quorum-without-each', 'quorum', { quorum: clause.quorum })
  if (clause.kind === 'disclosure' && clause.until === null) find('lint.purpose-without-end', 'until', {}, 'warning')
  conditions(clause.when, 'when', file, pack, find)
  conditions(clause.evidence, 'evidence', file, pack, find)
  for (const [i, when] of clause.when.entries()) {
    if (!meet(when.hazards, clause.hazards)) find('lint.never-fires', `when[${i}].hazards`, { event: when.event })
    if (!areasMeet(when.areas, clause.areas)) find('lint.never-fires', `when[${i}].areas`, { event: when.event })
  }
}

function timeFindings(clause: BindingClause, find: Find): void {
  const within = clause.limit.within === null ? null : durationMs(clause.limit.within)
  const { travel, approval } = clause.needs ?? {}
  const needed = (travel === undefined ? 0 : durationMs(travel)) + (approval === undefined ? 0 : durationMs(approval))
  if (within !== null && needed > within)
    find('lint.limit-too-short', 'limit.within', { within: clause.limit.within ?? '', minutes: Math.ceil(needed / 60_000) })
  if (within !== null && clause.answerWithin !== undefined && durationMs(clause.answerWithin) > within)
    find('lint.answer-after-limit', 'answerWithin', { answerWithin: clause.answerWithin, within: clause.limit.within ?? '' })
  if (clause.every === undefined) return
  // It is owed anew so long after it was last due, while the incident is open: without a limit it is never due, and nothing ends it after the close.
  const closed = clause.when.some((one) => one.event === 'incident.closed')
  if (within === null || closed || durationMs(clause.every) === 0) find('lint.every-without-end', 'every', { every: clause.every })
}

function conditions(list: readonly Condition[], member: 'when' | 'evidence', file: Instrument, pack: Pack, find: Find): void {
  const code = member === 'when' ? 'lint.never-fires' : 'lint.never-proved'
  for (const [i, condition] of list.entries()) {
    const at = `${member}[${i}]`
    const empty = neverHolds(condition, file)
    for (const problem of empty) find(code, `${at}.${problem}`, { event: condition.event })
    outside(condition.areas, `${at}.areas`, file, find)
    if (condition.by !== undefined && condition.by !== 'anyone') known(condition.by, `${at}.by`, file, find)
    for (const [j, act] of (empty.includes('acts') ? [] : (condition.acts ?? [])).entries())
      if (!pack.acts.has(act)) find('lint.act-unknown', `${at}.acts[${j}]`, { act })
    for (const [j, name] of (empty.includes('functions') ? [] : (condition.functions ?? [])).entries())
      if (!pack.functions.has(name)) find('lint.function-unknown', `${at}.functions[${j}]`, { function: name })
    if (condition.elapsed !== undefined && !empty.includes('elapsed') && outlasts(condition.elapsed, file))
      find('lint.elapsed-past-term', `${at}.elapsed`, { elapsed: condition.elapsed, until: file.inForceUntil ?? '' })
  }
}

/** Parts of an event: a cost clause waits for none, so they name nobody who could pay. */
const NOBODY: ReadonlySet<string> = new Set(['actor', 'target', 'recipient', 'function:public'])

function costFindings(file: Instrument, clause: CostClause, binding: ReadonlySet<string>, find: Find): void {
  if (clause.of !== 'all') for (const [i, id] of clause.of.entries()) if (!binding.has(id)) find('lint.cost-of-unknown', `of[${i}]`, { id })
  known(clause.payer, 'payer', file, find)
  known(clause.payee, 'payee', file, find)
  if (NOBODY.has(baseOf(clause.payer, file))) find('lint.cost-without-payer', 'payer', { party: clause.payer })
  if (nameOf(clause.payer, file) === nameOf(clause.payee, file)) find('lint.cost-to-oneself', 'payee', { party: clause.payee })
  if (clause.cap === null) find('lint.cost-without-cap', 'cap', {}, 'warning')
  if (clause.payWithin === null) find('lint.cost-without-days', 'payWithin', {}, 'warning')
}
