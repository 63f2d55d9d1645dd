/** One station, and the readings of one of its indicators in a bounded number of points. */
import { station, stationThing, type StationCommand } from '#core/station.ts'
import { Series } from '#core/station/window.ts'
import { durationMs, fromMs, toMs } from '#core/time.ts'
import type { SeriesView, StationDetail } from '#core/view/station.ts'
import { readStreams } from '../log.ts'
import { actionsOf, divisionNames, timelineEntry } from '../present.ts'
import { notFound, type Sight } from '../room.ts'
import { readAdopted } from './keeping.ts'
import { readStationRows, viewsOf } from './overview.ts'
import { readProposals } from './proposals.ts'
import { bandsOf, bandViews } from './view.ts'

const HISTORY_MAX = 200
/** What a line on a screen can show; more readings are gathered in buckets. */
const POINTS_MAX = 400
/** Readings from which the windowed line is reckoned one by one; more, and it is left out. */
const WINDOWED_MAX = 20_000

export async function readStation({ read, scene }: Sight, id: string): Promise<StationDetail> {
  return read(async (sql) => {
    const [row] = await readStationRows(sql, 1, id)
    if (row === undefined) throw notFound('station.unknown')
    const [[view], nameOf, proposals, history] = await Promise.all([
      readAdopted(sql).then((adopted) => viewsOf(sql, scene, [row], adopted)),
      divisionNames(sql, row.state.divisions),
      readProposals(sql, scene, false, id),
      readStreams(sql, [`station/${id}`]),
    ])
    if (view === undefined) throw notFound('station.unknown')
    const { state } = row
    const retire: StationCommand = { type: 'station.retire', reason: 'x' }
    const { retired: _, silentSince: __, registeredAt: ___, ...profile } = state
    const revise: StationCommand = { type: 'station.revise', ...profile }
    return {
      ...view,
      divisions: state.divisions.map((code) => nameOf(code)),
      registeredAt: state.registeredAt,
      retired: state.retired,
      sensors: state.sensors,
      proposals,
      history: history.slice(-HISTORY_MAX).map((event) => timelineEntry(scene, event)),
      actions: actionsOf(scene, station, state, stationThing(state, retire), [revise, retire]),
    }
  })
}

type Bucket = { readonly at: Date; readonly low: number; readonly high: number; readonly count: number; readonly odd: number }

/** Of each bucket the largest and the smallest: a peak is never lost to the drawing of it. */
export async function readSeriesOf({ read, scene }: Sight, id: string, indicator: string, hours: number): Promise<SeriesView> {
  return read(async (sql) => {
    const [row] = await readStationRows(sql, 1, id)
    const sensor = row?.state.sensors.find((one) => one.slug === indicator)
    if (row === undefined || sensor === undefined) throw notFound('station.unknown')
    const to = toMs(scene.now)
    const from = to - hours * 3600_000
    const bucketS = Math.max(1, (hours * 3600) / POINTS_MAX)
    const buckets = await sql<Bucket[]>`
      select to_timestamp(floor(extract(epoch from at) / ${bucketS}) * ${bucketS} + ${bucketS / 2}) as at,
        min(value) filter (where possible) as low, max(value) filter (where possible) as high,
        count(*) filter (where possible)::int as count, count(*) filter (where not possible)::int as odd
      from reading where station_id = ${id} and indicator = ${indicator} and at > ${fromMs(from)} and at <= ${fromMs(to + 300_000)}
      group by 1 order by 1 limit ${POINTS_MAX + 4}`
    const bands = bandsOf(row.state, indicator, await readAdopted(sql))
    const over = bands?.over ?? null
    const readings = buckets.reduce((all, one) => all + one.count, 0)
    const lines = over === null || bands === null || readings > WINDOWED_MAX ? null : { of: bands.of, over }
    return {
      indicator,
      unit: sensor.unit,
      from: fromMs(from),
      to: fromMs(to),
      readings,
      impossible: buckets.reduce((all, one) => all + one.odd, 0),
      points: buckets.filter((one) => one.count > 0).map(({ at, low, high }) => ({ at: at.toISOString(), low, high })),
      windowed: lines === null ? null : { ...lines, points: await windowedPoints() },
      bands: bands === null ? [] : bandViews(bands.steps),
    }

    async function windowedPoints(): Promise<readonly (readonly [string, number])[]> {
      if (lines === null) return []
      const overMs = durationMs(lines.over)
      const rows = await sql<{ at: Date; value: number }[]>`
        select at, value from reading where station_id = ${id} and indicator = ${indicator} and possible
          and at > ${fromMs(from - overMs)} and at <= ${fromMs(to + 300_000)} order by at limit ${WINDOWED_MAX}`
      const series = new Series(overMs)
      const window = series.window(lines.of, overMs)
      const points: (readonly [string, number])[] = []
      const step = Math.max(1, Math.ceil(rows.length / POINTS_MAX))
      for (const [i, { at, value }] of rows.entries()) {
        series.add(at.getTime(), value)
        if (at.getTime() > from && (i % step === 0 || i === rows.length - 1))
          points.push([at.toISOString(), Math.round(window.value() ?? 0) / 10_000])
      }
      return points
    }
  })
}
