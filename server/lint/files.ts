/** From texts to findings: files are read by their schema, checked together, and every finding gets its line. */
import { z } from 'zod/mini'
import { Instrument } from '#core/instrument.ts'
import { lint, type LintFinding, type LintOf, type LintOrganization, type LintPack } from '#core/lint.ts'
import { Scale, Vocabulary } from '#core/scale.ts'
import type { LintedView, LintProblem, LintReport } from '#core/view/lint.ts'
import { CommandsFile, DirectoryFile, pathText } from '../pack.ts'
import { readYaml, type Path, type Place } from '../yaml.ts'

export type LintText = { readonly name: string; readonly text: string }

/** What stands around the files that are checked: all of it is looked at, none of it is reported on. */
export type LintAround = Pick<LintPack, 'directory' | 'shared' | 'scales'> & { readonly instruments: readonly Instrument[] }

const PROBLEMS_MAX = 50

const SCHEMAS = {
  'muster/instrument/1': Instrument,
  'muster/scale/1': Scale,
  'muster/vocabulary/1': Vocabulary,
  'muster/directory/1': DirectoryFile,
  'muster/commands/1': CommandsFile,
} as const
type SchemaName = keyof typeof SCHEMAS
/** Files of the project that lay nothing down yet: a template is checked once it is made an instrument. */
const PASSED_OVER: ReadonlySet<string> = new Set(['muster/template/1'])
const Head = z.object({ schema: z.string() })

type Located = { readonly text: LintText; readonly placeOf: (path: Path) => Place }
type Read = {
  readonly instruments: (Located & { readonly value: Instrument })[]
  readonly scales: (Located & { readonly value: Scale })[]
  readonly vocabularies: (Located & { readonly value: Vocabulary })[]
  directory: (Located & { readonly value: DirectoryFile }) | null
  readonly problems: LintProblem[]
  /** Ids of files that could not be read whole: what names them is not wrong for that. */
  readonly halfRead: Set<string>
}

/** Checks texts together with what is around them, for one day. Malformed files and findings are told in one run. */
export const lintTexts = (texts: readonly LintText[], around: LintAround, on: string): LintReport => readAndLint(texts, around, on).report

/** The same, with the instruments that were read whole. */
export function readAndLint(
  texts: readonly LintText[],
  around: LintAround,
  on: string,
): { readonly report: LintReport; readonly instruments: readonly { readonly file: string; readonly instrument: Instrument }[] } {
  const read: Read = { instruments: [], scales: [], vocabularies: [], directory: null, problems: [], halfRead: new Set() }
  for (const text of texts) readOne(text, read)
  const findings = lint(packOf(read, around), { on }).filter(
    (one) => located(one, read) !== null && !(one.code === 'lint.higher-unknown' && read.halfRead.has(String(one.params.id))),
  )
  const placed = findings.map((one) => place(one, read)).toSorted(byPlace)
  const accepted = new Set(placed.filter((one) => one.accepted !== null))
  const instruments = read.instruments.map(({ text, value }) => ({ file: text.name, instrument: value }))
  const report: LintReport = {
    schema: 'muster/lint/1',
    ok: read.problems.length + placed.length === accepted.size,
    on,
    instruments: read.instruments.length,
    problems: read.problems,
    findings: placed.filter((one) => !accepted.has(one)),
    accepted: [...accepted],
  }
  return { report, instruments }
}

