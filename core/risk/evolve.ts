import { unreachable } from '../decider.ts'
import { actorFrom, type Stamp } from '../event.ts'
import {
  CONTENTS,
  KNOWERS,
  PEOPLE,
  type Danger,
  type DangerStatus,
  type Provenance,
  type Risk,
  type RiskEvent,
  type RiskKind,
  type Stated,
} from './command.ts'

/** How often facts are confirmed where nobody promised otherwise. Our target: the law (art. 33) says "regularly". */
export const DEFAULT_PROMISE: Readonly<Record<RiskKind, string>> = { hazard: 'P90D', danger: 'P30D', site: 'P90D' }

const KEPT_MAX = 200
const kept = <T>(list: readonly T[], one: T): readonly T[] => [...list, one].slice(-KEPT_MAX)

const organizationOf = (stamp: Stamp): string | null => {
  const actor = actorFrom(stamp.actor)
  return actor.kind === 'post' ? actor.organizationId : null
}

const provenanceOf = ({ source, asOfAt, confidence }: Provenance): Provenance => ({ source, asOfAt, confidence })

/** The facts that the saying touches, each with whence it is known. */
function touched(said: Partial<Stated>, provenance: Provenance): Readonly<Record<string, Provenance>> {
  const keys = [
    ...(said.people === undefined ? [] : [PEOPLE]),
    ...(said.knowers === undefined || said.knowers.length === 0 ? [] : [KNOWERS]),
    ...(said.facts ?? []).map(({ key }) => key),
  ]
  return Object.fromEntries(keys.map((key) => [key, provenance]))
}

export function registeredState(event: Extract<RiskEvent, { type: 'risk.registered' }>, stamp: Stamp): Risk {
  const hazard = event.hazard ?? null
  return {
    kind: event.kind,
    siteKind: event.siteKind ?? null,
    hazard,
    hazards: [...new Set([...(hazard === null ? [] : [hazard]), ...(event.hazards ?? [])])],
    name: event.name,
    jurisdiction: event.jurisdiction,
    place: event.place ?? null,
    owner: event.owner,
    regulator: event.regulator,
    responder: event.responder,
    registeredBy: organizationOf(stamp),
    registeredAt: stamp.occurredAt,
    promise: event.promise ?? DEFAULT_PROMISE[event.kind],
    restricted: event.restricted ?? true,
    people: event.people ?? null,
    knowers: event.knowers ?? [],
    facts: event.facts ?? [],
    store: null,
    provenance: touched(event, provenanceOf(event)),
    dangers: [],
    inspections: [],
    checks: [],
    plans: [],
    rehearsals: [],
    carried: [],
    incidents: [],
    status: 'open',
    closing: null,
  }
}

type Later = Exclude<RiskEvent, { type: 'risk.registered' }>

export function evolved(state: Risk, event: Later, stamp: Stamp): Risk {
  const by = organizationOf(stamp)
  const at = stamp.occurredAt
  const done = (text: string): { readonly at: string; readonly by: string | null; readonly text: string } => ({ at, by, text })
  switch (event.type) {
    case 'risk.stated':
      return restated(state, event)
    case 'risk.stored':
      return { ...state, store: event.substances, provenance: { ...state.provenance, [CONTENTS]: provenanceOf(event) } }
    case 'risk.confirmed': {
      const keys = event.keys ?? Object.keys(state.provenance)
      const anew = Object.fromEntries(keys.map((key) => [key, provenanceOf(event)]))
      return { ...state, provenance: { ...state.provenance, ...anew } }
    }
    case 'risk.appointed': {
      const { owner = state.owner, regulator = state.regulator, responder = state.responder } = event
      return { ...state, owner, regulator, responder }
    }
    case 'risk.inspected':
      return { ...state, inspections: kept(state.inspections, { ...done(event.text), result: event.result, dangers: event.dangers }) }
    case 'risk.danger-found': {
      const { danger: id, text, grade, dueAt } = event
      const found: Danger = { id, text, grade, dueAt, status: 'open', foundAt: at, foundBy: by, mendedAt: null, evidence: null }
      return { ...state, dangers: [...state.dangers, found] }
    }
    case 'risk.mended':
      return withDanger(state, event.danger, event.verified ? 'verified' : 'mended', { mendedAt: at, evidence: event.evidence })
    case 'risk.verified':
      return withDanger(state, event.danger, event.accepted ? 'verified' : 'open', event.accepted ? {} : { mendedAt: null, evidence: null })
    case 'risk.plan-linked':
      return { ...state, plans: [...state.plans, { plan: event.plan, text: event.text }] }
    case 'risk.rehearsed': {
      const { plan, exerciseId } = event
      return { ...state, rehearsals: kept(state.rehearsals, { ...done(event.text), at: event.heldAt, plan, exerciseId }) }
    }
    case 'risk.checked': {
      const { incidentId, result, people, sources } = event
      return {
        ...state,
        checks: kept(state.checks, { ...done(event.text), incidentId, result, people, sources }),
        incidents: named(state, incidentId),
      }
    }
    case 'risk.involved':
      return { ...state, incidents: named(state, event.incidentId) }
    case 'risk.carried':
      return { ...state, carried: kept(state.carried, { ...done(event.text), from: event.from, incidentId: event.incidentId }) }
    case 'risk.closed':
      return { ...state, status: 'closed', closing: { ...done(event.reason), evidence: event.evidence } }
    case 'risk.reopened':
      return { ...state, status: 'open', closing: null }
    default:
      return unreachable(event)
  }
}

const named = (state: Risk, incidentId: string): readonly string[] =>
  state.incidents.includes(incidentId) ? state.incidents : kept(state.incidents, incidentId)

function restated(state: Risk, { type: _, ...said }: Extract<RiskEvent, { type: 'risk.stated' }>): Risk {
  const { name = state.name, place = state.place, people = state.people, knowers = state.knowers } = said
  const { promise = state.promise, restricted = state.restricted, facts = [], hazards } = said
  const anew = new Map([...state.facts, ...facts].map((one) => [one.key, one]))
  return {
    ...state,
    name,
    place,
    people,
    knowers,
    promise,
    restricted,
    hazards: hazards === undefined ? state.hazards : [...new Set([...(state.hazard === null ? [] : [state.hazard]), ...hazards])],
    facts: [...anew.values()],
    provenance: { ...state.provenance, ...touched(said, provenanceOf(said)) },
  }
}

function withDanger(state: Risk, id: string, status: DangerStatus, more: Partial<Danger>): Risk {
  return { ...state, dangers: state.dangers.map((one) => (one.id === id ? { ...one, ...more, status } : one)) }
}

/** Who answers for it: owner, regulator, responder. */
export const keepersOf = ({ owner, regulator, responder }: Pick<Risk, 'owner' | 'regulator' | 'responder'>): readonly string[] => [
  ...new Set([owner, regulator, responder].filter((one) => one !== null)),
]
