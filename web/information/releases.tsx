import { IconAlertTriangle, IconArrowForwardUp } from '@tabler/icons-react'
import { useState } from 'react'
import { durationMs } from '#core/time.ts'
import type { ReleasesView, ReleaseView, RumourView } from '#core/view/information.ts'
import { newId } from '../api.ts'
import { useNow } from '../clock.ts'
import { Gauge, Gauges } from '../kit/gauge.tsx'
import { ActionButton, Badge, Button, ConfirmDialog, Empty, Link, OrganizationName, Panel, ReasonDialog, type Tone } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { useWords } from '../words.ts'
import { Composer, type Beginning } from './composer.tsx'
import { InformationFrame } from './frame.tsx'
import { valueText } from './parts.tsx'
import { Problems } from './problems.tsx'
import { RumourDialog } from './rumour-dialog.tsx'

/** The release log of an incident: how fast, what was said, what is to be corrected, which rumours go about. */
export function ReleaseLog({ view }: { readonly view: ReleasesView }) {
  const { t } = useWords()
  const real = useWorld() === null
  const [composing, setComposing] = useState<Beginning | null>(null)
  const [noting, setNoting] = useState(false)
  const { incident } = view
  const zone = view.incidents.find((one) => one.id === incident)?.zone
  return (
    <InformationFrame
      on="releases"
      incident={incident}
      incidents={view.incidents}
      actions={
        real && incident !== null ? (
          <>
            <ActionButton action={view.noteRumour} onPress={() => setNoting(true)} />
            <ActionButton
              action={view.draft}
              variant="primary"
              onPress={() => setComposing({ id: newId(), of: null, kind: null, corrects: null, rumours: [] })}
            />
          </>
        ) : undefined
      }
    >
      {view.clocks !== null && <Clocks view={view} />}
      {view.owed.length > 0 && <OwedToThePublic view={view} />}
      {view.releases.length === 0 && view.rumours.length === 0 ? (
        <Empty title={t('release.none')} help={t('release.none-help')} />
      ) : (
        <div className="release-columns">
          <Panel title={t('release.log')} note={view.releases.length}>
            <ul className="release-list">
              {view.releases.map((one) => (
                <ReleaseRow key={one.id} of={one} view={view} zone={zone} onCompose={setComposing} />
              ))}
            </ul>
          </Panel>
          <Panel title={t('release.rumours')} note={view.rumours.length}>
            {view.rumours.length === 0 ? (
              <p className="padded soft">{t('release.rumours-none')}</p>
            ) : (
              <ul className="release-list">
                {view.rumours.map((one) => (
                  <RumourRow
                    key={one.id}
                    of={one}
                    zone={zone}
                    onAnswer={() => setComposing({ id: newId(), of: null, kind: 'correction', corrects: null, rumours: [one.id] })}
                  />
                ))}
              </ul>
            )}
          </Panel>
        </div>
      )}
      {composing !== null && incident !== null && (
        <Composer
          key={composing.id}
          beginning={composing}
          view={view}
          incidentId={incident}
          zone={zone}
          onClose={() => setComposing(null)}
        />
      )}
      {noting && incident !== null && <RumourDialog incidentId={incident} zone={zone} onClose={() => setNoting(false)} />}
    </InformationFrame>
  )
}

function Clocks({ view }: { readonly view: ReleasesView }) {
  const { t, duration, time } = useWords()
  const now = useNow()
  const { clocks } = view
  if (clocks === null) return null
  const since = (from: string, to: string): string => duration(Math.max(0, Date.parse(to) - Date.parse(from)))
  const ago = (at: string): string => duration(Math.max(0, now - Date.parse(at)))
  const wrong = view.releases.filter((one) => one.outdated.length > 0 && one.correctedBy === null).length
  const needsLate =
    clocks.activatedAt !== null &&
    (clocks.firstNeedsAt === null ? now : Date.parse(clocks.firstNeedsAt)) - Date.parse(clocks.activatedAt) > durationMs(clocks.needsWithin)
  const stale = clocks.lastNeedsAt !== null && now - Date.parse(clocks.lastNeedsAt) > durationMs(clocks.needsEvery)
  const needsNote =
    clocks.activatedAt === null
      ? t('release.needs-not-yet')
      : clocks.firstNeedsAt === null
        ? t('release.needs-due', { time: ago(clocks.activatedAt), target: duration(clocks.needsWithin) })
        : stale
          ? t('release.needs-stale', { time: ago(clocks.lastNeedsAt ?? clocks.firstNeedsAt), target: duration(clocks.needsEvery) })
          : t('release.needs-receipts', { given: clocks.needsReceipts.given, asked: clocks.needsReceipts.asked })
  return (
    <Gauges>
      <Gauge
        name={t('release.clock.first')}
        value={clocks.firstAt === null ? t('release.not-yet') : since(clocks.reportedAt, clocks.firstAt)}
        note={
          clocks.firstAt === null
            ? t('release.since-report', { time: ago(clocks.reportedAt) })
            : t('release.at', { at: time(clocks.firstAt) })
        }
        wrong={clocks.firstAt === null}
      />
      <Gauge
        name={t('release.clock.needs')}
        value={
          clocks.firstNeedsAt === null
            ? t('release.not-yet')
            : clocks.activatedAt === null
              ? '—'
              : since(clocks.activatedAt, clocks.firstNeedsAt)
        }
        note={needsNote}
        wrong={needsLate || stale}
      />
      <Gauge
        name={t('release.clock.rumours')}
        value={clocks.rumourMedianMs === null ? '—' : duration(clocks.rumourMedianMs)}
        note={t('release.rumours-open', { count: clocks.openRumours })}
        wrong={clocks.openRumours > 0}
      />
      <Gauge
        name={t('release.clock.outdated')}
        value={String(wrong)}
        note={wrong === 0 ? t('release.outdated-none') : t('release.outdated-note')}
        wrong={wrong > 0}
      />
    </Gauges>
  )
}

