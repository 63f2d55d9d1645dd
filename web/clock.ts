import { useContext, useSyncExternalStore } from 'react'
import { WorldContext } from './paths.ts'

/** One clock for the whole page, corrected by the server's: a hundred countdowns cost one timer. */
const TICK_MS = 1000
/** A difference below this is the network's, not the clock's. */
const TOLERANCE_MS = 500

let offsetMs = 0
let nowMs = Date.now()
let timer: ReturnType<typeof setTimeout> | null = null
const listeners = new Set<() => void>()

function tick(): void {
  nowMs = Date.now() + offsetMs
  for (const tell of listeners) tell()
  timer = setTimeout(tick, TICK_MS - (nowMs % TICK_MS))
}

/** Takes the server's instant, heard just now. */
export function correctClock(serverTime: string): void {
  const offset = Date.parse(serverTime) - Date.now()
  if (Number.isFinite(offset) && Math.abs(offset - offsetMs) > TOLERANCE_MS) offsetMs = offset
}

/** The server's time now, in milliseconds. */
export const serverNow = (): number => Date.now() + offsetMs

const subscribe = (tell: () => void): (() => void) => {
  listeners.add(tell)
  if (timer === null) {
    nowMs = Date.now() + offsetMs
    timer = setTimeout(tick, TICK_MS - (nowMs % TICK_MS))
  }
  return () => {
    listeners.delete(tell)
    if (listeners.size === 0 && timer !== null) {
      clearTimeout(timer)
      timer = null
    }
  }
}
const never = (): (() => void) => () => {}

/** Now, in milliseconds: of the real world each second, of an exercise's world where its own clock stands. */
export function useNow(): number {
  const clock = useContext(WorldContext)?.clock ?? null
  const fixed = clock === null ? null : Date.parse(clock)
  return useSyncExternalStore(fixed === null ? subscribe : never, () => fixed ?? nowMs)
}

/** The wall clock, whatever world is shown. */
export const useWallClock = (): number => useSyncExternalStore(subscribe, () => nowMs)
