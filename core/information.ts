/** Information 信息: one question of fact, what each source says to it side by side, who was told what, and what was found to hold. */
import type { Thing } from './authority.ts'
import { Refusal, refuse, unreachable, type By, type Decider } from './decider.ts'
import type { Stamp } from './event.ts'
import type { Assertion, Delivered, Information, InformationCommand, InformationEvent, Of, Said } from './information/command.ts'
import { agrees, currentOf, latestDeliveries, questionKey, reconciledOf, scopesOf, settledOf, sidesOf } from './information/standing.ts'

export * from './information/command.ts'
export * from './information/standing.ts'

/** Words to one question, and receivers of it; more belong into a list of its own. */
const ASSERTIONS_MAX = 500
const DELIVERIES_MAX = 2000

export const information: Decider<Information | null, InformationCommand, InformationEvent> = {
  initial: null,

  decide(state, command, by) {
    const events =
      command.type === 'information.assert'
        ? assert(state, command, by)
        : state === null
          ? refuse('information.unknown')
          : said(state, command, by)
    return events instanceof Refusal ? events : withCorrections(state, events, by)
  },

  evolve(state, event, stamp) {
    if (event.type === 'information.asked') {
      const { type: _, ...asked } = event
      return { ...asked, askedAt: stamp.recordedAt, assertions: [], reconciliations: [], deliveries: [], stated: [] }
    }
    return state === null ? state : evolved(state, event, stamp)
  },
}

const speaker = (by: By): string | null => (by.actor.kind === 'post' ? by.actor.organizationId : null)

/** One more word beside the others: nobody's word is written over by another's. */
function assert(state: Information | null, command: Of<'information.assert'>, by: By): readonly InformationEvent[] | Refusal {
  const { incidentId, value, unit, source, confidence, asOf = by.occurredAt, scope = null, apart = false } = command
  const key = questionKey(command.key)
  if (command.jurisdiction === undefined) return refuse('incident.unknown')
  if (state !== null && (state.incidentId !== incidentId || state.key !== key))
    return refuse('information.other-question', { key: state.key })
  if (asOf > by.at) return refuse('information.in-future', { asOf })
  if ((state?.assertions.length ?? 0) >= ASSERTIONS_MAX) return refuse('information.too-many', { max: ASSERTIONS_MAX })
  const enteredBy = speaker(by)
  const saidBy = command.saidBy === undefined ? enteredBy : command.saidBy
  const own = (one: Assertion): boolean =>
    one.scope === scope &&
    one.saidBy === saidBy &&
    (saidBy !== null && command.replaces === 'own'
      ? true
      : one.source === source && one.enteredBy === (saidBy === null ? enteredBy : one.enteredBy))
  const before = state === null ? [] : currentOf(state).filter(own)
  if (before.some((one) => agrees(one, { value, unit }) && one.asOf === asOf && one.source === source)) return []
  const late = before.some((one) => one.asOf > asOf)
  const reconciled = state === null ? null : reconciledOf(state, scope)
  const over = !late && saidBy !== null && reconciled !== null && reconciled.by === saidBy && reconciled.asOf <= asOf
  const asked: InformationEvent = {
    type: 'information.asked',
    incidentId,
    key,
    words: command.words ?? null,
    jurisdiction: command.jurisdiction,
  }
  const asserted: InformationEvent = {
    type: 'information.asserted',
    assertion: command.assertion ?? by.commandId,
    value,
    unit,
    source,
    confidence,
    asOf,
    saidBy,
    enteredBy,
    scope,
    apart,
    sitrep: command.sitrep ?? null,
    supersedes: late ? [] : before.map((one) => one.id),
    overReconciled: over,
    late,
  }
  return state === null ? [asked, asserted] : [asserted]
}

function said(
  state: Information,
  command: Exclude<InformationCommand, Of<'information.assert'>>,
  by: By,
): readonly InformationEvent[] | Refusal {
  switch (command.type) {
    case 'information.correct':
      return correct(state, command, by)
    case 'information.withdraw': {
      const one = state.assertions.find(({ id }) => id === command.assertion)
      if (one === undefined) return refuse('information.no-such-assertion')
      if (one.status === 'withdrawn') return refuse('information.already-withdrawn')
      return [{ type: 'information.withdrawn', assertion: one.id, reason: command.reason, by: speaker(by) }]
    }
    case 'information.reconcile':
      return reconcile(state, command, by)
    case 'information.deliver':
      return deliver(state, command, by)
    case 'information.receipt': {
      const organization = speaker(by)
      const waits = state.deliveries.some((one) => one.to === organization && one.receiptAt === null)
      return organization !== null && waits ? [{ type: 'information.receipted', organization }] : refuse('information.nothing-to-receipt')
    }
    case 'information.note-release': {
      const { release, value, unit } = command
      const known = state.stated.some((one) => one.release === release && agrees(one, { value, unit }))
      return known ? [] : [{ type: 'information.released', release, value, unit }]
    }
    default:
      return unreachable(command)
  }
}

