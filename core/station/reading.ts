/** Readings as they come, by hand, from a file or from a feed: every row is parsed by itself, and a bad one is named. */
import { z } from 'zod/mini'
import { Slug } from '../id.ts'
import { InstantText } from '../time.ts'
import { VALUE_MAX } from './indicator.ts'
import { readCsv } from './csv.ts'

/** `station`: its code or its id; `value` in the indicator's unit. */
export type Row = {
  /** Where it stood: the line of a file, the number of an item from 1. */
  readonly row: number
  readonly station: string
  readonly indicator: string
  readonly at: string
  readonly value: number
  readonly unit: string | null
}
export const RowProblem = z.enum([
  'malformed',
  'column-missing',
  'station-missing',
  'station-unknown',
  'station-retired',
  'indicator-malformed',
  'indicator-unknown',
  'time-malformed',
  'time-in-future',
  'time-too-old',
  'value-malformed',
  'unit-differs',
  'not-yours',
])
export type RowProblem = z.infer<typeof RowProblem>
export type BadRow = { readonly row: number; readonly problem: RowProblem; readonly said: string }
export type Rows = { readonly rows: readonly Row[]; readonly bad: readonly BadRow[] }

/**
 * Where the parts of a row stand in a CSV (column names) or a JSON (dotted paths below one item). A text that begins with
 * `=` is meant as it stands, such as `=rain`. `items`: the path to the list; left out, the document is the list itself.
 */
const Place = z.string().check(z.minLength(1), z.maxLength(200))
export const Mapping = z.strictObject({
  items: z.optional(Place),
  station: Place,
  at: Place,
  /** For times without an offset of their own. */
  offset: z.optional(z.string().check(z.regex(/^(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/))),
  separator: z.optional(z.enum([',', ';', '\t', '|'])),
  values: z.array(z.strictObject({ indicator: Place, value: Place, unit: z.optional(Place) })).check(z.minLength(1), z.maxLength(50)),
})
export type Mapping = z.infer<typeof Mapping>

/** How readings stand in a file of our own: `station,indicator,at,value` and perhaps `unit`. */
export const OWN_MAPPING: Mapping = { station: 'station', at: 'at', values: [{ indicator: 'indicator', value: 'value', unit: 'unit' }] }

const SAID_MAX = 120
const said = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, SAID_MAX)

const BARE_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)$/
const SPACED_TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}\S*)$/
/** Seconds or milliseconds since 1970: what is above is milliseconds, being past the year 5000 otherwise. */
const SECONDS_MAX = 100_000_000_000

function timeOf(value: unknown, offset: string | undefined): string | null {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) {
    const ms = value < SECONDS_MAX ? value * 1000 : value
    return ms < 8.64e15 ? new Date(ms).toISOString() : null
  }
  if (typeof value !== 'string') return null
  const text = value.trim()
  const bare = BARE_TIME.exec(text)
  const whole = bare === null ? text.replace(SPACED_TIME, '$1T$2') : offset === undefined ? text : `${bare[1]}T${bare[2]}${offset}`
  const parsed = InstantText.safeParse(whole)
  return parsed.success ? parsed.data : null
}

/** What stations write for "no value"; it is passed over, and their silence shows. */
const NOTHING: ReadonlySet<unknown> = new Set(['', '-', '--', 'NA', 'N/A', 'NaN', 'null', null, undefined])
function valueOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && Math.abs(number) <= VALUE_MAX ? number : null
}

type Read = (place: string) => unknown

/** The readings of one line or item by the mapping; several where it holds several values. */
export function rowsOf(mapping: Mapping, row: number, read: Read): Rows {
  const get = (place: string): unknown => (place.startsWith('=') ? place.slice(1) : read(place))
  const bad = (problem: RowProblem, value: unknown): Rows => ({ rows: [], bad: [{ row, problem, said: said(value) }] })
  const station = get(mapping.station)
  const name = typeof station === 'number' ? String(station) : typeof station === 'string' ? station.trim() : ''
  if (name === '') return bad('station-missing', station)
  const at = timeOf(get(mapping.at), mapping.offset)
  if (at === null) return bad('time-malformed', get(mapping.at))
  const rows: Row[] = []
  const problems: BadRow[] = []
  for (const one of mapping.values) {
    const given = get(one.value)
    if (NOTHING.has(typeof given === 'string' ? given.trim() : given)) {
      if (mapping.values.length === 1) problems.push({ row, problem: 'value-malformed', said: said(given ?? '') })
      continue
    }
    const indicator = Slug.safeParse(get(one.indicator))
    const value = valueOf(given)
    const unit = one.unit === undefined ? null : get(one.unit)
    if (!indicator.success) problems.push({ row, problem: 'indicator-malformed', said: said(get(one.indicator) ?? '') })
    else if (value === null) problems.push({ row, problem: 'value-malformed', said: said(given) })
    else
      rows.push({
        row,
        station: name,
        indicator: indicator.data,
        at,
        value,
        unit: typeof unit === 'string' && unit.trim() !== '' ? unit.trim() : null,
      })
  }
  return { rows, bad: problems }
}

