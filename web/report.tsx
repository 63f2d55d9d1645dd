import { IconChevronDown } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Disclosure, DisclosurePanel, Button as AriaButton, Heading } from 'react-aria-components'
import type { IncidentClass } from '#core/level.ts'
import type { SessionView } from '#core/view.ts'
import { newId, type Command } from './api.ts'
import { useSend, written } from './form.ts'
import { Button, Chips, Dialog, DialogFoot, Field, SelectField, toast } from './kit/index.ts'
import { pathsIn } from './paths.ts'
import { HOME_ZONE, useWords } from './words.ts'

/** What is reported most, with the class that follows from it (Emergency Response Law art. 2). */
const HAZARDS = {
  fire: 'accident',
  explosion: 'accident',
  'hazardous-chemicals': 'accident',
  'production-accident': 'accident',
  traffic: 'accident',
  flood: 'natural',
  rainstorm: 'natural',
  waterlogging: 'natural',
  typhoon: 'natural',
  earthquake: 'natural',
  landslide: 'natural',
  wildfire: 'natural',
  'infectious-disease': 'public-health',
  'mass-gathering': 'social-safety',
  other: null,
} as const satisfies Record<string, IncidentClass | null>
type Hazard = keyof typeof HAZARDS
const CLASSES: readonly IncidentClass[] = ['natural', 'accident', 'public-health', 'social-safety']

/** Seconds to wait for this device's position. */
const POSITION_TIMEOUT_MS = 10_000

type Draft = {
  readonly hazard: Hazard
  readonly place: string
  readonly title: string
  readonly text: string
  readonly lat: string
  readonly lon: string
  readonly class: IncidentClass | null
}
const EMPTY: Draft = { hazard: 'fire', place: '', title: '', text: '', lat: '', lon: '', class: null }

const within = (text: string, limit: number): number | null =>
  written(text) !== null && Math.abs(Number(text)) <= limit ? Number(text) : null

/** Both coordinates, none, or a mistake. */
function pointOf(draft: Draft): { readonly lat: number; readonly lon: number } | null | 'wrong' {
  if (written(draft.lat) === null && written(draft.lon) === null) return null
  const [lat, lon] = [within(draft.lat, 90), within(draft.lon, 180)]
  return lat === null || lon === null ? 'wrong' : { lat, lon }
}

/** Reporting an incident: what, where, send. Everything else has a default or may follow. */
export default function ReportDialog({ session, onClose }: { readonly session: SessionView; readonly onClose: () => void }) {
  const { t, code, words } = useWords()
  const router = useRouter()
  const { busy, refused, send } = useSend()
  const [draft, setDraft] = useState(EMPTY)
  const [tried, setTried] = useState(false)
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }))
  const point = pointOf(draft)
  const named =
    written(draft.title) ??
    (written(draft.place) === null ? null : t('report.name-default', { place: draft.place.trim(), hazard: code('hazard', draft.hazard) }))
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setTried(true)
    if (named === null || point === 'wrong' || session.jurisdiction === null || busy) return
    const place = point === null ? null : { name: written(draft.place) ?? named, ...point }
    const command: Command = {
      type: 'incident.report',
      title: named,
      place,
      jurisdiction: session.jurisdiction.code,
      hazard: draft.hazard,
      class: draft.class ?? HAZARDS[draft.hazard],
      unitInvolved: null,
      text: written(draft.text) ?? named,
      zone: HOME_ZONE,
    }
    const id = newId()
    const answer = await send('incident', id, command)
    if (!answer.ok) return
    onClose()
    toast(t('report.sent', { title: named }))
    router.history.push(pathsIn(null).incident(id))
  }
  return (
    <Dialog title={t('report.title')} isOpen onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        <div className="field">
          <span>{t('report.hazard')}</span>
          <Chips
            label={t('report.hazard')}
            value={draft.hazard}
            onChange={(hazard) => change({ hazard, class: null })}
            choices={(Object.keys(HAZARDS) as Hazard[]).map((hazard) => ({ id: hazard, label: code('hazard', hazard) }))}
          />
        </div>
        <Field
          label={t('report.place')}
          placeholder={t('report.place-help')}
          autoFocus
          value={draft.place}
          onChange={(place) => change({ place })}
          maxLength={160}
          error={tried && named === null ? t('report.need-place') : undefined}
        />
        <Field
          label={t('report.text')}
          placeholder={t('report.text-help')}
          lines={3}
          value={draft.text}
          onChange={(text) => change({ text })}
          maxLength={4000}
        />
        <More draft={draft} named={named ?? ''} wrong={point === 'wrong'} change={change} />
        {session.jurisdiction !== null && <p className="soft">{t('report.jurisdiction', { name: words(session.jurisdiction.name) })}</p>}
        <DialogFoot busy={busy} refused={refused} label={t('report.send')} onBack={onClose} />
      </form>
    </Dialog>
  )
}

type MoreProps = { readonly draft: Draft; readonly named: string; readonly wrong: boolean; readonly change: (part: Partial<Draft>) => void }

function More({ draft, named, wrong, change }: MoreProps) {
  const { t, code } = useWords()
  const [failed, setFailed] = useState(false)
  const here = (): void =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => change({ lat: coords.latitude.toFixed(5), lon: coords.longitude.toFixed(5) }),
      () => setFailed(true),
      { timeout: POSITION_TIMEOUT_MS },
    )
  return (
    <Disclosure className="disclosure" defaultExpanded={wrong}>
      <Heading>
        <AriaButton slot="trigger" className="button is-quiet">
          <IconChevronDown size={16} aria-hidden /> {t('report.more')}
        </AriaButton>
      </Heading>
      <DisclosurePanel>
        <div className="form">
          <Field label={t('report.name')} placeholder={named} value={draft.title} onChange={(title) => change({ title })} maxLength={200} />
          <SelectField
            label={t('report.class')}
            value={draft.class ?? HAZARDS[draft.hazard]}
            onChange={(chosen) => change({ class: chosen })}
            choices={CLASSES.map((one) => ({ id: one, label: code('class', one) }))}
          />
          <div className="field-pair">
            <Field
              label={t('report.lat')}
              inputMode="decimal"
              value={draft.lat}
              onChange={(lat) => change({ lat })}
              error={wrong ? t('report.bad-point') : undefined}
            />
            <Field label={t('report.lon')} inputMode="decimal" value={draft.lon} onChange={(lon) => change({ lon })} />
          </div>
          {window.isSecureContext && <Button onPress={here}>{t('report.here')}</Button>}
          {failed && <p className="field-error">{t('report.here-failed')}</p>}
        </div>
      </DisclosurePanel>
    </Disclosure>
  )
}
