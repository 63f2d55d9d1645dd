/** Comma-separated values as RFC 4180 has them, and as they come: another separator, a byte-order mark, either line end. */
const LINES_MAX = 100_000
const CELLS_MAX = 200

export type Csv = {
  readonly head: readonly string[]
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[]
}

/** The first line names the columns. Empty lines are passed over; lines count from 1. Past the maximum nothing is read. */
export function readCsv(text: string, separator = ','): Csv {
  const rows: { line: number; cells: string[] }[] = []
  let cells: string[] = []
  let cell = ''
  let quoted = false
  let [line, began] = [1, 1]
  const end = (): void => {
    cells.push(cell)
    if (cells.length > 1 || cell.trim() !== '') rows.push({ line: began, cells: cells.slice(0, CELLS_MAX) })
    cells = []
    cell = ''
  }
  const plain = text.replace(/^\uFEFF/, '')
  for (let i = 0; i < plain.length && rows.length <= LINES_MAX; i++) {
    const letter = plain[i] ?? ''
    if (letter === '\n') line++
    if (quoted) {
      if (letter !== '"') cell += letter
      else if (plain[i + 1] === '"') {
        cell += '"'
        i++
      } else quoted = false
    } else if (letter === '"' && cell === '') quoted = true
    else if (letter === separator) {
      cells.push(cell)
      cell = ''
    } else if (letter === '\n') {
      end()
      began = line
    } else if (letter !== '\r') cell += letter
  }
  if (cell !== '' || cells.length > 0) end()
  const [head, ...rest] = rows
  return { head: (head?.cells ?? []).map((name) => name.trim()), rows: rest }
}
