import {
  consultation,
  consultationThing,
  latestOf,
  type Consultation,
  type ConsultationCommand,
  type Statement,
} from '#core/consultation.ts'
import type { ObligationStatus } from '#core/view.ts'
import type { ConsultationDetail, ParticipantView, ViewShown } from '#core/view/consultation.ts'
import { idFrom } from '../clock.ts'
import type { TransactionSql } from '../database.ts'
import { readLaidDown } from '../laid-down.ts'
import { readStreams } from '../log.ts'
import { actionsOf, basisView, maybe, reference, timelineEntries, type Division, type Scene } from '../present.ts'

/** Everything that was said, for whoever may read it. */
export async function detailOf(
  sql: TransactionSql,
  scene: Scene,
  id: string,
  state: Consultation,
  place: (code: string) => Division,
): Promise<ConsultationDetail> {
  const { conclusion, basis } = state
  await scene.instruments.load(basis === null ? [] : [basis])
  const [requests, obligations, record] = await Promise.all([
    requestsOf(sql, id, state),
    state.conclusion === null
      ? []
      : readLaidDown(sql, scene, { stream: `consultation/${id}`, type: 'consultation.concluded', items: state.conclusion.decisions }),
    readStreams(sql, [`consultation/${id}`]),
  ])
  const latest = latestOf(state.statements)
  const shown = (one: Statement & { readonly at: string }): ViewShown => viewOf(scene, one, latest.get(one.organization) !== one)
  const own = latest.get(state.convener)
  return {
    questions: state.questions,
    basis: basis === null ? null : basisView(scene, basis, false),
    participants: participantsOf(scene, state, requests),
    ownView: own === undefined ? null : shown(own),
    views: state.statements.map(shown),
    forecasts: state.forecasts.map(({ organization, divisions, ...said }) => ({
      ...said,
      organization: reference(scene, organization),
      divisions: divisions.map(place),
    })),
    conclusion:
      conclusion === null
        ? null
        : {
            minutes: conclusion.minutes,
            outcome: conclusion.outcome,
            colour: conclusion.colour,
            level: conclusion.level,
            reason: conclusion.reason,
            heldAt: conclusion.heldAt,
          },
    items: (conclusion?.decisions ?? []).map((item) => ({
      debtor: reference(scene, item.debtor),
      act: item.actWords,
      function: item.function,
      dueAt: item.dueAt,
    })),
    obligations,
    cancelReason: state.cancelReason,
    supplements: state.supplements.map(({ organization, ...said }) => ({ ...said, organization: maybe(scene, organization) })),
    record: await timelineEntries(sql, scene, record),
    actions: samples(state).flatMap((sample) => actionsOf(scene, consultation, state, consultationThing(state, sample), [sample])),
  }
}

const viewOf = (
  scene: Scene,
  { organization, view, colour, level, confidence, text, at }: Statement & { readonly at: string },
  replaced: boolean,
): ViewShown => ({
  organization: reference(scene, organization),
  view,
  colour,
  level,
  confidence,
  text,
  at,
  replaced,
})

type Requests = ReadonlyMap<string, { readonly id: string; readonly status: ObligationStatus }>

function participantsOf(scene: Scene, state: Consultation, requests: Requests): readonly ParticipantView[] {
  const [answers, views] = [latestOf(state.answers), latestOf(state.statements)]
  const { conclusion } = state
  return state.participants.map((one) => {
    const answer = answers.get(one.organization)
    const view = views.get(one.organization)
    return {
      organization: reference(scene, one.organization),
      asked: one.asked,
      function: one.function,
      askedAt: one.askedAt,
      answer: answer?.answer ?? null,
      reason: answer?.reason ?? null,
      who: answer?.who ?? null,
      answeredAt: answer?.at ?? null,
      present: conclusion === null ? null : conclusion.present.includes(one.organization),
      view: view === undefined ? null : viewOf(scene, view, false),
      dissents: conclusion?.dissenting.includes(one.organization) ?? false,
      silent: conclusion?.silent.includes(one.organization) ?? false,
      request: requests.get(one.organization) ?? null,
    }
  })
}

/** The requests that the linkage made: their ids follow from the consultation and who is asked. */
async function requestsOf(sql: TransactionSql, id: string, state: Consultation): Promise<Requests> {
  const ids = new Map(state.participants.map((one) => [idFrom(`consultation/${id}|${one.organization}`), one.organization]))
  const rows = await sql<{ id: string; status: ObligationStatus }[]>`select id, status from obligation where id = any(${[...ids.keys()]})`
  return new Map(rows.map((row) => [ids.get(row.id) ?? '', row]))
}

/** One of each command, tried without effect. What is asked for in the dialogs is filled in. */
function samples(state: Consultation): readonly ConsultationCommand[] {
  const [first] = state.participants
  const stranger = '00000000-0000-7000-8000-000000000000'
  return [
    { type: 'consultation.attend', who: 'x' },
    { type: 'consultation.decline', reason: 'x' },
    { type: 'consultation.state-view', view: 'hold', colour: null, level: null, confidence: 'medium', text: 'x' },
    {
      type: 'consultation.attach-forecast',
      validFrom: '2000-01-01T00:00:00.000Z',
      validUntil: '2000-01-02T00:00:00.000Z',
      divisions: [state.jurisdiction],
      source: 'x',
      scenarios: [{ name: 'x', likelihood: 'unknown', probability: null, text: 'x', quantities: [] }],
    },
    { type: 'consultation.invite', participants: [{ organization: stranger, asked: 'x', function: null }] },
    { type: 'consultation.open' },
    {
      type: 'consultation.conclude',
      minutes: 'x',
      outcome: 'none',
      colour: null,
      level: null,
      reason: 'x',
      present: first === undefined ? [] : [first.organization],
      decisions: [],
    },
    { type: 'consultation.cancel', reason: 'x' },
    { type: 'consultation.link', incidentId: state.incidentId, alertId: state.alertId },
    { type: 'consultation.supplement', text: 'x' },
  ]
}
