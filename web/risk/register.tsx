import { IconCurrentLocation, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useMemo, useState } from 'react'
import { SITE_KINDS, type RiskKind, type SiteKind } from '#core/risk.ts'
import type { RiskListView, RiskSummary } from '#core/view/risk.ts'
import { get } from '../api.ts'
import { Button, Chips, Empty, Field, LinkButton, Panel, Read, SelectField, toast } from '../kit/index.ts'
import { useNarrow } from '../kit/narrow.ts'
import { PageMap } from '../map/page-map.tsx'
import type { MapMark } from '../map/types.ts'
import { useWorld } from '../paths.ts'
import { risksNearQuery, risksQuery, type RiskFields } from '../queries.ts'
import { useWords } from '../words.ts'
import { ImportDialog } from './import.tsx'
import { HAZARDS, RegisterDialog, type Hazard } from './form.tsx'
import { RiskRow } from './row.tsx'
import { RiskHead } from './tabs.tsx'

/** Kilometres around the one who asks. */
const NEAR_KM = 3
type Point = { readonly lon: number; readonly lat: number }
type Only = 'all' | 'ours' | 'stale' | 'unowned' | 'closed'
type Chosen = {
  readonly kind: RiskKind | 'all'
  readonly siteKind: SiteKind | 'any'
  readonly hazard: Hazard | 'any'
  readonly only: Only
  readonly territory: string
  readonly q: string
}
const NO_FILTERS: Chosen = { kind: 'all', siteKind: 'any', hazard: 'any', only: 'all', territory: '', q: '' }

const fieldsOf = ({ kind, siteKind, hazard, only, territory, q }: Chosen): RiskFields => ({
  kind: kind === 'all' ? undefined : kind,
  siteKind: siteKind === 'any' ? undefined : siteKind,
  hazard: hazard === 'any' ? undefined : hazard,
  whose: only === 'ours' ? 'ours' : undefined,
  stale: only === 'stale' ? '1' : undefined,
  unowned: only === 'unowned' ? '1' : undefined,
  status: only === 'closed' ? 'closed' : undefined,
  jurisdiction: /^[1-9]\d{5}$/.test(territory) ? territory : undefined,
  q: q === '' ? undefined : q,
})

export const RisksPage = () => <Register kind="all" />
/** The same list of special sites alone, by what site they are. */
export const RiskSitesPage = () => <Register kind="site" />

function Register({ kind }: { readonly kind: Chosen['kind'] }) {
  const { t } = useWords()
  const world = useWorld()
  const [filters, setFilters] = useState<Chosen>({ ...NO_FILTERS, kind })
  const [near, setNear] = useState<Point | null>(null)
  const [dialog, setDialog] = useState<'register' | 'import' | null>(null)
  const shown = { ...filters, kind: kind === 'site' ? kind : filters.kind }
  const fields = fieldsOf(shown)
  const listed = useQuery({ ...risksQuery(world, fields), enabled: near === null })
  const around = useQuery({ ...risksNearQuery(world, near?.lon ?? 0, near?.lat ?? 0, NEAR_KM), enabled: near !== null })
  const actions =
    world === null ? (
      <>
        <LinkButton className="risk-wide" to="/api/risks/export.csv" target="_blank" download>
          {t('risk.export')}
        </LinkButton>
        <Button className="risk-wide" onPress={() => setDialog('import')}>
          {t('risk.import')}
        </Button>
        <Button variant="primary" onPress={() => setDialog('register')}>
          {t('risk.register')}
        </Button>
      </>
    ) : undefined
  return (
    <div className="risks">
      <RiskHead actions={actions} />
      <Search q={filters.q} near={near} onSearch={(q) => setFilters({ ...filters, q })} onNear={setNear} />
      {near === null && <Filters filters={shown} isSites={kind === 'site'} onChange={setFilters} />}
      <Read of={near === null ? listed : around} lines={10}>
        {(view) => <Listed key={JSON.stringify([fields, near])} view={view} fields={fields} near={near} />}
      </Read>
      {dialog === 'register' && <RegisterDialog onClose={() => setDialog(null)} />}
      {dialog === 'import' && <ImportDialog onClose={() => setDialog(null)} />}
    </div>
  )
}

type SearchProps = {
  readonly q: string
  readonly near: Point | null
  readonly onSearch: (q: string) => void
  readonly onNear: (point: Point | null) => void
}

function Search({ q, near, onSearch, onNear }: SearchProps) {
  const { t } = useWords()
  const [text, setText] = useState(q)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onNear(null)
    onSearch(text.trim())
  }
  const locate = (): void =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => onNear({ lon: coords.longitude, lat: coords.latitude }),
      () => toast(t('risk.near-refused')),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    )
  return (
    <form className="risk-search" role="search" onSubmit={submit}>
      <Field label={t('risk.search')} type="search" value={text} onChange={setText} maxLength={100} placeholder={t('risk.search-help')} />
      <Button type="submit">
        <IconSearch size={17} aria-hidden /> {t('risk.find')}
      </Button>
      {near === null ? (
        <Button onPress={locate}>
          <IconCurrentLocation size={17} aria-hidden /> {t('risk.near')}
        </Button>
      ) : (
        <Button onPress={() => onNear(null)}>{t('risk.near-off')}</Button>
      )}
    </form>
  )
}

