import { useSyncExternalStore } from 'react'

export type Theme = 'day' | 'night'
const STORED = 'muster.theme'
const system = window.matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

function chosen(): Theme | null {
  const stored = localStorage.getItem(STORED)
  return stored === 'day' || stored === 'night' ? stored : null
}

export const theme = (): Theme => chosen() ?? (system.matches ? 'night' : 'day')

function apply(): void {
  document.documentElement.dataset['theme'] = theme()
  for (const tell of listeners) tell()
}

/** Follows the system until somebody chooses; call once before the first drawing. */
export function startTheme(): void {
  apply()
  system.addEventListener('change', apply)
}

export function setTheme(next: Theme): void {
  localStorage.setItem(STORED, next)
  apply()
}

const subscribe = (tell: () => void): (() => void) => {
  listeners.add(tell)
  return () => listeners.delete(tell)
}
export const useTheme = (): Theme => useSyncExternalStore(subscribe, theme)
