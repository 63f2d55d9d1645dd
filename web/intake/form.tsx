import { IconChevronDown, IconCurrentLocation } from '@tabler/icons-react'
import { type FormEvent, useRef, useState } from 'react'
import { Button as AriaButton, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'
import { codeShown } from '#core/intake/code.ts'
import { newId, send, type Refused } from '../api.ts'
import { Button, Chips, Field, Link, Panel, SelectField } from '../kit/index.ts'
import { InstantField } from '../kit/instant-field.tsx'
import { localText } from '../kit/times.ts'
import { serverNow } from '../clock.ts'
import { usePaths } from '../paths.ts'
import { HOME_ZONE, useWords } from '../words.ts'
import { commandOf, EMPTY, hasteOf, wrongIn, type Draft } from './draft.ts'
import { Near } from './near.tsx'
import { addLater, PhotoField, vouchersOf, type Photos } from './photos.tsx'

/** Seconds to wait for this device's position. */
const POSITION_TIMEOUT_MS = 10_000
const SHOWN_MAX = 5
const CHANNELS = ['phone', 'radio-note', 'walk-in', 'sms', 'email'] as const
const HASTES = ['now', 'soon', 'later'] as const
export const HAZARDS = [
  'fire',
  'explosion',
  'hazardous-chemicals',
  'production-accident',
  'traffic',
  'flood',
  'rainstorm',
  'waterlogging',
  'typhoon',
  'earthquake',
  'landslide',
  'wildfire',
  'infectious-disease',
  'mass-gathering',
  'other',
] as const

type Sent = { readonly id: string; readonly code: string; readonly where: string; readonly answer: 'waits' | 'done' | Refused }

/**
 * Four fields for whoever holds a telephone: where, what, how to call back, who is in danger. Tab leads through them, Enter
 * sends, and the form is empty for the next call; without a network it is kept and sent later, with the time of now.
 */
export function TakeDown() {
  const { t } = useWords()
  const [draft, setDraft] = useState(EMPTY)
  const [tried, setTried] = useState(false)
  const [photos, setPhotos] = useState<Photos>([])
  const [sent, setSent] = useState<readonly Sent[]>([])
  const form = useRef<HTMLFormElement>(null)
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }))
  const wrong = wrongIn(draft)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (wrong.length > 0) return
    const id = newId()
    const { command, code } = commandOf(draft, vouchersOf(photos))
    const put = (answer: Sent['answer']): void =>
      setSent((all) => [{ id, code, where: draft.where, answer }, ...all.filter((one) => one.id !== id)].slice(0, SHOWN_MAX))
    put('waits')
    void send('intake', id, command).then((answer) => put(answer.ok ? 'done' : answer))
    void addLater(id, photos, { text: t('intake.photos-later'), lost: t('intake.photos-lost') })
    setPhotos([])
    setDraft({ ...EMPTY, channel: draft.channel })
    setTried(false)
    form.current?.querySelector('input')?.focus()
  }
  return (
    <Panel title={t('intake.form')} note={t('intake.form-keys')} className="intake-form">
      <div className="intake-form-columns">
        <form className="form" onSubmit={submit} noValidate ref={form}>
          <Four draft={draft} change={change} wrong={tried ? wrong : []} />
          <More draft={draft} change={change} wrong={tried && wrong.includes('when')} />
          <PhotoField value={photos} onChange={setPhotos} />
          <footer className="intake-form-foot">
            <Button type="submit" variant="primary">
              {t('intake.submit')}
            </Button>
            <Position draft={draft} change={change} />
          </footer>
        </form>
        <div className="intake-beside">
          <div role="status" className="intake-sent">
            {sent.length > 0 && <SentList all={sent} />}
          </div>
          <Near draft={draft} />
        </div>
      </div>
    </Panel>
  )
}

type PartProps = { readonly draft: Draft; readonly change: (part: Partial<Draft>) => void }

