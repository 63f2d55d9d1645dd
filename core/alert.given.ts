/** What the tests of warnings share: a rainstorm over Binhai, drawn up by a weather bureau and seen by a second post. */
import { alert, type Alert, type AlertCommand, type AlertEvent, type Made } from './alert.ts'
import type { Draft } from './alert/draft.ts'
import { factsOf } from './alert/facts.ts'
import { messageOf } from './alert/message.ts'
import { Refusal } from './decider.ts'
import { actorText, systemActor, type Actor } from './event.ts'

const id = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`
export const [BUREAU, OFFICER, HEAD, WARNING, INCIDENT] = [id(1), id(2), id(3), id(4), id(5)]
export const officer: Actor = { kind: 'post', postId: OFFICER, organizationId: BUREAU }
export const head: Actor = { kind: 'post', postId: HEAD, organizationId: BUREAU }
export const AT = '2026-07-01T06:00:00.000Z'

/** All particulars of Emergency Response Law art. 64, para. 2. */
export const draft: Draft = {
  kind: 'warning',
  status: 'Actual',
  scope: 'Public',
  hazard: 'rainstorm',
  colour: 'yellow',
  category: 'Met',
  urgency: 'Expected',
  severity: 'Moderate',
  certainty: 'Likely',
  responseTypes: ['Prepare'],
  eventCode: { valueName: 'CPEAS Event Code', value: '11B03' },
  profile: null,
  onset: '2026-07-01T08:00:00.000Z',
  expires: '2026-07-01T20:00:00.000Z',
  event: { 'zh-CN': '暴雨', en: 'Rainstorm' },
  headline: { 'zh-CN': '滨海新区气象台发布暴雨黄色预警', en: 'Yellow rainstorm warning for Binhai' },
  description: { 'zh-CN': '预计未来6小时降雨量达50毫米以上', en: 'More than 50 mm of rain in the next 6 hours' },
  precautions: { 'zh-CN': '低洼地带可能积水', en: 'Low ground may be flooded' },
  measures: { 'zh-CN': '检查排水系统，暂停户外作业', en: 'Check drains; stop work outdoors' },
  senderName: { 'zh-CN': '滨海新区气象局', en: 'Binhai Weather Bureau' },
  contact: '',
  web: '',
  areaDesc: { 'zh-CN': '滨海新区', en: 'Binhai New Area' },
  divisions: ['120116'],
  polygons: [],
  circles: [],
}

export const drawUp = (more: Partial<Draft> = {}): Extract<AlertCommand, { type: 'alert.draft' }> => ({
  type: 'alert.draft',
  draft: { ...draft, ...more },
  jurisdiction: '120116',
  replaces: more.kind === undefined || more.kind === 'warning' ? null : id(90),
  incidentId: null,
  proposalId: null,
})

export function made(from: Draft = draft, more: Partial<Made> = {}): Made {
  const message = factsOf(messageOf(from, { identifier: 'muster-1', sender: `${BUREAU}@muster.test`, sent: AT, references: [] }))
  if (message === null) throw new Error('the draft makes no message')
  return {
    message,
    sha256: 'a'.repeat(64),
    signature: 'valid-trusted',
    reach: { divisions: [{ code: '120116', share: 'whole' }], sites: [] },
    chainId: WARNING,
    incidentId: INCIDENT,
    supersedes: [],
    supersededBy: null,
    ...more,
  }
}

export type Step = { readonly command: AlertCommand; readonly actor?: Actor; readonly at?: string }
export const by = (actor: Actor, command: AlertCommand, at = AT): Step => ({ command, actor, at })
export const bySystem = (command: AlertCommand, at = AT): Step => ({ command, actor: systemActor('clock'), at })

/** One command after the other: the state at the end, and what the last one made, or why not. */
export function told(...steps: readonly Step[]): {
  readonly state: Alert | null
  readonly events: readonly AlertEvent[]
  readonly refused: string | null
} {
  let state: Alert | null = null
  let events: readonly AlertEvent[] = []
  for (const { command, actor = officer, at = AT } of steps) {
    const stamp = { at, occurredAt: at, commandId: id(99) }
    const outcome = alert.decide(state, command, { ...stamp, actor })
    if (outcome instanceof Refusal) return { state, events: [], refused: outcome.code }
    events = outcome
    for (const event of outcome) state = alert.evolve(state, event, { ...stamp, recordedAt: at, actor: actorText(actor) })
  }
  return { state, events, refused: null }
}

export const submitted = (more: Partial<Draft> = {}): readonly Step[] => [by(officer, drawUp(more)), by(officer, { type: 'alert.submit' })]
export const approve = (
  more: Partial<Extract<AlertCommand, { type: 'alert.approve' }>> = {},
): Extract<AlertCommand, { type: 'alert.approve' }> => ({
  type: 'alert.approve',
  path: 'ordinary',
  made: made(),
  ...more,
})
