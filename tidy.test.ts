/** The rules of the house (docs/STYLE.md) as tests: taste that can be checked is a failing test, not a remark. */
import assert from 'node:assert/strict'
import { globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import { commandsOfPosts } from '#core/authority.ts'
import { Sector } from '#core/directory/organization.ts'
import { Power } from '#core/directory/post.ts'
import { InstrumentKind } from '#core/instrument.ts'
import { Colour, IncidentClass } from '#core/level.ts'
import { REFUSAL_OF_CONSTRAINT } from '#server/handle.ts'
import { SCHEMA_NAMES, schemaFile, schemaText } from './scripts/schema.ts'
import { en } from './web/locales/en.ts'
import { zhCN } from './web/locales/zh-CN.ts'

const root = import.meta.dirname
const LINES_MAX = 500

type Source = { readonly path: string; readonly text: string; readonly code: string; readonly imports: readonly Import[] }
type Import = { readonly from: string; readonly typeOnly: boolean }

const find = (...patterns: readonly string[]): readonly string[] =>
  globSync([...patterns], { cwd: root, exclude: ['**/node_modules/**', '**/dist/**', 'var/**'] }).toSorted()
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

// Comments, strings, templates, and regular expressions where one can stand; whichever begins first.
const NOT_CODE =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=[=(,[:!&|?{};]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*/g
/** What is left are identifiers and the codes that travel: `'obligation.discharged'`, and `sql` stays readable in templates. */
const codeOf = (text: string): string =>
  text.replaceAll(NOT_CODE, (found) => (/^'[a-z-]+(?:\.[a-z-]+)+'$/.test(found) ? found.slice(1, -1) : `''`))
const uncommented = (text: string): string => text.replaceAll(NOT_CODE, (found) => (/^\/[/*]/.test(found) ? ' ' : found))

const importsOf = (text: string): readonly Import[] => [
  ...[...text.matchAll(/^(?:import|export)\s+(type\s)?[^'";]*?from\s+['"]([^'"]+)['"]/gm)].map((found) => ({
    from: found[2] ?? '',
    typeOnly: found[1] !== undefined,
  })),
  ...[...text.matchAll(/^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm)].map((found) => ({
    from: found[1] ?? found[2] ?? '',
    typeOnly: false,
  })),
]

const sources: readonly Source[] = find('{core,server,web}/**/*.{ts,tsx}').map((path) => {
  const text = read(path)
  return { path, text, code: codeOf(text), imports: importsOf(text) }
})
const program = sources.filter(({ path }) => !/\.test\.tsx?$/.test(path))
const inside = (storey: string): readonly Source[] => program.filter(({ path }) => path.startsWith(`${storey}/`))

/** `core/x.ts` for what a file of the project imports from itself, else the name of the package. */
function target({ path }: Source, { from }: Import): string {
  if (from.startsWith('#')) return from.slice(1)
  return from.startsWith('.') ? relative(root, join(root, dirname(path), from)) : from
}
function nothingWrong(wrong: readonly string[]): void {
  if (wrong.length > 0) assert.fail(`${wrong.length} found\n${wrong.join('\n')}`)
}

// ── Who may import whom

const NEVER = /$^/

const MAY_IMPORT: Readonly<Record<string, RegExp>> = {
  core: /^(?:zod\/mini|core\/.+\.ts)$/,
  server:
    /^(?:node:.+|zod\/mini|libxml2-wasm|web-push|nodemailer|smtp-server|postal-mime|smpp|write-excel-file\/node|@myriaddreamin\/typst-ts-node-compiler|fastify|@fastify\/static|postgres|canonicalize|js-yaml|yaml|@simplewebauthn\/server|topojson-client|polyclip-ts|geojson|core\/.+\.ts|server\/.+\.ts)$/,
  web: /^(?:zod\/mini|react|react-dom(?:\/client)?|react-aria-components|@tanstack\/react-(?:query|router|virtual|table)|@tabler\/icons-react|maplibre-gl(?:\/.*)?|topojson-client|@simplewebauthn\/browser|@codemirror\/[a-z-]+|@lezer\/highlight|geojson|core\/.+\.ts|web\/.+)$/,
}
/** What stands outside the rule: the build of the pages is no page, and the command line starts the benches. */
const OUTSIDE: Readonly<Record<string, RegExp>> = {
  'web/vite.config.ts': /./,
  'server/cli.ts': /^bench\/bench\.ts$/,
  'server/matrix/words.ts': /^web\/locales\/(?:zh-CN|en)\.ts$/, // one catalogue: what the page says, the printed matrix says
  'server/cap/command.ts': /^web\/locales\/[^/]+\/cap\.ts$/, // one catalogue: what the page says, the command line says
  'server/lint/command.ts': /^web\/locales\/[^/]+\/lint\.ts$/, // one catalogue: what the page says, the command line says
}

test('each storey imports only what it may: web and server never meet, core knows neither', () => {
  const wrong = Object.entries(MAY_IMPORT).flatMap(([storey, may]) =>
    inside(storey).flatMap((source) =>
      source.imports
        .map((one) => target(source, one))
        .filter((to) => !may.test(to) && !(OUTSIDE[source.path] ?? NEVER).test(to))
        .map((to) => `${source.path} may not import ${to}`),
    ),
  )
  nothingWrong(wrong)
})

const ROOMS = [
  'station',
  'risk',
  'carry',
  'notice',
  'directory',
  'instrument',
  'incident',
  'sitrep',
  'obligation',
  'finding',
  'objective',
  'headquarters',
  'decision',
  'exercise',
  'alert',
  'risk',
  'station',
  'information',
  'release',
  'dataset',
  'intake',
  'consultation',
]
/** `core/incident.ts` and `core/directory/post.ts` are in a room; `core/linkage.ts` is in none. */
const roomOf = (path: string): string | undefined =>
  ROOMS.find((room) => new RegExp(`^(?:core|server|web)/${room}(?:/|\\.tsx?$)`).test(path))
const GRAMMAR = ['decider', 'event', 'id', 'time', 'money', 'quantity', 'place', 'level', 'authority', 'item', 'channel', 'given', 'schema']

test('a room of core speaks only the grammar: the linkage alone composes rooms', () => {
  const grammar = new Set(GRAMMAR.map((name) => `core/${name}.ts`))
  const wrong = inside('core').flatMap((source) => {
    const room = roomOf(source.path)
    const own = source.path.replace('core/', '').replace('.ts', '')
    if (room === undefined && !GRAMMAR.includes(own)) return []
    return source.imports.flatMap((one) => {
      const to = target(source, one)
      const fine =
        !to.startsWith('core/') ||
        grammar.has(to) ||
        (room !== undefined && roomOf(to) === room) ||
        (/^authority\b/.test(own) && (to.startsWith('core/authority/') || (one.typeOnly && roomOf(to) === 'directory'))) || // who asks and who stands above whom
        (room === 'alert' && /^core\/cap[./]/.test(to)) || // a warning is a CAP message
        (room === 'exercise' && (one.typeOnly || to === 'core/obligation.ts')) // an exercise says the commands of other rooms and reads what became of them
      return fine ? [] : [`${source.path} may not import ${to}`]
    })
  })
  nothingWrong(wrong)
})

test('the rooms of server and of web never import each other', () => {
  const wrong = [...inside('server'), ...inside('web')].flatMap((source) => {
    const room = roomOf(source.path)
    if (room === undefined) return []
    return source.imports
      .map((one) => target(source, one))
      .filter((to) => !to.startsWith('core/') && roomOf(to) !== undefined && roomOf(to) !== room)
      .map((to) => `${source.path} may not import ${to}`)
  })
  nothingWrong(wrong)
})

// ── Time, chance and the log

test('core reads no clock, throws no dice and knows no machine', () => {
  const FORBIDDEN =
    /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)|\bTemporal\.Now\b|\bMath\.random\b|\bperformance\b|\bcrypto\b|\bset(?:Timeout|Interval|Immediate)\b|\bprocess\.|\bglobalThis\b|\bfetch\(/
  nothingWrong(inside('core').flatMap(({ path, code }) => (FORBIDDEN.test(code) ? [`${path}: ${FORBIDDEN.exec(code)?.[0]}`] : [])))
})

test('only the clock knows what time it is: durations by performance.now() are no time', () => {
  const NOW = /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)|\bTemporal\.Now\b/
  const SQL_NOW =
    /(?<![.\w#])(?:now|clock_timestamp|statement_timestamp|transaction_timestamp)\(\)(?!\s*[:{])|\bcurrent_(?:timestamp|time|date)\b/i
  /** Where a table says by itself when a row was written, and nothing is decided by it. */
  const EXCEPTIONS = new Set(['server/migrate.ts'])
  const wrong = inside('server')
    .filter(({ path }) => path !== 'server/clock.ts' && !EXCEPTIONS.has(path))
    .flatMap(({ path, text }) =>
      [NOW, SQL_NOW].flatMap((clock) => clock.exec(uncommented(text))?.[0] ?? []).map((found) => `${path}: ${found}`),
    )
  const migrations = find('migrations/**/*.sql').filter((path) => SQL_NOW.test(read(path).replaceAll(/--[^\n]*/g, '')))
  nothingWrong([...wrong, ...migrations.map((path) => `${path} reads the clock of the database`)])
})

/** A table is written only by the file of its name, or by those that stand here. The tables of the rooms are projected by handle. */
const SESSION = /^server\/session(?:\/|\.ts$)/
const WRITERS: Readonly<Record<string, RegExp>> = {
  event: /^server\/log\.ts$/,
  timer: /^server\/(?:handle|clock)\.ts$/,
  counter: /^server\/number\.ts$/,
  checkpoint: /^server\/seal\.ts$/,
  tree_node: /^server\/seal\.ts$/,
  follower: /^server\/(?:follow|node)\.ts$/,
  migration: /^server\/migrate\.ts$/,
  account: SESSION,
  session: SESSION,
  passkey: SESSION,
  exercise: /^server\/exercises\.ts$/,
  alert_message: /^server\/alert\/bytes\.ts$/,
  notice_code: /^server\/notice\/secrets\.ts$/,
  push_subscription: /^server\/notice\/secrets\.ts$/,
  webhook_endpoint: /^server\/notice\/secrets\.ts$/,
  reading: /^server\/station\/ingest\.ts$/,
  series: /^server\/station\/(?:ingest|evaluator)\.ts$/,
  source_health: /^server\/station\/poll\.ts$/,
  feed_source: /^server\/feed\/source\.ts$/,
  feed_change: /^server\/feed\/source\.ts$/,
  feed_seen: /^server\/feed\/source\.ts$/,
  feed_refused: /^server\/feed\/source\.ts$/,
  intake_contact: /^server\/intake\/contacts\.ts$/,
  intake_medium: /^server\/intake\/media\.ts$/,
}

test('only the log writes the log, and every table has one writer', () => {
  const wrong = inside('server').flatMap(({ path, text }) =>
    [
      ...uncommented(text).matchAll(
        /\b(?:insert\s+into|delete\s+from|truncate(?:\s+table)?|update)\s+(?!set\b)([a-z_]+)(?=\s*(?:\(|set\b|where\b|`|select\b|using\b|$))/gm,
      ),
    ].flatMap(([said, table = '']) => ((WRITERS[table] ?? NEVER).test(path) ? [] : [`${path} may not: ${said}`])),
  )
  nothingWrong(wrong)
})

// ── Sizes and words

test('no file outgrows a sitting', () => {
  const files = find('{core,server,web,bench,scripts,journeys,packs,migrations}/**/*.{ts,tsx,js,css,sql}', 'tidy.test.ts')
  const long = files.map((path) => ({ path, lines: read(path).trimEnd().split('\n').length })).filter(({ lines }) => lines > LINES_MAX)
  nothingWrong(long.map(({ path, lines }) => `${path} has ${lines} lines, at most ${LINES_MAX}`))
})

/** Words of the glossary's column "not" that mean something else, too, and may stand for that. */
const ALSO: Readonly<Record<string, string>> = {
  event: 'an entry of the log; what a browser tells',
  case: 'of a switch, of letters',
  command: 'reserved for code',
  complete: 'a fact says that what was provided is complete',
  close: 'a file, a dialog, an incident',
  cancel: 'the button of a dialog',
  document: 'of the browser; a file that is parsed',
  entry: 'a line of the timeline, of a scenario, of a register',
  message: 'of an error',
  order: 'one after another; given to a subordinate',
  owner: 'the organization that a thing belongs to',
  policy: 'of the browser and of the database',
  push: 'into a list',
  reason: 'why something was declined, waived, refused',
  role: 'of the database and of ARIA',
  rule: 'an entry of the table of authority; a clause made ready',
  shift: 'a key, a list',
  source: 'where a fact or a text comes from',
  team: 'a kind of resource',
  test: 'of a regular expression; of this program',
  trigger: 'the event that made it owed; what opens a menu',
}
/** Names that others gave, or that mean another thing in one place; `where` is held against `path#name`. */
const SPOKEN: readonly { readonly word: string; readonly where: RegExp; readonly why: string }[] = [
  { word: 'user', where: /^server\/embedded/, why: 'the user of the operating system that runs the database' },
  { word: 'user', where: /^server\/session\/(?:passkey|testing)/, why: 'the word of WebAuthn' },
  { word: 'user', where: /^web\/.*#IconUser/, why: 'the name of a picture' },
  { word: 'user', where: /^web\/notice\/push/, why: 'the word of the Push API' },
  { word: 'user', where: /^server\/smtp/, why: 'the word of SMTP' },
  { word: 'attachment', where: /^server\/intake\/mail/, why: 'the word of the package that reads letters' },
  { word: 'dispatch', where: /^web\/lint\/editor/, why: 'how the editor is told of a change' },
  { word: 'manager', where: /^web\/notice\/push/, why: 'the word of the Push API' },
  { word: 'ticket', where: /^(?:server|web)\/session|^web\/locales|^core\/view/, why: 'a secret that is good once, for signing in' },
  { word: 'expire', where: /^server\/session|^migrations\/node/, why: 'a session ends by itself; an obligation lapses' },
  { word: 'region', where: /#neighbouring-regions$/, why: 'the regions that share a river or a border, as the law says it 相邻地区' },
  { word: 'region', where: /^core\/exercise\/latency/, why: 'an autonomous region 自治区, as a record names the scope of a response' },
  { word: 'score', where: /^core\/exercise\/territory/, why: 'a number of one comparison, kept nowhere' },
  { word: 'vote', where: /^core\/exercise\/territory/, why: 'a number of one comparison, kept nowhere' },
  { word: 'category', where: /^core\/(?:cap|alert)|^web\/alert/, why: 'an element of CAP' },
  {
    word: 'expire',
    where:
      /^(?:core|server|web)\/(?:view\/|locales\/(?:en|zh-CN)\/)?(?:alert|compose|feed|public|cap)|^core\/linkage\/warning|^core\/authority|^server\/notice\/warning|^migrations\/world\/0010-alert/,
    why: 'an element of CAP: a warning ends by itself; an obligation lapses',
  },
  { word: 'asset', where: /^web\/vite/, why: 'an option of the builder' },
]
/** `noted.…` names a kind of fact: what people did, in their own words. */
const FACT = /\bnoted\.[a-z-]+/g

/** `dutyOfficer_x` → ` duty officer x `, so that words and phrases are found whole. */
const spelled = (identifier: string): string =>
  ` ${identifier
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .join(' ')} `

function glossary(): readonly { readonly word: string; readonly instead: string }[] {
  const rows = read('docs/GLOSSARY.md')
    .split('\n')
    .filter((line) => /^\|(?! *-)/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  const head = rows.findIndex((cells) => cells[2]?.toLowerCase() === 'not')
  assert.ok(head >= 0, 'docs/GLOSSARY.md has a table with the columns: code word | 中文 | not | meaning')
  return rows.slice(head + 1).flatMap(([instead = '', , not = '']) =>
    not
      .replaceAll(/\([^)]*\)|`/g, '')
      .split(',')
      .map((word) => word.trim().toLowerCase())
      .filter((word) => word !== '')
      .map((word) => ({ word, instead })),
  )
}

test('code says the words of the glossary, and none that it says not to', () => {
  const words = glossary().filter(({ word }) => ALSO[word] === undefined)
  assert.ok(words.length > 30)
  const texts = [
    ...program,
    ...find('migrations/**/*.sql').map((path) => ({ path, code: read(path).replaceAll(/--[^\n]*|'[^']*'/g, ' ') })),
  ]
  const wrong = texts.flatMap(({ path, code }) =>
    [...new Set(code.replaceAll(FACT, ' ').match(/[A-Za-z_$][\w$-]*/g) ?? [])].flatMap((identifier) => {
      const said = spelled(identifier)
      return words
        .filter(({ word }) => said.includes(` ${word} `) || said.includes(` ${word}s `))
        .filter(({ word }) => !SPOKEN.some((one) => one.word === word && one.where.test(`${path}#${identifier}`)))
        .map(({ word, instead }) => `${path}: ${identifier} says "${word}"; the word is "${instead}"`)
    }),
  )
  nothingWrong(wrong)
})

test('no path of one machine stands in the project', () => {
  const MACHINE = /(?<![\w.@:/-])\/(?:work|home|root|Users|mnt)\/[\w.-]+|[A-Z]:\\Users/
  const files = find(
    '{core,server,web,bench,scripts,journeys,packs,migrations,docs,fixtures,bin,.ci}/**/*',
    '*.{md,json,ts}',
    'web/public/*.svg',
  ).filter((path) => statSync(join(root, path)).isFile() && !/\.(?:png|jpg|woff2?)$/.test(path))
  nothingWrong(
    files
      .filter((path) => path !== 'tidy.test.ts')
      .flatMap(
        (path) =>
          MACHINE.exec(read(path))
            ?.slice(0, 1)
            .map((found) => `${path}: ${found}`) ?? [],
      ),
  )
})

// ── Both languages

const catalogues = { 'zh-CN': zhCN, en } as const
const keys = new Set(Object.keys(zhCN))
const placeholders = (text: string): string => [...new Set([...text.matchAll(/\{(\w+)/g)].map((found) => found[1]))].toSorted().join()

test('both languages have the same keys, no empty words, and the same places to fill', () => {
  assert.deepEqual(Object.keys(en).toSorted(), Object.keys(zhCN).toSorted())
  const english: Readonly<Record<string, string>> = en
  const wrong = Object.entries<string>(zhCN).flatMap(([key, text]) => {
    const other = english[key] ?? ''
    if (text.trim() === '' || other.trim() === '') return [`${key} is empty`]
    return placeholders(text) === placeholders(other)
      ? []
      : [`${key}: {${placeholders(text)}} in Chinese, {${placeholders(other)}} in English`]
  })
  nothingWrong(wrong)
})

test('no key of a catalogue is written twice, so that none is silently lost', () => {
  for (const language of Object.keys(catalogues)) {
    const all = find(`web/locales/${language}/*.ts`).flatMap((path) =>
      [...read(path).matchAll(/^ {2}'([^']+)':/gm)].map((found) => ({ key: found[1] ?? '', path })),
    )
    const byKey = Map.groupBy(all, ({ key }) => key)
    nothingWrong(
      [...byKey].filter(([, places]) => places.length > 1).map(([key, places]) => `${key}: ${places.map(({ path }) => path).join(', ')}`),
    )
  }
})

/** The codes of the refusals that people can hear, as they stand in the code. */
function refusalCodes(): ReadonlySet<string> {
  const said = [...inside('core'), ...inside('server')].flatMap(({ text }) =>
    [...uncommented(text).matchAll(/\b(?:refuse|new Refusal|notFound|forbidden)\(\s*'([a-z0-9-]+\.[a-z0-9.-]+)'/g)].map(
      (found) => found[1] ?? '',
    ),
  )
  return new Set([...said, ...Object.values(REFUSAL_OF_CONSTRAINT)])
}
/** What `lint` and `verify` find: `'lint.never-fires'`. */
const findingCodes = (): ReadonlySet<string> =>
  new Set(
    [...find('core/lint/*.ts'), 'server/verify.ts', 'core/cap/codes.ts'].flatMap((path) =>
      [...uncommented(read(path)).matchAll(/'((?:lint|verify|cap)\.[a-z0-9-]+)'/g)].map((found) => found[1] ?? ''),
    ),
  )

test('every refusal has words', () => {
  const codes = refusalCodes()
  assert.ok(codes.size > 40)
  nothingWrong(
    [...codes]
      .filter((code) => !keys.has(`refusal.${code}`))
      .toSorted()
      .map((code) => `refusal.${code}`),
  )
})

test('every finding of lint and verify has words', () => {
  const codes = [...findingCodes()]
  nothingWrong(codes.filter((code) => !keys.has(`refusal.${code}`) && !keys.has(code)).toSorted())
  nothingWrong(codes.filter((code) => code.startsWith('lint.') && !keys.has(`mend.${code}`)).map((code) => `mend.${code}`))
})

test('every status, class, level, colour, kind, sector, power and command has words', () => {
  const views = find('core/view.ts', 'core/view/*.ts', 'core/obligation/state.ts').map(read).join('\n')
  const statuses = [...views.matchAll(/export type (\w+)Status = ([^\n]+)/g)].flatMap((found) =>
    [...(found[2] ?? '').matchAll(/'([a-z-]+)'/g)].map((one) => `status.${(found[1] ?? '').toLowerCase()}.${one[1]}`),
  )
  assert.ok(statuses.length >= 11)
  const of = (prefix: string, schema: { readonly options: readonly string[] }): readonly string[] =>
    schema.options.map((one) => `${prefix}.${one}`)
  const levels = ['1', '2', '3', '4'].flatMap((level) => [`severity.${level}`, `response.${level}`])
  const byHand = commandsOfPosts
    .filter((command) => !/^(?:division|organization|post)\./.test(command))
    .map((command) => `command.${command}`)
  const wanted = [
    ...statuses,
    'status.obligation.lapsed',
    ...levels,
    ...byHand,
    ...of('class', IncidentClass),
    ...of('colour', Colour),
    ...of('instrument', InstrumentKind),
    ...of('sector', Sector),
    ...of('power', Power),
  ]
  nothingWrong(wanted.filter((key) => !keys.has(key)))
})

// ── Documents and data

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')

function anchorsOf(path: string): ReadonlySet<string> {
  const seen = new Map<string, number>()
  const headings = [
    ...read(path)
      .replaceAll(/^```[\s\S]*?^```/gm, '')
      .matchAll(/^#{1,6} (.+)$/gm),
  ].map((found) => anchorOf(found[1] ?? ''))
  const anchors = headings.map((anchor) => {
    const times = seen.get(anchor) ?? 0
    seen.set(anchor, times + 1)
    return times === 0 ? anchor : `${anchor}-${times}`
  })
  return new Set(anchors)
}

function problemOf(page: string, link: string): string | null {
  const [file = '', anchor = ''] = decodeURI(link).split('#')
  const to = file === '' ? page : relative(root, join(root, dirname(page), file))
  if (to.startsWith('..')) return 'leads out of the project'
  if (to !== '' && !statSync(join(root, to), { throwIfNoEntry: false })) return 'leads to nothing'
  if (anchor === '') return null
  if (to.endsWith('.md')) return anchorsOf(to).has(anchor) ? null : 'has no such heading'
  const lines = [...anchor.matchAll(/L(\d+)/g)].map((found) => Number(found[1]))
  return lines.length > 0 && lines.every((line) => line <= read(to).split('\n').length) ? null : 'has no such line'
}

test('every link in the documents leads somewhere', () => {
  const pages = find('*.md', '{docs,packs,web,bench,journeys,fixtures,core,server}/**/*.md')
  const wrong = pages.flatMap((page) =>
    [
      ...read(page)
        .replaceAll(/^```[\s\S]*?^```|`[^`\n]*`/gm, '')
        .matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|(?:src|href)="([^"]+)"/g),
    ]
      .map((found) => found[1] ?? found[2] ?? '')
      .filter((link) => !/^[a-z][a-z0-9+.-]*:/i.test(link))
      .flatMap((link) => (problemOf(page, link) === null ? [] : [`${page}: ${link} ${problemOf(page, link)}`])),
  )
  nothingWrong(wrong)
})

test('migrations are numbered from 0001 without a gap', () => {
  for (const kind of ['node', 'world']) {
    const names = find(`migrations/${kind}/*`).map((path) => path.split('/').at(-1) ?? '')
    assert.ok(names.length > 0)
    for (const [i, name] of names.entries())
      assert.match(name, new RegExp(`^${String(i + 1).padStart(4, '0')}-[a-z-]+\\.sql$`), `migrations/${kind}/${name}`)
  }
})

test('the published schemas are those that the program reads by', () => {
  for (const name of SCHEMA_NAMES) assert.equal(readFileSync(schemaFile(name), 'utf8'), schemaText(name), 'run: node scripts/schema.ts')
})
