import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { SITE_KINDS, type RiskKind, type SiteKind } from '#core/risk.ts'
import { durationMs } from '#core/time.ts'
import { newId, type Command } from '../api.ts'
import { serverNow } from '../clock.ts'
import { useSend, written } from '../form.ts'
import { Button, Chips, Dialog, DialogFoot, Field, SelectField, toast } from '../kit/index.ts'
import { OrganizationField } from '../kit/organization-field.tsx'
import { useOrganizations } from '../kit/organizations.ts'
import { usePaths } from '../paths.ts'
import { sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { newWhence, whenceOf, WhenceFields } from './provenance.tsx'

const KINDS = ['site', 'hazard', 'danger'] as const
export const HAZARDS = [
  'flood',
  'waterlogging',
  'rainstorm',
  'typhoon',
  'hazardous-chemicals',
  'fire',
  'explosion',
  'earthquake',
  'landslide',
] as const
export type Hazard = (typeof HAZARDS)[number]
const WITHIN = ['P3D', 'P7D', 'P15D', 'P30D', 'P90D'] as const
type Within = (typeof WITHIN)[number]

type Filled = {
  readonly kind: RiskKind
  readonly siteKind: SiteKind
  readonly hazard: Hazard
  readonly name: string
  readonly territory: string
  readonly address: string
  readonly lon: string
  readonly lat: string
  readonly owner: string | null
  readonly regulator: string | null
  readonly responder: string | null
  readonly knower: string
  readonly danger: string
  readonly grade: 'general' | 'major'
  readonly within: Within
}

const EMPTY: Filled = {
  kind: 'site',
  siteKind: 'care-home',
  hazard: 'flood',
  name: '',
  territory: '',
  address: '',
  lon: '',
  lat: '',
  owner: null,
  regulator: null,
  responder: null,
  knower: '',
  danger: '',
  grade: 'general',
  within: 'P7D',
}

/** A new item of the register, perhaps because of what an incident showed (`from`). */
export function RegisterDialog({
  from,
  name = '',
  territory,
  onClose,
}: {
  readonly from?: string
  readonly name?: string
  readonly territory?: string
  readonly onClose: () => void
}) {
  const { t, code } = useWords()
  const own = useQuery(sessionQuery).data?.jurisdiction?.code ?? ''
  const [filled, setFilled] = useState<Filled>({ ...EMPTY, name, territory: territory ?? own })
  const [whence, setWhence] = useState(newWhence)
  const [incomplete, setIncomplete] = useState(false)
  const { busy, refused, send } = useSend()
  const router = useRouter()
  const paths = usePaths()
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const said = whenceOf(whence)
    const command = said === null ? null : commandOf(filled, from)
    setIncomplete(command === null || said === null)
    if (command === null || said === null || busy) return
    const id = newId()
    const answer = await send('risk', id, { ...command, ...said })
    if (!answer.ok) return
    onClose()
    toast(t('kit.done'))
    router.history.push(paths.risk(id))
  }
  const set = (more: Partial<Filled>): void => setFilled({ ...filled, ...more })
  return (
    <Dialog title={t('risk.register')} isOpen onClose={onClose} wide>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Chips
          label={t('risk.ask.kind')}
          choices={KINDS.map((id) => ({ id, label: code('risk.kind', id) }))}
          value={filled.kind}
          onChange={(kind) => set({ kind })}
        />
        <Field
          label={t('risk.ask.name')}
          isRequired
          autoFocus
          value={filled.name}
          onChange={(text) => set({ name: text })}
          maxLength={200}
        />
        <KindFields filled={filled} set={set} />
        <PlaceFields filled={filled} set={set} />
        <AnswerFields filled={filled} set={set} />
        <Field label={t('risk.ask.knower')} value={filled.knower} onChange={(knower) => set({ knower })} maxLength={200} />
        <WhenceFields value={whence} onChange={setWhence} />
        {incomplete && (
          <p className="refused" role="alert">
            {t('kit.incomplete')}
          </p>
        )}
        <DialogFoot busy={busy} refused={refused} label={t('risk.register')} onBack={onClose} />
      </form>
    </Dialog>
  )
}

const hasPoint = ({ lon, lat }: Filled): boolean =>
  lon.trim() !== '' && lat.trim() !== '' && !Number.isNaN(Number(lon)) && !Number.isNaN(Number(lat))
/** An address alone is no place: it would be lost without a word. */
const lacksPoint = (filled: Filled): boolean =>
  !hasPoint(filled) && [filled.address, filled.lon, filled.lat].some((one) => one.trim() !== '')

