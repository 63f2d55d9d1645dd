import { useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Link, PageHead } from '../kit/index.ts'
import { usePaths, type Paths } from '../paths.ts'
import { useWords, type Key } from '../words.ts'

type Place = { readonly key: Key & `risk.tab.${string}`; readonly path: (paths: Paths) => string }
const PLACES: readonly Place[] = [
  { key: 'risk.tab.register', path: (paths) => paths.risks() },
  { key: 'risk.tab.sites', path: (paths) => paths.riskSites() },
  { key: 'risk.tab.coverage', path: (paths) => paths.riskCoverage() },
  { key: 'risk.tab.carry', path: (paths) => paths.riskCarry() },
]

/** The head of the register's pages, with the way from one to the other. */
export function RiskHead({ actions }: { readonly actions?: ReactNode }) {
  const { t } = useWords()
  const paths = usePaths()
  const here = useRouterState({ select: (state) => state.location.pathname })
  return (
    <>
      <PageHead title={t('risk.title')} note={t('risk.subtitle')} actions={actions} />
      <nav className="risk-tabs" aria-label={t('risk.tabs')}>
        {PLACES.map(({ key, path }) => (
          <Link key={key} to={path(paths)} {...(path(paths) === here ? { 'aria-current': 'page' as const } : {})}>
            {t(key as 'risk.tab.register')}
          </Link>
        ))}
      </nav>
    </>
  )
}
