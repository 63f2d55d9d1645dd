/** GET /public: what anybody may know now, on one page that needs no script and little network. */
import type { FastifyInstance } from 'fastify'
import type { AlertTemplate } from '#core/alert/template.ts'
import type { Words } from '#core/event.ts'
import { colourLevel, type Colour, type Level } from '#core/level.ts'
import { covers, divisionLevel, divisionPath, NATION } from '#core/place.ts'
import { NUMERALS, SHAPES, STROKES } from '#core/sign.ts'
import type { PublicReleaseView } from '#core/view/information.ts'
import { alertPacks } from '../alert/packs.ts'
import { divisionPackage } from '../division.ts'
import { readFor, type Said } from '../feed/digest.ts'
import { answer, asked, finished } from '../feed/out.ts'
import { capPath, titleOf } from '../feed/render.ts'
import type { PublicShelter } from '../risk/public.ts'
import { rendered, within, type PublicAlert, type PublicView, type Snapshot } from '../feed/snapshot.ts'
import { html, page, say, type Html, type Language } from './html.ts'

/** Bytes. In full as long as they fit, then by their titles, then by their number: the page stays under 30 kB. */
const FULL_BYTES = 12_000
const TITLES_BYTES = 15_000
const RELEASES_BYTES = 5_000
const NEEDS_BYTES = 4_000
const ADVICE_BYTES = 4_000
const SHELTERS_BYTES = 2_500
const PLACES_MAX = 24
const ENDED_MAX = 5
const REFRESH_SECONDS = 120
const ZONE = 'Asia/Shanghai'
const TEXT_MAX = 400

const COLOURS: Readonly<Record<Colour, Words>> = {
  red: { 'zh-CN': '红色预警', en: 'Red warning' },
  orange: { 'zh-CN': '橙色预警', en: 'Orange warning' },
  yellow: { 'zh-CN': '黄色预警', en: 'Yellow warning' },
  blue: { 'zh-CN': '蓝色预警', en: 'Blue warning' },
}
const KINDS: Readonly<Record<PublicReleaseView['kind'], Words>> = {
  first: { 'zh-CN': '首次发布', en: 'First release' },
  'follow-up': { 'zh-CN': '后续发布', en: 'Follow-up' },
  correction: { 'zh-CN': '更正', en: 'Correction' },
  closing: { 'zh-CN': '终止发布', en: 'Closing release' },
  needs: { 'zh-CN': '需求公告', en: 'Needs' },
}

/** Served from memory: made anew when something of it has changed. */
export function publicPage(
  app: FastifyInstance,
  { view, origin }: { readonly view: Pick<PublicView, 'current'>; readonly origin: string },
): void {
  for (const path of ['/public', '/public/'])
    app.get(path, async (request, reply) => {
      const snapshot = await view.current()
      const { area, lang } = asked(request)
      const made = rendered(snapshot, `page ${lang} ${area ?? ''}`, () =>
        finished('text/html; charset=utf-8', publicHtml(snapshot, { area, lang, origin }), snapshot.changedAt),
      )
      return answer(request, reply.header('refresh', String(REFRESH_SECONDS)).header('content-language', lang), made)
    })
}

type Asked = { readonly area: string | null; readonly lang: Language; readonly origin: string }

