/** Public warnings as Atom (RFC 4287, paged as RFC 5005), RSS 2.0 and JSON. */
import { escapeXml } from '#core/xml.ts'
import type { Said } from './digest.ts'
import { readFor } from './digest.ts'
import type { PublicAlert } from './snapshot.ts'

export type Language = 'zh-CN' | 'en'
/** Entries of one document of a feed. */
export const PAGE_SIZE = 100
const CAP_TYPE = 'application/cap+xml'

export type FeedOf = {
  readonly alerts: readonly PublicAlert[]
  readonly lang: Language
  /** Without a slash at the end. */
  readonly origin: string
  /** Path and query of this document's first page, without `page`. */
  readonly path: string
  /** From 1. */
  readonly page: number
  readonly node: string
}

const TITLE = { 'zh-CN': '生效中的预警', en: 'Warnings in force' } as const
const SUBTITLE = {
  'zh-CN': '公开的实际预警及其解除，原始 CAP 报文见各条链接',
  en: 'Public, actual warnings and what ended them; each links to its original CAP message',
} as const
const NEVER = '1970-01-01T00:00:00.000Z'

/** What XML 1.0 cannot hold is left out. */
const UNWRITABLE = /(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]/gu
const text = (said: string): string => escapeXml(said.toWellFormed().replaceAll(UNWRITABLE, ''))

export const pagesOf = (alerts: readonly unknown[]): number => Math.max(1, Math.ceil(alerts.length / PAGE_SIZE))
export const capPath = (id: string): string => `/public/alerts/${id}.cap.xml`

/** What stands on the page, and which words of each are read. */
function entriesOf({ alerts, lang, page }: FeedOf): readonly { readonly alert: PublicAlert; readonly said: Said }[] {
  return alerts.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).flatMap((alert) => {
    const [first] = alert.digest.subjects
    const said = first === undefined ? undefined : readFor(first, lang)
    return said === undefined ? [] : [{ alert, said }]
  })
}

export function titleOf({ msgType, warns }: PublicAlert, { headline, event }: Said, lang: Language): string {
  const title = headline === '' ? event : headline
  return warns
    ? title
    : `${lang === 'en' ? (msgType === 'Cancel' ? 'Cancelled: ' : 'Lifted: ') : msgType === 'Cancel' ? '【取消】' : '【解除】'}${title}`
}

/** All that a reader of feeds shows: what to do stands first. */
function summaryOf(alert: PublicAlert, lang: Language): string {
  const parts = alert.digest.subjects.flatMap((subject) => {
    const said = readFor(subject, lang)
    return said === undefined ? [] : [[said.instruction, said.description, said.areas].filter((one) => one !== '').join('\n')]
  })
  return [...new Set(parts)].join('\n\n').slice(0, 4000).toWellFormed()
}

const SCHEME = 'urn:oasis:names:tc:emergency:cap:1.2'
function categoriesOf({ digest, msgType, colour, hazard }: PublicAlert, said: Said): readonly (readonly [scheme: string, term: string])[] {
  return [
    ...digest.categories.map((one) => [`${SCHEME}:category`, one] as const),
    [`${SCHEME}:msgType`, msgType],
    [`${SCHEME}:severity`, said.severity],
    [`${SCHEME}:urgency`, said.urgency],
    [`${SCHEME}:certainty`, said.certainty],
    ...(colour === null ? [] : [['urn:muster:colour', colour] as const]),
    ...(hazard === null ? [] : [['urn:muster:hazard', hazard] as const]),
  ]
}

function pageLinks({ origin, path, page, alerts }: FeedOf): readonly (readonly [rel: string, href: string])[] {
  const last = pagesOf(alerts)
  const at = (number: number): string => `${origin}${path}${number === 1 ? '' : `${path.includes('?') ? '&' : '?'}page=${number}`}`
  return [
    ['self', at(page)],
    ...(last === 1
      ? []
      : ([
          ['first', at(1)],
          ['last', at(last)],
          ...(page > 1 ? ([['previous', at(page - 1)]] as const) : []),
          ...(page < last ? ([['next', at(page + 1)]] as const) : []),
        ] as const)),
  ]
}

const georss = ({ digest }: PublicAlert): string =>
  digest.shapes.map(([kind, said]) => `<georss:${kind}>${text(said)}</georss:${kind}>`).join('')
const updatedOf = (alerts: readonly PublicAlert[]): string =>
  alerts.reduce((last, { issuedAt }) => (issuedAt > last ? issuedAt : last), NEVER)

