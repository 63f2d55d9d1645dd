/** Rules beside each other: a lower one may tighten what a higher one lays down, never loosen it (S1-14), and equals do not contradict. */
import type { BindingClause, Instrument } from '../instrument.ts'
import { graver } from '../level.ts'
import { durationMs } from '../time.ts'
import { graverTrigger, overlap, weaker } from './condition.ts'
import type { Find, Findings, Params } from './finding.ts'
import { areasMeet, baseOf, meet, nameOf, type Bound, type Pack } from './pack.ts'

/** Clauses about the same act that one clause is held against; past it the linter says that it stopped. */
const BESIDE_MAX = 50
/** What is graver by nobody's word: clause.ts says 3. */
const GRAVITY = 3

type Buckets = Map<string, Bound[]>

export function rankFindings(pack: Pack, findings: Findings): void {
  const byFile = new Map<number, Buckets>()
  const byRank: Buckets = new Map()
  for (const bound of pack.bound)
    for (const key of keysOf(bound, baseOf)) {
      const buckets = byFile.get(bound.index) ?? (new Map() as Buckets)
      byFile.set(bound.index, buckets)
      push(buckets, key, bound)
    }
  const waits = new Map(pack.files.map(({ file, index }) => [index, waitsIn(file)]))
  for (const bound of pack.bound) {
    const find = findings.at(bound, bound.position)
    lower(bound, pack, byFile, waits, find)
    equals(bound, pack, byRank, find)
  }
}

function push(buckets: Buckets, key: string, bound: Bound): void {
  const known = buckets.get(key)
  if (known) known.push(bound)
  else buckets.set(key, [bound])
}

/** One key for each event that it waits for: only the same act of the same function, between the same two, is held beside it. */
function keysOf({ clause, file }: Bound, party: (party: string, file: Instrument) => string): readonly string[] {
  const events = clause.when.length === 0 ? ['-'] : [...new Set(clause.when.map((when) => when.event))]
  return events.map((event) => `${clause.act}|${clause.function}|${party(clause.owes, file)}|${party(clause.to, file)}|${event}`)
}

function lower(bound: Bound, pack: Pack, byFile: ReadonlyMap<number, Buckets>, waits: Waits, find: Find): void {
  const above = pack.above(bound.index)
  if (above.size === 0) return
  const told = new Set<string>()
  const met = new Set<Bound>()
  for (const index of above) {
    if (index === bound.index) continue
    for (const key of keysOf(bound, baseOf))
      for (const higher of byFile.get(index)?.get(key) ?? []) {
        if (met.has(higher)) continue
        met.add(higher)
        if (met.size > BESIDE_MAX) return find('lint.unchecked', 'act', { max: BESIDE_MAX }, 'warning')
        const meets = sameLevel(bound.clause.owes, higher.clause.owes) ? meetings(bound, higher) : []
        if (meets.length === 0) continue
        const say: Find = (code, path, params = {}) => {
          if (told.has(code)) return
          told.add(code)
          find(code, path, { instrument: higher.file.id, clause: higher.clause.id, ...params })
        }
        looser(bound.clause, higher.clause, meets, say)
        const [own, theirs] = [waits.get(bound.index)?.(bound.clause.id), waits.get(index)?.(higher.clause.id)]
        if (own !== undefined && theirs !== undefined && durationMs(own) > durationMs(theirs))
          say('lint.looser-escalation', 'limit.within', { after: own, higher: theirs })
      }
  }
}

/** A county's duty is none of the province's, where both say which they mean. */
const sameLevel = (a: string, b: string): boolean => {
  const [one, other] = [a.split('@')[1], b.split('@')[1]]
  return one === other || (one !== 'superior' && other !== 'superior' && (one === undefined || other === undefined))
}

type Meeting = { readonly lower: string; readonly higher: string }

/** The pairs of conditions under which both bind, each with the time that passes before. Standing duties always meet. */
function meetings(a: Bound, b: Bound): readonly Meeting[] {
  if (!areasMeet(a.clause.areas, b.clause.areas)) return []
  const none = 'PT0S'
  if (a.clause.when.length === 0 && b.clause.when.length === 0) return [{ lower: none, higher: none }]
  return a.clause.when.flatMap((one) =>
    b.clause.when
      .filter((other) => overlap(one, other, [a.file, b.file]))
      .map((other) => ({ lower: one.elapsed ?? none, higher: other.elapsed ?? none })),
  )
}

