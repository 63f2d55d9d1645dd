import type { Thing } from './authority.ts'
import { refuse, unreachable, type By, type Decider, type Refusal } from './decider.ts'
import type { Words } from './event.ts'
import { CONTENTS, FACTS_MAX, KNOWERS, PEOPLE, SITE_KINDS, type Risk, type RiskCommand, type RiskEvent, type Said } from './risk/command.ts'
import { evolved, registeredState } from './risk/evolve.ts'

export * from './risk/command.ts'
export * from './risk/coverage.ts'
export * from './risk/near.ts'
export * from './risk/search.ts'
export { DEFAULT_PROMISE, keepersOf } from './risk/evolve.ts'

/** What one item keeps of what happened to it; its log keeps all. */
const DANGERS_MAX = 500
const HAPPENED_MAX = 2000

/**
 * A risk item 风险点 and the organizations answerable for it. Emergency Response Law art. 33: the county government
 * surveys, registers, assesses and regularly checks hazards; art. 35: each unit removes its hidden dangers in time.
 * Nothing of it is ever overwritten: each fact has its source and its time, and unknown is a value.
 */
export const risk: Decider<Risk | null, RiskCommand, RiskEvent> = {
  initial: null,
  decide(state, command, by) {
    if (command.type === 'risk.register') return state === null ? register(command, by) : refuse('risk.already-registered')
    if (state === null) return refuse('risk.unknown')
    if (command.type === 'risk.carry')
      return state.carried.some((one) => one.from === command.from) ? [] : [{ ...command, type: 'risk.carried' }]
    if (state.status === 'closed')
      return command.type === 'risk.reopen' ? [{ ...command, type: 'risk.reopened' }] : refuse('risk.already-closed')
    const happened = state.inspections.length + state.checks.length + state.rehearsals.length
    return happened >= HAPPENED_MAX ? refuse('risk.too-much-happened', { max: HAPPENED_MAX }) : open(state, command, by)
  },
  evolve(state, event, stamp) {
    if (event.type === 'risk.registered') return registeredState(event, stamp)
    return state === null ? state : evolved(state, event, stamp)
  },
}

type OpenCommand = Exclude<RiskCommand, { type: 'risk.register' | 'risk.carry' }>

export const wordsOf = (name: Words | string): Words => (typeof name === 'string' ? { 'zh-CN': name, en: name } : name)

const isLater = (asOfAt: string, by: By): boolean => asOfAt > by.at

function register({ type: _, ...said }: Extract<RiskCommand, { type: 'risk.register' }>, by: By): readonly RiskEvent[] | Refusal {
  const { substances, danger, ...item } = said
  const wrong = unsaid(said, by)
  if (wrong !== null) return wrong
  const { source, asOfAt, confidence } = said
  return [
    { type: 'risk.registered', ...item, name: wordsOf(said.name) },
    ...(substances === undefined ? [] : [{ type: 'risk.stored', substances, source, asOfAt, confidence } as const]),
    ...(danger === undefined ? [] : [{ type: 'risk.danger-found', danger: 'd1', ...danger } as const]),
  ]
}

/** What each kind must say: a site what site, a hazard what hazard, a hidden danger by when it is removed. */
function unsaid({ kind, siteKind, hazard, danger, asOfAt, facts = [] }: Said<'risk.register'>, by: By): Refusal | null {
  if (kind === 'site' && siteKind === undefined) return refuse('risk.site-kind-unsaid', { kinds: SITE_KINDS.length })
  if (kind === 'hazard' && hazard === undefined) return refuse('risk.hazard-unsaid')
  if (kind === 'danger' && danger === undefined) return refuse('risk.danger-unsaid')
  if (danger !== undefined && danger.dueAt <= asOfAt) return refuse('risk.due-before-found', { dueAt: danger.dueAt })
  return isLater(asOfAt, by) ? refuse('risk.as-of-in-future', { asOfAt }) : factTwice(facts)
}

function factTwice(facts: readonly { readonly key: string }[]): Refusal | null {
  const reserved = facts.find(({ key }) => key === PEOPLE || key === CONTENTS || key === KNOWERS)
  if (reserved !== undefined) return refuse('risk.fact-key-reserved', { key: reserved.key })
  const twice = facts.find((one, i) => facts.findIndex((other) => other.key === one.key) !== i)
  return twice === undefined ? null : refuse('risk.fact-twice', { key: twice.key })
}

function open(state: Risk, command: OpenCommand, by: By): readonly RiskEvent[] | Refusal {
  if ('asOfAt' in command && isLater(command.asOfAt, by)) return refuse('risk.as-of-in-future', { asOfAt: command.asOfAt })
  switch (command.type) {
    case 'risk.state':
      return restate(state, command)
    case 'risk.store':
      return [{ ...command, type: 'risk.stored' }]
    case 'risk.confirm':
      return confirm(state, command)
    case 'risk.appoint':
      return appoint(state, command)
    case 'risk.inspect':
      return inspect(state, command, by)
    case 'risk.mend':
    case 'risk.verify':
      return mend(state, command, by)
    case 'risk.link-plan':
      return state.plans.some(({ plan }) => plan === command.plan)
        ? refuse('risk.plan-already-linked', { plan: command.plan })
        : [{ ...command, type: 'risk.plan-linked' }]
    case 'risk.rehearse':
      return command.heldAt > by.at ? refuse('risk.as-of-in-future', { asOfAt: command.heldAt }) : [{ ...command, type: 'risk.rehearsed' }]
    case 'risk.check':
      return [{ ...command, type: 'risk.checked', name: state.name }]
    case 'risk.involve':
      return state.incidents.includes(command.incidentId) ? [] : [{ ...command, type: 'risk.involved' }]
    case 'risk.close':
      return close(state, command, by)
    case 'risk.reopen':
      return refuse('risk.not-closed')
    default:
      return unreachable(command)
  }
}

