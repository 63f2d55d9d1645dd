/** Who would have to act: functions that nobody holds, posts that nobody fills, contacts that nobody has tried. */
import type { Instrument, Party } from '../instrument.ts'
import { binds } from '../instrument.ts'
import { covers, divisionLevel, divisionPath } from '../place.ts'
import type { Find, Findings, LintOrganization } from './finding.ts'
import { baseOf, wider, type Pack } from './pack.ts'

const DAY_MS = 86_400_000
/** S1-15: a contact is tried every ninety days. */
export const CONFIRMED_DAYS = 90

export class Holding {
  readonly #byFunction = new Map<string, Map<string, LintOrganization[]>>()
  readonly #byId = new Map<string, LintOrganization>()
  readonly #identities = new Map<string, string>()
  readonly #cache = new Map<string, readonly LintOrganization[]>()

  constructor(organizations: readonly LintOrganization[]) {
    for (const one of organizations) {
      this.#byId.set(one.id, one)
      if (one.jurisdiction === null) continue
      for (const name of one.functions) {
        const places = this.#byFunction.get(name) ?? new Map<string, LintOrganization[]>()
        this.#byFunction.set(name, places)
        const here = places.get(one.jurisdiction)
        if (here) here.push(one)
        else places.set(one.jurisdiction, [one])
      }
    }
  }

  find(id: string): LintOrganization | null {
    return this.#byId.get(id) ?? null
  }

  holdsAt(name: string, jurisdiction: string): boolean {
    return this.#byFunction.get(name)?.has(jurisdiction) === true
  }

  /** Those nearest to the territory: in it, else one division up; where nobody is, those who hold it somewhere inside, of the place with the most. */
  holders(name: string, jurisdiction: string): readonly LintOrganization[] {
    const key = `${name}|${jurisdiction}`
    const known = this.#cache.get(key)
    if (known) return known
    const places = this.#byFunction.get(name) ?? new Map<string, LintOrganization[]>()
    const up = wider(jurisdiction).find((code) => places.has(code))
    const here = up === undefined ? [] : (places.get(up) ?? [])
    const inside = [...places].filter(([code]) => covers(jurisdiction, code)).map(([, all]) => all)
    const most = inside.reduce<readonly LintOrganization[]>((best, all) => (all.length > best.length ? all : best), here)
    const found = here.length > 0 && !inside.some((all) => all.length > here.length) ? here : most
    this.#cache.set(key, found)
    return found
  }

  /** One name for the party: the organization where exactly one answers to it in the whole territory of the instrument, else what it is called. */
  identity(base: string, file: Instrument): string {
    if (!base.startsWith('function:')) return base
    const key = `${base}|${file.jurisdiction}`
    const known = this.#identities.get(key) ?? this.#identify(base, file.jurisdiction)
    this.#identities.set(key, known)
    return known
  }

  #identify(base: string, jurisdiction: string): string {
    const places = this.#byFunction.get(base.slice('function:'.length))
    const up = wider(jurisdiction).find((code) => places?.has(code) === true)
    if (places === undefined || up === undefined) return base
    // Whom it names further down depends on where the incident is.
    if ([...places.keys()].some((code) => code !== jurisdiction && covers(jurisdiction, code))) return base
    const [only, second] = places.get(up) ?? []
    return only === undefined || second !== undefined ? base : `organization:${only.id}`
  }

  /** The identity one step up from it; null where its line ends, undefined where nobody can say. */
  above(identity: string): string | null | undefined {
    const found = identity.startsWith('organization:') ? this.#byId.get(identity.slice('organization:'.length)) : undefined
    if (found === undefined) return undefined
    return found.superior === null ? null : `organization:${found.superior}`
  }
}

export function holdingFindings(pack: Pack, holding: Holding, findings: Findings): void {
  const owed = new Map<string, Set<string>>()
  for (const placed of pack.files)
    for (const [position, clause] of placed.file.clauses.entries()) {
      const find = findings.at(placed, position)
      const { file } = placed
      if (binds(clause)) {
        nobody(clause.owes, 'owes', clause.areas, file, holding, find, 'lint.nobody-holds')
        quorum(clause, file, holding, find)
        const name = functionOf(clause.owes, file)
        if (name !== null) owed.set(name, (owed.get(name) ?? new Set()).add(file.jurisdiction))
      }
      if (clause.kind === 'authority') nobody(clause.holder, 'holder', clause.areas, file, holding, find, 'lint.decision-without-holder')
      // The public pays nobody whoever holds it: clause.ts says so already.
      if (clause.kind === 'cost' && baseOf(clause.payer, file) !== 'function:public')
        nobody(clause.payer, 'payer', clause.areas, file, holding, find, 'lint.cost-without-payer')
      if (clause.kind === 'escalation')
        for (const [i, { to }] of clause.steps.entries())
          nobody(to, `steps[${i}].to`, clause.areas, file, holding, find, 'lint.escalates-to-nobody')
    }
  directoryFindings(pack, owed, findings)
}

