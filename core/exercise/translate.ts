/**
 * A scenario becomes what the machinery understands: organizations to register and, entry by entry, commands with
 * their instants. Pure; nobody is made to say what he did not say in the record.
 */
import type { Words } from '../event.ts'
import type { IncidentCommand } from '../incident.ts'
import type { IncidentClass, Level } from '../level.ts'
import type { Place } from '../place.ts'
import type { SitrepCommand } from '../sitrep.ts'
import { InstantText, toMs } from '../time.ts'
import { castOf, type Cast, type Member } from './cast.ts'
import { classFrom, closedThing, colourOf, hazardFrom, kindOf, responseLevelOf, severityFrom, slugOf, textOf } from './kinds.ts'
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
/** A team that is said to be ready later than this after the entry is not waited for. */
const READY_WITHIN_MS = 30 * 24 * 3_600_000

const POSITIONS: readonly (readonly [code: string, words: Words])[] = [
  ['commander', { 'zh-CN': '总指挥', en: 'Commander' }],
  ['planning', { 'zh-CN': '计划组', en: 'Planning' }],
  ['operations', { 'zh-CN': '抢险救援组', en: 'Operations' }],
  ['logistics', { 'zh-CN': '后勤保障组', en: 'Logistics' }],
  ['information', { 'zh-CN': '信息发布组', en: 'Public information' }],
  ['liaison', { 'zh-CN': '联络员', en: 'Liaison' }],
]

/** What the walk over the entries has established so far. */
type Progress = { reported: boolean; verified: boolean; declared: boolean; closed: boolean; headquarters: boolean; readonly filed: Set<string>; readonly seen: Set<string> }
type Read = { readonly entry: ScenarioEntry; readonly kind: string; readonly understood: boolean; readonly why: string | null; readonly level: Level | null }
type Frame = Omit<Translation, 'steps' | 'assumptions'> & { readonly scenario: Scenario; readonly unitInvolved: string | null; readonly options: TranslateOptions; readonly establishAt: number }

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
    scenario, options, territory, hazard, severity, unitInvolved, incidentId: id('incident'), packApplies: territory.china, class: classFrom(scenario.hazardClass, hazard),
    cast: withHazardousGoods(cast, unitInvolved, hazard), startIndex: start?.entry.index ?? null, establishAt: (start ?? reads.find(isGrave) ?? reads[0])?.entry.index ?? 0,
  }
  const { scenario: _, options: __, unitInvolved: ___, establishAt: ____, ...kept } = frame
  return { ...kept, steps: stepsOf(reads, frame), assumptions: assumptionsOf(frame, reads, from) }
}

const isGrave = (one: Read): boolean => one.level !== null || ['response-level', 'casualties', 'headquarters', 'secondary-event', 'arrive'].includes(one.kind)

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
  const members = cast.members.map((one) => (one.id === unitInvolved && !one.functions.includes('hazardous-goods-storage') ? { ...one, functions: [...one.functions, 'hazardous-goods-storage'] } : one))
  return { ...cast, members, byKey: new Map(members.map((one) => [one.key, one])) }
}

function stepsOf(reads: readonly Read[], frame: Frame): readonly Step[] {
  const progress: Progress = { reported: false, verified: false, declared: false, closed: false, headquarters: false, filed: new Set(), seen: new Set() }
  const steps: Step[] = []
  for (const read of reads) {
    const { entry, kind, understood, why, level } = read
    steps.push({ index: entry.index, at: entry.at, occurredAt: entry.at, derived: false, entry, factKind: kind, understood, why, level, commands: commandsOf(read, frame, progress) })
    for (const key of [entry.actor]) progress.seen.add(key)
    const ready = readyStep(read, frame)
    if (ready !== null) steps.push(ready)
  }
  return steps.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

const member = (key: string, frame: Frame): Member => frame.cast.byKey.get(key) ?? frame.cast.public

function commandsOf(read: Read, frame: Frame, progress: Progress): readonly TranslatedCommand[] {
  const { entry, kind } = read
  const said: ({ readonly room: 'incident'; readonly command: IncidentCommand } | { readonly room: 'sitrep'; readonly command: SitrepCommand })[] = []
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
    type: 'incident.report', title: titleOf(scenario), place, jurisdiction: territory.code, hazard, class: of, unitInvolved, text: entry.text,
    zone: scenario.timezone, reportedBy: cast.byKey.get(entry.actor)?.id ?? null,
  }
}

