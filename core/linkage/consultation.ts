import type { Conclusion, ConsultationCommand, ConsultationEvent, Forecast, Outcome } from '../consultation.ts'
import type { Recorded, Words } from '../event.ts'
import type { ObligationCommand } from '../obligation.ts'
import { ask, JOIN, type Asking } from './consultation-request.ts'
import type { LinkageView, Reaction } from './view.ts'

type Happened<T extends ConsultationEvent['type']> = Extract<ConsultationEvent, { readonly type: T }>
type About = Happened<'consultation.linked'>['about']

/** What was written is read in the consultation alone: more organizations see the request than the views. */
const WROTE = '已提交书面意见 / has sent its view in writing'
const LINKAGE = 'system/linkage'
const ANSWERS: ReadonlySet<string> = new Set(['obligation.accepted', 'obligation.declined', 'obligation.discharged'])

/** What the linkage waits for here. */
export const CONSULTED = [
  'consultation.convened',
  'consultation.invited',
  'consultation.attended',
  'consultation.declined',
  'consultation.view-stated',
  'consultation.forecast-attached',
  'consultation.concluded',
  'consultation.cancelled',
  'consultation.linked',
  'consultation.supplemented',
] as const

/**
 * Whoever is asked to a consultation gets a request; what it answers answers the request, and the other way about. What is
 * concluded and forecast goes into the incident's record, where the clauses take it as trigger and evidence.
 */
export function consulted(event: Recorded, view: LinkageView): readonly Reaction[] {
  if (event.stream.startsWith('obligation/')) return answered(event, view)
  if (!event.stream.startsWith('consultation/')) return []
  const { data } = event
  switch (event.type) {
    case 'consultation.convened':
    case 'consultation.invited': {
      const asking = data as Asking
      return asking.participants.map((one) => ask(requestOf(event, one.organization, view), one, asking, event, view))
    }
    case 'consultation.attended':
    case 'consultation.view-stated':
    case 'consultation.supplemented':
      return met(event, view)
    case 'consultation.declined': {
      // What came from the request itself is not told to it again.
      if (event.actor === LINKAGE) return []
      const { organization, reason } = data as Happened<'consultation.declined'>
      return [request(organization, { type: 'obligation.decline', reason }, event, view)]
    }
    case 'consultation.forecast-attached': {
      const said = data as Happened<'consultation.forecast-attached'>
      return said.incidentId === null ? [] : [forecastNote(said.incidentId, said, said, event, view, 0)]
    }
    case 'consultation.concluded': {
      const said = data as Happened<'consultation.concluded'>
      const came = said.present.map((organization) =>
        request(organization, { type: 'obligation.discharge', evidence: said.title, eventPosition: event.position }, event, view),
      )
      return [...came, ...(said.incidentId === null ? [] : [conclusionNote(said.incidentId, said, said, event, view)])]
    }
    case 'consultation.cancelled':
      return (data as Happened<'consultation.cancelled'>).members.map((organization) =>
        request(organization, { type: 'obligation.release', reason: 'consultation-cancelled' }, event, view),
      )
    case 'consultation.linked': {
      const { incidentId, about, conclusion, forecasts } = data as Happened<'consultation.linked'>
      if (incidentId === null) return []
      const notes = forecasts.map((one, i) => forecastNote(incidentId, one, about, event, view, i))
      return conclusion === null ? notes : [...notes, conclusionNote(incidentId, conclusion, about, event, view)]
    }
    default:
      return []
  }
}

const idOf = ({ stream }: Recorded): string => stream.slice('consultation/'.length)

/** One request for each organization and consultation. */
const requestOf = (event: Recorded, organization: string, view: LinkageView): string => view.idFrom(`${event.stream}|${organization}`)

const request = (organization: string, command: ObligationCommand, event: Recorded, view: LinkageView): Reaction => {
  const id = requestOf(event, organization, view)
  return {
    room: 'obligation',
    id,
    commandId: view.idFrom(`${command.type}|${id}|${event.position}`),
    command,
    basis: event.basis,
    occurredAt: event.occurredAt,
  }
}

