import type { Asked, ConsultationEvent } from '../consultation.ts'
import type { Recorded, Words } from '../event.ts'
import { binds } from '../instrument.ts'
import { opening, triggerOf } from './opening.ts'
import type { Basis, LinkageView, Reaction } from './view.ts'

type Invited = Extract<ConsultationEvent, { type: 'consultation.invited' }>
export type Asking = Omit<Invited, 'type'>

/** What is asked, whatever it is called. */
export const JOIN = 'join-consultation'
/** Where nobody said which of its functions an organization is asked as. */
const USUAL = 'coordination'

/**
 * A request to come or to send a view, due when it starts; silence until then is heard by supervision. One called for now,
 * or taken down afterwards, is due at no time: nobody is late for what had begun before he was asked.
 */
export function ask(id: string, one: Asked, about: Asking, event: Recorded, view: LinkageView): Reaction {
  const { title, at, jurisdiction, incidentId, convener } = about
  const basis = restsOn(about.basis, view)
  const ahead = at > event.occurredAt && at > event.recordedAt
  return opening(
    id,
    {
      type: 'obligation.ask',
      incidentId,
      jurisdiction,
      debtor: one.organization,
      creditor: convener,
      function: one.function ?? USUAL,
      act: JOIN,
      actWords: wordsOf(title, one.asked),
      subject: event.stream.slice('consultation/'.length),
      basis,
      dueAt: ahead ? at : null,
      limitConfirmed: true, // who asks sets the time himself
      trigger: triggerOf(event),
      ladder: [],
      origin: 'request',
      by: convener,
      ...(ahead ? { answerBy: at } : {}),
    },
    event,
    view,
  )
}

/** What demands that a consultation be held is met by its conclusion, and not by each of those who were asked to it. */
function restsOn(basis: Basis | null, { clause }: LinkageView): Basis | null {
  const found = basis === null ? null : clause(basis)
  const holding = found !== null && binds(found) && found.evidence.some((one) => one.kinds?.includes('consultation') === true)
  return holding ? null : basis
}

const wordsOf = (title: string, asked: string): Words => ({
  'zh-CN': `参加会商或者提交书面意见：${title}（${asked}）`,
  en: `Join the consultation or send a view: ${title} (${asked})`,
})