const titleOf = ({ title, titleZh }: Scenario): string => (title === titleZh || titleZh.length + title.length > 190 ? titleZh.slice(0, 200) : `${titleZh} / ${title}`)

function placeOf(entry: ScenarioEntry): Place | null {
  const { place } = entry
  if (place === null || place.lat === null || place.lon === null) return null
  return { name: place.name ?? `${place.lat}, ${place.lon}`, lat: place.lat, lon: place.lon, ...(place.accuracy === null ? {} : { accuracy: place.accuracy }) }
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

/** A headquarters acts for the first time, or is said to be set up: from then on it leads those who have acted so far. */
function headquartersOf({ entry, kind }: Read, frame: Frame, progress: Progress): IncidentCommand | null {
  if (progress.headquarters || progress.closed) return null
  const named = [entry.actor, ...(kind === 'headquarters' ? entry.targets : [])].map((key) => member(key, frame)).find((one) => one.sector === 'command')
  const lead = named ?? (kind === 'headquarters' ? member(entry.actor, frame) : undefined)
  if (lead === undefined || lead.sector === 'public') return null
  progress.headquarters = true
  const above = new Set(superiors(lead, frame.cast))
  const seen = [...progress.seen].map((key) => member(key, frame))
  const siblings = frame.cast.members.filter((one) => lead.superior !== null && one.superior === lead.superior)
  const members = [...new Set([lead, ...siblings, ...seen].filter((one) => one.sector !== 'public' && !above.has(one.id)).map((one) => one.id))].slice(0, MEMBERS_MAX)
  return { type: 'incident.activate-headquarters', name: lead.name, lead: lead.id, members, positions: POSITIONS.map(([code, words]) => ({ code, words, organization: null })) }
}

function superiors(of: Member, cast: Cast): readonly string[] {
  const byId = new Map(cast.members.map((one) => [one.id, one]))
  const above: string[] = []
  for (let at = of.superior; at !== null && above.length < 64; at = byId.get(at)?.superior ?? null) above.push(at)
  return above
}

/** What the level is about, as the record says it: whose territory, or which scale. */
export const scopeText = (entry: ScenarioEntry): string | null => (textOf(entry.data, 'scope') ?? textOf(entry.data, 'scale'))?.slice(0, 200) ?? null

const responseOf = ({ entry }: Read, level: Level, frame: Frame): IncidentCommand => ({
  type: 'incident.set-response', level, scope: scopeText(entry), plan: null, text: entry.text, organization: member(entry.actor, frame).id,
})

const SUBJECTS: readonly (readonly [subject: string, words: RegExp])[] = [
  ['substance-list', /substance|chemical|what is (?:stored|burning)|stored|危险品|化学品|货物/i],
  ['site-plan', /site plan|floor plan|drawing|图纸|平面图/i],
  ['missing-persons', /missing (?:people|persons)|失联/i],
]
const INCOMPLETE = /\bnot which\b|incomplete|\bpartial|\bunknown\b|cannot say|could not say|\bno answer\b|不全|不清|部分/i

/** What a request or an answer is about. */
export const subjectOf = (entry: ScenarioEntry): string | null => slugOf(textOf(entry.data, 'subject') ?? '') ?? SUBJECTS.find(([, words]) => words.test(entry.text))?.[0] ?? null

/** Whether what was provided is complete: as stated, else false where the words say so, else unsaid. */
export const completeOf = (entry: ScenarioEntry): boolean | null => (typeof entry.data.complete === 'boolean' ? entry.data.complete : INCOMPLETE.test(entry.text) ? false : null)

/** The hazard that a warning is about. */
export const warnedHazard = (entry: ScenarioEntry, otherwise: string): string => {
  const said = textOf(entry.data, 'hazard') ?? textOf(entry.data, 'subject')
  return said === null ? (hazardFrom(entry.text) ?? otherwise) : (hazardFrom(said) ?? slugOf(said) ?? otherwise)
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
    type: 'incident.note', kind, text: entry.text, organization: member(entry.actor, frame).id, target: entry.targets.map((key) => member(key, frame).id), place,
    ...(subject === null ? {} : { subject }), ...(complete === null ? {} : { complete }), ...(colour === null ? {} : { colour }),
    sources: entry.source.slice(0, 50).map((id) => cited(id, frame.scenario)), ...(entry.confidence === null ? {} : { confidence: entry.confidence }),
    data: { ...entry.data, entry: index, recordedTime: t, precision, action, ...(closed === null ? {} : { closed }), ...(named === null ? {} : { placeName: named }) },
  }
}

