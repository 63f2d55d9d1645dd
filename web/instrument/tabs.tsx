import { Link } from '../kit/index.ts'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'
import './tabs.css'

const TABS = ['instruments', 'lint', 'matrix', 'templates'] as const
export type InstrumentTab = (typeof TABS)[number]

/** The four pages about instruments: the list, the linter, the responsibility matrix, the templates. */
export function InstrumentTabs({ on }: { readonly on: InstrumentTab }) {
  const { t } = useWords()
  const paths = usePaths()
  return (
    <nav className="instrument-tabs" aria-label={t('instrument.tabs')}>
      {TABS.map((tab) => (
        <Link key={tab} to={paths[tab]()} aria-current={tab === on ? 'page' : undefined}>
          {t(`instrument.tab.${tab}`)}
        </Link>
      ))}
    </nav>
  )
}
