/** The responsibility matrix as the linter reads it: exactly one lead for each function, hazard, phase and area, and somebody behind it. */
import type { BindingClause, Instrument } from '../instrument.ts'
import type { Findings } from './finding.ts'
import type { Holding } from './holding.ts'
import { baseOf, wider, type Bound, type Pack } from './pack.ts'

/** Cells that are looked at in one run; a pack with more is told so. */
const CELLS_MAX = 1_000_000
const NAMED_MAX = 3
/** Stands for every hazard, phase or place; `?` for any one of them. */
const ALL = '*'
const ANY = '?'

/** `identity` leaves out the level of government, since each level leads at its own; `name` says it. */
type Entry = { readonly identity: string; readonly name: string; readonly bound: Bound }
/** Two entries of different parties are enough to find one that differs from any third. */
type Cell = { readonly first: Entry; second: Entry | null }

export function partFindings(pack: Pack, holding: Holding | null, findings: Findings): void {
  const cells = new Cells(findings)
  const parted = pack.bound.filter(({ clause, file }) => clause.part !== undefined && !endedOn(file, pack.on))
  for (const bound of parted) {
    const entry = entryOf(bound, holding)
    if (bound.clause.part === 'lead') {
      const other = cells.other('lead', entry)
      if (other !== null) findings.at(bound, bound.position)('lint.two-leads', 'owes', { function: bound.clause.function, ...of(other) })
    }
    if (bound.clause.part === 'lead' || bound.clause.part === 'backup') cells.add(bound.clause.part, entry)
  }
  for (const bound of parted) besideLead(bound, cells, holding, findings)
  promised(pack, cells, findings)
  backups(parted, cells, findings)
}

function entryOf(bound: Bound, holding: Holding | null): Entry {
  const base = baseOf(bound.clause.owes, bound.file)
  const identity = holding?.identity(base, bound.file) ?? base
  const [, at] = bound.clause.owes.split('@')
  return { identity, name: at === undefined ? identity : `${identity}@${at}`, bound }
}

const endedOn = (file: Instrument, on: string): boolean => file.inForceUntil !== null && file.inForceUntil <= on
const of = ({ bound }: Entry): { instrument: string; clause: string } => ({ instrument: bound.file.id, clause: bound.clause.id })

/** A clause's hazards: its own, else those of all its conditions, else every one. */
export function hazardsOf(clause: BindingClause): readonly string[] {
  if (clause.hazards !== undefined) return clause.hazards
  const named = clause.when.flatMap((when) => when.hazards ?? [])
  return named.length === 0 || clause.when.some((when) => when.hazards === undefined) ? [ALL] : [...new Set(named)]
}
const phaseOf = (clause: BindingClause): string => clause.phase ?? ALL

class Cells {
  readonly #byFunction = new Map<string, Map<string, Cell>>()
  readonly #findings: Findings
  #looked = 0
  #told = false

  constructor(findings: Findings) {
    this.#findings = findings
  }

