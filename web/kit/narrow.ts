import { useSyncExternalStore } from 'react'

const narrowScreen = window.matchMedia('(max-width: 760px)')
const subscribe = (tell: () => void): (() => void) => {
  narrowScreen.addEventListener('change', tell)
  return () => narrowScreen.removeEventListener('change', tell)
}

/** A phone: one part at a time. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => narrowScreen.matches)
