import { useState } from 'react'
import { colourLevel } from '#core/level.ts'
import type { ProposalView } from '#core/view/station.ts'
import { useNow } from '../clock.ts'
import { ActionButton, Badge, Empty, findAction, Link, LinkButton, Panel, ReasonDialog, type Tone } from '../kit/index.ts'
import { LevelGlyph } from '../level.tsx'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'
import { sinceMs, useWindowWords } from './window.ts'

/** Our targets for an answer: 10 minutes, and half of them for red and orange (S2-03; no source sets them). */
const SOON_MS = 5 * 60_000
const LATE_MS = 10 * 60_000
const toneOf = ({ colour }: ProposalView, ms: number): Tone => {
  const grave = colourLevel(colour) === 1 || colourLevel(colour) === 2
  const late = grave ? LATE_MS / 2 : LATE_MS
  return ms >= late ? 'late' : ms >= (grave ? SOON_MS / 2 : SOON_MS) ? 'soon' : 'grey'
}

/** What waits for a person, the gravest first; what was answered is folded below. */
export function Proposals({ all }: { readonly all: readonly ProposalView[] }) {
  const { t } = useWords()
  const waiting = all.filter((one) => one.status === 'proposed')
  const answered = all.filter((one) => one.status !== 'proposed')
  return (
    <>
      <Panel
        title={t('station.proposals')}
        note={waiting.length === 0 ? undefined : t('station.waiting', { count: waiting.length })}
        className="proposals"
      >
        {waiting.length === 0 ? (
          <Empty title={t('station.no-proposals')} help={t('station.no-proposals-help')} />
        ) : (
          <ul>
            {waiting.map((one) => (
              <Proposal key={one.id} of={one} />
            ))}
          </ul>
        )}
      </Panel>
      {answered.length > 0 && (
        <Panel title={t('station.answered')} note={answered.length} folded className="proposals">
          <ul>
            {answered.map((one) => (
              <Proposal key={one.id} of={one} />
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}

/** "Proposed: orange rainstorm warning, 53.2 mm in 3 h at Tanggu, 2 min ago", why, what became of it, and the two answers. */
export function Proposal({ of, here = false }: { readonly of: ProposalView; readonly here?: boolean }) {
  const { t, code, words, duration, number, dateTime } = useWords()
  const paths = usePaths()
  const now = useNow()
  const windowWords = useWindowWords()
  const waits = now - Date.parse(of.proposedAt)
  const waiting = of.status === 'proposed'
  return (
    <li className={`proposal ${waiting ? `is-${toneOf(of, waits)}` : 'is-answered'}`}>
      <LevelGlyph level={colourLevel(of.colour)} size={34} title={code('colour', of.colour)} />
      <div className="proposal-words">
        <p className="proposal-head">
          <strong>{t('station.proposed', { colour: code('colour', of.colour), hazard: code('hazard', of.hazard) })}</strong>
          {waiting ? (
            <Badge tone={toneOf(of, waits)}>{t('station.waits', { time: duration(sinceMs(of.proposedAt, now)) })}</Badge>
          ) : (
            <Answered of={of} />
          )}
        </p>
        <p className="proposal-reading">
          <b>{t('station.reading', { value: number(of.value), unit: of.unit, window: windowWords(of.window) })}</b>{' '}
          {here ? (
            words(of.indicatorWords)
          ) : (
            <>
              <Link to={paths.station(of.station.id)}>{words(of.station.name)}</Link> · {words(of.indicatorWords)}
            </>
          )}{' '}
          ·{' '}
          <time dateTime={of.at} title={dateTime(of.at)}>
            {t('station.ago', { time: duration(sinceMs(of.at, now)) })}
          </time>
        </p>
        <p className="soft proposal-basis">
          {t('station.limit', { limit: number(of.limit), unit: of.unit })} · {words(of.source.article)}
          {!of.source.confirmed && <b className="proposal-target"> {t('station.unconfirmed')}</b>} ·{' '}
          {t('station.for-places', { places: of.divisionNames.map((one) => words(one.name)).join(' ') })} · <Standing of={of} />
          {of.besideAlert !== null && (
            <>
              {' · '}
              <Link to={paths.alert(of.besideAlert)}>{t('station.beside')}</Link>
            </>
          )}
        </p>
      </div>
      <Answers of={of} />
    </li>
  )
}

/** Whether the readings still hold it. */
function Standing({ of }: { readonly of: ProposalView }) {
  const { t, code, short } = useWords()
  if (of.now === null) return <>{t('station.over-since', { at: of.recededAt === null ? '—' : short(of.recededAt) })}</>
  return <>{t(of.now === of.colour ? 'station.still' : 'station.down-to', { colour: code('colour', of.now) })}</>
}

function Answered({ of }: { readonly of: ProposalView }) {
  const { t, code, short, duration } = useWords()
  const paths = usePaths()
  const latency =
    of.toDecision === null
      ? t('station.latency-open', { proposal: duration(of.toProposal) })
      : t('station.latency', { proposal: duration(of.toProposal), decision: duration(of.toDecision) })
  return (
    <span className="soft proposal-answered">
      <Badge tone={of.status === 'taken-up' ? 'good' : 'grey'}>{code('status.proposal', of.status)}</Badge>{' '}
      {of.alertId !== null && of.status === 'taken-up' && (
        <Link to={paths.alert(of.alertId)}>
          {of.issuedAt === null ? t('station.taken-up-by') : t('station.issued-at', { at: short(of.issuedAt) })}
        </Link>
      )}
      {of.status === 'dismissed' && t('station.dismissed-because', { reason: of.reason ?? '' })} · {latency}
    </span>
  )
}

function Answers({ of }: { readonly of: ProposalView }) {
  const { t } = useWords()
  const paths = usePaths()
  const [dismissing, setDismissing] = useState(false)
  const takeUp = findAction(of.actions, 'station.take-up')
  const dismiss = findAction(of.actions, 'station.dismiss')
  if (of.status !== 'proposed') return null
  return (
    <div className="proposal-actions">
      {takeUp?.refusal === null ? (
        <LinkButton variant="primary" to={paths.alertNew({ proposal: of.id })}>
          {t('station.compose')}
        </LinkButton>
      ) : (
        takeUp !== null && <ActionButton action={takeUp} label={t('station.compose')} onPress={() => {}} />
      )}
      {dismiss !== null && <ActionButton action={dismiss} onPress={() => setDismissing(true)} />}
      <ReasonDialog
        title={t('station.dismiss-title')}
        isOpen={dismissing}
        onClose={() => setDismissing(false)}
        room="proposal"
        id={of.id}
        label={t('command.station.dismiss')}
        ask={t('station.dismiss-ask')}
        help={t('station.dismiss-help')}
        command={(reason) => ({ type: 'station.dismiss', reason })}
      />
    </div>
  )
}
