import { useEffect, useSyncExternalStore } from 'react'
import type { TimelineEntry } from '#core/view.ts'
import { onAnswered, retryNow } from './api.ts'
import { correctClock } from './clock.ts'
import { keyOf, queryClient, type World } from './queries.ts'

/** Reads are refreshed at most this often, however fast the log grows. */
const REFRESH_MS = 400
/** Between the first and the slowest attempt to come back after the browser gave up. */
const REOPEN_FIRST_MS = 1000
const REOPEN_SLOWEST_MS = 5000
/** How many of the latest records are kept for showing. */
const RECENT_MAX = 100
/** So long after the last missed record the cut counts as mended. */
const QUIET_MS = 500
/** How long the sentence about a mended cut stays. */
const CAUGHT_UP_SHOWN_MS = 8000

export type LiveRecord = Pick<TimelineEntry, 'position' | 'type' | 'stream' | 'occurredAt' | 'recordedAt'> &
  Partial<TimelineEntry> & { readonly incidentId?: string | null }
export type LiveState = {
  readonly status: 'connecting' | 'live' | 'cut'
  /** When the line was lost, in this machine's milliseconds; null while it holds. */
  readonly cutAt: number | null
  /** Set for some seconds after a cut was mended: how long it was, and how many records were missed; null where all was read anew. */
  readonly caughtUp: { readonly seconds: number; readonly records: number | null } | null
  readonly recent: readonly LiveRecord[]
}

let state: LiveState = { status: 'connecting', cutAt: null, caughtUp: null, recent: [] }
let world: World = null
let source: EventSource | null = null
let position: bigint | null = null
/** The server's time when the line came back: what was recorded by then was missed. Null while the line holds. */
let missedUntil: string | null = null
let missed = 0
let quietTimer: ReturnType<typeof setTimeout> | null = null
let reopenMs = REOPEN_FIRST_MS
let reopenTimer: ReturnType<typeof setTimeout> | null = null
let arrived: LiveRecord[] = []
let frame = 0

const listeners = new Set<() => void>()
const subscribe = (tell: () => void): (() => void) => {
  listeners.add(tell)
  return () => listeners.delete(tell)
}
function set(next: Partial<LiveState>): void {
  state = { ...state, ...next }
  for (const tell of listeners) tell()
}

/** The state of the line and the latest records, newest first. */
export const useLive = (): LiveState => useSyncExternalStore(subscribe, () => state)
export const useLiveStatus = (): LiveState['status'] => useSyncExternalStore(subscribe, () => state.status)

/** Keeps the line open to the world that is shown, for as long as the frame stands and somebody is signed in. */
export function useLiveFeed(shown: World, signedIn: boolean): void {
  useEffect(() => {
    if (!signedIn) return undefined
    start(shown)
    return stop
  }, [shown, signedIn])
}

function start(next: World): void {
  world = next
  position = null
  set({ status: 'connecting', cutAt: null, caughtUp: null, recent: [] })
  open()
}

function stop(): void {
  source?.close()
  source = null
  if (reopenTimer !== null) clearTimeout(reopenTimer)
  reopenTimer = null
}

function open(): void {
  const url = new URL('/api/live', location.origin)
  if (world !== null) url.searchParams.set('world', world)
  if (position !== null) url.searchParams.set('after', position.toString())
  const opened = new EventSource(url)
  source?.close()
  source = opened
  opened.addEventListener('hello', (message) => hello(message as MessageEvent<string>))
  opened.addEventListener('reset', (message) => reset(message as MessageEvent<string>))
  opened.addEventListener('recorded', (message) => recorded(message as MessageEvent<string>))
  opened.addEventListener('error', () => lost(opened))
}

type Hello = { readonly position: string | number; readonly serverTime: string }

function hello(message: MessageEvent<string>): void {
  const told = JSON.parse(message.data) as Hello
  if (world === null) correctClock(told.serverTime)
  reopenMs = REOPEN_FIRST_MS
  retryNow()
  if (position === null) {
    position = BigInt(told.position)
    // What was read before the line stood may be older than the line's beginning.
    readAnew()
    set({ status: 'live', cutAt: null })
    return
  }
  missed = 0
  missedUntil = told.serverTime
  mendWhenQuiet()
}

/** The server cannot go back that far: everything is read again instead. */
function reset(message: MessageEvent<string>): void {
  position = BigInt((JSON.parse(message.data) as Hello).position)
  reopenMs = REOPEN_FIRST_MS
  retryNow()
  readAnew()
  mended(null)
}

function readAnew(): void {
  void queryClient.invalidateQueries({ queryKey: keyOf(world) })
}

function recorded(message: MessageEvent<string>): void {
  for (const record of JSON.parse(message.data) as readonly LiveRecord[]) {
    const at = BigInt(record.position)
    if (position !== null && at <= position) continue
    position = at
    arrived.push(record)
    if (missedUntil === null || record.recordedAt > missedUntil) continue
    missed++
    mendWhenQuiet()
  }
  if (message.lastEventId !== '' && (position === null || BigInt(message.lastEventId) > position)) position = BigInt(message.lastEventId)
  if (frame === 0) frame = requestAnimationFrame(show)
}

