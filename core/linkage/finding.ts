import { between } from '../time.ts'
import type { Recorded } from '../event.ts'
import { ladderOf, type FindingCommand, type FindingKind } from '../finding.ts'
import { basisText, binds } from '../instrument.ts'
import { everLapsed, isOpen, type Obligation } from '../obligation.ts'
import type { LinkageView, Reaction } from './view.ts'

/** What makes a finding, and what mends or ends one. */
export const SUPERVISED = [
  'obligation.lapsed',
  'obligation.unanswered',
  'obligation.unaccepted',
  'obligation.accepted',
  'obligation.declined',
  'obligation.discharged',
  'obligation.disputed',
  'obligation.extension-granted',
  'obligation.waived',
  'obligation.released',
] as const

/**
 * Supervision without anybody's asking: a missed duty is one finding, and what becomes of the duty is told to the finding.
 * The ids are made from the obligation and what was missed, so that two servers raise it once.
 */
export function supervised(event: Recorded, view: LinkageView): readonly Reaction[] {
  if (!event.stream.startsWith('obligation/')) return []
  const id = event.stream.slice('obligation/'.length)
  const state = view.obligations.get(id)
  if (state === undefined) return []
  const to = (kind: FindingKind, command: FindingCommand): Reaction => {
    const finding = view.idFrom(`finding|${id}|${kind}`)
    const { basis } = state
    return {
      room: 'finding',
      id: finding,
      commandId: view.idFrom(`${command.type}|${finding}|${event.position}`),
      command,
      basis: basis === null ? null : basisText(basis),
      occurredAt: event.occurredAt,
    }
  }
  const { late, silence } = kindsOf(state)
  switch (event.type) {
    case 'obligation.lapsed':
      return [to('lapsed', raise(id, 'lapsed', event, state, view))]
    case 'obligation.unanswered':
      return [to('unanswered', raise(id, 'unanswered', event, state, view))]
    case 'obligation.unaccepted':
      return [to('silent', raise(id, 'silent', event, state, view))]
    case 'obligation.accepted':
    case 'obligation.declined':
      return silence.map((kind) => to(kind, { type: 'finding.mend', lateBy: null }))
    case 'obligation.discharged':
      return [...late, ...silence].map((kind) =>
        to(kind, { type: 'finding.mend', lateBy: kind === 'lapsed' ? lateBy(event, state) : null }),
      )
    case 'obligation.disputed':
      // What was done late turned out not to be done: late again.
      return late.length > 0 && state.lapsedAt !== null ? [to('lapsed', raise(id, 'lapsed', event, state, view))] : []
    case 'obligation.extension-granted':
      return late.map((kind) => to(kind, { type: 'finding.mend', lateBy: null }))
    case 'obligation.waived':
    case 'obligation.released': {
      const cause = event.type === 'obligation.waived' ? 'waived' : 'ended'
      return [...late, ...silence].map((kind) => to(kind, { type: 'finding.withdraw', cause }))
    }
    default:
      return []
  }
}

/** The findings that it may have: told apart by what the obligation remembers, so that what was never late costs no command. */
function kindsOf(state: Obligation): { readonly late: readonly FindingKind[]; readonly silence: readonly FindingKind[] } {
  return {
    late: everLapsed(state) ? ['lapsed'] : [],
    silence: [
      ...(state.answerBy === undefined ? [] : ['unanswered' as const]),
      ...(state.progressEvery === undefined ? [] : ['silent' as const]),
    ],
  }
}

function lateBy(event: Recorded, { dueAt }: Obligation): string | null {
  return dueAt === null || event.occurredAt <= dueAt ? null : between(dueAt, event.occurredAt)
}

function raise(obligationId: string, kind: FindingKind, event: Recorded, state: Obligation, view: LinkageView): FindingCommand {
  const { incidentId, jurisdiction, debtor, creditor, basis, actWords } = state
  const clause = basis === null ? null : view.clause(basis)
  const gravity = state.gravity ?? (clause !== null && binds(clause) ? clause.gravity : undefined) ?? 3
  const superior = view.relations.superior(debtor)?.id ?? null
  const rungs = state.ladder.filter((rung) => rung.to !== debtor)
  const supervisor = rungs[0]?.to ?? superior ?? creditor
  const from = event.recordedAt > event.occurredAt ? event.recordedAt : event.occurredAt
  // What has been done meanwhile, or is told to the finding by the next event, needs no urging.
  const missed = missedAt(event)
  const ladder = isOpen(state) ? ladderOf({ gravity, missedAt: missed, from, subject: debtor, supervisor, rungs, superior }) : []
  return {
    type: 'finding.raise',
    obligationId,
    incidentId,
    jurisdiction,
    subject: debtor,
    creditor,
    supervisor,
    kind,
    gravity,
    basis,
    actWords,
    missedAt: missed,
    ladder: [...ladder],
  }
}

/** The instant of the deadline, where the event names it; else when it happened. */
function missedAt(event: Recorded): string {
  const { dueAt, answerBy } = event.data as { readonly dueAt?: unknown; readonly answerBy?: unknown }
  return typeof dueAt === 'string' ? dueAt : typeof answerBy === 'string' ? answerBy : event.occurredAt
}
