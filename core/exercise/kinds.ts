import type { Colour, IncidentClass, Level } from '../level.ts'
import { InstantText, toMs } from '../time.ts'
import type { ScenarioData, ScenarioEntry } from './scenario.ts'

/** What an entry of the record is about, read from the open vocabulary of actions by words of both languages. The first line that fits decides. */
const ACTIONS: readonly (readonly [kind: string, words: RegExp])[] = [
  [
    'omission',
    /\b(?:no|not|without|ignored?|unanswered|lacking|omitted|never|missed|unheeded|disregarded)\b|\bfail(?:ed|s|ure)? to\b|未|没有|漏报|瞒报/,
  ],
  ['rumour-corrected', /rumou?r.*(?:den|corr|refut|clarif)|(?:den|corr|refut|clarif)\w* .*rumou?r|debunk|辟谣|澄清/],
  ['rumour', /rumou?r|谣言/],
  [
    'incident-start',
    /\b(?:incident|event|disaster|accident|hazard) (?:start|begin|onset|occur)|^(?:start|onset|begin)|\bmain ?shock\b|事发|灾害发生|事故发生/,
  ],
  ['warning-acknowledged', /(?:warn|alert).*\b(?:ack|receipt|received|confirm)|叫应/],
  ['warning-lifted', /(?:warn|alert).*(?:lift|cancel|end|clear|withdraw)|预警.*解除|解除.*预警/],
  ['warning', /warn|\balert|预警/],
  ['forecast', /forecast|advisory|\bwatch\b|outlook|预报/],
  ['response-ended', /(?:response|level).*(?:end|lift|terminat|cancel)|(?:end|lift|terminat)\w* .*response|终止.*响应|解除.*响应/],
  ['level-decided', /(?:hold|held|keep|kept|maintain\w*) .*level|level (?:held|kept|maintained|decided)/],
  [
    'response-level',
    /response|(?<!water |river |sea |tide )\blevel\b|state of emergency|emergency declar|declar\w* .*(?:emergency|disaster)|响应/,
  ],
  ['headquarters', /\bhq\b|headquarter|command (?:post|cent|set|establish|formed)|unified command|joint command|\beoc\b|指挥部/],
  ['investigation', /investigat|\bfinding|\binquiry|\baudit|punish|sanction|accountability (?:decision|report)|调查|问责/],
  [
    'aid-declined',
    /(?:aid|offer|request|help|support).*(?:declin|refus|reject|turn)|(?:declin|refus|reject)\w* .*(?:aid|offer|request|help|support)|谢绝/,
  ],
  [
    'needs-published',
    /\bneeds?\b.*(?:bulletin|publish|list|call|announce|post)|(?:publish|announce)\w* .*needs?|\bgov\w* ngo|\bcall for\b|\bappeal\b|需求/,
  ],
  [
    'information-requested',
    /\b(?:info\w*|data|list)\b.*(?:request|ask|quer|demand)|(?:request|ask|quer|demand)\w* .*\b(?:info|data|list)|询问|索要/,
  ],
  [
    'aid-requested',
    /(?:aid|help|support|assist\w*|reinforcement\w*|rescue|resource\w*|suppl\w*|troops?|emac) request|(?:request|ask|appeal)\w* .*(?:aid|help|support|assist|reinforce|resource|suppl|troop|rescue)|^requests?$|请求|求援/,
  ],
  [
    'information-provided',
    /\b(?:info\w*|data|list)\b.*(?:reply|repl|answer|provid|deliver|given|shar|hand|respon)|(?:shar|provid|deliver)\w* .*\b(?:info|data|list)|^(?:reply|answer)/,
  ],
  [
    'aid-answered',
    /mutual aid|\bemac\b|(?:aid|assist\w*|support|request) (?:answer|dispatch|sent|grant|approv|deliver|fulfil|arriv)|paired (?:aid|assist|support)|支援|增援|援助/,
  ],
  ['aid-offered', /\boffer|commitment|\bpledge|\bdonat|捐/],
  ['roster-published', /\broster|名册/],
  ['special-site-missed', /(?:special site|care home|nursing|elderly|site).*(?:miss|flood|trapped|unlisted|cut off|hit)/],
  [
    'special-site-checked',
    /special site|care home|nursing home|elderly home|old.?age home|\bsites? (?:check|ask|visit|call|verif|inspect)|重点场所|养老|敬老|福利院/,
  ],
  ['zero-report', /\b(?:zero|nil) report|零报告/],
  ['team-ordered', /\borders? received|receiv\w* orders?|\bordered\b|受领|接令/],
  ['team-ready', /\bready\b|readiness|stand ?by|self (?:activat|deploy|mobili|organi)|assembled|待命|集结/],
  ['press-conference', /press (?:conference|briefing)|news conference|新闻发布会/],
  [
    'public-information',
    /\bpress\b|\brelease[sd]?\b|\bpublic (?:info|state|notice|addr|bulletin|comm|warn)|\bmedia\b|announce|broadcast|\bpublish|发布|新闻|公告/,
  ],
  ['casualties', /casualt|\b(?:death )?toll\b|\bdeaths?\b|\bmissing\b|伤亡/],
  ['situation-report', /\breport|\bstatus\b|sitrep|situation|\bupdates?\b|briefing|上报|报告|首报|续报|通报/],
  ['evacuation', /evacuat|relocat|\bmove(?:d|s)? people|\btransfer(?:red)? (?:people|residents)|shelter|转移|疏散|撤离/],
  [
    'close',
    /^(?:close|closed|closure|closing|end|ended)$|terminat|stand ?down|demobili|(?:incident|operation|rescue|emergency|search) (?:clos|end|over)|结束|终止/,
  ],
  [
    'closure',
    /\bclos(?:e|ed|ure|ing)\b|suspen|\bshut|\bstop|\bhalt|cordon|\bcontrol|\bblock|\bban\b|\brestrict|停课|停运|停工|停产|停业|封闭|封控|管制/,
  ],
  ['arrive', /arriv|\bon (?:scene|site)|\breach|\bjoin|check ?in|liaison|到达|抵达|到场/],
  ['depart', /depart|\bleave|\bleft\b|set out|en route|出发|启程/],
  ['dispatch', /dispatch|\bsen[dt]|派出|调派|调度/],
  ['deploy', /deploy|mobili[sz]|reinforc|\brescue|\bsearch|投入|搜救|救援|抢险/],
  ['alarm', /\balarm|\bcalls?\b|distress|\bsos\b|报警|接警/],
  ['consultation', /consult|\bmeeting|\bconference call|会商|视频会/],
  ['withdrawal', /withdraw|retreat|pull(?:ed)? back|撤出/],
  ['order', /\border|instruct|directive|\bdecid|decision|\bpairing|\bassign|指令|命令|部署|批示|结对/],
  ['medical', /medic|hospital|\btreat|patient|triage|救治|医疗/],
  ['environment-monitored', /monitor|sampl|environment|water quality|air quality|监测/],
  [
    'secondary-event',
    /secondary|explo|aftershock|collaps|\bbreach|\bburst|overflow|flood|outage|blackout|\bloss\b|\blost\b|trapped|surge|landslide|disrupt|failure|inundat|\bfire\b|landfall|溃|爆炸|坍塌|中断|断电|被困|决口/,
  ],
  ['plan-started', /activat|启动/],
  ['agreement', /agree|\bsigned\b|协议/],
  ['instrument-issued', /legal|regulation|^plan$|\bplan (?:issued|published|approved)|方案/],
  ['relief-delivered', /relief|suppl(?:y|ies)|\bgoods\b|deliver|distribut|allocat|\bfund|物资|拨付/],
  ['mismatch', /mismatch|surplus|duplicat|shortage|unmet/],
  ['observation', /rainfall|\brain\b|water level|gauge|reading|\bpeak\b|observ|measure/],
  ['milestone', /milestone|restor|reopen|complet|finish|contain|extinguish|under control|progress|recover|恢复|完成/],
]