const cited = (id: string, { sources }: Scenario): string => (sources[id] ? `${id}: ${sources[id]}` : id).slice(0, 200)

/** Figures, or a report said to be one, become a situation report: an organization's first is its initial one. */
function sitrepOf({ entry, kind }: Read, frame: Frame, progress: Progress): SitrepCommand | null {
  const figures = Object.entries(entry.data).flatMap(([key, value]) => (typeof value === 'number' && Number.isFinite(value) ? [[slugOf(key), value] as const] : []))
  const reports = kind === 'casualties' || (kind === 'situation-report' && (figures.length > 0 || entry.targets.length > 0 || /\d/.test(entry.text)))
  const closes = kind === 'close' && progress.verified && !progress.closed
  if (!reports && !closes) return null
  const from = member(entry.actor, frame)
  const addressed = entry.targets.map((key) => member(key, frame)).find((one) => one.id !== from.id && one.sector !== 'public')
  const source = entry.source.map((id) => cited(id, frame.scenario)).join('; ').slice(0, 400)
  const facts = new Map(figures.flatMap(([key, value]) => (key === null ? [] : [[key, { key, value, unit: null, source: source === '' ? 'scenario' : source, occurredAt: entry.at }] as const])))
  const first = !progress.filed.has(entry.actor)
  progress.filed.add(entry.actor)
  return {
    type: 'sitrep.file', incidentId: frame.incidentId, kind: closes ? 'final' : first ? 'initial' : 'follow-up', from: from.id, to: addressed?.id ?? from.superior,
    summary: entry.text, facts: [...facts.values()].slice(0, FACTS_MAX),
  }
}

/** When the entry's team was ready, as the record tells it. */
export function readyAtOf(entry: ScenarioEntry): string | null {
  const said = textOf(entry.data, 'readyAt')
  const read = said === null ? null : InstantText.safeParse(said)
  return read?.success === true && toMs(read.data) - toMs(entry.at) <= READY_WITHIN_MS ? read.data : null
}

function readyStep(read: Read, frame: Frame): Step | null {
  const { entry } = read
  const readyAt = readyAtOf(entry)
  if (readyAt === null || read.kind === 'team-ready') return null
  const cause = `exercise|${frame.options.runId}|${frame.scenario.id}|${entry.index}|ready`
  const made = note({ ...read, kind: 'team-ready' }, frame)
  return {
    index: entry.index, at: readyAt > entry.at ? readyAt : entry.at, occurredAt: readyAt, derived: true, entry, factKind: 'team-ready', understood: true, why: null, level: null,
    commands: [{ room: 'incident', id: frame.incidentId, command: made, commandId: frame.options.idFrom(cause), occurredAt: readyAt }],
  }
}

