import type { Condition, DutyClause, EscalationClause } from '#core/instrument.ts'
import { partyWords } from '../kit/party.ts'
import type { WordsApi } from '../words.ts'

/** A duty clause as data, read out: “When …, X owes Y, within 30 min: …”. The words come from the data alone, so a reader sees what the linkage will do. */
export function dutySentence(clause: DutyClause, words: WordsApi): string {
  const { t, duration } = words
  const said = {
    when: clause.when.map((one) => conditionWords(one, words)).join(t('instrument.or')),
    owes: partyWords(clause.owes, words),
    to: partyWords(clause.to, words),
    act: words.words(clause.actWords),
  }
  return clause.limit.within === null
    ? t('instrument.sentence-no-limit', said)
    : t('instrument.sentence', { ...said, within: duration(clause.limit.within) })
}

export const evidenceWords = (clause: DutyClause, words: WordsApi): string | null =>
  clause.evidence.length === 0
    ? null
    : words.t('instrument.evidence', { what: clause.evidence.map((one) => conditionWords(one, words)).join(words.t('instrument.or')) })

/** “12 min past the deadline, to the superior of the debtor”, step by step. */
export const stepsWords = (clause: EscalationClause, words: WordsApi): readonly { readonly text: string; readonly confirmed: boolean }[] =>
  clause.steps.map((step) => ({
    text: words.t('instrument.escalation-step', { after: words.duration(step.after), to: partyWords(step.to, words) }),
    confirmed: step.confirmed,
  }))

/** One condition: what happens, then everything that must hold besides. */
function conditionWords(condition: Condition, words: WordsApi): string {
  const { t } = words
  return [happening(condition, words), ...qualifiers(condition, words)].join(t('instrument.and'))
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
    case 'obligation.discharged':
    case 'obligation.lapsed': {
      const acts = condition.acts === undefined ? '' : t('instrument.acts', { acts: list('act', condition.acts) })
      return t(`instrument.when.${condition.event}`, { acts })
    }
    default:
      return t(`instrument.when.${condition.event}`)
  }
}

function qualifiers(condition: Condition, words: WordsApi): readonly string[] {
  const { t, code } = words
  const list = (prefix: string, codes: readonly string[]): string => codes.map((one) => code(prefix, one)).join(t('instrument.list'))
  return [
    condition.classes === undefined ? null : t('instrument.if.classes', { what: list('class', condition.classes) }),
    condition.hazards === undefined ? null : t('instrument.if.hazards', { what: list('hazard', condition.hazards) }),
    condition.severity === undefined ? null : t('instrument.if.severity', { what: code('severity', String(condition.severity)) }),
    condition.level === undefined ? null : t('instrument.if.level', { what: code('response', String(condition.level)) }),
    condition.colours === undefined ? null : t('instrument.if.colours', { what: list('colour', condition.colours) }),
    condition.subject === undefined ? null : t('instrument.if.subject', { what: code('subject', condition.subject) }),
    condition.complete === undefined ? null : condition.complete ? t('instrument.if.complete') : t('instrument.if.incomplete'),
    condition.by === undefined
      ? null
      : condition.by === 'anyone'
        ? t('instrument.if.by-anyone')
        : t('instrument.if.by', { what: partyWords(condition.by, words) }),
  ].filter((one) => one !== null)
}
