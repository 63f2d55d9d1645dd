/** Which figure of the replay answers the free words of a `replay_check`, and that figure. */
import { among, count, names, none, plain, timed, words, worst, type Evidence, type Figure } from './figure.ts'
import { decidedDays, median } from './interval.ts'
import { scopes } from './latency.ts'
import type { ScenarioPair } from './scenario.ts'
import type { Latency } from './span.ts'
import type { Step } from './translate.ts'

function substanceList({ latencies }: Evidence): Figure {
  return timed(
    'first-crew-to-substance-list',
    latencies.find((one) => one.id === 'first-crew→substance-list'),
    '记录中没有力量到场',
    'no crew arrives in the record',
  )
}

/** Crews of fire and rescue on scene, by the authority that their chain ends at: where no roster joins them, nobody sees all. */
function chains({ translation, latencies }: Evidence): Figure {
  const { steps, cast } = translation
  const byId = new Map(cast.members.map((one) => [one.id, one]))
  const onScene = steps
    .filter((one) => one.factKind === 'arrive' || one.factKind === 'deploy')
    .map((one) => cast.byKey.get(one.entry.actor))
    .filter((one) => one !== undefined)
  const fire = [...new Set(onScene.filter((one) => one.functions.includes('fire-rescue')))]
  const crews =
    fire.length > 0
      ? fire
      : [...new Set(onScene.filter((one) => ['military', 'social'].includes(one.sector) || one.functions.includes('social-rescue')))]
  if (crews.length === 0) return none('chains-without-roster', '记录中没有力量到场', 'no crew arrives in the record')
  const published = steps.find((one) => one.factKind === 'roster-published')
  if (published !== undefined)
    return timed('first-crew-to-roster', arrivalTo(published, steps, latencies), '记录中没有力量到场', 'no crew arrives in the record')
  const heads = new Map<string, string>()
  for (const crew of crews) {
    let at = crew
    for (let steps_ = 0; at.superior !== null && steps_ < 64; steps_++) {
      const above = byId.get(at.superior)
      if (above === undefined) break
      at = above
      if (!above.functions.includes('fire-rescue')) break
    }
    heads.set(at.key, crew.key)
  }
  const [who, by] = [
    names(
      crews.map((one) => one.key),
      translation,
    ),
    names(heads.keys(), translation),
  ]
  return count(
    'chains-without-roster',
    heads.size,
    `${crews.length}支${fire.length > 0 ? '消防' : '救援'}力量到场（${who['zh-CN']}），分属${heads.size}条指挥链（${by['zh-CN']}），记录中没有统一名册。`,
    `${crews.length} ${fire.length > 0 ? 'fire' : 'rescue'} crews on scene (${who.en}) under ${heads.size} chains of command (${by.en}), and no roster in the record.`,
  )
}

function arrivalTo(published: Step, steps: readonly Step[], latencies: readonly Latency[]): Latency | undefined {
  const crew = steps.find((one) => one.factKind === 'arrive')
  const base = latencies[0]
  if (crew === undefined || base === undefined) return undefined
  const ms = Date.parse(published.occurredAt) - Date.parse(crew.occurredAt)
  return {
    ...base,
    id: 'first-crew→roster',
    words: words('首支力量到场 → 名册', 'First crew on scene → roster'),
    duration: `PT${Math.max(0, Math.floor(ms / 1000))}S`,
    atLeast: null,
    precision: null,
    reason: null,
    reasonWords: null,
  }
}

const offerToOrder = ({ latencies }: Evidence): Figure =>
  timed(
    'ready-to-ordered',
    worst(among(latencies, /^ready→ordered/)) ?? among(latencies, /^ready→ordered/)[0],
    '记录未载明队伍何时就绪',
    'the record does not say when a team was ready',
  )

function matching({ translation: { steps } }: Evidence): Figure {
  const of = (kind: string): number => steps.filter((one) => one.factKind === kind).length
  const [needs, offers, mismatches] = [of('needs-published'), of('aid-offered'), of('mismatch')]
  return none(
    'offers-matched-share',
    `记录没有逐项列出需求和提供（需求发布${needs}条、提供${offers}条、供需错配${mismatches}条），匹配率和重复率无从计算`,
    `the record does not list needs and offers item by item (${needs} bulletins of needs, ${offers} offers, ${mismatches} mismatches), so no share of matches or duplicates can be taken`,
  )
}

