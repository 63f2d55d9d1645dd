import { z } from 'zod/mini'
import { InstantText } from '../time.ts'

/** What really happened, entry by entry: schema `scenario/1`. Strict about who, when and what; tolerant of further keys. */

export const EVENTS_MAX = 20_000
export const ORGANISATIONS_MAX = 5_000
const PROBLEMS_MAX = 20
const DATA_KEYS_MAX = 60

const Text = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))
const Name = z.string().check(z.trim(), z.minLength(1), z.maxLength(300))
const Key = z.string().check(z.trim(), z.minLength(1), z.maxLength(100))
const Loose = z.optional(z.nullable(z.string().check(z.maxLength(1000))))

/** An instant with an offset, on a day that the calendar has. */
const Moment = z.string().check(
  z.refine((text) => InstantText.safeParse(text).success && realDay(text), {
    error: 'no ISO 8601 date and time with an offset, e.g. 2021-07-20T16:30:00+08:00',
  }),
)

const Organisation = z.object({
  id: Key,
  name: z.optional(z.nullable(Name)),
  name_zh: z.optional(z.nullable(Name)),
  kind: z.optional(z.nullable(z.string().check(z.maxLength(100)))),
  parent: z.optional(z.nullable(Key)),
})

const Location = z.object({
  name: z.optional(z.nullable(z.string().check(z.maxLength(200)))),
  lat: z.optional(z.nullable(z.number().check(z.gte(-90), z.lte(90)))),
  lon: z.optional(z.nullable(z.number().check(z.gte(-180), z.lte(180)))),
  accuracy: z.optional(z.nullable(z.string().check(z.maxLength(40)))),
})

const Sources = z.union([z.string().check(z.maxLength(400)), z.array(z.string().check(z.maxLength(400))).check(z.maxLength(50))])

const Entry = z.object({
  t: Moment,
  precision: Loose,
  actor: Key,
  action: Key,
  target: z.optional(z.nullable(z.union([Key, z.array(Key).check(z.maxLength(200))]))),
  text: Text,
  location: z.optional(z.nullable(Location)),
  source: z.optional(z.nullable(Sources)),
  confidence: z.optional(z.nullable(z.string().check(z.maxLength(60)))),
  data: z.optional(
    z.nullable(
      z
        .record(z.string().check(z.maxLength(60)), z.json())
        .check(z.refine((data) => Object.keys(data).length <= DATA_KEYS_MAX, { error: `more than ${DATA_KEYS_MAX} keys` })),
    ),
  ),
})

const Failure = z.object({
  id: Key,
  finding: Text,
  replay_check: z.optional(z.nullable(z.string().check(z.maxLength(4000)))),
})

const Pair = z.object({ by: Key, to: Key })

const File = z.object({
  schema: z.optional(z.literal('scenario/1')),
  id: Key,
  title: z.string().check(z.trim(), z.minLength(1), z.maxLength(1000)),
  title_zh: z.optional(z.nullable(z.string().check(z.maxLength(1000)))),
  hazard_class: Loose,
  level: z.optional(z.nullable(z.union([z.string().check(z.maxLength(1000)), z.number()]))),
  timezone: z
    .string()
    .check(z.regex(/^(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d|[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2})$/), z.maxLength(60)),
  totals: z.optional(z.nullable(z.record(z.string(), z.json()))),
  sources: z.optional(
    z.nullable(z.array(z.looseObject({ id: z.optional(z.string()), cite: z.optional(z.string()) })).check(z.maxLength(2000))),
  ),
  organisations: z.array(Organisation).check(z.maxLength(ORGANISATIONS_MAX)),
  events: z.array(Entry).check(z.minLength(1), z.maxLength(EVENTS_MAX)),
  coordination_failures: z.optional(z.nullable(z.array(Failure).check(z.maxLength(500)))),
  conflicts: z.optional(z.nullable(z.array(z.unknown()).check(z.maxLength(500)))),
  pairs_first: z.optional(z.nullable(z.array(Pair).check(z.maxLength(5000)))),
  pairs_final: z.optional(z.nullable(z.array(Pair).check(z.maxLength(5000)))),
  pair_latency: z.optional(z.nullable(z.array(Pair).check(z.maxLength(5000)))),
})

type Json = z.infer<ReturnType<typeof z.json>>
export type ScenarioData = Readonly<Record<string, Json>>
export type ScenarioPlace = {
  readonly name: string | null
  readonly lat: number | null
  readonly lon: number | null
  readonly accuracy: string | null
}
export type ScenarioEntry = {
  /** Its place in the file, from 0; entries stand by time. */
  readonly index: number
  /** As the file writes it, with its offset. */
  readonly t: string
  /** The same instant, ISO 8601 UTC. */
  readonly at: string
  readonly precision: string | null
  readonly actor: string
  readonly action: string
  readonly targets: readonly string[]
  readonly text: string
  readonly place: ScenarioPlace | null
  readonly source: readonly string[]
  readonly confidence: string | null
  readonly data: ScenarioData
}
export type ScenarioOrganisation = {
  readonly id: string
  readonly name: string
  readonly nameZh: string
  readonly kind: string
  readonly parent: string | null
}
export type ScenarioPair = { readonly by: string; readonly to: string }
export type Scenario = {
  readonly id: string
  readonly title: string
  readonly titleZh: string
  readonly hazardClass: string
  readonly level: string
  readonly timezone: string
  readonly totals: ScenarioData
  /** By id, what it cites. */
  readonly sources: Readonly<Record<string, string>>
  readonly organisations: readonly ScenarioOrganisation[]
  readonly entries: readonly ScenarioEntry[]
  readonly failures: readonly { readonly id: string; readonly finding: string; readonly replayCheck: string }[]
  readonly pairsFirst: readonly ScenarioPair[]
  readonly pairsFinal: readonly ScenarioPair[]
  readonly pairs: readonly ScenarioPair[]
  /** How many entries stood before an earlier one in the file. */
  readonly outOfOrder: number
}
export type Problem = { readonly path: string; readonly problem: string }
export type Parsed = { readonly ok: true; readonly scenario: Scenario } | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Reads a scenario file that JSON has already understood. A malformed one is refused whole: at most 20 problems,
 * each with its place, such as `events[3].t`.
 */
