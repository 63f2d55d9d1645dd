import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { atLeastAsGrave } from '#core/level.ts'
import type { FindingView, SupervisionView } from '#core/view/finding.ts'
import { FindingList } from './finding/list.tsx'
import { HandOffs, Lags, LateNow, Pairs } from './finding/tables.tsx'
import { Gauge, Gauges, shareText } from './kit/gauge.tsx'
import { PageHead, Read, Tabs } from './kit/index.ts'
import { useWorld } from './paths.ts'
import { findingsQuery, supervisionQuery } from './queries.ts'
import { useWords } from './words.ts'
import './finding.css'

export { FindingPage } from './finding/page.tsx'

/** Supervision 督查: four gauges, then the findings, what is late now, how slow each mechanism is, and what was lost in passing. */
export function SupervisionPage() {
  const { t } = useWords()
  const world = useWorld()
  const board = useQuery(supervisionQuery(world))
  const findings = useQuery(findingsQuery(world))
  return (
    <div className="supervision">
      <PageHead title={t('finding.title')} note={t('finding.subtitle')} />
      <Read of={board} lines={12}>
        {(view) => (
          <Read of={findings} lines={8}>
            {(all) => <Board board={view} findings={all} />}
          </Read>
        )}
      </Read>
    </div>
  )
}

type BoardProps = { readonly board: SupervisionView; readonly findings: readonly FindingView[] }

function Board({ board, findings }: BoardProps) {
  const { t } = useWords()
  const [pane, setPane] = useState('findings')
  const open = findings.filter((one) => one.status !== 'closed').length
  const panes = [
    { id: 'findings', label: `${t('finding.tab.findings')} ${open}`, content: <FindingList all={findings} /> },
    { id: 'late', label: `${t('finding.tab.late')} ${board.late.total}`, content: <LateNow board={board} /> },
    { id: 'lags', label: t('finding.tab.lags'), content: <Lags board={board} /> },
    { id: 'pairs', label: t('finding.tab.pairs'), content: <Pairs board={board} /> },
    { id: 'hand-offs', label: `${t('finding.tab.hand-offs')} ${board.handOffs.count}`, content: <HandOffs board={board} /> },
  ]
  return (
    <>
      <Measures board={board} findings={findings} />
      <div className="panel supervision-panes">
        <Tabs label={t('finding.views')} panes={panes} selected={pane} onSelect={setPane} />
      </div>
    </>
  )
}

function Measures({ board, findings }: BoardProps) {
  const { t, duration } = useWords()
  const { late, closure, handOffs } = board
  const oldest = Math.max(0, ...late.byOrganization.map((one) => one.oldestMs))
  const open = findings.filter((one) => one.status !== 'closed')
  const grave = open.filter((one) => atLeastAsGrave(one.gravity, 2)).length
  return (
    <Gauges>
      <Gauge
        name={t('finding.gauge.late')}
        value={String(late.total)}
        note={late.total === 0 ? t('finding.gauge.none') : t('finding.gauge.late-note', { time: duration(oldest) })}
        wrong={late.total > 0}
      />
      <Gauge
        name={t('finding.gauge.open')}
        value={String(open.length)}
        note={open.length === 0 ? t('finding.gauge.none') : t('finding.gauge.open-note', { count: grave })}
        wrong={grave > 0}
      />
      <Gauge
        name={t('finding.gauge.closure')}
        value={shareText(closure.share)}
        note={
          closure.share === null
            ? t('finding.gauge.closure-none')
            : t('finding.gauge.closure-note', { due: closure.due, count: closure.onTime, verified: closure.verified })
        }
        wrong={false}
      />
      <Gauge
        name={t('finding.gauge.lost')}
        value={shareText(handOffs.share)}
        note={
          handOffs.share === null
            ? t('finding.gauge.lost-none')
            : t('finding.gauge.lost-note', { judged: handOffs.judged, lost: handOffs.lost })
        }
        wrong={handOffs.share !== null && handOffs.share > LOST_MAX}
      />
    </Gauges>
  )
}

/** Lost hand-offs: at most one in a hundred (requirement S0-10). */
const LOST_MAX = 0.01