const rumour = ({ latencies }: Evidence): Figure =>
  timed(
    'rumour-to-correction',
    worst(among(latencies, /^rumour→/)) ?? among(latencies, /^rumour→/)[0],
    '记录中没有谣言及澄清',
    'the record holds no rumour and no correction',
  )

const LEVEL_NAMED: readonly RegExp[] = [
  /level (?:i|1)\b|一级|ⅰ级/,
  /level (?:ii|2)\b|二级|ⅱ级/,
  /level (?:iii|3)\b|三级|ⅲ级/,
  /level (?:iv|4)\b|四级|ⅳ级/,
]
const SCOPE_NAMED: readonly (readonly [scope: string, words: RegExp])[] = [
  ['city', /\bcity\b|municipal|市/],
  ['province', /provinc|省/],
  ['region', /\bregion/],
  ['county', /county|district|县|区级/],
  ['nation', /nation|国家/],
  ['state', /\bstate\b/],
]

/** Those that end at the level and in the scope that the check names, where it names any that there are. */
function asNamed(all: readonly Latency[], check: string): readonly Latency[] {
  const levels = LEVEL_NAMED.flatMap((pattern, i) => (pattern.test(check) ? [i + 1] : []))
  const scopes = SCOPE_NAMED.flatMap(([scope, pattern]) => (pattern.test(check) ? [scope] : []))
  const narrowed = [
    (one: Latency): boolean => levels.some((level) => one.id.includes(`→response-${level}@`)),
    (one: Latency): boolean => scopes.some((scope) => (one.id.split('@').at(-1) ?? '').includes(scope)),
  ].reduce((left, fits) => (left.some(fits) ? left.filter(fits) : left), all)
  return narrowed
}

/** From the gravest colour warned of, first time, to the gravest level set after it. */
function warningToLevel({ latencies, check }: Evidence): Figure {
  const named = COLOURS.filter((colour) => new RegExp(`\\b${colour}\\b`).test(check))
  const all = (named.length > 0 ? named : COLOURS).flatMap((colour) =>
    [1, 2, 3, 4].flatMap((level) => among(latencies, new RegExp(`^warning-${colour}→response-${level}@`))),
  )
  const unanswered = among(latencies, /^warning-[a-z]+→response$/)[0]
  return timed(
    'warning-to-response',
    asNamed(
      all.filter((one) => one.duration !== null),
      check,
    )[0] ?? unanswered,
    '记录中没有带颜色的预警',
    'the record holds no warning with a colour',
  )
}

/** One level from scope to scope; else level to level within one; else from the beginning. */
function levelToLevel({ latencies, check }: Evidence): Figure {
  const across = asNamed(among(latencies, /^response-(\d)@.*→response-\1@/), check)
  const within = asNamed(among(latencies, /^response-\d@.*→response-/), check)
  const since = asNamed(among(latencies, /^incident→response-/), check)
  return timed(
    'response-level-change',
    worst(across) ?? worst(within) ?? worst(since),
    '记录中没有级别变化',
    'no change of level is recorded',
  )
}

function release({ latencies }: Evidence): Figure {
  const found = latencies.find((one) => one.id === 'incident→public-information')
  if (found?.duration) return timed('incident-to-first-release', found, '', '')
  return none(
    'incident-to-first-release',
    '记录中没有信息发布条目，首次和后续发布时间均无从计算',
    'the record holds no release to the public, so neither the first nor the follow-up can be timed',
  )
}

const firstReport = ({ latencies }: Evidence): Figure =>
  timed(
    'incident-to-first-report',
    latencies.find((one) => one.id === 'incident→first-report'),
    '记录中没有情况报告',
    'the record holds no situation report',
  )
const reportInterval = ({ latencies }: Evidence): Figure =>
  timed(
    'longest-report-interval',
    worst(among(latencies, /^(?:casualty-report|report@)/)),
    '记录中不足两次情况报告',
    'the record holds fewer than two reports of one kind',
  )

const COLOURS = ['red', 'orange', 'yellow', 'blue', 'uncoloured']

/** What followed the first warning of the gravest colour that anything followed, or of the colour that the check names. */
function afterWarning({ latencies, check }: Evidence, what: string): readonly Latency[] {
  const named = COLOURS.filter((colour) => new RegExp(`\\b${colour}\\b`).test(check))
  const groups = (named.length > 0 ? named : COLOURS).map((colour) =>
    among(latencies, new RegExp(`^warning-${colour}→${what}`)).filter((one) => one.duration !== null),
  )
  return groups.find((some) => some.length > 0) ?? []
}

