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

/** A new station: where it stands, whose it is, what it measures by the catalogue, and what it promises. */
export function StationDialog({ of, onClose }: { readonly of: StationsView; readonly onClose: () => void }) {
  const { t, words } = useWords()
  const organizations = useOrganizations()
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  const [id] = useState(newId)
  const home = organizations.find((one) => one.id === own)?.jurisdiction?.code ?? ''
  const [owner, setOwner] = useState<string | null>(own)
  const [said, setSaid] = useState({
    code: '',
    name: '',
    nameEn: '',
    place: '',
    lat: '',
    lon: '',
    jurisdiction: '',
    divisions: '',
    minutes: '60',
  })
  const [measured, setMeasured] = useState<readonly string[]>(['rain'])
  const put = (name: keyof typeof said) => (value: string) => setSaid({ ...said, [name]: value })
  const [lat, lon, minutes] = [Number(said.lat), Number(said.lon), Number(said.minutes)]
  const jurisdiction = said.jurisdiction.trim() || home
  const divisions = said.divisions.trim() === '' ? [jurisdiction] : said.divisions.trim().split(/[\s,，、]+/)
  const wrong = [
    /^[A-Za-z0-9][\w.-]{0,59}$/.test(said.code) ? null : t('station.code'),
    said.name.trim() === '' ? t('station.form-name') : null,
    said.lat.trim() !== '' && Math.abs(lat) <= 90 ? null : t('station.form-lat'),
    said.lon.trim() !== '' && Math.abs(lon) <= 180 ? null : t('station.form-lon'),
    /^[1-9]\d{5}$/.test(jurisdiction) ? null : t('station.form-jurisdiction'),
    divisions.every((one) => /^[1-9]\d{5}$/.test(one)) ? null : t('station.form-divisions'),
    measured.length === 0 ? t('station.form-sensors') : null,
    Number.isInteger(minutes) && minutes >= 1 && minutes <= MINUTES_MAX ? null : t('station.form-freshness'),
    owner === null ? t('station.owner') : null,
  ].filter((one) => one !== null)
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
          <OrganizationField label={t('station.owner')} organizations={organizations} value={owner} onChange={setOwner} isRequired />
        </div>
        <CheckboxGroup className="field" value={[...measured]} onChange={setMeasured}>
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
        {tried && wrong.length > 0 && (
          <p className="refused" role="alert">
            {t('station.form-wrong', { fields: wrong.join('、') })}
          </p>
        )}
      </CommandForm>
    </Dialog>
  )
}
