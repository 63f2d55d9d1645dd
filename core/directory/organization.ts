import { z } from 'zod/mini'
import { refuse, unreachable, type Decider } from '../decider.ts'
import { Words } from '../event.ts'
import { Slug, Uuid } from '../id.ts'
import { DivisionCode } from '../place.ts'

/** The sectors that share an emergency: every one of them is a first-class organization here. */
export const Sector = z.enum([
  'party',
  'government',
  'public-institution',
  'military',
  'enterprise',
  'social',
  'grass-roots',
  'command',
  'public',
])
export type Sector = z.infer<typeof Sector>

const profile = {
  name: Words,
  sector: Sector,
  /** What sort of organization, in the register's own word, e.g. `fire`, `rescue-team`. */
  kind: Slug,
  functions: z.array(Slug).check(z.maxLength(40)),
  jurisdiction: z.nullable(DivisionCode),
  superior: z.nullable(Uuid),
}

export const OrganizationCommand = z.discriminatedUnion('type', [
  /** `verified`: somebody answers for the entry. An actor known only from a record is registered unverified. */
  z.strictObject({ type: z.literal('organization.register'), ...profile, verified: z.boolean() }),
  z.strictObject({ type: z.literal('organization.verify') }),
  /** Null: it has no superior any more. */
  z.strictObject({ type: z.literal('organization.subordinate'), superior: z.nullable(Uuid) }),
  z.strictObject({ type: z.literal('organization.entrust'), functions: z.array(Slug).check(z.maxLength(40)) }),
])
export type OrganizationCommand = z.infer<typeof OrganizationCommand>

type Profile = Omit<Extract<OrganizationCommand, { type: 'organization.register' }>, 'type'>
export type OrganizationEvent =
  | ({ readonly type: 'organization.registered' } & Profile)
  | { readonly type: 'organization.verified' }
  | { readonly type: 'organization.subordinated'; readonly superior: string | null }
  | { readonly type: 'organization.entrusted'; readonly functions: readonly string[] }

export type OrganizationState = Profile | null

export const organization: Decider<OrganizationState, OrganizationCommand, OrganizationEvent> = {
  initial: null,
  decide(state, command) {
    if (command.type === 'organization.register') {
      const { type: _, ...entry } = command
      return state === null ? [{ type: 'organization.registered', ...entry }] : refuse('organization.already-registered')
    }
    if (state === null) return refuse('organization.unknown')
    switch (command.type) {
      case 'organization.verify':
        return state.verified ? [] : [{ type: 'organization.verified' }]
      case 'organization.subordinate':
        return state.superior === command.superior ? [] : [{ type: 'organization.subordinated', superior: command.superior }]
      case 'organization.entrust':
        return [{ type: 'organization.entrusted', functions: command.functions }]
      default:
        return unreachable(command)
    }
  },
  evolve(state, event) {
    if (event.type === 'organization.registered') {
      const { type: _, ...entry } = event
      return entry
    }
    if (state === null) return state
    switch (event.type) {
      case 'organization.verified':
        return { ...state, verified: true }
      case 'organization.subordinated':
        return { ...state, superior: event.superior }
      case 'organization.entrusted':
        return { ...state, functions: [...event.functions] }
      default:
        return unreachable(event)
    }
  },
}
