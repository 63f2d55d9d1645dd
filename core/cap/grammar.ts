/**
 * The elements of CAP 1.0, 1.1 and 1.2 as data: which stand where, in which order, how often, with which values (CAP 1.2,
 * chapter 3; CAP 1.1 and 1.0, chapter 3 of each). The schema that documents are held against and the order in which they are
 * written both come from here.
 */
import { CapCategory, CapCertainty, CapMsgType, CapResponseType, CapScope, CapSeverity, CapStatus, CapUrgency } from '../cap.ts'

export type CapVersion = '1.0' | '1.1' | '1.2'

export const CAP_NAMESPACES: Readonly<Record<CapVersion, string>> = {
  '1.0': 'http://www.incident.com/cap/1.0',
  '1.1': 'urn:oasis:names:tc:emergency:cap:1.1',
  '1.2': 'urn:oasis:names:tc:emergency:cap:1.2',
}
export const SIGNATURE_NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#'

export const capVersionOf = (namespace: string): CapVersion | null =>
  (Object.keys(CAP_NAMESPACES) as CapVersion[]).find((version) => CAP_NAMESPACES[version] === namespace) ?? null

type Simple = 'string' | 'dateTime' | 'language' | 'anyURI' | 'integer' | 'decimal' | 'strings'
/** `offsetTime`: a dateTime with seconds and a numeric offset, which 1.2 alone demands of the schema. */
export type Content = Simple | 'offsetTime' | readonly string[] | readonly Member[]
export type Member = {
  readonly name: string
  readonly least: 0 | 1
  readonly most: 1 | 'many'
  readonly content: Content
  readonly default?: string
}

const one = (name: string, content: Content = 'string'): Member => ({ name, least: 1, most: 1, content })
const may = (name: string, content: Content = 'string'): Member => ({ name, least: 0, most: 1, content })
const any = (name: string, content: Content = 'string'): Member => ({ name, least: 0, most: 'many', content })
const some = (name: string, content: Content): Member => ({ name, least: 1, most: 'many', content })

const without = (values: readonly string[], ...left: readonly string[]): readonly string[] =>
  values.filter((value) => !left.includes(value))
const PAIR: readonly Member[] = [one('valueName'), one('value')]

/** The members of `alert`, in order. */
export function alertMembers(version: CapVersion): readonly Member[] {
  const [first, last] = [version === '1.0', version === '1.2']
  const time: Content = last ? 'offsetTime' : 'dateTime'
  return [
    one('identifier'),
    one('sender'),
    one('sent', time),
    one('status', first ? without(CapStatus.options, 'Draft') : CapStatus.options),
    one('msgType', CapMsgType.options),
    ...(first ? [may('password')] : []),
    may('source'),
    first ? may('scope', CapScope.options) : one('scope', CapScope.options),
    may('restriction'),
    may('addresses'),
    any('code'),
    may('note'),
    may('references', first ? 'strings' : 'string'),
    may('incidents', first ? 'strings' : 'string'),
    any('info', infoMembers(version, time)),
  ]
}

function infoMembers(version: CapVersion, time: Content): readonly Member[] {
  const [first, last] = [version === '1.0', version === '1.2']
  const pair: Content = first ? 'string' : PAIR
  const categories = first ? without(CapCategory.options, 'CBRNE') : CapCategory.options
  const responses = last ? CapResponseType.options : without(CapResponseType.options, 'Avoid', 'AllClear')
  return [
    { ...may('language', 'language'), default: 'en-US' },
    first ? any('category', categories) : some('category', categories),
    one('event'),
    ...(first ? [] : [any('responseType', responses)]),
    one('urgency', CapUrgency.options),
    one('severity', CapSeverity.options),
    one('certainty', first ? ['Very Likely', ...without(CapCertainty.options, 'Observed')] : CapCertainty.options),
    may('audience'),
    any('eventCode', pair),
    may('effective', time),
    may('onset', time),
    may('expires', time),
    may('senderName'),
    may('headline'),
    may('description'),
    may('instruction'),
    may('web', 'anyURI'),
    may('contact'),
    any('parameter', pair),
    any('resource', resourceMembers(version)),
    any('area', areaMembers(version)),
  ]
}

function resourceMembers(version: CapVersion): readonly Member[] {
  return [
    one('resourceDesc'),
    version === '1.2' ? one('mimeType') : may('mimeType'),
    may('size', 'integer'),
    may('uri', 'anyURI'),
    ...(version === '1.0' ? [] : [may('derefUri')]),
    may('digest'),
  ]
}

function areaMembers(version: CapVersion): readonly Member[] {
  const [shape, height]: readonly [Content, Content] = [version === '1.0' ? 'strings' : 'string', version === '1.2' ? 'decimal' : 'string']
  return [
    one('areaDesc'),
    any('polygon', shape),
    any('circle', shape),
    any('geocode', version === '1.0' ? 'string' : PAIR),
    may('altitude', height),
    may('ceiling', height),
  ]
}
