import { IconCheck } from '@tabler/icons-react'
import { useState } from 'react'
import type { ActionView, IncidentView } from '#core/view.ts'
import { useNow } from '../clock.ts'
import { ActionButton, Badge, Button, findAction } from '../kit/index.ts'
import { isLate, isOwed } from '../kit/obligation.tsx'
import { LevelGlyph } from '../level.tsx'
import { useWorld } from '../paths.ts'
import { useWords } from '../words.ts'
import { IncidentDialog } from './dialogs.tsx'
import { useNarrow } from '../kit/narrow.ts'
import { latestOf } from './facts.ts'

/** Which incident, how grave, how far, what the figures are, and what can be done now. */
export function IncidentHead({ incident }: { readonly incident: IncidentView }) {
  const { t, code, words, dateTime } = useWords()
  const { severity, responseLevel } = incident
  const mark = responseLevel ?? severity
  return (
    <header className="room-head">
      <div className="room-title">
        <LevelGlyph
          level={mark}
          size={40}
          title={
            responseLevel !== null
              ? code('response', String(responseLevel))
              : mark === null
                ? t('level.none')
                : code('severity', String(mark))
          }
        />
        <div className="room-words">
          <h1>
            {incident.title}{' '}
            <Badge tone={responseLevel === null ? 'grey' : 'accent'}>
              {responseLevel === null ? t('incident.no-response') : code('response', String(responseLevel))}
            </Badge>
            {incident.expected && <Badge tone="soon">{t('incident.expected')}</Badge>}
          </h1>
          <p className="room-facts">
            <span>{incident.number}</span>
            <span>
              {[
                incident.class === null ? null : code('class', incident.class),
                severity === null ? t('incident.no-severity') : code('severity', String(severity)),
                incident.hazard === null ? null : code('hazard', incident.hazard),
              ]
                .filter((one) => one !== null)
                .join(' · ')}
            </span>
            <span>{[words(incident.jurisdiction.name), incident.place?.name].filter(Boolean).join(' · ')}</span>
            <span className="is-secondary">{t('incident.reported-at', { at: dateTime(incident.reportedAt, incident.zone) })}</span>
            <Elapsed incident={incident} />
            {incident.merged.length > 0 && (
              <span className="is-secondary">{t('incident.merged-note', { count: incident.merged.length })}</span>
            )}
          </p>
          <Warnings incident={incident} />
        </div>
        <IncidentActions incident={incident} />
      </div>
      <div className="room-state">
        <Phases incident={incident} />
        <Figures incident={incident} />
      </div>
    </header>
  )
}

function Elapsed({ incident }: { readonly incident: IncidentView }) {
  const { t, duration } = useWords()
  const now = useNow()
  const end = incident.closedAt === null ? now : Date.parse(incident.closedAt)
  const minutes = Math.max(0, Math.floor((end - Date.parse(incident.reportedAt)) / 60_000))
  return (
    <span>
      {incident.closedAt === null ? t('incident.elapsed') : t('incident.lasted')} <b>{duration(minutes * 60_000)}</b>
    </span>
  )
}

const WARNINGS_SHOWN = 3

function Warnings({ incident }: { readonly incident: IncidentView }) {
  const { t, code, short, words } = useWords()
  if (incident.warnings.length === 0) return null
  return (
    <p className="room-warnings">
      <span className="soft">{t('incident.warnings')}</span>
      {incident.warnings.slice(0, WARNINGS_SHOWN).map((warning, index) => (
        <span key={index} className="room-warning">
          <i className={`is-${warning.colour}`} aria-hidden />
          {code('hazard', warning.hazard)} {code('colour', warning.colour)}
          <span className="soft">
            {short(warning.at, incident.zone)}
            {warning.issuer !== null && ` ${words(warning.issuer.name)}`}
          </span>
        </span>
      ))}
    </p>
  )
}

const PHASES = ['reported', 'verified', 'declared', 'responding', 'closed'] as const

/** How many phases lie behind, and whether the incident left the usual way. */
function phaseOf({ status, responseLevel, headquarters }: IncidentView): number {
  if (status === 'closed' || status === 'merged' || status === 'unfounded') return 4
  if (responseLevel !== null || headquarters !== null) return 3
  return status === 'declared' ? 2 : status === 'verified' ? 1 : 0
}

