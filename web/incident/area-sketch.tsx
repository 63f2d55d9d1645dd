import { useMemo } from 'react'
import type { Area } from '#core/incident/area.ts'
import { Outline } from '../map/outline.tsx'
import { useWords } from '../words.ts'

export function AreaSketch({ area }: { readonly area: Area }) {
  const { t } = useWords()
  const areas = useMemo(() => [{ id: 'area', geometry: area, className: 'area-shape' }], [area])
  return (
    <figure className="area-sketch">
      <Outline areas={areas} label={t('area.map')} />
      <figcaption className="soft">{t('area.map-twin')}</figcaption>
    </figure>
  )
}
