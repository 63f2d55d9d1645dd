/** Packs: instruments, organizations and commands kept as files, read with their place when something is wrong. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { z } from 'zod/mini'
import { Instrument } from '#core/instrument.ts'
import { Words } from '#core/event.ts'
import { Slug } from '#core/id.ts'
import { Sector } from '#core/directory/organization.ts'
import { Power } from '#core/directory/post.ts'
import { DivisionCode } from '#core/place.ts'
import { Duration, PlainDate } from '#core/time.ts'
import { projectRoot } from './config.ts'
import { readYaml } from './yaml.ts'

export type Problem = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly path: string
  readonly problem: string
}
export type Loaded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] }

const BYTES_MAX = 8 * 1024 * 1024
const PROBLEMS_MAX = 50
const FILES_MAX = 500

export const DirectoryFile = z.strictObject({
  schema: z.literal('muster/directory/1'),
  organizations: z
    .array(
      z.strictObject({
        key: Slug,
        name: Words,
        sector: Sector,
        kind: Slug,
        functions: z.array(Slug),
        jurisdiction: z.nullable(DivisionCode),
        superior: z.nullable(Slug),
        posts: z.array(
          z.strictObject({
            key: Slug,
            title: Words,
            powers: z.array(Power),
            /** How many persons hold it, and when its contact last answered (null: never); left out, the file does not say. */
            holders: z.optional(z.int().check(z.gte(0))),
            confirmedOn: z.optional(z.nullable(PlainDate)),
          }),
        ),
      }),
    )
    .check(z.maxLength(5000)),
})
export type DirectoryFile = z.infer<typeof DirectoryFile>

export const CommandsFile = z.strictObject({
  schema: z.literal('muster/commands/1'),
  commands: z
    .array(
      z.strictObject({
        as: Slug,
        ago: Duration,
        room: Slug,
        thing: Slug,
        command: z.record(z.string(), z.unknown()),
      }),
    )
    .check(z.maxLength(1000)),
})
export type CommandsFile = z.infer<typeof CommandsFile>

type Schema<T> = {
  readonly safeParse: (data: unknown) =>
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false
        readonly error: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] }
      }
}

/** Reads one YAML or JSON file by a schema. Every problem has its line, so that it can be mended. */
export function readFileAs<T>(path: string, schema: Schema<T>): Loaded<T> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return { ok: false, problems: [{ file: path, line: 0, column: 0, path: '', problem: (error as Error).message }] }
  }
  if (text.length > BYTES_MAX)
    return { ok: false, problems: [{ file: path, line: 0, column: 0, path: '', problem: `larger than ${BYTES_MAX} bytes` }] }
  return parseAs(path, text, schema)
}

function parseAs<T>(file: string, text: string, schema: Schema<T>): Loaded<T> {
  const yaml = readYaml(text)
  if (!yaml.ok) return { ok: false, problems: [{ file, ...yaml.place, path: '', problem: yaml.problem }] }
  const parsed = schema.safeParse(yaml.value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const problems = parsed.error.issues
    .slice(0, PROBLEMS_MAX)
    .map((issue) => ({ file, ...yaml.placeOf(issue.path), path: pathText(issue.path), problem: issue.message }))
  return { ok: false, problems }
}

/** `clauses[3].limit.within` */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`),
    '',
  )

export type InstrumentFile = { readonly file: string; readonly instrument: Instrument }

/** Instruments from files and folders; the first problem of any file refuses all. */
export function readInstrumentFiles(paths: readonly string[]): Loaded<readonly InstrumentFile[]> {
  const files = paths.flatMap((path) => yamlFiles(resolve(path))).slice(0, FILES_MAX)
  const found: InstrumentFile[] = []
  const problems: Problem[] = []
  for (const file of files) {
    const loaded = readFileAs(file, Instrument)
    if (loaded.ok) found.push({ file: relative(process.cwd(), file), instrument: loaded.value })
    else problems.push(...loaded.problems)
  }
  return problems.length > 0 ? { ok: false, problems: problems.slice(0, PROBLEMS_MAX) } : { ok: true, value: found }
}

const NOT_INSTRUMENTS: ReadonlySet<string> = new Set(['directory.yaml', 'incidents.yaml'])

function yamlFiles(path: string): readonly string[] {
  try {
    const names = readdirSync(path).filter((name) => /\.(?:ya?ml|json)$/.test(name) && !NOT_INSTRUMENTS.has(name))
    return names.toSorted().map((name) => join(path, name))
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOTDIR' || (error as { code?: string }).code === 'ENOENT') return [path]
    throw error
  }
}

/** The pack that comes with the project: the nation's laws and the demonstration jurisdiction's plans. */
export const OWN_PACK: readonly string[] = [join(projectRoot, 'packs', 'cn'), join(projectRoot, 'packs', 'demonstration')]
export const DEMONSTRATION = join(projectRoot, 'packs', 'demonstration')
