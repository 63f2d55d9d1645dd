import { PageTabs } from '../kit/page-tabs.tsx'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'

const TABS = ['instruments', 'lint', 'matrix', 'templates'] as const
export type InstrumentTab = (typeof TABS)[number]

/** The four pages about instruments: the list, the linter, the responsibility matrix, the templates. */
export function InstrumentTabs({ on }: { readonly on: InstrumentTab }) {
  const { t } = useWords()
  const paths = usePaths()
  return (
    <PageTabs
      label={t('instrument.tabs')}
      tabs={TABS.map((key) => ({ key, to: paths[key](), label: t(`instrument.tab.${key}`) }))}
      on={on}
    />
  )
}