/** `casualtyReport`, `casualty_report`, `casualty-report` say the same. */
export const actionWords = (action: string): string =>
  action
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[\s_./-]+/g, ' ')
    .trim()

/** A code from free words; null where no letter of the code's alphabet is left. */
export function slugOf(text: string): string | null {
  const slug = text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '')
  return slug === '' ? null : slug
}

const CLOSED_THINGS: readonly (readonly [subject: string, words: RegExp])[] = [
  ['metro', /\bmetro\b|subway|\bline \d|地铁|轨道/],
  ['tunnel', /tunnel|underpass|隧道|下穿/],
  ['school', /school|\bclass(?:es)?\b|kindergarten|universit|停课|学校/],
  ['road', /\broads?\b|highway|expressway|\blanes?\b|\bgates?\b|bridge|traffic|道路|公路|高速/],
  ['rail', /\brail|\btrains?\b|铁路|列车/],
  ['airport', /airport|flight|机场|航班/],
  ['port', /\bport\b|ferr(?:y|ies)|港口|轮渡/],
  ['work', /\bwork\b(?! groups?)|business|factor(?:y|ies)|construction|shops?|markets?|停工|停产|停业/],
  ['scenic-area', /scenic|tourist|\bparks?\b|景区/],
]
const CLOSES =
  /\b(?:clos(?:e|es|ed|ure|ing)|suspend\w*|shut\w*|halt\w*|stop(?:s|ped)?|cut|block\w*|ban(?:s|ned)?)\b|停课|停运|停工|封闭|管制/