const joined = (all: readonly Rows[]): Rows => ({ rows: all.flatMap((one) => one.rows), bad: all.flatMap((one) => one.bad) })

/** Rows of a CSV text. A column that the mapping names and the head lacks is said once, and nothing is read. */
export function rowsOfCsv(text: string, mapping: Mapping = OWN_MAPPING): Rows {
  const { head, rows } = readCsv(text, mapping.separator ?? ',')
  const at = new Map(head.map((name, i) => [name, i]))
  const wanted = [mapping.station, mapping.at, ...mapping.values.flatMap((one) => [one.indicator, one.value])]
  const missing = wanted.filter((name) => !name.startsWith('=') && !at.has(name))
  if (missing.length > 0) return { rows: [], bad: [{ row: 1, problem: 'column-missing', said: said(missing.join(', ')) }] }
  return joined(rows.map(({ line, cells }) => rowsOf(mapping, line, (name) => cells[at.get(name) ?? -1])))
}

const PATH_MAX = 12

/** A member below the value: `data.items.0.t`. */
function memberAt(value: unknown, path: string): unknown {
  let found = value
  for (const part of path.split('.').slice(0, PATH_MAX)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined
    found = (found as Readonly<Record<string, unknown>>)[part]
  }
  return found
}

/** Rows of a JSON document; null where there is no list at the place. */
export function rowsOfJson(document: unknown, mapping: Mapping = OWN_MAPPING): Rows | null {
  const items = mapping.items === undefined ? document : memberAt(document, mapping.items)
  if (!Array.isArray(items)) return null
  return joined(
    items.map((item: unknown, i) =>
      typeof item === 'object' && item !== null
        ? rowsOf(mapping, i + 1, (path) => memberAt(item, path))
        : { rows: [], bad: [{ row: i + 1, problem: 'malformed', said: said(item) }] },
    ),
  )
}

// ── OGC SensorThings 1.1

/** Which Datastream is which indicator of which station. `unit`: what the service calls it, where it is not our unit. */
export const Stream = z.strictObject({
  datastream: z.string().check(z.minLength(1), z.maxLength(200)),
  station: z.string().check(z.minLength(1), z.maxLength(60)),
  indicator: Slug,
  unit: z.optional(z.string().check(z.minLength(1), z.maxLength(40))),
})
export type Stream = z.infer<typeof Stream>

/** `/Datastreams(12)` or `/Datastreams('a')`: a number stands bare, anything else in quotes, a quote in it doubled. */
export const datastreamPath = (id: string): string => `Datastreams(${/^\d{1,18}$/.test(id) ? id : `'${id.replaceAll("'", "''")}'`})`

/** The unit that a Datastream declares: its UCUM code where the definition names one, and its symbol. */
export function unitsOfDatastream(document: unknown): readonly string[] {
  const unit = memberAt(document, 'unitOfMeasurement')
  const text = (name: string): string => {
    const found = memberAt(unit, name)
    return typeof found === 'string' ? found : ''
  }
  const code = /ucum(?:\.html)?[:/#](?:para-)?(?<code>\S+)$/i.exec(text('definition'))?.groups?.code ?? ''
  return [decoded(code), text('symbol'), text('name')].filter((one) => one !== '')
}
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export type Page = Rows & { readonly next: string | null; readonly newest: string | null }

/** One page of Observations. Null where it is none. A time that is an interval counts at its end. */
export function rowsOfObservations(document: unknown, { station, indicator }: Stream): Page | null {
  const value = memberAt(document, 'value')
  if (!Array.isArray(value)) return null
  const link = typeof document === 'object' && document !== null ? (document as Readonly<Record<string, unknown>>)['@iot.nextLink'] : null
  const read =
    (item: unknown) =>
    (path: string): unknown => {
      const found = memberAt(item, path)
      return path === 'phenomenonTime' && typeof found === 'string' ? (found.split('/').at(-1) ?? '') : found
    }
  const mapping: Mapping = { station: `=${station}`, at: 'phenomenonTime', values: [{ indicator: `=${indicator}`, value: 'result' }] }
  const { rows, bad } = joined(value.map((item: unknown, i) => rowsOf(mapping, i + 1, read(item))))
  const newest = rows.reduce<string | null>((latest, one) => (latest === null || one.at > latest ? one.at : latest), null)
  return { rows, bad, next: typeof link === 'string' && link !== '' ? link : null, newest }
}
