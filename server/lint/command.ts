/** `bin/muster lint`: files and folders in, findings with file, line and column out. It loads nothing of the server, so that it starts fast. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { LintedView, LintProblem, LintReport } from '#core/view/lint.ts'
import { lint as english } from '../../web/locales/en/lint.ts'
import { lint as chinese } from '../../web/locales/zh-CN/lint.ts'
import { lintTexts, type LintText } from './files.ts'
import { knownScales, sharedWords } from './shared.ts'

const FILES_MAX = 2000
const BYTES_MAX = 8 * 1024 * 1024
const DEPTH_MAX = 8

export type LintCommand = {
  readonly paths: readonly string[]
  readonly on: string
  readonly format: 'words' | 'unix' | 'json'
  readonly out: (text: string) => void
}

/** Checks the files together and prints what is wrong. Answers the exit code: 0, or 1 where something was found. */
export function lintCommand({ paths, on, format, out }: LintCommand): number {
  const { texts, problems } = readTexts(paths)
  // The project's own scales are at hand, unless nobody asks for one.
  const scales = texts.some((one) => /^scale:/m.test(one.text)) ? knownScales() : []
  const read = lintTexts(texts, { instruments: [], scales, shared: sharedWords() }, on)
  const report: LintReport = { ...read, problems: [...problems, ...read.problems], ok: read.ok && problems.length === 0 }
  if (format === 'json') out(JSON.stringify(report, null, 2))
  else print(report, format, out)
  return report.ok ? 0 : 1
}

function readTexts(paths: readonly string[]): { readonly texts: readonly LintText[]; readonly problems: readonly LintProblem[] } {
  const texts: LintText[] = []
  const problems: LintProblem[] = []
  const no = (path: string, problem: string): void =>
    void problems.push({ file: relative(process.cwd(), path), line: 0, column: 0, path: '', problem })
  const files = [...new Set(paths.flatMap((path) => filesIn(resolve(path), DEPTH_MAX)))]
  for (const file of files.slice(0, FILES_MAX)) {
    try {
      if (statSync(file).size > BYTES_MAX) no(file, `larger than ${BYTES_MAX} bytes`)
      else texts.push({ name: relative(process.cwd(), file), text: readFileSync(file, 'utf8') })
    } catch (error) {
      no(file, (error as Error).message)
    }
  }
  if (files.length > FILES_MAX) no(files[FILES_MAX] ?? '', `more than ${FILES_MAX} files; the rest was not read`)
  return { texts, problems }
}

/** The YAML and JSON files of a folder and what lies below it; a file is itself. Schemas for editors are no packs. */
function filesIn(path: string, depth: number): readonly string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path]
  const entries = readdirSync(path, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    if (entry.isDirectory()) return depth > 0 ? filesIn(join(path, entry.name), depth - 1) : []
    return /\.(?:ya?ml|json)$/.test(entry.name) && !entry.name.endsWith('.schema.json') ? [join(path, entry.name)] : []
  })
}

type Catalogue = Readonly<Record<string, string | undefined>>

/** A finding in words; parameters stand as they are. */
const say = (catalogue: Catalogue, key: string, { params }: Pick<LintedView, 'params'>): string =>
  (catalogue[key] ?? key).replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))

function print({ problems, findings, accepted }: LintReport, format: 'words' | 'unix', out: (text: string) => void): void {
  for (const one of problems) out(`${one.file}:${one.line}:${one.column} error malformed ${one.path}: ${one.problem}`)
  for (const one of findings) {
    const at = `${one.file}:${one.line}:${one.column}`
    if (format === 'unix') {
      out(`${at}: ${one.severity}: ${one.code}: ${say(english, one.code, one)}; ${say(english, `mend.${one.code}`, one)}`)
      continue
    }
    out(`${at} ${one.severity} ${one.code}${one.clause === null ? '' : ` #${one.clause}`} ${one.path}`)
    out(`    ${say(chinese, one.code, one)}。改法：${say(chinese, `mend.${one.code}`, one)}。`)
    out(`    ${say(english, one.code, one)}. To mend: ${say(english, `mend.${one.code}`, one)}.`)
  }
  if (format === 'unix') return
  for (const one of accepted) out(`${one.file}:${one.line}:${one.column} accepted ${one.code}: ${one.accepted ?? ''}`)
  const beside = accepted.length === 0 ? '' : `, ${accepted.length} accepted with a reason`
  out(`${problems.length + findings.length} finding(s)${beside}`)
}
