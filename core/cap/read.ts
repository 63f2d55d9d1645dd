/** From the tree of a document to our model, saying what is slightly wrong on the way. Nothing is guessed: what cannot be read is absent and found. */
import {
  CAP_BOUNDS,
  CapCategory,
  CapCertainty,
  CapMsgType,
  CapResponseType,
  CapScope,
  CapSeverity,
  CapStatus,
  CapUrgency,
  DEFAULT_LANGUAGE,
  type Alert,
  type Area,
  type CapFinding,
  type CapResource,
  type Info,
  type NameValue,
} from '../cap.ts'
import { isBlank, isElement, textOf, trimmed, type XmlElement } from '../xml.ts'
import type { CapFindingCode } from './codes.ts'
import { checkAlert, checkTime, type Identity } from './check.ts'
import type { CapVersion } from './grammar.ts'
import { circleOf, polygonOf } from './shape.ts'
import { identityOf, tokensOf } from './token.ts'

export type CapReading = {
  /** Null when it says no status, type or scope that CAP knows: such a message cannot be acted on, by anyone. */
  readonly alert: Alert | null
  /** Who sent what when and what it refers to, as far as it can be read; chains are made of these. */
  readonly identity: Identity
  readonly findings: readonly CapFinding[]
}

type Note = (code: CapFindingCode, at: string, params?: CapFinding['params'], severity?: CapFinding['severity']) => void
type Sheet = ReadonlyMap<string, readonly XmlElement[]>

/** The members of an element by name, those in its own namespace only. */
function sheetOf(element: XmlElement): Sheet {
  const sheet = new Map<string, XmlElement[]>()
  for (const child of element.children) {
    if (!isElement(child) || child.namespace !== element.namespace) continue
    const before = sheet.get(child.name)
    if (before === undefined) sheet.set(child.name, [child])
    else before.push(child)
  }
  return sheet
}

const NOTHING: readonly XmlElement[] = []
const all = (sheet: Sheet, name: string): readonly XmlElement[] => sheet.get(name) ?? NOTHING
/** Text as sent; undefined when absent or empty. */
function raw(sheet: Sheet, name: string): string | undefined {
  const found = sheet.get(name)?.[0]
  if (found === undefined) return undefined
  const said = textOf(found)
  return isBlank(said) ? undefined : said
}
function word(sheet: Sheet, name: string): string | undefined {
  const said = raw(sheet, name)
  return said === undefined ? undefined : trimmed(said)
}
const texts = (sheet: Sheet, name: string): readonly string[] =>
  all(sheet, name)
    .map(textOf)
    .filter((said) => !isBlank(said))

/** The fields that are there. */
function present<T extends Readonly<Record<string, unknown>>>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept: Record<string, unknown> = {}
  for (const name in fields) if (fields[name] !== undefined) kept[name] = fields[name]
  return kept as { [K in keyof T]: Exclude<T[K], undefined> }
}