function Phases({ incident }: { readonly incident: IncidentView }) {
  const { t, code } = useWords()
  const current = phaseOf(incident)
  const last = incident.status === 'merged' || incident.status === 'unfounded' ? incident.status : 'closed'
  return (
    <ol className="phases" aria-label={t('incident.phases')}>
      {PHASES.map((phase, index) => {
        const state = index < current || (index === 4 && current === 4) ? 'done' : index === current ? 'current' : 'to-come'
        return (
          <li key={phase} className={`phase is-${state}`} aria-current={index === current ? 'step' : undefined}>
            <span className="phase-mark" aria-hidden>
              {state === 'done' ? <IconCheck size={13} stroke={3} /> : index + 1}
            </span>
            {code('incident.phase', index === 4 ? last : phase)}
            <span className="for-readers"> {code('incident.phase', state)}</span>
          </li>
        )
      })}
    </ol>
  )
}

const FIGURES_SHOWN = 4

function Figures({ incident }: { readonly incident: IncidentView }) {
  const { t, code, number, short } = useWords()
  const now = useNow()
  const latest = latestOf(incident.sitreps)
  const figures = (latest?.facts ?? []).filter((fact) => typeof fact.value === 'number').slice(0, FIGURES_SHOWN)
  const late = incident.duties.filter((one) => isLate(one, now)).length
  const owed = incident.duties.filter(isOwed).length
  return (
    <dl className="figures" aria-label={t('incident.key-figures')}>
      {figures.map((fact) => (
        <div
          key={fact.key}
          title={
            latest === null ? undefined : t('incident.figures-from', { number: latest.number, at: short(fact.occurredAt, incident.zone) })
          }
        >
          <dt>{code('fact', fact.key)}</dt>
          <dd>
            {typeof fact.value === 'number' ? number(fact.value) : fact.value}
            {fact.unit !== null && <small> {fact.unit}</small>}
          </dd>
        </div>
      ))}
      <div className={late > 0 ? 'is-late' : ''}>
        <dt>{t('incident.figure-late')}</dt>
        <dd>
          {number(late)}
          <small>/{number(owed)}</small>
        </dd>
      </div>
    </dl>
  )
}

const COMMANDS = [
  'incident.occur',
  'incident.verify',
  'incident.declare',
  'incident.set-response',
  'incident.activate-headquarters',
  'sitrep.file',
  'incident.note',
  'incident.merge',
  'incident.refute',
  'incident.close',
] as const
/** Rarely the next step; they wait behind “more”. */
const RARE: ReadonlySet<string> = new Set(['incident.merge', 'incident.refute', 'incident.close'])

function IncidentActions({ incident }: { readonly incident: IncidentView }) {
  const { t, code } = useWords()
  const world = useWorld()
  const [asked, setAsked] = useState<string | null>(null)
  const [more, setMore] = useState(false)
  const narrow = useNarrow()
  const offered = COMMANDS.map((command) => findAction(incident.actions, command)).filter((action) => action !== null)
  const possible = (action: ActionView): boolean => action.refusal === null
  const usual = offered.filter((action) => possible(action) && !RARE.has(action.command))
  const primary = nextStep(incident, usual)
  // On a phone the one next step stands in sight, before the facts; the others wait behind “more”.
  const near = narrow ? usual.filter((action) => action.command === primary) : usual
  const far = offered.filter((action) => !near.includes(action))
  const button = (action: ActionView) => (
    <ActionButton
      key={action.command}
      action={action}
      label={code('incident.action', action.command)}
      variant={action.command === primary ? 'primary' : 'plain'}
      onPress={() => setAsked(action.command)}
    />
  )
  // Inside an exercise there is nothing to do: the banner says so once.
  if (offered.length === 0 || world !== null) return null
  return (
    <div className="room-actions" role="group" aria-label={t('incident.actions')}>
      {near.toSorted((a, b) => Number(b.command === primary) - Number(a.command === primary)).map(button)}
      {far.length > 0 && (
        <Button variant="quiet" aria-expanded={more} onPress={() => setMore(!more)}>
          {t('incident.more-actions')}
        </Button>
      )}
      {more && far.map(button)}
      {asked !== null && <IncidentDialog key={asked} command={asked} incident={incident} onClose={() => setAsked(null)} />}
    </div>
  )
}

/** The one obvious next step of the phase. */
function nextStep({ status, expected, responseLevel, headquarters }: IncidentView, near: readonly ActionView[]): string | null {
  const wanted =
    status === 'reported'
      ? 'incident.verify'
      : status === 'verified' && !expected
        ? 'incident.declare'
        : responseLevel === null
          ? 'incident.set-response'
          : headquarters === null
            ? 'incident.activate-headquarters'
            : 'sitrep.file'
  return near.some((action) => action.command === wanted) ? wanted : (near[0]?.command ?? null)
}
