/** A source of readings that this node asks by itself: a CSV, a JSON document, or an OGC SensorThings service. */
import { z } from 'zod/mini'
import type { Thing } from '../authority.ts'
import { refuse, unreachable, type Decider } from '../decider.ts'
import { Words } from '../event.ts'
import { Uuid } from '../id.ts'
import { DivisionCode } from '../place.ts'
import { Duration, durationMs } from '../time.ts'
import { Mapping, Stream } from './reading.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
export const STREAMS_MAX = 500

const Address = z.string().check(
  z.maxLength(2000),
  z.refine((text) => /^https?:\/\/[^\s@/]+(?:\/\S*)?$/.test(text)),
)

/** Its words, where it is, how its answer is read, how often it is asked. Keys do not belong into an address: it stands in the log. */
const profile = {
  name: Words,
  url: Address,
  /** Whose readings they are; it may only report stations that are its own or lie in its territory. */
  owner: Uuid,
  jurisdiction: DivisionCode,
  every: Duration.check(z.refine((text) => durationMs(text) >= 10_000 && durationMs(text) <= 86_400_000)),
  format: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('csv'), mapping: Mapping }),
    z.strictObject({ kind: z.literal('json'), mapping: Mapping }),
    /** `url` is the service's root, such as `https://example.org/v1.1`. */
    z.strictObject({ kind: z.literal('sensorthings'), streams: z.array(Stream).check(z.minLength(1), z.maxLength(STREAMS_MAX)) }),
  ]),
}

export const SourceCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('station.add-source'), ...profile }),
  z.strictObject({ type: z.literal('station.change-source'), ...profile }),
  z.strictObject({ type: z.literal('station.pause-source'), reason: Text }),
  z.strictObject({ type: z.literal('station.resume-source') }),
])
export type SourceCommand = z.infer<typeof SourceCommand>
export type SourceProfile = Omit<Extract<SourceCommand, { type: 'station.add-source' }>, 'type'>

export type SourceEvent =
  | ({ readonly type: 'station.source-added' } & SourceProfile)
  | ({ readonly type: 'station.source-changed' } & SourceProfile)
  | { readonly type: 'station.source-paused'; readonly reason: string }
  | { readonly type: 'station.source-resumed' }

export type StationSource = SourceProfile & { readonly paused: string | null; readonly addedAt: string }

export const stationSource: Decider<StationSource | null, SourceCommand, SourceEvent> = {
  initial: null,

  decide(state, command) {
    if (command.type === 'station.add-source') {
      const { type: _, ...profile } = command
      return state === null ? [{ type: 'station.source-added', ...profile }] : refuse('source.already-added')
    }
    if (state === null) return refuse('source.unknown')
    switch (command.type) {
      case 'station.change-source': {
        const { type: _, ...profile } = command
        return [{ type: 'station.source-changed', ...profile }]
      }
      case 'station.pause-source':
        return state.paused === null ? [{ type: 'station.source-paused', reason: command.reason }] : refuse('source.already-paused')
      case 'station.resume-source':
        return state.paused === null ? refuse('source.not-paused') : [{ type: 'station.source-resumed' }]
      default:
        return unreachable(command)
    }
  },

  evolve(state, event, stamp) {
    if (event.type === 'station.source-added') {
      const { type: _, ...profile } = event
      return { ...profile, paused: null, addedAt: stamp.recordedAt }
    }
    if (state === null) return state
    switch (event.type) {
      case 'station.source-changed': {
        const { type: _, ...profile } = event
        return { ...state, ...profile }
      }
      case 'station.source-paused':
        return { ...state, paused: event.reason }
      case 'station.source-resumed':
        return { ...state, paused: null }
      default:
        return unreachable(event)
    }
  },
}

export function sourceThing(state: StationSource | null, command: SourceCommand): Thing {
  const of = command.type === 'station.add-source' && state === null ? command : state
  return of === null ? { jurisdiction: null, parties: [] } : { jurisdiction: of.jurisdiction, owner: of.owner, parties: [of.owner] }
}