function readOne(text: LintText, read: Read): void {
  const yaml = readYaml(text.text)
  if (!yaml.ok) {
    read.problems.push({ file: text.name, ...yaml.place, path: '', problem: yaml.problem })
    return
  }
  const head = Head.safeParse(yaml.value)
  if (head.success && PASSED_OVER.has(head.data.schema)) return
  const name = head.success && Object.hasOwn(SCHEMAS, head.data.schema) ? (head.data.schema as SchemaName) : 'muster/instrument/1'
  const parsed = SCHEMAS[name].safeParse(yaml.value)
  if (!parsed.success) {
    const { id } = (yaml.value ?? {}) as { readonly id?: unknown }
    if (typeof id === 'string') read.halfRead.add(id)
    for (const issue of parsed.error.issues.slice(0, PROBLEMS_MAX))
      read.problems.push({ file: text.name, ...yaml.placeOf(issue.path), path: pathText(issue.path), problem: issue.message })
    return
  }
  const value: unknown = parsed.data
  const located = { text, placeOf: yaml.placeOf }
  // Each schema was just held against the value; the name says which.
  if (name === 'muster/instrument/1') read.instruments.push({ ...located, value: value as Instrument })
  if (name === 'muster/scale/1') read.scales.push({ ...located, value: value as Scale })
  if (name === 'muster/vocabulary/1') read.vocabularies.push({ ...located, value: value as Vocabulary })
  if (name === 'muster/directory/1') read.directory ??= { ...located, value: value as DirectoryFile }
}

function packOf(read: Read, around: LintAround): LintPack {
  const own = new Set(read.instruments.map((one) => one.value.id))
  const directory = read.directory === null ? around.directory : { organizations: read.directory.value.organizations.map(organization) }
  const scales = [...read.scales.map((one) => one.value), ...(around.scales ?? [])]
  return {
    instruments: [...read.instruments.map((one) => one.value), ...around.instruments.filter((one) => !own.has(one.id))],
    vocabularies: read.vocabularies.map((one) => one.value),
    ...(scales.length > 0 || around.scales !== undefined ? { scales } : {}),
    ...(directory === undefined ? {} : { directory }),
    ...(around.shared === undefined ? {} : { shared: around.shared }),
  }
}

const organization = ({ key, functions, jurisdiction, superior, posts }: DirectoryFile['organizations'][number]): LintOrganization => ({
  id: key,
  functions,
  jurisdiction,
  superior,
  posts: posts.map((post) => ({
    id: post.key,
    ...(post.holders === undefined ? {} : { holders: post.holders }),
    ...(post.confirmedOn === undefined ? {} : { confirmedOn: post.confirmedOn }),
  })),
})

function located({ of, index }: { readonly of: LintOf; readonly index: number }, read: Read): Located | null {
  if (of === 'directory') return read.directory
  const all = of === 'instrument' ? read.instruments : of === 'scale' ? read.scales : read.vocabularies
  return all[index] ?? null
}

function place({ of, index, ...finding }: LintFinding, read: Read): LintedView {
  const found = located({ of, index }, read)
  const at = found?.placeOf(pathOf(finding.path)) ?? { line: 0, column: 0 }
  return {
    ...finding,
    of,
    file: found?.text.name ?? '',
    ...at,
    accepted: found === null ? null : acceptedAt(found.text.text, at.line, finding.code),
  }
}

/** `clauses[3].limit.within` → clauses, 3, limit, within. */
const pathOf = (path: string): Path => path.split(/[.[\]]+/).filter((part) => part !== '')

const ACCEPTED = /#\s*accepted\s+(lint\.[a-z-]+)\s*:\s*(\S.*)$/
const COMMENT = /^\s*#/
const LINES_ABOVE_MAX = 10

/**
 * Why somebody answers for the finding: `# accepted lint.no-backup: one hospital serves the island`, at the end of its
 * line or on the comment lines right above it. Null where nobody does.
 */
function acceptedAt(text: string, line: number, code: string): string | null {
  if (!text.includes('accepted lint.')) return null
  const lines = text.split('\n')
  for (let at = line - 1; at >= 0 && at > line - 1 - LINES_ABOVE_MAX; at--) {
    const here = lines[at] ?? ''
    if (at < line - 1 && !COMMENT.test(here)) return null
    const found = ACCEPTED.exec(here)
    if (found?.[1] === code) return found[2]?.trim() ?? null
  }
  return null
}

const byPlace = (a: LintedView, b: LintedView): number =>
  a.file === b.file ? a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : 1) : a.file < b.file ? -1 : 1