/** The whole document; under 30 kB however much there is. */
function publicHtml(snapshot: Snapshot, { area, lang }: Asked): string {
  const near = within(snapshot.alerts, area)
  const warnings = near.filter(({ warns }) => warns).toSorted((a, b) => gravity(a) - gravity(b) || (a.issuedAt < b.issuedAt ? 1 : -1))
  const isNear = ({ jurisdiction }: { readonly jurisdiction: string }): boolean =>
    area === null || covers(area, jurisdiction) || covers(jurisdiction, area)
  const releases = snapshot.releases.filter(isNear)
  const title =
    area === null
      ? say(lang, '预警与公告', 'Warnings and announcements')
      : `${nameOf(area, lang)} · ${say(lang, '预警与公告', 'warnings and announcements')}`
  const query = `${area === null ? '' : `area=${area}&`}lang=${lang}`
  const body = html`<p class="soft">
      ${say(lang, '内容最近变化', 'Last change')} ${time(snapshot.changedAt, lang)}${say(lang, '（北京时间）', ' (Beijing time)')} ·
      <a href="/public?${query}">${say(lang, '重新载入', 'Load anew')}</a>
    </p>
    <p class="card call">
      ${say(lang, '遇险请立即拨打 110、119 或 120。', 'In danger call 110, 119 or 120 at once.')}
      <a class="button" href="/public/report?lang=${lang}">${say(lang, '报告险情', 'Report a danger')}</a>
    </p>
    ${places(snapshot.alerts, area, lang)} ${inForce(warnings, lang)} ${shelters(snapshot.shelters.filter(isNear), lang)}
    ${advice(warnings, lang)} ${needs(releases, lang)} ${latest(releases, lang)} ${ended(near, lang)}`
  const feeds = (['atom', 'rss'] as const).map((kind) => ({
    type: `application/${kind}+xml`,
    href: `/public/alerts.${kind}?${query}`,
    title: `${kind === 'atom' ? 'Atom' : 'RSS'}: ${title}`,
  }))
  const foot = html`<p>
    ${say(lang, '供机器读取：', 'For machines: ')}
    <a href="/public/alerts.atom?${query}">Atom</a> · <a href="/public/alerts.rss?${query}">RSS</a> ·
    <a href="/public/alerts.json?${query}">JSON</a> ·
    <a href="/public/alerts/certificate.pem">${say(lang, '签名证书', 'signing certificate')}</a>
  </p>`
  return page({ lang, title, body, url: `/public?${query}`, feeds, foot })
}