function correct(state: Information, command: Of<'information.correct'>, by: By): readonly InformationEvent[] | Refusal {
  const old = state.assertions.find(({ id }) => id === command.assertion)
  if (old === undefined) return refuse('information.no-such-assertion')
  if (old.status === 'withdrawn') return refuse('information.already-withdrawn')
  const { type: _, asOf = old.asOf, ...rest } = command
  if (asOf > by.at) return refuse('information.in-future', { asOf })
  const same =
    old.value === rest.value &&
    old.unit === rest.unit &&
    old.source === rest.source &&
    old.confidence === rest.confidence &&
    old.asOf === asOf
  return same ? refuse('information.nothing-corrected') : [{ type: 'information.corrected', ...rest, asOf, by: speaker(by) }]
}

/** Where they differ, or where what was found to hold turns out otherwise. */
function reconcile(state: Information, command: Of<'information.reconcile'>, by: By): readonly InformationEvent[] | Refusal {
  const { value, unit, reason, scope = null } = command
  const sides = sidesOf(state, scope)
  if (sides.length === 0) return refuse('information.nothing-said')
  const settled = settledOf(state, scope)
  if (settled !== null && agrees(settled, { value, unit })) return refuse('information.nothing-to-reconcile')
  const newest = sides.reduce((last, one) => (one.asOf > last ? one.asOf : last), '')
  const chosen = sides.filter((one) => agrees(one, { value, unit }))
  const asOf = command.asOf ?? chosen.reduce((last, one) => (one.asOf > last ? one.asOf : last), '')
  const held = asOf === '' ? newest : asOf
  if (held > by.at) return refuse('information.in-future', { asOf: held })
  const struck = currentOf(state).filter((one) => one.scope === scope && !agrees(one, { value, unit }))
  return [{ type: 'information.reconciled', scope, value, unit, asOf: held, struck: struck.map((one) => one.id), reason, by: speaker(by) }]
}

const standing = (state: Information): readonly Delivered[] => scopesOf(state).flatMap((scope) => sidesOf(state, scope))

function deliver(state: Information, command: Of<'information.deliver'>, by: By): readonly InformationEvent[] | Refusal {
  const from = speaker(by)
  const now = standing(state)
  if (now.length === 0) return refuse('information.nothing-said')
  const given = latestDeliveries(state)
  const has = (to: string): boolean => JSON.stringify(given.get(to)?.said) === JSON.stringify(now)
  const others = [...new Set(command.to)].filter((to) => to !== from)
  const to = others.filter((one) => !has(one))
  if (others.length === 0) return refuse('information.to-oneself')
  if (to.length === 0) return refuse('information.already-delivered')
  if (state.deliveries.length + to.length > DELIVERIES_MAX) return refuse('information.too-many', { max: DELIVERIES_MAX })
  const { subject = state.key, complete, note = null } = command
  return [{ type: 'information.delivered', cause: 'given', from, to, said: now, subject, complete, note, key: state.key }]
}

/**
 * Whoever was told what has turned out wrong is told what holds, in the same breath (requirement S1-07); a public release that
 * stated it is named. A newer word of the same source is no correction: what was given was so at its time.
 */
function withCorrections(before: Information | null, events: readonly InformationEvent[], by: By): readonly InformationEvent[] {
  const stamp = { occurredAt: by.occurredAt, recordedAt: by.at, actor: '', commandId: by.commandId }
  const state = events.reduce<Information | null>((folded, event) => information.evolve(folded, event, stamp), before)
  const [first] = events
  if (state === null || before === null || first === undefined) return events
  switch (first.type) {
    case 'information.corrected': {
      const old = before.assertions.find(({ id }) => id === first.assertion)
      if (old === undefined || agrees(old, first)) return events
      return [...events, ...correctionTo(state, (one) => one.assertion === first.assertion, first.by), ...outdated(state)]
    }
    case 'information.withdrawn':
      return [...events, ...correctionTo(state, (one) => one.assertion === first.assertion, first.by), ...outdated(state)]
    case 'information.reconciled':
      return [...events, ...correctionTo(state, (one) => one.scope === first.scope && !agrees(one, first), first.by), ...outdated(state)]
    case 'information.released':
      return [...events, ...outdated(state)]
    default:
      return events
  }
}

/** To exactly those whose last delivery says what is wrong. */
function correctionTo(state: Information, isWrong: (one: Delivered) => boolean, from: string | null): readonly InformationEvent[] {
  const to = [...latestDeliveries(state)].filter(([, last]) => last.said.some(isWrong)).map(([organization]) => organization)
  const last = state.deliveries.findLast((one) => to.includes(one.to))
  if (to.length === 0 || last === undefined) return []
  const complete = scopesOf(state).every((scope) => settledOf(state, scope) !== null) && last.complete
  return [
    {
      type: 'information.delivered',
      cause: 'correction',
      from,
      to,
      said: standing(state),
      subject: last.subject,
      complete,
      note: null,
      key: state.key,
    },
  ]
}

