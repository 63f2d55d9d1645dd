/** What drawing up a warning reads from the server. */
import type { Position } from '../alert/ring.ts'
import type { AlertProfile } from '../alert/profile.ts'
import type { AlertTemplate, LegalMeasures } from '../alert/template.ts'
import type { Words } from '../event.ts'

/** GET /api/alerts/packs: templates by hazard, measures of the law, profiles. */
export type AlertPacksView = {
  readonly templates: readonly AlertTemplate[]
  readonly profiles: readonly AlertProfile[]
  readonly legal: LegalMeasures
}

/** A territory to choose; `outline`: its boundary is known, so that what lies in it can be reckoned and drawn. */
export type DivisionChoice = {
  readonly code: string
  readonly name: Words
  /** From the nation's largest down to the one above it: 天津市. */
  readonly above: Words | null
  readonly outline: boolean
}

/** GET /api/alerts/divisions?q=&under=&codes=: at most 60. */
export type DivisionsView = { readonly divisions: readonly DivisionChoice[] }

/** POST /api/alerts/buffer {shape, km} */
export type BufferView = {
  readonly circles: readonly { readonly lon: number; readonly lat: number; readonly radiusKm: number }[]
  readonly polygons: readonly (readonly Position[])[]
}

/** POST /api/alerts/reach {divisions, polygons, circles}: what lies under an area that is being drawn. */
export type ReachView = {
  readonly divisions: readonly { readonly code: string; readonly name: Words; readonly share: 'part' | 'whole' }[]
  readonly organizations: number
  /** All of them by kind; by name those of the asker's own territory, at most 20. */
  readonly sites: number
  readonly kinds: readonly { readonly kind: string; readonly count: number }[]
  readonly named: readonly { readonly id: string; readonly name: Words }[]
  /** Outlines of the chosen divisions, as closed rings; those that are not known are left out. */
  readonly outlines: readonly (readonly Position[])[]
  /** Of the smallest known territories around those whose outline is not known: to find one's way, no part of the area. */
  readonly around: readonly (readonly Position[])[]
}