function restate(state: Risk, { type: _, name, ...said }: Extract<RiskCommand, { type: 'risk.state' }>): readonly RiskEvent[] | Refusal {
  const { source: _source, asOfAt: _asOf, confidence: _confidence, ...changes } = said
  if (name === undefined && Object.keys(changes).length === 0) return refuse('risk.nothing-said')
  const { facts = [] } = said
  const known = new Set([...state.facts, ...facts].map(({ key }) => key))
  if (known.size > FACTS_MAX) return refuse('risk.too-many-facts', { max: FACTS_MAX })
  return factTwice(facts) ?? [{ type: 'risk.stated', ...said, ...(name === undefined ? {} : { name: wordsOf(name) }) }]
}

function confirm(state: Risk, command: Extract<RiskCommand, { type: 'risk.confirm' }>): readonly RiskEvent[] | Refusal {
  const known = Object.keys(state.provenance)
  const stranger = command.keys?.find((key) => !known.includes(key))
  if (stranger !== undefined) return refuse('risk.fact-unknown', { key: stranger })
  return known.length === 0 ? refuse('risk.nothing-to-confirm') : [{ ...command, type: 'risk.confirmed' }]
}

function appoint(state: Risk, command: Extract<RiskCommand, { type: 'risk.appoint' }>): readonly RiskEvent[] | Refusal {
  const changed = (['owner', 'regulator', 'responder'] as const).filter((key) => command[key] !== undefined && command[key] !== state[key])
  return changed.length === 0 ? refuse('risk.nothing-said') : [{ ...command, type: 'risk.appointed' }]
}

function inspect(state: Risk, command: Extract<RiskCommand, { type: 'risk.inspect' }>, by: By): readonly RiskEvent[] | Refusal {
  const { dangers, ...said } = command
  if (said.result === 'sound' && dangers.length > 0) return refuse('risk.sound-with-dangers')
  if (said.result === 'dangers' && dangers.length === 0) return refuse('risk.danger-unsaid')
  if (state.dangers.length + dangers.length > DANGERS_MAX) return refuse('risk.too-many-dangers', { max: DANGERS_MAX })
  const past = dangers.find((one) => one.dueAt <= by.occurredAt)
  if (past !== undefined) return refuse('risk.due-before-found', { dueAt: past.dueAt })
  const found = dangers.map((one, i) => ({ type: 'risk.danger-found' as const, danger: `d${state.dangers.length + i + 1}`, ...one }))
  return [{ ...said, type: 'risk.inspected', dangers: found.map(({ danger }) => danger) }, ...found]
}

const organizationOf = (by: By): string | null => (by.actor.kind === 'post' ? by.actor.organizationId : null)

/** A major hidden danger that its own owner calls mended is so when another has verified it. */
function mend(state: Risk, command: Extract<RiskCommand, { type: 'risk.mend' | 'risk.verify' }>, by: By): readonly RiskEvent[] | Refusal {
  const found = state.dangers.find(({ id }) => id === command.danger)
  if (found === undefined) return refuse('risk.danger-unknown', { danger: command.danger })
  const own = state.owner !== null && organizationOf(by) === state.owner
  if (command.type === 'risk.mend')
    return found.status === 'open'
      ? [{ ...command, type: 'risk.mended', verified: !(found.grade === 'major' && own) }]
      : refuse('risk.danger-not-open', { danger: command.danger })
  if (found.status !== 'mended') return refuse('risk.nothing-to-verify', { danger: command.danger })
  return own ? refuse('risk.own-verification') : [{ ...command, type: 'risk.verified' }]
}

/** Nobody strikes off the list what he himself answers for, nor what still has a danger open. */
function close(state: Risk, command: Extract<RiskCommand, { type: 'risk.close' }>, by: By): readonly RiskEvent[] | Refusal {
  const waiting = state.dangers.filter(({ status }) => status !== 'verified').length
  if (waiting > 0) return refuse('risk.danger-open', { count: waiting })
  return state.owner !== null && organizationOf(by) === state.owner ? refuse('risk.own-closing') : [{ ...command, type: 'risk.closed' }]
}

/** Whoever is named in it. */
export const riskParties = ({ owner, regulator, responder, registeredBy }: Risk): readonly string[] => [
  ...new Set([owner, regulator, responder, registeredBy].filter((one) => one !== null)),
]

/** `keepers` are who answers for it: owner, regulator, responder. */
export function riskThing(state: Risk | null, command: RiskCommand): Thing {
  const of = state ?? (command.type === 'risk.register' ? { ...command, registeredBy: null } : null)
  if (of === null) return { jurisdiction: null, parties: [] }
  const { owner, regulator, responder, jurisdiction } = of
  const keepers = [owner, regulator, responder].filter((one) => one !== null)
  const parties = [...keepers, ...(of.registeredBy === null ? [] : [of.registeredBy])]
  return { jurisdiction, owner, keepers, parties }
}