/** Reads an `alert` element of any version. `namespace` of the element decides nothing: what has none is read as 1.2 and found so. */
export function readAlert(element: XmlElement, version: CapVersion | null): CapReading {
  const findings: CapFinding[] = []
  const note: Note = (code, at, params = {}, severity = 'error') => {
    if (findings.length < CAP_BOUNDS.list) findings.push({ code, severity, at, params })
  }
  if (version === null) note('cap.namespace-unknown', '', { namespace: element.namespace.slice(0, 200) })
  const sheet = sheetOf(element)
  const identity = identityOf({
    identifier: word(sheet, 'identifier') ?? '',
    sender: word(sheet, 'sender') ?? '',
    sent: word(sheet, 'sent') ?? '',
    msgType: word(sheet, 'msgType') ?? '',
    references: raw(sheet, 'references') ?? '',
  })
  if (all(sheet, 'references').length > 0 && raw(sheet, 'references') === undefined) note('cap.references-empty-element', '', {}, 'warning')
  const infos = bounded(all(sheet, 'info'), CAP_BOUNDS.infos, 'info', note).map((one, i) => readInfo(one, `info[${i + 1}]`, note))
  const status = option(CapStatus.options, word(sheet, 'status'))
  const msgType = option(CapMsgType.options, identity.msgType)
  const scope = option(CapScope.options, word(sheet, 'scope') ?? (version === '1.0' ? 'Public' : undefined))
  if (status === undefined) note('cap.status-unknown', '')
  if (msgType === undefined) note('cap.msg-type-unknown', '')
  if (scope === undefined) note('cap.scope-unknown', '')
  const rest = {
    ...present({ source: raw(sheet, 'source'), restriction: raw(sheet, 'restriction'), note: raw(sheet, 'note') }),
    addresses: tokensOf(raw(sheet, 'addresses') ?? ''),
    codes: texts(sheet, 'code'),
    references: identity.references,
    incidents: tokensOf(raw(sheet, 'incidents') ?? ''),
    infos,
  }
  const { identifier, sender, sent } = identity
  const alert = status && msgType && scope ? { identifier, sender, sent, status, msgType, scope, ...rest } : null
  for (const one of checkAlert({ ...rest, identity, scope, areasChecked: true })) note(one.code, one.at, one.params, one.severity)
  return { alert, identity, findings }
}

function bounded(elements: readonly XmlElement[], most: number, name: string, note: Note): readonly XmlElement[] {
  if (elements.length > most) note('cap.too-many', name, { most, given: elements.length })
  return elements.slice(0, most)
}

const option = <T extends string>(options: readonly T[], said: string | undefined): T | undefined => options.find((one) => one === said)

/** One of a list that has Unknown for what is not said; CAP 1.0 says Very Likely where the later ones say Likely. */
function graded<T extends string>(options: readonly T[], said: string | undefined, unknown: T, at: string, note: Note): T {
  const found = option(options, said === 'Very Likely' ? 'Likely' : said)
  if (found === undefined) note('cap.value-unknown', at, { value: (said ?? '').slice(0, 60) })
  return found ?? unknown
}

function listed<T extends string>(options: readonly T[], said: readonly string[], at: string, note: Note): readonly T[] {
  const found: T[] = []
  for (const one of said) {
    const value = option(options, trimmed(one))
    if (value === undefined) note('cap.value-unknown', at, { value: trimmed(one).slice(0, 60) })
    else found.push(value)
  }
  return found
}

function readInfo(element: XmlElement, at: string, note: Note): Info {
  const sheet = sheetOf(element)
  const [effective, onset, expires] = [word(sheet, 'effective'), word(sheet, 'onset'), word(sheet, 'expires')]
  for (const [name, time] of [
    ['effective', effective],
    ['onset', onset],
    ['expires', expires],
  ] as const) {
    const problem = time === undefined ? null : checkTime(name, time)
    if (problem !== null) note(problem, at, {}, problem.endsWith('-z-suffix') ? 'warning' : 'error')
  }
  return {
    language: word(sheet, 'language') ?? DEFAULT_LANGUAGE,
    categories: listed(CapCategory.options, texts(sheet, 'category'), `${at}.category`, note),
    event: raw(sheet, 'event') ?? '',
    responseTypes: listed(CapResponseType.options, texts(sheet, 'responseType'), `${at}.responseType`, note),
    urgency: graded(CapUrgency.options, word(sheet, 'urgency'), 'Unknown', `${at}.urgency`, note),
    severity: graded(CapSeverity.options, word(sheet, 'severity'), 'Unknown', `${at}.severity`, note),
    certainty: graded(CapCertainty.options, word(sheet, 'certainty'), 'Unknown', `${at}.certainty`, note),
    eventCodes: pairs(all(sheet, 'eventCode')),
    parameters: pairs(all(sheet, 'parameter')),
    resources: all(sheet, 'resource')
      .slice(0, CAP_BOUNDS.list)
      .map((one, i) => readResource(one, `${at}.resource[${i + 1}]`, note)),
    areas: bounded(all(sheet, 'area'), CAP_BOUNDS.areas, `${at}.area`, note).map((one, i) => readArea(one, `${at}.area[${i + 1}]`, note)),
    ...present({
      audience: raw(sheet, 'audience'),
      effective,
      onset,
      expires,
      senderName: raw(sheet, 'senderName'),
      headline: raw(sheet, 'headline'),
      description: raw(sheet, 'description'),
      instruction: raw(sheet, 'instruction'),
      web: word(sheet, 'web'),
      contact: raw(sheet, 'contact'),
    }),
  }
}

