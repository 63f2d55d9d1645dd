/**
 * What lies under an area, one index a world: divisions by the installation's boundaries, special sites from the register.
 * Built when it is first asked; what the log says of the register since then is read before every answer.
 */
import { REACH_MAX, type Reach, type ReachedSite } from '#core/alert.ts'
import { Refusal, refuse } from '#core/decider.ts'
import type { Words } from '#core/event.ts'
import { covers, DivisionCode } from '#core/place.ts'
import { Targets, upwards, type Division, type Reached, type TargetArea, type Targeted } from '#core/target.ts'
import { installedBoundaries } from './boundaries.ts'
import type { Sql } from './database.ts'

/** So many entries of the log are looked through for changes; after more the register is read anew. */
const TAIL_MAX = 100_000
/** Sites that are kept; the register may have more, and then the oldest registered count. */
const SITES_MAX = 1_000_000
const NAME_MAX = 200

export type Site = ReachedSite & { readonly names: Words; readonly lon: number | null; readonly lat: number | null }
type Row = {
  readonly id: string
  readonly name: Words
  readonly kind: string
  readonly jurisdiction: string
  readonly lon: number | null
  readonly lat: number | null
  readonly owner: string | null
  readonly regulator: string | null
  readonly responder: string | null
}
type Index = { readonly targets: Targets; readonly sites: Map<string, Site>; readonly byCode: Map<string, Set<string>>; head: number }

export class WorldTargets {
  readonly #sql: Sql
  readonly #divisions: () => readonly Division[]
  #index: Promise<Index> | null = null

  /** `divisions`: given in tests; else the installation's own. */
  constructor(sql: Sql, divisions: () => readonly Division[] = installed) {
    this.#sql = sql
    this.#divisions = divisions
  }

  /**
   * The divisions and special sites under the area. A division that is reached in part is left out where a finer one below it
   * is reached, by its boundary or by name. Refused as `Targets.within`, and `alert.reach-too-large`.
   */
  async reachOf(area: TargetArea): Promise<Reach | Refusal> {
    const index = await this.#current()
    const found = index.targets.within(area)
    if (found instanceof Refusal) return found
    const divisions = finest(found.divisions)
    const sites = sitesUnder(index, found, divisions)
    if (divisions.length > REACH_MAX.divisions || sites.length > REACH_MAX.sites)
      return refuse('alert.reach-too-large', { divisions: divisions.length, sites: sites.length })
    return { divisions: [...divisions], sites }
  }

  /** A site of the register as it is now, or null. */
  async site(id: string): Promise<Site | null> {
    return (await this.#current()).sites.get(id) ?? null
  }

  async #current(): Promise<Index> {
    const built = (this.#index ??= this.#build())
    const index = await built.catch((error: unknown) => {
      this.#index = null
      throw error
    })
    const head = await this.#head()
    if (head - index.head > TAIL_MAX) {
      this.#index = null
      return this.#current()
    }
    if (head > index.head) await this.#refresh(index, head)
    return index
  }

  async #head(): Promise<number> {
    const [row] = await this.#sql<{ head: string | null }[]>`select max(position) as head from event`
    return Number(row?.head ?? 0)
  }

  async #build(): Promise<Index> {
    const head = await this.#head()
    const rows = await this.#rows(null)
    const sites = new Map<string, Site>()
    const byCode = new Map<string, Set<string>>()
    const placed = rows.map(siteOf)
    for (const site of placed) file(site, sites, byCode)
    const points = placed.flatMap(({ id, lon, lat }) => (lon === null || lat === null ? [] : [{ kind: 'site' as const, id, lon, lat }]))
    return { targets: new Targets(this.#divisions(), points), sites, byCode, head }
  }

  async #refresh(index: Index, head: number): Promise<void> {
    const changed = await this.#sql<{ id: string }[]>`
      select distinct substr(stream, 6) as id from event where position > ${index.head} and position <= ${head} and stream like 'risk/%'`
    if (changed.length > 0) {
      const ids = changed.map(({ id }) => id)
      const rows = new Map((await this.#rows(ids)).map((row) => [row.id, siteOf(row)]))
      for (const id of ids) {
        const before = index.sites.get(id)
        if (before !== undefined) index.byCode.get(before.jurisdiction)?.delete(id)
        index.sites.delete(id)
        const site = rows.get(id)
        if (site !== undefined) file(site, index.sites, index.byCode)
        if (site === undefined || site.lon === null || site.lat === null) index.targets.remove('site', id)
        else index.targets.put({ kind: 'site', id, lon: site.lon, lat: site.lat })
      }
    }
    index.head = Math.max(index.head, head)
  }

  #rows(ids: readonly string[] | null): Promise<readonly Row[]> {
    const sql = this.#sql
    return sql<Row[]>`
      select id, name, coalesce(site_kind, 'other') as kind, jurisdiction, lon, lat, owner, regulator, responder
      from risk where open and kind = 'site' and ${ids === null ? sql`true` : sql`id = any(${[...ids]}::uuid[])`}
      order by registered_at, id limit ${SITES_MAX}`
  }
}

const siteOf = ({ name, ...row }: Row): Site => ({ ...row, name: name['zh-CN'].slice(0, NAME_MAX), names: name })

function file(site: Site, sites: Map<string, Site>, byCode: Map<string, Set<string>>): void {
  sites.set(site.id, site)
  const there = byCode.get(site.jurisdiction)
  if (there === undefined) byCode.set(site.jurisdiction, new Set([site.id]))
  else there.add(site.id)
}

/** A prefecture of which a county is reached says nothing more; where nothing finer is known, it stands for all of itself. */
function finest(reached: readonly Reached[]): Reach['divisions'] {
  const known = reached.filter(({ code }) => DivisionCode.safeParse(code).success)
  const above = new Set(known.flatMap(({ code }) => upwards(code).filter((outer) => outer !== code)))
  return known.filter(({ code, share }) => share === 'whole' || !above.has(code))
}

/** Sites in the shapes themselves; and by the code of their territory where all of it lies under the warning, or their place is not known. */
function sitesUnder({ sites, byCode }: Index, found: Targeted, divisions: Reach['divisions']): ReachedSite[] {
  const ids = new Set(found.points.site)
  const wholes = divisions.filter(({ share }) => share === 'whole').map(({ code }) => code)
  for (const [jurisdiction, there] of byCode) {
    const whole = wholes.some((code) => covers(code, jurisdiction))
    const part = whole || divisions.some(({ code }) => covers(code, jurisdiction))
    if (!part) continue
    for (const id of there) if (whole || sites.get(id)?.lon === null) ids.add(id)
  }
  return [...ids].toSorted().flatMap((id) => {
    const site = sites.get(id)
    if (site === undefined) return []
    const { name, kind, jurisdiction, owner, regulator, responder } = site
    return [{ id, name, kind, jurisdiction, owner, regulator, responder }]
  })
}

/** A code that is drawn in two layers (the municipalities) is one. */
const installed = (): readonly Division[] => installedBoundaries()?.units ?? []
