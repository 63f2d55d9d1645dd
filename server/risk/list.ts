/** The register as lists: by kind and territory, by a part of the name, and near a point. All bounded, all on an index. */
import { z } from 'zod/mini'
import { Slug, Uuid } from '#core/id.ts'
import { DivisionCode } from '#core/place.ts'
import { boxesAround, gramsOf, RiskKind, searchable, SiteKind } from '#core/risk.ts'
import type { RiskListView } from '#core/view/risk.ts'
import type { TransactionSql } from '../database.ts'
import type { Scene } from '../present.ts'
import { columns, divisionsOf, riskSummary, type RiskRow } from './view.ts'

const PAGE = 50
const NEAR_MAX = 100
/** Candidates of the boxes that are measured for the nearest hundred. */
const BOX_MAX = 1000
const KM_MAX = 50

const Flag = z.optional(z.enum(['1']))

export const ListQuery = z.object({
  kind: z.optional(RiskKind),
  siteKind: z.optional(SiteKind),
  hazard: z.optional(Slug),
  jurisdiction: z.optional(DivisionCode),
  status: z.optional(z.enum(['open', 'closed', 'all'])),
  /** `ours`: which the asker owns, regulates or answers. */
  whose: z.optional(z.enum(['ours', 'all'])),
  stale: Flag,
  unowned: Flag,
  incident: z.optional(Uuid),
  q: z.optional(z.string().check(z.maxLength(100))),
  cursor: z.optional(z.string().check(z.regex(/^\d{1,16}~[0-9a-f-]{36}$/))),
})
export type ListQuery = z.infer<typeof ListQuery>

/** What lies in a territory, by the digits that its code leaves open. */
export const within = (sql: TransactionSql, code: string) => {
  if (code === '100000') return sql`true`
  const stem = code.endsWith('0000') ? code.slice(0, 2) : code.endsWith('00') ? code.slice(0, 4) : code
  return sql`r.jurisdiction between ${stem.padEnd(6, '0')} and ${stem.padEnd(6, '9')}`
}

/** Newest first, 50 at a time. */
export async function readRisks(sql: TransactionSql, scene: Scene, query: ListQuery, own: string): Promise<RiskListView> {
  const { kind, siteKind, hazard, jurisdiction, status = 'open', whose = 'all', stale, unowned, incident, q, cursor } = query
  const [ms, id] = cursor?.split('~') ?? []
  const conditions = [
    status === 'all' ? sql`true` : status === 'open' ? sql`r.open` : sql`not r.open`,
    kind === undefined ? sql`true` : sql`r.kind = ${kind}`,
    siteKind === undefined ? sql`true` : sql`r.site_kind = ${siteKind}`,
    hazard === undefined ? sql`true` : sql`r.hazards @> ${[hazard]}`,
    jurisdiction === undefined ? sql`true` : within(sql, jurisdiction),
    whose === 'all' ? sql`true` : sql`${own} in (r.owner, r.regulator, r.responder)`,
    stale === undefined ? sql`true` : sql`r.open and r.fresh_until < ${scene.now}`,
    unowned === undefined ? sql`true` : sql`r.open and r.gaps && ${['no-owner', 'no-regulator', 'no-responder']}`,
    incident === undefined ? sql`true` : sql`r.incidents @> ${[incident]}::uuid[]`,
    q === undefined || q.trim() === '' ? sql`true` : saysSo(sql, q),
    ms === undefined || id === undefined
      ? sql`true`
      : sql`(r.registered_at, r.id) < (${new Date(Number(ms)).toISOString()}::timestamptz, ${id}::uuid)`,
  ]
  const where = conditions.reduce((all, one) => sql`${all} and ${one}`)
  const rows = await sql<RiskRow[]>`
    select ${columns(sql)} from risk r where ${where} order by r.registered_at desc, r.id desc limit ${PAGE + 1}`
  const shown = rows.slice(0, PAGE)
  const division = await divisionsOf(sql, shown)
  const last = shown.at(-1)
  return {
    rows: shown.map((row) => riskSummary(scene, row, division)),
    next: rows.length > PAGE && last !== undefined ? `${String(last.registered_at.getTime())}~${last.id}` : null,
  }
}

/** Every word of the question stands somewhere in the name or the address; the pairs of letters find, the text decides. */
function saysSo(sql: TransactionSql, q: string) {
  const words = searchable(q).split(' ').slice(0, 8)
  const grams = [...new Set(words.flatMap((word) => gramsOf(word)))]
  const found = grams.length === 0 ? sql`true` : sql`r.grams @> ${grams}`
  return words.reduce((all, word) => sql`${all} and position(${word} in r.search) > 0`, found)
}

const degrees = (max: number) =>
  z.pipe(z.string().check(z.regex(/^-?\d{1,3}(?:\.\d{1,10})?$/)), z.pipe(z.transform(Number), z.number().check(z.gte(-max), z.lte(max))))
export const NearQuery = z.object({
  lon: degrees(180),
  lat: degrees(90),
  km: z.optional(
    z.pipe(z.string().check(z.regex(/^\d{1,2}(?:\.\d{1,3})?$/)), z.pipe(z.transform(Number), z.number().check(z.gt(0), z.lte(KM_MAX)))),
  ),
})

/** What lies around a point, nearest first, at most 100 within at most 50 km. */
export async function readNear(sql: TransactionSql, scene: Scene, { lon, lat, km = 5 }: z.infer<typeof NearQuery>): Promise<RiskListView> {
  const from = { lon, lat }
  const narrow = Math.cos((lat * Math.PI) / 180)
  const found: RiskRow[] = []
  for (const { west, south, east, north } of boxesAround(from, km * 1000))
    found.push(
      ...(await sql<RiskRow[]>`
        select ${columns(sql)} from risk r
        where r.open and r.lat between ${south} and ${north} and r.lon between ${west} and ${east}
        order by power(r.lat - ${lat}, 2) + power((r.lon - ${lon}) * ${narrow}, 2), r.id limit ${BOX_MAX}`),
    )
  const division = await divisionsOf(sql, found)
  const rows = found
    .map((row) => riskSummary(scene, row, division, from))
    .filter(({ metres }) => metres !== null && metres <= km * 1000)
    .toSorted((a, b) => (a.metres ?? 0) - (b.metres ?? 0))
    .slice(0, NEAR_MAX)
  return { rows, next: null }
}