/** `valueName` and `value`; in CAP 1.0 one text `name=value`. A pair that says nothing is absent. */
function pairs(elements: readonly XmlElement[]): readonly NameValue[] {
  const found: NameValue[] = []
  for (const element of elements.slice(0, CAP_BOUNDS.list)) {
    let [valueName, value, bare] = ['', '', true]
    for (const child of element.children) {
      if (!isElement(child) || child.namespace !== element.namespace) continue
      bare = false
      if (child.name === 'valueName') valueName = filled(child)
      else if (child.name === 'value') value = filled(child)
    }
    const old = bare ? /^([^=]*)=([\s\S]*)$/.exec(textOf(element)) : null
    if (old !== null) found.push({ valueName: trimmed(old[1] ?? ''), value: trimmed(old[2] ?? '') })
    else if (valueName !== '' || value !== '') found.push({ valueName, value })
  }
  return found
}

function filled(element: XmlElement): string {
  const said = textOf(element)
  return isBlank(said) ? '' : said
}

function readResource(element: XmlElement, at: string, note: Note): CapResource {
  const sheet = sheetOf(element)
  const size = word(sheet, 'size')
  const isSize = size !== undefined && /^[-+]?\d{1,15}$/.test(size)
  if (size !== undefined && !isSize) note('cap.value-unknown', `${at}.size`, { value: size.slice(0, 60) })
  return {
    resourceDesc: raw(sheet, 'resourceDesc') ?? '',
    ...present({
      mimeType: raw(sheet, 'mimeType'),
      size: isSize ? Number(size) + 0 : undefined,
      uri: word(sheet, 'uri'),
      derefUri: raw(sheet, 'derefUri'),
      digest: raw(sheet, 'digest'),
    }),
  }
}

function readArea(element: XmlElement, at: string, note: Note): Area {
  const sheet = sheetOf(element)
  const shapes = (name: 'polygon' | 'circle'): readonly XmlElement[] => bounded(all(sheet, name), CAP_BOUNDS.shapes, `${at}.${name}`, note)
  const polygons = shapes('polygon').flatMap((one, i) => {
    const { ring, problems } = polygonOf(textOf(one))
    for (const { code, severity } of problems) note(code, `${at}.polygon[${i + 1}]`, {}, severity)
    return ring === null ? [] : [ring]
  })
  const circles = shapes('circle').flatMap((one, i) => {
    const { circle, problem } = circleOf(textOf(one))
    if (problem !== null) note(problem, `${at}.circle[${i + 1}]`)
    return circle === null ? [] : [circle]
  })
  const height = (name: 'altitude' | 'ceiling'): string | undefined => {
    const said = word(sheet, name)
    if (said === undefined || /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(said)) return said
    note('cap.value-unknown', `${at}.${name}`, { value: said.slice(0, 60) })
    return undefined
  }
  const isBare = (name: string): boolean => all(sheet, name).every((one) => isBlank(textOf(one)))
  if (polygons.length + circles.length === 0 && ['polygon', 'circle', 'geocode'].every(isBare))
    note('cap.area-desc-only', at, {}, 'warning')
  return {
    areaDesc: raw(sheet, 'areaDesc') ?? '',
    polygons,
    circles,
    geocodes: pairs(all(sheet, 'geocode')),
    ...present({ altitude: height('altitude'), ceiling: height('ceiling') }),
  }
}
