import { useSyncExternalStore } from 'react'

/** How many stand at once, and for how long. */
const SHOWN_MAX = 3
const SHOWN_MS = 6000

type Toast = { readonly id: number; readonly text: string; readonly tone: 'plain' | 'late' }
let toasts: readonly Toast[] = []
let next = 1
const listeners = new Set<() => void>()

function set(to: readonly Toast[]): void {
  toasts = to
  for (const tell of listeners) tell()
}

/** Says something once, in a corner and to screen readers. */
export function toast(text: string, tone: Toast['tone'] = 'plain'): void {
  const one: Toast = { id: next++, text, tone }
  set([...toasts, one].slice(-SHOWN_MAX))
  setTimeout(() => set(toasts.filter((shown) => shown.id !== one.id)), SHOWN_MS)
}

const subscribe = (tell: () => void): (() => void) => {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

/** Stands once, in the frame. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((one) => (
        <p key={one.id} className={`toast is-${one.tone}`}>
          {one.text}
        </p>
      ))}
    </div>
  )
}
