/** Latencies between entries that answer each other: request and answer, ready and ordered, report and report, decided and on site. */
import type { Words } from '../event.ts'
import { durationText, fromMs } from '../time.ts'
import { textOf, completeOf, subjectOf } from './kinds.ts'
import type { ScenarioEntry } from './scenario.ts'
import { first, isKind, join, PAIRS_MAX, point, span, type Latency, type Point } from './span.ts'
import type { Step, Translation } from './translate.ts'

/** Each request to its first answer, partial or not, and to its first complete one; requests for information pair by subject. */
export function answers(steps: readonly Step[]): readonly Latency[] {
  const found: Latency[] = []
  for (const asked of steps) {
    if (found.length >= PAIRS_MAX) break
    const { entry, index } = asked
    if (asked.factKind === 'information-requested') {
      const subject = subjectOf(entry)
      const about = subject ?? 'information'
      const replies = steps.filter(
        (one) =>
          one.occurredAt >= asked.occurredAt &&
          one.factKind === 'information-provided' &&
          (subject === null ? isReply(asked.entry, one.entry) : subjectOf(one.entry) === subject),
      )
      const complete = replies.find((one) => completeOf(one.entry) !== false) ?? null
      const words: Words = { 'zh-CN': `索取${about}`, en: `Request for ${about}` }
      found.push(
        span(`request-${about}-${index}→answer`, join(words, { 'zh-CN': '首次答复', en: 'first answer' }), asked, replies[0] ?? null, {
          'zh-CN': '记录中没有答复',
          en: 'the record holds no answer',
        }),
      )
      found.push(
        span(`request-${about}-${index}→complete-answer`, join(words, { 'zh-CN': '完整答复', en: 'complete answer' }), asked, complete, {
          'zh-CN': '记录中没有完整答复',
          en: 'the record holds no complete answer',
        }),
      )
    }
    if (asked.factKind === 'aid-requested') {
      const answer =
        steps.find(
          (one) =>
            one.occurredAt >= asked.occurredAt &&
            one !== asked &&
            ['aid-answered', 'aid-declined', 'dispatch', 'deploy', 'depart'].includes(one.factKind) &&
            isReply(entry, one.entry),
        ) ?? null
      found.push(
        span(`aid-request-${index}→answer`, { 'zh-CN': '请求支援 → 答复', en: 'Request for aid → answer' }, asked, answer, {
          'zh-CN': '记录中没有对此请求的答复',
          en: 'the record holds no answer to this request',
        }),
      )
    }
  }
  return found
}

/** It comes from whom was asked, or goes to who asked. */
const isReply = (asked: ScenarioEntry, answer: ScenarioEntry): boolean =>
  answer.targets.includes(asked.actor) || (asked.targets.includes(answer.actor) && answer.actor !== asked.actor)

export function substances({ steps, hazard }: Translation): readonly Latency[] {
  if (
    hazard !== 'hazardous-chemicals' &&
    !steps.some((one) => subjectOf(one.entry) === 'substance-list' && one.factKind.startsWith('information'))
  )
    return []
  const crew = first(steps, isKind('arrive'))
  if (crew === null) return []
  const list = first(
    steps,
    (one) => one.factKind === 'information-provided' && subjectOf(one.entry) === 'substance-list' && completeOf(one.entry) !== false,
    crew.occurredAt,
  )
  return [
    span(
      'first-crew→substance-list',
      { 'zh-CN': '首支力量到场 → 完整物质清单', en: 'First crew on scene → complete substance list' },
      crew,
      list,
      { 'zh-CN': '记录中没有完整的物质清单', en: 'no complete substance list is recorded' },
    ),
  ]
}

/** Each team from ready to ordered out. */
export function readiness(steps: readonly Step[], { cast }: Translation): readonly Latency[] {
  return steps
    .filter(isKind('team-ready'))
    .slice(0, PAIRS_MAX)
    .map((ready) => {
      const team = ready.entry.actor
      const orders = (one: Step): boolean =>
        (one.factKind === 'team-ordered' && one.entry.actor === team) ||
        (['order', 'dispatch', 'team-ordered', 'deploy', 'aid-requested'].includes(one.factKind) && one.entry.targets.includes(team))
      const name = cast.byKey.get(team)?.name ?? { 'zh-CN': team, en: team }
      return span(
        `ready→ordered@${team}`,
        { 'zh-CN': `${name['zh-CN']}：就绪 → 接到命令`, en: `${name.en}: ready → ordered` },
        ready,
        first(steps, orders, ready.occurredAt),
        { 'zh-CN': '记录未载明该队伍接到命令', en: 'the record does not say that the team was ordered out' },
      )
    })
}

