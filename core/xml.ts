/**
 * A strict reader of small XML documents into a tree, within bounds. No document type, so no entities but the five of XML;
 * whoever needs more does not get in. Names and characters are not held against the tables of XML here: the server
 * lets libxml2 do that wherever it is not plain (`cap/sure.ts`), and takes a document only when both do.
 */

export type XmlAttribute = { readonly prefix: string; readonly name: string; readonly value: string }
/** `kind` is absent in an element; text stands as a string. */
export type XmlAside = { readonly kind: 'comment' | 'instruction'; readonly text: string }
export type XmlElement = {
  readonly prefix: string
  readonly name: string
  readonly namespace: string
  /** Without the declarations of namespaces. */
  readonly attributes: readonly XmlAttribute[]
  /** Declared here: prefix (empty for the default) to name. */
  readonly declared: ReadonlyMap<string, string> | null
  readonly parent: XmlElement | null
  readonly children: readonly XmlChild[]
  /** In the text that was read. */
  readonly start: number
  readonly end: number
}
export type XmlChild = XmlElement | XmlAside | string
export type XmlDocument = {
  readonly text: string
  readonly root: XmlElement
  readonly before: readonly XmlAside[]
  readonly after: readonly XmlAside[]
  /** Makes text of a part of `text`, where that is bytes as they came. */
  readonly decode: (part: string) => string
}

export type XmlBounds = { readonly depth: number; readonly elements: number; readonly attributes: number; readonly attributeLength: number }
export type XmlProblem = { readonly code: XmlCode; readonly line: number; readonly detail: string }
export type XmlCode = 'too-large' | 'doctype' | 'too-deep' | 'too-many-elements' | 'too-many-attributes' | 'not-well-formed'

type Open = {
  prefix: string
  name: string
  namespace: string
  attributes: XmlAttribute[]
  declared: Map<string, string> | null
  parent: Open | null
  children: XmlChild[]
  start: number
  end: number
}

class Malformed extends Error {
  readonly code: XmlCode
  readonly offset: number
  constructor(code: XmlCode, offset: number, detail: string) {
    super(detail)
    this.code = code
    this.offset = offset
  }
}

export const XMLNS = 'http://www.w3.org/2000/xmlns/'
export const XML = 'http://www.w3.org/XML/1998/namespace'
const NONE: readonly XmlAttribute[] = []

const asIs = (part: string): string => part

/**
 * Reads a whole document, or says the first thing wrong with it. `text` has no byte order mark and is already decoded, or it is
 * bytes of an encoding with ASCII in it, a character each; `decode` makes text of what stands between the marks.
 */
export function readXml(
  text: string,
  bounds: XmlBounds,
  decode = asIs,
): { readonly ok: true; readonly document: XmlDocument } | ({ readonly ok: false } & XmlProblem) {
  try {
    return { ok: true, document: new Reader(text, bounds, decode).document() }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    return { ok: false, code: error.code, line: lineAt(text, error.offset), detail: error.message }
  }
}

