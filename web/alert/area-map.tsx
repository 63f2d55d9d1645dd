import { useMemo } from 'react'
import type { AlertShape } from '#core/view/alert.ts'
import { colourLevel } from '#core/level.ts'
import { Outline } from '../map/outline.tsx'

/** Areas of warnings, the gravest on top. */
export function AreaMap({
  shapes,
  label,
  proportion = 4 / 3,
}: {
  readonly shapes: readonly AlertShape[]
  readonly label: string
  readonly proportion?: number
}) {
  const areas = useMemo(
    () =>
      shapes.map(({ id, colour, geometry }) => ({
        id,
        geometry,
        className: `alert-shape is-${colour === null ? 'none' : colourLevel(colour)}`,
      })),
    [shapes],
  )
  return (
    <figure className="alert-map">
      <Outline areas={areas} label={label} proportion={proportion} />
    </figure>
  )
}
