/** Times that the record allows to be taken: from one entry to another, as ISO 8601 durations, or the reason why not. */
import type { Words } from '../event.ts'
import type { Colour, Level } from '../level.ts'
import { between, durationText, fromMs, toMs } from '../time.ts'
import { divisionLevel } from '../place.ts'
import { closedThing, colourOf, textOf } from './kinds.ts'
import type { ScenarioEntry } from './scenario.ts'
import { completeOf, scopeText, subjectOf, type Step, type Translation } from './translate.ts'

export type Point = { readonly index: number; readonly at: string; readonly text: string }
export type Latency = {
  /** Stable within a scenario, e.g. `warning-red→response-1@city`. */
  readonly id: string
  readonly words: Words
  readonly from: Point
  readonly to: Point | null
  readonly duration: string | null
  /** Where the record gives only the hour or the day: the shortest that its words allow. */
  readonly atLeast: string | null
  /** The coarser precision of the two ends where it is coarser than a minute. */
  readonly precision: string | null
  /** Why there is no duration, in English; the same in both languages beside it. */
  readonly reason: string | null
  readonly reasonWords: Words | null
}

const LATENCIES_MAX = 2000
const PAIRS_MAX = 200

const ROMAN = ['', 'I', 'II', 'III', 'IV']
const NUMERAL = ['', '一', '二', '三', '四']
const COLOUR_ZH: Readonly<Record<Colour, string>> = { red: '红色', orange: '橙色', yellow: '黄色', blue: '蓝色' }
const SCOPE_ZH: Readonly<Record<string, string>> = { city: '市级', province: '省级', region: '自治区级', nation: '国家级', national: '国家级', county: '县区级', district: '县区级', state: '州级', federal: '联邦' }

export const point = (step: Step): Point => ({ index: step.index, at: step.occurredAt, text: step.entry.text })

/** All latencies of a replay; each group names what it could not find rather than leave it out. */
export function latenciesOf(translation: Translation): readonly Latency[] {
  const { steps } = translation
  const scope = scopes(translation)
  return [
    ...fromIncident(translation, scope),
    ...warnings(steps, scope),
    ...levels(steps, scope),
    ...answers(steps),
    ...substances(translation),
    ...readiness(steps, translation),
    ...reports(steps, translation),
    ...decisions(steps),
    ...arrivals(steps, translation),
    ...rumours(steps),
  ].slice(0, LATENCIES_MAX)
}

/** Where it began in the world: the marked beginning, else the first entry. */
export const beginning = ({ steps, startIndex }: Translation): Step | null => steps.find((one) => one.index === startIndex && !one.derived) ?? steps[0] ?? null

/** `duration` and its bounds between two steps of the record. */
export function span(id: string, words: Words, from: Step, to: Step | null, reason: Words | null = null): Latency {
  if (to === null) return { id, words, from: point(from), to: null, duration: null, atLeast: null, precision: null, reason: reason?.en ?? null, reasonWords: reason }
  const coarse = [from, to].map((one) => (one.derived ? null : one.entry.precision)).find((one) => one !== null && one !== 'second' && one !== 'minute') ?? null
  const [latest, earliest] = [bounds(from).latest, bounds(to).earliest]
  const least = coarse === null || latest === null || earliest === null ? null : durationText(Math.max(0, earliest - latest))
  return { id, words, from: point(from), to: point(to), duration: between(from.occurredAt, to.occurredAt), atLeast: least, precision: coarse, reason: null, reasonWords: null }
}

