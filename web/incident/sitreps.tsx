import { useState } from 'react'
import type { IncidentView, SitrepView } from '#core/view.ts'
import { ActionButton, Button, Empty, findAction, OrganizationName, Panel, Table } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { useWords, type WordsApi } from '../words.ts'
import { inOrder, shownValue } from './facts.ts'
import { CorrectDialog, FileDialog } from './sitrep-dialogs.tsx'

type Fact = SitrepView['facts'][number]

/** The latest report with its facts, what changed against the one before, and the earlier ones. */
export function SitrepPanel({ incident }: { readonly incident: IncidentView }) {
  const { t } = useWords()
  const [filing, setFiling] = useState(false)
  const real = useWorld() === null
  const action = real ? findAction(incident.actions, 'sitrep.file') : null
  const [latest, ...earlier] = inOrder(incident.sitreps)
  return (
    <Panel
      title={t('incident.sitreps')}
      note={incident.sitreps.length}
      actions={action !== null && <ActionButton action={action} label={t('incident.action.sitrep.file')} onPress={() => setFiling(true)} />}
      className="room-sitreps"
      scrolls
    >
      {latest === undefined ? (
        <Empty title={t('incident.sitreps-none')} />
      ) : (
        <Report sitrep={latest} before={earlier[0] ?? null} incident={incident} />
      )}
      {earlier.length > 0 && <Earlier sitreps={earlier} incident={incident} />}
      {filing && <FileDialog incident={incident} onClose={() => setFiling(false)} />}
    </Panel>
  )
}

function Earlier({ sitreps, incident }: { readonly sitreps: readonly SitrepView[]; readonly incident: IncidentView }) {
  const { t } = useWords()
  const [open, setOpen] = useState<string | null>(null)
  const { code, short } = useWords()
  return (
    <section className="sitreps-earlier" aria-label={t('incident.sitrep-earlier')}>
      <h3 className="group-head">{t('incident.sitrep-earlier')}</h3>
      <ul>
        {sitreps.map((sitrep, index) => (
          <li key={sitrep.id}>
            <Button
              variant="quiet"
              className="sitrep-toggle"
              aria-expanded={open === sitrep.id}
              onPress={() => setOpen(open === sitrep.id ? null : sitrep.id)}
            >
              {t('incident.sitrep', { kind: code('sitrep', sitrep.kind), number: sitrep.number })}{' '}
              <span className="soft">{short(sitrep.occurredAt, incident.zone)}</span>
            </Button>
            {open === sitrep.id && <Report sitrep={sitrep} before={sitreps[index + 1] ?? null} incident={incident} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

type ReportProps = { readonly sitrep: SitrepView; readonly before: SitrepView | null; readonly incident: IncidentView }

function Report({ sitrep, before, incident }: ReportProps) {
  const words = useWords()
  const { t, code } = words
  const [correcting, setCorrecting] = useState<Fact | null>(null)
  const gone = (before?.facts ?? []).filter((old) => !sitrep.facts.some((fact) => fact.key === old.key))
  const real = useWorld() === null
  const action = real ? (findAction(incident.actions, 'sitrep.correct') ?? findAction(incident.actions, 'sitrep.file')) : null
  const columns = [
    { head: t('incident.fact'), cell: (fact: Fact) => <b>{code('fact', fact.key)}</b> },
    { head: t('incident.fact-value'), cell: (fact: Fact) => <Value fact={fact} zone={incident.zone} /> },
    ...(before === null
      ? []
      : [
          {
            head: t('incident.sitrep-difference'),
            cell: (fact: Fact) => <span className="fact-change">{difference(fact, before, words)}</span>,
          },
        ]),
    { head: t('incident.fact-source'), cell: (fact: Fact) => <FactTimes fact={fact} zone={incident.zone} /> },
    ...(action === null
      ? []
      : [
          {
            head: <span className="for-readers">{t('incident.action.sitrep.correct')}</span>,
            cell: (fact: Fact) => (
              <ActionButton
                action={{ ...action, command: 'sitrep.correct' }}
                label={t('incident.action.sitrep.correct')}
                onPress={() => setCorrecting(fact)}
              />
            ),
          },
        ]),
  ]
  return (
    <article className="sitrep">
      <header className="padded">
        <h3>{t('incident.sitrep', { kind: code('sitrep', sitrep.kind), number: sitrep.number })}</h3>
        <p className="soft">
          <OrganizationName of={sitrep.from} />
          {sitrep.to !== null && (
            <>
              {' → '}
              <OrganizationName of={sitrep.to} />
            </>
          )}
          <BothTimes occurredAt={sitrep.occurredAt} recordedAt={sitrep.filedAt} zone={incident.zone} />
        </p>
        <p className="sitrep-summary">{sitrep.summary}</p>
        {sitrep.skips.length > 0 && (
          <p className="soft">
            {t('timeline.skipped', {
              who: sitrep.skips.map((one) => words.words(one.name)).join('、'),
              reason: sitrep.skipReason ?? '—',
            })}
          </p>
        )}
      </header>
      {sitrep.facts.length > 0 && (
        <Table label={t('incident.file.facts-first')} columns={columns} rows={sitrep.facts} rowKey={(fact) => fact.key} />
      )}
      {gone.length > 0 && (
        <p className="padded soft">
          {t('incident.sitrep-gone', { keys: gone.map((fact) => code('fact', fact.key)).join(t('instrument.list')) })}
        </p>
      )}
      {correcting !== null && <CorrectDialog sitrep={sitrep} fact={correcting} zone={incident.zone} onClose={() => setCorrecting(null)} />}
    </article>
  )
}

function Value({ fact, zone }: { readonly fact: Fact; readonly zone: string }) {
  const words = useWords()
  const { t, short } = words
  return (
    <>
      <b className="fact-value">{shownValue(fact.value, fact.unit, words)}</b>
      {fact.replaced.toReversed().map((old, index) => (
        <span key={index} className="fact-replaced">
          <del>{shownValue(old.value, fact.unit, words)}</del>{' '}
          <span className="soft">{t('incident.fact-replaced', { at: short(old.recordedAt, zone), reason: old.reason })}</span>
        </span>
      ))}
    </>
  )
}

function FactTimes({ fact, zone }: { readonly fact: Fact; readonly zone: string }) {
  return (
    <span className="fact-source">
      {fact.source}
      <span className="soft">
        <BothTimes occurredAt={fact.occurredAt} recordedAt={fact.recordedAt} zone={zone} />
      </span>
    </span>
  )
}

function BothTimes({ occurredAt, recordedAt, zone }: { readonly occurredAt: string; readonly recordedAt: string; readonly zone: string }) {
  const { t, short } = useWords()
  return (
    <span className="both-times">
      <span>{t('timeline.occurred', { at: short(occurredAt, zone) })}</span>{' '}
      <span>{t('timeline.heard', { at: short(recordedAt, zone) })}</span>
    </span>
  )
}

/** `+20`, `new`, or nothing new; words in place of figures only say that they changed. */
function difference(fact: Fact, before: SitrepView, { t, number }: WordsApi): string {
  const old = before.facts.find((one) => one.key === fact.key)
  if (old === undefined) return t('incident.sitrep-new')
  if (old.value === fact.value) return t('incident.sitrep-same')
  if (typeof old.value === 'number' && typeof fact.value === 'number')
    return `${fact.value > old.value ? '+' : '−'}${number(Math.abs(fact.value - old.value))}`
  return t('incident.sitrep-changed')
}
