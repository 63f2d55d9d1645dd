import { usePaths, type Paths } from '../paths.ts'
import { useWords } from '../words.ts'
import { PageTabs } from './page-tabs.tsx'

/** The pages about warnings; each room adds its own line and the words `alert.tab.<key>`. */
const TABS = [
  { key: 'list', to: (paths: Paths) => paths.alerts() },
  { key: 'calls', to: (paths: Paths) => paths.calls() },
  { key: 'consultations', to: (paths: Paths) => paths.consultations() },
  { key: 'stations', to: (paths: Paths) => paths.stations() },
  { key: 'feeds', to: (paths: Paths) => paths.feeds() },
] as const satisfies readonly {
  readonly key: string
  readonly to: (paths: Paths) => string
}[]
export type AlertTab = (typeof TABS)[number]['key']

export function AlertTabs({ on }: { readonly on: AlertTab }) {
  const { t } = useWords()
  const paths = usePaths()
  return (
    <PageTabs label={t('alert.tabs')} tabs={TABS.map(({ key, to }) => ({ key, to: to(paths), label: t(`alert.tab.${key}`) }))} on={on} />
  )
}