/** The earliest and the latest instant that an entry's precision allows; null where it allows no bound. */
function bounds({ entry, derived, occurredAt }: Step): { readonly earliest: number | null; readonly latest: number | null } {
  const at = toMs(occurredAt)
  if (derived || entry.precision === null || entry.precision === 'second' || entry.precision === 'minute') return { earliest: at, latest: at }
  const midnight = toMs(new Date(`${entry.t.slice(0, 10)}T00:00:00${/(?:Z|[+-]\d{2}:\d{2})$/.exec(entry.t)?.[0] ?? 'Z'}`).toISOString())
  const HOUR = 3_600_000
  if (entry.precision === 'hour') return { earliest: /afternoon|下午/i.test(entry.text) ? Math.min(at, midnight + 12 * HOUR) : at - (at % HOUR), latest: at - (at % HOUR) + HOUR }
  if (entry.precision === 'day') return { earliest: midnight, latest: midnight + 24 * HOUR }
  return { earliest: null, latest: null }
}

const first = (steps: readonly Step[], wanted: (step: Step) => boolean, notBefore = ''): Step | null => steps.find((one) => one.occurredAt >= notBefore && wanted(one)) ?? null
const isKind = (...kinds: readonly string[]) => (step: Step): boolean => kinds.includes(step.factKind)

/** Whose territory or which scale a level belongs to: as the entry says, as the same organization says elsewhere, else by the organization. */
export function scopes({ steps, cast, territory }: Translation): (step: Step) => string {
  const slug = (text: string): string => text.toLowerCase().replace(/\s+/g, '-')
  const known = new Map<string, string>()
  for (const { entry } of steps) {
    const said = textOf(entry.data, 'scope')
    if (said !== null && !known.has(entry.actor)) known.set(entry.actor, slug(said))
  }
  return ({ entry }) => {
    const said = textOf(entry.data, 'scope') === null && known.has(entry.actor) && textOf(entry.data, 'scale') === null ? (known.get(entry.actor) ?? null) : scopeText(entry)
    if (said !== null) return slug(said)
    const actor = cast.byKey.get(entry.actor)
    if (actor === undefined || actor.jurisdiction === null || !territory.china) return entry.actor
    const level = divisionLevel(actor.jurisdiction)
    return /市(?:人民政府|政府|委|$)|指挥部/.test(actor.name['zh-CN']) && level !== 'county' && level !== 'nation' ? 'city' : level === 'prefecture' ? 'city' : level
  }
}

const levelWords = (level: Level, scope: string): Words => ({ 'zh-CN': `${NUMERAL[level]}级响应（${SCOPE_ZH[scope] ?? scope}）`, en: `response level ${ROMAN[level]} (${scope})` })
const join = (a: Words, b: Words): Words => ({ 'zh-CN': `${a['zh-CN']} → ${b['zh-CN']}`, en: `${a.en} → ${b.en}` })
const START: Words = { 'zh-CN': '事发', en: 'Start of the incident' }

type Levelled = { readonly step: Step; readonly level: Level; readonly scope: string }

/** The first statement of each level in each scope, by time. */
export function levelled(steps: readonly Step[], scope: (step: Step) => string): readonly Levelled[] {
  const found = new Map<string, Levelled>()
  for (const step of steps) {
    if (step.level === null || step.derived) continue
    const one = { step, level: step.level, scope: scope(step) }
    const key = `${one.level}@${one.scope}`
    if (!found.has(key)) found.set(key, one)
  }
  return [...found.values()]
}

const responseId = ({ level, scope }: Levelled): string => `response-${level}@${scope}`

