import type { Recorded } from '../event.ts'
import type { CarryEvent } from '../carry.ts'
import type { CheckResult, RiskEvent } from '../risk.ts'
import type { LinkageView, Reaction } from './view.ts'

export const OF_RISK = ['risk.checked', 'risk.registered', 'carry.carried-into-risk'] as const

const NOTE_MAX = 4000

const RESULTS: Readonly<Record<CheckResult, string>> = {
  safe: '平安',
  moving: '正在转移',
  'needs-help': '需要救援',
  unreachable: '联系不上',
}

/**
 * What the register means to the other rooms: a site asked after by name is a fact of the incident, and discharges the duty to
 * ask after it where somebody answered; an item registered because of an incident settles what it came from; and what is
 * carried over into an item stands in the item's own history.
 */
export function ofRisk(event: Recorded, view: LinkageView): readonly Reaction[] {
  const id = event.stream.slice(event.stream.indexOf('/') + 1)
  const common = { basis: null, occurredAt: event.occurredAt }
  if (event.type === 'risk.checked') {
    const said = event.data as Omit<Extract<RiskEvent, { type: 'risk.checked' }>, 'type'>
    const organization = event.actor.startsWith('post/') ? (event.actor.split('/')[2] ?? null) : null
    const people = said.people === null ? '' : `，在场 ${said.people} 人`
    return [
      {
        ...common,
        room: 'incident',
        id: said.incidentId,
        commandId: view.idFrom(`risk-checked|${id}|${event.position}`),
        command: {
          type: 'incident.note',
          kind: 'special-site-checked',
          text: `${said.name['zh-CN']}：${RESULTS[said.result]}${people}。${said.text}`.slice(0, NOTE_MAX),
          organization,
          subject: id,
          complete: said.result !== 'unreachable',
          sources: said.sources,
          data: { result: said.result, people: said.people },
        },
      },
    ]
  }
  if (event.type === 'risk.registered') {
    const { from, name } = event.data as Pick<Extract<RiskEvent, { type: 'risk.registered' }>, 'from' | 'name'>
    if (from === undefined) return []
    const command = { type: 'carry.into-risk', riskId: id, text: `新登记：${name['zh-CN']}` } as const
    return [{ ...common, room: 'carry', id: from, commandId: view.idFrom(`carry-into|${from}|${event.position}`), command }]
  }
  if (event.type !== 'carry.carried-into-risk') return []
  const { riskId, text, of: source } = event.data as Omit<Extract<CarryEvent, { type: 'carry.carried-into-risk' }>, 'type'>
  const command = { type: 'risk.carry', from: id, incidentId: source.incidentId, text } as const
  return [{ ...common, room: 'risk', id: riskId, commandId: view.idFrom(`risk-carry|${id}|${event.position}`), command }]
}
