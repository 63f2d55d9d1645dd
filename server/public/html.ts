/**
 * Pages that anybody may open, written by the server: no script, no picture, one stylesheet, both languages. A page is
 * `sendPage(request, reply, { title, body: html`<p>${anything}</p>` })`; what stands in `${…}` is always escaped.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Words } from '#core/event.ts'

export type Language = keyof Words

/** Text that is HTML already; made by `html` alone. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}
type Value = string | number | Html | null | undefined | false | readonly Value[]

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** Half of a surrogate pair, and what may stand in no HTML text. */
const UNWRITABLE = /(?![\t\n\r\u0080-\u009f])\p{Cc}/gu
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(UNWRITABLE, '\ufffd')
    .replaceAll(/[&<>"']/g, (found) => ESCAPED[found] ?? found)

function written(value: Value): string {
  if (value instanceof Html) return value.text
  if (value === null || value === undefined || value === false) return ''
  return typeof value === 'object' ? value.map(written).join('') : escaped(String(value))
}

/**
 * HTML with everything between `${` and `}` escaped, within text and within quoted attributes. Null, undefined and false
 * are nothing; lists are written one after another. Addresses in `href` are the caller's: give paths, or check the scheme.
 */
export const html = (texts: TemplateStringsArray, ...values: readonly Value[]): Html =>
  new Html(texts.map((text, i) => text + written(values[i])).join(''))

/** `?lang=zh-CN|en`; else the first that the browser asks for; else Chinese. */
export function languageOf({ query, headers }: Pick<FastifyRequest, 'query' | 'headers'>): Language {
  const { lang } = query as { readonly lang?: unknown }
  if (lang === 'en' || lang === 'zh-CN') return lang
  const wanted = (headers['accept-language'] ?? '').slice(0, 1000).split(',').map(weighed)
  const [first] = wanted.filter(({ q, tag }) => q > 0 && /^(?:zh|en)\b/.test(tag)).toSorted((a, b) => b.q - a.q)
  return first?.tag.startsWith('en') === true ? 'en' : 'zh-CN'
}
function weighed(text: string): { readonly tag: string; readonly q: number } {
  const [tag = '', ...rest] = text.split(';').map((part) => part.trim().toLowerCase())
  const q = Number(rest.find((part) => part.startsWith('q='))?.slice(2) ?? 1)
  return { tag, q: Number.isNaN(q) ? 0 : q }
}

/** The words of one language out of both. */
export const say = (lang: Language, zh: string, en: string): string => (lang === 'en' ? en : zh)

export type Page = {
  readonly lang: Language
  /** Plain text: the browser's title, and the one `h1` unless `heading` is false. */
  readonly title: string
  readonly heading?: boolean
  /** The content of `main`. */
  readonly body: Html
  /** Path and query of this page, for the link to the other language: `request.url`. */
  readonly url?: string
  /** Feeds of this page, for readers of feeds. */
  readonly feeds?: readonly { readonly type: string; readonly href: string; readonly title: string }[]
  /** Links at the foot, beside the language. */
  readonly foot?: Html
}

const NAME: Words = { 'zh-CN': 'Muster 联动', en: 'Muster' }

/** The same page in the other language; parameters stay. */
function otherLanguage(url: string, lang: Language): string {
  const there = new URL(url.startsWith('/') ? `http://x${url}` : 'http://x/public')
  there.searchParams.set('lang', lang === 'en' ? 'zh-CN' : 'en')
  return there.pathname.replace(/^\/+/, '/') + there.search
}

/** A whole document. */
export function page({ lang, title, heading = true, body, url = '/public', feeds = [], foot }: Page): string {
  const name = NAME[lang]
  const other = lang === 'en' ? 'zh-CN' : 'en'
  return html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${name}</title>
        <link rel="stylesheet" href="/public/style.css" />
        <link rel="icon" href="/muster.svg" />
        ${feeds.map((feed) => html`<link rel="alternate" type="${feed.type}" href="${feed.href}" title="${feed.title}" /> `)}
      </head>
      <body>
        <a class="skip" href="#content">${say(lang, '跳到正文', 'Skip to content')}</a>
        <header>
          <a class="name" href="/public?lang=${lang}">${name}</a>
          <a hreflang="${other}" lang="${other}" href="${otherLanguage(url, lang)}">${lang === 'en' ? '中文' : 'English'}</a>
        </header>
        <main id="content">${heading && html`<h1>${title}</h1> `}${body}</main>
        ${foot && html`<footer>${foot}</footer> `}
      </body>
    </html> `.text
}

/**
 * Sends a page in the language that is asked for. `refreshSeconds`, at least 60, lets browsers load it anew by a header;
 * give a link for it too, and never on a page with a form.
 */
export function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    status = 200,
    refreshSeconds,
    ...rest
  }: Omit<Page, 'lang' | 'url'> & {
    readonly lang?: Language
    readonly status?: number
    readonly refreshSeconds?: number
  },
): FastifyReply {
  const lang = rest.lang ?? languageOf(request)
  if (refreshSeconds !== undefined) void reply.header('refresh', String(Math.max(60, refreshSeconds)))
  if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store')
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('content-language', lang)
    .header('vary', 'accept-language')
    .send(page({ ...rest, lang, url: request.url }))
}

const STYLE = readFileSync(join(import.meta.dirname, 'style.css'))

/** GET /public/style.css: the one stylesheet of these pages, good for an hour. */
export function publicStyle(app: FastifyInstance): void {
  app.get('/public/style.css', (_, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(STYLE),
  )
}