const functionOf = (party: Party, file: Instrument): string | null => {
  const base = baseOf(party, file)
  return base.startsWith('function:') ? base.slice('function:'.length) : null
}

function nobody(
  party: Party,
  path: string,
  areas: readonly string[] | undefined,
  file: Instrument,
  holding: Holding,
  find: Find,
  code: string,
): void {
  const name = functionOf(party, file)
  if (name === null) return
  const [, at] = party.split('@')
  const within = (areas ?? [file.jurisdiction]).filter((area) => covers(file.jurisdiction, area))
  const without = within.find((area) => {
    // A level above the territory is fixed; one below it depends on where the incident is.
    const fixed = at === undefined || at === 'superior' ? undefined : divisionPath(area).find((code) => divisionLevel(code) === at)
    return holding.holders(name, area).length === 0 || (fixed !== undefined && !holding.holdsAt(name, fixed))
  })
  if (without !== undefined) find(code, path, { party, function: name, jurisdiction: without })
}

function quorum(
  clause: { readonly owes: Party; readonly each?: boolean | undefined; readonly quorum?: number | undefined },
  file: Instrument,
  holding: Holding,
  find: Find,
): void {
  const name = functionOf(clause.owes, file)
  if (clause.quorum === undefined || clause.each !== true || name === null) return
  const holders = holding.holders(name, file.jurisdiction).length
  if (holders > 0 && clause.quorum > holders) find('lint.quorum-too-large', 'quorum', { quorum: clause.quorum, holders })
}

function directoryFindings(pack: Pack, owed: ReadonlyMap<string, ReadonlySet<string>>, findings: Findings): void {
  const organizations = pack.given.directory?.organizations ?? []
  const byId = new Map(organizations.map((one) => [one.id, one]))
  const find = findings.of('directory', 0, '')
  const circular = circles(organizations, byId)
  for (const [i, one] of organizations.entries()) {
    const at = `organizations[${i}]`
    if (one.superior !== null && !byId.has(one.superior))
      find('lint.superior-unknown', `${at}.superior`, { organization: one.id, superior: one.superior })
    if (circular.has(one.id)) find('lint.superior-circle', `${at}.superior`, { organization: one.id })
    const owes = one.functions.find((name) => [...(owed.get(name) ?? [])].some((code) => concerns(one.jurisdiction, code)))
    if (owes !== undefined) postFindings(one, at, owes, pack.on, find)
  }
}

const concerns = (own: string | null, code: string): boolean => own !== null && (covers(own, code) || covers(code, own))

function postFindings(one: LintOrganization, at: string, owes: string, on: string, find: Find): void {
  if (one.posts.length === 0) find('lint.no-post', `${at}.posts`, { organization: one.id, function: owes }, 'warning')
  for (const [j, post] of one.posts.entries()) {
    const about = { organization: one.id, post: post.id, function: owes }
    if (post.holders === 0) find('lint.post-vacant', `${at}.posts[${j}].holders`, about)
    if (post.confirmedOn === undefined) continue
    const days = post.confirmedOn === null ? Infinity : (Date.parse(on) - Date.parse(post.confirmedOn)) / DAY_MS
    if (days > CONFIRMED_DAYS)
      find('lint.contact-unconfirmed', `${at}.posts[${j}].confirmedOn`, { ...about, on: post.confirmedOn ?? '—' }, 'warning')
  }
}

/** One organization of each circle of superiors: the last to close it. */
function circles(organizations: readonly LintOrganization[], byId: ReadonlyMap<string, LintOrganization>): ReadonlySet<string> {
  const seen = new Map<string, string>()
  const closing = new Set<string>()
  for (const { id: start } of organizations) {
    let before = start
    for (let at: string | null = start; at !== null && byId.has(at); at = byId.get(at)?.superior ?? null) {
      const walk = seen.get(at)
      if (walk === start) closing.add(before)
      if (walk !== undefined) break
      seen.set(at, start)
      before = at
    }
  }
  return closing
}
