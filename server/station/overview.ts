/** GET /api/stations: everything that the page shows at once. */
import { randomUUID } from 'node:crypto'
import {
  adoption,
  adoptionThing,
  sourceThing,
  station,
  stationSource,
  stationThing,
  type AdoptionCommand,
  type SourceCommand,
  type Station,
  type StationCommand,
} from '#core/station.ts'
import { covers } from '#core/place.ts'
import type { Colour } from '#core/level.ts'
import { colourLevel } from '#core/level.ts'
import type { SourceView, StationsView, StationView, ThresholdView } from '#core/view/station.ts'
import type { TransactionSql } from '../database.ts'
import { actionsOf, type Scene } from '../present.ts'
import type { Sight } from '../room.ts'
import { readAdopted } from './keeping.ts'
import type { StationOffice } from './office.ts'
import { readMeasures, readProposals } from './proposals.ts'
import { thresholdPack } from './thresholds.ts'
import {
  bandsOf,
  gaugeView,
  readSeries,
  readWindows,
  sourceView,
  stationView,
  type Adopted,
  type SourceRow,
  type StationRow,
} from './view.ts'

const STATIONS_MAX = 2000
const SOURCES_MAX = 200

export async function readOverview({ read, scene, asker }: Sight, _office: StationOffice | null): Promise<StationsView> {
  return read(async (sql) => {
    const [rows, adopted, sources, proposals, measures, total] = await Promise.all([
      readStationRows(sql, STATIONS_MAX),
      readAdopted(sql),
      readSources(sql, scene),
      readProposals(sql, scene, false),
      readMeasures(sql, scene),
      sql<{ total: number }[]>`select count(*)::int as total from station where not retired`,
    ])
    const own = asker.viewer.jurisdiction
    const here = adopted.filter((one) => own === null || covers(one.jurisdiction, own) || covers(own, one.jurisdiction))
    const stations = await viewsOf(sql, scene, rows, adopted)
    return {
      at: scene.now,
      stations: stations.toSorted(silentFirst),
      total: total[0]?.total ?? stations.length,
      proposals,
      sources,
      measures,
      thresholds: here.map((one): ThresholdView => ({
        id: one.id,
        set: one.set,
        jurisdiction: one.jurisdiction,
        basis: one.state.basis,
        adoptedAt: one.state.adoptedAt,
        actions: actionsOf(scene, adoption, one.state, adoptionThing(one.state, WITHDRAW), [WITHDRAW]),
      })),
      indicators: [...thresholdPack().indicators.values()],
      offered: thresholdPack()
        .sets.filter((set) => !here.some((one) => one.set.id === set.id))
        .map(({ id, title, hazard, issuer, source, demonstration, jurisdiction, binding }) => ({
          id,
          title,
          hazard,
          issuer,
          source,
          demonstration,
          jurisdiction,
          binding,
        })),
      actions: beginnings(scene, asker.viewer.organizationId, own),
    }
  })
}

const WITHDRAW: AdoptionCommand = { type: 'station.withdraw-thresholds', reason: 'x' }

export async function readStationRows(sql: TransactionSql, limit: number, id: string | null = null): Promise<readonly StationRow[]> {
  return sql<StationRow[]>`
    select s.id, s.state, coalesce((select array_agg(p.state ->> 'colour') from proposal p where p.station_id = s.id and not p.over), '{}') as colours
    from station s where ${id === null ? sql`not s.retired` : sql`s.id = ${id}`} order by s.silent_since nulls last, s.code limit ${limit}`
}

/** The stations with their gauges, everything read at once for all of them. */
export async function viewsOf(
  sql: TransactionSql,
  scene: Scene,
  rows: readonly StationRow[],
  adopted: readonly Adopted[],
): Promise<readonly StationView[]> {
  const series = await readSeries(
    sql,
    rows.map((one) => one.id),
  )
  const asked = rows.flatMap(({ id, state }) =>
    state.sensors.flatMap(({ slug }) => {
      const bands = bandsOf(state, slug, adopted)
      const lastAt = series.get(id)?.find((one) => one.indicator === slug)?.lastAt
      return bands === null || bands.over === null || lastAt == null
        ? []
        : [{ stationId: id, indicator: slug, of: bands.of, over: bands.over, to: lastAt.toISOString() }]
    }),
  )
  const windows = await readWindows(sql, asked)
  return rows.map((row) => {
    const own = series.get(row.id) ?? []
    const gauges = row.state.sensors.map(({ slug }) =>
      gaugeView(
        row.state,
        slug,
        own.find((one) => one.indicator === slug),
        adopted,
        windows.get(`${row.id}|${slug}`) ?? null,
      ),
    )
    return stationView(scene, row, own, gauges)
  })
}

const RANK: Readonly<Record<StationView['status'], number>> = { silent: 0, crossed: 1, calm: 2, retired: 3 }
const gravity = (colour: Colour | null): number => (colour === null ? 9 : colourLevel(colour))
const silentFirst = (a: StationView, b: StationView): number =>
  RANK[a.status] - RANK[b.status] ||
  gravity(a.colour) - gravity(b.colour) ||
  (a.silentSince ?? '').localeCompare(b.silentSince ?? '') ||
  a.code.localeCompare(b.code)

async function readSources(sql: TransactionSql, scene: Scene): Promise<readonly SourceView[]> {
  const rows = await sql<SourceRow[]>`
    select s.id, s.state, h.next_at as "nextAt", h.tried_at as "triedAt", h.succeeded_at as "succeededAt", h.failures, h.error,
      h.error_detail as "errorDetail", h.kept, h.bad_rows as "badRows"
    from station_source s left join source_health h on h.source_id = s.id
    order by s.paused, h.error is null, s.added_at, s.id limit ${SOURCES_MAX}`
  return rows.map((row) => sourceView(scene, row))
}

/** Whether this post may begin these things in its own territory, and why not. */
function beginnings(scene: Scene, organizationId: string, territory: string | null): StationsView['actions'] {
  const jurisdiction = territory ?? '100000'
  const words = { 'zh-CN': 'x', en: 'x' }
  const register: StationCommand = {
    type: 'station.register',
    code: 'x',
    name: words,
    place: { name: 'x', lat: 0, lon: 0 },
    jurisdiction,
    divisions: [jurisdiction],
    owner: organizationId,
    sensors: [],
    freshness: 'PT1H',
  }
  const add: SourceCommand = {
    type: 'station.add-source',
    name: words,
    url: `https://example.org/${randomUUID()}`,
    owner: organizationId,
    jurisdiction,
    every: 'PT5M',
    format: { kind: 'csv', mapping: { station: 'a', at: 'b', values: [] } },
  }
  const [set] = thresholdPack().sets
  const adopt: readonly AdoptionCommand[] =
    set === undefined ? [] : [{ type: 'station.adopt-thresholds', set: { ...set, jurisdiction: '100000' }, jurisdiction, basis: 'x' }]
  return [
    ...actionsOf(scene, station, null as Station | null, stationThing(null, register), [register]),
    ...actionsOf(scene, stationSource, null, sourceThing(null, add), [add]),
    ...adopt.flatMap((one) => actionsOf(scene, adoption, null, adoptionThing(null, one), [one])),
  ]
}
