/**
 * A scenario becomes what the machinery understands: organizations to register and, entry by entry, commands with
 * their instants. Pure; nobody is made to say what he did not say in the record.
 */
import type { Words } from '../event.ts'
import type { IncidentCommand } from '../incident.ts'
import type { IncidentClass, Level } from '../level.ts'
import type { Place } from '../place.ts'
import type { SitrepCommand } from '../sitrep.ts'
import { assumptionsOf } from './assumption.ts'
import { castOf, type Cast, type Member } from './cast.ts'
import {
  classFrom,
  closedThing,
  colourOf,
  completeOf,
  hazardFrom,
  kindOf,
  readyAtOf,
  responseLevelOf,
  scaleOf,
  scopeText,
  severityFrom,
  slugOf,
  subjectOf,
  warnedHazard,
} from './kinds.ts'
import type { Scenario, ScenarioEntry } from './scenario.ts'
import { Gazetteer, territoryOf, type DivisionName, type Territory } from './territory.ts'

export type TranslatedCommand = { readonly id: string; readonly commandId: string; readonly occurredAt: string } & (
  | { readonly room: 'incident'; readonly command: IncidentCommand }
  | { readonly room: 'sitrep'; readonly command: SitrepCommand }
)

export type Step = {
  /** The entry's place in the file. */
  readonly index: number
  /** When the exercise's clock stands there, ISO 8601 UTC; never goes back from step to step. */
  readonly at: string
  /** When it happened: earlier than `at` where the record tells it later. */
  readonly occurredAt: string
  /** Not an entry of its own: a moment that an entry tells of, e.g. when its team was ready. */
  readonly derived: boolean
  readonly entry: ScenarioEntry
  readonly factKind: string
  /** Whether the action is one that we know; else it became a fact of the timeline under its own name. */
  readonly understood: boolean
  readonly why: string | null
  readonly level: Level | null
  readonly commands: readonly TranslatedCommand[]
}

export type Translation = {
  readonly incidentId: string
  readonly territory: Territory
  readonly packApplies: boolean
  readonly hazard: string
  readonly class: IncidentClass
  readonly severity: Level | null
  readonly cast: Cast
  readonly steps: readonly Step[]
  /** The step at which the incident begins in the world, or null where the record marks no beginning. */
  readonly startIndex: number | null
  readonly assumptions: readonly Words[]
}

export type TranslateOptions = {
  readonly runId: string
  /** A stable id (RFC 9562) from a text. */
  readonly idFrom: (text: string) => string
  readonly divisions: readonly DivisionName[]
}

const MEMBERS_MAX = 200
const FACTS_MAX = 50

const POSITIONS: readonly (readonly [code: string, words: Words])[] = [
  ['commander', { 'zh-CN': '总指挥', en: 'Commander' }],
  ['planning', { 'zh-CN': '计划组', en: 'Planning' }],
  ['operations', { 'zh-CN': '抢险救援组', en: 'Operations' }],
  ['logistics', { 'zh-CN': '后勤保障组', en: 'Logistics' }],
  ['information', { 'zh-CN': '信息发布组', en: 'Public information' }],
  ['liaison', { 'zh-CN': '联络员', en: 'Liaison' }],
]

/** What the walk over the entries has established so far. */
type Progress = {
  reported: boolean
  verified: boolean
  declared: boolean
  closed: boolean
  /** The territories whose headquarters have acted. */
  readonly headquarters: Set<string>
  readonly filed: Set<string>
  readonly seen: Set<string>
}
export type Read = {
  readonly entry: ScenarioEntry
  readonly kind: string
  readonly understood: boolean
  readonly why: string | null
  readonly level: Level | null
}
export type Frame = Omit<Translation, 'steps' | 'assumptions'> & {
  readonly scenario: Scenario
  readonly unitInvolved: string | null
  readonly options: TranslateOptions
  readonly establishAt: number
}