type FilterProps = { readonly filters: Chosen; readonly isSites: boolean; readonly onChange: (filters: Chosen) => void }

/** On a phone the list comes first, and the filters one press further. */
function Filters(props: FilterProps) {
  const { t } = useWords()
  const narrow = useNarrow()
  if (!narrow) return <FilterBar {...props} />
  return (
    <details className="risk-folded">
      <summary>{t('risk.filters')}</summary>
      <FilterBar {...props} />
    </details>
  )
}

function FilterBar({ filters, isSites, onChange }: FilterProps) {
  const { t, code } = useWords()
  const kinds = ['all', 'site', 'hazard', 'danger'] as const
  const onlys = ['all', 'ours', 'stale', 'unowned', 'closed'] as const
  const only: Readonly<Record<Only, string>> = {
    all: t('risk.filter.all'),
    ours: t('risk.filter.ours'),
    stale: t('risk.filter.stale'),
    unowned: t('risk.filter.unowned'),
    closed: t('risk.filter.closed'),
  }
  return (
    <div className="risk-filters">
      {!isSites && (
        <Chips
          label={t('risk.filter.kind')}
          choices={kinds.map((id) => ({ id, label: id === 'all' ? t('risk.filter.all') : code('risk.kind', id) }))}
          value={filters.kind}
          onChange={(kind) => onChange({ ...filters, kind })}
        />
      )}
      <Chips
        label={t('risk.filter.only')}
        choices={onlys.map((id) => ({ id, label: only[id] }))}
        value={filters.only}
        onChange={(id) => onChange({ ...filters, only: id })}
      />
      <div className="risk-selects">
        {(isSites || filters.kind === 'site') && (
          <SelectField<SiteKind | 'any'>
            label={t('risk.filter.site')}
            choices={[{ id: 'any', label: t('risk.filter.any-site') }, ...SITE_KINDS.map((id) => ({ id, label: code('risk.site', id) }))]}
            value={filters.siteKind}
            onChange={(siteKind) => onChange({ ...filters, siteKind })}
          />
        )}
        <SelectField<Chosen['hazard']>
          label={t('risk.filter.hazard')}
          choices={[{ id: 'any', label: t('risk.filter.any-hazard') }, ...HAZARDS.map((id) => ({ id, label: code('hazard', id) }))]}
          value={filters.hazard}
          onChange={(hazard) => onChange({ ...filters, hazard })}
        />
        <Field
          label={t('risk.filter.territory')}
          value={filters.territory}
          onChange={(territory) => onChange({ ...filters, territory })}
          inputMode="numeric"
          maxLength={6}
          placeholder={t('risk.filter.territory-help')}
        />
      </div>
    </div>
  )
}

type ListedProps = { readonly view: RiskListView; readonly fields: RiskFields; readonly near: Point | null }

/** The list and the map of the same items; what follows is read a page at a time. */
function Listed({ view, fields, near }: ListedProps) {
  const { t } = useWords()
  const world = useWorld()
  const [later, setLater] = useState<readonly RiskListView[]>([])
  const [selected, setSelected] = useState<string | null>(null)
  const rows = [...view.rows, ...later.flatMap((page) => page.rows)]
  const next = later.at(-1)?.next ?? (later.length === 0 ? view.next : null)
  const more = async (cursor: string): Promise<void> => {
    const search = new URLSearchParams({ cursor })
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) search.set(name, value)
    const page = await get<RiskListView>(`/api/risks?${search.toString()}`, world)
    setLater((pages) => [...pages, page])
  }
  if (rows.length === 0) return <Empty title={t(near === null ? 'risk.none' : 'risk.near-none')} help={t('risk.none-help')} />
  return (
    <div className="risk-columns">
      <Panel title={near === null ? t('risk.title') : t('risk.near-note', { km: NEAR_KM })} note={t('risk.count', { count: rows.length })}>
        <ul>
          {rows.map((one) => (
            <RiskRow key={one.id} of={one} isSelected={one.id === selected} />
          ))}
        </ul>
        {next !== null && (
          <p className="padded">
            <Button onPress={() => void more(next)}>{t('risk.more', { count: PAGE })}</Button>
          </p>
        )}
      </Panel>
      <RiskMap rows={rows} near={near} selected={selected} onSelect={setSelected} />
    </div>
  )
}
const PAGE = 50

type RiskMapProps = {
  readonly rows: readonly RiskSummary[]
  readonly near: Point | null
  readonly selected: string | null
  readonly onSelect: (id: string) => void
}

function RiskMap({ rows, near, selected, onSelect }: RiskMapProps) {
  const { t, words } = useWords()
  const marks = useMemo(
    () =>
      rows.flatMap(({ id, name, point, gaps }): readonly MapMark[] =>
        point === null
          ? []
          : [{ id, lat: point.lat, lon: point.lon, label: words(name), level: null, tone: gaps.length > 0 ? 'late' : 'normal' }],
      ),
    [rows, words],
  )
  return (
    <Panel title={t('risk.map')} note={t('risk.map-note')} className="risk-map">
      <PageMap
        label={t('risk.map')}
        marks={marks}
        {...(near === null ? {} : { focus: { ...near, zoom: 13 } })}
        selected={selected}
        onSelect={onSelect}
      />
    </Panel>
  )
}
