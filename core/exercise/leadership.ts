/** What a replay says of command: who had to lead and who did, who was told when, and which levels stood side by side. */
import type { Relations } from '../directory/relations.ts'
import type { Recorded, Words } from '../event.ts'
import type { Level } from '../level.ts'
import { divisionLevel, divisionPath, type DivisionLevel } from '../place.ts'

export type OughtToLead = {
  /** Null: no government of that level takes part in the record. */
  readonly organization: string | null
  /** The territory whose government is meant. */
  readonly jurisdiction: string
  readonly from: string
  readonly basis: Words
  /** False: the practice of plans, not the words of the law. */
  readonly confirmed: boolean
}
export type Told = {
  readonly organization: string
  readonly at: string
  readonly by: string | null
  readonly kind: string
  readonly text: string
}
export type ResponseSet = {
  readonly organization: string | null
  readonly level: Level
  readonly scope: string | null
  readonly scale: string | null
  readonly at: string
  readonly text: string
}

const PLACE: Words = {
  'zh-CN': '突发事件应对法第十七条第一款：发生地县级人民政府立即采取措施，组织开展应急救援和处置工作',
  en: 'Emergency Response Law art. 17 para. 1: the county government of the place acts at once and organizes rescue and response',
}
const ABROAD: Words = {
  'zh-CN': '当地法律（不在所用依据之内）：事发地政府',
  en: 'the law of the place, which is not among the instruments used: the government of the place',
}
const SUPERIOR: Words = {
  'zh-CN': '突发事件应对法第十七条第三款：下级不能有效控制的，上级人民政府统一领导；上级已启动响应',
  en: 'Emergency Response Law art. 17 para. 3: what the lower level cannot control the superior government leads; it has set a response',
}
const GRADED: Readonly<Record<Level, readonly [DivisionLevel, Words]>> = {
  1: [
    'province',
    {
      'zh-CN': '分级负责（预案通例）：特别重大突发事件由省级以上负责',
      en: 'graded leadership (as plans have it): extraordinarily major, the province or above',
    },
  ],
  2: [
    'province',
    { 'zh-CN': '分级负责（预案通例）：重大突发事件由省级负责', en: 'graded leadership (as plans have it): major, the province' },
  ],
  3: [
    'prefecture',
    { 'zh-CN': '分级负责（预案通例）：较大突发事件由设区的市级负责', en: 'graded leadership (as plans have it): larger, the prefecture' },
  ],
  4: [
    'county',
    { 'zh-CN': '分级负责（预案通例）：一般突发事件由县级负责', en: 'graded leadership (as plans have it): general, the county' },
  ],
}
const DEPTH: readonly DivisionLevel[] = ['county', 'prefecture', 'province', 'nation']

type Place = { readonly jurisdiction: string; readonly law: boolean }

/**
 * Who ought to have led, from the report on: the government of the place; then, upward only, the government of the level
 * that the grade calls for, and whichever superior government has set a response. `events` are those of the incident.
 */
export function oughtToLead(events: readonly Recorded[], { jurisdiction, law }: Place, relations: Relations): readonly OughtToLead[] {
  const found: OughtToLead[] = []
  let height = -1
  const rise = (level: DivisionLevel, from: string, basis: Words, confirmed: boolean, named?: string): void => {
    if (DEPTH.indexOf(level) <= height) return
    height = DEPTH.indexOf(level)
    const code = divisionPath(jurisdiction).find((one) => divisionLevel(one) === level) ?? jurisdiction
    found.push({ organization: named ?? governmentOf(code, relations), jurisdiction: code, from, basis, confirmed })
  }
  for (const event of events) {
    const data = event.data as { readonly severity?: Level | null; readonly organization?: string | null }
    if (event.type === 'incident.reported' && law) rise(divisionLevel(jurisdiction), event.occurredAt, PLACE, true)
    if (event.type === 'incident.reported' && !law)
      found.push({
        organization: localGovernment(event, relations),
        jurisdiction,
        from: event.occurredAt,
        basis: ABROAD,
        confirmed: false,
      })
    if (!law) continue
    if (event.type === 'incident.declared' && data.severity !== null && data.severity !== undefined) {
      const [level, words] = GRADED[data.severity]
      rise(level, event.occurredAt, words, false)
    }
    const setter = typeof data.organization === 'string' ? relations.find(data.organization) : null
    if (event.type === 'incident.response-set' && setter?.functions.includes('government') === true && setter.jurisdiction !== null)
      rise(divisionLevel(setter.jurisdiction), event.occurredAt, SUPERIOR, true, setter.id)
  }
  return found
}

/** Abroad no division code says whose place it is: the government that the record lets report it. */
export function localGovernment(reported: Recorded, relations: Relations): string | null {
  const { reportedBy } = reported.data as { readonly reportedBy?: string | null }
  const found = typeof reportedBy === 'string' ? relations.find(reportedBy) : null
  return found?.functions.includes('government') === true ? found.id : null
}

function governmentOf(code: string, relations: Relations): string | null {
  const [holder] = relations.holders('government', code)
  return holder?.jurisdiction === code ? holder.id : null
}

const TOLD_MAX = 2000

/** When each organization first heard of it: it reported, was addressed, or acted. The earliest first. */
export function whoWasTold(events: readonly Recorded[]): readonly Told[] {
  const first = new Map<string, Told>()
  const hear = (organization: string, told: Omit<Told, 'organization'>): void => {
    const known = first.get(organization)
    if (known === undefined || told.at < known.at) first.set(organization, { organization, ...told })
  }
  for (const event of events) {
    const data = event.data as Readonly<Record<string, unknown>>
    const one = (key: string): string | null => (typeof data[key] === 'string' ? data[key] : null)
    const by = one('organization') ?? one('from') ?? one('reportedBy')
    const told = {
      at: event.occurredAt,
      kind: one('kind') ?? event.type.split('.')[1] ?? event.type,
      text: (one('text') ?? one('summary') ?? '').slice(0, 400),
    }
    if (by !== null) hear(by, { ...told, by: null })
    const heard = [...(Array.isArray(data.target) ? data.target : []), one('to')].filter((id) => typeof id === 'string')
    for (const id of heard) if (id !== by) hear(id, { ...told, by })
  }
  return [...first.values()].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(0, TOLD_MAX)
}

/** Every level that anybody set, in the order in which it was set: several agencies may hold several at once. */
export const responsesSet = (events: readonly Recorded[]): readonly ResponseSet[] =>
  events.flatMap((event) => {
    if (event.type !== 'incident.response-set') return []
    const { organization, level, scope, scale, text } = event.data as Omit<ResponseSet, 'at' | 'scale'> & { readonly scale?: string }
    return [{ organization, level, scope, scale: scale ?? null, at: event.occurredAt, text }]
  })
