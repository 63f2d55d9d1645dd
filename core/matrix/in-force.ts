import { covers, divisionLevel, divisionPath } from '../place.ts'
import {
  bindingOn,
  binds,
  instrument,
  isComplete,
  type BindingClause,
  type Clause,
  type Instrument,
  type InstrumentEvent,
  type InstrumentState,
  type Phase,
} from '../instrument.ts'
import type { Recorded, Words } from '../event.ts'

/** A version that binds on the day that is asked for. */
export type Version = { readonly id: string; readonly version: number; readonly instrument: Instrument }

/** An instrument with all its versions, the newest first, each cut off where a later repeal ended it. */
export type History = {
  readonly id: string
  readonly state: InstrumentState
  readonly versions: readonly { readonly version: number; readonly instrument: Instrument }[]
}

const VERSIONS_MAX = 1000

/** Folds the events of one instrument's stream. Null: it was never adopted. */
export function historyOf(id: string, events: readonly Recorded[]): History | null {
  let state: InstrumentState = instrument.initial
  let versions: History['versions'] = []
  for (const event of events) {
    const said = { type: event.type, ...event.data } as InstrumentEvent
    state = instrument.evolve(state, said, event)
    if (said.type === 'instrument.adopted')
      versions = [{ version: said.version, instrument: said.instrument }, ...versions].slice(0, VERSIONS_MAX)
    if (said.type === 'instrument.repealed') versions = versions.map((one) => ({ ...one, instrument: until(one.instrument, said.on) }))
  }
  return state.instrument === null ? null : { id, state, versions }
}

/** A file that has no log: its only version, signed and approved as it says itself. */
export const historyOfFile = (file: Instrument): History => ({
  id: file.id,
  state: { version: 1, instrument: file },
  versions: [{ version: 1, instrument: file }],
})

const until = (file: Instrument, on: string): Instrument =>
  file.inForceUntil !== null && file.inForceUntil <= on ? file : { ...file, inForceUntil: on }

/** A clause in the version that is meant, with what a reader needs to find it. */
export type ClauseRef = {
  readonly instrumentId: string
  readonly version: number
  readonly clauseId: string
  readonly title: Words
  readonly article: Words
}

/** What one version lays down in one place: the unit that every coverage counts. */
export type Placed<C extends Clause = BindingClause> = { readonly from: Version; readonly clause: C }

/** What of the whole is looked at. Null: every hazard, every phase. */
export type Scope = {
  /** The day whose law is asked for. */
  readonly on: string
  /** The territory, by its division code. */
  readonly area: string
  readonly hazard: string | null
  readonly phase?: Phase | null
}

export const refOf = ({ from, clause }: Placed<Clause>): ClauseRef => ({
  instrumentId: from.id,
  version: from.version,
  clauseId: clause.id,
  title: from.instrument.title,
  article: clause.article,
})

/** The version of each instrument that binds on the day: signed, approved, begun and not ended. While a newer one waits for that, the one before it stands. */
export function versionsOn(histories: Iterable<History>, on: string): readonly Version[] {
  const found: Version[] = []
  for (const history of histories) {
    const version = versionOn(history, on)
    if (version !== null) found.push(version)
  }
  return found
}

export function versionOn({ id, state, versions }: History, on: string): Version | null {
  const { standing: _, ...rest } = state
  for (const { version, instrument: file } of versions) {
    const then = { ...rest, version, instrument: file }
    const bound = bindingOn(then, on)
    if (bound !== null) return { id, ...bound }
    // It has begun and is over: what it replaced does not come back.
    if (file.inForceFrom <= on && isComplete(then, { version, instrument: file }, on)) return null
  }
  return null
}

/** The hazards that a clause concerns: its own, else those its conditions name, else those its instrument covers; null: all. */
export function hazardsOf(file: Instrument, clause: Clause): readonly string[] | null {
  if (clause.hazards !== undefined) return clause.hazards
  const named = binds(clause) ? clause.when.map((one) => one.hazards) : []
  // One condition without a hazard lets the clause bind in any.
  if (named.length > 0 && named.every((one) => one !== undefined)) return [...new Set(named.flat())]
  return file.covers?.hazards ?? null
}

const NEAREST = ['county', 'prefecture', 'province', 'nation']

/** The clauses that bind in the area on the day, those of the nearest authority first, each instrument in its own order. */
export function placed(histories: Iterable<History>, { on, area, hazard, phase = null }: Scope): readonly Placed<Clause>[] {
  const here = new Set(divisionPath(area))
  return versionsOn(histories, on)
    .filter((one) => covers(one.instrument.jurisdiction, area))
    .toSorted(
      (a, b) =>
        NEAREST.indexOf(divisionLevel(a.instrument.jurisdiction)) - NEAREST.indexOf(divisionLevel(b.instrument.jurisdiction)) ||
        (a.id < b.id ? -1 : 1),
    )
    .flatMap((from) =>
      from.instrument.clauses
        .filter((clause) => {
          const hazards = hazard === null ? null : hazardsOf(from.instrument, clause)
          return (
            (hazards === null || hazard === null || hazards.includes(hazard)) &&
            (phase === null || clause.phase === undefined || clause.phase === phase) &&
            (clause.areas === undefined || clause.areas.some((code) => here.has(code)))
          )
        })
        .map((clause) => ({ from, clause })),
    )
}

export const isBinding = (one: Placed<Clause>): one is Placed => binds(one.clause)
