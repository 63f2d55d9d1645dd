/** Times that the record allows to be taken: from one entry to another, as ISO 8601 durations, or the reason why not. */
import type { Words } from '../event.ts'
import type { Colour, Level } from '../level.ts'
import { divisionLevel } from '../place.ts'
import { answers, arrivals, decisions, readiness, reports, rumours, substances } from './interval.ts'
import { closedThing, colourOf, scaleOf, scopeText, textOf } from './kinds.ts'
import { first, isKind, join, PAIRS_MAX, span, type Latency } from './span.ts'
import type { Step, Translation } from './translate.ts'

const LATENCIES_MAX = 2000

const ROMAN = ['', 'I', 'II', 'III', 'IV']
const NUMERAL = ['', '一', '二', '三', '四']
const COLOUR_ZH: Readonly<Record<Colour, string>> = { red: '红色', orange: '橙色', yellow: '黄色', blue: '蓝色' }
const SCOPE_ZH: ReadonlyMap<string, string> = new Map([
  ['city', '市级'],
  ['province', '省级'],
  ['region', '自治区级'],
  ['nation', '国家级'],
  ['national', '国家级'],
  ['county', '县区级'],
  ['district', '县区级'],
  ['state', '州级'],
  ['federal', '联邦'],
])

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
export const beginning = ({ steps, startIndex }: Translation): Step | null =>
  steps.find((one) => one.index === startIndex && !one.derived) ?? steps[0] ?? null

/** Whose territory or which scale a level belongs to: as the entry says, as the same organization says elsewhere, else by the organization. */
export function scopes({ steps, cast, territory }: Translation): (step: Step) => string {
  const slug = (text: string): string => text.toLowerCase().replace(/\s+/g, '-')
  const known = new Map<string, string>()
  for (const { entry } of steps) {
    const said = textOf(entry.data, 'scope')
    if (said !== null && !known.has(entry.actor)) known.set(entry.actor, slug(said))
  }
  return ({ entry }) => {
    const said =
      textOf(entry.data, 'scope') === null && known.has(entry.actor) && textOf(entry.data, 'scale') === null
        ? (known.get(entry.actor) ?? null)
        : (scopeText(entry) ?? scaleOf(entry))
    if (said !== null) return slug(said)
    const actor = cast.byKey.get(entry.actor)
    if (actor === undefined || actor.jurisdiction === null || !territory.china) return entry.actor
    const level = divisionLevel(actor.jurisdiction)
    return /市(?:人民政府|政府|委|$)|指挥部/.test(actor.name['zh-CN']) && level !== 'county' && level !== 'nation'
      ? 'city'
      : level === 'prefecture'
        ? 'city'
        : level
  }
}

const levelWords = (level: Level, scope: string): Words => ({
  'zh-CN': `${NUMERAL[level]}级响应（${SCOPE_ZH.get(scope) ?? scope}）`,
  en: `response level ${ROMAN[level]} (${scope})`,
})
const EARLIER: Words = { 'zh-CN': '只见于事发之前', en: 'it came before the start of the incident and not again' }
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

type First = readonly [id: string, zh: string, en: string, wanted: Wanted, reason: Words]
type Wanted = (step: Step, cast: Translation['cast']) => boolean

const social: Wanted = (step, cast) =>
  cast.byKey.get(step.entry.actor)?.sector === 'social' && ['depart', 'deploy', 'arrive', 'dispatch'].includes(step.factKind)
const files: Wanted = (step) => step.commands.some((one) => one.command.type === 'sitrep.file' && one.command.kind !== 'final')
const activates: Wanted = (step) => step.commands.some((one) => one.command.type === 'incident.activate-headquarters')

/** What is taken from the beginning, first time each. */
const FIRSTS: readonly First[] = [
  [
    'first-report',
    '首次情况报告',
    'first situation report',
    files,
    { 'zh-CN': '记录中没有情况报告', en: 'the record holds no situation report' },
  ],
  ['first-crew', '首支力量到场', 'first crew on scene', isKind('arrive'), { 'zh-CN': '记录中没有到场', en: 'the record holds no arrival' }],
  [
    'headquarters',
    '指挥部首次行动',
    'headquarters first acts',
    activates,
    { 'zh-CN': '记录中没有指挥部的行动', en: 'no headquarters acts in the record' },
  ],
  [
    'society-departure',
    '首支社会力量出发',
    'first social organization sets out',
    social,
    { 'zh-CN': '记录中没有社会组织出发', en: 'no social organization sets out in the record' },
  ],
  [
    'needs-published',
    '首次发布需求',
    'first bulletin of needs',
    isKind('needs-published'),
    { 'zh-CN': '记录中没有需求发布', en: 'the record holds no bulletin of needs' },
  ],
  [
    'public-information',
    '首次公开发布信息',
    'first public information',
    isKind('public-information', 'press-conference'),
    { 'zh-CN': '记录中没有向公众的信息发布', en: 'the record holds no release to the public' },
  ],
  [
    'evacuation',
    '首次转移疏散',
    'first evacuation',
    isKind('evacuation'),
    { 'zh-CN': '记录中没有转移疏散', en: 'the record holds no evacuation' },
  ],
]

