import { useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PageHead } from '../kit/index.ts'
import { PageTabs } from '../kit/page-tabs.tsx'
import { usePaths, type Paths } from '../paths.ts'
import { useWords } from '../words.ts'

const PLACES = [
  { key: 'register', path: (paths: Paths) => paths.risks() },
  { key: 'sites', path: (paths: Paths) => paths.riskSites() },
  { key: 'coverage', path: (paths: Paths) => paths.riskCoverage() },
  { key: 'carry', path: (paths: Paths) => paths.riskCarry() },
] as const

/** The head of the register's pages, with the way from one to the other. */
export function RiskHead({ actions }: { readonly actions?: ReactNode }) {
  const { t } = useWords()
  const paths = usePaths()
  const here = useRouterState({ select: (state) => state.location.pathname })
  const tabs = PLACES.map(({ key, path }) => ({ key, to: path(paths), label: t(`risk.tab.${key}`) }))
  return (
    <>
      <PageHead title={t('risk.title')} note={t('risk.subtitle')} actions={actions} />
      <PageTabs label={t('risk.tabs')} tabs={tabs} on={tabs.find(({ to }) => to === here)?.key ?? 'register'} />
    </>
  )
}
