/**
 * Canonical XML 1.0 and 1.1, inclusive and exclusive (W3C REC-xml-c14n-20010315, REC-xml-c14n11-20080502,
 * REC-xml-exc-c14n-20020718), of a whole document without some elements, or of one element. Documents have no document type
 * here, so nothing has to be expanded or defaulted.
 */
import { isElement, XML, type XmlAside, type XmlAttribute, type XmlChild, type XmlDocument, type XmlElement } from './xml.ts'

export type C14n = {
  readonly exclusive: boolean
  readonly comments: boolean
  readonly version: '1.0' | '1.1'
  /** Of exclusive canonicalization: prefixes treated as by the inclusive one; `#default` is the default namespace. */
  readonly inclusivePrefixes: readonly string[]
}

type Names = ReadonlyMap<string, string>
const NO_NAMES: Names = new Map([['', '']])

/** The document without `omitted` and all that is in them. */
export function canonicalDocument(document: XmlDocument, how: C14n, omitted: ReadonlySet<XmlElement>): string {
  const out: string[] = []
  for (const aside of document.before) if (shown(aside, how)) out.push(asideText(aside), '\n')
  write(document.root, NO_NAMES, [], how, omitted, out)
  for (const aside of document.after) if (shown(aside, how)) out.push('\n', asideText(aside))
  return out.join('')
}

/** One element as it stands in its document: the namespaces around it count. */
export function canonicalElement(element: XmlElement, how: C14n): string {
  const out: string[] = []
  write(element, NO_NAMES, how.exclusive ? [] : inherited(element, how), how, NOTHING, out)
  return out.join('')
}
const NOTHING: ReadonlySet<XmlElement> = new Set()

/** `xml:lang` and `xml:space` of what stands around an element, the nearest; 1.0 takes `xml:id` and `xml:base`, too. */
function inherited(element: XmlElement, { version }: C14n): readonly XmlAttribute[] {
  const found = new Map<string, XmlAttribute>()
  for (let one = element.parent; one !== null; one = one.parent)
    for (const attribute of one.attributes)
      if (
        attribute.prefix === 'xml' &&
        !found.has(attribute.name) &&
        (version === '1.0' || attribute.name === 'lang' || attribute.name === 'space')
      )
        found.set(attribute.name, attribute)
  return [...found.values()].filter(({ name }) => !element.attributes.some((own) => own.prefix === 'xml' && own.name === name))
}

const shown = (aside: XmlAside, how: C14n): boolean => aside.kind === 'instruction' || how.comments

function asideText({ kind, text }: XmlAside): string {
  if (kind === 'comment') return `<!--${text}-->`
  const found = /^(\S+)\s*([\s\S]*)$/.exec(text)
  return found === null ? `<?${text}?>` : `<?${found[1]}${found[2] === '' ? '' : ` ${found[2]}`}?>`
}

/** All namespaces in scope, by prefix. */
function scopeOf(element: XmlElement): Map<string, string> {
  const scope = new Map<string, string>()
  for (let one: XmlElement | null = element; one !== null; one = one.parent)
    for (const [prefix, name] of one.declared ?? []) if (!scope.has(prefix)) scope.set(prefix, name)
  return scope
}

function write(
  element: XmlElement,
  rendered: Names,
  extra: readonly XmlAttribute[],
  how: C14n,
  omitted: ReadonlySet<XmlElement>,
  out: string[],
): void {
  const name = qualified(element)
  const fresh = namespacesOf(element, rendered, how)
  const attributes = [...element.attributes, ...extra]
  out.push('<', name)
  for (const [prefix, uri] of fresh) out.push(prefix === '' ? ' xmlns="' : ` xmlns:${prefix}="`, attributeText(uri), '"')
  if (attributes.length > 0) {
    const scope = scopeOf(element)
    const sorted = attributes
      .map((one) => ({ ...one, uri: one.prefix === '' ? '' : one.prefix === 'xml' ? XML : (scope.get(one.prefix) ?? '') }))
      .toSorted((a, b) => order(a.uri, b.uri) || order(a.name, b.name))
    for (const one of sorted) out.push(' ', qualified(one), '="', attributeText(one.value), '"')
  }
  out.push('>')
  const below = fresh.length === 0 ? rendered : new Map([...rendered, ...fresh])
  for (const child of element.children) writeChild(child, below, how, omitted, out)
  out.push('</', name, '>')
}

function writeChild(child: XmlChild, rendered: Names, how: C14n, omitted: ReadonlySet<XmlElement>, out: string[]): void {
  if (typeof child === 'string') out.push(characterText(child))
  else if (isElement(child)) {
    if (!omitted.has(child)) write(child, rendered, [], how, omitted, out)
  } else if (shown(child, how)) out.push(asideText(child))
}

/** What has to be declared here, sorted by prefix. */
function namespacesOf(element: XmlElement, rendered: Names, how: C14n): readonly (readonly [string, string])[] {
  const top = rendered === NO_NAMES
  if (!how.exclusive && !top && element.declared === null) return []
  const used = how.exclusive ? usedBy(element, how) : null
  if (used !== null && !top && element.declared === null && [...used].every((prefix) => rendered.has(prefix))) {
    // Nothing new is named, but another element may have been left out between: fall through only when the names differ.
    if (element.parent !== null && used.size === 1 && used.has(element.prefix) && rendered.get(element.prefix) === element.namespace)
      return []
  }
  const scope = scopeOf(element)
  if (!scope.has('')) scope.set('', '')
  return [...scope]
    .filter(([prefix, uri]) => prefix !== 'xml' && (used === null || used.has(prefix)) && (rendered.get(prefix) ?? null) !== uri)
    .filter(([prefix, uri]) => uri !== '' || prefix === '')
    .toSorted(([a], [b]) => order(a, b))
}

/** The prefixes that the element and its attributes are written with, and those asked for. */
function usedBy(element: XmlElement, how: C14n): ReadonlySet<string> {
  return new Set([
    element.prefix,
    ...element.attributes.map(({ prefix }) => prefix).filter((prefix) => prefix !== '' && prefix !== 'xml'),
    ...how.inclusivePrefixes.map((prefix) => (prefix === '#default' ? '' : prefix)),
  ])
}

const qualified = ({ prefix, name }: { readonly prefix: string; readonly name: string }): string =>
  prefix === '' ? name : `${prefix}:${name}`
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** By texts, not by expressions, which are dear on a hundred thousand texts of three characters. */
const characterText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;')
const attributeText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;')