export function parseScenario(json: unknown): Parsed {
  const read = File.safeParse(britishSpelling(json))
  if (!read.success) return { ok: false, problems: read.error.issues.slice(0, PROBLEMS_MAX).map(problemOf) }
  const twice = repeated(read.data.organisations)
  return twice.length > 0 ? { ok: false, problems: twice } : { ok: true, scenario: scenarioOf(read.data) }
}

/** Some hands write `organizations`. */
function britishSpelling(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json) || 'organisations' in json || !('organizations' in json)) return json
  const { organizations, ...rest } = json
  return { ...rest, organisations: organizations }
}

type Issue = {
  readonly code?: string
  readonly path: PropertyKey[]
  readonly message: string
  readonly expected?: unknown
  readonly maximum?: unknown
  readonly minimum?: unknown
}

function problemOf(issue: Issue): Problem {
  const path = issue.path.reduce<string>(
    (at, step) => (typeof step === 'number' ? `${at}[${step}]` : at === '' ? String(step) : `${at}.${String(step)}`),
    '',
  )
  return { path: path === '' ? '$' : path, problem: wordsOf(issue) }
}

function wordsOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${String(issue.expected)}`
    case 'too_big':
      return `more than ${String(issue.maximum)}`
    case 'too_small':
      return `fewer than ${String(issue.minimum)}`
    case 'invalid_union':
      return 'none of the forms that stand here'
    default:
      return issue.message
  }
}

function repeated(organisations: readonly { readonly id: string }[]): readonly Problem[] {
  const seen = new Set<string>()
  const problems: Problem[] = []
  for (const [i, { id }] of organisations.entries()) {
    if (seen.has(id) && problems.length < PROBLEMS_MAX) problems.push({ path: `organisations[${i}].id`, problem: `${id} stands twice` })
    seen.add(id)
  }
  return problems
}

/** JavaScript rolls 30 February over into March; a record that says so is wrong. */
function realDay(text: string): boolean {
  const day = text.slice(0, 10)
  const at = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

function scenarioOf(file: z.infer<typeof File>): Scenario {
  const inFile = file.events.map(entryOf)
  const entries = inFile.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.index - b.index))
  return {
    id: file.id,
    title: file.title,
    titleZh: blankless(file.title_zh) ?? file.title,
    hazardClass: file.hazard_class ?? '',
    level: file.level === undefined || file.level === null ? '' : String(file.level),
    timezone: file.timezone,
    totals: file.totals ?? {},
    sources: Object.fromEntries((file.sources ?? []).flatMap((one) => (one.id === undefined ? [] : [[one.id, one.cite ?? '']]))),
    organisations: file.organisations.map(organisationOf),
    entries,
    failures: (file.coordination_failures ?? []).map((one) => ({ id: one.id, finding: one.finding, replayCheck: one.replay_check ?? '' })),
    pairsFirst: file.pairs_first ?? [],
    pairsFinal: file.pairs_final ?? [],
    pairs: file.pair_latency ?? [],
    outOfOrder: inFile.filter((one, i) => i > 0 && one.at < (inFile[i - 1]?.at ?? '')).length,
  }
}

function organisationOf(one: z.infer<typeof Organisation>): ScenarioOrganisation {
  const name = blankless(one.name) ?? blankless(one.name_zh) ?? one.id
  return { id: one.id, name, nameZh: blankless(one.name_zh) ?? name, kind: one.kind ?? '', parent: one.parent ?? null }
}

function entryOf(one: z.infer<typeof Entry>, index: number): ScenarioEntry {
  const { t, precision = null, actor, action, target, text, location, source, confidence = null, data } = one
  return {
    index,
    t,
    at: InstantText.parse(t),
    precision,
    actor,
    action,
    text,
    confidence,
    targets: target === null || target === undefined ? [] : typeof target === 'string' ? [target] : [...new Set(target)],
    place: location
      ? { name: blankless(location.name), lat: location.lat ?? null, lon: location.lon ?? null, accuracy: location.accuracy ?? null }
      : null,
    source: source === null || source === undefined ? [] : typeof source === 'string' ? [source] : source,
    data: data ?? {},
  }
}

const blankless = (text: string | null | undefined): string | null =>
  text === null || text === undefined || text.trim() === '' ? null : text.trim()
