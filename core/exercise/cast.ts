import type { Words } from '../event.ts'
import type { Sector } from '../directory/organization.ts'
import type { z } from 'zod/mini'
import { covers, divisionLevel, divisionPath, NATION } from '../place.ts'
import { slugOf } from './kinds.ts'
import type { Scenario, ScenarioOrganisation } from './scenario.ts'
import type { Gazetteer, Territory } from './territory.ts'

export type SectorName = z.infer<typeof Sector>
export type Member = {
  /** As the scenario calls it. */
  readonly key: string
  readonly id: string
  readonly name: Words
  readonly sector: SectorName
  readonly kind: string
  readonly functions: readonly string[]
  readonly jurisdiction: string | null
  readonly superior: string | null
  /** Named in the file's list; the others were met only as actor, target or superior. */
  readonly listed: boolean
}
export type Cast = {
  readonly members: readonly Member[]
  readonly byKey: ReadonlyMap<string, Member>
  readonly public: Member
  readonly brokenCircles: readonly string[]
}

/** What a department, service or firm is for, by the words of its name and kind. Every line that fits counts, unless an earlier one excludes it. */
const FUNCTIONS: readonly (readonly [slug: string, words: RegExp, without?: RegExp])[] = [
  ['fire-rescue', /消防|\bfire (?:brigade|corps|branch|bureau|service|department|rescue|station|and)|firefight|\bfire\b(?= |$)/],
  ['armed-police', /武警|武装警察|armed police/],
  [
    'military',
    /解放军|战区|部队|军区|驻军|\bpla\b|\barmy\b|\bnavy\b|national guard|coast guard|garrison|military|self-defen[cs]e force|theatre command/,
    /武警|armed police|医院|hospital/,
  ],
  ['health', /卫生|医院|疾控|急救|卫健|health|hospital|medical|ambulance/],
  ['ecology', /环保|生态环境|环境|environment/],
  ['transport', /交警|交通|铁路|轨道|地铁|公路|民航|机场|traffic|transport|\bmetro\b|subway|\brail|highway|airport/],
  ['public-security', /公安|警察|警务|派出所|police|public security|sheriff/, /消防|交警|武警|\bfire\b|traffic police|armed police/],
  ['meteorology', /气象|meteorolog|weather|hurricane cent/],
  [
    'water',
    /水利|水务|防汛|水库|河务|water (?:resources|authority|bureau|affairs|conservancy|department)|flood control|reservoir|levee|army corps of engineers/,
  ],
  ['publicity', /宣传|新闻办|网信|publicity|press office|information office/],
  ['work-safety', /安监|安全生产|work safety/],
  [
    'emergency-management',
    /应急管理|应急局|应急厅|应急办|减灾|防灾|抗震救灾|抗指|emergency management|\bfema\b|\bmem\b|disaster (?:committee|reduction|management|relief comm)|civil protection|\bafad\b/,
  ],
  ['natural-resources', /自然资源|国土|规划局|natural resources|land and resources/],
  ['housing', /住建|住房|城建|建设局|housing|urban construction/],
  ['civil-affairs', /(?<!人)民政|civil affairs/],
  ['commerce', /商务|粮食|储备|commerce|reserves? admin/],
  ['port', /港集团|港务|海事|口岸|\bport (?:group|authority)|maritime/],
  ['power', /电力|电网|供电|国网|power grid|electric|\bpower\b/],
  ['communications', /通信|移动公司|联通|电信|telecom|communications admin/],
  [
    'society-coordination',
    /团市委|共青团|团委|慈善总会|红十字|志愿者?联合|政社协同|youth league|red cross|government-society|voluntary agenc/,
  ],
  ['social-rescue', /救援队|蓝天|\brescue (?:team|alliance)|blue sky|search and rescue (?:team|volunteers)/, /消防|\bfire\b/],
  ['volunteers', /志愿|volunteer/],
  ['hazardous-goods-storage', /危化|危险品|危险货物|化工|chemical (?:plant|works|warehouse|co)/],
]
const BY_KIND: Readonly<Record<string, string>> = {
  fire: 'fire-rescue',
  health: 'health',
  hospital: 'health',
  military: 'military',
  police: 'public-security',
  meteorology: 'meteorology',
  water: 'water',
  community: 'community',
  village: 'community',
}
const TERRITORIAL = new Set(['city', 'county', 'province', 'prefecture', 'town', 'district', 'municipality', 'region', 'nation', 'country'])
const GRASS_ROOTS = /社区|街道|村委|居委|乡政府|镇政府|\bvillage|\bcommunity|sub-?district|township/
const GOVERNMENT = /政府|国务院|市委|省委|县委|区委|government|state council|cabinet|prime minister|governor|white house|\bmayor/