function fromIncident(translation: Translation, scope: (step: Step) => string): readonly Latency[] {
  const { steps, cast } = translation
  const start = beginning(translation)
  if (start === null) return []
  const social = (step: Step): boolean => cast.byKey.get(step.entry.actor)?.sector === 'social' && ['depart', 'deploy', 'arrive', 'dispatch'].includes(step.factKind)
  const reports = (step: Step): boolean => step.commands.some((one) => one.command.type === 'sitrep.file' && one.command.kind !== 'final')
  const activates = (step: Step): boolean => step.commands.some((one) => one.command.type === 'incident.activate-headquarters')
  const firsts: readonly (readonly [id: string, zh: string, en: string, found: Step | null, reason: Words])[] = [
    ['first-report', '首次情况报告', 'first situation report', first(steps, reports, start.occurredAt), { 'zh-CN': '记录中没有情况报告', en: 'the record holds no situation report' }],
    ['first-crew', '首支力量到场', 'first crew on scene', first(steps, isKind('arrive'), start.occurredAt), { 'zh-CN': '记录中没有到场', en: 'the record holds no arrival' }],
    ['headquarters', '指挥部首次行动', 'headquarters first acts', first(steps, activates, start.occurredAt), { 'zh-CN': '记录中没有指挥部的行动', en: 'no headquarters acts in the record' }],
    ['society-departure', '首支社会力量出发', 'first social organization sets out', first(steps, social, start.occurredAt), { 'zh-CN': '记录中没有社会组织出发', en: 'no social organization sets out in the record' }],
    ['needs-published', '首次发布需求', 'first bulletin of needs', first(steps, isKind('needs-published'), start.occurredAt), { 'zh-CN': '记录中没有需求发布', en: 'the record holds no bulletin of needs' }],
    ['public-information', '首次公开发布信息', 'first public information', first(steps, isKind('public-information', 'press-conference'), start.occurredAt), { 'zh-CN': '记录中没有向公众的信息发布', en: 'the record holds no release to the public' }],
    ['evacuation', '首次转移疏散', 'first evacuation', first(steps, isKind('evacuation'), start.occurredAt), { 'zh-CN': '记录中没有转移疏散', en: 'the record holds no evacuation' }],
  ]
  return [
    ...firsts.map(([id, zh, en, found, reason]) => span(`incident→${id}`, join(START, { 'zh-CN': zh, en }), start, found, reason)),
    ...levelled(steps, scope).filter((one) => one.step.occurredAt >= start.occurredAt).map((one) => span(`incident→${responseId(one)}`, join(START, levelWords(one.level, one.scope)), start, one.step)),
  ]
}

function warnings(steps: readonly Step[], scope: (step: Step) => string): readonly Latency[] {
  const count = new Map<Colour, number>()
  const found: Latency[] = []
  for (const warning of steps) {
    const colour = warning.factKind === 'warning' ? colourOf(warning.entry) : null
    if (colour === null || found.length > PAIRS_MAX * 4) continue
    const n = (count.get(colour) ?? 0) + 1
    count.set(colour, n)
    const id = n === 1 ? `warning-${colour}` : `warning-${colour}-${n}`
    const words: Words = { 'zh-CN': `${n === 1 ? '' : `第${n}次`}${COLOUR_ZH[colour]}预警`, en: `${n === 1 ? '' : `No. ${n} `}${colour} warning` }
    const later = steps.filter((one) => one.occurredAt >= warning.occurredAt && one !== warning)
    const decided = levelled(later, scope)
    found.push(...decided.map((one) => span(`${id}→${responseId(one)}`, join(words, levelWords(one.level, one.scope)), warning, one.step)))
    if (decided.length === 0) found.push(span(`${id}→response`, join(words, { 'zh-CN': '应急响应', en: 'response level' }), warning, null, { 'zh-CN': '记录中此预警之后未启动应急响应', en: 'no response level is set after this warning in the record' }))
    if (n === 1) found.push(...measures(id, words, warning, later))
  }
  return found
}