const NEGATED = /\b(?:not|never|no order|nobody|no one|none|without|fail(?:s|ed)? to|unlisted|too late)\b|未|没有|不在/

/** Which thing an entry says was closed, or null. */
export const closedThing = (entry: ScenarioEntry): string | null => {
  const said = slugOf(textOf(entry.data, 'closure') ?? textOf(entry.data, 'closed') ?? textOf(entry.data, 'subject') ?? '')
  return said ?? CLOSED_THINGS.find(([, words]) => words.test(entry.text.toLowerCase()))?.[0] ?? null
}

const ASKED = /check|\bask|\bcall|visit|inspect|contact|verif|warned|moved|evacuat|叫应|排查|转移/i

/** The kind of fact that an entry states, and whether its action was understood. */
export function kindOf(entry: ScenarioEntry, laterLevels: boolean): { readonly kind: string; readonly understood: boolean } {
  const words = actionWords(entry.action)
  const colour = colourOf(entry)
  const found = ACTIONS.find(([, pattern]) => pattern.test(words))?.[0]
  if (found === undefined && colour !== null) return { kind: 'warning', understood: true }
  if (found === undefined) return { kind: slugOf(entry.action) ?? 'unnamed-action', understood: false }
  return { kind: refined(found, entry, laterLevels), understood: true }
}

function refined(kind: string, entry: ScenarioEntry, laterLevels: boolean): string {
  const text = entry.text.toLowerCase()
  const closes = CLOSES.test(text) && CLOSED_THINGS.some(([, words]) => words.test(text)) && !NEGATED.test(text)
  switch (kind) {
    case 'close':
      return closes ? 'closure' : laterLevels ? 'milestone' : 'close'
    case 'special-site-checked':
      // `care_home_called` says that it was done; `care_home` alone leaves it to the text.
      return ASKED.test(actionWords(entry.action))
        ? kind
        : NEGATED.test(text)
          ? 'special-site-missed'
          : ASKED.test(text)
            ? kind
            : 'special-site'
    case 'order':
    case 'public-information':
      return closes ? 'closure' : kind
    case 'warning':
      return colourOf(entry) === null && /level/i.test(entry.action) && levelFrom(entry.data.level) !== null ? 'response-level' : kind
    case 'team-ready':
      return textOf(entry.data, 'readyAt') !== null
        ? 'plan-started'
        : /\b(?:leaves?|left|departs?|departed|sets? out|en route)\b|出发/.test(text)
          ? 'depart'
          : kind
    default:
      return kind
  }
}

