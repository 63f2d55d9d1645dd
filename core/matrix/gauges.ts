import type { Relations } from '../directory/relations.ts'
import type { Words } from '../event.ts'
import type { InstrumentParty } from '../instrument.ts'
import { divisionPath } from '../place.ts'
import { isBinding, placed, refOf, versionsOn, type ClauseRef, type History, type Scope } from './in-force.ts'
import { seatsOf } from './seat.ts'

/** A gauge is its items counted: those that society shares in, of all. */
export type Gauge<Item> = {
  readonly shared: number
  readonly all: number
  readonly items: readonly (Item & { readonly shared: boolean })[]
  readonly left: number
}

export type MadeItem = { readonly instrumentId: string; readonly title: Words; readonly organizations: readonly string[] }
export type SeatItem = {
  readonly body: string
  readonly name: Words
  readonly standing: boolean
  readonly organizations: readonly string[]
}
export type SharedItem = { readonly basis: ClauseRef; readonly words: Words; readonly organizations: readonly string[] }
/** A body that sits: a standing headquarters, or the one that an incident has. */
export type Body = { readonly id: string; readonly name: Words; readonly standing: boolean; readonly members: readonly string[] }

/** Co-construction, co-governance, sharing 共建、共治、共享: three gauges, never added up into one. */
export type Gauges = {
  readonly construction: Gauge<MadeItem>
  readonly governance: Gauge<SeatItem>
  readonly sharing: Gauge<SharedItem>
}

const ITEMS_MAX = 300

/** What the social organizations of the directory take part in, by the instruments in force on the day and the bodies that sit. */
export function gauges(histories: readonly History[], bodies: readonly Body[], relations: Relations, scope: Scope): Gauges {
  const social = (id: string): boolean => relations.find(id)?.sector === 'social'
  const here = new Set(divisionPath(scope.area))
  const made = versionsOn(histories, scope.on)
    .filter(({ instrument: { kind, jurisdiction } }) => (kind === 'plan' || kind === 'agreement') && here.has(jurisdiction))
    .map(({ id, instrument }) => {
      const kept = keeperOf(instrument.keeper ?? null, relations)
      const named = (instrument.parties ?? []).flatMap((party) => namedBy(party, scope.area, relations))
      return { instrumentId: id, title: instrument.title, organizations: [...new Set([...named, ...kept])].filter(social) }
    })
  const seats = bodies.map(({ id, name, standing, members }) => ({ body: id, name, standing, organizations: members.filter(social) }))
  const disclosed = placed(histories, scope)
    .filter(isBinding)
    .filter((one) => one.clause.kind === 'disclosure')
    .map((one) => ({
      basis: refOf(one),
      words: one.clause.actWords,
      organizations: seatsOf(one.clause.to, one.from.instrument, scope.area, true, relations)
        .organizations.map((entry) => entry.id)
        .filter(social),
    }))
  return { construction: gauge(made), governance: gauge(seats), sharing: gauge(disclosed) }
}

function gauge<Item extends { readonly organizations: readonly string[] }>(items: readonly Item[]): Gauge<Item> {
  const marked = items.map((item) => ({ ...item, shared: item.organizations.length > 0 }))
  return {
    shared: marked.filter((item) => item.shared).length,
    all: items.length,
    items: marked.toSorted((a, b) => Number(b.shared) - Number(a.shared)).slice(0, ITEMS_MAX),
    left: Math.max(0, items.length - ITEMS_MAX),
  }
}

function namedBy(party: InstrumentParty, area: string, relations: Relations): readonly string[] {
  if (party.organization !== undefined) return [party.organization]
  return party.function === undefined ? [] : relations.holders(party.function, party.jurisdiction ?? area).map((one) => one.id)
}

/** A keeper is named in words; it is the organization that bears this very name. */
function keeperOf(keeper: Words | null, relations: Relations): readonly string[] {
  if (keeper === null) return []
  return [...relations.all()].filter((one) => one.name['zh-CN'] === keeper['zh-CN']).map((one) => one.id)
}