/** One commit a frame, whatever came in it. */
function show(): void {
  frame = 0
  const batch = arrived
  arrived = []
  if (batch.length === 0) return
  set({ recent: [...batch.toReversed(), ...state.recent].slice(0, RECENT_MAX) })
  for (const record of batch) touch(record.type, record.stream, record.incidentId ?? null)
}

function mendWhenQuiet(): void {
  if (quietTimer !== null) clearTimeout(quietTimer)
  quietTimer = setTimeout(() => mended(missed), QUIET_MS)
}

function mended(records: number | null): void {
  if (quietTimer !== null) clearTimeout(quietTimer)
  const caughtUp = state.cutAt === null ? null : { seconds: Math.max(1, Math.round((Date.now() - state.cutAt) / 1000)), records }
  missedUntil = null
  set({ status: 'live', cutAt: null, caughtUp })
  if (caughtUp === null) return
  setTimeout(() => {
    if (state.caughtUp === caughtUp) set({ caughtUp: null })
  }, CAUGHT_UP_SHOWN_MS)
}

function lost(opened: EventSource): void {
  if (opened !== source) return
  if (quietTimer !== null) clearTimeout(quietTimer)
  if (state.status !== 'cut') set({ status: 'cut', cutAt: Date.now(), caughtUp: null })
  // The browser comes back by itself after most errors, but not after an HTTP status such as 502; and it knows no `after`.
  opened.close()
  if (reopenTimer !== null) clearTimeout(reopenTimer)
  reopenTimer = setTimeout(open, reopenMs)
  reopenMs = Math.min(reopenMs * 2, REOPEN_SLOWEST_MS)
}

window.addEventListener('online', () => {
  if (state.status === 'cut' && source !== null) open()
})
window.addEventListener('offline', () => {
  if (source !== null) lost(source)
})

// Which reads a record makes old, by the room's word in its type.

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
const dirty = new Map<string, readonly unknown[]>()
let refreshTimer: ReturnType<typeof setTimeout> | null = null

function touch(type: string, stream: string, incident: string | null): void {
  const room = type.split('.')[0] ?? ''
  const id = UUID.exec(stream)?.[0] ?? stream
  for (const key of oldAfter(room, id, incident)) dirty.set(JSON.stringify(key), key)
  refreshTimer ??= setTimeout(refresh, 0)
}

function oldAfter(room: string, id: string, incident: string | null): readonly (readonly unknown[])[] {
  const key = (...rest: readonly unknown[]) => keyOf(world, ...rest)
  switch (room) {
    case 'incident':
      return [key('desk'), key('incidents'), key('incident', id), key('obligations'), key('headquarters')]
    case 'sitrep':
      return [key('desk'), incident === null ? key('incident') : key('incident', incident)]
    case 'obligation':
      return [
        key('desk'),
        key('incidents'),
        key('supervision'),
        key('information', 'owed'),
        key('obligations'),
        key('calls'),
        key('alerts'),
        key('alert'),
        key('obligation', id),
        key('objectives'),
        incident === null ? key('incident') : key('incident', incident),
      ]
    case 'headquarters':
      return [key('headquarters'), ...(incident === null ? [] : [key('incident', incident)])]
    case 'decision':
      return [key('decisions'), key('decision', id), ...(incident === null ? [] : [key('incident', incident)])]
    case 'consultation':
      return [key('consultations'), key('consultation', id), key('alert'), ...(incident === null ? [] : [key('incident', incident)])]
    case 'objective':
      return [key('objectives'), ...(incident === null ? [] : [key('incident', incident)])]
    case 'station':
    case 'station-source':
    case 'threshold':
    case 'proposal':
      return [key('stations'), key('station'), key('proposals'), key('desk')]
    case 'risk':
      return [key('risks'), key('risk', id), ...(incident === null ? [] : [key('incident', incident)])]
    case 'carry':
      return [key('carry'), key('risks')]
    case 'finding':
      return [key('findings'), key('finding', id), key('supervision'), key('carry')]
    case 'intake':
      return [key('intakes'), key('intake', id), key('desk'), ...(incident === null ? [] : [key('incident', incident)])]
    case 'instrument':
      return [key('instruments'), key('instrument')]
    case 'organization':
    case 'post':
    case 'directory':
      return [key('directory'), key('notices'), ['session'], ['posts']]
    case 'alert':
      return [key('alerts'), key('alert'), key('desk')]
    case 'notice':
      return [key('notices'), key('calls')]
    case 'information':
      return [key('information'), key('releases')]
    case 'release':
      return [key('releases'), key('information')]
    case 'dataset':
      return [key('datasets')]
    default:
      return []
  }
}

/** Refreshes what is old; what is being read at this moment waits for the next round, so that a fast log starves no read. */
function refresh(): void {
  refreshTimer = null
  for (const [text, queryKey] of dirty) {
    if (queryClient.isFetching({ queryKey }) > 0) continue
    dirty.delete(text)
    void queryClient.invalidateQueries({ queryKey })
  }
  refreshTimer = setTimeout(() => (dirty.size > 0 ? refresh() : (refreshTimer = null)), REFRESH_MS)
}

onAnswered((room, id, answer) => {
  if (answer.ok && world === null) touch(`${room}.`, id, null)
  if (!answer.ok && answer.status === 401) void queryClient.invalidateQueries({ queryKey: ['session'] })
})
