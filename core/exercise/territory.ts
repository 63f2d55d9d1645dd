import { covers, divisionLevel, divisionPath, NATION } from '../place.ts'
import type { Scenario } from './scenario.ts'

/** A division of a GB/T 2260 package with its Chinese name. */
export type DivisionName = { readonly code: string; readonly name: string }

const PEOPLES =
  '蒙古族|回族|藏族|维吾尔|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|阿昌族|普米族|塔吉克族|塔吉克|怒族|乌孜别克族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|京族|塔塔尔族|独龙族|鄂伦春族|赫哲族|门巴族|珞巴族|基诺族|各族|蒙古|回|藏|壮'
const ENDING = new RegExp(`^(.{2,}?)(?:(?:${PEOPLES})*自治(?:区|州|县|旗)|特别行政区|省|市|地区|盟|林区|特区|新区|区|县|旗)$`)
/** Short forms that are everyday words rather than names. */
const COMMON = new Set([
  '城区',
  '郊区',
  '矿区',
  '市辖区',
  '县',
  '新城',
  '城关',
  '市中',
  '和平',
  '新华',
  '解放',
  '胜利',
  '团结',
  '建设',
  '东方',
  '开平',
  '中山',
  '工农',
  '向阳',
  '港口',
  '长安',
  '公安',
  '通信',
])

type Found = { readonly code: string; readonly at: number; readonly length: number; readonly whole: boolean }

/** Finds divisions of China by the names that a text gives them, whole (郑州市) or short (郑州). */
export class Gazetteer {
  readonly #byName = new Map<string, string[]>()
  readonly #nameByCode = new Map<string, string>()
  readonly #longest: number

  constructor(divisions: readonly DivisionName[]) {
    let longest = 0
    for (const { code, name } of divisions) {
      this.#nameByCode.set(code, name)
      const short = ENDING.exec(name)?.[1]
      for (const word of new Set([name, ...(short === undefined ? [] : [short])])) {
        if (word.length < 2 || COMMON.has(word) || /^(?:市辖区|县|自治区直辖县级行政区划|省直辖县级行政区划)$/.test(word)) continue
        const known = this.#byName.get(word)
        if (known) known.push(code)
        else this.#byName.set(word, [code])
        longest = Math.max(longest, word.length)
      }
    }
    this.#longest = longest
  }

  name(code: string): string | null {
    return this.#nameByCode.get(code) ?? null
  }

  /**
   * The division that a text names: the one that it names with most of its superiors (西藏定日 is Dingri in Tibet).
   * Of several with one name, the one within `near`; of equals the wider. Null where it names none.
   */
  find(text: string, near: string | null = null): string | null {
    const spans = new Map<string, Map<number, number>>()
    for (const one of this.#all(text)) spans.set(one.code, (spans.get(one.code) ?? new Map<number, number>()).set(one.at, one.length))
    const score = (code: string): number => {
      // One word names one division: 长沙 alone is the city, not the city and its county of the same name.
      const said = new Map(divisionPath(code).flatMap((step) => [...(spans.get(step) ?? [])]))
      return (
        [...said.values()].reduce((sum, length) => sum + length, 0) +
        (near !== null && (covers(near, code) || covers(code, near)) ? 0.5 : 0)
      )
    }
    return [...spans.keys()].toSorted((a, b) => score(b) - score(a) || rank(a) - rank(b) || (a < b ? -1 : 1))[0] ?? null
  }

  /** As `find`, but only where the text begins with the names, as Chinese organizations are called; whole names and provinces anywhere. */
  owner(text: string, near: string | null): string | null {
    const head = this.#head(text)
    return (
      this.find(head, near) ??
      this.find(
        this.#all(text)
          .filter((one) => one.whole && one.length >= 3)
          .map((one) => text.slice(one.at, one.at + one.length))
          .join(' '),
        near,
      )
    )
  }

  #head(text: string): string {
    let at = 0
    for (let word = this.#longestAt(text, 0); word > 0 && at < text.length; word = this.#longestAt(text, at)) at += word
    return text.slice(0, at)
  }

  #longestAt(text: string, at: number): number {
    for (let length = Math.min(this.#longest, text.length - at); length >= 2; length--)
      if (this.#byName.has(text.slice(at, at + length))) return length
    return 0
  }

  /** Every name in the text, the longest where several begin at one place. */
  #all(text: string): readonly Found[] {
    const found: Found[] = []
    for (let at = 0; at < text.length;) {
      const length = this.#longestAt(text, at)
      const word = text.slice(at, at + length)
      for (const code of length === 0 ? [] : (this.#byName.get(word) ?? []))
        found.push({ code, at, length, whole: this.#nameByCode.get(code) === word })
      at += Math.max(1, length)
    }
    return found
  }
}

const rank = (code: string): number => ['nation', 'province', 'prefecture', 'county'].indexOf(divisionLevel(code))

const CHINA_TIME = /^(?:\+08:00|asia\/(?:shanghai|urumqi|chongqing|harbin|beijing)|prc)$/i
const UNIVERSAL_TIME = /^(?:z|utc|gmt|[+-]00:00|etc\/utc)$/i
/** Lands that keep the same clock. */
const ELSEWHERE =
  /philippin|manila|luzon|mindanao|malaysia|singapore|indonesia|\bbali\b|perth|western australia|mongolia(?<!inner mongolia)|菲律宾|马来西亚|新加坡|印度尼西亚|印尼|蒙古国|澳大利亚/i

export type Territory = {
  readonly code: string
  /** Whether the law of China binds where it happened. */
  readonly china: boolean
  readonly from: 'title' | 'organisations' | 'nowhere' | 'abroad'
}

/** Where the case happened: the division that the title names, else that of the government which acts first in the record, else the nation. */
export function territoryOf(scenario: Scenario, gazetteer: Gazetteer): Territory {
  const abroad: Territory = { code: NATION, china: false, from: 'abroad' }
  const title = `${scenario.titleZh} ${scenario.title}`
  const chinaTime = CHINA_TIME.test(scenario.timezone)
  if ((!chinaTime && !UNIVERSAL_TIME.test(scenario.timezone)) || ELSEWHERE.test(title) || outsideChina(scenario)) return abroad
  const named = gazetteer.find(scenario.titleZh)
  if (named !== null) return { code: named, china: true, from: 'title' }
  const acting = actingGovernment(scenario, gazetteer)
  if (acting !== null) return { code: acting, china: true, from: 'organisations' }
  return chinaTime ? { code: NATION, china: true, from: 'nowhere' } : abroad
}

/** Every place of the record lies outside the frame that holds China. */
function outsideChina(scenario: Scenario): boolean {
  const places = scenario.entries.flatMap(({ place }) =>
    place !== null && place.lat !== null && place.lon !== null ? [{ lat: place.lat, lon: place.lon }] : [],
  )
  return places.length > 0 && places.every(({ lat, lon }) => lat < 17 || lat > 54 || lon < 73 || lon > 136)
}

function actingGovernment(scenario: Scenario, gazetteer: Gazetteer): string | null {
  const known = new Map(scenario.organisations.map((one) => [one.id, one]))
  const codes = scenario.entries.flatMap((entry) => {
    const organisation = known.get(entry.actor)
    const code =
      organisation === undefined || /enterprise|social|military|public/.test(organisation.kind)
        ? null
        : gazetteer.owner(organisation.nameZh, null)
    return code === null ? [] : [code]
  })
  const counts = new Map<string, number>()
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1)
  const most = Math.max(0, ...counts.values())
  return codes.find((code) => counts.get(code) === most) ?? null
}
