import type { Words } from '#core/event.ts'
import { divisionPath } from '#core/place.ts'
import type { OrganizationView } from '#core/view.ts'

/** A branch is a territory or an organization, with what stands below it. */
export type Branch = {
  readonly id: string
  readonly organization: OrganizationView | null
  readonly territory: { readonly code: string | null; readonly name: Words | string } | null
  readonly below: readonly Branch[]
}

/** No chain of superiors is longer; a longer one is a circle. */
const DEPTH_MAX = 32

/** Everybody below their superior. Who stands in a circle is shown at the top, so that nobody is lost. */
export function bySuperior(all: readonly OrganizationView[]): readonly Branch[] {
  const known = new Set(all.map((one) => one.id))
  const below = Map.groupBy(all, (one) => (one.superior !== null && known.has(one.superior.id) ? one.superior.id : null))
  const seen = new Set<string>()
  const branch = (organization: OrganizationView, depth: number): Branch => {
    seen.add(organization.id)
    const own = depth >= DEPTH_MAX ? [] : (below.get(organization.id) ?? []).filter((one) => !seen.has(one.id))
    return { id: organization.id, organization, territory: null, below: own.map((one) => branch(one, depth + 1)) }
  }
  const roots = (below.get(null) ?? []).map((one) => branch(one, 0))
  const circles = all
    .filter((one) => !seen.has(one.id))
    .map((one): Branch => ({ id: one.id, organization: one, territory: null, below: [] }))
  return [...roots.toSorted((a, b) => b.below.length - a.below.length), ...circles]
}

/** Territories below territories, each with the organizations that answer there. A territory without an organization of its own is left out. */
export function byTerritory(all: readonly OrganizationView[], without: string): readonly Branch[] {
  const names = new Map<string, Words>()
  for (const { jurisdiction } of all) if (jurisdiction !== null) names.set(jurisdiction.code, jurisdiction.name)
  const codes = [...names.keys()].toSorted()
  const above = (code: string): string | null =>
    divisionPath(code)
      .slice(1)
      .find((one) => names.has(one)) ?? null
  const here = Map.groupBy(all, (one) => one.jurisdiction?.code ?? null)
  const leaf = (organization: OrganizationView): Branch => ({ id: organization.id, organization, territory: null, below: [] })
  const branch = (code: string): Branch => ({
    id: code,
    organization: null,
    territory: { code, name: names.get(code) ?? code },
    below: [...(here.get(code) ?? []).map(leaf), ...codes.filter((one) => above(one) === code).map(branch)],
  })
  const nowhere = here.get(null) ?? []
  return [
    ...codes.filter((code) => above(code) === null).map(branch),
    ...(nowhere.length === 0
      ? []
      : [{ id: 'nowhere', organization: null, territory: { code: null, name: without }, below: nowhere.map(leaf) }]),
  ]
}
