/** A figure that answers a check, or the reason why there is none; each with its sentence in both languages. */
import type { Words } from '../event.ts'
import { durationMs } from '../time.ts'
import type { Scenario } from './scenario.ts'
import type { Latency } from './span.ts'
import type { Translation } from './translate.ts'

export type Figure = {
  /** A stable name, e.g. `ready-to-ordered`. */
  readonly measure: string
  readonly value: number | null
  /** UCUM: `h`, `d`, `%`; `1` for a count. */
  readonly unit: string | null
  readonly duration: string | null
  readonly atLeast: string | null
  /** Why there is no figure, or what it leaves open. */
  readonly reasonWords: Words | null
  readonly sentence: Words
}

export type Evidence = {
  readonly scenario: Scenario
  readonly translation: Translation
  readonly latencies: readonly Latency[]
  /** The words of the check, in lower case. */ readonly check: string
}

export const words = (zh: string, en: string): Words => ({ 'zh-CN': zh, en })
export const none = (measure: string, zh: string, en: string): Figure => ({
  measure,
  value: null,
  unit: null,
  duration: null,
  atLeast: null,
  reasonWords: words(zh, en),
  sentence: words(`无法给出数字：${zh}。`, `No figure: ${en}.`),
})
const hours = (duration: string): number => Math.round((durationMs(duration) / 3_600_000) * 100) / 100
export const plain = (duration: string): Words => {
  const minutes = Math.round(durationMs(duration) / 60_000)
  const [h, m] = [Math.floor(minutes / 60), minutes % 60]
  return words(
    `${h > 0 ? `${h}小时` : ''}${m > 0 || h === 0 ? `${m}分钟` : ''}`,
    `${h > 0 ? `${h} h` : ''}${h > 0 && m > 0 ? ' ' : ''}${m > 0 || h === 0 ? `${m} min` : ''}`,
  )
}
export const count = (measure: string, value: number, zh: string, en: string, reasonWords: Words | null = null): Figure => ({
  measure,
  value,
  unit: '1',
  duration: null,
  atLeast: null,
  reasonWords,
  sentence: words(zh, en),
})

const PRECISION: Readonly<Record<string, string>> = {
  second: '秒',
  minute: '分钟',
  hour: '小时',
  day: '日',
  month: '月',
  year: '年',
  estimated: '估计',
  published: '发布时间',
}

/** The figure of one latency. */
export function timed(measure: string, found: Latency | undefined, zh: string, en: string): Figure {
  if (found === undefined) return none(measure, zh, en)
  if (found.duration === null) return none(measure, found.reasonWords?.['zh-CN'] ?? zh, found.reasonWords?.en ?? en)
  const [time, least] = [plain(found.duration), found.atLeast === null ? null : plain(found.atLeast)]
  const bound =
    least === null
      ? words('', '')
      : words(
          `（记录只精确到${PRECISION[found.precision ?? ''] ?? found.precision ?? ''}，至少${least['zh-CN']}）`,
          ` (the record is precise to the ${found.precision ?? ''}: at least ${least.en})`,
        )
  return {
    measure,
    value: hours(found.duration),
    unit: 'h',
    duration: found.duration,
    atLeast: found.atLeast,
    reasonWords: null,
    sentence: words(`${found.words['zh-CN']}：${time['zh-CN']}${bound['zh-CN']}。`, `${found.words.en}: ${time.en}${bound.en}.`),
  }
}

export const worst = (latencies: readonly Latency[]): Latency | undefined =>
  latencies
    .filter((one) => one.duration !== null)
    .toSorted((a, b) => durationMs(b.duration ?? 'PT0S') - durationMs(a.duration ?? 'PT0S'))[0]
export const among = (latencies: readonly Latency[], pattern: RegExp): readonly Latency[] => latencies.filter((one) => pattern.test(one.id))
export const names = (keys: Iterable<string>, { cast }: Translation): Words => {
  const all = [...keys].map((key) => cast.byKey.get(key)?.name ?? words(key, key))
  return words(all.map((one) => one['zh-CN']).join('、'), all.map((one) => one.en).join(', '))
}