/** Who comes or writes has done what was asked of it; the convener was asked nothing. */
function met(event: Recorded, view: LinkageView): readonly Reaction[] {
  const { organization, byConvener, who } = event.data as {
    readonly organization: string | null
    readonly byConvener?: boolean
    readonly who?: string | null
  }
  if (organization === null || byConvener === true) return []
  const evidence = event.type === 'consultation.attended' ? `参加 / attends${typeof who === 'string' ? `：${who}` : ''}` : WROTE
  return [request(organization, { type: 'obligation.discharge', evidence, eventPosition: event.position }, event, view)]
}

/** The request was answered where it stands among what is owed, by a reply to a notice say: the consultation hears of it. */
function answered(event: Recorded, view: LinkageView): readonly Reaction[] {
  // What the linkage did itself the consultation said first.
  if (!ANSWERS.has(event.type) || event.actor === LINKAGE) return []
  const state = view.obligations.get(event.stream.slice('obligation/'.length))
  if (state?.act !== JOIN || state.subject === undefined) return []
  const { reason, evidence, note, doer } = event.data as {
    readonly reason?: string
    readonly evidence?: string
    readonly note?: string | null
    readonly doer?: { readonly words: string }
  }
  const who = evidence ?? doer?.words ?? note ?? ''
  const { debtor } = state
  const command: ConsultationCommand =
    event.type === 'obligation.declined'
      ? { type: 'consultation.decline', organization: debtor, reason: reason ?? event.type }
      : { type: 'consultation.attend', organization: debtor, ...(who.trim() === '' ? {} : { who: who.trim().slice(0, 200) }) }
  return [
    {
      room: 'consultation',
      id: state.subject,
      commandId: view.idFrom(`answered|${event.stream}|${event.position}`),
      command,
      basis: null,
      occurredAt: event.occurredAt,
    },
  ]
}

/** In the record an outcome is read in both languages. */
const OUTCOMES: Readonly<Record<Outcome, Words>> = {
  issue: { 'zh-CN': '发布预警', en: 'issue a warning' },
  raise: { 'zh-CN': '提高预警级别', en: 'raise the warning' },
  hold: { 'zh-CN': '维持现有预警', en: 'keep the warning as it is' },
  lower: { 'zh-CN': '降低预警级别', en: 'lower the warning' },
  lift: { 'zh-CN': '解除预警', en: 'lift the warning' },
  'start-response': { 'zh-CN': '启动应急响应', en: 'start the response' },
  none: { 'zh-CN': '暂不采取措施', en: 'nothing for now' },
}

const TEXT_MAX = 4000
const TARGETS_MAX = 200

/** Never with a colour: that would be a warning. */
function conclusionNote(incidentId: string, said: Conclusion, about: About, event: Recorded, view: LinkageView): Reaction {
  const { outcome, reason, present, wrote, silent, dissenting } = said
  const words = OUTCOMES[outcome]
  return note(
    incidentId,
    {
      kind: 'consultation',
      text: `${words['zh-CN']} / ${words.en}：${reason}`.slice(0, TEXT_MAX),
      organization: about.lead,
      target: [...new Set([...present, ...wrote])].slice(0, TARGETS_MAX),
      data: { consultation: idOf(event), title: about.title, outcome, silent: silent.length, dissenting: dissenting.length },
    },
    event,
    view,
    'concluded',
  )
}

function forecastNote(
  incidentId: string,
  said: Forecast,
  about: Pick<About, 'title'>,
  event: Recorded,
  view: LinkageView,
  nth: number,
): Reaction {
  const { organization, validFrom, validUntil, divisions, source, scenarios } = said
  const text = scenarios[0]?.text ?? about.title
  const data = { consultation: idOf(event), validFrom, validUntil, divisions: [...divisions], alternatives: scenarios.length - 1 }
  const sources = [source.slice(0, 200)]
  return note(incidentId, { kind: 'forecast', text, organization, sources, data }, event, view, `forecast|${nth}`)
}

type Note = Omit<Extract<Extract<Reaction, { room: 'incident' }>['command'], { type: 'incident.note' }>, 'type'>

const note = (incidentId: string, said: Note, event: Recorded, view: LinkageView, what: string): Reaction => ({
  room: 'incident',
  id: incidentId,
  commandId: view.idFrom(`note|${event.stream}|${event.version}|${what}`),
  command: { type: 'incident.note', ...said },
  basis: event.basis,
  occurredAt: event.occurredAt,
})