function assumptionsOf(frame: Frame, reads: readonly Read[], from: 'level' | 'dead' | null): readonly Words[] {
  const { scenario, territory, cast, severity } = frame
  const unlisted = cast.members.filter((one) => !one.listed && one !== cast.public).map((one) => one.key)
  const unread = scenario.entries.filter((entry) => textOf(entry.data, 'readyAt') !== null && readyAtOf(entry) === null).map((entry) => entry.index)
  const begun = reads.filter((one) => one.kind === 'secondary-event' && kindOf(one.entry, false).kind === 'incident-start').map((one) => one.entry.index)
  const said: (Words | false)[] = [
    { 'zh-CN': '各单位均按未核实登记；其职能、层级、所在行政区域由名称和类别推断。', en: 'Every organization is registered as unverified; its functions, level and territory are read from its name and kind.' },
    { 'zh-CN': '记录中的第一条视为接报，报告单位为该条的行为单位。', en: 'The first entry of the record is taken as the report of the incident, made by the organization that acts in it.' },
    severity !== null && {
      'zh-CN': `事件分级（${severity}级）取自${from === 'dead' ? '全案最高死亡人数，按国务院令第493号的人数标准' : '案卷所载等级'}，属事后所知，当时未必知道。`,
      en: `The severity (${severity}) is taken with hindsight from ${from === 'dead' ? 'the highest count of dead in the file, by the thresholds of State Council Order 493' : 'the grade that the file states'}; it need not have been known at the time.`,
    },
    severity === null && frame.class !== 'social-safety' && { 'zh-CN': '案卷未载事件等级和死亡人数，故不定级；以分级为条件的条款不适用。', en: 'The file states neither grade nor dead, so the incident is not graded; clauses that depend on a severity do not bind.' },
    placed(territory),
    reads.some((one) => member(one.entry.actor, frame).sector === 'command' || one.kind === 'headquarters') && {
      'zh-CN': '指挥部自首次行动时视为启动，成员为同一上级所属单位和此前已行动的单位，各岗位空缺。',
      en: 'The headquarters counts as activated when it first acts; its members are those under the same superior and those who had acted so far, its positions are vacant.',
    },
    { 'zh-CN': '未写明报送对象的情况报告，视为报其上级。', en: 'A situation report without an addressee is taken as made to the superior.' },
    begun.length > 0 && { 'zh-CN': `记录载有多个起始，第一个为本事件，其余（第${begun.join('、')}条）记为次生事件。`, en: `The record marks several beginnings: the first is the incident, the others (entries ${begun.join(', ')}) are kept as secondary.` },
    unlisted.length > 0 && { 'zh-CN': `名单未列而在记录中出现的单位，按未核实登记：${listed(unlisted)}。`, en: `Met in the record but not in its list, registered as unverified: ${listed(unlisted)}.` },
    cast.brokenCircles.length > 0 && { 'zh-CN': `上级关系成环，以下单位的上级未采用：${listed(cast.brokenCircles)}。`, en: `Superiors run in a circle; left out for: ${listed(cast.brokenCircles)}.` },
    scenario.outOfOrder > 0 && { 'zh-CN': `有${scenario.outOfOrder}条记录未按时间排列，已按时间排序，序号仍为原序。`, en: `${scenario.outOfOrder} entries stood out of order; they are taken by time and keep their place as number.` },
    unread.length > 0 && { 'zh-CN': `第${unread.join('、')}条的 readyAt 无法读作时刻，未据以推算。`, en: `readyAt of entries ${unread.join(', ')} cannot be read as an instant and is not used.` },
  ]
  return said.filter((one) => one !== false)
}

const listed = (keys: readonly string[]): string => (keys.length > 12 ? `${keys.slice(0, 12).join(', ')} … (${keys.length})` : keys.join(', '))

function placed(territory: Territory): Words {
  switch (territory.from) {
    case 'title':
      return { 'zh-CN': `事发地按案卷标题取行政区划 ${territory.code}。`, en: `The place is taken from the title: division ${territory.code}.` }
    case 'organisations':
      return { 'zh-CN': `事发地按最先、最多行动的政府单位取行政区划 ${territory.code}。`, en: `The place is taken from the government that acts most in the record: division ${territory.code}.` }
    case 'nowhere':
      return { 'zh-CN': '案卷未写明可识别的行政区划，按全国（100000）处理。', en: 'The file names no division that we know; the nation (100000) is taken.' }
    case 'abroad':
      return { 'zh-CN': '事发地不在中国，中国的法律和演示预案在当地不适用，因此不产生责任；只列记录所载的用时与事实。', en: 'It did not happen in China: the law of China and the demonstration plans do not bind there, so nothing is owed; only times and facts of the record are given.' }
  }
}