function fromIncident(translation: Translation, scope: (step: Step) => string): readonly Latency[] {
  const { steps, cast } = translation
  const start = beginning(translation)
  if (start === null) return []
  return [
    ...FIRSTS.map(([id, zh, en, wanted, reason]) =>
      span(
        `incident→${id}`,
        join(START, { 'zh-CN': zh, en }),
        start,
        first(steps, (step) => wanted(step, cast), start.occurredAt),
        steps.some((step) => wanted(step, cast)) ? EARLIER : reason,
      ),
    ),
    ...levelled(steps, scope)
      .filter((one) => one.step.occurredAt >= start.occurredAt)
      .map((one) => span(`incident→${responseId(one)}`, join(START, levelWords(one.level, one.scope)), start, one.step)),
  ]
}

function warnings(steps: readonly Step[], scope: (step: Step) => string): readonly Latency[] {
  const count = new Map<Colour | 'uncoloured', number>()
  const found: Latency[] = []
  for (const warning of steps) {
    if (warning.factKind !== 'warning' || found.length > PAIRS_MAX * 4) continue
    const colour = colourOf(warning.entry) ?? 'uncoloured'
    const n = (count.get(colour) ?? 0) + 1
    count.set(colour, n)
    const id = n === 1 ? `warning-${colour}` : `warning-${colour}-${n}`
    const words: Words = {
      'zh-CN': `${n === 1 ? '' : `第${n}次`}${colour === 'uncoloured' ? '' : COLOUR_ZH[colour]}预警`,
      en: upper({ 'zh-CN': '', en: `${n === 1 ? '' : `No. ${n} `}${colour === 'uncoloured' ? '' : `${colour} `}warning` }).en,
    }
    const later = steps.filter((one) => one.occurredAt >= warning.occurredAt && one !== warning)
    const decided = levelled(later, scope)
    found.push(...decided.map((one) => span(`${id}→${responseId(one)}`, join(words, levelWords(one.level, one.scope)), warning, one.step)))
    if (decided.length === 0)
      found.push(
        span(`${id}→response`, join(words, { 'zh-CN': '应急响应', en: 'response level' }), warning, null, {
          'zh-CN': '记录中此预警之后未启动应急响应',
          en: 'no response level is set after this warning in the record',
        }),
      )
    if (n === 1) found.push(...measures(id, words, warning, later))
  }
  return found
}

/** What was done after the first warning of a colour besides levels. */
function measures(id: string, words: Words, warning: Step, later: readonly Step[]): readonly Latency[] {
  const closed = new Map<string, Step>()
  for (const step of later)
    if (step.factKind === 'closure')
      closed.set(closedThing(step.entry) ?? step.entry.actor, closed.get(closedThing(step.entry) ?? step.entry.actor) ?? step)
  const closures = [...closed]
    .slice(0, PAIRS_MAX)
    .map(([what, step]) =>
      span(`${id}→closure-${what}`, join(words, { 'zh-CN': `停课停运等措施（${what}）`, en: `closure (${what})` }), warning, step),
    )
  const others: readonly (readonly [kind: string, zh: string, en: string, reason: Words])[] = [
    [
      'special-site-checked',
      '重点场所叫应',
      'special site asked after',
      { 'zh-CN': '记录未载明对重点场所的叫应', en: 'the record does not say that a special site was asked after' },
    ],
    [
      'evacuation',
      '转移疏散',
      'evacuation',
      { 'zh-CN': '记录中此预警之后没有转移疏散', en: 'the record holds no evacuation after this warning' },
    ],
    [
      'warning-acknowledged',
      '预警叫应',
      'acknowledgement of the warning',
      { 'zh-CN': '记录未载明谁对此预警作出回应', en: 'the record does not say who acknowledged this warning' },
    ],
  ]
  return [
    ...(closures.length > 0
      ? closures
      : [
          span(`${id}→closure`, join(words, { 'zh-CN': '停课停运等措施', en: 'closure' }), warning, null, {
            'zh-CN': '记录中此预警之后没有停课停运等措施',
            en: 'the record holds no closure after this warning',
          }),
        ]),
    ...others.map(([kind, zh, en, reason]) =>
      span(`${id}→${kind}`, join(words, { 'zh-CN': zh, en }), warning, first(later, isKind(kind)), reason),
    ),
  ]
}

/** From level to level within a scope, and of one level from scope to scope. */
function levels(steps: readonly Step[], scope: (step: Step) => string): readonly Latency[] {
  const all = levelled(steps, scope)
  const found: Latency[] = []
  for (const [i, a] of all.entries())
    for (const b of all.slice(i + 1)) {
      const related = a.level === b.level ? a.scope !== b.scope : a.scope === b.scope
      if (related && found.length < PAIRS_MAX)
        found.push(
          span(
            `${responseId(a)}→${responseId(b)}`,
            join(upper(levelWords(a.level, a.scope)), levelWords(b.level, b.scope)),
            a.step,
            b.step,
          ),
        )
    }
  return found
}

const upper = (words: Words): Words => ({ ...words, en: words.en.charAt(0).toUpperCase() + words.en.slice(1) })