/** The last of them counts; the sentence gives each. */
function closures(evidence: Evidence): Figure {
  const found = afterWarning(evidence, 'closure')
  const last = worst(found)
  if (last !== undefined) {
    const each = found.map((one) => ({ words: one.words, time: plain(one.duration ?? 'PT0S') }))
    return {
      ...timed('warning-to-closure', last, '', ''),
      sentence: words(
        `${each.map((one) => `${one.words['zh-CN']}：${one.time['zh-CN']}`).join('；')}。`,
        `${each.map((one) => `${one.words.en}: ${one.time.en}`).join('; ')}.`,
      ),
    }
  }
  const closed = evidence.translation.steps.filter((one) => one.factKind === 'closure').length
  return closed > 0
    ? count(
        'closures',
        closed,
        `记录中有${closed}项停课停运封控措施，但没有可对照的预警。`,
        `${closed} closures in the record, but no warning to take the time from.`,
      )
    : none('warning-to-closure', '记录中没有停课停运封控措施', 'the record holds no closure')
}

function specialSites(evidence: Evidence): Figure {
  const of = (kind: string): number => evidence.translation.steps.filter((one) => one.factKind === kind).length
  const [asked, missed] = [of('special-site-checked'), of('special-site-missed')]
  const [found] = afterWarning(evidence, 'special-site-checked')
  if (found !== undefined) return timed('warning-to-special-site', found, '', '')
  if (asked + missed > 0)
    return count(
      'special-sites-asked',
      asked,
      `记录中叫应重点场所${asked}处，遗漏${missed}处。`,
      `${asked} special sites asked after in the record, ${missed} missed.`,
    )
  return none('special-sites-asked', '记录未载明对重点场所的叫应', 'the record does not say that any special site was asked after')
}

/** How many different levels were held at one time, and by how many organizations. */
function levelBoard({ translation }: Evidence): Figure {
  const scope = scopes(translation)
  const held = new Map<string, { readonly level: number; readonly actor: string }>()
  const agencies = new Set<string>()
  let most = 0
  for (const step of translation.steps) {
    if (step.level === null || step.derived) continue
    held.set(`${step.entry.actor}|${scope(step)}`, { level: step.level, actor: step.entry.actor })
    agencies.add(step.entry.actor)
    most = Math.max(most, new Set([...held.values()].map((one) => one.level)).size)
  }
  if (agencies.size === 0) return none('levels-held-at-once', '记录中没有应急响应级别', 'no response level is recorded')
  const who = names(agencies, translation)
  return count(
    'levels-held-at-once',
    most,
    `${agencies.size}个单位（${who['zh-CN']}）先后启动响应，同一时刻最多并存${most}种级别。`,
    `${agencies.size} organizations (${who.en}) set levels; up to ${most} different levels stood at one time.`,
  )
}

/** Helpers of one receiver: those who went there, and those that the file pairs with it. */
function helpers({ scenario, translation }: Evidence): Figure {
  const by = new Map<string, Set<string>>()
  const add = ({ by: helper, to }: ScenarioPair): void => {
    if (helper !== to) by.set(to, (by.get(to) ?? new Set<string>()).add(helper))
  }
  for (const { factKind, entry } of translation.steps)
    if (['deploy', 'arrive', 'aid-answered', 'aid-offered', 'depart'].includes(factKind))
      for (const to of entry.targets) add({ by: entry.actor, to })
  for (const pair of scenario.pairs) add(pair)
  const [most] = [...by].toSorted(([, a], [, b]) => b.size - a.size)
  if (most === undefined) return none('helpers-of-one-receiver', '记录未载明谁支援谁', 'the record does not say who helped whom')
  const [[receiver, who], lead] = [
    most,
    translation.steps.some((one) => /\blead\b|牵头/.test(`${one.entry.action} ${Object.keys(one.entry.data).join(' ')}`)),
  ]
  const [to, from] = [names([receiver], translation), names(who, translation)]
  return count(
    'helpers-of-one-receiver',
    who.size,
    `${to['zh-CN']}有${who.size}个支援方（${from['zh-CN']}），记录${lead ? '载有' : '未载明'}牵头方。`,
    `${to.en} had ${who.size} helpers (${from.en}); the record names ${lead ? 'a' : 'no'} lead among them.`,
  )
}

