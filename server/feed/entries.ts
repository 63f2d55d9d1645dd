/** What a feed has for us: the alerts that stand in it, and the addresses of those that it only names. */
import { CAP_BOUNDS } from '#core/cap.ts'
import type { CapRefusalCode } from '#core/cap/codes.ts'
import { elementsOf, findElements, readXml, textOf, type XmlDocument, type XmlElement } from '#core/xml.ts'
import { alertsIn, standaloneText } from '../cap.ts'
import { decodeXml } from '../cap/decode.ts'

/** More in one feed are left for the next round: a page of warnings is never that long. */
export const ENTRIES_MAX = 500

export type Entry = {
  /** Says whether it was seen before: the entry's own id and time, or the bytes. */
  readonly key: string
  readonly bytes: Uint8Array | null
  /** Absolute, http or https; where the alert is, when it does not stand here. */
  readonly link: string | null
}
export type FeedShape = 'cap' | 'atom' | 'rss' | 'edxl' | 'other'
export type FeedReading =
  | { readonly ok: true; readonly shape: FeedShape; readonly entries: readonly Entry[]; readonly more: boolean }
  | { readonly ok: false; readonly code: CapRefusalCode; readonly line: number; readonly detail: string }

const ATOM = 'http://www.w3.org/2005/Atom'
const CAP_TYPE = /^application\/(?:cap|common-alerting-protocol)\+xml/i

/** Reads CAP alone, Atom 0.3 and 1.0, RSS 0.9 to 2.0, EDXL-DE. `address`: where it came from; links are read against it. */
export function readFeed(bytes: Uint8Array, address: string | null): FeedReading {
  if (bytes.length > CAP_BOUNDS.bytes) return { ok: false, code: 'cap.too-large', line: 0, detail: `${bytes.length} > ${CAP_BOUNDS.bytes}` }
  const decoded = decodeXml(bytes)
  if ('code' in decoded) return { ok: false, code: decoded.code, line: 0, detail: decoded.encoding }
  const read = readXml(decoded.text, CAP_BOUNDS)
  if (!read.ok) return { ok: false, code: `cap.${read.code}`, line: read.line, detail: read.detail }
  const { document } = read
  const { root } = document
  if (root.name === 'alert') return { ok: true, shape: 'cap', entries: [{ key: 'cap', bytes, link: null }], more: false }
  const shape = shapeOf(root)
  const items = findElements(root, ({ name }) => name === 'entry' || name === 'item', ENTRIES_MAX + 1)
  const named = items.flatMap((item) => entryOf(item, document, address) ?? [])
  // What stands in no entry is foreign to the feed, and yet a warning.
  const inside = (one: XmlElement): boolean => one.parent !== null && (items.includes(one.parent) || inside(one.parent))
  const loose = alertsIn(root).filter((one) => !inside(one))
  const entries = [...named, ...loose.map((one) => embedded(one, document))]
  if (entries.length === 0 && shape === 'other') return { ok: false, code: 'cap.no-alert', line: 0, detail: root.name.slice(0, 60) }
  return { ok: true, shape, entries: entries.slice(0, ENTRIES_MAX), more: entries.length > ENTRIES_MAX }
}

function shapeOf({ name, namespace }: XmlElement): FeedShape {
  if (name === 'feed') return 'atom'
  if (name === 'rss' || name === 'RDF') return 'rss'
  return namespace.startsWith('urn:oasis:names:tc:emergency:EDXL') ? 'edxl' : 'other'
}

function embedded(alert: XmlElement, document: XmlDocument): Entry {
  const text = standaloneText(alert, document)
  return { key: text, bytes: Buffer.from(text), link: null }
}

/** The alert in it, whole or as a text that was escaped once; else the best of its links. Null: it is about something else. */
function entryOf(item: XmlElement, document: XmlDocument, address: string | null): Entry | readonly Entry[] | null {
  const alerts = alertsIn(item)
  if (alerts.length > 0) return alerts.map((alert) => embedded(alert, document))
  const escaped = elementsOf(item).flatMap(({ name, children }) =>
    ['content', 'summary', 'description', 'encoded'].includes(name) && children.every((child) => typeof child === 'string')
      ? [unescaped(children.join(''))]
      : [],
  )
  const text = escaped.find((one) => one !== null)
  if (text !== undefined && text !== null) return { key: text, bytes: Buffer.from(text), link: null }
  const link = linkOf(item, address)
  if (link === null) return null
  const said = (name: string): string => {
    const found = elementsOf(item).find((one) => one.name === name && one.children.length > 0)
    return found === undefined ? '' : textOf(found)
  }
  return { key: [link, said('id'), said('guid'), said('updated'), said('pubDate')].join('\n'), bytes: null, link }
}

/** The reader has taken the escapes away once; what then begins like an alert is one. It is never done a second time. */
function unescaped(text: string): string | null {
  // The declaration speaks of the bytes that the alert had before it came into the feed.
  const bare = text.trim().replace(/^<\?xml[^>]*\?>\s*/, '')
  return /^(?:<!--[^]{0,4000}?-->\s*)?<(?:[\w.-]{1,40}:)?alert[\s>]/.test(bare) && bare.length <= CAP_BOUNDS.bytes ? bare : null
}

function linkOf(item: XmlElement, address: string | null): string | null {
  const attribute = (one: XmlElement, name: string): string =>
    one.attributes.find((found) => found.name === name && found.prefix === '')?.value ?? ''
  const candidates = elementsOf(item).flatMap((one): readonly { readonly href: string; readonly rank: number }[] => {
    if (one.name !== 'link' && one.name !== 'enclosure') return []
    const type = attribute(one, 'type')
    const href = one.name === 'enclosure' ? attribute(one, 'url') : one.namespace === ATOM ? attribute(one, 'href') : textOf(one).trim()
    const rel = attribute(one, 'rel')
    if (href === '' || /^(?:self|edit|via|replies|next|prev)/.test(rel)) return []
    const rank = CAP_TYPE.test(type) ? 0 : /\.cap(?:\.xml)?$|\.xml$/i.test(href) ? 1 : /html|image|audio|video|pdf/i.test(type) ? 9 : 2
    return rank === 9 ? [] : [{ href, rank }]
  })
  const [best] = candidates.toSorted((a, b) => a.rank - b.rank)
  if (best === undefined) return null
  const url = URL.canParse(best.href, address ?? undefined) ? new URL(best.href, address ?? undefined) : null
  return url !== null && /^https?:$/.test(url.protocol) && url.href.length <= 2000 ? url.href : null
}