  add(part: string, entry: Entry): void {
    const { clause, file } = entry.bound
    const key = `${part}|${clause.function}|${file.jurisdiction}`
    const cells = this.#byFunction.get(key) ?? new Map<string, Cell>()
    this.#byFunction.set(key, cells)
    const around = (clause.areas ?? []).flatMap((area) =>
      wider(area)
        .slice(1)
        .map((code) => `<${code}`),
    )
    const places = [...new Set([...(clause.areas ?? [ALL]), ANY, ...around])]
    for (const hazard of [...hazardsOf(clause), ANY])
      for (const phase of new Set([phaseOf(clause), ANY]))
        for (const place of places) {
          if (!this.#goesOn(entry.bound)) return
          put(cells, `${hazard}|${phase}|${place}`, entry)
        }
  }

  /** An entry of another party in a cell that this one also fills, in an instrument of the same territory. */
  other(part: string, entry: Entry): Entry | null {
    return this.#look(part, entry.bound, [entry.bound.file.jurisdiction], (found) => (found.identity === entry.identity ? null : found))
  }

  /** The entry of the same party, the same way, in an instrument of that territory or one around it. */
  same(part: string, entry: Entry): Entry | null {
    return this.#look(part, entry.bound, wider(entry.bound.file.jurisdiction), (found) => (found.name === entry.name ? found : null))
  }

  /** The first cell of the clause that has no such part, as `flood/respond`; null where every one has. */
  missing(part: string, bound: Bound): string | null {
    const places = wider(bound.file.jurisdiction)
    const phase = phaseOf(bound.clause)
    for (const hazard of hazardsOf(bound.clause))
      for (const area of bound.clause.areas ?? [ALL])
        if (!this.has(part, bound.clause.function, places, hazard, phase, area, bound))
          return [hazard, phase, ...(area === ALL ? [] : [area])].join('/')
    return null
  }

  /** Whether some clause has the part there. `area` in `*`: everywhere, or at least nowhere else than others say. */
  has(part: string, name: string, places: readonly string[], hazard: string, phase: string, area: string, bound: Bound | null): boolean {
    if (!this.#goesOn(bound)) return true
    const keys = keysAt(hazard, phase, area)
    return places.some((code) => {
      const cells = this.#byFunction.get(`${part}|${name}|${code}`)
      return cells !== undefined && keys.some((key) => cells.has(key))
    })
  }

  #look(part: string, bound: Bound, places: readonly string[], pick: (found: Entry) => Entry | null): Entry | null {
    const { clause } = bound
    const there = places.flatMap((code) => this.#byFunction.get(`${part}|${clause.function}|${code}`) ?? [])
    if (there.length === 0) return null
    for (const hazard of hazardsOf(clause))
      for (const area of clause.areas ?? [ALL]) {
        if (!this.#goesOn(bound)) return null
        for (const key of keysAt(hazard, phaseOf(clause), area))
          for (const cells of there) {
            const cell = cells.get(key)
            const found = cell === undefined ? null : (pick(cell.first) ?? (cell.second === null ? null : pick(cell.second)))
            if (found !== null) return found
          }
      }
    return null
  }

  #goesOn(bound: Bound | null): boolean {
    if (++this.#looked <= CELLS_MAX) return true
    if (!this.#told && bound !== null) this.#findings.at(bound, bound.position)('lint.unchecked', 'id', { max: CELLS_MAX }, 'warning')
    this.#told ||= bound !== null
    return false
  }
}

function put(cells: Map<string, Cell>, key: string, entry: Entry): void {
  const cell = cells.get(key)
  if (cell === undefined) cells.set(key, { first: entry, second: null })
  else if (cell.second === null && cell.first.identity !== entry.identity) cell.second = entry
}

/** Under which keys an entry that fills the cell, or a part of it, was put. */
function keysAt(hazard: string, phase: string, area: string): readonly string[] {
  const phases = phase === ALL ? [ANY] : [phase, ALL]
  const areas = area === ALL ? [ANY] : [ALL, ...wider(area), `<${area}`]
  return (hazard === ALL ? [ANY] : [hazard, ALL]).flatMap((h) => phases.flatMap((p) => areas.map((a) => `${h}|${p}|${a}`)))
}

/** Whoever supports, is asked or told needs a lead beside him; who backs up is somebody else than the lead. */
function besideLead(bound: Bound, cells: Cells, holding: Holding | null, findings: Findings): void {
  const { clause, file } = bound
  if (clause.part === 'lead') return
  const find = findings.at(bound, bound.position)
  const missing = file.covers?.functions.includes(clause.function) === true ? null : cells.missing('lead', bound)
  if (missing !== null) find('lint.no-lead', 'part', { function: clause.function, cells: missing })
  if (clause.part !== 'backup') return
  const lead = cells.same('lead', entryOf(bound, holding))
  if (lead !== null) find('lint.backup-is-lead', 'owes', { function: clause.function, ...of(lead) })
}

/** What an instrument promises to place, cell by cell. */
function promised(pack: Pack, cells: Cells, findings: Findings): void {
  for (const { file, index } of pack.files) {
    if (file.covers === undefined || endedOn(file, pack.on)) continue
    const places = wider(file.jurisdiction)
    const areas = [...new Set(file.clauses.flatMap((clause) => clause.areas ?? []))]
    for (const [i, name] of file.covers.functions.entries()) {
      const gaps: string[] = []
      for (const hazard of file.covers.hazards)
        for (const phase of file.covers.phases) {
          if (!cells.has('lead', name, places, hazard, phase, ALL, null)) gaps.push(`${hazard}/${phase}`)
          else
            for (const area of areas)
              if (!cells.has('lead', name, places, hazard, phase, area, null)) gaps.push(`${hazard}/${phase}/${area}`)
        }
      if (gaps.length > 0)
        findings.of('instrument', index, file.id)('lint.no-lead', `covers.functions[${i}]`, {
          function: name,
          cells: gaps.slice(0, NAMED_MAX).join(', ') + (gaps.length > NAMED_MAX ? ` … (${gaps.length})` : ''),
        })
    }
  }
}

/** In a plan, an agreement or an order, each function that has a lead has one behind it: S1-15. Told once a function, at its first lead without. */
function backups(parted: readonly Bound[], cells: Cells, findings: Findings): void {
  const told = new Set<string>()
  for (const bound of parted) {
    const { file, clause, index } = bound
    const key = `${index}|${clause.function}`
    if (clause.part !== 'lead' || file.kind === 'law' || file.kind === 'regulation' || told.has(key)) continue
    const missing = cells.missing('backup', bound)
    if (missing === null) continue
    told.add(key)
    findings.at(bound, bound.position)('lint.no-backup', 'part', { function: clause.function, cells: missing }, 'warning')
  }
}