const sectorOf = (kind: string, text: string): SectorName => {
  if (/command|headquarter|\bhq\b/.test(kind) || (/指挥部/.test(text) && !/指挥部办公室|消防|军/.test(text))) return 'command'
  if (/^(?:public|people|citizens?|residents?|callers?|population)$/.test(kind)) return 'public'
  if (/enterprise|company|firm|business|corporat|industry/.test(kind)) return 'enterprise'
  if (/social|ngo|volunteer|civil.?society|charit|foundation|non.?profit|faith/.test(kind)) return 'social'
  if (/military|armed|army|navy/.test(kind)) return 'military'
  if (/party/.test(kind)) return 'party'
  if (GRASS_ROOTS.test(`${kind} ${text}`)) return 'grass-roots'
  if (
    /hospital|school|university|institut|care|nursing|site/.test(kind) ||
    /医院|学校|养老|敬老|福利院|hospital|care home|nursing home/.test(text)
  )
    return 'public-institution'
  return 'government'
}

/** Functions by the words of the name; a government is one whose name is a territory or says so, and that is no department. */
function functionsOf(one: ScenarioOrganisation, sector: SectorName, gazetteer: Gazetteer): readonly string[] {
  const kind = one.kind.toLowerCase()
  const text = `${one.nameZh} ${one.name}`.toLowerCase()
  if (sector === 'public') return ['public']
  const found = new Set(FUNCTIONS.flatMap(([slug, words, without]) => (words.test(text) && !without?.test(text) ? [slug] : [])))
  const byKind = BY_KIND[kind]
  if (byKind !== undefined && !(byKind === 'military' && (found.has('armed-police') || found.has('health')))) found.add(byKind)
  if (sector === 'grass-roots') found.add('community')
  if (
    found.size === 0 &&
    sector === 'government' &&
    (TERRITORIAL.has(kind) || GOVERNMENT.test(text) || gazetteer.find(one.nameZh) !== null)
  )
    found.add('government')
  if (sector === 'social' && found.size === 0) found.add('volunteers')
  return [...found]
}

const NATIONAL =
  /^(?:国家|国务院|中国|中央|全国)|(?<!指挥|司令|支|本|宣传|组织|武装|统战)部(?:[/／]|$)|部委|总局|ministry|state council|national|federal|\bchina\b|cabinet/i
const STEPS: readonly (readonly [level: 'province' | 'prefecture' | 'county', words: RegExp])[] = [
  ['province', /^省|provincial|\bprovince\b|\bstate of\b/i],
  ['prefecture', /^市|municipal|\bcity\b/i],
  ['county', /^[区县]|\bcounty\b|\bdistrict\b/i],
]

function ownTerritory(one: ScenarioOrganisation, sector: SectorName, home: Territory, gazetteer: Gazetteer): string | null {
  if (!home.china) return NATION
  const text = `${one.nameZh} ${one.name}`
  const named = gazetteer.owner(one.nameZh, home.code)
  const local = sector === 'enterprise' || sector === 'social' || sector === 'public' || sector === 'military'
  if (local) return named !== null && (covers(named, home.code) || covers(home.code, named)) ? named : home.code
  if (named !== null) return named
  if (sector === 'command') return null
  if (NATIONAL.test(one.nameZh) || NATIONAL.test(one.name)) return NATION
  const level = STEPS.find(([, words]) => words.test(one.nameZh) || words.test(text))?.[0]
  return level === undefined ? null : (divisionPath(home.code).find((code) => divisionLevel(code) === level) ?? null)
}