/** The whole scenario as commands. The ids follow from the scenario, the run and the place in the file alone. */
export function translate(scenario: Scenario, options: TranslateOptions): Translation {
  const gazetteer = new Gazetteer(options.divisions)
  const territory = territoryOf(scenario, gazetteer)
  const id = (what: string): string => options.idFrom(`exercise|${options.runId}|${scenario.id}|${what}`)
  const hazard = hazardFrom(scenario.hazardClass) ?? hazardFrom(`${scenario.title} ${scenario.titleZh}`) ?? 'unspecified'
  const cast = castOf(scenario, territory, gazetteer, (key) => id(`organization|${key}`))
  const reads = readAll(scenario)
  const start = reads.find((one) => one.kind === 'incident-start')
  const { severity, from } = severityFrom(scenario.level, scenario.totals, scenario.entries)
  const unitInvolved = unitOf(start?.entry ?? null, cast)
  const frame: Frame = {
    scenario,
    options,
    territory,
    hazard,
    severity,
    unitInvolved,
    incidentId: id('incident'),
    packApplies: territory.china,
    class: classFrom(scenario.hazardClass, hazard),
    cast: withHazardousGoods(cast, unitInvolved, hazard),
    startIndex: start?.entry.index ?? null,
    establishAt: (start ?? reads.find(isGrave) ?? reads[0])?.entry.index ?? 0,
  }
  const { scenario: _, options: __, unitInvolved: ___, establishAt: ____, ...kept } = frame
  return { ...kept, steps: stepsOf(reads, frame), assumptions: assumptionsOf(frame, reads, from) }
}

const isGrave = (one: Read): boolean =>
  one.level !== null || ['response-level', 'casualties', 'headquarters', 'secondary-event', 'arrive'].includes(one.kind)

function readAll(scenario: Scenario): readonly Read[] {
  const lastLevel = scenario.entries.findLastIndex((entry) => entry.data.level !== undefined && !/warn|start|预警/i.test(entry.action))
  let begun = false
  return scenario.entries.map((entry, i) => {
    const { kind: found, understood } = kindOf(entry, i < lastLevel)
    const kind = found === 'incident-start' && begun ? 'secondary-event' : found
    begun ||= kind === 'incident-start'
    const level = responseLevelOf(entry, kind)
    const why = !understood ? 'action-unknown' : kind === 'response-level' && level === null ? 'level-not-stated' : null
    return { entry, kind, understood, why, level }
  })
}

/** The unit where it happened: the enterprise or institution that the beginning names, as actor or as target. */
function unitOf(start: ScenarioEntry | null, cast: Cast): string | null {
  if (start === null) return null
  const named = [start.actor, ...start.targets].map((key) => cast.byKey.get(key))
  return named.find((one) => one !== undefined && (one.sector === 'enterprise' || one.sector === 'public-institution'))?.id ?? null
}

function withHazardousGoods(cast: Cast, unitInvolved: string | null, hazard: string): Cast {
  if (hazard !== 'hazardous-chemicals' || unitInvolved === null) return cast
  const members = cast.members.map((one) =>
    one.id === unitInvolved && !one.functions.includes('hazardous-goods-storage')
      ? { ...one, functions: [...one.functions, 'hazardous-goods-storage'] }
      : one,
  )
  return { ...cast, members, byKey: new Map(members.map((one) => [one.key, one])) }
}

