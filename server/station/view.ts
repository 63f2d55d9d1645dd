/** From what is kept to what is shown: stations with their gauges and bands, proposals with their latencies, sources with their health. */
import {
  proposal,
  proposalThing,
  sourceThing,
  stationSource,
  type BadRow,
  type Indicator,
  type Proposal,
  type Station,
  type StationSource,
  type Step,
  type ThresholdSet,
} from '#core/station.ts'
import { appliedTo } from '#core/station/watch.ts'
import { Series } from '#core/station/window.ts'
import { colourLevel, graver, type Colour } from '#core/level.ts'
import { covers } from '#core/place.ts'
import { between, durationMs, fromMs, toMs } from '#core/time.ts'
import type { GaugeView, ProposalView, SourceView, StationRef, StationView } from '#core/view/station.ts'
import type { TransactionSql } from '../database.ts'
import { actionsOf, reference, type Division, type Scene } from '../present.ts'
import { thresholdPack } from './thresholds.ts'

const TREND_MAX = 48

export type Adopted = { readonly jurisdiction: string; readonly set: ThresholdSet }
export type SeriesRow = {
  readonly stationId: string
  readonly indicator: string
  readonly lastAt: Date | null
  readonly lastValue: number | null
  readonly oddAt: Date | null
  readonly oddValue: number | null
  readonly recent: readonly (readonly [string, number])[]
}
export type StationRow = { readonly id: string; readonly state: Station; readonly colours: readonly Colour[] }

const NO_WORDS = (slug: string): Indicator['words'] => ({ 'zh-CN': slug, en: slug })
export const wordsOf = (slug: string): Indicator['words'] => thresholdPack().indicators.get(slug)?.words ?? NO_WORDS(slug)

/** The steps that apply to one indicator of a station, those of its gravest-laden window: all bands of a gauge look at the same thing. */
export function bandsOf(
  state: Station,
  indicator: string,
  adopted: readonly Adopted[],
): { readonly steps: readonly Step[]; readonly of: Step['of']; readonly over: string | null } | null {
  const sets = adopted.filter((one) => covers(one.jurisdiction, state.jurisdiction)).map((one) => one.set)
  const steps = appliedTo(state, sets)
    .map((one) => one.step)
    .filter((step) => step.indicator === indicator)
  const [first] = [...Map.groupBy(steps, (step) => `${step.of}|${step.over ?? ''}`).values()].toSorted(
    (a, b) => b.length - a.length || durationOf(a[0]) - durationOf(b[0]),
  )
  const [step] = first ?? []
  if (first === undefined || step === undefined) return null
  return { steps: first.toSorted((a, b) => colourLevel(b.colour) - colourLevel(a.colour)), of: step.of, over: step.over ?? null }
}
const durationOf = (step: Step | undefined): number => (step?.over === undefined ? 0 : durationMs(step.over))

export const bandViews = (steps: readonly Step[]): GaugeView['bands'] =>
  steps.map(({ colour, value, reach, confirmed }) => ({ colour, value, reach, confirmed }))

/** The value over the window that ends with the newest of the readings; null without any. */
export function windowed(of: Step['of'], over: string | null, readings: readonly (readonly [string, number])[]): number | null {
  const series = new Series(Math.max(over === null ? 1 : durationMs(over), 1))
  const window = series.window(of, over === null ? 0 : durationMs(over))
  for (const [at, value] of readings) series.add(toMs(at), value)
  const count = window.value()
  return count === null ? null : Math.round(count) / 10_000
}

export function gaugeView(
  state: Station,
  indicator: string,
  row: SeriesRow | undefined,
  adopted: readonly Adopted[],
  inWindow: number | null,
): GaugeView {
  const bands = bandsOf(state, indicator, adopted)
  const known = thresholdPack().indicators.get(indicator)
  return {
    indicator,
    words: wordsOf(indicator),
    unit: state.sensors.find((one) => one.slug === indicator)?.unit ?? '1',
    kind: known?.kind ?? 'level',
    at: row?.lastAt?.toISOString() ?? null,
    value: row?.lastValue ?? null,
    watched: bands === null ? null : { of: bands.of, over: bands.over, value: bands.of === 'level' ? (row?.lastValue ?? null) : inWindow },
    bands: bands === null ? [] : bandViews(bands.steps),
    trend: row?.recent ?? [],
    odd: row?.oddAt == null || row.oddValue === null ? null : { at: row.oddAt.toISOString(), value: row.oddValue },
  }
}

