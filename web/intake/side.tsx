import { useState } from 'react'
import type { IntakeDetail, IntakeSummary, ProposalView } from '#core/view/intake.ts'
import { Button, ConfirmDialog, findAction, Link, Panel } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { useWords } from '../words.ts'
import { StatusBadge, VerificationBadge } from './badges.tsx'
import { reasonsText } from './near.tsx'

type Props = { readonly of: IntakeDetail }

/** What the machine proposes as the same, beside this report, with its reasons; a person merges or keeps apart. */
export function SideBySide({ of }: Props) {
  const { t } = useWords()
  if (of.proposals.length === 0) return null
  return (
    <Panel title={t('intake.side')} note={of.proposals.length}>
      <ul className="intake-sides">
        {of.proposals.map((one) => (
          <Pair key={one.report.id} of={of} proposal={one} />
        ))}
      </ul>
    </Panel>
  )
}

function Pair({ of, proposal }: Props & { readonly proposal: ProposalView }) {
  const words = useWords()
  const { t, code } = words
  const world = useWorld()
  const [open, setOpen] = useState<'intake.merge' | 'intake.keep-apart' | null>(null)
  const { report } = proposal
  const may = (command: string): boolean => world === null && findAction(of.actions, command)?.refusal === null
  const dialog = { room: 'intake', id: of.id, isOpen: true, onClose: () => setOpen(null), title: of.number } as const
  return (
    <li>
      <p>
        <b>{t('intake.like-line', { degree: proposal.degree })}</b> · {reasonsText(proposal.reasons, words)}
      </p>
      <div className="intake-pair">
        <Card head={t('intake.this')} of={of} />
        <Card head={t('intake.other')} of={report} />
      </div>
      <p className="intake-asked-actions">
        {may('intake.merge') && (
          <Button variant="primary" onPress={() => setOpen('intake.merge')}>
            {code('command', 'intake.merge')}
          </Button>
        )}
        {may('intake.keep-apart') && <Button onPress={() => setOpen('intake.keep-apart')}>{code('command', 'intake.keep-apart')}</Button>}
      </p>
      {open === 'intake.merge' && (
        <ConfirmDialog {...dialog} label={code('command', open)} command={{ type: open, into: report.id }}>
          <p>{t('intake.merge-note', { number: report.number })}</p>
        </ConfirmDialog>
      )}
      {open === 'intake.keep-apart' && (
        <ConfirmDialog {...dialog} label={code('command', open)} command={{ type: open, from: report.id }}>
          <p>{report.text}</p>
        </ConfirmDialog>
      )}
    </li>
  )
}

function Card({ head, of }: { readonly head: string; readonly of: IntakeSummary }) {
  const { t, code, short, words } = useWords()
  const paths = usePaths()
  return (
    <article className="intake-card" aria-label={`${head} ${of.number}`}>
      <h3>
        {head} · <Link to={paths.intake(of.id)}>{of.number}</Link>
      </h3>
      <p className="intake-badges">
        <StatusBadge of={of} /> <VerificationBadge of={of} />
      </p>
      <p className="intake-words">{of.text}</p>
      <p className="soft">
        {of.place.name ?? `${of.place.lat}, ${of.place.lon}`}
        {of.people !== null && ` · ${of.people}`}
        <br />
        {code('channel', of.channel)} · {of.takenBy === null ? t('intake.by-reporter') : words(of.takenBy.name)}
        <br />
        {t('intake.seen-at', { at: short(of.originalAt, of.zone) })} · {t('intake.entered-at', { at: short(of.enteredAt, of.zone) })}
      </p>
    </article>
  )
}
