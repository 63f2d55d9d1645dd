/** What the public is told about a report: plain words, no personal and no operational details. Pages and messages are written where nobody is signed in, so they stand on the server. */
import type { Relations } from '#core/directory/relations.ts'
import { statusOf, type Report } from '#core/intake.ts'
import { speaker } from '../matrix/words.ts'
import { say, type Language } from '../public/html.ts'

/** Hazards that the public form offers, in this order. */
export const OFFERED = [
  'fire',
  'explosion',
  'hazardous-chemicals',
  'traffic',
  'flood',
  'waterlogging',
  'landslide',
  'typhoon',
  'earthquake',
  'wildfire',
  'production-accident',
  'infectious-disease',
  'other',
] as const

export const hazardWords = (lang: Language, code: string): string => speaker(lang).hazard(code)

export type Told = {
  readonly tone: 'good' | 'soon' | 'soft'
  /** Where it stands, and what that means for the reporter. */
  readonly state: string
  readonly means: string
}

const HANDLED: Readonly<Record<string, readonly [string, string]>> = {
  handled: ['已处理', 'Dealt with'],
  'no-action': ['已核实，无需进一步处置', 'Checked; nothing further is needed'],
  unreachable: ['未能联系上您，也未能在现场核实', 'We could neither reach you nor confirm it on the spot'],
}

/** In what hands it is: the kind of organization, never its name or its posts. */
function kindOf(lang: Language, relations: Relations, id: string): string {
  const found = relations.find(id)
  const name = found?.functions.find((one) => one !== 'government') ?? found?.functions[0]
  return name === undefined ? say(lang, '主管单位', 'the organization in charge') : speaker(lang).function(name)
}

export function told(lang: Language, report: Report, relations: Relations, incidentNumber: string | null): Told {
  const status = statusOf(report)
  const accepted = report.forwards.findLast((one) => one.status === 'accepted')
  switch (status) {
    case 'closed': {
      const [zh, en] = HANDLED[report.outcome ?? 'handled'] ?? ['已办结', 'Closed']
      return {
        tone: 'good',
        state: say(lang, zh, en),
        means: say(lang, '如情况有变，请在下面补充，我们会重新处理。', 'If anything changes, add it below and it will be opened again.'),
      }
    }
    case 'unfounded':
      return {
        tone: 'soft',
        state: say(lang, '经核实，未发现所报情况', 'Checked; what was reported was not found'),
        means: say(lang, '如您掌握新的情况，请在下面补充。', 'If you know more, add it below.'),
      }
    case 'forwarded': {
      const kind = kindOf(lang, relations, report.forwards.findLast((one) => one.status === 'awaiting')?.to ?? '')
      return {
        tone: 'soon',
        state: say(lang, `已转交${kind}方面的单位，等待其接收`, `Passed on to an organization for ${kind}; it has yet to take it over`),
        means: say(lang, '在对方接收之前，仍由我们负责。', 'Until it does, we remain in charge.'),
      }
    }
    case 'linked':
      return {
        tone: 'good',
        state: say(
          lang,
          incidentNumber === null ? '已纳入一起突发事件的处置' : `已纳入突发事件 ${incidentNumber} 的处置`,
          incidentNumber === null
            ? 'Part of an incident that is being responded to'
            : `Part of incident ${incidentNumber}, which is being responded to`,
        ),
        means: say(lang, '您可以继续补充情况。', 'You can still add to it.'),
      }
    case 'verified':
      return {
        tone: 'good',
        state: say(lang, '已核实，正在处理', 'Confirmed; being dealt with'),
        means: inHands(lang, accepted === undefined ? null : kindOf(lang, relations, accepted.to)),
      }
    default:
      if (accepted !== undefined)
        return { tone: 'soon', state: say(lang, '正在核实', 'Being checked'), means: inHands(lang, kindOf(lang, relations, accepted.to)) }
      return report.firstHandledAt === null
        ? {
            tone: 'soon',
            state: say(lang, '已收到，等待值班员查看', 'Received; waiting for a duty officer'),
            means: say(lang, '请保持联系方式畅通。', 'Please stay reachable.'),
          }
        : {
            tone: 'soon',
            state: say(lang, '正在核实', 'Being checked'),
            means: say(lang, '请保持联系方式畅通。', 'Please stay reachable.'),
          }
  }
}

const inHands = (lang: Language, kind: string | null): string =>
  kind === null
    ? say(lang, '您可以继续补充情况。', 'You can still add to it.')
    : say(lang, `由${kind}方面的单位负责。`, `An organization for ${kind} has taken it over.`)

/** The answer to a message or a letter. */
export const receivedWords = (lang: Language, shown: string, link: string, call: string): string =>
  say(
    lang,
    `已收到您的来报。查询编号 ${shown}，可在 ${link} 查看进展。有人遇险请拨打 ${call}。`,
    `Your report has been received. Follow it with code ${shown} at ${link}. If anybody is in danger, call ${call}.`,
  )