/** What was done after the first warning of a colour besides levels. */
function measures(id: string, words: Words, warning: Step, later: readonly Step[]): readonly Latency[] {
  const closed = new Map<string, Step>()
  for (const step of later) if (step.factKind === 'closure') closed.set(closedThing(step.entry) ?? step.entry.actor, closed.get(closedThing(step.entry) ?? step.entry.actor) ?? step)
  const closures = [...closed].slice(0, PAIRS_MAX).map(([what, step]) => span(`${id}→closure-${what}`, join(words, { 'zh-CN': `停课停运等措施（${what}）`, en: `closure (${what})` }), warning, step))
  const others: readonly (readonly [kind: string, zh: string, en: string, reason: Words])[] = [
    ['special-site-checked', '重点场所叫应', 'special site asked after', { 'zh-CN': '记录未载明对重点场所的叫应', en: 'the record does not say that a special site was asked after' }],
    ['evacuation', '转移疏散', 'evacuation', { 'zh-CN': '记录中此预警之后没有转移疏散', en: 'the record holds no evacuation after this warning' }],
    ['warning-acknowledged', '预警叫应', 'acknowledgement of the warning', { 'zh-CN': '记录未载明谁对此预警作出回应', en: 'the record does not say who acknowledged this warning' }],
  ]
  return [
    ...(closures.length > 0 ? closures : [span(`${id}→closure`, join(words, { 'zh-CN': '停课停运等措施', en: 'closure' }), warning, null, { 'zh-CN': '记录中此预警之后没有停课停运等措施', en: 'the record holds no closure after this warning' })]),
    ...others.map(([kind, zh, en, reason]) => span(`${id}→${kind}`, join(words, { 'zh-CN': zh, en }), warning, first(later, isKind(kind)), reason)),
  ]
}

/** From level to level within a scope, and of one level from scope to scope. */
function levels(steps: readonly Step[], scope: (step: Step) => string): readonly Latency[] {
  const all = levelled(steps, scope)
  const found: Latency[] = []
  for (const [i, a] of all.entries())
    for (const b of all.slice(i + 1)) {
      const related = a.level === b.level ? a.scope !== b.scope : a.scope === b.scope
      if (related && found.length < PAIRS_MAX) found.push(span(`${responseId(a)}→${responseId(b)}`, join(upper(levelWords(a.level, a.scope)), levelWords(b.level, b.scope)), a.step, b.step))
    }
  return found
}

const upper = (words: Words): Words => ({ ...words, en: words.en.charAt(0).toUpperCase() + words.en.slice(1) })

/** Each request to its first answer, partial or not, and to its first complete one; requests for information pair by subject. */
function answers(steps: readonly Step[]): readonly Latency[] {
  const found: Latency[] = []
  for (const asked of steps) {
    if (found.length >= PAIRS_MAX) break
    const { entry, index } = asked
    if (asked.factKind === 'information-requested') {
      const subject = subjectOf(entry)
      const about = subject ?? 'information'
      const replies = steps.filter((one) => one.occurredAt >= asked.occurredAt && one.factKind === 'information-provided' && (subject === null ? isReply(asked.entry, one.entry) : subjectOf(one.entry) === subject))
      const complete = replies.find((one) => completeOf(one.entry) !== false) ?? null
      const words: Words = { 'zh-CN': `索取${about}`, en: `Request for ${about}` }
      found.push(span(`request-${about}-${index}→answer`, join(words, { 'zh-CN': '首次答复', en: 'first answer' }), asked, replies[0] ?? null, { 'zh-CN': '记录中没有答复', en: 'the record holds no answer' }))
      found.push(span(`request-${about}-${index}→complete-answer`, join(words, { 'zh-CN': '完整答复', en: 'complete answer' }), asked, complete, { 'zh-CN': '记录中没有完整答复', en: 'the record holds no complete answer' }))
    }
    if (asked.factKind === 'aid-requested') {
      const answer = steps.find((one) => one.occurredAt >= asked.occurredAt && one !== asked && ['aid-answered', 'aid-declined', 'dispatch', 'deploy', 'depart'].includes(one.factKind) && isReply(entry, one.entry)) ?? null
      found.push(span(`aid-request-${index}→answer`, { 'zh-CN': '请求支援 → 答复', en: 'Request for aid → answer' }, asked, answer, { 'zh-CN': '记录中没有对此请求的答复', en: 'the record holds no answer to this request' }))
    }
  }
  return found
}