function rePairing({ scenario: { pairsFirst, pairsFinal } }: Evidence): Figure {
  if (pairsFirst.length === 0 || pairsFinal.length === 0)
    return none('pairs-redrawn', '案卷没有先后两次结对表', 'the file does not hold two tables of pairs')
  const final = new Set(pairsFinal.map((one) => `${one.by}→${one.to}`))
  const redrawn = pairsFirst.filter((one) => !final.has(`${one.by}→${one.to}`)).length
  return count(
    'pairs-redrawn',
    redrawn,
    `首次${pairsFirst.length}对中有${redrawn}对未进入最终方案（最终${pairsFinal.length}对）；记录未载明各对的任务、资金和承诺，是否无损移交无从判断。`,
    `${redrawn} of the first ${pairsFirst.length} pairs are not in the final plan (${pairsFinal.length} pairs); the record gives no tasks, money or promises by pair, so whether they were carried over cannot be said.`,
    words('记录未载明各对的任务、资金和承诺', 'the record gives no tasks, money or promises by pair'),
  )
}

const headquarters = ({ latencies }: Evidence): Figure =>
  timed(
    'incident-to-headquarters',
    latencies.find((one) => one.id === 'incident→headquarters'),
    '记录中没有指挥部的行动',
    'no headquarters acts in the record',
  )
const aid = ({ latencies }: Evidence): Figure =>
  timed(
    'request-to-answer',
    worst(among(latencies, /^(?:aid-request-|request-).*→(?:complete-)?answer$/)) ?? among(latencies, /^(?:aid-request|request)-/)[0],
    '记录中没有请求',
    'the record holds no request',
  )
const arrival = ({ latencies }: Evidence): Figure =>
  timed(
    'incident-to-first-crew',
    latencies.find((one) => one.id === 'incident→first-crew'),
    '记录中没有力量到场',
    'no crew arrives in the record',
  )
const society = ({ latencies }: Evidence): Figure =>
  timed(
    'incident-to-society-departure',
    latencies.find((one) => one.id === 'incident→society-departure'),
    '记录中没有社会组织出发',
    'no social organization sets out in the record',
  )
const needs = ({ latencies }: Evidence): Figure =>
  timed(
    'incident-to-needs-bulletin',
    latencies.find((one) => one.id === 'incident→needs-published'),
    '记录中没有需求发布',
    'the record holds no bulletin of needs',
  )
const evacuation = (evidence: Evidence): Figure =>
  timed(
    'warning-to-evacuation',
    afterWarning(evidence, 'evacuation')[0] ?? evidence.latencies.find((one) => one.id === 'incident→evacuation'),
    '记录中没有转移疏散',
    'the record holds no evacuation',
  )
const acknowledged = ({ latencies }: Evidence): Figure =>
  timed(
    'warning-to-acknowledgement',
    among(latencies, /→warning-acknowledged$/).find((one) => one.duration !== null) ?? among(latencies, /→warning-acknowledged$/)[0],
    '记录中没有带颜色的预警',
    'the record holds no warning with a colour',
  )

function decided({ translation: { steps } }: Evidence): Figure {
  const days = decidedDays(steps).map((one) => one.days)
  if (days.length === 0) return none('decided-to-on-site', '记录未载明决定日期', 'the record gives no date of decision')
  const [middle, most] = [median(days), Math.max(...days)]
  return {
    measure: 'decided-to-on-site',
    value: middle,
    unit: 'd',
    duration: `PT${middle * 24}H`,
    atLeast: null,
    reasonWords: null,
    sentence: words(
      `${days.length}对：从决定到到达中位数${middle}天，最长${most}天。`,
      `${days.length} pairs: decided to on site in ${middle} d (median), ${most} d at most.`,
    ),
  }
}

const capacity = (): Figure =>
  none(
    'capacity-fit',
    '记录没有逐对的支援能力和受援需求，无从计算匹配程度',
    'the record does not give the capacity and the need of each pair, so no fit can be computed',
  )
const register = (): Figure =>
  none(
    'hazard-register-coverage',
    '记录不含危险源登记，无法按所有者、监管者、处置者计算覆盖率',
    'the record holds no hazard register, so coverage by owner, regulator and responder cannot be taken',
  )