function looser(own: BindingClause, higher: BindingClause, meets: readonly Meeting[], say: Find): void {
  limitLooser(own, higher, meets, say)
  for (const member of ['answerWithin', 'progressEvery', 'every'] as const) {
    const [mine, theirs] = [own[member], higher[member]]
    if (theirs !== undefined && (mine === undefined || durationMs(mine) > durationMs(theirs)))
      say('lint.looser-rhythm', mine === undefined ? 'act' : member, { member, rhythm: mine ?? '—', higher: theirs })
  }
  const often = ['incident', 'debtor', 'event']
  if (often.indexOf(own.once) < often.indexOf(higher.once)) say('lint.looser-once', 'once', { once: own.once, higher: higher.once })
  else if (higher.each === true && own.each !== true) say('lint.looser-each', 'owes')
  else if (own.each === true && higher.each === true && (own.quorum ?? Infinity) < (higher.quorum ?? Infinity))
    say('lint.looser-quorum', 'quorum', { quorum: own.quorum ?? 0, higher: higher.quorum ?? '—' })
  if (graver(higher.gravity ?? GRAVITY, own.gravity ?? GRAVITY))
    say('lint.looser-gravity', own.gravity === undefined ? 'act' : 'gravity', {
      gravity: own.gravity ?? GRAVITY,
      higher: higher.gravity ?? GRAVITY,
    })
  if (higher.reserved !== undefined && own.reserved === undefined) say('lint.looser-reserved', 'owes')
  if (own.kind === 'resource' && higher.kind === 'resource') quantityLooser(own.resource, higher.resource, say)
  evidenceLooser(own, higher, say)
}

function limitLooser(own: BindingClause, higher: BindingClause, meets: readonly Meeting[], say: Find): void {
  const { within } = higher.limit
  if (within === null) return
  if (own.limit.within === null) return say('lint.looser-limit-dropped', 'limit.within', { higher: within })
  const mine = durationMs(own.limit.within)
  const later = meets.some((one) => mine + durationMs(one.lower) > durationMs(within) + durationMs(one.higher))
  if (later) say('lint.looser-limit', 'limit.within', { within: own.limit.within, higher: within })
}

type Amount = { readonly type: string; readonly quantity: { readonly value: number; readonly unit: string } }
function quantityLooser(own: Amount, higher: Amount, say: Find): void {
  if (own.type === higher.type && own.quantity.unit === higher.quantity.unit && own.quantity.value < higher.quantity.value)
    say('lint.looser-quantity', 'resource.quantity', { quantity: own.quantity.value, higher: higher.quantity.value })
}

/** Evidence that the higher rule would take only with more to it, and that no other of its conditions takes as it is. */
function evidenceLooser(own: BindingClause, higher: BindingClause, say: Find): void {
  for (const [i, condition] of own.evidence.entries()) {
    const beside = higher.evidence.filter((other) => other.event === condition.event && meet(other.kinds, condition.kinds))
    const why = beside.map((other) => weaker(condition, other))
    const [first] = why
    if (first !== undefined && first !== null && !why.includes(null)) say('lint.looser-evidence', `evidence[${i}]`, { member: first })
  }
}

type Waits = ReadonlyMap<number, (clause: string) => string | undefined>

/** After how much silence each clause climbs first: by the escalation that names it, else by one for all. */
function waitsIn(file: Instrument): (clause: string) => string | undefined {
  const named = new Map<string, string>()
  let all: string | undefined
  for (const clause of file.clauses) {
    const first = clause.kind === 'escalation' ? clause.steps[0]?.after : undefined
    if (clause.kind !== 'escalation' || first === undefined) continue
    if (clause.of === 'all') all ??= first
    else for (const id of clause.of) named.set(id, first)
  }
  return (id) => named.get(id) ?? all
}

/** Two clauses of one instrument, or of two of the same kind and territory, that give the same debtor two limits for one act. */
function equals(bound: Bound, pack: Pack, byRank: Buckets, find: Find): void {
  const { file, clause, index } = bound
  if (clause.when.length === 0) return
  const met = new Set<Bound>()
  let told = false
  for (const key of keysOf(bound, nameOf)) {
    const rank = `${file.kind}|${file.jurisdiction}|${key}`
    for (const other of byRank.get(rank) ?? []) {
      if (told || met.has(other)) continue
      met.add(other)
      if (met.size > BESIDE_MAX) return find('lint.unchecked', 'act', { max: BESIDE_MAX }, 'warning')
      if (other.index !== index && (pack.above(index).has(other.index) || pack.above(other.index).has(index))) continue
      const params = contradicts(other, bound)
      if (params === null) continue
      find('lint.limits-contradict', 'limit.within', params)
      told = true
    }
    push(byRank, rank, bound)
  }
}

/** A shorter limit for the graver of two grades is a grading, and no contradiction; so is another waiting time before it. */
function contradicts(a: Bound, b: Bound): Params | null {
  const [one, other] = [a.clause.limit.within, b.clause.limit.within]
  if (one === null || other === null || durationMs(one) === durationMs(other) || !areasMeet(a.clause.areas, b.clause.areas)) return null
  for (const x of a.clause.when)
    for (const y of b.clause.when) {
      if (x.elapsed !== y.elapsed || !overlap(x, y, [a.file, b.file])) continue
      const grade = graverTrigger(x, y)
      if (grade === null || (grade === -1 && durationMs(one) < durationMs(other)) || (grade === 1 && durationMs(one) > durationMs(other)))
        continue
      return { instrument: a.file.id, clause: a.clause.id, within: other, other: one }
    }
  return null
}
