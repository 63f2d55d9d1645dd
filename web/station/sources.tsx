import { useState } from 'react'
import type { SourceView } from '#core/view/station.ts'
import { ActionButton, Badge, ConfirmDialog, findAction, OrganizationName, Panel, ReasonDialog, type Tone } from '../kit/index.ts'
import { useWords } from '../words.ts'

const TONES: Readonly<Record<SourceView['status'], Tone>> = { fine: 'good', waiting: 'grey', failing: 'late', paused: 'grey' }

/** Where readings are fetched from, and how each does. */
export function Sources({ all }: { readonly all: readonly SourceView[] }) {
  const { t } = useWords()
  return (
    <Panel title={t('station.sources')} note={all.length === 0 ? undefined : all.length}>
      {all.length === 0 ? (
        <p className="padded soft">{t('station.source-none')}</p>
      ) : (
        <ul>
          {all.map((one) => (
            <Source key={one.id} of={one} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Source({ of }: { readonly of: SourceView }) {
  const { t, code, words, short, duration } = useWords()
  const facts = [
    of.succeededAt === null ? t('station.source-never') : t('station.source-last', { at: short(of.succeededAt) }),
    of.nextAt === null || of.status === 'paused' ? null : t('station.source-next', { at: short(of.nextAt) }),
    of.failures === 0 ? null : t('station.source-failures', { count: of.failures }),
    t('station.source-kept', { count: of.kept }),
  ]
  const [bad] = of.badRows
  return (
    <li className="source-row">
      <p className="source-head">
        <b>{words(of.name)}</b>
        <Badge tone={TONES[of.status]}>{code('status.source', of.status)}</Badge>
        <SourceActions of={of} />
      </p>
      <p className="soft">
        {code('source.kind', of.kind)} · {t('station.source-every', { time: duration(of.every) })} · <OrganizationName of={of.owner} />
      </p>
      <p className="source-address">{of.url}</p>
      {of.error !== null && of.status === 'failing' && (
        <p className="source-error">{code('source.error', of.error, { detail: of.errorDetail ?? '' })}</p>
      )}
      {of.paused !== null && <p>{t('station.source-paused', { reason: of.paused })}</p>}
      {bad !== undefined && (
        <p className="source-error">
          {t('station.source-bad', { row: bad.row, problem: code('reading.problem', bad.problem), said: bad.said })}
        </p>
      )}
      <p className="soft">{facts.filter((one) => one !== null).join(' · ')}</p>
    </li>
  )
}

function SourceActions({ of }: { readonly of: SourceView }) {
  const { t } = useWords()
  const [asking, setAsking] = useState<'pause' | 'resume' | null>(null)
  const action = findAction(of.actions, of.status === 'paused' ? 'station.resume-source' : 'station.pause-source')
  const close = (): void => setAsking(null)
  return (
    <span className="source-actions">
      {action !== null && <ActionButton action={action} onPress={() => setAsking(of.status === 'paused' ? 'resume' : 'pause')} />}
      <ReasonDialog
        title={t('command.station.pause-source')}
        isOpen={asking === 'pause'}
        onClose={close}
        room="station-source"
        id={of.id}
        label={t('command.station.pause-source')}
        ask={t('station.pause-ask')}
        command={(reason) => ({ type: 'station.pause-source', reason })}
      />
      <ConfirmDialog
        title={t('command.station.resume-source')}
        isOpen={asking === 'resume'}
        onClose={close}
        room="station-source"
        id={of.id}
        label={t('command.station.resume-source')}
        command={{ type: 'station.resume-source' }}
      >
        <p className="source-address">{of.url}</p>
      </ConfirmDialog>
    </span>
  )
}