/** The line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let [line, at] = [1, text.indexOf('\n')]
  while (at >= 0 && at < offset) {
    line++
    at = text.indexOf('\n', at + 1)
  }
  return line
}

/** Line ends and references: each is replaced alone, and a million of them are an attack. */
const REPLACED_MAX = 100_000
/** Zeros may stand before a number without end (XML 1.0, 4.1); more than anybody writes are not looked through. */
const REFERENCE_MAX = 64
const NAME = /[^ \t\r\n/>=<'"&]+/y
const BLANK = /[ \t\r\n]*/y

class Reader {
  #text: string
  readonly #bounds: XmlBounds
  readonly #decode: (part: string) => string
  #at = 0
  #nodes = 0
  #hasReferences = false
  #hasEnds = false

  constructor(text: string, bounds: XmlBounds, decode: (part: string) => string) {
    this.#bounds = bounds
    this.#decode = decode
    this.#text = text
    if (!text.includes('\r')) return
    // XML 1.0, 2.11: every line end is read as one line feed.
    this.#few('\r')
    this.#text = text.replaceAll(/\r\n?/g, '\n')
  }

  document(): XmlDocument {
    this.#glance()
    if (this.#text.startsWith('<?xml') && isSpace(this.#text.charCodeAt(5))) this.#at = this.#find('?>', 5) + 2
    const before = this.#asides()
    if (this.#text[this.#at] !== '<') this.#fail('no element')
    const root = this.#tree()
    const after = this.#asides()
    if (this.#at < this.#text.length) this.#fail('something stands after the end of the document')
    return { text: this.#text, root, before, after, decode: this.#decode }
  }

  #few(mark: string): boolean {
    const first = this.#text.indexOf(mark)
    let at = first
    for (let marks = 0; at >= 0; marks++) {
      if (marks > REPLACED_MAX) this.#fail(`more than ${REPLACED_MAX} of a character that has to be replaced`, 'too-large', at)
      at = this.#text.indexOf(mark, at + 1)
    }
    return first >= 0
  }

  /** Counting marks is far quicker than building a tree and throwing it away. No document within bounds has more than two an element. */
  #glance(): void {
    this.#hasReferences = this.#few('&')
    this.#hasEnds = this.#text.includes(']]>')
    // A short text has no room for them.
    if (this.#text.length <= 2 * this.#bounds.elements) return
    let at = this.#text.indexOf('<')
    for (let marks = 0; at >= 0; marks++) {
      if (marks > 2 * this.#bounds.elements) this.#fail(`more than ${this.#bounds.elements} elements`, 'too-many-elements', at)
      at = this.#text.indexOf('<', at + 1)
    }
  }

  #fail(detail: string, code: XmlCode = 'not-well-formed', at = this.#at): never {
    throw new Malformed(code, at, detail)
  }

  #find(what: string, from: number): number {
    const found = this.#text.indexOf(what, from)
    if (found < 0) this.#fail(`${what} is missing`)
    return found
  }

  /** Comments and processing instructions outside of the root. */
  #asides(): XmlAside[] {
    const asides: XmlAside[] = []
    for (;;) {
      this.#blank()
      if (this.#text[this.#at] !== '<') return asides
      const next = this.#text[this.#at + 1]
      if (next === '?' || next === '!') asides.push(this.#aside())
      else return asides
    }
  }

  #blank(): void {
    BLANK.lastIndex = this.#at
    BLANK.exec(this.#text)
    this.#at = BLANK.lastIndex
  }

  #counted(): void {
    if (++this.#nodes > this.#bounds.elements) this.#fail(`more than ${this.#bounds.elements} elements`, 'too-many-elements')
  }

  #aside(): XmlAside {
    this.#counted()
    const [text, at] = [this.#text, this.#at]
    if (text[at + 1] === '?') {
      const end = this.#find('?>', at)
      this.#at = end + 2
      const said = this.#decode(text.slice(at + 2, end))
      if (/^xml(?:[ \t\n]|$)/i.test(said)) this.#fail('an XML declaration stands only at the beginning', 'not-well-formed', at)
      return { kind: 'instruction', text: said }
    }
    if (text.startsWith('<!--', at)) {
      const end = this.#find('--', at + 4)
      if (text[end + 2] !== '>') this.#fail('-- in a comment', 'not-well-formed', end)
      this.#at = end + 3
      return { kind: 'comment', text: this.#decode(text.slice(at + 4, end)) }
    }
    if (/^<!DOCTYPE/i.test(text.slice(at, at + 9))) this.#fail('a document type', 'doctype')
    return this.#fail('what begins with <! is neither comment nor character data')
  }

  #tree(): XmlElement {
    const text = this.#text
    const { element: root, closed: isEmpty } = this.#open(null)
    let open: Open | null = isEmpty ? null : root
    let depth = 1
    while (open !== null) {
      const next = text.indexOf('<', this.#at)
      if (next < 0) this.#fail(`<${open.name}> is not closed`, 'not-well-formed', text.length)
      if (next > this.#at) open.children.push(this.#characters(this.#at, next))
      this.#at = next
      const mark = text.charCodeAt(next + 1)
      if (mark === 0x2f) {
        this.#close(open)
        open = open.parent
        depth--
      } else if (mark === 0x21 && text.startsWith('[CDATA[', next + 2)) {
        this.#counted()
        const end = this.#find(']]>', next + 9)
        open.children.push(this.#decode(text.slice(next + 9, end)))
        this.#at = end + 3
      } else if (mark === 0x21 || mark === 0x3f) open.children.push(this.#aside())
      else {
        const { element, closed } = this.#open(open)
        open.children.push(element)
        if (closed) continue
        open = element
        if (++depth > this.#bounds.depth) this.#fail(`elements nest deeper than ${this.#bounds.depth}`, 'too-deep')
      }
    }
    return root
  }

  #close(open: Open): void {
    const from = this.#at + 2
    const { prefix, name } = open
    const size = prefix === '' ? name.length : prefix.length + 1 + name.length
    // The common case: exactly the name it was opened by.
    if (
      this.#text.charCodeAt(from + size) === 0x3e &&
      this.#text.startsWith(name, from + size - name.length) &&
      (prefix === '' || (this.#text.startsWith(prefix, from) && this.#text[from + prefix.length] === ':'))
    ) {
      this.#at = from + size + 1
      open.end = this.#at
      return
    }
    const end = this.#find('>', from)
    const qualified = open.prefix === '' ? open.name : `${open.prefix}:${open.name}`
    const said = this.#decode(this.#text.slice(from, end))
    if (said !== qualified && said.replace(/[ \t\n]+$/, '') !== qualified) this.#fail(`<${qualified}> is closed by </${said.slice(0, 60)}>`)
    this.#at = end + 1
    open.end = this.#at
  }

  #characters(from: number, to: number): string {
    const raw = this.#decode(this.#text.slice(from, to))
    if (this.#hasEnds && raw.includes(']]>')) this.#fail(']]> in text', 'not-well-formed', from)
    return this.#hasReferences && raw.includes('&') ? this.#resolved(raw, from) : raw
  }

  /** Where the line begins, seen from `from`, in which the character `at` of a part stands: bytes are more than characters. */
  #lineFrom(from: number, part: string, at: number): number {
    let begin = from
    for (let end = part.indexOf('\n'); end >= 0 && end < at; end = part.indexOf('\n', end + 1)) begin = this.#text.indexOf('\n', begin) + 1
    return begin
  }

  /** One by one: a replacement by a function would first gather every match, and a million of them are an attack. */
  #resolved(raw: string, from: number): string {
    let [out, done] = ['', 0]
    for (let at = raw.indexOf('&'); at >= 0; at = raw.indexOf('&', done)) {
      const end = raw.indexOf(';', at)
      const name = end < 0 || end - at > REFERENCE_MAX ? '' : raw.slice(at + 1, end)
      const character = ENTITIES.get(name) ?? characterOf(name)
      if (character === undefined)
        return this.#fail(`${raw.slice(at, at + 12)} is no entity of XML`, 'not-well-formed', this.#lineFrom(from, raw, at))
      out += raw.slice(done, at) + character
      done = end + 1
    }
    return out + raw.slice(done)
  }

  #name(): string {
    NAME.lastIndex = this.#at
    if (!NAME.test(this.#text)) return this.#fail('a name is missing')
    const from = this.#at
    this.#at = NAME.lastIndex
    const name = this.#decode(this.#text.slice(from, this.#at))
    const colon = name.indexOf(':')
    if (colon === 0 || (colon > 0 && (colon === name.length - 1 || name.includes(':', colon + 1)))) this.#fail(`${name} is no name`)
    return name
  }

  #open(parent: Open | null): { readonly element: Open; readonly closed: boolean } {
    const start = this.#at
    this.#counted()
    this.#at++
    const qualified = this.#name()
    const text = this.#text
    const element: Open = {
      prefix: '',
      name: qualified,
      namespace: '',
      attributes: NONE as XmlAttribute[],
      declared: null,
      parent,
      children: [],
      start,
      end: 0,
    }
    if (text.charCodeAt(this.#at) !== 0x3e) this.#attributes(element)
    const colon = qualified.indexOf(':')
    if (colon >= 0) {
      element.prefix = qualified.slice(0, colon)
      element.name = qualified.slice(colon + 1)
    }
    // The common case: the same prefix as the parent, nothing declared.
    element.namespace =
      parent !== null && element.declared === null && parent.prefix === element.prefix
        ? parent.namespace
        : this.#namespaceOf(element, element.prefix)
    const closed = text.charCodeAt(this.#at) === 0x2f
    if (closed) this.#at++
    if (text.charCodeAt(this.#at) !== 0x3e) this.#fail(`<${qualified}> is not finished`)
    this.#at++
    element.end = this.#at
    return { element, closed }
  }

  #attributes(element: Open): void {
    const text = this.#text
    const seen = new Set<string>()
    for (;;) {
      const before = this.#at
      this.#blank()
      const next = text.charCodeAt(this.#at)
      if (next === 0x3e || next === 0x2f) break
      if (before === this.#at) this.#fail('a space is missing between attributes')
      if (seen.size >= this.#bounds.attributes) this.#fail(`more than ${this.#bounds.attributes} attributes`, 'too-many-attributes')
      const name = this.#name()
      if (seen.has(name)) this.#fail(`${name} stands twice`)
      seen.add(name)
      this.#counted()
      const value = this.#attributeValue(name)
      if (name === 'xmlns' || name.startsWith('xmlns:')) {
        element.declared ??= new Map()
        element.declared.set(name.slice(6), value)
      } else {
        const colon = name.indexOf(':')
        if (element.attributes === NONE) element.attributes = []
        element.attributes.push({ prefix: colon < 0 ? '' : name.slice(0, colon), name: name.slice(colon + 1), value })
      }
    }
    for (const { prefix } of element.attributes) if (prefix !== '') this.#namespaceOf(element, prefix)
  }

  #attributeValue(name: string): string {
    const text = this.#text
    this.#blank()
    if (text[this.#at] !== '=') this.#fail(`${name} has no value`)
    this.#at++
    this.#blank()
    const quote = text[this.#at]
    if (quote !== '"' && quote !== "'") return this.#fail(`the value of ${name} is not quoted`)
    const end = this.#find(quote, this.#at + 1)
    const raw = this.#decode(text.slice(this.#at + 1, end))
    if (raw.length > this.#bounds.attributeLength) this.#fail(`the value of ${name} is too long`, 'too-many-attributes')
    if (raw.includes('<')) this.#fail('< in the value of an attribute')
    const from = this.#at + 1
    this.#at = end + 1
    // XML 1.0, 3.3.3: white space becomes spaces, what character references name stays.
    const spaced = /[\t\n]/.test(raw) ? raw.replaceAll(/[\t\n]/g, ' ') : raw
    return spaced.includes('&') ? this.#resolved(spaced, from) : spaced
  }

  #namespaceOf(element: Open, prefix: string): string {
    if (prefix === 'xml') return XML
    for (let one: Open | null = element; one !== null; one = one.parent) {
      const found = one.declared?.get(prefix)
      if (found !== undefined) return found
    }
    return prefix === '' ? '' : this.#fail(`the prefix ${prefix} is not declared`)
  }
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

/** `#xE000` or `#57344`, when XML has such a character. */
function characterOf(name: string): string | undefined {
  const found = /^#(?:x0*([0-9a-fA-F]{1,6})|0*(\d{1,7}))$/.exec(name)
  if (found === null) return undefined
  const code = found[1] === undefined ? Number(found[2]) : Number.parseInt(found[1], 16)
  const fine =
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  return fine ? String.fromCodePoint(code) : undefined
}

export const isElement = (child: XmlChild): child is XmlElement => typeof child !== 'string' && !('kind' in child)
export const elementsOf = (element: XmlElement): readonly XmlElement[] => element.children.filter(isElement)

/** All text in an element, that of its elements too. */
export function textOf(element: XmlElement): string {
  const only = element.children[0]
  if (element.children.length === 0) return ''
  if (element.children.length === 1 && typeof only === 'string') return only
  return element.children.map((child) => (typeof child === 'string' ? child : isElement(child) ? textOf(child) : '')).join('')
}

/** Without the white space that XML has at its ends; what else is blank belongs to the text. */
export function trimmed(text: string): string {
  let [from, to] = [0, text.length]
  while (from < to && isSpace(text.charCodeAt(from))) from++
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--
  return to - from === text.length ? text : text.slice(from, to)
}
/** White space as XML has it (XML 1.0, 2.3), by the code of a character. */
export const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d
export function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isSpace(text.charCodeAt(i))) return false
  return true
}

/** Every element below and including this one that fits, in the order of the document, at most `most`. */
export function findElements(root: XmlElement, fits: (element: XmlElement) => boolean, most: number): readonly XmlElement[] {
  const found: XmlElement[] = []
  const walk = (element: XmlElement): void => {
    if (found.length >= most) return
    if (fits(element)) found.push(element)
    for (const child of element.children) if (isElement(child)) walk(child)
  }
  walk(root)
  return found
}

/** `<` and its like, for text and for values between double quotes. */
export const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"\r]/g, (found) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' })[found] ?? found)