/** It comes from whom was asked, or goes to who asked. */
const isReply = (asked: ScenarioEntry, answer: ScenarioEntry): boolean => answer.targets.includes(asked.actor) || (asked.targets.includes(answer.actor) && answer.actor !== asked.actor)

function substances({ steps, hazard }: Translation): readonly Latency[] {
  if (hazard !== 'hazardous-chemicals' && !steps.some((one) => subjectOf(one.entry) === 'substance-list' && one.factKind.startsWith('information'))) return []
  const crew = first(steps, isKind('arrive'))
  if (crew === null) return []
  const list = first(steps, (one) => one.factKind === 'information-provided' && subjectOf(one.entry) === 'substance-list' && completeOf(one.entry) !== false, crew.occurredAt)
  return [span('first-crew→substance-list', { 'zh-CN': '首支力量到场 → 完整物质清单', en: 'First crew on scene → complete substance list' }, crew, list, { 'zh-CN': '记录中没有完整的物质清单', en: 'no complete substance list is recorded' })]
}

/** Each team from ready to ordered out. */
function readiness(steps: readonly Step[], { cast }: Translation): readonly Latency[] {
  return steps.filter(isKind('team-ready')).slice(0, PAIRS_MAX).map((ready) => {
    const team = ready.entry.actor
    const orders = (one: Step): boolean =>
      (one.factKind === 'team-ordered' && one.entry.actor === team) || (['order', 'dispatch', 'team-ordered', 'deploy', 'aid-requested'].includes(one.factKind) && one.entry.targets.includes(team))
    const name = cast.byKey.get(team)?.name ?? { 'zh-CN': team, en: team }
    return span(`ready→ordered@${team}`, { 'zh-CN': `${name['zh-CN']}：就绪 → 接到命令`, en: `${name.en}: ready → ordered` }, ready, first(steps, orders, ready.occurredAt), { 'zh-CN': '记录未载明该队伍接到命令', en: 'the record does not say that the team was ordered out' })
  })
}

/** Report by report: casualty reports as one chain, other situation reports by organization. */
function reports(steps: readonly Step[], { cast }: Translation): readonly Latency[] {
  const casualties = steps.filter((one) => one.factKind === 'casualties')
  const others = Map.groupBy(steps.filter((one) => one.factKind === 'situation-report' && one.commands.some((command) => command.room === 'sitrep')), (one) => one.entry.actor)
  const chain = (all: readonly Step[], id: string, words: Words): readonly Latency[] =>
    all.slice(1, PAIRS_MAX).flatMap((to, i) => {
      const from = all[i]
      return from === undefined ? [] : [span(`${id}-${i + 1}→${id}-${i + 2}`, { 'zh-CN': `${words['zh-CN']}：第${i + 1}次 → 第${i + 2}次`, en: `${words.en}: no. ${i + 1} → no. ${i + 2}` }, from, to)]
    })
  return [
    ...chain(casualties, 'casualty-report', { 'zh-CN': '伤亡情况报告', en: 'Casualty report' }),
    ...[...others].flatMap(([key, all]) => {
      const name = cast.byKey.get(key)?.name ?? { 'zh-CN': key, en: key }
      return chain(all, `report@${key}`, { 'zh-CN': `${name['zh-CN']}情况报告`, en: `${name.en}: situation report` })
    }),
  ]
}

const DAY_MS = 86_400_000

/** From a decision that the entry dates to its effect on site; whole days, because the record gives days. */
export function decidedDays(steps: readonly Step[]): readonly { readonly step: Step; readonly decidedOn: string; readonly days: number }[] {
  return steps.flatMap((step) => {
    const decidedOn = textOf(step.entry.data, 'decidedOn')
    if (step.derived || decidedOn === null || !/^\d{4}-\d{2}-\d{2}$/.test(decidedOn) || Number.isNaN(Date.parse(decidedOn))) return []
    const said = step.entry.data.daysToSite
    const days = typeof said === 'number' && said >= 0 ? said : (Date.parse(step.entry.t.slice(0, 10)) - Date.parse(decidedOn)) / DAY_MS
    return days >= 0 ? [{ step, decidedOn, days }] : []
  })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low = 0, high = 0] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]]
  return (low + high) / 2
}

