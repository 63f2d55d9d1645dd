import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { colourLevel } from '#core/level.ts'
import type { CallableWarning, CallsView, Stage, StageCount } from '#core/view/call.ts'
import { AlertTabs } from './kit/alert-tabs.tsx'
import { CallTable } from './call/rows.tsx'
import { Latencies } from './call/latencies.tsx'
import { Empty, Link, PageHead, Panel, Read } from './kit/index.ts'
import { LevelGlyph } from './level.tsx'
import { usePaths, useWorld } from './paths.ts'
import { callsQuery } from './queries.ts'
import { useWords } from './words.ts'
import './call.css'

/** The call list 叫应: under which warning who has not answered, in one look; what was tried; what lies under it unasked. */
export function CallsPage() {
  const { t } = useWords()
  const world = useWorld()
  const [warning, setWarning] = useState(() => new URLSearchParams(location.search).get('warning'))
  const [stage, setStage] = useState<Stage | null>(null)
  const calls = useQuery(callsQuery(world, warning, stage))
  return (
    <>
      <PageHead title={t('call.title')} note={t('call.subtitle')} />
      <AlertTabs on="calls" />
      <div className="calls">
        <Read of={calls} lines={12}>
          {(view) =>
            view.warning === null ? (
              <Empty title={t('call.none')} help={t('call.none-note')} />
            ) : (
              <Board view={view} warning={view.warning} stage={stage} onWarning={setWarning} onStage={setStage} />
            )
          }
        </Read>
        <Latencies />
      </div>
    </>
  )
}

type BoardProps = {
  readonly view: CallsView
  readonly warning: CallableWarning
  readonly stage: Stage | null
  readonly onWarning: (alertId: string) => void
  readonly onStage: (stage: Stage | null) => void
}

function Board({ view, warning, stage, onWarning, onStage }: BoardProps) {
  const { t, dateTime } = useWords()
  const paths = usePaths()
  const others = view.warnings.length > 1 || view.warnings[0]?.alertId !== warning.alertId
  return (
    <>
      {others && (
        <ul className="call-warnings" aria-label={t('call.warnings')}>
          {view.warnings.map((one) => (
            <li key={one.alertId}>
              <button type="button" aria-pressed={one.alertId === warning.alertId} onClick={() => onWarning(one.alertId)}>
                <WarningName of={one} />
                <span className={one.late > 0 ? 'is-late' : 'soft'}>{t('call.open-of', { open: one.open, all: one.all })}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Panel
        title={<WarningName of={warning} />}
        note={t('call.since', { at: dateTime(warning.since) })}
        actions={
          <>
            <Link to={paths.alert(warning.alertId)}>{t('call.open-warning')}</Link>
            <Link to={paths.incident(warning.incidentId)}>{t('call.open-incident')}</Link>
          </>
        }
      >
        <StageBar stages={view.stages} stage={stage} onStage={onStage} />
        <CallTable rows={view.rows} incidentId={warning.incidentId} chainId={warning.alertId} />
        {view.more && <p className="soft padded">{t('call.more')}</p>}
      </Panel>
    </>
  )
}

function WarningName({ of }: { readonly of: CallableWarning }) {
  const { code, lang } = useWords()
  const said = of.headline.find(({ language }) => language.slice(0, 2).toLowerCase() === lang.slice(0, 2))
  return (
    <span className="call-warning">
      <LevelGlyph level={colourLevel(of.colour)} size={22} title={code('colour', of.colour)} />
      <span>{said?.text ?? of.title}</span>
    </span>
  )
}

type StageBarProps = {
  readonly stages: readonly StageCount[]
  readonly stage: Stage | null
  readonly onStage: (stage: Stage | null) => void
}

/** How far each thing that the warning asks is done; pressed, the list shows that alone. */
function StageBar({ stages, stage, onStage }: StageBarProps) {
  const { t, code } = useWords()
  return (
    <ul className="call-stages" aria-label={t('call.stages')}>
      {stages.map((one) => (
        <li key={one.stage}>
          <button
            type="button"
            aria-pressed={one.stage === stage}
            className={one.late > 0 ? 'is-late' : ''}
            onClick={() => onStage(one.stage === stage ? null : one.stage)}
          >
            <span>{code('call-stage', one.stage)}</span>
            <strong>
              {one.done}/{one.all}
            </strong>
            <span className="soft">
              {one.late > 0
                ? t('call.late', { count: one.late })
                : one.open > 0
                  ? t('call.waiting', { count: one.open })
                  : t('call.all-done')}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
