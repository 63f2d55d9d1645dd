/** Carry-over 承接: each shortcoming that an incident showed becomes a change of the register or of an instrument, or is refused with reason. */
import { z } from 'zod/mini'
import type { Thing } from './authority.ts'
import { refuse, type Decider } from './decider.ts'
import { actorFrom, Words } from './event.ts'
import { Slug, Uuid } from './id.ts'
import { DivisionCode } from './place.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(2000))

/** What is carried over; put in by the server from the finding or the fact that the id names. */
export const CarrySource = z.strictObject({
  source: z.enum(['finding', 'note']),
  incidentId: z.nullable(Uuid),
  jurisdiction: DivisionCode,
  /** Who missed the duty, where it was one; it does not refuse its own lesson. */
  subject: z.nullable(Uuid),
  supervisor: z.nullable(Uuid),
  words: Words,
  raisedAt: z.string(),
})
export type CarrySource = z.infer<typeof CarrySource>
const of = z.optional(CarrySource)

export const CarryCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('carry.into-risk'), riskId: Uuid, text: Text, of }),
  /** An instrument in the version that was changed since. */
  z.strictObject({ type: z.literal('carry.into-instrument'), instrumentId: Slug, version: z.optional(z.int()), text: Text, of }),
  z.strictObject({ type: z.literal('carry.refuse'), reason: Text, of }),
])
export type CarryCommand = z.infer<typeof CarryCommand>

type Settled = { readonly of: CarrySource }
export type CarryEvent =
  | ({ readonly type: 'carry.carried-into-risk'; readonly riskId: string; readonly text: string } & Settled)
  | ({
      readonly type: 'carry.carried-into-instrument'
      readonly instrumentId: string
      readonly version: number
      readonly text: string
    } & Settled)
  | ({ readonly type: 'carry.refused'; readonly reason: string } & Settled)

export type CarryOutcome = 'risk' | 'instrument' | 'refused'

export type Carry = CarrySource & {
  readonly outcome: CarryOutcome
  readonly riskId: string | null
  readonly instrumentId: string | null
  readonly version: number | null
  readonly text: string
  readonly by: string | null
  readonly decidedAt: string
}

/** Requirement S1-05. A refusal may be taken back by carrying it over after all; what was carried over stays. */
export const carry: Decider<Carry | null, CarryCommand, CarryEvent> = {
  initial: null,
  decide(state, command, by) {
    const source = command.of
    if (source === undefined) return refuse('carry.unknown')
    if (state !== null && (state.outcome !== 'refused' || command.type === 'carry.refuse'))
      return refuse('carry.already-settled', { outcome: state.outcome })
    switch (command.type) {
      case 'carry.into-risk':
        return [{ type: 'carry.carried-into-risk', riskId: command.riskId, text: command.text, of: source }]
      case 'carry.into-instrument': {
        const { instrumentId, version, text } = command
        return version === undefined
          ? refuse('carry.instrument-unchanged', { instrument: instrumentId })
          : [{ type: 'carry.carried-into-instrument', instrumentId, version, text, of: source }]
      }
      case 'carry.refuse':
        return by.actor.kind === 'post' && by.actor.organizationId === source.subject
          ? refuse('carry.own-refusal')
          : [{ type: 'carry.refused', reason: command.reason, of: source }]
    }
  },
  evolve(_, event, stamp) {
    const actor = actorFrom(stamp.actor)
    return {
      ...event.of,
      outcome: event.type === 'carry.refused' ? 'refused' : event.type === 'carry.carried-into-risk' ? 'risk' : 'instrument',
      riskId: event.type === 'carry.carried-into-risk' ? event.riskId : null,
      instrumentId: event.type === 'carry.carried-into-instrument' ? event.instrumentId : null,
      version: event.type === 'carry.carried-into-instrument' ? event.version : null,
      text: event.type === 'carry.refused' ? event.reason : event.text,
      by: actor.kind === 'post' ? actor.organizationId : null,
      decidedAt: stamp.occurredAt,
    }
  },
}

export const carryThing = (_: Carry | null, { of: source }: CarryCommand): Thing =>
  source === undefined
    ? { jurisdiction: null, parties: [] }
    : {
        jurisdiction: source.jurisdiction,
        owner: source.supervisor,
        parties: [source.subject, source.supervisor].filter((one) => one !== null),
      }
