import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Checkbox, CheckboxGroup, Label } from 'react-aria-components'
import type { StationsView } from '#core/view/station.ts'
import { newId } from '../api.ts'
import { CommandForm, Dialog, Field } from '../kit/index.ts'
import { OrganizationField } from '../kit/organization-field.tsx'
import { useOrganizations } from '../kit/organizations.ts'
import { sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'

const MINUTES_MAX = 43_200

const EMPTY = { code: '', name: '', nameEn: '', place: '', lat: '', lon: '', jurisdiction: '', divisions: '', minutes: '60' }
type Said = typeof EMPTY

type Fields = {
  readonly code: string
  readonly name: string
  readonly lat: string
  readonly lon: string
  readonly jurisdiction: string
  readonly minutes: string
}
const isWithin = (text: string, most: number): boolean => text.trim() !== '' && Math.abs(Number(text)) <= most
const isMinutes = (text: string): boolean => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= MINUTES_MAX
const CODE = /^[1-9]\d{5}$/

/** The fields that are missing or wrong, by their labels. */
function wrongIn(said: Fields, divisions: readonly string[], measured: readonly string[], owner: string | null) {
  const checks = [
    ['station.code', /^[A-Za-z0-9][\w.-]{0,59}$/.test(said.code)],
    ['station.form-name', said.name.trim() !== ''],
    ['station.form-lat', isWithin(said.lat, 90)],
    ['station.form-lon', isWithin(said.lon, 180)],
    ['station.form-jurisdiction', CODE.test(said.jurisdiction)],
    ['station.form-divisions', divisions.every((one) => CODE.test(one))],
    ['station.form-sensors', measured.length > 0],
    ['station.form-freshness', isMinutes(said.minutes)],
    ['station.owner', owner !== null],
  ] as const
  return checks.filter(([, fine]) => !fine).map(([key]) => key)
}

/** A new station: where it stands, whose it is, what it measures by the catalogue, and what it promises. */
export function StationDialog({ of, onClose }: { readonly of: StationsView; readonly onClose: () => void }) {
  const { t } = useWords()
  const organizations = useOrganizations()
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  const [id] = useState(newId)
  const home = organizations.find((one) => one.id === own)?.jurisdiction?.code ?? ''
  const [owner, setOwner] = useState<string | null>(own)
  const [said, setSaid] = useState(EMPTY)
  const [measured, setMeasured] = useState<readonly string[]>(['rain'])
  const put = (name: keyof typeof said) => (value: string) => setSaid({ ...said, [name]: value })
  const [lat, lon, minutes] = [Number(said.lat), Number(said.lon), Number(said.minutes)]
  const jurisdiction = said.jurisdiction.trim() || home
  const divisions = said.divisions.trim() === '' ? [jurisdiction] : said.divisions.trim().split(/[\s,，、]+/)
  const wrong = wrongIn({ ...said, jurisdiction }, divisions, measured, owner).map((key) => t(key))
  const [tried, setTried] = useState(false)
  return (
    <Dialog title={t('command.station.register')} isOpen wide onClose={onClose}>
      <CommandForm
        room="station"
        id={id}
        label={t('command.station.register')}
        onClose={onClose}
        make={() => {
          setTried(true)
          if (wrong.length > 0 || owner === null) return null
          return {
            type: 'station.register',
            code: said.code,
            name: { 'zh-CN': said.name.trim(), en: said.nameEn.trim() === '' ? said.name.trim() : said.nameEn.trim() },
            place: { name: said.place.trim() === '' ? said.name.trim() : said.place.trim(), lat, lon },
            jurisdiction,
            divisions,
            owner,
            sensors: of.indicators
              .filter((one) => measured.includes(one.slug))
              .map(({ slug, unit, min, max }) => ({ slug, unit, min, max })),
            freshness: `PT${minutes}M`,
          }
        }}
      >
        <div className="station-form">
          <StationFields said={said} put={put} home={home} jurisdiction={jurisdiction} />
          <OrganizationField label={t('station.owner')} organizations={organizations} value={owner} onChange={setOwner} isRequired />
        </div>
        <Measured of={of} value={measured} onChange={setMeasured} />
        {tried && wrong.length > 0 && (
          <p className="refused" role="alert">
            {t('station.form-wrong', { fields: wrong.join('、') })}
          </p>
        )}
      </CommandForm>
    </Dialog>
  )
}

type MeasuredProps = {
  readonly of: StationsView
  readonly value: readonly string[]
  readonly onChange: (slugs: readonly string[]) => void
}

function Measured({ of, value, onChange }: MeasuredProps) {
  const { t, words } = useWords()
  return (
    <CheckboxGroup className="field" value={[...value]} onChange={onChange}>
      <Label>{t('station.form-sensors')}</Label>
      <div className="checks">
        {of.indicators.map((one) => (
          <Checkbox key={one.slug} value={one.slug} className="check">
            <span className="check-box" aria-hidden />
            {words(one.words)} ({one.unit})
          </Checkbox>
        ))}
      </div>
    </CheckboxGroup>
  )
}

type StationFieldsProps = {
  readonly said: Said
  readonly put: (name: keyof Said) => (value: string) => void
  readonly home: string
  readonly jurisdiction: string
}

function StationFields({ said, put, home, jurisdiction }: StationFieldsProps) {
  const { t } = useWords()
  return (
    <>
      <Field label={t('station.code')} isRequired value={said.code} onChange={put('code')} autoFocus maxLength={60} />
      <Field label={t('station.form-name')} isRequired value={said.name} onChange={put('name')} maxLength={200} />
      <Field label={t('station.form-name-en')} value={said.nameEn} onChange={put('nameEn')} maxLength={200} />
      <Field label={t('station.form-place')} value={said.place} onChange={put('place')} maxLength={200} />
      <Field label={t('station.form-lat')} isRequired inputMode="decimal" value={said.lat} onChange={put('lat')} />
      <Field label={t('station.form-lon')} isRequired inputMode="decimal" value={said.lon} onChange={put('lon')} />
      <Field
        label={t('station.form-jurisdiction')}
        placeholder={home}
        inputMode="numeric"
        value={said.jurisdiction}
        onChange={put('jurisdiction')}
      />
      <Field label={t('station.form-divisions')} placeholder={jurisdiction} value={said.divisions} onChange={put('divisions')} />
      <Field label={t('station.form-freshness')} isRequired inputMode="numeric" value={said.minutes} onChange={put('minutes')} />
    </>
  )
}
