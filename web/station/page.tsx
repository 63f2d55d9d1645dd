import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { colourLevel } from '#core/level.ts'
import type { GaugeView, StationDetail } from '#core/view/station.ts'
import { AlertTabs } from '../kit/alert-tabs.tsx'
import { ActionButton, Chips, DataList, findAction, OrganizationName, PageHead, Panel, Read, ReasonDialog, Table } from '../kit/index.ts'
import { LevelGlyph } from '../level.tsx'
import { useParam, useWorld } from '../paths.ts'
import { seriesQuery, stationQuery } from '../queries.ts'
import { TimelineList } from '../timeline.tsx'
import { useWords } from '../words.ts'
import { Chart } from './chart.tsx'
import { Band } from './gauge.tsx'
import { StationMap, StationState } from './list.tsx'
import { Proposal } from './proposals.tsx'
import '../station.css'

const HOURS = ['6', '24', '72', '168'] as const

/** One station: whether it speaks, its readings against the thresholds, and what it has proposed. */
export function StationPage() {
  const id = useParam('id')
  const reading = useQuery(stationQuery(useWorld(), id))
  return (
    <>
      <AlertTabs on="stations" />
      <Read of={reading} lines={12}>
        {(station) => <Station of={station} />}
      </Read>
    </>
  )
}

function Station({ of }: { readonly of: StationDetail }) {
  const { t, words, duration, dateTime, number } = useWords()
  const [hours, setHours] = useState<(typeof HOURS)[number]>('24')
  return (
    <>
      <PageHead
        mark={of.colour === null ? undefined : <LevelGlyph level={colourLevel(of.colour)} size={30} />}
        title={words(of.name)}
        note={<StationState of={of} />}
        actions={<StationActions of={of} />}
      />
      <div className="stations">
        <div className="station-hours">
          <Chips
            label={t('station.hours')}
            value={hours}
            onChange={setHours}
            choices={HOURS.map((one) => ({ id: one, label: t(`station.hours-${one}`) }))}
          />
        </div>
        {of.gauges.map((gauge) => (
          <Gauge key={gauge.indicator} station={of} of={gauge} hours={Number(hours)} />
        ))}
        <div className="page-grid">
          <div className="station-side">
            <Panel title={t('station.of-proposals')} note={of.proposals.length} className="proposals">
              {of.proposals.length === 0 ? (
                <p className="padded soft">{t('station.no-proposals')}</p>
              ) : (
                <ul>
                  {of.proposals.map((one) => (
                    <Proposal key={one.id} of={one} here />
                  ))}
                </ul>
              )}
            </Panel>
            <Panel title={t('station.history')} note={of.history.length} folded>
              <TimelineList entries={of.history.toReversed()} />
            </Panel>
          </div>
          <div className="station-side">
            <Panel title={t('station.facts')}>
              <div className="padded">
                <DataList
                  rows={[
                    [t('station.code'), of.code],
                    [t('station.owner'), <OrganizationName key="o" of={of.owner} />],
                    [t('station.place'), `${of.place} ${of.lat.toFixed(4)}, ${of.lon.toFixed(4)}`],
                    [t('station.divisions'), of.divisions.map((one) => words(one.name)).join(' ')],
                    [t('station.freshness'), duration(of.freshness)],
                    [t('station.registered-at'), dateTime(of.registeredAt)],
                    [
                      t('station.sensors'),
                      of.sensors.map((one) => (
                        <span key={one.slug} className="station-sensor">
                          {one.slug} {t('station.sensor-range', { min: number(one.min), max: number(one.max), unit: one.unit })}
                        </span>
                      )),
                    ],
                  ]}
                />
              </div>
            </Panel>
            <StationMap stations={[of]} selected={of.id} onSelect={() => {}} />
          </div>
        </div>
      </div>
    </>
  )
}

function StationActions({ of }: { readonly of: StationDetail }) {
  const { t } = useWords()
  const [retiring, setRetiring] = useState(false)
  const retire = findAction(of.actions, 'station.retire')
  return (
    <>
      {retire !== null && of.retired === null && <ActionButton action={retire} onPress={() => setRetiring(true)} />}
      <ReasonDialog
        title={t('command.station.retire')}
        isOpen={retiring}
        onClose={() => setRetiring(false)}
        room="station"
        id={of.id}
        label={t('command.station.retire')}
        ask={t('station.retire-ask')}
        command={(reason) => ({ type: 'station.retire', reason })}
      />
    </>
  )
}

type GaugeProps = { readonly station: StationDetail; readonly of: GaugeView; readonly hours: number }

function Gauge({ station, of, hours }: GaugeProps) {
  const { t, words, number, dateTime } = useWords()
  const reading = useQuery(seriesQuery(useWorld(), station.id, of.indicator, hours))
  const series = reading.data
  return (
    <Panel
      title={`${t('station.series')} · ${words(of.words)}`}
      note={series === undefined ? undefined : t('station.series-note', { readings: series.readings })}
    >
      <div className="padded station-gauge-page">
        <Band of={of} />
        <Read of={reading} lines={6}>
          {(found) =>
            found.readings === 0 ? (
              <p className="soft">{t('station.series-none')}</p>
            ) : (
              <Chart of={found} name={words(of.words)} kind={of.kind} />
            )
          }
        </Read>
        {series !== undefined && series.impossible > 0 && (
          <p className="station-odd">{t('station.series-impossible', { count: series.impossible })}</p>
        )}
        {of.trend.length > 0 && (
          <details className="station-table">
            <summary>{t('station.chart-table')}</summary>
            <Table
              label={t('station.chart-table')}
              columns={[
                { head: t('station.time'), cell: ([at]: readonly [string, number]) => dateTime(at) },
                { head: `${t('station.value')} (${of.unit})`, cell: ([, value]: readonly [string, number]) => number(value) },
              ]}
              rows={of.trend.toReversed()}
              rowKey={([at]) => at}
            />
          </details>
        )}
      </div>
    </Panel>
  )
}
