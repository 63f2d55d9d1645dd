import {
  binds,
  type AuthorityClause,
  type BindingClause,
  type Clause,
  type Condition,
  type CostClause,
  type EscalationClause,
} from '#core/instrument.ts'
import type { MoneyText } from '#core/money.ts'
import type { Words } from '#core/event.ts'
import { partyWords } from '../kit/party.ts'
import type { WordsApi } from '../words.ts'

/** What a clause's words need besides itself: the parties that `party:<key>` names, and the articles of its neighbours. */
export type Naming = {
  readonly parties: readonly { readonly key: string; readonly name: Words }[]
  readonly clauses: readonly Clause[]
}
const NOBODY: Naming = { parties: [], clauses: [] }

/** A party in words: its own name where the instrument names it. */
export function whoWords(party: string, words: WordsApi, { parties }: Naming): string {
  const [base = party, at] = party.split('@')
  const named = base.startsWith('party:') ? parties.find((one) => `party:${one.key}` === base) : undefined
  if (named === undefined) return partyWords(party, words)
  const name = words.words(named.name)
  return at === undefined ? name : words.code('obligation.party-at', at, { party: name })
}

/** A clause as data, read out: “When …, X owes Y, within 30 min: …”. The words come from the data alone, so a reader sees what the linkage will do. */
export function dutySentence(clause: BindingClause, words: WordsApi, naming: Naming = NOBODY): string {
  const { t, duration } = words
  const said = { owes: whoWords(clause.owes, words, naming), to: whoWords(clause.to, words, naming), act: words.words(clause.actWords) }
  if (clause.when.length === 0) return t('instrument.standing-sentence', said)
  const when = clause.when.map((one) => conditionWords(one, words, naming)).join(t('instrument.or'))
  return clause.limit.within === null
    ? t('instrument.sentence-no-limit', { ...said, when })
    : t('instrument.sentence', { ...said, when, within: duration(clause.limit.within) })
}

export const evidenceWords = (clause: BindingClause, words: WordsApi, naming: Naming = NOBODY): string | null =>
  clause.evidence.length === 0
    ? null
    : words.t('instrument.evidence', {
        what: clause.evidence.map((one) => conditionWords(one, words, naming)).join(words.t('instrument.or')),
      })

/** Everything else that a binding clause lays down, one sentence each. */
export function detailWords(clause: BindingClause, words: WordsApi): readonly string[] {
  const { t, code, duration } = words
  const list = (prefix: string, codes: readonly string[]): string => codes.map((one) => code(prefix, one)).join(t('instrument.list'))
  const part = clause.part === undefined ? null : code('instrument.part', clause.part)
  const { needs } = clause
  return [
    part === null ? null : t('instrument.part', { function: code('function', clause.function), part }),
    clause.phase === undefined ? null : t('instrument.in-phase', { phase: code('instrument.phase', clause.phase) }),
    clause.hazards === undefined ? null : t('instrument.only-hazards', { what: list('hazard', clause.hazards) }),
    clause.areas === undefined ? null : t('instrument.only-areas', { what: clause.areas.join(t('instrument.list')) }),
    clause.when.length === 0 ? null : code('instrument.once', clause.once),
    clause.each === true ? t('instrument.each') : null,
    clause.quorum === undefined ? null : t('instrument.quorum', { count: clause.quorum }),
    clause.answerWithin === undefined ? null : t('instrument.answer-within', { within: duration(clause.answerWithin) }),
    clause.progressEvery === undefined ? null : t('instrument.progress-every', { every: duration(clause.progressEvery) }),
    clause.every === undefined ? null : t('instrument.every', { every: duration(clause.every) }),
    clause.gravity === undefined ? null : t('instrument.gravity', { level: clause.gravity }),
    clause.reserved === undefined ? null : t('instrument.reserved', { article: words.words(clause.reserved) }),
    needs?.travel === undefined ? null : t('instrument.needs-travel', { time: duration(needs.travel) }),
    needs?.approval === undefined ? null : t('instrument.needs-approval', { time: duration(needs.approval) }),
    ...contentWords(clause, words),
  ].filter((one) => one !== null)
}

function contentWords(clause: BindingClause, words: WordsApi): readonly string[] {
  const { t, code, duration, number } = words
  if (clause.kind === 'disclosure') {
    const what = clause.information.map((one) => code('instrument.information', one)).join(t('instrument.list'))
    const until =
      clause.until === null
        ? t('instrument.until-null')
        : clause.until === 'incident-closed'
          ? t('instrument.until-closed')
          : t('instrument.until-time', { time: duration(clause.until) })
    return [t('instrument.information', { what }), t('instrument.purpose', { what: words.words(clause.purpose) }), until]
  }
  if (clause.kind !== 'resource') return []
  const { quantity } = clause.resource
  const amount = { what: words.words(clause.resource.words), value: number(quantity.value), unit: unitWords(quantity.unit, words) }
  return [
    t('instrument.quantity', amount),
    ...(clause.limits === null ? [] : [t('instrument.limits', { what: words.words(clause.limits) })]),
  ]
}

const unitWords = (unit: string, { code }: WordsApi): string => code('instrument.unit', unit.replaceAll(/[{}]/g, ''))

/** `{amount: "500000", currency: "CNY"}` → ¥5,000.00 */
export const moneyWords = ({ amount, currency }: MoneyText, { lang }: WordsApi): string =>
  new Intl.NumberFormat(lang, { style: 'currency', currency }).format(Number(amount) / 100)

/** “12 min past the deadline, to the superior of the debtor”, step by step. */
export const stepsWords = (
  clause: EscalationClause,
  words: WordsApi,
  naming: Naming = NOBODY,
): readonly { readonly text: string; readonly confirmed: boolean }[] =>
  clause.steps.map((step) => ({
    text: words.t('instrument.escalation-step', { after: words.duration(step.after), to: whoWords(step.to, words, naming) }),
    confirmed: step.confirmed,
  }))

