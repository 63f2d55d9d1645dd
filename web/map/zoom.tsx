import type { JSX } from 'react'
import type { MapWords } from './types.ts'

/** Nearer and farther, as buttons with names; `onZoom` gets +1 or -1. */
export function ZoomButtons(props: { readonly words: MapWords; readonly onZoom: (step: 1 | -1) => void }): JSX.Element {
  const { words, onZoom } = props
  return (
    <div className="map-zoom">
      <button type="button" aria-label={words.zoomIn} title={words.zoomIn} onClick={() => onZoom(1)}>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="M8 3v10M3 8h10" />
        </svg>
      </button>
      <button type="button" aria-label={words.zoomOut} title={words.zoomOut} onClick={() => onZoom(-1)}>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="M3 8h10" />
        </svg>
      </button>
    </div>
  )
}
