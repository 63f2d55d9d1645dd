/** The register in and out as CSV: every bad line is named, and with one bad line nothing is taken. */
import { z } from 'zod/mini'
import { may } from '#core/authority.ts'
import { Refusal } from '#core/decider.ts'
import type { Relations } from '#core/directory/relations.ts'
import { csvOf } from '#core/matrix.ts'
import { Uuid } from '#core/id.ts'
import { risk, riskThing, type RiskCommand, type Substance } from '#core/risk.ts'
import { CSV_COLUMNS, CSV_REQUIRED, csvRowOf, registerOf, type ByName, type CsvColumn, type CsvProblem } from '#core/risk/csv.ts'
import { readCsv } from '#core/station/csv.ts'
import type { RiskImportView } from '#core/view/risk.ts'
import { idFrom } from '../clock.ts'
import type { TransactionSql } from '../database.ts'
import type { Scene } from '../present.ts'
import type { Sight } from '../room.ts'
import { columns, type RiskRow } from './view.ts'

export const IMPORT_BYTES_MAX = 4 * 1024 * 1024
const LINES_MAX = 5000
const PROBLEMS_MAX = 500
const AT_ONCE = 250
const EXPORT_MAX = 50_000

export const ImportBody = z.strictObject({ csv: z.string().check(z.maxLength(IMPORT_BYTES_MAX)) })

type Problem = RiskImportView['problems'][number]
type Line = { readonly line: number; readonly id: string; readonly commandId: string; readonly command: RiskCommand }

const isColumn = (name: string): name is CsvColumn => (CSV_COLUMNS as readonly string[]).includes(name)

/** By its id, else by a name that only one organization bears. */
function organizationsByName(relations: Relations): ByName {
  const byName = new Map<string, string | null>()
  for (const { id, name } of relations.all())
    for (const one of new Set([name['zh-CN'], name.en])) byName.set(one, byName.has(one) ? null : id)
  return (text) => (Uuid.safeParse(text).success ? (relations.find(text)?.id ?? null) : (byName.get(text) ?? null))
}

/**
 * Registers every line, or none. The same file sent again changes nothing: an item is known by who sent it and its own code,
 * so that a file cut off by a crash is sent again and goes on where it stopped.
 */
export async function importCsv({ world, asker, scene }: Sight, csv: string): Promise<RiskImportView> {
  const { head, rows } = readCsv(csv)
  const wrongHead = headProblems(head)
  if (wrongHead.length > 0) return { registered: 0, unchanged: 0, problems: wrongHead }
  if (rows.length > LINES_MAX)
    return {
      registered: 0,
      unchanged: 0,
      problems: [{ line: LINES_MAX + 2, column: null, problem: 'too-many-lines', value: String(rows.length) }],
    }
  const byName = organizationsByName(scene.relations)
  const problems: Problem[] = []
  const lines: Line[] = []
  const codes = new Map<string, number>()
  for (const { line, cells } of rows) {
    const add = (found: readonly CsvProblem[]): void => void problems.push(...found.map((one) => ({ line, ...one })))
    if (cells.length !== head.length) {
      add([{ column: null, problem: 'cells', value: `${cells.length} / ${head.length}` }])
      continue
    }
    const row = Object.fromEntries(head.map((name, i) => [name, unguarded(cells[i] ?? '')]))
    const command = registerOf(row, byName)
    if (!('type' in command)) {
      add(command)
      continue
    }
    const code = (row.code ?? '').trim()
    const before = codes.get(code)
    if (before !== undefined) add([{ column: 'code', problem: 'twice', value: code }])
    codes.set(code, line)
    const refused = refusalOf(command, scene)
    if (refused !== null) add([refused])
    const id = idFrom(`risk|${asker.viewer.organizationId}|${code}`)
    lines.push({ line, id, commandId: idFrom(`risk|${id}|${JSON.stringify(command)}`), command })
  }
  const done = await readDone(world.sql, lines)
  for (const { line, id, commandId, command } of lines)
    if (done.items.has(id) && !done.commands.has(commandId))
      problems.push({ line, column: 'code', problem: 'already-registered', value: 'name' in command ? nameText(command) : '' })
  if (problems.length > 0)
    return { registered: 0, unchanged: 0, problems: problems.toSorted((a, b) => a.line - b.line).slice(0, PROBLEMS_MAX) }
  return apply(
    { world, asker },
    lines.filter(({ commandId }) => !done.commands.has(commandId)),
    done.commands.size,
  )
}