/** The articles of the clauses that another one is about; null: of all. */
export function aboutWords(of: 'all' | readonly string[], words: WordsApi, { clauses }: Naming): string | null {
  if (of === 'all') return null
  const article = (id: string): string => words.words(clauses.find((one) => one.id === id)?.article ?? { 'zh-CN': id, en: id })
  return of.map(article).join(words.t('instrument.list'))
}

export function costWords(clause: CostClause, words: WordsApi, naming: Naming): readonly string[] {
  const { t, code, duration } = words
  const said = {
    payer: whoWords(clause.payer, words, naming),
    payee: whoWords(clause.payee, words, naming),
    item: code('instrument.item', clause.item),
  }
  const { rate } = clause
  const per = rate === null ? '' : `${rate.per.value === 1 ? '' : `${words.number(rate.per.value)} `}${unitWords(rate.per.unit, words)}`
  const about = aboutWords(clause.of, words, naming)
  return [
    rate === null
      ? t('instrument.cost-actual', said)
      : t('instrument.cost-rate', { ...said, rate: moneyWords(rate.money, words), unit: per }),
    ...(clause.cap === null ? [] : [t('instrument.cost-cap', { cap: moneyWords(clause.cap, words) })]),
    ...(clause.payWithin === null ? [] : [t('instrument.cost-days', { days: duration(clause.payWithin) })]),
    about === null ? t('instrument.cost-of-all') : t('instrument.cost-of', { clauses: about }),
  ]
}

export function authorityWords(clause: AuthorityClause, words: WordsApi, naming: Naming): readonly string[] {
  const { t, code, duration } = words
  const said = {
    decides: clause.decides.map((one) => code('instrument.decides', one)).join(t('instrument.list')),
    holder: whoWords(clause.holder, words, naming),
  }
  const approvals = clause.approvals.map((one) => whoWords(one, words, naming)).join(t('instrument.list'))
  return [
    clause.path === 'ordinary' ? t('instrument.authority-ordinary', said) : t('instrument.authority-emergency', said),
    ...(clause.level === undefined ? [] : [t('instrument.authority-level', { level: code('response', String(clause.level)) })]),
    approvals === '' ? t('instrument.authority-none') : t('instrument.authority-approvals', { approvals }),
    ...(clause.within === null ? [] : [t('instrument.authority-within', { within: duration(clause.within) })]),
  ]
}

/** One line for a table of contents. */
export function headWords(clause: Clause, words: WordsApi): string {
  if (binds(clause)) return words.words(clause.actWords)
  if (clause.kind === 'cost') return words.code('instrument.item', clause.item)
  return words.code('instrument.clause-kind', clause.kind)
}

/** One condition: what happens, then everything that must hold besides. */
function conditionWords(condition: Condition, words: WordsApi, naming: Naming): string {
  const { t } = words
  return [happening(condition, words), ...qualifiers(condition, words, naming)].join(t('instrument.and'))
}

function happening(condition: Condition, { t, code }: WordsApi): string {
  const list = (prefix: string, codes: readonly string[] | undefined): string =>
    (codes ?? []).map((one) => code(prefix, one)).join(t('instrument.list'))
  switch (condition.event) {
    case 'incident.noted':
      return condition.kinds === undefined
        ? t('instrument.when.incident.noted-any')
        : t('instrument.when.incident.noted', { kinds: list('noted', condition.kinds) })
    case 'sitrep.filed':
      return condition.reportKinds === undefined
        ? t('instrument.when.sitrep.filed-any')
        : t('instrument.when.sitrep.filed', { kinds: list('sitrep', condition.reportKinds) })
    case 'obligation.accepted':
    case 'obligation.declined':
    case 'obligation.discharged':
    case 'obligation.lapsed': {
      const acts = condition.acts === undefined ? '' : t('instrument.acts', { acts: list('act', condition.acts) })
      return t(`instrument.when.${condition.event}`, { acts })
    }
    default:
      return t(`instrument.when.${condition.event}`)
  }
}

function qualifiers(condition: Condition, words: WordsApi, naming: Naming): readonly string[] {
  const { t, code, duration } = words
  const list = (prefix: string, codes: readonly string[]): string => codes.map((one) => code(prefix, one)).join(t('instrument.list'))
  return [
    condition.classes === undefined ? null : t('instrument.if.classes', { what: list('class', condition.classes) }),
    condition.hazards === undefined ? null : t('instrument.if.hazards', { what: list('hazard', condition.hazards) }),
    condition.functions === undefined ? null : t('instrument.if.functions', { what: list('function', condition.functions) }),
    condition.areas === undefined ? null : t('instrument.if.areas', { what: condition.areas.join(t('instrument.list')) }),
    condition.severity === undefined ? null : t('instrument.if.severity', { what: code('severity', String(condition.severity)) }),
    condition.level === undefined ? null : t('instrument.if.level', { what: code('response', String(condition.level)) }),
    condition.colours === undefined ? null : t('instrument.if.colours', { what: list('colour', condition.colours) }),
    condition.subject === undefined ? null : t('instrument.if.subject', { what: code('subject', condition.subject) }),
    condition.complete === undefined ? null : condition.complete ? t('instrument.if.complete') : t('instrument.if.incomplete'),
    condition.elapsed === undefined ? null : t('instrument.if.elapsed', { what: duration(condition.elapsed) }),
    condition.by === undefined
      ? null
      : condition.by === 'anyone'
        ? t('instrument.if.by-anyone')
        : t('instrument.if.by', { what: whoWords(condition.by, words, naming) }),
  ].filter((one) => one !== null)
}
