import type { Words } from '../event.ts'
import { covers, divisionPath } from '../place.ts'

export type OrganizationEntry = {
  readonly id: string
  readonly name: Words
  readonly sector: string
  readonly kind: string
  readonly functions: readonly string[]
  readonly jurisdiction: string | null
  readonly superior: string | null
  readonly verified: boolean
}

/** No chain of superiors in any administration is longer; a longer one is a circle. */
const CHAIN_MAX = 32

/** Public authority answers for a function before a firm or an association that also holds it. */
const SECTORS = ['command', 'party', 'government', 'public-institution', 'military', 'grass-roots', 'social', 'enterprise', 'public']
const rank = (entry: OrganizationEntry): number => SECTORS.indexOf(entry.sector)

/** The directory as the other rooms ask it: who stands above whom, who holds a function where. Built once, read often. */
export class Relations {
  readonly #byId: ReadonlyMap<string, OrganizationEntry>
  /** By function, then by territory: who answers first stands first. */
  readonly #byFunction: ReadonlyMap<string, ReadonlyMap<string | null, readonly OrganizationEntry[]>>
  readonly #byTerritory: ReadonlyMap<string | null, readonly OrganizationEntry[]>

  constructor(entries: Iterable<OrganizationEntry>) {
    const byId = new Map<string, OrganizationEntry>()
    const byFunction = new Map<string, OrganizationEntry[]>()
    for (const entry of entries) {
      byId.set(entry.id, entry)
      for (const name of entry.functions) {
        const known = byFunction.get(name)
        if (known) known.push(entry)
        else byFunction.set(name, [entry])
      }
    }
    this.#byId = byId
    for (const known of byFunction.values())
      known.sort((a, b) => rank(a) - rank(b) || this.#depth(byId, a) - this.#depth(byId, b) || (a.id < b.id ? -1 : 1))
    this.#byFunction = new Map([...byFunction].map(([name, all]) => [name, Map.groupBy(all, (entry) => entry.jurisdiction)]))
    this.#byTerritory = Map.groupBy(byId.values(), (entry) => entry.jurisdiction)
  }

  /** How many superiors stand above: of two holders the one nearer to the top answers first. */
  #depth(byId: ReadonlyMap<string, OrganizationEntry>, entry: OrganizationEntry): number {
    let depth = 0
    for (let at = entry.superior; at !== null && depth < CHAIN_MAX; at = byId.get(at)?.superior ?? null) depth++
    return depth
  }

  find(id: string): OrganizationEntry | null {
    return this.#byId.get(id) ?? null
  }

  all(): Iterable<OrganizationEntry> {
    return this.#byId.values()
  }

  /** The organization itself and its superiors, nearest first. A circle ends the path where it would begin again. */
  path(id: string): readonly OrganizationEntry[] {
    const path: OrganizationEntry[] = []
    for (
      let at = this.find(id);
      at !== null && path.length < CHAIN_MAX && !path.includes(at);
      at = at.superior === null ? null : this.find(at.superior)
    )
      path.push(at)
    return path
  }

  superior(id: string): OrganizationEntry | null {
    return this.path(id)[1] ?? null
  }

  isSuperior(above: string, below: string): boolean {
    return above !== below && this.path(below).some((one) => one.id === above)
  }

  /** Emergency Response Law art. 18: several regions are led by their common superior. The nearest one, or null where the chains never meet. */
  commonSuperior(a: string, b: string): OrganizationEntry | null {
    const above = new Set(this.path(a).map((one) => one.id))
    return this.path(b).find((one) => above.has(one.id)) ?? null
  }

  /** Those who hold the function nearest to the territory, who answers first standing first: in it, else one division up, and so on to the nation. */
  holders(name: string, jurisdiction: string): readonly OrganizationEntry[] {
    const known = this.#byFunction.get(name)
    for (const code of divisionPath(jurisdiction)) {
      const here = known?.get(code)
      if (here !== undefined) return here
    }
    return []
  }

  /** Everyone registered in the territory itself, not above or below it. */
  at(jurisdiction: string): readonly OrganizationEntry[] {
    return this.#byTerritory.get(jurisdiction) ?? []
  }

  /** The territories in which anybody is registered. */
  territories(): Iterable<string> {
    return [...this.#byTerritory.keys()].filter((code) => code !== null)
  }

  /** The next of its kind beside it: below the same superior, in the order of ids, the first after the last. */
  neighbour(id: string): OrganizationEntry | null {
    const own = this.find(id)
    if (own?.jurisdiction === undefined || own.jurisdiction === null) return null
    const beside = this.at(own.jurisdiction)
      .filter((one) => one.superior === own.superior && one.kind === own.kind && one.id !== id)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    return beside.find((one) => one.id > id) ?? beside[0] ?? null
  }

  /** Whether the organization's territory contains the other. */
  answersFor(id: string, jurisdiction: string): boolean {
    const own = this.find(id)?.jurisdiction
    return own !== null && own !== undefined && covers(own, jurisdiction)
  }
}
