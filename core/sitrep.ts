import { z } from 'zod/mini'
import { refuse, unreachable, type Decider } from './decider.ts'
import { Slug, Uuid } from './id.ts'
import { DivisionCode } from './place.ts'
import { InstantText } from './time.ts'

const Value = z.union([z.string().check(z.maxLength(1000)), z.number()])

const fact = {
  key: Slug,
  value: Value,
  /** UCUM unit, or null for text and plain counts. */
  unit: z.nullable(z.string().check(z.maxLength(20))),
  source: z.string().check(z.minLength(1), z.maxLength(400)),
  /** When it was so in the world; left out, when the report was made. */
  occurredAt: z.optional(InstantText),
}

/** A situation report 情况报告: initial, follow-up or final; each fact with its source and both times. */
export const SitrepCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('sitrep.file'),
    incidentId: Uuid,
    kind: z.enum(['initial', 'follow-up', 'final']),
    /** Who reports; left out, the organization of the post that asks. */
    from: z.optional(Uuid),
    to: z.nullable(Uuid),
    summary: z.string().check(z.minLength(1), z.maxLength(8000)),
    facts: z.array(z.strictObject(fact)).check(z.maxLength(200)),
    number: z.optional(z.int().check(z.gte(1))),
    jurisdiction: z.optional(DivisionCode),
    /** Superiors that it passes over, given by the server; then the reason is asked for. */
    skips: z.optional(z.array(Uuid).check(z.maxLength(32))),
    skipReason: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(2000))),
  }),
  z.strictObject({ type: z.literal('sitrep.correct'), ...fact, reason: z.string().check(z.minLength(1), z.maxLength(2000)) }),
])
export type SitrepCommand = z.infer<typeof SitrepCommand>

export type Fact = {
  readonly key: string
  readonly value: string | number
  readonly unit: string | null
  readonly source: string
  readonly occurredAt: string
}
export type SitrepEvent =
  | {
      readonly type: 'sitrep.filed'
      readonly incidentId: string
      readonly jurisdiction: string
      readonly number: number
      readonly kind: 'initial' | 'follow-up' | 'final'
      readonly from: string
      readonly to: string | null
      readonly summary: string
      readonly facts: readonly Fact[]
      /** Emergency Response Law art. 17: where necessary a level may be skipped; whom it passed over, and why. */
      readonly skips?: readonly string[]
      readonly skipReason?: string
    }
  | ({ readonly type: 'sitrep.corrected'; readonly reason: string } & Fact)

/** What was said before: whole, with when we heard it and why it was corrected. */
export type Replaced = Omit<Fact, 'key'> & { readonly recordedAt: string; readonly reason: string }
export type KeptFact = Fact & { readonly recordedAt: string; readonly replaced: readonly Replaced[] }
export type Sitrep = Omit<Extract<SitrepEvent, { type: 'sitrep.filed' }>, 'type' | 'facts'> & {
  readonly facts: readonly KeptFact[]
  readonly filedAt: string
  readonly occurredAt: string
}

export const sitrep: Decider<Sitrep | null, SitrepCommand, SitrepEvent> = {
  initial: null,

  decide(state, command, by) {
    switch (command.type) {
      case 'sitrep.file': {
        if (state !== null) return refuse('sitrep.already-filed')
        const from = command.from ?? (by.actor.kind === 'post' ? by.actor.organizationId : undefined)
        if (from === undefined) return refuse('sitrep.no-reporter')
        if (by.actor.kind === 'post' && from !== by.actor.organizationId)
          return refuse('authority.speaks-for-another', { organization: from })
        if (command.number === undefined || command.jurisdiction === undefined) return refuse('incident.unknown')
        const facts = command.facts.map(({ occurredAt = by.occurredAt, ...rest }) => ({ ...rest, occurredAt }))
        const future = facts.find((one) => one.occurredAt > by.at)
        if (future) return refuse('sitrep.fact-in-future', { key: future.key, occurredAt: future.occurredAt })
        const twice = facts.find((one, i) => facts.findIndex((other) => other.key === one.key) !== i)
        if (twice) return refuse('sitrep.fact-twice', { key: twice.key })
        const { incidentId, kind, to, summary, number, jurisdiction, skips = [], skipReason } = command
        if (skips.length > 0 && skipReason === undefined && by.actor.kind === 'post')
          return refuse('sitrep.skip-reason-missing', { skipped: skips.length })
        const skipped = skips.length === 0 ? {} : { skips, ...(skipReason === undefined ? {} : { skipReason }) }
        return [{ type: 'sitrep.filed', incidentId, jurisdiction, number, kind, from, to, summary, facts, ...skipped }]
      }
      case 'sitrep.correct': {
        if (state === null) return refuse('sitrep.unknown')
        const old = state.facts.find((one) => one.key === command.key)
        if (!old) return refuse('sitrep.no-such-fact', { key: command.key })
        const { type: _, occurredAt = old.occurredAt, ...rest } = command
        if (occurredAt > by.at) return refuse('sitrep.fact-in-future', { key: command.key, occurredAt })
        const same = old.value === rest.value && old.unit === rest.unit && old.source === rest.source && old.occurredAt === occurredAt
        if (same) return refuse('sitrep.nothing-corrected', { key: command.key })
        return [{ type: 'sitrep.corrected', ...rest, occurredAt }]
      }
      default:
        return unreachable(command)
    }
  },

  evolve(state, event, stamp) {
    switch (event.type) {
      case 'sitrep.filed': {
        const { type: _, facts, ...rest } = event
        return {
          ...rest,
          filedAt: stamp.recordedAt,
          occurredAt: stamp.occurredAt,
          facts: facts.map((one) => ({ ...one, recordedAt: stamp.recordedAt, replaced: [] })),
        }
      }
      case 'sitrep.corrected': {
        if (state === null) return state
        const { type: _, reason, ...now } = event
        const corrected = (old: KeptFact): KeptFact => ({
          ...now,
          recordedAt: stamp.recordedAt,
          replaced: [
            ...old.replaced,
            { value: old.value, unit: old.unit, source: old.source, occurredAt: old.occurredAt, recordedAt: old.recordedAt, reason },
          ],
        })
        return { ...state, facts: state.facts.map((old) => (old.key === event.key ? corrected(old) : old)) }
      }
      default:
        return unreachable(event)
    }
  },
}