async function apply({ world, asker }: Pick<Sight, 'world' | 'asker'>, lines: readonly Line[], unchanged: number): Promise<RiskImportView> {
  const problems: Problem[] = []
  let registered = 0
  for (let i = 0; i < lines.length; i += AT_ONCE) {
    const some = lines.slice(i, i + AT_ONCE)
    const outcomes = await Promise.all(
      some.map(({ id, commandId, command }) => world.handle({ room: 'risk', id, command, commandId, doer: asker.doer })),
    )
    for (const [j, outcome] of outcomes.entries())
      if (outcome instanceof Refusal) problems.push({ line: some[j]?.line ?? 0, column: null, problem: 'refused', value: outcome.code })
      else registered++
  }
  return { registered, unchanged, problems }
}

const nameText = (command: RiskCommand): string =>
  command.type !== 'risk.register' ? '' : typeof command.name === 'string' ? command.name : command.name['zh-CN']

/** The apostrophe that csvOf puts before what a table program would take for a formula. */
const unguarded = (text: string): string => (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text)

function headProblems(head: readonly string[]): readonly Problem[] {
  const strange = head
    .filter((name) => !isColumn(name))
    .map((name) => ({ line: 1, column: null, problem: 'no-such-column', value: name.slice(0, 60) }))
  const absent = CSV_REQUIRED.filter((name) => !head.includes(name)).map((name) => ({
    line: 1,
    column: name,
    problem: 'missing',
    value: '',
  }))
  const twice = head
    .filter((name, i) => head.indexOf(name) !== i)
    .map((name) => ({ line: 1, column: null, problem: 'twice', value: name.slice(0, 60) }))
  return [...strange, ...absent, ...twice].slice(0, PROBLEMS_MAX)
}

/** What authority or the law of the item would say, asked before anything is done. */
function refusalOf(command: RiskCommand, scene: Scene): CsvProblem | null {
  const by = { actor: scene.doer.actor, at: scene.now, occurredAt: scene.now, commandId: '' }
  const no = may(scene.doer, command.type, riskThing(null, command), scene.relations) ?? risk.decide(null, command, by)
  return no instanceof Refusal ? { column: null, problem: 'refused', value: no.code } : null
}

async function readDone(
  sql: Sight['world']['sql'],
  lines: readonly Line[],
): Promise<{ items: ReadonlySet<string>; commands: ReadonlySet<string> }> {
  const [items, commands] = await Promise.all([
    sql<{ id: string }[]>`select id from risk where id = any(${lines.map(({ id }) => id)})`,
    sql<{ id: string }[]>`select distinct command_id as id from event where command_id = any(${lines.map(({ commandId }) => commandId)})`,
  ])
  return { items: new Set(items.map(({ id }) => id)), commands: new Set(commands.map(({ id }) => id)) }
}

/** All open items that the asker sees, at most 50,000, what is stored only where he may read it. */
export async function exportCsv(sql: TransactionSql, scene: Scene): Promise<string> {
  const rows = await sql<(RiskRow & { store: readonly Substance[] | null })[]>`
    select ${columns(sql)}, s.store from risk r left join risk_store s on s.id = r.id
    where r.open order by r.jurisdiction, r.id limit ${EXPORT_MAX}`
  const nameOf = (id: string): string => scene.relations.find(id)?.name['zh-CN'] ?? id
  return csvOf({ head: CSV_COLUMNS, rows: rows.map(({ id, state, store }) => csvRowOf(id, state, store, nameOf)) })
}
