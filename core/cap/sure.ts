/**
 * The ordinary alert, known for valid at a glance: most messages need no second parser. Whatever is out of the ordinary is
 * left open here, and libxml2 with the schema says what it is; what is called sure here it never refuses.
 */
import { CAP_BOUNDS, type CapFinding } from '../cap.ts'
import { isBlank, isElement, XML, XMLNS, type XmlChild, type XmlDocument, type XmlElement } from '../xml.ts'
import type { CapFindingCode } from './codes.ts'
import { alertMembers, CAP_NAMESPACES, SIGNATURE_NAMESPACE, type CapVersion, type Content, type Member } from './grammar.ts'

/** Characters that XML has (XML 1.0, 2.2); halves of pairs are thought to be whole. */
const PLAIN = /^[\t\n\r -\ufffd]*$/
const ORDINARY: Readonly<Record<Exclude<Content, readonly unknown[]>, RegExp>> = {
  string: PLAIN,
  strings: PLAIN,
  language: /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/,
  anyURI: /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._~/-]*)?(?:\?[A-Za-z0-9._~/&=-]*)?(?:#[A-Za-z0-9._~-]*)?$/,
  integer: /^[-+]?\d{1,12}$/,
  decimal: /^[-+]?\d{1,12}(?:\.\d{1,6})?$/,
  dateTime: time('(?:\\.\\d{1,6})?', '(?:Z|OFFSET)?'),
  offsetTime: time('', 'OFFSET'),
}

/** Days that every year has; the leap day is left open. */
function time(fraction: string, zone: string): RegExp {
  const day = '(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)'
  const offset = '[-+](?:0\\d|1[0-3]):[0-5]\\d'
  return new RegExp(`^[12]\\d{3}-${day}T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d${fraction}${zone.replace('OFFSET', offset)}$`)
}

/** What may stand in an element: which place each name has, and how many members must have come before a place. */
type List = { readonly members: readonly Member[]; readonly places: ReadonlyMap<string, number>; readonly owed: readonly number[] }
const lists = new Map<readonly Member[], List>()
function listOf(members: readonly Member[]): List {
  let list = lists.get(members)
  if (list === undefined) {
    const places = new Map(members.map(({ name }, at) => [name, at]))
    const owed = members.reduce((sums, { least }) => [...sums, (sums.at(-1) ?? 0) + least], [0])
    lists.set(members, (list = { members, places, owed }))
  }
  return list
}
const ALERT: Readonly<Record<CapVersion, readonly Member[]>> = {
  '1.0': alertMembers('1.0'),
  '1.1': alertMembers('1.1'),
  '1.2': alertMembers('1.2'),
}

/**
 * True: an alert of this version, well-formed and valid by its schema. False: perhaps. `document` is as `readXml` gave it, of
 * text without half characters, and `findings` what `readAlert` found in it: a polygon that it could read has no strange characters.
 */
export function surelyValid({ text, root, before, after }: XmlDocument, version: CapVersion, findings: readonly CapFinding[]): boolean {
  if (text.startsWith('<?xml') && !DECLARATION.test(text)) return false
  if (root.name !== 'alert' || ![...before, ...after].every(isOrdinaryAside)) return false
  if (findings.length === CAP_BOUNDS.list || findings.some(({ code }) => UNREAD.has(code))) return false
  return isOrdinary(root) && root.attributes.length === 0 && hasMembers(root, ALERT[version], CAP_NAMESPACES[version], version === '1.2')
}

const UNREAD: ReadonlySet<CapFindingCode> = new Set(['cap.polygon-syntax', 'cap.too-many'])
const DECLARATION =
  /^<\?xml version ?= ?(?:"1\.0"|'1\.0')(?: encoding ?= ?(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?: standalone ?= ?(?:"(?:yes|no)"|'(?:yes|no)'))? ?\?>/

/** Its children one after the other, each in its place and no more often than it may; what must be there is. */
function hasMembers(element: XmlElement, content: readonly Member[], namespace: string, signed = false): boolean {
  const { members, places, owed } = listOf(content)
  let last = -1
  for (const child of element.children) {
    if (typeof child === 'string') {
      if (!isBlank(child)) return false
    } else if (!isElement(child)) {
      if (!isOrdinaryAside(child)) return false
    } else if (signed && child.namespace === SIGNATURE_NAMESPACE) {
      // Signatures stand after all else.
      if (!isLeftAlone(child, namespace)) return false
      if (owed[last + 1] !== owed[members.length]) return false
      last = members.length
    } else {
      const at = places.get(child.name)
      const member = at === undefined ? undefined : members[at]
      if (at === undefined || member === undefined || child.namespace !== namespace) return false
      if (at < last || (at === last && member.most === 1) || (at > last && owed[at] !== owed[last + 1])) return false
      last = at
      const isPlain = child.prefix === '' && child.declared === null
      if (child.attributes.length > 0 || !(isPlain || isOrdinary(child)) || !holds(child, member.content, namespace)) return false
    }
  }
  return last === members.length || owed[last + 1] === owed[members.length]
}

function holds(element: XmlElement, content: Content, namespace: string): boolean {
  if (typeof content !== 'string') {
    const [first] = content
    if (typeof first !== 'string') return hasMembers(element, content as readonly Member[], namespace)
  }
  const only = element.children[0] ?? ''
  if (element.children.length > 1 || typeof only !== 'string') return false
  if (element.name === 'polygon')
    return PLAIN.test(only.slice(0, only.length - only.trimStart().length) + only.slice(only.trimEnd().length))
  return typeof content === 'string' ? ORDINARY[content].test(only) : (content as readonly string[]).includes(only)
}

/** What is in a signature the schema leaves alone, unless it is of CAP. */
const isLeftAlone = (element: XmlElement, namespace: string): boolean =>
  element.namespace !== namespace &&
  isOrdinary(element) &&
  element.children.every((one) =>
    typeof one === 'string' ? PLAIN.test(one) : isElement(one) ? isLeftAlone(one, namespace) : isOrdinaryAside(one),
  )

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/
const PREFIX = /^(?![Xx][Mm][Ll])[A-Za-z_][A-Za-z0-9_.-]{0,99}$/
const NAMESPACE = /^(?:https?:\/\/[A-Za-z0-9.-]+(?:\/[A-Za-z0-9_.~/-]*)?(?:#[A-Za-z0-9_.-]*)?|urn:[A-Za-z0-9_.:-]+)$/
const isNamespace = (name: string): boolean => NAMESPACE.test(name) && name !== XML && name !== XMLNS

function isOrdinary({ prefix, name, attributes, declared }: XmlElement): boolean {
  if ((prefix !== '' && !PREFIX.test(prefix)) || !NAME.test(name)) return false
  for (const [to, namespace] of declared ?? [])
    if (to === '' ? namespace !== '' && !isNamespace(namespace) : !PREFIX.test(to) || !isNamespace(namespace)) return false
  return attributes.every((one) => one.prefix === '' && NAME.test(one.name) && PLAIN.test(one.value))
}

const isOrdinaryAside = (aside: Exclude<XmlChild, string | XmlElement>): boolean =>
  PLAIN.test(aside.text) &&
  (aside.kind === 'comment' || /^(?:xml-stylesheet|(?![Xx][Mm][Ll])[A-Za-z_][A-Za-z0-9_.-]{0,99})(?:[ \t\n]|$)/.test(aside.text))
