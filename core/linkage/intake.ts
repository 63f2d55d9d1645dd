import type { Recorded } from '../event.ts'
import type { IntakeEvent } from '../intake.ts'
import type { Obligation, ObligationCommand } from '../obligation.ts'
import { opening, triggerOf } from './opening.ts'
import type { LinkageView, Reaction } from './view.ts'

/** The act of the duty that a forwarded report lays on its receiver; `subject` is then the report's id. */
const HANDLE_REPORT = 'handle-report'

/** What a report that is passed on, and the duty to handle it, wait for of each other. */
export const OF_INTAKE: readonly string[] = [
  'intake.forwarded',
  'intake.closed',
  'intake.marked-unfounded',
  'obligation.accepted',
  'obligation.declined',
  'obligation.discharged',
  'obligation.waived',
  'obligation.released',
]

type Said<T extends IntakeEvent['type']> = Extract<IntakeEvent, { readonly type: T }>

/** A forwarded report is owed to be handled; what its receiver says to that duty is heard by the report, and the other way round. */
export function passedOn(event: Recorded, view: LinkageView): readonly Reaction[] {
  switch (event.type) {
    case 'intake.forwarded':
      return [laidOn(event, view)]
    case 'intake.closed': {
      const { discharges, text } = event.data as Said<'intake.closed'>
      return discharges.map((id) => tell(id, { type: 'obligation.discharge', evidence: text }, event, view))
    }
    case 'intake.marked-unfounded': {
      const { discharges, releases, reason } = event.data as Said<'intake.marked-unfounded'>
      return [
        ...discharges.map((id) => tell(id, { type: 'obligation.discharge', evidence: reason }, event, view)),
        ...releases.map((id) => tell(id, { type: 'obligation.release', reason: 'report-unfounded' }, event, view)),
      ]
    }
    default:
      return event.type.startsWith('obligation.') ? heard(event, view) : []
  }
}

/**
 * Emergency Response Law art. 60: what is not within one's duties is passed at once to whom it concerns, to be verified and
 * handled. Where a clause in force says so it is owed by that clause; else it is asked for.
 */
function laidOn(event: Recorded, view: LinkageView): Reaction {
  const { from, to, obligationId, basis, answerBy, number, jurisdiction, incidentId, reason } = event.data as Said<'intake.forwarded'>
  const holds = view.relations.find(to)?.functions[0]
  const clause = basis === null ? null : view.clause(basis)
  return opening(
    obligationId,
    {
      type: basis === null ? 'obligation.ask' : 'obligation.owe',
      incidentId,
      jurisdiction,
      debtor: to,
      creditor: from,
      function: holds ?? 'emergency-management',
      act: HANDLE_REPORT,
      actWords: {
        'zh-CN': `核实并处理转来的来报${number}：${reason}`,
        en: `Verify and handle report ${number}, passed on: ${reason}`,
      },
      subject: event.stream.slice('intake/'.length),
      basis,
      dueAt: null,
      limitConfirmed: clause !== null && 'limit' in clause ? clause.limit.confirmed : true,
      trigger: triggerOf(event),
      ladder: [],
      origin: basis === null ? 'request' : 'clause',
      by: from,
      ...(answerBy === null ? {} : { answerBy }),
    },
    event,
    view,
  )
}

const tell = (id: string, command: ObligationCommand, event: Recorded, view: LinkageView): Reaction => ({
  room: 'obligation',
  id,
  commandId: view.idFrom(`${command.type}|${id}|${event.position}`),
  command,
  basis: null,
  occurredAt: event.occurredAt,
})

const ANSWERS = {
  'obligation.accepted': 'accepted',
  'obligation.declined': 'declined',
  'obligation.discharged': 'discharged',
  'obligation.waived': 'ended',
  'obligation.released': 'ended',
} as const

function heard(event: Recorded, view: LinkageView): readonly Reaction[] {
  const id = event.stream.slice('obligation/'.length)
  const answer = ANSWERS[event.type as keyof typeof ANSWERS]
  const state: Obligation | null = view.obligations.get(id) ?? null
  if (answer === undefined || state?.act !== HANDLE_REPORT || state.subject === undefined) return []
  const { reason, evidence, note } = event.data as { readonly reason?: string; readonly evidence?: string; readonly note?: string | null }
  return [
    {
      room: 'intake',
      id: state.subject,
      commandId: view.idFrom(`intake|${id}|${event.position}`),
      command: { type: 'intake.hear', obligationId: id, answer, reason: reason ?? evidence ?? note ?? null },
      basis: null,
      occurredAt: event.occurredAt,
    },
  ]
}
