import { IconAlertTriangle, IconCheck, IconCircleDashed } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { composeFindings, differences, type ComposeFinding, type Difference } from '#core/alert/compose.ts'
import { missingParticulars, PARTICULARS, type Draft, type Particular } from '#core/alert/draft.ts'
import { messageOf } from '#core/alert/message.ts'
import { profileFindings } from '#core/alert/profile.ts'
import { writeChinaIdentifier } from '#core/cap/china.ts'
import { serverNow } from '../../clock.ts'
import { Panel, Read } from '../../kit/index.ts'
import { useWorld } from '../../paths.ts'
import { reachQuery } from './queries.ts'
import { useWords, type WordsApi } from '../../words.ts'
import { isEnding } from './settle.ts'
import type { Composing } from './state.ts'

const SHOWN_MAX = 12

/** What ends a warning says its reason where a warning says its measures. */
export const particularKey = (draft: Draft, one: Particular) =>
  one === 'measures' && isEnding(draft) ? ('compose.reason' as const) : (`compose.particular.${one}` as const)

/** The eight of art. 64 para. 2, each ticked by itself as soon as it is said. */
export function ParticularsPanel({ of: { draft }, calm }: { readonly of: Composing; readonly calm: boolean }) {
  const { t } = useWords()
  const [ordinary, urgent] = [missingParticulars(draft, 'ordinary'), missingParticulars(draft, 'urgent')]
  const done = PARTICULARS.length - ordinary.length
  return (
    <Panel title={t('compose.particulars')} note={t('compose.particulars-count', { done, all: PARTICULARS.length })}>
      <ul className="compose-particulars">
        {PARTICULARS.map((one) => {
          const missing = ordinary.includes(one)
          const later = missing && !urgent.includes(one)
          return (
            <li key={one} data-missing={missing && !calm}>
              {missing ? <IconCircleDashed size={18} aria-hidden /> : <IconCheck size={18} className="is-said" aria-hidden />}
              <span>{t(particularKey(draft, one))}</span>
              <span className="soft">
                {one === 'time'
                  ? t('compose.when-issued')
                  : missing
                    ? calm
                      ? ''
                      : later
                        ? t('compose.urgent-later')
                        : t('compose.missing')
                    : t('compose.said')}
              </span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

export const findingsOf = (draft: Draft, before: Draft | null): readonly ComposeFinding[] =>
  composeFindings(draft, new Date(serverNow()).toISOString(), before)

/** What a careful reader, and the profile that it is written by, would find. */
export function FindingsPanel({
  of: { draft, around },
  before,
  jurisdiction,
  calm,
}: {
  readonly of: Composing
  readonly before: Draft | null
  readonly jurisdiction: string
  readonly calm: boolean
}) {
  const api = useWords()
  const { t, words } = api
  const own = findingsOf(draft, before)
  const profile = around.packs.profiles.find((one) => one.id === draft.profile) ?? null
  const at = new Date(serverNow()).toISOString()
  const identifier = draft.profile === 'cn' ? writeChinaIdentifier({ division: jurisdiction, issuer: '00000000', at }) : 'muster-draft'
  const references = draft.kind === 'warning' ? [] : [{ sender: 'muster', identifier: 'muster-earlier', sent: at }]
  const message = messageOf(draft, { identifier, sender: 'muster', sent: at, references, profile })
  const byProfile = profile === null ? [] : profileFindings(message, profile)
  const unsaid = own.filter(isUnsaid)
  const others = own.filter((one) => !isUnsaid(one)).toSorted(byWeight)
  const all = (unsaid.length > 0 ? 1 : 0) + others.length + byProfile.length
  if (calm)
    return (
      <Panel title={t('compose.findings')}>
        <p className="padded soft">{t('compose.findings-later')}</p>
      </Panel>
    )
  return (
    <Panel title={t('compose.findings')} note={all === 0 ? t('compose.findings-none') : all}>
      <ul className="compose-findings">
        {unsaid.length > 0 && (
          <li data-severity="error">
            <IconAlertTriangle size={16} aria-hidden />
            <span>
              {unsaidWords(unsaid, api)} <span className="soft">{t('compose.weight.error')}</span>
            </span>
          </li>
        )}
        {others.slice(0, SHOWN_MAX).map((one, i) => (
          <li key={`${one.code}.${one.field}.${i}`} data-severity={one.severity}>
            <IconAlertTriangle size={16} aria-hidden />
            <span>
              {wordsOf(one, api)} <span className="soft">{t(`compose.weight.${one.severity}`)}</span>
            </span>
          </li>
        ))}
        {byProfile.slice(0, SHOWN_MAX).map((one) => (
          <li key={`${one.code}.${one.at}`} data-severity={one.severity}>
            <IconAlertTriangle size={16} aria-hidden />
            <span>
              {words(one.words)}{' '}
              <span className="soft">
                {[profile === null ? '' : words(profile.title), one.at, one.confirmed ? '' : t('compose.unconfirmed')]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </span>
            </span>
          </li>
        ))}
        {all === 0 && <li className="soft">{t('compose.findings-fine')}</li>}
      </ul>
    </Panel>
  )
}
const byWeight = (a: ComposeFinding, b: ComposeFinding): number => (a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1)

const isUnsaid = ({ code }: ComposeFinding): boolean => code === 'language-missing'

/** What is not written yet, in one line: a field by its name, with the language where the other one stands. */
function unsaidWords(unsaid: readonly ComposeFinding[], { code, t }: WordsApi): string {
  const fields = [...Map.groupBy(unsaid, ({ field }) => field)].map(([field, found]) => {
    const name = code('compose.field', field)
    const [only] = found.length === 1 ? found : []
    return only === undefined ? name : t('compose.unsaid-in', { field: name, lang: code('compose.lang', String(only.params['lang'])) })
  })
  return t('compose.unsaid', { what: fields.join(t('compose.list')) })
}

function wordsOf({ code: found, field, params }: ComposeFinding, { code, t }: WordsApi): string {
  const lang = params['lang'] === 'en' ? t('compose.lang.en') : params['lang'] === 'zh-CN' ? t('compose.lang.zh-CN') : ''
  return code('compose.finding', found, {
    ...params,
    field: code('compose.field', field),
    lang,
    fault: code('compose.fault', String(params['fault'] ?? '')),
  })
}

/** Who and what lies under the area, asked again as it is drawn. */
export function ReachPanel({ of: { draft } }: { readonly of: Composing }) {
  const { t, words, number } = useWords()
  const world = useWorld()
  const { divisions, polygons, circles } = draft
  const reading = useQuery(reachQuery(world, { divisions, polygons, circles }))
  const empty = divisions.length + polygons.length + circles.length === 0
  return (
    <Panel title={t('compose.reach')}>
      {empty ? (
        <p className="padded soft">{t('compose.reach-none')}</p>
      ) : (
        <Read of={reading} lines={3}>
          {(reach) => (
            <div className="padded compose-reach">
              <dl>
                <div>
                  <dt>{t('compose.reach-divisions')}</dt>
                  <dd>{number(reach.divisions.length)}</dd>
                </div>
                <div>
                  <dt>{t('compose.reach-organizations')}</dt>
                  <dd>{number(reach.organizations)}</dd>
                </div>
                <div>
                  <dt>{t('compose.reach-sites')}</dt>
                  <dd>{number(reach.sites)}</dd>
                </div>
              </dl>
              {reach.divisions.length === 0 && <p className="late-words">{t('compose.reach-beyond')}</p>}
              {reach.divisions.length > 0 && (
                <p className="soft">
                  {reach.divisions
                    .slice(0, 8)
                    .map(({ name, share }) => `${words(name)}${share === 'part' ? ` (${t('compose.part')})` : ''}`)
                    .join(t('compose.list'))}
                  {reach.divisions.length > 8 && ` … ${number(reach.divisions.length)}`}
                </p>
              )}
              {reach.named.length > 0 && (
                <p className="soft">
                  {t('compose.reach-named', { names: reach.named.map(({ name }) => words(name)).join(t('compose.list')) })}
                </p>
              )}
            </div>
          )}
        </Read>
      )}
    </Panel>
  )
}

/** What an update changes for its reader. */
export function DifferencesPanel({ of: { draft }, before }: { readonly of: Composing; readonly before: Draft | null }) {
  const { t, code, lang, dateTime } = useWords()
  if (before === null || draft.kind !== 'update') return null
  const found = differences(before, draft, lang)
  const shown = ({ field }: Difference, text: string): string => {
    if (text === '') return '—'
    if (field === 'colour') return code('colour', text)
    return field === 'onset' || field === 'expires' ? dateTime(text) : text
  }
  return (
    <Panel title={t('compose.differences')} note={found.length}>
      {found.length === 0 ? (
        <p className="padded soft">{t('compose.differences-none')}</p>
      ) : (
        <ul className="compose-differences">
          {found.map((one) => (
            <li key={one.field}>
              <b>{code('compose.field', one.field)}</b> <del>{shown(one, one.before)}</del> <ins>{shown(one, one.after)}</ins>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
