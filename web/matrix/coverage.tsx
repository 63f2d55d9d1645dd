import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PlanCoverageView } from '#core/view/matrix.ts'
import { Badge, Chips, Dialog, Empty, OrganizationName, Panel, Read } from '../kit/index.ts'
import { useNarrow } from '../kit/narrow.ts'
import { coverageQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { ClauseLink } from './clause.tsx'
import type { PartProps } from './part.ts'
import { Scope } from './scope.tsx'

type Cell = PlanCoverageView['cells'][number]
const ROWS_MAX = 200

/** Which plan lays down what, for each hazard, department and phase; what is empty is shown as empty. */
export function CoverageView({ fields, change, world }: PartProps) {
  const { t } = useWords()
  const reading = useQuery(coverageQuery(world, fields))
  return (
    <Read of={reading} lines={12}>
      {(coverage) => (
        <>
          <Scope of={coverage} fields={fields} change={change} />
          {coverage.hazards.length === 0 || coverage.organizations.length === 0 ? (
            <div className="panel">
              <Empty title={t('matrix.coverage.none')} />
            </div>
          ) : (
            <Coverage of={coverage} />
          )}
        </>
      )}
    </Read>
  )
}

function Coverage({ of }: { readonly of: PlanCoverageView }) {
  const { t, code } = useWords()
  const narrow = useNarrow()
  const [wanted, setWanted] = useState<string | null>(null)
  const [opened, setOpened] = useState<Cell | null>(null)
  const hazard = of.hazards.find((one) => one === wanted) ?? of.hazards[0] ?? ''
  const here = of.cells.filter((cell) => cell.hazard === hazard)
  const cells = new Map(here.map((cell) => [`${cell.organization}|${cell.phase}`, cell]))
  const choices = of.hazards.map((id) => ({ id, label: code('hazard', id) }))
  const part = { of, cells, open: setOpened }
  return (
    <>
      {of.hazards.length > 1 && <Chips label={t('matrix.hazard')} choices={choices} value={hazard} onChange={setWanted} />}
      <Panel
        title={t('matrix.coverage.title', { hazard: code('hazard', hazard) })}
        note={t('matrix.coverage.note', {
          covered: here.filter((cell) => cell.entries.length > 0).length,
          empty: here.filter((cell) => cell.entries.length === 0).length,
        })}
      >
        {narrow ? <ByOrganization {...part} /> : <Grid {...part} />}
        <p className="padded soft">
          {t('matrix.coverage.choose')} {of.withoutPhase > 0 && t('matrix.coverage.without-phase', { count: of.withoutPhase })}
        </p>
      </Panel>
      {opened !== null && <CellDialog of={of} cell={opened} onClose={() => setOpened(null)} />}
    </>
  )
}

type GridProps = { readonly of: PlanCoverageView; readonly cells: ReadonlyMap<string, Cell>; readonly open: (cell: Cell) => void }

function Grid({ of, cells, open }: GridProps) {
  const { t } = useWords()
  return (
    <div className="matrix-frame" role="region" aria-label={t('matrix.view.coverage')} tabIndex={0}>
      <table className="matrix-table is-coverage">
        <caption className="for-readers">{t('matrix.view.coverage')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('matrix.label.organization')}</th>
            {of.phases.map((phase) => (
              <th key={phase} scope="col">
                {t(`matrix.phase.${phase}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.organizations.slice(0, ROWS_MAX).map((organization) => (
            <tr key={organization.id}>
              <th scope="row">
                <OrganizationName of={organization} />
              </th>
              {of.phases.map((phase) => (
                <td key={phase}>
                  <CoverageCell of={cells.get(`${organization.id}|${phase}`)} open={open} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function CoverageCell({ of, open }: { readonly of: Cell | undefined; readonly open: (cell: Cell) => void }) {
  const { t } = useWords()
  if (of === undefined || of.entries.length === 0) return <span className="matrix-empty">{t('matrix.coverage.empty')}</span>
  return (
    <button type="button" className="matrix-cell" onClick={() => open(of)}>
      {t('matrix.coverage.plans', { count: of.entries.length })}
      {of.entries.some((one) => one.overdue) && <Badge tone="late">{t('matrix.coverage.overdue')}</Badge>}
    </button>
  )
}

/** On a phone: one organization below the other, with its phases. */
function ByOrganization({ of, cells, open }: GridProps) {
  const { t } = useWords()
  return (
    <ul className="matrix-functions">
      {of.organizations.slice(0, ROWS_MAX).map((organization) => (
        <li key={organization.id}>
          <h3>
            <OrganizationName of={organization} />
          </h3>
          <ul>
            {of.phases.map((phase) => (
              <li key={phase}>
                <span className="matrix-phase">{t(`matrix.phase.${phase}`)}</span>
                <CoverageCell of={cells.get(`${organization.id}|${phase}`)} open={open} />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}

function CellDialog({ of, cell, onClose }: { readonly of: PlanCoverageView; readonly cell: Cell; readonly onClose: () => void }) {
  const { t, code, words } = useWords()
  const organization = of.organizations.find((one) => one.id === cell.organization)
  const title = t('matrix.coverage.cell', {
    hazard: code('hazard', cell.hazard),
    organization: organization === undefined ? '' : words(organization.name),
    phase: t(`matrix.phase.${cell.phase}`),
  })
  return (
    <Dialog isOpen onClose={onClose} title={title}>
      <ul className="matrix-bases">
        {cell.entries.map((entry, index) => (
          <li key={index}>
            <ClauseLink of={entry.basis} />
            <span className="soft">
              {entry.keeper === null ? t('matrix.coverage.keeper-none') : t('matrix.coverage.keeper', { keeper: words(entry.keeper) })} ·{' '}
              {entry.reviewOn === null ? t('matrix.coverage.review-none') : t('matrix.coverage.review', { on: entry.reviewOn })}
            </span>
            {entry.overdue && <Badge tone="late">{t('matrix.coverage.overdue')}</Badge>}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