export const textOf = (data: ScenarioData, key: string): string | null => {
  const value = data[key]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

const COLOURS: readonly (readonly [Colour, RegExp])[] = [
  ['red', /\bred\b|红/i],
  ['orange', /\borange\b|橙/i],
  ['yellow', /\byellow\b|黄/i],
  ['blue', /\bblue\b|蓝/i],
]

/** The warning colour that the entry states; from its words only when it is a warning. */
export function colourOf(entry: ScenarioEntry): Colour | null {
  const said = textOf(entry.data, 'colour') ?? textOf(entry.data, 'color')
  if (said !== null) return COLOURS.find(([, words]) => words.test(said))?.[0] ?? null
  return /warn|alert|预警/i.test(actionWords(entry.action)) ? (COLOURS.find(([, words]) => words.test(entry.text))?.[0] ?? null) : null
}

const LEVELS: readonly (readonly [Level, RegExp])[] = [
  [1, /^(?:level|grade|class)?[\s-]*(?:1|i|ⅰ|one|一)(?:级|级响应)?$/i],
  [2, /^(?:level|grade|class)?[\s-]*(?:2|ii|ⅱ|two|二)(?:级|级响应)?$/i],
  [3, /^(?:level|grade|class)?[\s-]*(?:3|iii|ⅲ|three|三)(?:级|级响应)?$/i],
  [4, /^(?:level|grade|class)?[\s-]*(?:4|iv|ⅳ|four|四)(?:级|级响应)?$/i],
]
const LEVEL_IN_TEXT = /\blevel[\s-]+(iv|i{1,3}|[1-4])\b|([ⅠⅡⅢⅣ一二三四])级/i
const RAISED_IN_TEXT = /\b(?:to|raised to|up to)\s+(?:level\s+)?(iv|i{1,3}|[1-4])\b|[至到为]([ⅠⅡⅢⅣ一二三四])级/i

export const levelFrom = (value: unknown): Level | null => {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  return LEVELS.find(([, words]) => words.test(text))?.[0] ?? null
}

/** The response level that an entry states: its `level`, or for an entry about a level the words of its text. A warning's level is its colour. */
export function responseLevelOf(entry: ScenarioEntry, kind: string): Level | null {
  if (
    kind.startsWith('warning') ||
    kind === 'forecast' ||
    kind === 'incident-start' ||
    kind === 'investigation' ||
    kind === 'omission' ||
    kind === 'response-ended'
  )
    return null
  const said = levelFrom(entry.data.level)
  if (said !== null || kind !== 'response-level') return said
  const found = RAISED_IN_TEXT.exec(entry.text) ?? LEVEL_IN_TEXT.exec(entry.text)
  return levelFrom(found?.[1] ?? found?.[2] ?? null)
}

const HAZARDS: readonly (readonly [slug: string, words: RegExp])[] = [
  ['hazardous-chemicals', /hazardous (?:chem|mat|goods)|dangerous[- ]goods|chemical|toxic|危险化学品|危险品|危化/],
  ['earthquake', /earthquake|\bquake|seismic|地震/],
  ['typhoon', /typhoon|hurricane|cyclone|tropical storm|台风|飓风/],
  ['flood', /flood|洪|涝|inundat/],
  ['rainstorm', /\brain|downpour|暴雨/],
  ['dam-failure', /\bdam\b|溃坝/],
  ['landslide', /landslide|debris|mudslide|geological|滑坡|泥石流|地质/],
  ['wildfire', /wildfire|forest fire|bush ?fire|grassland fire|森林火|山火/],
  ['tsunami', /tsunami|海啸/],
  ['volcano', /volcan|火山/],
  ['mine-accident', /\bmin(?:e|ing)\b|煤矿|矿难/],
  ['explosion', /explo|爆炸/],
  ['fire', /\bfire\b|火灾/],
  ['traffic-accident', /traffic|road accident|\btrain\b|\brail|shipwreck|\bship\b|air ?crash|交通/],
  ['building-collapse', /collaps|坍塌|倒塌/],
  ['epidemic', /epidemic|pandemic|disease|covid|virus|疫/],
  ['crowd-crush', /\bcrowd|stampede|踩踏/],
  ['snow', /snow|blizzard|ice storm|\bice\b|雪|冰冻/],
  ['cold-wave', /cold (?:wave|spell|surge)|寒潮/],
  ['drought', /drought|旱/],
  ['heat', /heat ?wave|\bheat\b|高温/],
]

/** The hazard that the words name first. */
export function hazardFrom(text: string): string | null {
  const low = text.toLowerCase()
  const found = HAZARDS.map(([slug, words]) => ({ slug, at: low.search(words) })).filter((one) => one.at >= 0)
  return found.toSorted((a, b) => a.at - b.at)[0]?.slug ?? null
}

const ACCIDENTS = new Set([
  'hazardous-chemicals',
  'dam-failure',
  'mine-accident',
  'explosion',
  'fire',
  'traffic-accident',
  'building-collapse',
])

/** The class of Emergency Response Law art. 2 that the file's own words give, else the one its hazard belongs to. */
export function classFrom(text: string, hazard: string): IncidentClass {
  if (/natural|自然/i.test(text)) return 'natural'
  if (/accident|work.?safety|事故/i.test(text)) return 'accident'
  if (/health|epidemic|疫|卫生/i.test(text) || hazard === 'epidemic') return 'public-health'
  if (/social|terror|社会安全/i.test(text) || hazard === 'crowd-crush') return 'social-safety'
  return ACCIDENTS.has(hazard) ? 'accident' : 'natural'
}

const GRADES: readonly (readonly [Level, RegExp])[] = [
  [1, /特别重大|extraordinar|particularly (?:serious|major)|catastroph|very large|[（(]\s*(?:I|Ⅰ)\s*[）)]/],
  [2, /重大|\bmajor\b|[（(]\s*(?:II|Ⅱ)\s*[）)]/],
  [3, /较大|\blarger?\b|[（(]\s*(?:III|Ⅲ)\s*[）)]/],
  [4, /一般|\bgeneral\b|ordinary|[（(]\s*(?:IV|Ⅳ)\s*[）)]/],
]

/** Order 493 art. 3 counts the dead: 30, 10, 3. */
const byDead = (dead: number): Level => (dead >= 30 ? 1 : dead >= 10 ? 2 : dead >= 3 ? 3 : 4)

/** The severity that the file's level states, else what its highest count of dead gives; null where it states neither. */
export function severityFrom(
  level: string,
  totals: ScenarioData,
  entries: readonly ScenarioEntry[],
): { readonly severity: Level | null; readonly from: 'level' | 'dead' | null } {
  const stated = GRADES.find(([, words]) => words.test(level))?.[0] ?? levelFrom(level)
  if (stated !== null) return { severity: stated, from: 'level' }
  const counts = [...Object.entries(totals), ...entries.flatMap((entry) => Object.entries(entry.data))]
  const dead = counts.flatMap(([key, value]) =>
    /^(?:dead|deaths?|fatalities|killed)(?:_|$)/i.test(key) && typeof value === 'number' ? [value] : [],
  )
  return dead.length === 0 ? { severity: null, from: null } : { severity: byDead(Math.max(...dead)), from: 'dead' }
}

/** What the level is about, as the record says it: whose territory. */
export const scopeText = (entry: ScenarioEntry): string | null => textOf(entry.data, 'scope')?.slice(0, 200) ?? null

/** The scale that the level is said in: each agency has its own. */
export function scaleOf(entry: ScenarioEntry): string | null {
  const said = textOf(entry.data, 'scale')
  return said === null ? null : slugOf(said)
}

const SUBJECTS: readonly (readonly [subject: string, words: RegExp])[] = [
  ['substance-list', /substance|chemical|what is (?:stored|burning)|stored|危险品|化学品|货物/i],
  ['site-plan', /site plan|floor plan|drawing|图纸|平面图/i],
  ['missing-persons', /missing (?:people|persons)|失联/i],
]
const INCOMPLETE = /\bnot which\b|incomplete|\bpartial|\bunknown\b|cannot say|could not say|\bno answer\b|不全|不清|部分/i

/** What a request or an answer is about. */
export const subjectOf = (entry: ScenarioEntry): string | null =>
  slugOf(textOf(entry.data, 'subject') ?? '') ?? SUBJECTS.find(([, words]) => words.test(entry.text))?.[0] ?? null

/** Whether what was provided is complete: as stated, else false where the words say so, else unsaid. */
export const completeOf = (entry: ScenarioEntry): boolean | null =>
  typeof entry.data.complete === 'boolean' ? entry.data.complete : INCOMPLETE.test(entry.text) ? false : null

/** The hazard that a warning is about. */
export const warnedHazard = (entry: ScenarioEntry, otherwise: string): string => {
  const said = textOf(entry.data, 'hazard') ?? textOf(entry.data, 'subject')
  return said === null ? (hazardFrom(entry.text) ?? otherwise) : (hazardFrom(said) ?? slugOf(said) ?? otherwise)
}

/** A team that is said to be ready later than this after the entry is not waited for. */
const READY_WITHIN_MS = 30 * 24 * 3_600_000

/** When the entry's team was ready, as the record tells it. */
export function readyAtOf(entry: ScenarioEntry): string | null {
  const said = textOf(entry.data, 'readyAt')
  const read = said === null ? null : InstantText.safeParse(said)
  return read?.success === true && toMs(read.data) - toMs(entry.at) <= READY_WITHIN_MS ? read.data : null
}
