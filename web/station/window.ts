import { durationMs } from '#core/time.ts'
import type { ProposalView } from '#core/view/station.ts'
import { useWords } from '../words.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** How long ago, to the minute once there is one: seconds that run on every line draw the eye for nothing. */
export function sinceMs(at: string, now: number): number {
  const ms = Math.max(0, now - Date.parse(at))
  return ms < MINUTE_MS ? ms : Math.floor(ms / MINUTE_MS) * MINUTE_MS
}

/** `sum of 3 h`, `as read`: what a threshold looks at, in words. */
export function useWindowWords(): (window: ProposalView['window']) => string {
  const { t, code } = useWords()
  return ({ of, over }) => {
    const ms = over === null ? 0 : durationMs(over)
    const length =
      ms % HOUR_MS === 0 ? t('station.over-hours', { count: ms / HOUR_MS }) : t('station.over-minutes', { count: Math.round(ms / 60_000) })
    return code('station.window', of, { over: length })
  }
}