const gravity = ({ colour }: PublicAlert): number => (colour === null ? 5 : colourLevel(colour))
/** Day and minute; the head of the page says by which clock. */
const time = (ms: number, lang: Language): string =>
  new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, {
    timeZone: ZONE,
    month: lang === 'en' ? 'short' : 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(ms)
const cut = (text: string, most = TEXT_MAX): string => (text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`)
const sizeOf = ({ text }: Html): number => Buffer.byteLength(text)

let names: ReadonlyMap<string, Words> | null = null
function nameOf(code: string, lang: Language): string {
  names ??= new Map(divisionPackage().divisions.map(({ code: one, name }) => [one, name]))
  return names.get(code)?.[lang] ?? code
}

/** As many as fit into so many bytes; how many were left out. */
function fitting<T>(
  all: readonly T[],
  bytes: number,
  make: (one: T) => Html,
): { readonly made: readonly Html[]; readonly left: readonly T[] } {
  const made: Html[] = []
  let used = 0
  for (const [i, one] of all.entries()) {
    const next = make(one)
    used += sizeOf(next)
    if (used > bytes) return { made, left: all.slice(i) }
    made.push(next)
  }
  return { made, left: [] }
}

/** Provinces and counties that something is said for now, as plain links. */
function places(alerts: readonly PublicAlert[], area: string | null, lang: Language): Html | null {
  const codes = new Set(alerts.flatMap(({ codes: all }) => all.slice(0, 200).flatMap((code) => divisionPath(code))))
  const path = area === null ? [] : divisionPath(area)
  const top = path.includes(NATION) ? path : [...path, NATION]
  const shown = [
    ...new Set([
      ...top.toReversed(),
      ...[...codes]
        .filter((code) => code !== NATION && (area === null ? divisionLevel(code) === 'province' : covers(area, code)))
        .toSorted(),
    ]),
  ]
  if (shown.length < 2) return null
  const link = (code: string): Html =>
    html`<li>
      <a href="/public?${code === NATION ? '' : `area=${code}&`}lang=${lang}" ${(area ?? NATION) === code && html`aria-current="true"`}
        >${code === NATION ? say(lang, '全部地区', 'Everywhere') : nameOf(code, lang)}</a
      >
    </li> `
  return html`<nav aria-label="${say(lang, '地区', 'Areas')}">
    <ul class="places">
      ${shown.slice(0, PLACES_MAX).map(link)}
    </ul>
  </nav>`
}

export function sign(level: Level): Html {
  return html`<svg class="sign sign-${level}" viewBox="0 0 24 24" width="48" height="48" aria-hidden="true">
    <path d="${SHAPES[level]}" />
    <path d="${STROKES[level]}" />
  </svg>`
}

function inForce(warnings: readonly PublicAlert[], lang: Language): Html {
  const head = html`<h2>${say(lang, '生效中的预警', 'Warnings in force')}${warnings.length > 0 && ` · ${warnings.length}`}</h2>`
  if (warnings.length === 0)
    return html`${head}
      <p class="card good">${say(lang, '目前没有生效中的预警。', 'No warning is in force at present.')}</p>`
  const { made, left } = fitting(warnings, FULL_BYTES, (one) => card(one, lang))
  const lines = fitting(left, TITLES_BYTES - FULL_BYTES, (one) => html`<li>${line(one, lang)}</li>`)
  return html`${head}${made}${
    lines.made.length > 0 &&
    html`<ul>
      ${lines.made}
    </ul>`
  }${
    lines.left.length > 0 &&
    html`<p>
      ${say(lang, `另有 ${lines.left.length} 条，请按地区查看或者使用下方的订阅。`, `${lines.left.length} more: choose an area, or use the feeds below.`)}
    </p>`
  }`
}

function line(alert: PublicAlert, lang: Language): Html {
  const [subject] = alert.digest.subjects
  const said = subject === undefined ? undefined : readFor(subject, lang)
  if (said === undefined) return html`${alert.identifier}`
  return html`<span lang="${said.language}"
    >${alert.colour !== null && `${NUMERALS[colourLevel(alert.colour)]} ${COLOURS[alert.colour][lang]} · `}${cut(titleOf(alert, said, lang), 120)}</span
  >`
}

function card(alert: PublicAlert, lang: Language): Html {
  const { colour, digest, others } = alert
  const blocks = digest.subjects.slice(0, 4).flatMap((subject) => readFor(subject, lang) ?? [])
  const [first] = blocks
  if (first === undefined) return html``
  const level = colour === null ? null : colourLevel(colour)
  const files = [{ id: alert.id, language: '' }, ...others]
  return html`<article class="card ${level !== null && 'warning'}" lang="${first.language}">
    ${level !== null && sign(level)}
    <h3>${cut(titleOf(alert, first, lang), 200)}</h3>
    ${colour !== null && level !== null && html`<p lang="${lang}"><span class="level level-${level}">${NUMERALS[level]} ${COLOURS[colour][lang]}</span></p>`}
    ${blocks.map((block) => html`<div>${blockOf(block, lang)}</div>`)}
    <p class="soft" lang="${lang}">
      ${first.senderName === '' ? alert.sender : first.senderName} ·
      ${files.map(({ id, language }) => html`<a href="${capPath(id)}">${say(lang, '原始报文', 'original message')}${language !== '' && ` (${language})`}</a> `)}
    </p>
  </article>`
}

function blockOf({ instruction, description, areas, onset, expires }: Said, lang: Language): Html {
  return html`${instruction !== '' && html`<p class="do words">${cut(instruction)}</p>`} ${areas !== '' && html`<p>${cut(areas, 200)}</p>`}
    <p class="soft" lang="${lang}">
      ${onset !== null && html`${say(lang, '自', 'From')} ${time(onset, lang)} `}${expires !== null && html`${say(lang, '至', 'until')} ${time(expires, lang)}`}
    </p>
    ${description !== '' && html`<p class="words">${cut(description)}</p>`}`
}

/** For each hazard that is warned of, at its gravest colour, what the templates tell everybody to do. */
function advice(warnings: readonly PublicAlert[], lang: Language): Html | null {
  const gravest = new Map<string, Colour | null>()
  for (const { hazard, colour } of warnings) if (hazard !== null && !gravest.has(hazard)) gravest.set(hazard, colour)
  const { templates } = alertPacks()
  const known = [...gravest].flatMap(([hazard, colour]) => {
    const template = templates.find(({ id }) => id === hazard)
    const lines = template === undefined ? [] : adviceOf(template, colour)
    return template === undefined || lines.length === 0 ? [] : [{ title: template.title, lines }]
  })
  const { made } = fitting(
    known,
    ADVICE_BYTES,
    ({ title, lines }) =>
      html`<section class="card">
        <h3>${title[lang]}</h3>
        <ul>
          ${lines.map((one) => html`<li>${one[lang]}</li>`)}
        </ul>
      </section>`,
  )
  return made.length === 0
    ? null
    : html`<h2>${say(lang, '怎样保护自己', 'How to protect yourself')}</h2>
        ${made}`
}

const adviceOf = ({ measures, precautions }: AlertTemplate, colour: Colour | null): readonly Words[] =>
  [...measures.filter(({ who }) => who === 'public'), ...precautions]
    .filter(({ at }) => at === undefined || (colour !== null && at.includes(colour)))
    .map(({ words }) => words)
    .filter((words) => !words['zh-CN'].includes('{'))
    .slice(0, 6)

function shelters(open: readonly PublicShelter[], lang: Language): Html | null {
  const { made, left } = fitting(
    open,
    SHELTERS_BYTES,
    ({ name, address, jurisdiction, asOfAt }) =>
      html`<li>
        <strong>${cut(name[lang], 120)}</strong> · ${nameOf(jurisdiction, lang)}${address !== '' && ` ${cut(address, 120)}`}
        <span class="soft">${say(lang, '核实于', 'as of')} ${time(Date.parse(asOfAt), lang)}</span>
      </li>`,
  )
  if (made.length === 0) return null
  return html`<h2>${say(lang, '已开放的应急避难场所', 'Emergency shelters that are open')}</h2>
    <section class="card">
      <ul>
        ${made}
      </ul>
      ${left.length > 0 && html`<p>${say(lang, `另有 ${left.length} 处`, `${left.length} more`)}</p>`}
    </section>`
}

function needs(releases: readonly PublicReleaseView[], lang: Language): Html | null {
  const open = releases.filter(({ kind, correctedBy }) => kind === 'needs' && correctedBy === null)
  const all = open.flatMap(({ needs: some, zone, publishedAt }) => some.map((need) => ({ need, zone, publishedAt })))
  const { made, left } = fitting(
    all,
    NEEDS_BYTES,
    ({ need: { what, quantity, where, until, note } }) =>
      html`<li>
        <strong>${what}</strong>${quantity !== null && ` ${quantity.value} ${quantity.unit.replaceAll(/[{}]/g, '')}`} ·
        ${where}${
          until !== null && ` · ${say(lang, '截至', 'until')} ${time(Date.parse(until), lang)}`
        }${note !== undefined && html` <span class="soft">${cut(note, 160)}</span>`}
      </li>`,
  )
  if (made.length === 0) return null
  const [newest] = open
  return html`<h2>${say(lang, '向社会公布的需求', 'Needs published to society')}</h2>
    <section class="card">
      <ul>
        ${made}
      </ul>
      ${left.length > 0 && html`<p>${say(lang, `另有 ${left.length} 项`, `${left.length} more`)}</p>`}
      ${newest !== undefined && html`<p class="soft">${say(lang, '公布于', 'Published')} ${time(Date.parse(newest.publishedAt), lang)}</p>`}
    </section>`
}

function latest(releases: readonly PublicReleaseView[], lang: Language): Html | null {
  const told = releases.filter(({ kind }) => kind !== 'needs')
  const { made } = fitting(told, RELEASES_BYTES, ({ kind, title, text, publishedAt, correctedBy, toBeCorrected }) => {
    const words = lang === 'en' ? (text.en ?? text['zh-CN']) : text['zh-CN']
    const state =
      correctedBy !== null
        ? say(lang, '已被更正，以更正为准', 'Corrected since: the correction holds')
        : toBeCorrected
          ? say(lang, '其中有数据已经变化，更正待发布', 'A figure in it has changed; a correction is to follow')
          : null
    return html`<article class="card">
      <h3>${KINDS[kind][lang]} · ${title}</h3>
      ${state !== null && html`<p class="soon">${state}</p>`}
      <p class="words">${cut(words)}</p>
      <p class="soft">${time(Date.parse(publishedAt), lang)}</p>
    </article>`
  })
  return made.length === 0
    ? null
    : html`<h2>${say(lang, '信息发布与更正', 'Releases and corrections')}</h2>
        ${made}`
}

function ended(alerts: readonly PublicAlert[], lang: Language): Html | null {
  const over = alerts.filter(({ warns }) => !warns).slice(0, ENDED_MAX)
  return over.length === 0
    ? null
    : html`<h2>${say(lang, '24 小时内解除或者取消', 'Lifted or cancelled within 24 hours')}</h2>
        <ul>
          ${over.map((one) => html`<li>${line(one, lang)} <span class="soft">${time(Date.parse(one.issuedAt), lang)}</span></li>`)}
        </ul>`
}