function stepsOf(reads: readonly Read[], frame: Frame): readonly Step[] {
  const progress: Progress = {
    reported: false,
    verified: false,
    declared: false,
    closed: false,
    headquarters: new Set(),
    filed: new Set(),
    seen: new Set(),
  }
  const steps: Step[] = []
  for (const read of reads) {
    const { entry, kind, understood, why, level } = read
    steps.push({
      index: entry.index,
      at: entry.at,
      occurredAt: entry.at,
      derived: false,
      entry,
      factKind: kind,
      understood,
      why,
      level,
      commands: commandsOf(read, frame, progress),
    })
    for (const key of [entry.actor]) progress.seen.add(key)
    const ready = readyStep(read, frame)
    if (ready !== null) steps.push(ready)
  }
  return steps.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

const member = (key: string, frame: Frame): Member => frame.cast.byKey.get(key) ?? frame.cast.public

function commandsOf(read: Read, frame: Frame, progress: Progress): readonly TranslatedCommand[] {
  const { entry, kind } = read
  const said: (
    | { readonly room: 'incident'; readonly command: IncidentCommand }
    | { readonly room: 'sitrep'; readonly command: SitrepCommand }
  )[] = []
  const incident = (command: IncidentCommand): void => void said.push({ room: 'incident', command })
  if (!progress.reported) incident(report(entry, frame))
  progress.reported = true
  for (const command of establishing(read, frame, progress)) incident(command)
  const headquarters = headquartersOf(read, frame, progress)
  if (headquarters !== null) incident(headquarters)
  if (read.level !== null && !progress.closed) incident(responseOf(read, read.level, frame))
  incident(note(read, frame))
  const filed = sitrepOf(read, frame, progress)
  if (filed !== null) said.push({ room: 'sitrep', command: filed })
  if (kind === 'close' && progress.verified && !progress.closed) {
    incident({ type: 'incident.close', reason: entry.text })
    progress.closed = true
  }
  return said.map((one, n) => {
    const cause = `exercise|${frame.options.runId}|${frame.scenario.id}|${entry.index}`
    const id = one.room === 'incident' ? frame.incidentId : frame.options.idFrom(`${cause}|sitrep`)
    return { ...one, id, commandId: frame.options.idFrom(`${cause}|command|${n}`), occurredAt: entry.at }
  })
}

function report(entry: ScenarioEntry, { scenario, territory, hazard, class: of, unitInvolved, cast, startIndex }: Frame): IncidentCommand {
  const starting = scenario.entries.find((one) => one.index === startIndex)
  const place = [starting, ...scenario.entries].map((one) => (one === undefined ? null : placeOf(one))).find((one) => one !== null) ?? null
  return {
    type: 'incident.report',
    title: titleOf(scenario),
    place,
    jurisdiction: territory.code,
    hazard,
    class: of,
    unitInvolved,
    text: entry.text,
    zone: scenario.timezone,
    reportedBy: cast.byKey.get(entry.actor)?.id ?? null,
  }
}

const titleOf = ({ title, titleZh }: Scenario): string =>
  title === titleZh || titleZh.length + title.length > 190 ? titleZh.slice(0, 200) : `${titleZh} / ${title}`

function placeOf(entry: ScenarioEntry): Place | null {
  const { place } = entry
  if (place === null || place.lat === null || place.lon === null) return null
  return {
    name: place.name ?? `${place.lat}, ${place.lon}`,
    lat: place.lat,
    lon: place.lon,
    ...(place.accuracy === null ? {} : { accuracy: place.accuracy }),
  }
}

/** Verified and declared where the record says that it began; verified earlier where somebody already sets a level. */
function establishing({ entry, level, kind }: Read, frame: Frame, progress: Progress): readonly IncidentCommand[] {
  const begins = entry.index === frame.establishAt
  const commands: IncidentCommand[] = []
  if (!progress.verified && (begins || level !== null || kind === 'close')) {
    commands.push({ type: 'incident.verify', text: entry.text })
    progress.verified = true
  }
  if (begins && !progress.declared && !progress.closed && (frame.severity !== null || frame.class === 'social-safety')) {
    const severity = frame.class === 'social-safety' ? null : frame.severity
    commands.push({ type: 'incident.declare', class: frame.class, severity, hazard: frame.hazard, title: titleOf(frame.scenario) })
    progress.declared = true
  }
  return commands
}

/**
 * A headquarters acts for the first time, or is said to be set up: from then on it leads those who have acted so far.
 * Another territory's headquarters stand beside it; who has the overall command only a hand-over changes.
 */
function headquartersOf({ entry, kind }: Read, frame: Frame, progress: Progress): IncidentCommand | null {
  if (progress.closed) return null
  const named = [entry.actor, ...(kind === 'headquarters' ? entry.targets : [])]
    .map((key) => member(key, frame))
    .find((one) => one.sector === 'command')
  const lead = named ?? (kind === 'headquarters' ? member(entry.actor, frame) : undefined)
  if (lead === undefined || lead.sector === 'public') return null
  const first = progress.headquarters.size === 0
  const territory = first ? frame.territory.code : lead.jurisdiction
  if (territory === null || progress.headquarters.has(territory) || (!first && lead.sector !== 'command')) return null
  progress.headquarters.add(territory)
  const above = new Set(superiors(lead, frame.cast))
  const seen = [...progress.seen].map((key) => member(key, frame))
  const siblings = frame.cast.members.filter((one) => lead.superior !== null && one.superior === lead.superior)
  const members = [
    ...new Set([lead, ...siblings, ...seen].filter((one) => one.sector !== 'public' && !above.has(one.id)).map((one) => one.id)),
  ].slice(0, MEMBERS_MAX)
  return {
    type: 'incident.activate-headquarters',
    name: lead.name,
    lead: lead.id,
    members,
    positions: POSITIONS.map(([code, words]) => ({ code, words, organization: null })),
    ...(first ? {} : { jurisdiction: territory }),
  }
}

function superiors(of: Member, cast: Cast): readonly string[] {
  const byId = new Map(cast.members.map((one) => [one.id, one]))
  const above: string[] = []
  for (let at = of.superior; at !== null && above.length < 64; at = byId.get(at)?.superior ?? null) above.push(at)
  return above
}

function responseOf({ entry }: Read, level: Level, frame: Frame): IncidentCommand {
  const scale = scaleOf(entry)
  return {
    type: 'incident.set-response',
    level,
    scope: scopeText(entry),
    plan: null,
    text: entry.text,
    organization: member(entry.actor, frame).id,
    ...(scale === null ? {} : { scale }),
  }
}

function note({ entry, kind }: Read, frame: Frame): IncidentCommand {
  const colour = kind === 'warning' ? colourOf(entry) : null
  const exchange = kind === 'information-requested' || kind === 'information-provided'
  const subject = kind === 'warning' ? warnedHazard(entry, frame.hazard) : exchange ? subjectOf(entry) : null
  const complete = kind === 'information-provided' ? completeOf(entry) : null
  const closed = kind === 'closure' ? closedThing(entry) : null
  const { index, t, precision, action } = entry
  const place = placeOf(entry)
  const named = place === null ? (entry.place?.name ?? null) : null
  return {
    type: 'incident.note',
    kind,
    text: entry.text,
    organization: member(entry.actor, frame).id,
    target: entry.targets.map((key) => member(key, frame).id),
    place,
    ...(subject === null ? {} : { subject }),
    ...(complete === null ? {} : { complete }),
    ...(colour === null ? {} : { colour }),
    sources: entry.source.slice(0, 50).map((id) => cited(id, frame.scenario)),
    ...(entry.confidence === null ? {} : { confidence: entry.confidence }),
    data: {
      ...entry.data,
      entry: index,
      recordedTime: t,
      precision,
      action,
      ...(closed === null ? {} : { closed }),
      ...(named === null ? {} : { placeName: named }),
    },
  }
}

const cited = (id: string, { sources }: Scenario): string => (sources[id] ? `${id}: ${sources[id]}` : id).slice(0, 200)

/** Figures, or a report said to be one, become a situation report: an organization's first is its initial one. */
function sitrepOf({ entry, kind }: Read, frame: Frame, progress: Progress): SitrepCommand | null {
  const figures = Object.entries(entry.data).flatMap(([key, value]) =>
    typeof value === 'number' && Number.isFinite(value) ? [[slugOf(key), value] as const] : [],
  )
  const reports =
    kind === 'casualties' || (kind === 'situation-report' && (figures.length > 0 || entry.targets.length > 0 || /\d/.test(entry.text)))
  const closes = kind === 'close' && progress.verified && !progress.closed
  if (!reports && !closes) return null
  const from = member(entry.actor, frame)
  const addressed = entry.targets.map((key) => member(key, frame)).find((one) => one.id !== from.id && one.sector !== 'public')
  const source = entry.source
    .map((id) => cited(id, frame.scenario))
    .join('; ')
    .slice(0, 400)
  const facts = new Map(
    figures.flatMap(([key, value]) =>
      key === null ? [] : [[key, { key, value, unit: null, source: source === '' ? 'scenario' : source, occurredAt: entry.at }] as const],
    ),
  )
  const first = !progress.filed.has(entry.actor)
  progress.filed.add(entry.actor)
  return {
    type: 'sitrep.file',
    incidentId: frame.incidentId,
    kind: closes ? 'final' : first ? 'initial' : 'follow-up',
    from: from.id,
    to: addressed?.id ?? from.superior,
    summary: entry.text,
    facts: [...facts.values()].slice(0, FACTS_MAX),
  }
}

function readyStep(read: Read, frame: Frame): Step | null {
  const { entry } = read
  const readyAt = readyAtOf(entry)
  if (readyAt === null || read.kind === 'team-ready') return null
  const cause = `exercise|${frame.options.runId}|${frame.scenario.id}|${entry.index}|ready`
  const made = note({ ...read, kind: 'team-ready' }, frame)
  return {
    index: entry.index,
    at: readyAt > entry.at ? readyAt : entry.at,
    occurredAt: readyAt,
    derived: true,
    entry,
    factKind: 'team-ready',
    understood: true,
    why: null,
    level: null,
    commands: [{ room: 'incident', id: frame.incidentId, command: made, commandId: frame.options.idFrom(cause), occurredAt: readyAt }],
  }
}
