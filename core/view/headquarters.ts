/** Standing bodies, and who conducts an incident, as the server answers and the pages show them. */
import type { Words } from '../event.ts'
import type { ActionView, BasisView, HeadquartersView, ObligationView, OrganizationRef } from '../view.ts'

type Division = { readonly code: string; readonly name: Words }
export type HeadquartersStatus = 'founded' | 'active' | 'stood-down'
export type BodySummary = {
  readonly id: string
  readonly name: Words
  readonly kind: string
  readonly status: HeadquartersStatus
  readonly jurisdiction: Division
  readonly lead: OrganizationRef
  readonly members: number
  readonly observers: number
  /** Members, not observers, that are social organizations. */
  readonly socialSeats: number
  readonly joined: number
  readonly foundedAt: string
  /** ISO 8601; null while not everybody has joined. */
  readonly timeToForm: string | null
  readonly incidents: number
  /** Why it could not be activated now, or null. */
  readonly notReady: ActionView['refusal']
}
/** GET /api/headquarters */
export type BodiesView = {
  readonly bodies: readonly BodySummary[]
  readonly coGovernance: {
    readonly bodies: number
    readonly withSocialMember: number
    readonly withSocialObserver: number
    readonly socialSeats: number
    readonly share: number | null
  }
}
export type MemberView = {
  readonly organization: OrganizationRef
  readonly seat: 'member' | 'observer'
  readonly sector: string | null
  readonly joinedAt: string | null
  readonly social: boolean
}
export type MeetingView = {
  readonly at: string
  readonly text: string
  readonly attended: readonly OrganizationRef[]
  readonly obligations: readonly ObligationView[]
}
/** GET /api/headquarters/:id */
export type BodyView = BodySummary & {
  readonly seats: readonly MemberView[]
  readonly powers: readonly string[]
  readonly sectors: readonly { readonly code: string; readonly words: Words; readonly lead: OrganizationRef }[]
  readonly basis: BasisView | null
  readonly objectives: readonly { readonly code: string; readonly words: Words; readonly parent: string | null }[]
  readonly functions: readonly { readonly function: string; readonly lead: OrganizationRef | null }[]
  readonly terms: readonly { readonly term: string; readonly means: Words }[]
  readonly activations: readonly { readonly id: string; readonly title: string; readonly at: string }[]
  readonly meetings: readonly MeetingView[]
  readonly actions: readonly ActionView[]
}

/** Who conducts an incident: the part of GET /api/incidents/:id that is about headquarters and the lead. */
export type ConductView = {
  /** By law the government of the place, where the record names nobody; null where none is registered. */
  readonly lead: OrganizationRef | null
  readonly otherHeadquarters: readonly HeadquartersView[]
  readonly handOver: {
    readonly from: OrganizationRef | null
    readonly to: OrganizationRef
    readonly headquarters: string | null
    readonly transferred: readonly { readonly kind: string; readonly text: string }[]
    readonly reason: string
    readonly at: string
  } | null
  readonly onScene: readonly { readonly organization: OrganizationRef; readonly at: string }[]
  readonly emergencyPath: { readonly reason: string; readonly basis: string; readonly at: string } | null
}
/** GET /api/incidents/:id/leads: without a gap, never two at once. */
export type LeadsView = {
  readonly leads: readonly {
    readonly organization: OrganizationRef | null
    readonly headquarters: Words | null
    readonly by: 'law' | 'activation' | 'hand-over' | 'stand-down'
    readonly from: string
    readonly until: string | null
    /** What was transferred when it began by hand-over. */
    readonly transferred: readonly { readonly kind: string; readonly text: string }[]
    readonly reason: string | null
  }[]
  /** ISO 8601: for how long nobody known by name led. */
  readonly leadless: string
}