/** The promise is reckoned now, so that a page says it before the log does. */
export function silentSince(scene: Pick<Scene, 'now'>, state: Station, series: readonly SeriesRow[]): string | null {
  const lasts = state.sensors.map(({ slug }) => series.find((one) => one.indicator === slug)?.lastAt?.toISOString() ?? state.registeredAt)
  const oldest = lasts.toSorted()[0] ?? state.registeredAt
  return toMs(scene.now) - toMs(oldest) > durationMs(state.freshness) ? oldest : null
}

const gravestOf = (colours: readonly Colour[]): Colour | null =>
  colours.reduce<Colour | null>((found, one) => (found === null || graver(colourLevel(one), colourLevel(found)) ? one : found), null)

const stationRef = (id: string, { code, name, place }: Station): StationRef => ({ id, code, name, lon: place.lon, lat: place.lat })

export function stationView(
  scene: Scene,
  { id, state, colours }: StationRow,
  series: readonly SeriesRow[],
  gauges: readonly GaugeView[],
): StationView {
  const silent = state.retired === null ? silentSince(scene, state, series) : null
  const colour = gravestOf(colours)
  const lastAt = series
    .map((one) => one.lastAt?.toISOString() ?? '')
    .toSorted()
    .at(-1)
  return {
    ...stationRef(id, state),
    place: state.place.name,
    jurisdiction: state.jurisdiction,
    owner: reference(scene, state.owner),
    freshness: state.freshness,
    status: state.retired !== null ? 'retired' : silent !== null ? 'silent' : colour !== null ? 'crossed' : 'calm',
    silentSince: silent,
    lastAt: lastAt === undefined || lastAt === '' ? null : lastAt,
    colour,
    gauges,
  }
}

export type ProposalRow = {
  readonly id: string
  readonly state: Proposal
  readonly station: Station | null
  readonly issuedAt: Date | null
  readonly besideAlert: string | null
}

const UNKNOWN_PLACE = { name: '—', lat: 0, lon: 0 } as const

export function proposalView(scene: Scene, row: ProposalRow, nameOf: (code: string) => Division): ProposalView {
  const { id, state, station } = row
  const { crossed } = state
  const set = thresholdPack().sets.find((one) => one.id === crossed.set)
  const { name, code, place } = station ?? { name: NO_WORDS('—'), code: '—', place: UNKNOWN_PLACE }
  return {
    id,
    colour: crossed.colour,
    hazard: state.hazard,
    jurisdiction: state.jurisdiction,
    divisions: state.divisions,
    divisionNames: state.divisions.map((one) => nameOf(one)),
    indicator: crossed.indicator,
    indicatorWords: wordsOf(crossed.indicator),
    value: crossed.value,
    unit: crossed.unit,
    window: { of: crossed.of, over: crossed.over },
    limit: crossed.limit,
    reach: crossed.reach,
    station: { id: state.station, code, name, lon: place.lon, lat: place.lat },
    at: crossed.crossedAt,
    source: { set: crossed.set, title: set?.title ?? NO_WORDS(crossed.set), article: crossed.article, confirmed: crossed.confirmed },
    status: state.status,
    now: state.colour,
    recededAt: state.recededAt,
    proposedAt: state.proposedAt,
    decidedAt: state.decidedAt,
    reason: state.reason,
    alertId: state.alertId,
    issuedAt: row.issuedAt?.toISOString() ?? null,
    besideAlert: row.besideAlert,
    toProposal: between(crossed.crossedAt, crossed.proposedAt),
    toDecision: state.decidedAt === null ? null : between(state.proposedAt, state.decidedAt),
    actions: actionsOf(scene, proposal, state, proposalThing(state), [
      { type: 'station.take-up', alertId: '00000000-0000-7000-8000-000000000000' },
      { type: 'station.dismiss', reason: 'x' },
    ]),
  }
}

