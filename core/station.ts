/**
 * A monitoring station 监测站点: where it stands, whose it is, what it measures and how often it promises to speak. Its readings
 * are no events (there are hundreds a second); that it fell silent is one, and so is every threshold crossed (core/station/proposal.ts).
 */
import { z } from 'zod/mini'
import type { Thing } from './authority.ts'
import { refuse, unreachable, type Decider } from './decider.ts'
import { Words } from './event.ts'
import { Uuid } from './id.ts'
import { DivisionCode, Place } from './place.ts'
import { Sensor } from './station/indicator.ts'
import { Duration, durationMs, InstantText } from './time.ts'

export * from './station/adoption.ts'
export * from './station/indicator.ts'
export * from './station/proposal.ts'
export * from './station/reading.ts'
export * from './station/source.ts'
export * from './station/threshold.ts'

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
/** Its name in feeds and files, such as the number of the weather service. */
const StationCode = z.string().check(z.regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,58}[A-Za-z0-9])?$/))
const SENSORS_MAX = 50
const DIVISIONS_MAX = 100

const profile = {
  code: StationCode,
  name: Words,
  place: Place,
  jurisdiction: DivisionCode,
  /** For which territories it warns; a gauge upstream speaks for those below. */
  divisions: z.array(DivisionCode).check(z.minLength(1), z.maxLength(DIVISIONS_MAX)),
  owner: Uuid,
  sensors: z.array(Sensor).check(
    z.minLength(1),
    z.maxLength(SENSORS_MAX),
    z.refine((all) => new Set(all.map((one) => one.slug)).size === all.length),
    z.refine((all) => all.every((one) => one.min < one.max)),
  ),
  /** Its newest reading is never older than this, or it is silent. */
  freshness: Duration.check(z.refine((text) => durationMs(text) >= 60_000 && durationMs(text) <= 30 * 86_400_000)),
}

export const StationCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('station.register'), ...profile }),
  z.strictObject({ type: z.literal('station.revise'), ...profile }),
  z.strictObject({ type: z.literal('station.retire'), reason: Text }),
  /** Time has shown it: `since` is its last reading, or its registration. */
  z.strictObject({ type: z.literal('station.mark-silent'), since: InstantText }),
  z.strictObject({ type: z.literal('station.mark-heard'), at: InstantText }),
])
export type StationCommand = z.infer<typeof StationCommand>
export type StationProfile = Omit<Extract<StationCommand, { type: 'station.register' }>, 'type'>

export type StationEvent =
  | ({ readonly type: 'station.registered' } & StationProfile)
  | ({ readonly type: 'station.revised' } & StationProfile)
  | { readonly type: 'station.retired'; readonly reason: string }
  | { readonly type: 'station.fell-silent'; readonly since: string }
  | { readonly type: 'station.heard-again'; readonly at: string; readonly since: string }

export type Station = StationProfile & {
  readonly registeredAt: string
  readonly retired: string | null
  /** Its last reading, while that is older than it promised. */
  readonly silentSince: string | null
}

export const station: Decider<Station | null, StationCommand, StationEvent> = {
  initial: null,

  decide(state, command) {
    if (command.type === 'station.register') {
      const { type: _, ...profile } = command
      return state === null ? [{ type: 'station.registered', ...profile }] : refuse('station.already-registered')
    }
    if (state === null) return refuse('station.unknown')
    if (state.retired !== null) return command.type === 'station.mark-heard' ? [] : refuse('station.retired')
    switch (command.type) {
      case 'station.revise': {
        const { type: _, ...profile } = command
        return [{ type: 'station.revised', ...profile }]
      }
      case 'station.retire':
        return [{ type: 'station.retired', reason: command.reason }]
      case 'station.mark-silent':
        return state.silentSince === null ? [{ type: 'station.fell-silent', since: command.since }] : []
      case 'station.mark-heard':
        return state.silentSince === null ? [] : [{ type: 'station.heard-again', at: command.at, since: state.silentSince }]
      default:
        return unreachable(command)
    }
  },

  evolve(state, event, stamp) {
    if (event.type === 'station.registered') {
      const { type: _, ...profile } = event
      return { ...profile, registeredAt: stamp.recordedAt, retired: null, silentSince: null }
    }
    if (state === null) return state
    switch (event.type) {
      case 'station.revised': {
        const { type: _, ...profile } = event
        return { ...state, ...profile }
      }
      case 'station.retired':
        return { ...state, retired: event.reason, silentSince: null }
      case 'station.fell-silent':
        return { ...state, silentSince: event.since }
      case 'station.heard-again':
        return { ...state, silentSince: null }
      default:
        return unreachable(event)
    }
  },
}

/** A station is kept by its owner, or by whoever answers for the place. Before it is registered: of what the command says. */
export function stationThing(state: Station | null, command: StationCommand): Thing {
  const of = command.type === 'station.register' && state === null ? command : state
  return of === null
    ? { jurisdiction: null, parties: [] }
    : { jurisdiction: of.jurisdiction, areas: of.divisions, owner: of.owner, parties: [of.owner] }
}
