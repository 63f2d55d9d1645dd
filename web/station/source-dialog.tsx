import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { newId } from '../api.ts'
import { CommandForm, Dialog, Field, SelectField } from '../kit/index.ts'
import { useOrganizations } from '../kit/organizations.ts'
import { sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'

const KINDS = ['csv', 'json', 'sensorthings'] as const
type Kind = (typeof KINDS)[number]
const STREAMS_MAX = 500

const START = {
  name: '',
  url: '',
  minutes: '5',
  items: '',
  station: 'station',
  at: 'at',
  offset: '',
  indicator: 'indicator',
  value: 'value',
  streams: '',
}
type Said = typeof START

/** What the answer of a source means; null while something is missing. */
function formatOf(kind: Kind, said: Said): object | null {
  if (kind === 'sensorthings') {
    const streams = said.streams
      .split('\n')
      .map((line) => line.trim().split(/[\s,]+/))
      .filter((parts) => parts.length > 1)
      .slice(0, STREAMS_MAX)
      .map(([datastream = '', station = '', indicator = '']) => ({ datastream, station, indicator }))
    return streams.length === 0 || streams.some((one) => one.indicator === '') ? null : { kind, streams }
  }
  const { station, at, indicator, value, offset, items } = said
  if ([station, at, indicator, value].some((one) => one.trim() === '')) return null
  const mapping = {
    ...(kind === 'json' && items.trim() !== '' ? { items: items.trim() } : {}),
    station: station.trim(),
    at: at.trim(),
    ...(offset.trim() === '' ? {} : { offset: offset.trim() }),
    values: [{ indicator: indicator.trim(), value: value.trim() }],
  }
  return { kind, mapping }
}

/** A source that this node asks by itself: its address, how often, and where in its answer things stand. */
export function SourceDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, code } = useWords()
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  const jurisdiction = useOrganizations().find((one) => one.id === own)?.jurisdiction?.code ?? null
  const [id] = useState(newId)
  const [kind, setKind] = useState<Kind>('csv')
  const [said, setSaid] = useState(START)
  const [tried, setTried] = useState(false)
  const put = (name: keyof Said) => (value: string) => setSaid({ ...said, [name]: value })
  const minutes = Number(said.minutes)
  const format = formatOf(kind, said)
  const wrong = [
    said.name.trim() === '' ? t('station.form-name') : null,
    /^https?:\/\/[^\s@/]+(?:\/\S*)?$/.test(said.url.trim()) ? null : t('station.form-url'),
    minutes >= 1 && minutes <= 1440 && Number.isInteger(minutes) ? null : t('station.form-every'),
    format === null ? t('station.form-kind') : null,
  ].filter((one) => one !== null)
  return (
    <Dialog title={t('command.station.add-source')} isOpen wide onClose={onClose}>
      <CommandForm
        room="station-source"
        id={id}
        label={t('command.station.add-source')}
        onClose={onClose}
        make={() => {
          setTried(true)
          if (wrong.length > 0 || own === null || jurisdiction === null) return null
          const name = said.name.trim()
          return {
            type: 'station.add-source',
            name: { 'zh-CN': name, en: name },
            url: said.url.trim(),
            owner: own,
            jurisdiction,
            every: `PT${minutes}M`,
            format,
          }
        }}
      >
        <div className="station-form">
          <Field label={t('station.form-name')} isRequired value={said.name} onChange={put('name')} autoFocus maxLength={200} />
          <Field label={t('station.form-every')} isRequired inputMode="numeric" value={said.minutes} onChange={put('minutes')} />
        </div>
        <Field
          label={t('station.form-url')}
          isRequired
          help={t('station.form-url-help')}
          type="url"
          value={said.url}
          onChange={put('url')}
          maxLength={2000}
        />
        <SelectField
          label={t('station.form-kind')}
          value={kind}
          onChange={setKind}
          choices={KINDS.map((one) => ({ id: one, label: code('source.kind', one) }))}
        />
        <FormatFields kind={kind} said={said} put={put} />
        {tried && wrong.length > 0 && (
          <p className="refused" role="alert">
            {t('station.form-wrong', { fields: wrong.join('、') })}
          </p>
        )}
      </CommandForm>
    </Dialog>
  )
}

type FormatProps = { readonly kind: Kind; readonly said: Said; readonly put: (name: keyof Said) => (value: string) => void }

/** Where the parts of a reading stand in the answer. */
function FormatFields({ kind, said, put }: FormatProps) {
  const { t } = useWords()
  if (kind === 'sensorthings')
    return (
      <Field
        label={t('station.form-streams')}
        isRequired
        lines={4}
        placeholder="12 BH-R01 rain"
        value={said.streams}
        onChange={put('streams')}
      />
    )
  return (
    <div className="station-form">
      {kind === 'json' && <Field label={t('station.form-items')} value={said.items} onChange={put('items')} />}
      <Field label={t('station.form-column-station')} isRequired value={said.station} onChange={put('station')} />
      <Field label={t('station.form-column-at')} isRequired value={said.at} onChange={put('at')} />
      <Field label={t('station.form-column-offset')} placeholder="+08:00" value={said.offset} onChange={put('offset')} />
      <Field label={t('station.form-column-indicator')} isRequired value={said.indicator} onChange={put('indicator')} />
      <Field label={t('station.form-column-value')} isRequired value={said.value} onChange={put('value')} />
    </div>
  )
}