/** Null while something that the kind needs is missing. */
function commandOf(filled: Filled, from: string | undefined): Command | null {
  const { kind, siteKind, hazard, name, territory, address, lon, lat, owner, regulator, responder, knower, danger, grade, within } = filled
  const [said, wrong, who] = [written(name), written(danger), written(knower)]
  const isPlaced = hasPoint(filled)
  if (lacksPoint(filled)) return null
  if (said === null || !/^[1-9]\d{5}$/.test(territory) || (kind === 'danger' && wrong === null)) return null
  return {
    type: 'risk.register',
    kind,
    name: said,
    jurisdiction: territory,
    owner,
    regulator,
    responder,
    ...(kind === 'site' ? { siteKind } : {}),
    ...(kind === 'hazard' ? { hazard } : {}),
    ...(isPlaced ? { place: { name: written(address) ?? said, lon: Number(lon), lat: Number(lat) } } : {}),
    ...(who === null ? {} : { knowers: [{ post: null, words: who }] }),
    ...(kind === 'danger' && wrong !== null
      ? { danger: { text: wrong, grade, dueAt: new Date(serverNow() + durationMs(within)).toISOString() } }
      : {}),
    ...(from === undefined ? {} : { from }),
  }
}

type FieldsProps = { readonly filled: Filled; readonly set: (more: Partial<Filled>) => void }

function KindFields({ filled, set }: FieldsProps) {
  const { t, code, duration } = useWords()
  if (filled.kind === 'site')
    return (
      <SelectField<SiteKind>
        label={t('risk.filter.site')}
        choices={SITE_KINDS.map((id) => ({ id, label: code('risk.site', id) }))}
        value={filled.siteKind}
        onChange={(siteKind) => set({ siteKind })}
      />
    )
  if (filled.kind === 'hazard')
    return (
      <SelectField<Hazard>
        label={t('risk.filter.hazard')}
        choices={HAZARDS.map((id) => ({ id, label: code('hazard', id) }))}
        value={filled.hazard}
        onChange={(hazard) => set({ hazard })}
      />
    )
  return (
    <>
      <Field
        label={t('risk.ask.danger')}
        lines={3}
        isRequired
        value={filled.danger}
        onChange={(danger) => set({ danger })}
        maxLength={2000}
      />
      <div className="field-pair">
        <SelectField<'general' | 'major'>
          label={t('risk.ask.grade')}
          choices={(['general', 'major'] as const).map((id) => ({ id, label: code('risk.grade', id) }))}
          value={filled.grade}
          onChange={(grade) => set({ grade })}
        />
        <SelectField<Within>
          label={t('risk.ask.within')}
          choices={WITHIN.map((id) => ({ id, label: duration(id) }))}
          value={filled.within}
          onChange={(within) => set({ within })}
        />
      </div>
    </>
  )
}

function PlaceFields({ filled, set }: FieldsProps) {
  const { t } = useWords()
  const here = (): void =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => set({ lon: coords.longitude.toFixed(6), lat: coords.latitude.toFixed(6) }),
      () => toast(t('risk.near-refused')),
      { enableHighAccuracy: true, timeout: 10_000 },
    )
  return (
    <>
      <div className="field-pair">
        <Field label={t('risk.ask.address')} value={filled.address} onChange={(address) => set({ address })} maxLength={200} />
        <Field
          label={t('risk.filter.territory')}
          isRequired
          inputMode="numeric"
          value={filled.territory}
          onChange={(text) => set({ territory: text })}
          maxLength={6}
        />
      </div>
      <div className="field-pair">
        <Field label={t('risk.ask.lon')} inputMode="decimal" value={filled.lon} onChange={(lon) => set({ lon })} maxLength={12} />
        <Field label={t('risk.ask.lat')} inputMode="decimal" value={filled.lat} onChange={(lat) => set({ lat })} maxLength={12} />
      </div>
      {lacksPoint(filled) && <p className="field-help">{t('risk.ask.point-needed')}</p>}
      <Button onPress={here}>{t('risk.ask.here')}</Button>
    </>
  )
}

function AnswerFields({ filled, set }: FieldsProps) {
  const { t } = useWords()
  const organizations = useOrganizations()
  return (
    <>
      <OrganizationField label={t('risk.owner')} organizations={organizations} value={filled.owner} onChange={(owner) => set({ owner })} />
      <div className="field-pair">
        <OrganizationField
          label={t('risk.regulator')}
          organizations={organizations}
          value={filled.regulator}
          onChange={(regulator) => set({ regulator })}
        />
        <OrganizationField
          label={t('risk.responder')}
          organizations={organizations}
          value={filled.responder}
          onChange={(responder) => set({ responder })}
        />
      </div>
    </>
  )
}
