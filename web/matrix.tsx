import { useRouter, useRouterState } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Chips, PageHead } from './kit/index.ts'
import { InstrumentTabs } from './instrument/tabs.tsx'
import { useWorld } from './paths.ts'
import type { MatrixFields } from './queries.ts'
import { useWords } from './words.ts'
import { CoverageView } from './matrix/coverage.tsx'
import { ExportLinks } from './matrix/export.tsx'
import { GaugesView } from './matrix/gauges.tsx'
import { LegalView } from './matrix/legal.tsx'
import { MatrixPart } from './matrix/matrix.tsx'
import { OpennessView } from './matrix/openness.tsx'
import './matrix.css'

const VIEWS = ['matrix', 'coverage', 'legal', 'openness', 'gauges'] as const
type View = (typeof VIEWS)[number]
const FIELDS = ['hazard', 'area', 'on', 'against', 'kind'] as const

/** What is asked stands in the address, so that a matrix can be sent to somebody as it was seen. */
function useAsked(): {
  readonly view: View
  readonly fields: MatrixFields
  readonly change: (next: Readonly<Record<string, string | null>>) => void
} {
  const router = useRouter()
  const search = useRouterState({ select: (state) => state.location.searchStr })
  const path = useRouterState({ select: (state) => state.location.pathname })
  return useMemo(() => {
    const asked = new URLSearchParams(search)
    const fields: Record<string, string> = {}
    for (const name of FIELDS) {
      const value = asked.get(name)?.replaceAll('"', '') ?? ''
      if (value !== '') fields[name] = value
    }
    const view = VIEWS.find((one) => one === asked.get('view')) ?? 'matrix'
    const change = (next: Readonly<Record<string, string | null>>): void => {
      const wanted = new URLSearchParams(search)
      for (const [name, value] of Object.entries(next)) {
        if (value === null || value === '') wanted.delete(name)
        else wanted.set(name, value)
      }
      router.history.replace(wanted.size === 0 ? path : `${path}?${wanted.toString()}`)
    }
    return { view, fields, change }
  }, [search, path, router])
}

/** Who does what, read off the clauses in force on a day: the matrix, and what is planned, founded and open. */
export function MatrixPage() {
  const { t } = useWords()
  const world = useWorld()
  const { view, fields, change } = useAsked()
  const choices = VIEWS.map((id) => ({ id, label: t(`matrix.view.${id}`) }))
  const part = { fields, change, world }
  return (
    <>
      <PageHead
        title={t('matrix.title')}
        note={t('matrix.subtitle')}
        actions={view === 'matrix' ? <ExportLinks fields={fields} world={world} /> : undefined}
      />
      <InstrumentTabs on="matrix" />
      <div className="matrix-page">
        <Chips label={t('matrix.views')} choices={choices} value={view} onChange={(id) => change({ view: id === 'matrix' ? null : id })} />
        {view === 'matrix' && <MatrixPart {...part} />}
        {view === 'coverage' && <CoverageView {...part} />}
        {view === 'legal' && <LegalView {...part} />}
        {view === 'openness' && <OpennessView {...part} />}
        {view === 'gauges' && <GaugesView {...part} />}
      </div>
    </>
  )
}