/** The organizations of a scenario, superiors first, all of them unverified: the listed ones, those met only in entries, and the public. */
export function castOf(scenario: Scenario, home: Territory, gazetteer: Gazetteer, idOf: (key: string) => string): Cast {
  const all = everybody(scenario)
  const { parents, broken } = withoutCircles(all)
  const byKey = new Map<string, Member>()
  const admit = (one: ScenarioOrganisation & { readonly listed: boolean }, depth: number): Member => {
    const known = byKey.get(one.id)
    if (known) return known
    const above = parents.get(one.id) ?? null
    const upper = above === null || depth > 64 ? undefined : all.get(above)
    const superior = upper === undefined ? null : admit(upper, depth + 1)
    const sector = sectorOf(one.kind.toLowerCase(), `${one.nameZh} ${one.name}`.toLowerCase())
    const member: Member = {
      key: one.id,
      id: idOf(one.id),
      name: { 'zh-CN': one.nameZh, en: one.name },
      sector,
      kind: slugOf(one.kind) ?? (one.listed ? 'unit' : 'unknown'),
      functions: functionsOf(one, sector, gazetteer),
      superior: superior?.id ?? null,
      listed: one.listed,
      jurisdiction: ownTerritory(one, sector, home, gazetteer) ?? superior?.jurisdiction ?? home.code,
    }
    byKey.set(one.id, member)
    return member
  }
  for (const one of all.values()) admit(one, 0)
  const named = [...byKey.values()].find((one) => one.sector === 'public')
  const people = named ?? publicOf(home, idOf)
  // Whoever the record calls the public, it answers for the whole place.
  const members = [...byKey.values()].map((one) => (one === named ? { ...one, jurisdiction: home.code } : one))
  return {
    members: named === undefined ? [...members, people] : members,
    byKey: new Map([...members, ...(named === undefined ? [people] : [])].map((one) => [one.key, one])),
    public: people,
    brokenCircles: broken,
  }
}

const publicOf = (home: Territory, idOf: (key: string) => string): Member => ({
  key: '@public',
  id: idOf('@public'),
  name: { 'zh-CN': '社会公众', en: 'The public' },
  sector: 'public',
  kind: 'public',
  functions: ['public'],
  jurisdiction: home.code,
  superior: null,
  listed: false,
})

function everybody(scenario: Scenario): ReadonlyMap<string, ScenarioOrganisation & { readonly listed: boolean }> {
  const all = new Map(scenario.organisations.map((one) => [one.id, { ...one, listed: true }]))
  const met = [
    ...scenario.organisations.flatMap((one) => (one.parent === null ? [] : [one.parent])),
    ...scenario.entries.flatMap((entry) => [entry.actor, ...entry.targets]),
  ]
  for (const id of met) if (!all.has(id)) all.set(id, { id, name: id, nameZh: id, kind: '', parent: null, listed: false })
  return all
}

/** Superiors by key; where they run in a circle, the link that closes it is left out and named. */
function withoutCircles(all: ReadonlyMap<string, ScenarioOrganisation>): {
  readonly parents: ReadonlyMap<string, string>
  readonly broken: readonly string[]
} {
  const parents = new Map<string, string>()
  const broken: string[] = []
  for (const { id, parent } of all.values()) {
    if (parent === null) continue
    let at: string | undefined = parent
    for (let steps = 0; at !== undefined && at !== id && steps <= all.size; steps++) at = parents.get(at)
    if (at === id) broken.push(id)
    else parents.set(id, parent)
  }
  return { parents, broken }
}
