/** The matrix as a file: CSV, a workbook, a printed page. All three hold the same tables. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import writeWorkbook from 'write-excel-file/node'
import { csvOf, headingOf, tablesOf, type Table, type Told } from '#core/matrix.ts'
import type { MatrixView } from '#core/view/matrix.ts'
import type { Desk } from '../room.ts'
import { printPdf } from './pdf.ts'
import { asked, type Asked } from './scope.ts'
import { speaker, type Saying } from './words.ts'

/** One file name for all, in ASCII: what it holds is said inside. */
const nameOf = ({ scope }: Asked, ending: string): string =>
  `matrix-${scope.area}-${scope.hazard ?? 'all'}-${scope.on}.${ending}`.replaceAll(/[^\w.-]/g, '_')

export function toldOf({ scope, histories: _, ...rest }: Asked, view: MatrixView): Told {
  const columns = [...view.columns, ...view.gone]
  const names = new Map(columns.map((one) => [one.key, one.organization?.name ?? null]))
  return { ...view, scope, area: rest.view.area.name, names: (column) => names.get(column) ?? null }
}

const WIDTH_FIRST = 22
const WIDTH = 14
const WIDTH_MAX = 48

/** How wide a column of text is, in characters of Latin width. */
const widthOf = (table: Table, index: number): number => {
  const wide = (text: string): number => [...text].reduce((sum, char) => sum + (char > '\u2E7F' ? 2 : 1), 0)
  const longest = Math.max(...[table.head, ...table.rows.slice(0, 500)].map((row) => wide(row[index] ?? '')))
  return Math.min(WIDTH_MAX, Math.max(index === 0 ? WIDTH_FIRST : WIDTH, longest + 2))
}

/** One sheet for each table, its head and first column standing still. */
export async function workbookOf(tables: readonly Table[]): Promise<Buffer> {
  const plain = { type: String, wrap: true, alignVertical: 'top' } as const
  const sheets = tables.map((table) => ({
    sheet: table.title.slice(0, 31),
    stickyRowsCount: 1,
    stickyColumnsCount: 1,
    columns: table.head.map((_, index) => ({
      width: table.sheet === 'matrix' ? (index === 0 ? WIDTH_FIRST : WIDTH) : widthOf(table, index),
    })),
    data: [
      table.head.map((value) => ({ ...plain, value, fontWeight: 'bold' as const, backgroundColor: '#E2EEF5' })),
      ...table.rows.map((row) => row.map((value) => (value === '' ? null : { ...plain, value }))),
    ],
  }))
  return writeWorkbook(sheets).toBuffer()
}

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
} as const
type Ending = keyof typeof TYPES

/** GET /api/matrix.csv, .xlsx, .pdf, with the fields of /api/matrix, `lang`, and for CSV the `sheet`. */
export function documentRoutes(app: FastifyInstance, desk: Desk, viewOf: (asked: Asked) => MatrixView): void {
  const send = async (request: FastifyRequest, reply: FastifyReply, ending: Ending): Promise<FastifyReply> => {
    const about = await asked(desk, request)
    const { lang = 'zh-CN', sheet } = about.query
    const told = toldOf(about, viewOf(about))
    const say = speaker(lang)
    const tables = tablesOf(told, say)
    const body = await bodyOf(ending, tables, told, say, sheet ?? (told.changes === null ? 'matrix' : 'changes'))
    return reply
      .type(TYPES[ending])
      .header('content-disposition', `attachment; filename="${nameOf(about, ending)}"`)
      .send(body)
  }
  for (const ending of ['csv', 'xlsx', 'pdf'] as const) app.get(`/api/matrix.${ending}`, (request, reply) => send(request, reply, ending))
}

async function bodyOf(ending: Ending, tables: readonly Table[], told: Told, say: Saying, sheet: Table['sheet']): Promise<Buffer | string> {
  switch (ending) {
    case 'csv': {
      const table = tables.find((one) => one.sheet === sheet) ?? tables[0]
      return table === undefined ? '' : csvOf(table)
    }
    case 'xlsx':
      return workbookOf(tables)
    case 'pdf':
      return printPdf({ lang: say.lang, heading: headingOf(told, say), none: say.label('none'), tables })
  }
}