/** The releases whose figure does not hold, and that were not named before. */
function outdated(state: Information): readonly InformationEvent[] {
  const settled = settledOf(state)
  return state.stated
    .filter((one) => !one.outdated && (settled === null || !agrees(one, settled)))
    .map(({ release, value: stated }) => ({
      type: 'information.release-outdated',
      release,
      key: state.key,
      stated,
      value: settled?.value ?? null,
      unit: settled?.unit ?? null,
    }))
}

type Later = Exclude<InformationEvent, { type: 'information.asked' }>

function evolved(state: Information, event: Later, stamp: Stamp): Information {
  const at = stamp.recordedAt
  const end = (ids: readonly string[], status: Assertion['status'], ending: string | null): readonly Assertion[] =>
    state.assertions.map((one) => (ids.includes(one.id) ? { ...one, status, endedAt: at, ending } : one))
  const noLonger = (scope: string | null): Information['reconciliations'] =>
    state.reconciliations.map((one) => (one.scope === scope ? { ...one, holds: false } : one))
  switch (event.type) {
    case 'information.asserted': {
      const { type: _, assertion: id, supersedes, overReconciled, late, ...one } = event
      const own: Assertion = {
        ...one,
        id,
        heardAt: at,
        status: late ? 'superseded' : 'current',
        endedAt: late ? at : null,
        ending: null,
        replaced: [],
      }
      return {
        ...state,
        assertions: [...end(supersedes, 'superseded', null), own],
        ...(overReconciled ? { reconciliations: noLonger(event.scope) } : {}),
      }
    }
    case 'information.corrected': {
      const { type: _, assertion, reason, by: __, ...now } = event
      return { ...state, assertions: state.assertions.map((one) => (one.id === assertion ? corrected(one, now, reason, at) : one)) }
    }
    case 'information.withdrawn':
      return { ...state, assertions: end([event.assertion], 'withdrawn', event.reason) }
    case 'information.reconciled': {
      const { type: _, struck, ...rest } = event
      return {
        ...state,
        assertions: end(struck, 'struck', event.reason),
        reconciliations: [...noLonger(event.scope), { ...rest, at, holds: true }],
      }
    }
    case 'information.delivered': {
      const { type: _, to, key: __, ...rest } = event
      return { ...state, deliveries: [...state.deliveries, ...to.map((one) => ({ ...rest, to: one, at, receiptAt: null }))] }
    }
    case 'information.receipted':
      return {
        ...state,
        deliveries: state.deliveries.map((one) =>
          one.to === event.organization && one.receiptAt === null ? { ...one, receiptAt: at } : one,
        ),
      }
    case 'information.released': {
      const { type: _, ...stated } = event
      return { ...state, stated: [...state.stated, { ...stated, at, outdated: false }] }
    }
    case 'information.release-outdated':
      return { ...state, stated: state.stated.map((one) => (one.release === event.release ? { ...one, outdated: true } : one)) }
    default:
      return unreachable(event)
  }
}

/** A struck word that is corrected speaks again; one that a newer word has overtaken stays overtaken. */
function corrected(old: Assertion, now: Said, reason: string, at: string): Assertion {
  const { value, unit, source, confidence, asOf, heardAt } = old
  const status = old.status === 'struck' ? 'current' : old.status
  const ended = status === 'current' ? { endedAt: null, ending: null } : {}
  return {
    ...old,
    ...now,
    ...ended,
    status,
    heardAt: at,
    replaced: [...old.replaced, { value, unit, source, confidence, asOf, heardAt, reason }],
  }
}

/** Who says something to it, and who was given it. */
export const informationParties = (state: Information): readonly string[] => [
  ...new Set(
    [...state.assertions.flatMap((one) => [one.saidBy, one.enteredBy]), ...state.deliveries.map((one) => one.to)].filter(
      (id) => id !== null,
    ),
  ),
]

/** `speakers`: whose word it is that the command is about, and who took it down. */
export function informationThing(state: Information | null, command: InformationCommand): Thing {
  if (state === null) return { jurisdiction: command.type === 'information.assert' ? (command.jurisdiction ?? null) : null, parties: [] }
  const about = 'assertion' in command ? state.assertions.find(({ id }) => id === command.assertion) : undefined
  const parties = informationParties(state)
  return {
    jurisdiction: state.jurisdiction,
    parties,
    ...(about === undefined ? {} : { speakers: [about.saidBy, about.enteredBy].filter((one) => one !== null) }),
  }
}
