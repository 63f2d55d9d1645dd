/** Thresholds in force: a set adopted for one territory by somebody, on a basis; withdrawn with a reason. */
import { z } from 'zod/mini'
import type { Thing } from '../authority.ts'
import { refuse, unreachable, type Decider } from '../decider.ts'
import { covers, DivisionCode } from '../place.ts'
import { ThresholdSet } from './threshold.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))

export const AdoptionCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('station.adopt-thresholds'),
    set: ThresholdSet,
    jurisdiction: DivisionCode,
    /** On what it rests here: the article, the plan, the decision. */
    basis: Text,
  }),
  z.strictObject({ type: z.literal('station.withdraw-thresholds'), reason: Text }),
])
export type AdoptionCommand = z.infer<typeof AdoptionCommand>

export type AdoptionEvent =
  | ({ readonly type: 'station.thresholds-adopted' } & Omit<Extract<AdoptionCommand, { type: 'station.adopt-thresholds' }>, 'type'>)
  | { readonly type: 'station.thresholds-withdrawn'; readonly reason: string }

export type Adoption = {
  readonly set: ThresholdSet
  readonly jurisdiction: string
  readonly basis: string
  readonly adoptedAt: string
  readonly adoptedBy: string
  readonly withdrawn: { readonly reason: string; readonly at: string } | null
}

/** Whether it is looser than what binds above is asked before (server/station/thresholds.ts): the sets above are no part of this stream. */
export const adoption: Decider<Adoption | null, AdoptionCommand, AdoptionEvent> = {
  initial: null,

  decide(state, command) {
    switch (command.type) {
      case 'station.adopt-thresholds': {
        if (state !== null && state.withdrawn === null && state.jurisdiction !== command.jurisdiction)
          return refuse('threshold.other-territory', { jurisdiction: state.jurisdiction })
        if (!covers(command.set.jurisdiction, command.jurisdiction))
          return refuse('threshold.outside', { jurisdiction: command.set.jurisdiction })
        const { type: _, ...said } = command
        return [{ type: 'station.thresholds-adopted', ...said }]
      }
      case 'station.withdraw-thresholds':
        if (state === null) return refuse('threshold.unknown')
        return state.withdrawn === null
          ? [{ type: 'station.thresholds-withdrawn', reason: command.reason }]
          : refuse('threshold.already-withdrawn')
      default:
        return unreachable(command)
    }
  },

  evolve(state, event, stamp) {
    if (event.type === 'station.thresholds-adopted') {
      const { type: _, ...said } = event
      return { ...said, adoptedAt: stamp.recordedAt, adoptedBy: stamp.actor, withdrawn: null }
    }
    return state === null ? state : { ...state, withdrawn: { reason: event.reason, at: stamp.recordedAt } }
  },
}

export const adoptionThing = (state: Adoption | null, command: AdoptionCommand): Thing => ({
  jurisdiction: state?.jurisdiction ?? (command.type === 'station.adopt-thresholds' ? command.jurisdiction : null),
  parties: [],
})
