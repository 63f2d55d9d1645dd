import { IconAlertTriangle, IconCheck, IconPencil } from '@tabler/icons-react'
import { legalAt } from '#core/alert/template.ts'
import type { Words } from '#core/event.ts'
import { Button, Field, Panel } from '../../kit/index.ts'
import { useWords } from '../../words.ts'
import { FOLLOWED, isEnding, type Followed } from './settle.ts'
import type { Composing } from './state.ts'

const LANGS = ['zh-CN', 'en'] as const
const LINES: Readonly<Record<Followed | 'senderName', number | undefined>> = {
  event: undefined,
  headline: undefined,
  senderName: undefined,
  areaDesc: 2,
  description: 4,
  precautions: 4,
  measures: 9,
}
const MOST: Readonly<Record<Followed | 'senderName', number>> = {
  event: 100,
  headline: 200,
  senderName: 200,
  areaDesc: 1000,
  description: 4000,
  precautions: 4000,
  measures: 4000,
}

/** Chinese and English beside each other: what is missing in one is seen at once. */
export function TextsPanel({ of, calm }: { readonly of: Composing; readonly calm: boolean }) {
  const { t } = useWords()
  const { draft, change } = of
  const fields: readonly (Followed | 'senderName')[] = isEnding(draft)
    ? ['headline', 'description', 'measures', 'areaDesc', 'senderName']
    : ['headline', 'description', 'precautions', 'measures', 'areaDesc', 'event', 'senderName']
  return (
    <Panel title={t('compose.texts')} note={t('compose.texts-note')}>
      <div className="padded compose-texts">
        {fields.map((field) => (
          <Pair key={field} of={of} field={field} calm={calm} />
        ))}
        <div className="compose-pair is-single">
          <Field
            label={t('compose.contact')}
            help={t('compose.contact-help')}
            value={draft.contact}
            onChange={(contact) => change({ contact })}
            maxLength={200}
          />
        </div>
      </div>
    </Panel>
  )
}

const isFollowed = (field: string): field is Followed => (FOLLOWED as readonly string[]).includes(field)

type PairProps = { readonly of: Composing; readonly field: Followed | 'senderName'; readonly calm: boolean }

function Pair({ of, field, calm }: PairProps) {
  const { t } = useWords()
  const { draft, around, change, surround } = of
  const both: Words = draft[field]
  const own = isFollowed(field) && around.own.has(field)
  const follows = isFollowed(field) && (!isEnding(draft) || field === 'areaDesc')
  const label = isEnding(draft) && field === 'measures' ? t('compose.reason') : t(`compose.field.${field}`)
  const again = (): void => {
    if (isFollowed(field)) surround({ own: new Set([...around.own].filter((one) => one !== field)) })
  }
  return (
    <section className="compose-pair" aria-label={label}>
      <header>
        <h3>{label}</h3>
        {follows &&
          (own ? (
            <span className="compose-own">
              <IconPencil size={14} aria-hidden /> {t('compose.own')}{' '}
              <Button variant="quiet" onPress={again}>
                {t('compose.from-template')}
              </Button>
            </span>
          ) : (
            <span className="soft">{t('compose.follows')}</span>
          ))}
      </header>
      {LANGS.map((lang) => (
        <div key={lang} lang={lang} className="compose-text">
          <Field
            label={
              <>
                {t(`compose.lang.${lang}`)} {(!calm || both[lang].trim() !== '') && <Mark said={both[lang].trim() !== ''} />}
              </>
            }
            aria-label={`${label} ${t(`compose.lang.${lang}`)}`}
            {...(LINES[field] === undefined ? {} : { lines: LINES[field] })}
            value={both[lang]}
            onChange={(text) => change({ [field]: { ...both, [lang]: text } }, isFollowed(field) ? field : undefined)}
            maxLength={MOST[field] * (lang === 'en' ? 2 : 1)}
          />
        </div>
      ))}
    </section>
  )
}

function Mark({ said }: { readonly said: boolean }) {
  const { t } = useWords()
  return said ? (
    <span className="compose-mark is-said">
      <IconCheck size={14} aria-hidden />
      <span className="for-readers">{t('compose.complete')}</span>
    </span>
  ) : (
    <span className="compose-mark">
      <IconAlertTriangle size={14} aria-hidden /> {t('compose.missing')}
    </span>
  )
}

/** Which measures of the law the text names; all of art. 66 are owed anyway, here it is chosen what the public reads. */
export function LegalPanel({ of: { draft, around, surround } }: { readonly of: Composing }) {
  const { t, words } = useWords()
  const measures = legalAt(around.packs.legal, draft.colour)
  if (measures.length === 0 || isEnding(draft)) return null
  const toggle = (id: string): void =>
    surround({ legal: around.legal.includes(id) ? around.legal.filter((one) => one !== id) : [...around.legal, id] })
  const written = around.own.has('measures')
  return (
    <Panel title={t('compose.legal')} folded note={t('compose.legal-note', { count: around.legal.length, all: measures.length })}>
      <div className="padded">
        <p className="soft">{written ? t('compose.legal-own') : t('compose.legal-why')}</p>
        <ul className="compose-legal">
          {measures.map((one) => (
            <li key={one.id}>
              <label>
                <input type="checkbox" checked={around.legal.includes(one.id)} disabled={written} onChange={() => toggle(one.id)} />
                <span>
                  {words(one.words)} <span className="soft">{words(one.article)}</span>
                </span>
              </label>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  )
}
