/** `muster readings`: readings of a file through thresholds, and what would have been proposed when. */
import { readFileSync } from 'node:fs'
import { OWN_MAPPING, rowsOfCsv, rowsOfJson, ThresholdSet, type Row, type Rows } from '#core/station.ts'
import { isPossible } from '#core/station/indicator.ts'
import { appliedTo, Watch, type Change } from '#core/station/watch.ts'
import { fromMs, toMs } from '#core/time.ts'
import { readFileAs } from '../pack.ts'
import { problemsOf, thresholdPack } from './thresholds.ts'

const BYTES_MAX = 256 * 1024 * 1024
const BAD_SHOWN = 50

export type ReadingsOptions = {
  readonly file: string
  readonly thresholds: readonly string[]
  readonly json: boolean
  readonly out: (text: string) => void
  readonly note: (text: string) => void
}

type Crossing = {
  readonly station: string
  readonly hazard: string
  /** The time of the reading that made it known. */
  readonly at: string
  readonly from: string | null
  readonly to: string | null
  readonly value: number
  readonly unit: string
  readonly indicator: string
  readonly of: string
  readonly over: string | null
  readonly limit: number
  readonly set: string
  readonly readings: number
}

/**
 * Exit 0: replayed, crossings or none; 1: there were bad rows, which are named and passed over; 2: a file cannot be read or a
 * set is looser than what binds. Readings are taken in the order of their times, as if each had come when it was measured.
 */
export function readingsCommand({ file, thresholds, json, out, note }: ReadingsOptions): number {
  const sets = setsOf(thresholds, note)
  const rows = sets === null ? null : rowsIn(file, note)
  if (sets === null || rows === null) return 2
  const { crossings, impossible, unwatched } = replayReadings(rows.rows, sets)
  if (json)
    out(
      JSON.stringify(
        { schema: 'muster/readings/1', readings: rows.rows.length, impossible, unwatched, bad: rows.bad.slice(0, BAD_SHOWN), crossings },
        null,
        2,
      ),
    )
  else {
    for (const one of crossings) out(lineOf(one))
    out(
      `${rows.rows.length} readings, ${crossings.filter((one) => isRise(one)).length} proposals, ${impossible} impossible values, ${rows.bad.length} bad rows`,
    )
    for (const one of rows.bad.slice(0, BAD_SHOWN)) out(`  row ${one.row}: ${one.problem} ${one.said}`)
  }
  return rows.bad.length > 0 ? 1 : 0
}

function setsOf(files: readonly string[], note: (text: string) => void): readonly ThresholdSet[] | null {
  const { sets: own, indicators } = thresholdPack()
  if (files.length === 0) return own
  const sets: ThresholdSet[] = []
  for (const file of files) {
    const loaded = readFileAs(file, ThresholdSet)
    const problems = loaded.ok ? problemsOf(file, loaded.value, indicators, own) : loaded.problems
    for (const one of problems) note(`${one.file}:${one.line}:${one.column}: ${one.path}: ${one.problem}`)
    if (problems.length > 0 || !loaded.ok) return null
    sets.push(loaded.value)
  }
  return sets
}

function rowsIn(file: string, note: (text: string) => void): Rows | null {
  try {
    const text = readFileSync(file, 'utf8')
    if (text.length > BYTES_MAX) throw new Error(`larger than ${BYTES_MAX} bytes`)
    if (!/^\s*[[{]/.test(text)) return rowsOfCsv(text, OWN_MAPPING)
    const rows = rowsOfJson(JSON.parse(text))
    if (rows === null) throw new Error('a list of readings was expected')
    return rows
  } catch (error) {
    note(`${file}: ${(error as Error).message}`)
    return null
  }
}

/** A station of the file measures what its rows say, in the catalogue's units and within its bounds. */
function replayReadings(
  rows: readonly Row[],
  sets: readonly ThresholdSet[],
): { readonly crossings: readonly Crossing[]; readonly impossible: number; readonly unwatched: number } {
  const { indicators } = thresholdPack()
  const watches = new Map<string, Watch>()
  for (const [code, own] of Map.groupBy(rows, (row) => row.station)) {
    const slugs = [...new Set(own.map((row) => row.indicator))]
    const stepUnit = (slug: string): string => sets.flatMap((one) => one.steps).find((step) => step.indicator === slug)?.unit ?? '1'
    const sensors = slugs.map((slug) => ({ slug, unit: indicators.get(slug)?.unit ?? stepUnit(slug) }))
    watches.set(code, new Watch(appliedTo({ code, sensors }, sets)))
  }
  const crossings: Crossing[] = []
  let [impossible, unwatched] = [0, 0]
  for (const row of rows.toSorted((a, b) => toMs(a.at) - toMs(b.at) || a.row - b.row)) {
    const known = indicators.get(row.indicator)
    if (known !== undefined && !isPossible(known, row.value)) {
      impossible++
      continue
    }
    if (!sets.some((one) => one.steps.some((step) => step.indicator === row.indicator))) unwatched++
    for (const change of watches.get(row.station)?.add(row.indicator, toMs(row.at), row.value) ?? [])
      crossings.push(crossingOf(row.station, change))
  }
  return { crossings, impossible, unwatched }
}

const crossingOf = (station: string, { hazard, atMs, from, to, applied, value, proof }: Change): Crossing => ({
  station,
  hazard,
  at: fromMs(atMs),
  from,
  to,
  value,
  unit: applied.step.unit,
  indicator: applied.step.indicator,
  of: applied.step.of,
  over: applied.step.over ?? null,
  limit: applied.step.value,
  set: applied.set,
  readings: proof.count,
})

const ORDER = ['blue', 'yellow', 'orange', 'red']
const isRise = ({ from, to }: Crossing): boolean => ORDER.indexOf(to ?? '') > ORDER.indexOf(from ?? '')
const CHINESE: Readonly<Record<string, string>> = { blue: '蓝色', yellow: '黄色', orange: '橙色', red: '红色' }

function lineOf(one: Crossing): string {
  const window = one.over === null ? one.of : `${one.of} of ${one.over}`
  const said =
    one.to === null
      ? `over 解除条件 (${one.from})`
      : isRise(one)
        ? `proposed ${one.to} 建议${CHINESE[one.to] ?? ''}预警`
        : `down to ${one.to} 降为${CHINESE[one.to] ?? ''}`
  return `${one.at}  ${one.station}  ${one.hazard}  ${said}  ${one.indicator} ${window} = ${one.value} ${one.unit} (limit ${one.limit}, ${one.set}, ${one.readings} readings)`
}