export type SourceRow = {
  readonly id: string
  readonly state: StationSource
  readonly nextAt: Date | null
  readonly triedAt: Date | null
  readonly succeededAt: Date | null
  readonly failures: number | null
  readonly error: string | null
  readonly errorDetail: string | null
  readonly kept: string | null
  readonly badRows: readonly BadRow[] | null
}

export function sourceView(scene: Scene, row: SourceRow): SourceView {
  const { id, state } = row
  const { format } = state
  const status = state.paused !== null ? 'paused' : row.error !== null ? 'failing' : row.succeededAt === null ? 'waiting' : 'fine'
  const samples = [{ type: 'station.pause-source', reason: 'x' } as const, { type: 'station.resume-source' } as const]
  return {
    id,
    name: state.name,
    url: state.url,
    kind: format.kind,
    every: state.every,
    owner: reference(scene, state.owner),
    status,
    paused: state.paused,
    triedAt: row.triedAt?.toISOString() ?? null,
    succeededAt: row.succeededAt?.toISOString() ?? null,
    nextAt: row.nextAt?.toISOString() ?? null,
    failures: row.failures ?? 0,
    error: row.error,
    errorDetail: row.errorDetail,
    kept: Number(row.kept ?? 0),
    badRows: row.badRows ?? [],
    format: format.kind === 'sensorthings' ? { mapping: null, streams: format.streams } : { mapping: format.mapping, streams: [] },
    actions: samples.flatMap((sample) => actionsOf(scene, stationSource, state, sourceThing(state, sample), [sample])),
  }
}

/** The newest readings of each indicator of these stations, and those that the watched windows still hold. */
export async function readSeries(sql: TransactionSql, ids: readonly string[]): Promise<ReadonlyMap<string, readonly SeriesRow[]>> {
  const rows = await sql<SeriesRow[]>`
    select s.station_id as "stationId", s.indicator, s.last_at as "lastAt", s.last_value as "lastValue", s.odd_at as "oddAt", s.odd_value as "oddValue",
      coalesce((select json_agg(json_build_array(to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), t.value) order by t.at) from (
        select r.at, r.value from reading r where r.station_id = s.station_id and r.indicator = s.indicator and r.possible
        order by r.at desc limit ${TREND_MAX}) t), '[]') as recent
    from series s where s.station_id = any(${[...ids]}::uuid[])`
  return Map.groupBy(rows, (row) => row.stationId)
}

/** What the windows of these gauges hold now, asked at once: sums and extremes of amounts and levels. */
export async function readWindows(
  sql: TransactionSql,
  asked: readonly {
    readonly stationId: string
    readonly indicator: string
    readonly of: Step['of']
    readonly over: string
    readonly to: string
  }[],
): Promise<ReadonlyMap<string, number>> {
  if (asked.length === 0) return new Map()
  const rows = await sql<{ stationId: string; indicator: string; sum: number; max: number; min: number; mean: number }[]>`
    select a.station_id as "stationId", a.indicator, sum(r.value) as sum, max(r.value) as max, min(r.value) as min, avg(r.value) as mean
    from unnest(${asked.map((one) => one.stationId)}::uuid[], ${asked.map((one) => one.indicator)}::text[],
      ${asked.map((one) => fromMs(toMs(one.to) - durationMs(one.over)))}::timestamptz[], ${asked.map((one) => one.to)}::timestamptz[]) as a(station_id, indicator, since, until)
    join reading r on r.station_id = a.station_id and r.indicator = a.indicator and r.at > a.since and r.at <= a.until
    where r.possible group by a.station_id, a.indicator`
  const how = new Map(asked.map((one) => [`${one.stationId}|${one.indicator}`, one.of]))
  return new Map(
    rows.map((row) => {
      const key = `${row.stationId}|${row.indicator}`
      const of = how.get(key)
      const value = of === 'sum' ? row.sum : of === 'max' ? row.max : of === 'min' ? row.min : row.mean
      return [key, Math.round(value * 10_000) / 10_000]
    }),
  )
}
