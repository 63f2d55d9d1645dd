/** Reports as lines of a CSV file (RFC 4180): read whole or not at all, each mistake with its line. */
import { InstantText } from '../time.ts'
import { Channel, Haste, IntakeCommand, type Of } from './command.ts'

export const ROWS_MAX = 5000
const PROBLEMS_MAX = 100
const COLUMNS_MAX = 60

/** `problem` is a code; the column is the file's own name for it, or empty. */
export type ImportProblem = { readonly line: number; readonly column: string; readonly problem: string }

export type Line = { readonly line: number; readonly cells: readonly string[] }

/** The lines of a file, quoted cells put together; null with the line where a quoted cell never ends. Empty lines are left out. */
export function readCsv(text: string): readonly Line[] | { readonly unclosed: number } {
  const lines: Line[] = []
  let [line, began, cell, cells, quoted]: [number, number, string, string[], boolean] = [1, 1, '', [], false]
  const source = text.replace(/^\ufeff/, '')
  const endLine = (): void => {
    cells.push(cell)
    if (cells.some((one) => one.trim() !== '')) lines.push({ line: began, cells })
    cells = []
    cell = ''
  }
  for (let at = 0; at < source.length && lines.length <= ROWS_MAX + 1; at++) {
    const one = source[at] ?? ''
    if (one === '\n') line++
    if (quoted) {
      if (one !== '"') cell += one
      else if (source[at + 1] === '"') cell += source[++at] ?? ''
      else quoted = false
    } else if (one === '"' && cell === '') quoted = true
    else if (one === ',') {
      cells.push(cell)
      cell = ''
    } else if (one === '\n') {
      endLine()
      began = line
    } else if (one !== '\r') cell += one
  }
  if (quoted) return { unclosed: began }
  endLine()
  return lines
}

/** A cell that no spreadsheet takes for a formula: what begins like one has an apostrophe before it. */
export function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`

/** As we write it, or as a spreadsheet has it where our apostrophe was kept. */
const plainCell = (cell: string): string => cell.trim().replace(/^'(?=[=+\-@])/, '')

/** The columns and what they are also called. `text`, `when`, and `place` or both coordinates must be there. */
export const COLUMNS = {
  key: ['编号'],
  when: ['时间'],
  text: ['内容'],
  place: ['地点'],
  lat: ['纬度'],
  lon: ['经度'],
  hazard: ['类型'],
  haste: ['紧急程度'],
  people: ['人员'],
  contact: ['联系方式'],
  channel: ['渠道'],
} as const
type Column = keyof typeof COLUMNS
const NAMES = Object.keys(COLUMNS) as readonly Column[]

const columnOf = (head: string): Column | null => {
  const name = head.trim().toLowerCase()
  return NAMES.find((column) => column === name || (COLUMNS[column] as readonly string[]).includes(name)) ?? null
}

export type ImportRow = { readonly line: number; readonly key: string; readonly command: Of<'intake.take-down'> }
export type Import =
  | { readonly ok: true; readonly rows: readonly ImportRow[] }
  | { readonly ok: false; readonly problems: readonly ImportProblem[]; readonly more: number }

const wrong = (line: number, column: string, problem: string): Import => ({ ok: false, problems: [{ line, column, problem }], more: 0 })

/**
 * The reports of a file. One bad line and none is taken: `problem` is a code. `zone` and `offset` (such as `+08:00`) hold for
 * times without one; `keyOf` makes the key of a line that has none, so that the same line is the same report.
 */
export function readImport(
  text: string,
  { zone, offset, keyOf }: { readonly zone: string; readonly offset: string; readonly keyOf: (line: string) => string },
): Import {
  const lines = readCsv(text)
  if ('unclosed' in lines) return wrong(lines.unclosed, '', 'unclosed-quote')
  const [head, ...rest] = lines
  if (head === undefined || rest.length === 0) return wrong(1, '', 'no-rows')
  if (rest.length > ROWS_MAX) return wrong(rest[ROWS_MAX]?.line ?? 1, '', 'too-many-rows')
  if (head.cells.length > COLUMNS_MAX) return wrong(1, '', 'too-many-columns')
  const columns = head.cells.map(columnOf)
  const missing = (['text', 'when'] as const).find((name) => !columns.includes(name))
  if (missing !== undefined) return wrong(head.line, missing, 'no-column')
  const problems: ImportProblem[] = []
  const rows: ImportRow[] = []
  const keys = new Set<string>()
  for (const { line, cells } of rest) {
    const row = new Map(columns.flatMap((name, i) => (name === null ? [] : [[name, plainCell(cells[i] ?? '')] as const])))
    const key = row.get('key') || keyOf(JSON.stringify([...row]))
    const made = cells.length > columns.length ? { column: '', problem: 'too-many-cells' } : commandOf(row, key, zone, offset)
    if ('problem' in made) problems.push({ line, ...made })
    else if (keys.has(key)) problems.push({ line, column: 'key', problem: 'key-twice' })
    else rows.push({ line, key, command: made })
    keys.add(key)
  }
  return problems.length === 0
    ? { ok: true, rows }
    : { ok: false, problems: problems.slice(0, PROBLEMS_MAX), more: Math.max(0, problems.length - PROBLEMS_MAX) }
}

type Bad = { readonly column: string; readonly problem: string }

function commandOf(row: ReadonlyMap<Column, string>, key: string, zone: string, offset: string): Of<'intake.take-down'> | Bad {
  const cell = (name: Column): string => row.get(name) ?? ''
  const or = (name: Column): string | null => (cell(name) === '' ? null : cell(name))
  const local = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::\d{2})?$/.exec(cell('when'))
  const two = (text = ''): string => text.padStart(2, '0')
  const when = local === null ? cell('when') : `${local[1]}-${two(local[2])}-${two(local[3])}T${two(local[4])}:${local[5]}:00${offset}`
  if (!InstantText.safeParse(when).success) return { column: 'when', problem: 'no-time' }
  const degree = (name: 'lat' | 'lon'): number | null => (or(name) === null ? null : Number(cell(name)))
  const [lat, lon] = [degree('lat'), degree('lon')]
  if (Number.isNaN(lat)) return { column: 'lat', problem: 'no-number' }
  if (Number.isNaN(lon)) return { column: 'lon', problem: 'no-number' }
  if (or('place') === null && lat === null) return { column: 'place', problem: 'no-place' }
  const haste = Haste.safeParse(or('haste') ?? 'soon')
  if (!haste.success) return { column: 'haste', problem: 'unknown-code' }
  const channel = Channel.safeParse(or('channel') ?? 'csv')
  if (!channel.success) return { column: 'channel', problem: 'unknown-code' }
  const parsed = IntakeCommand.safeParse({
    type: 'intake.take-down',
    text: cell('text'),
    place: { name: or('place'), lat, lon },
    hazard: or('hazard'),
    haste: haste.data,
    people: or('people'),
    channel: channel.data,
    originalAt: when,
    zone,
    contact: or('contact'),
    rowKey: key.slice(0, 100),
  })
  if (parsed.success && parsed.data.type === 'intake.take-down') return parsed.data
  const path = parsed.success ? [] : (parsed.error.issues[0]?.path ?? [])
  const [name = '', inner] = path.map(String)
  return { column: name === 'place' && (inner === 'lat' || inner === 'lon') ? inner : name, problem: 'malformed' }
}