/** What a check asks for, by words of both languages. */
const MEASURES: readonly (readonly [words: RegExp, figure: (evidence: Evidence) => Figure])[] = [
  [/hazard register|coverage of|危险源.*登记|登记.*覆盖/, register],
  [/substance|chemical list|what (?:is|was) (?:stored|burning)|物质清单|危险品清单|化学品/, substanceList],
  [/roster|every crew|all crews|accountable lead|名册|在场力量/, chains],
  [/offer.to.order|ready.{0,6}order|ready→|order(?:ed)? (?:out|latency)|待命|就绪/, offerToOrder],
  [/rumou?r|谣言|辟谣/, rumour],
  [/match|duplicate|double promise|surplus|over.?supply|匹配|重复|错配/, matching],
  [
    /(?:response|level|status) board|levels? (?:held|by agenc|at once)|different levels|which level|agency, plan, level|级别.*(?:并存|不一)/,
    levelBoard,
  ],
  [/re-?pair|redrawn|重新结对|调整结对/, rePairing],
  [/fit of|capacity to need|capacity (?:and|per) need|匹配程度|适配/, capacity],
  [/one lead|lead helper|who leads|helpers? per|lead per|牵头/, helpers],
  [/decid\w* (?:to|→|and) (?:on.?site|arriv)|decision.to.(?:site|arriv)|pairing (?:clock|latency)|决定.*(?:到达|到位)/, decided],
  [/acknowledg|call.?back|\back\b|叫应.*(?:责任人|确认)|回应预警/, acknowledged],
  [/special site|care home|nursing|elderly|unlisted|list.{0,12}complete|by name|重点场所|养老|敬老/, specialSites],
  [/clos(?:e|ed|ure|ures|ing)|suspen|shut|stop(?:ped|ping)?\b|halt|tunnel|metro|subway|school|停课|停运|停工|封闭|隧道|地铁/, closures],
  [
    /(?:warning|预警).{0,40}(?:level|response|decision|decid|answer|响应|决定)|(?:level|response|decision|响应).{0,40}(?:warning|预警)/,
    warningToLevel,
  ],
  [
    /city.{0,20}(?:province|state)|(?:level|response).{0,20}(?:level|change|upgrade|raise)|level latency|vertical|应急响应|response level|level (?:i|1)\b/,
    levelToLevel,
  ],
  [/press|release|public information|announce|信息发布|新闻发布/, release],
  [/first report|report.{0,20}(?:deadline|on time|late|within)|initial report|alarm.{0,4}report|首报|迟报/, firstReport],
  [/report by report|interval|follow.?up report|续报/, reportInterval],
  [/headquarter|unified command|joint command|command post|\bhq\b|one command|指挥部|统一指挥/, headquarters],
  [/evacuat|转移|疏散|撤离/, evacuation],
  [/needs? (?:bulletin|published|list)|bulletin|需求发布/, needs],
]

/** Broad words, asked only where no particular measure is. */
const GENERAL: typeof MEASURES = [
  [/warning|预警/, warningToLevel],
  [/\bngo|social|societ|volunteer|社会/, society],
  [/request|answer|aid|support|assist|emac|offer|请求|支援|互助/, aid],
  [/casualt|count|toll|update|伤亡|上报|\breport/, reportInterval],
  [/arriv|on scene|on site|first crew|reach|turnout|travel|到场|到达/, arrival],
]

const OTHERS_MAX = 5

export type Answer = { readonly figure: Figure; readonly others: readonly Figure[] }

/** The figure that answers the check, and the further ones that its words also ask for. A figure goes before a reason why there is none. */
export function answerTo(check: string, finding: string, evidence: Omit<Evidence, 'check'>): Answer {
  const [asked, found] = [check.toLowerCase(), finding.toLowerCase()]
  const measures =
    [measuresIn(asked, MEASURES), measuresIn(asked, GENERAL), measuresIn(found, MEASURES), measuresIn(found, GENERAL)].find(
      (some) => some.length > 0,
    ) ?? []
  const figures = measures.map((figure) => figure({ ...evidence, check: asked === '' ? found : asked }))
  const figure = figures.find((one) => one.value !== null) ?? figures[0]
  if (figure === undefined)
    return { figure: none('unmeasured', '没有与此项检查对应的指标', 'none of our measures answers this check'), others: [] }
  return { figure, others: figures.filter((one) => one !== figure).slice(0, OTHERS_MAX) }
}

/** In the order in which the text speaks of them. */
function measuresIn(text: string, table: typeof MEASURES): readonly ((evidence: Evidence) => Figure)[] {
  const found = table.map(([pattern, figure]) => ({ figure, at: text.search(pattern) })).filter((one) => one.at >= 0)
  return found.toSorted((a, b) => a.at - b.at).map((one) => one.figure)
}