/** Report by report: casualty reports as one chain, other situation reports by organization. */
export function reports(steps: readonly Step[], { cast }: Translation): readonly Latency[] {
  const casualties = steps.filter((one) => one.factKind === 'casualties')
  const others = Map.groupBy(
    steps.filter((one) => one.factKind === 'situation-report' && one.commands.some((command) => command.room === 'sitrep')),
    (one) => one.entry.actor,
  )
  const chain = (all: readonly Step[], id: string, words: Words): readonly Latency[] =>
    all.slice(1, PAIRS_MAX).flatMap((to, i) => {
      const from = all[i]
      return from === undefined
        ? []
        : [
            span(
              `${id}-${i + 1}→${id}-${i + 2}`,
              { 'zh-CN': `${words['zh-CN']}：第${i + 1}次 → 第${i + 2}次`, en: `${words.en}: no. ${i + 1} → no. ${i + 2}` },
              from,
              to,
            ),
          ]
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

export function decisions(steps: readonly Step[]): readonly Latency[] {
  const all = decidedDays(steps).map(({ step, decidedOn, days }) => {
    const to = point(step)
    const offset = /(?:Z|[+-]\d{2}:\d{2})$/.exec(step.entry.t)?.[0] ?? 'Z'
    const from: Point = { index: step.index, at: fromMs(Date.parse(`${decidedOn}T00:00:00${offset}`)), text: `decided on ${decidedOn}` }
    const key = [step.entry.actor, ...step.entry.targets].join('→')
    const words: Words = { 'zh-CN': `${key}：决定 → 到达`, en: `${key}: decided → on site` }
    return {
      days,
      latency: {
        id: `decided→on-site@${key}`,
        words,
        from,
        to,
        duration: durationText(days * DAY_MS),
        atLeast: null,
        precision: 'day',
        reason: null,
        reasonWords: null,
      } satisfies Latency,
    }
  })
  if (all.length === 0) return []
  const sorted = all.toSorted((a, b) => a.days - b.days)
  const summary = (what: string, zh: string, days: number, at: number): readonly Latency[] => {
    const one = sorted[at]
    return one === undefined
      ? []
      : [
          {
            ...one.latency,
            id: `decided→on-site/${what}`,
            words: { 'zh-CN': `决定 → 到达，${zh}（${all.length}对）`, en: `Decided → on site, ${what} of ${all.length}` },
            duration: durationText(days * DAY_MS),
          },
        ]
  }
  const middle = median(all.map((one) => one.days))
  return [
    ...summary('median', '中位数', middle, Math.floor((all.length - 1) / 2)),
    ...summary('max', '最长', sorted.at(-1)?.days ?? 0, all.length - 1),
    ...all.slice(0, PAIRS_MAX).map((one) => one.latency),
  ]
}

/** From an order or dispatch to the first arrival of each organization that it names. */
export function arrivals(steps: readonly Step[], { cast }: Translation): readonly Latency[] {
  const found: Latency[] = []
  const seen = new Set<string>()
  for (const order of steps) {
    if (!['order', 'dispatch', 'team-ordered', 'aid-requested'].includes(order.factKind)) continue
    for (const team of order.factKind === 'team-ordered' ? [order.entry.actor] : order.entry.targets) {
      const there = first(
        steps,
        (one) => one !== order && one.entry.actor === team && (one.factKind === 'arrive' || one.factKind === 'deploy'),
        order.occurredAt,
      )
      if (there === null || seen.has(team) || found.length >= PAIRS_MAX) continue
      seen.add(team)
      const name = cast.byKey.get(team)?.name ?? { 'zh-CN': team, en: team }
      found.push(
        span(`order→arrival@${team}`, { 'zh-CN': `${name['zh-CN']}：下令 → 到达`, en: `${name.en}: ordered → on site` }, order, there),
      )
    }
  }
  return found
}

export function rumours(steps: readonly Step[]): readonly Latency[] {
  return steps
    .filter(isKind('rumour-corrected'))
    .slice(0, PAIRS_MAX)
    .map((corrected) => {
      const rumour = steps.findLast((one) => one.factKind === 'rumour' && one.occurredAt <= corrected.occurredAt) ?? null
      const words: Words = { 'zh-CN': '谣言出现 → 澄清', en: 'Rumour → correction' }
      return rumour === null
        ? {
            ...span(`rumour→correction-${corrected.index}`, words, corrected, null, {
              'zh-CN': '记录只有澄清时间，没有谣言出现的时间',
              en: 'the record gives the correction but not when the rumour began',
            }),
            to: point(corrected),
          }
        : span(`rumour→correction-${corrected.index}`, words, rumour, corrected)
    })
}