function decisions(steps: readonly Step[]): readonly Latency[] {
  const all = decidedDays(steps).map(({ step, decidedOn, days }) => {
    const to = point(step)
    const offset = /(?:Z|[+-]\d{2}:\d{2})$/.exec(step.entry.t)?.[0] ?? 'Z'
    const from: Point = { index: step.index, at: fromMs(Date.parse(`${decidedOn}T00:00:00${offset}`)), text: `decided on ${decidedOn}` }
    const key = [step.entry.actor, ...step.entry.targets].join('→')
    const words: Words = { 'zh-CN': `${key}：决定 → 到达`, en: `${key}: decided → on site` }
    return { days, latency: { id: `decided→on-site@${key}`, words, from, to, duration: durationText(days * DAY_MS), atLeast: null, precision: 'day', reason: null, reasonWords: null } satisfies Latency }
  })
  if (all.length === 0) return []
  const sorted = all.toSorted((a, b) => a.days - b.days)
  const summary = (what: string, zh: string, days: number, at: number): readonly Latency[] => {
    const one = sorted[at]
    return one === undefined ? [] : [{ ...one.latency, id: `decided→on-site/${what}`, words: { 'zh-CN': `决定 → 到达，${zh}（${all.length}对）`, en: `Decided → on site, ${what} of ${all.length}` }, duration: durationText(days * DAY_MS) }]
  }
  const middle = median(all.map((one) => one.days))
  return [...summary('median', '中位数', middle, Math.floor((all.length - 1) / 2)), ...summary('max', '最长', sorted.at(-1)?.days ?? 0, all.length - 1), ...all.slice(0, PAIRS_MAX).map((one) => one.latency)]
}

/** From an order or dispatch to the first arrival of each organization that it names. */
function arrivals(steps: readonly Step[], { cast }: Translation): readonly Latency[] {
  const found: Latency[] = []
  const seen = new Set<string>()
  for (const order of steps) {
    if (!['order', 'dispatch', 'team-ordered', 'aid-requested'].includes(order.factKind)) continue
    for (const team of order.factKind === 'team-ordered' ? [order.entry.actor] : order.entry.targets) {
      const there = first(steps, (one) => one !== order && one.entry.actor === team && (one.factKind === 'arrive' || one.factKind === 'deploy'), order.occurredAt)
      if (there === null || seen.has(team) || found.length >= PAIRS_MAX) continue
      seen.add(team)
      const name = cast.byKey.get(team)?.name ?? { 'zh-CN': team, en: team }
      found.push(span(`order→arrival@${team}`, { 'zh-CN': `${name['zh-CN']}：下令 → 到达`, en: `${name.en}: ordered → on site` }, order, there))
    }
  }
  return found
}

function rumours(steps: readonly Step[]): readonly Latency[] {
  return steps.filter(isKind('rumour-corrected')).slice(0, PAIRS_MAX).map((corrected) => {
    const rumour = steps.findLast((one) => one.factKind === 'rumour' && one.occurredAt <= corrected.occurredAt) ?? null
    const words: Words = { 'zh-CN': '谣言出现 → 澄清', en: 'Rumour → correction' }
    return rumour === null
      ? { ...span(`rumour→correction-${corrected.index}`, words, corrected, null, { 'zh-CN': '记录只有澄清时间，没有谣言出现的时间', en: 'the record gives the correction but not when the rumour began' }), to: point(corrected) }
      : span(`rumour→correction-${corrected.index}`, words, rumour, corrected)
  })
}
