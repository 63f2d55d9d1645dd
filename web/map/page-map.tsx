import { type ComponentType, lazy, Suspense, useMemo } from 'react'
import { useTheme } from '../theme.ts'
import { useWords } from '../words.ts'
import type { MapProps } from './types.ts'

const MapView = lazy(async (): Promise<{ default: ComponentType<MapProps> }> => ({ default: (await import('../map.tsx')).MapView }))

/** The map in a page: loaded when it is first wanted, in the reader's language and look. `label` names it for whoever does not see it. */
export function PageMap({ label, ...props }: Omit<MapProps, 'theme' | 'language' | 'words'> & { readonly label: string }) {
  const { t, lang } = useWords()
  const theme = useTheme()
  const words = useMemo(
    () => ({
      map: label,
      attribution: t('desk.map-attribution'),
      approval: t('desk.map-approval'),
      zoomIn: t('desk.map-zoom-in'),
      zoomOut: t('desk.map-zoom-out'),
      fallback: t('desk.map-fallback'),
    }),
    [t, label],
  )
  return (
    <Suspense fallback={<p className="soft padded">{t('desk.map-loading')}</p>}>
      <MapView {...props} theme={theme} language={lang} words={words} />
    </Suspense>
  )
}