/** What the clauses in force demand to be published, with its deadline. */
function OwedToThePublic({ view }: { readonly view: ReleasesView }) {
  const { t, words, short, code } = useWords()
  const paths = usePaths()
  const open = view.owed.filter((one) => one.status !== 'discharged' && one.status !== 'waived')
  return (
    <Panel title={t('release.owed')} note={t('release.owed-open', { open: open.length, all: view.owed.length })} folded={open.length === 0}>
      <ul className="owed-list">
        {view.owed.map((one) => (
          <li key={one.id} className="owed-row">
            <div className="owed-what">
              <Link to={paths.obligation(one.id)}>{words(one.act)}</Link>
              <span className="soft">
                <OrganizationName of={one.debtor} />
              </span>
            </div>
            <div className="owed-when">
              <Badge tone={one.lapsed ? 'late' : one.status === 'discharged' ? 'good' : 'soon'}>
                {code('status.obligation', one.lapsed && one.status !== 'discharged' ? 'lapsed' : one.status)}
              </Badge>
              <span className="soft">
                {one.dueAt === null ? t('information.undated') : t('information.due-at', { at: short(one.dueAt) })}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const TONES: Readonly<Record<ReleaseView['status'], Tone>> = { draft: 'soon', approved: 'accent', published: 'good', withdrawn: 'grey' }

type ReleaseRowProps = {
  readonly of: ReleaseView
  readonly view: ReleasesView
  readonly zone?: string | undefined
  readonly onCompose: (beginning: Beginning) => void
}

function ReleaseRow({ of, view, zone, onCompose }: ReleaseRowProps) {
  const words = useWords()
  const { t, code, short, lang } = words
  const at = of.published?.at ?? of.approved?.at ?? of.drafted.at
  const wrong = of.outdated.length > 0 && of.correctedBy === null
  const corrected = view.releases.find((one) => one.id === of.corrects)
  const correction = view.releases.find((one) => one.id === of.correctedBy)
  const text = lang === 'en' && of.text.en != null && of.text.en !== '' ? of.text.en : of.text['zh-CN']
  return (
    <li className={`release-row ${wrong ? 'is-wrong' : ''}`} id={`release-${of.id}`}>
      <header>
        <Badge tone="accent">{code('release.kind', of.kind)}</Badge>
        <h3>{of.title}</h3>
        <Badge tone={TONES[of.status]}>{code('status.release', of.status)}</Badge>
      </header>
      <p className="soft">
        <time dateTime={at}>{short(at, zone)}</time>
        {' · '}
        {of.channels.map((one) => code('release.channel', one)).join(t('kit.and'))}
        {of.published?.organization != null && <> · {words.words(of.published.organization.name)}</>}
        {of.approved?.organization != null && <> · {t('release.approved-by', { who: words.words(of.approved.organization.name) })}</>}
        {' · '}
        {t('release.basis', { basis: of.basis })}
      </p>
      {corrected !== undefined && (
        <p>
          <IconArrowForwardUp size={15} aria-hidden />{' '}
          <a href={`#release-${corrected.id}`}>{t('release.corrects', { title: corrected.title })}</a>
        </p>
      )}
      <p className="release-text" lang={text === of.text['zh-CN'] ? 'zh-CN' : 'en'}>
        {text}
      </p>
      {of.states.length > 0 && (
        <ul className="release-facts" aria-label={t('release.states')}>
          {of.states.map((one) => (
            <li key={one.key}>
              {code('fact', one.key)} <b>{valueText(one.value, one.unit, words)}</b>
            </li>
          ))}
        </ul>
      )}
      <Needs of={of} zone={zone} />
      {wrong && (
        <p className="question-wrong">
          <IconAlertTriangle size={16} aria-hidden />
          {of.outdated
            .map((one) =>
              t('release.outdated', {
                fact: code('fact', one.key),
                stated: String(one.stated),
                value: one.value === null ? t('release.unsettled') : String(one.value),
              }),
            )
            .join('；')}
        </p>
      )}
      {correction !== undefined && (
        <p className="soft">
          <a href={`#release-${correction.id}`}>{t('release.corrected-by', { title: correction.title })}</a>
        </p>
      )}
      <Problems of={of.problems} />
      <ReleaseActions of={of} wrong={wrong} onCompose={onCompose} />
    </li>
  )
}

function Needs({ of, zone }: { readonly of: ReleaseView; readonly zone?: string | undefined }) {
  const { t, number, short, words } = useWords()
  if (of.needs.length === 0) return null
  const seen = of.audience.filter((one) => one.receiptAt !== null)
  return (
    <>
      <ul className="needs-list">
        {of.needs.map((one, i) => (
          <li key={i}>
            <b>
              {one.what}
              {one.quantity !== null && ` ${number(one.quantity.value)}${one.quantity.unit === '1' ? '' : ` ${one.quantity.unit}`}`}
            </b>{' '}
            {one.where}
            {one.until !== null && <span className="soft"> {t('release.need-until', { at: short(one.until, zone) })}</span>}
            {one.note !== undefined && one.note !== '' && <span className="soft"> {one.note}</span>}
          </li>
        ))}
      </ul>
      {of.audience.length > 0 && of.status === 'published' && (
        <p className="soft">
          {t('release.audience', { seen: seen.length, all: of.audience.length })}
          {seen.length < of.audience.length &&
            `${t('release.audience-missing')}${of.audience
              .filter((one) => one.receiptAt === null)
              .map((one) => words(one.organization.name))
              .join(t('kit.and'))}`}
        </p>
      )}
    </>
  )
}

const OFFERED = ['release.approve', 'release.publish', 'release.revise', 'release.withdraw', 'release.receipt'] as const
type Offered = (typeof OFFERED)[number]
/** Refused for these it is not this post's business at all. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'release.unknown',
  'release.not-of-the-audience',
  'release.already-ended',
  'release.not-approved',
  'authority.not-release-approver',
  'authority.no-power',
])

function ReleaseActions({
  of,
  wrong,
  onCompose,
}: {
  readonly of: ReleaseView
  readonly wrong: boolean
  readonly onCompose: (beginning: Beginning) => void
}) {
  const { t, code } = useWords()
  const real = useWorld() === null
  const [asked, setAsked] = useState<Offered | null>(null)
  if (!real) return null
  const done = of.status === 'approved' ? 'release.approve' : ''
  const shown = of.actions.filter((action) => (action.refusal === null || !NOT_OURS.has(action.refusal.code)) && action.command !== done)
  const receipted = of.audience.length > 0 && of.audience.every((one) => one.receiptAt !== null)
  const title = t('kit.named', { what: code('command', asked ?? ''), of: of.title })
  const common = {
    title,
    isOpen: true,
    onClose: () => setAsked(null),
    room: 'release' as const,
    id: of.id,
    label: code('command', asked ?? ''),
  }
  return (
    <div className="release-actions">
      {wrong && (
        <Button variant="primary" onPress={() => onCompose({ id: newId(), of: null, kind: 'correction', corrects: of.id, rumours: [] })}>
          {t('release.write-correction')}
        </Button>
      )}
      {shown
        .filter((action) => !(action.command === 'release.receipt' && receipted))
        .map((action) => (
          <ActionButton
            key={action.command}
            action={action}
            variant={action.command === 'release.approve' || action.command === 'release.publish' ? 'primary' : 'plain'}
            onPress={() =>
              action.command === 'release.revise'
                ? onCompose({ id: of.id, of, kind: of.kind, corrects: of.corrects, rumours: of.rumours })
                : setAsked(action.command as Offered)
            }
          />
        ))}
      {asked === 'release.withdraw' && (
        <ReasonDialog {...common} ask={t('information.reason')} command={(reason) => ({ type: 'release.withdraw', reason })} />
      )}
      {(asked === 'release.approve' || asked === 'release.publish' || asked === 'release.receipt') && (
        <ConfirmDialog {...common} command={{ type: asked }}>
          <p>{code('release.ask', asked.slice('release.'.length))}</p>
          {asked !== 'release.receipt' && <p className="release-text">{of.text['zh-CN']}</p>}
        </ConfirmDialog>
      )}
    </div>
  )
}

function RumourRow({ of, zone, onAnswer }: { readonly of: RumourView; readonly zone?: string | undefined; readonly onAnswer: () => void }) {
  const { t, short, duration } = useWords()
  const now = useNow()
  const real = useWorld() === null
  const open = of.correctedAt === null
  const took = duration(Math.max(0, (of.correctedAt === null ? now : Date.parse(of.correctedAt)) - Date.parse(of.seenAt)))
  return (
    <li className={`release-row ${open ? 'is-wrong' : ''}`}>
      <p className="release-text">“{of.text}”</p>
      <p className="soft">{t('release.seen', { where: of.whereSeen, at: short(of.seenAt, zone) })}</p>
      <p>
        {open ? (
          <Badge tone="late">{t('release.rumour-open', { time: took })}</Badge>
        ) : (
          <a href={`#release-${of.correctedBy ?? ''}`}>
            <Badge tone="good">{t('release.rumour-corrected', { time: took })}</Badge>
          </a>
        )}
      </p>
      {open && real && (
        <div className="release-actions">
          <Button variant="primary" onPress={onAnswer}>
            {t('release.answer-rumour')}
          </Button>
        </div>
      )}
    </li>
  )
}