function Four({ draft, change, wrong }: PartProps & { readonly wrong: readonly string[] }) {
  const { t, code } = useWords()
  return (
    <>
      <div className="intake-four">
        <Field
          label={t('intake.where')}
          help={t('intake.where-ask')}
          isRequired
          value={draft.where}
          onChange={(where) => change({ where })}
          maxLength={200}
          error={wrong.includes('where') ? t('intake.need-where') : undefined}
        />
        <Field
          label={t('intake.what')}
          help={t('intake.what-ask')}
          isRequired
          value={draft.what}
          onChange={(what) => change({ what })}
          maxLength={4000}
          error={wrong.includes('what') ? t('intake.need-what') : undefined}
        />
        <Field
          label={t('intake.who')}
          help={t('intake.who-ask')}
          value={draft.who}
          onChange={(who) => change({ who })}
          maxLength={200}
          autoComplete="off"
        />
        <Field
          label={t('intake.people')}
          help={t('intake.people-ask')}
          value={draft.people}
          onChange={(people) => change({ people })}
          maxLength={200}
        />
      </div>
      <Chips
        label={t('intake.haste')}
        value={hasteOf(draft)}
        onChange={(haste) => change({ haste })}
        choices={HASTES.map((id) => ({ id, label: code('haste', id) }))}
      />
    </>
  )
}

const UNKNOWN = 'unknown'

function More({ draft, change, wrong }: PartProps & { readonly wrong: boolean }) {
  const { t, code } = useWords()
  return (
    <Disclosure className="disclosure" defaultExpanded={false}>
      <Heading>
        <AriaButton slot="trigger" className="button is-quiet">
          <IconChevronDown size={16} aria-hidden /> {t('intake.more')} ·{' '}
          {draft.when === null ? t('intake.when-now') : draft.when.replace('T', ' ')} · {code('channel', draft.channel)}
        </AriaButton>
      </Heading>
      <DisclosurePanel>
        <div className="intake-more">
          <InstantField
            label={t('intake.when')}
            value={draft.when ?? localText(new Date(serverNow()).toISOString(), HOME_ZONE)}
            onChange={(when) => change({ when })}
            {...(wrong ? { help: t('intake.bad-time') } : {})}
          />
          <SelectField
            label={t('intake.channel')}
            value={draft.channel}
            onChange={(channel) => change({ channel })}
            choices={CHANNELS.map((id) => ({ id, label: code('channel', id) }))}
          />
          <SelectField
            label={t('intake.hazard')}
            value={draft.hazard ?? UNKNOWN}
            onChange={(id) => change({ hazard: id === UNKNOWN ? null : id })}
            choices={[{ id: UNKNOWN, label: t('intake.hazard-none') }, ...HAZARDS.map((id) => ({ id, label: code('hazard', id) }))]}
          />
        </div>
      </DisclosurePanel>
    </Disclosure>
  )
}

function Position({ draft, change }: PartProps) {
  const { t } = useWords()
  const [failed, setFailed] = useState(false)
  if (!window.isSecureContext) return null
  const here = (): void =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => change({ point: { lat: Number(coords.latitude.toFixed(5)), lon: Number(coords.longitude.toFixed(5)) } }),
      () => setFailed(true),
      { timeout: POSITION_TIMEOUT_MS },
    )
  return (
    <>
      <Button variant="quiet" onPress={here}>
        <IconCurrentLocation size={16} aria-hidden /> {t('intake.position')}
      </Button>
      <span role="status" className="soft">
        {draft.point !== null
          ? t('intake.position-added', { lat: String(draft.point.lat), lon: String(draft.point.lon) })
          : failed
            ? t('intake.position-failed')
            : ''}
      </span>
    </>
  )
}

function SentList({ all }: { readonly all: readonly Sent[] }) {
  const { t, code } = useWords()
  const paths = usePaths()
  return (
    <ul>
      {all.map((one, i) => (
        <li key={one.id} className={typeof one.answer === 'object' ? 'is-refused' : ''}>
          {typeof one.answer === 'object' ? (
            <span className="field-error">{t('kit.not-allowed', { reason: code('refusal', one.answer.code, one.answer.params) })}</span>
          ) : one.answer === 'done' ? (
            <Link to={paths.intake(one.id)}>{t('kit.named', { what: t('intake.taken'), of: one.where })}</Link>
          ) : (
            <span>
              {one.where} · {t('intake.waits')}
            </span>
          )}
          {typeof one.answer !== 'object' && (
            <span className={i === 0 ? '' : 'soft'}>
              {t('intake.tell-code')} <b className="intake-code">{codeShown(one.code)}</b>
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
