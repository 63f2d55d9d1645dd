/** What the tests of consultations begin with. */
import type { ConsultationEvent, Forecast } from '../consultation.ts'
import type { Circumstances } from '../given.ts'

export const AT = '2026-07-01T00:00:00.000Z'
export const START = '2026-07-01T02:00:00.000Z'
export const [EMB, MET, WATER, POLICE, CHARITY] = [1, 2, 3, 4, 5].map((n) => `00000000-0000-7000-8000-00000000000${n}`) as [
  string,
  string,
  string,
  string,
  string,
]
export const asked = (organization: string) => ({ organization, asked: '说明未来24小时降雨', function: null })
export const as = (organizationId: string, more: Circumstances = {}): Circumstances => ({
  at: START,
  ...more,
  actor: { kind: 'post', postId: 'duty', organizationId },
})

export const convene = {
  type: 'consultation.convene',
  title: '暴雨橙色预警会商',
  hazard: 'rainstorm',
  jurisdiction: '120116',
  colour: 'orange',
  incidentId: null,
  alertId: null,
  at: START,
  onset: null,
  how: 'video',
  participants: [asked(MET), asked(WATER), asked(POLICE)],
  questions: ['是否发布橙色预警'],
  basis: null,
} as const
const { type: _, ...said } = convene
export const convened: ConsultationEvent = {
  type: 'consultation.convened',
  ...said,
  participants: [...said.participants],
  questions: [...said.questions],
  convener: EMB,
}
export const attended = (organization: string): ConsultationEvent => ({ type: 'consultation.attended', organization, who: null })

export const view = (
  view: 'issue' | 'raise' | 'hold' | 'lower' | 'lift' | 'none',
  colour: 'red' | 'orange' | 'yellow' | 'blue' | null = null,
) => ({ type: 'consultation.state-view', view, colour, level: null, confidence: 'medium', text: '依据雷达回波' }) as const
export const stated = (organization: string, ...of: Parameters<typeof view>): ConsultationEvent => ({
  ...view(...of),
  type: 'consultation.view-stated',
  organization,
  byConvener: organization === EMB,
})

export const forecast = {
  type: 'consultation.attach-forecast',
  validFrom: '2026-07-01T06:00:00.000Z',
  validUntil: '2026-07-02T06:00:00.000Z',
  divisions: ['120116'],
  source: '天津市气象台',
  scenarios: [
    {
      name: '主要情景',
      likelihood: 'likely',
      probability: { low: 60, high: 80 },
      text: '12小时降雨量100至150毫米',
      quantities: [{ what: '12小时降雨量', low: 100, high: 150, unit: 'mm' }],
    },
    { name: '不利情景', likelihood: 'possible', probability: { low: 10, high: 20 }, text: '超过200毫米', quantities: [] },
  ],
} as const
export const forecastOf = (organization: string): Forecast => {
  const { type: __, ...rest } = forecast
  return {
    ...rest,
    divisions: [...rest.divisions],
    scenarios: rest.scenarios.map((one) => ({ ...one, quantities: [...one.quantities] })),
    organization,
  }
}

export const item = (debtor: string, dueAt = '2026-07-01T08:00:00.000Z') => ({
  debtor,
  act: 'decided-act',
  actWords: { 'zh-CN': '预置排涝泵车', en: 'Place the pumps' },
  function: 'water',
  dueAt,
  objectiveId: null,
})
export const conclude = {
  type: 'consultation.conclude',
  minutes: '气象通报降雨过程，水务通报泵站状态。',
  outcome: 'issue',
  colour: 'orange',
  level: null,
  reason: '12小时降雨可能超过100毫米',
  present: [MET, WATER],
  decisions: [],
} as const
