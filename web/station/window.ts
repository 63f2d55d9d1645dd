import { durationMs } from '#core/time.ts'
import type { ProposalView } from '#core/view/station.ts'
import { useWords } from '../words.ts'

const HOUR_MS = 3_600_000

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