export function atom(of: FeedOf): string {
  const { lang, origin, path, node, alerts } = of
  const entries = entriesOf(of).map(({ alert, said }) => {
    const { id, issuedAt, sent, sender, others, digest } = alert
    const alternates = [{ id, language: digest.languages[0] ?? '' }, ...others].map(
      (one) =>
        `<link rel="alternate" type="${CAP_TYPE}"${others.length > 0 && one.language !== '' ? ` hreflang="${text(one.language)}"` : ''} href="${text(origin + capPath(one.id))}"/>`,
    )
    const categories = categoriesOf(alert, said).map(([scheme, term]) => `<category scheme="${scheme}" term="${text(term)}"/>`)
    return (
      `<entry xml:lang="${text(said.language)}"><id>urn:uuid:${id}</id><title>${text(titleOf(alert, said, lang))}</title>` +
      `<updated>${issuedAt}</updated><published>${new Date(sent).toISOString()}</published>` +
      `<author><name>${text(said.senderName === '' ? sender : said.senderName)}</name></author>` +
      `${alternates.join('')}${categories.join('')}<summary>${text(summaryOf(alert, lang))}</summary>${georss(alert)}</entry>`
    )
  })
  const links = pageLinks(of).map(([rel, href]) => `<link rel="${rel}" type="application/atom+xml" href="${text(href)}"/>`)
  return (
    `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss" xml:lang="${lang}">` +
    `<id>${text(origin + path)}</id><title>${TITLE[lang]}</title><subtitle>${SUBTITLE[lang]}</subtitle><updated>${updatedOf(alerts)}</updated>` +
    `<author><name>${text(node)}</name></author><generator>Muster</generator>${links.join('')}` +
    `<link rel="alternate" type="text/html" href="${text(origin)}/public"/>\n${entries.join('\n')}\n</feed>\n`
  )
}

/** RFC 822 with four digits of the year, as RSS 2.0 asks. */
const date = (at: string): string => new Date(at).toUTCString().replace('GMT', '+0000')

export function rss(of: FeedOf): string {
  const { lang, origin, alerts } = of
  const items = entriesOf(of).map(({ alert, said }) => {
    const link = text(origin + capPath(alert.id))
    const categories = categoriesOf(alert, said).map(([scheme, term]) => `<category domain="${scheme}">${text(term)}</category>`)
    return (
      `<item><title>${text(titleOf(alert, said, lang))}</title><link>${link}</link><guid isPermaLink="false">urn:uuid:${alert.id}</guid>` +
      `<pubDate>${date(alert.sent)}</pubDate>${categories.join('')}<description>${text(summaryOf(alert, lang))}</description>` +
      `<enclosure url="${link}" length="${alert.digest.size}" type="${CAP_TYPE}"/>${georss(alert)}</item>`
    )
  })
  const links = pageLinks(of).map(([rel, href]) => `<atom:link rel="${rel}" type="application/rss+xml" href="${text(href)}"/>`)
  const last = updatedOf(alerts)
  return (
    `<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss"><channel>` +
    `<title>${TITLE[lang]}</title><link>${text(origin)}/public</link><description>${SUBTITLE[lang]}</description><language>${lang.toLowerCase()}</language>` +
    `${last === NEVER ? '' : `<lastBuildDate>${date(last)}</lastBuildDate>`}<generator>Muster</generator><ttl>1</ttl>${links.join('')}\n${items.join('\n')}\n</channel></rss>\n`
  )
}

export function json(of: FeedOf): string {
  const { alerts, lang, origin, page } = of
  return JSON.stringify({
    schema: 'muster/public-alerts/1',
    updated: updatedOf(alerts),
    page,
    pages: pagesOf(alerts),
    alerts: entriesOf(of).map(({ alert, said }) => {
      const { id, identifier, sender, sent, msgType, warns, colour, hazard, codes, expires, digest, others } = alert
      return {
        id,
        identifier,
        sender,
        sent,
        msgType,
        inForce: warns,
        colour,
        hazard,
        language: said.language,
        languages: digest.languages,
        headline: titleOf(alert, said, lang),
        areaDesc: said.areas,
        areas: codes.slice(0, 200),
        severity: said.severity,
        onset: said.onset === null ? null : new Date(said.onset).toISOString(),
        expires,
        cap: [id, ...others.map((one) => one.id)].map((one) => origin + capPath(one)),
      }
    }),
  })
}
