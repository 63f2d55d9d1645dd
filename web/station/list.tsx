import { IconAlertTriangle, IconCircleCheck, IconWifiOff } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { colourLevel } from '#core/level.ts'
import type { GaugeView, StationsView, StationView } from '#core/view/station.ts'
import { useNow } from '../clock.ts'
import { Empty, Link, OrganizationName, Panel } from '../kit/index.ts'
import { LevelGlyph } from '../level.tsx'
import { PageMap } from '../map/page-map.tsx'
import type { MapMark } from '../map/types.ts'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'
import { Band, Sparkline } from './gauge.tsx'
import { sinceMs } from './window.ts'

/** The stations on the map, and the same in a list: what the map shows stands there, too. */
export function StationList({ view }: { readonly view: StationsView }) {
  const { t } = useWords()
  const [selected, setSelected] = useState<string | null>(null)
  const { stations } = view
  if (stations.length === 0)
    return (
      <Panel title={t('station.list')}>
        <Empty title={t('station.none')} help={t('station.none-help')} />
      </Panel>
    )
  return (
    <div className="station-columns">
      <Panel title={t('station.list')} note={`${view.total} · ${t('station.list-note')}`} className="station-panel">
        <ul className="station-list">
          {stations.map((one) => (
            <StationRow key={one.id} of={one} selected={one.id === selected} />
          ))}
        </ul>
      </Panel>
      <StationMap stations={stations} selected={selected} onSelect={setSelected} />
    </div>
  )
}

function StationRow({ of, selected }: { readonly of: StationView; readonly selected: boolean }) {
  const { words } = useWords()
  const paths = usePaths()
  return (
    <li className={`station-row is-${of.status} ${selected ? 'is-selected' : ''}`}>
      <div className="station-name">
        <Link to={paths.station(of.id)} aria-current={selected ? 'true' : undefined}>
          {words(of.name)}
        </Link>
        <span className="soft">
          {of.code} · <OrganizationName of={of.owner} />
        </span>
        <StationState of={of} />
      </div>
      <div className="station-gauges">
        {of.gauges.map((gauge) => (
          <Gauge key={gauge.indicator} of={gauge} />
        ))}
      </div>
    </li>
  )
}

/** Silent, over a threshold, or below: a sign and words, the colour only besides. */
export function StationState({ of }: { readonly of: StationView }) {
  const { t, code, short, duration, dateTime } = useWords()
  const now = useNow()
  if (of.status === 'silent' && of.silentSince !== null)
    return (
      <p className="station-state is-silent" title={dateTime(of.silentSince)}>
        <IconWifiOff size={16} aria-hidden />
        <span>
          <b>{t('station.silent-since', { at: short(of.silentSince) })}</b>{' '}
          {t('station.silent-for', { time: duration(sinceMs(of.silentSince, now)), promise: duration(of.freshness) })}
        </span>
      </p>
    )
  if (of.colour !== null)
    return (
      <p className="station-state is-crossed">
        <LevelGlyph level={colourLevel(of.colour)} size={16} />
        <b>
          {code('status.station', 'crossed')} · {code('colour', of.colour)}
        </b>
      </p>
    )
  const Icon = of.status === 'retired' ? IconAlertTriangle : IconCircleCheck
  return (
    <p className="station-state soft">
      <Icon size={16} aria-hidden /> {code('status.station', of.status)}
    </p>
  )
}

function Gauge({ of }: { readonly of: GaugeView }) {
  const { t, words, number, duration, dateTime, short } = useWords()
  const now = useNow()
  return (
    <div className="station-gauge">
      <div>
        <p className="soft">{words(of.words)}</p>
        <p>
          {of.value === null || of.at === null ? (
            t('station.no-reading')
          ) : (
            <>
              <b>
                {number(of.value)} {of.unit}
              </b>{' '}
              <time className="soft" dateTime={of.at} title={dateTime(of.at)}>
                {t('station.ago', { time: duration(sinceMs(of.at, now)) })}
              </time>
            </>
          )}
        </p>
        {of.odd !== null && (
          <p className="station-odd">{t('station.impossible', { value: number(of.odd.value), unit: of.unit, at: short(of.odd.at) })}</p>
        )}
      </div>
      <Sparkline of={of} />
      <Band of={of} />
    </div>
  )
}

type StationMapProps = {
  readonly stations: readonly StationView[]
  readonly selected: string | null
  readonly onSelect: (id: string) => void
}

export function StationMap({ stations, selected, onSelect }: StationMapProps) {
  const { t, words, code } = useWords()
  const marks = useMemo(
    () =>
      stations.map((one): MapMark => ({
        id: one.id,
        lat: one.lat,
        lon: one.lon,
        label: words(one.name),
        level: one.colour === null ? null : colourLevel(one.colour),
        sub: code('status.station', one.status),
        tone: one.status === 'silent' ? 'late' : 'normal',
      })),
    [stations, words, code],
  )
  return (
    <div className="station-map">
      <PageMap label={t('station.map')} marks={marks} selected={selected} onSelect={onSelect} />
    </div>
  )
}
