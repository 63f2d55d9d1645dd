/** Pictures that came with reports: kept by the hash of what is kept of them, shown only to whoever sees the report. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { may } from '#core/authority.ts'
import { refuse } from '#core/decider.ts'
import { intakeThing, MEDIA_MAX, MediumKind, type Medium } from '#core/intake.ts'
import { fromMs } from '#core/time.ts'
import type { PictureView } from '#core/view/intake.ts'
import type { Sql } from '../database.ts'
import { look, Refused, type Desk } from '../room.ts'
import { pictureOf } from './image.ts'

/** Of one picture, and of all that are kept; beyond it reports are taken without their pictures. */
export const MEDIUM_MAX_BYTES = 8 * 1024 * 1024
const ALL_MAX_BYTES = 20 * 1024 * 1024 * 1024
const ORPHAN_AFTER_MS = 86_400_000
const SWEEP_MAX = 500

export type Kept = { readonly media: readonly Medium[]; readonly refused: number }

/** Keeps what of the files are pictures, at most three; how many were refused. The same picture is kept once. */
export async function keepMedia(sql: Sql, files: readonly Buffer[], now: number): Promise<Kept> {
  const given = files.filter((file) => file.length > 0)
  const pictures = given
    .slice(0, MEDIA_MAX)
    .map((file) => (file.length > MEDIUM_MAX_BYTES ? null : pictureOf(file)))
    .filter((one) => one !== null)
  if (pictures.length === 0 || (await isFull(sql))) return { media: [], refused: given.length }
  const media: Medium[] = []
  for (const { kind, content } of pictures) {
    const hash = createHash('sha256').update(content).digest('hex')
    await sql`
      insert into intake_medium (hash, kind, content, made_at) values (${hash}, ${kind}, ${content}, ${fromMs(now)})
      on conflict (hash) do update set made_at = excluded.made_at`
    if (!media.some((one) => one.hash === hash)) media.push({ hash, kind, bytes: content.length })
  }
  return { media, refused: given.length - pictures.length }
}

type Secret = (purpose: string) => Buffer

/** Names a picture to the organization that gave it: the hash alone, read somewhere, opens nothing. */
const voucherOf = (secret: Secret, organizationId: string, hash: string): string =>
  `${hash}.${createHmac('sha256', secret('intake picture')).update(`${organizationId}|${hash}`).digest('hex')}`

/** What the vouchers of an organization stand for and is still kept; a report is never refused for want of a picture. */
export async function picturesOf(
  sql: Sql,
  secret: Secret,
  organizationId: string,
  vouchers: readonly string[] = [],
): Promise<readonly Medium[]> {
  const hashes = [...new Set(vouchers)].flatMap((voucher) => {
    const [hash = ''] = voucher.split('.')
    const [given, own] = [Buffer.from(voucher), Buffer.from(voucherOf(secret, organizationId, hash))]
    return given.length === own.length && timingSafeEqual(given, own) ? [hash] : []
  })
  if (hashes.length === 0) return []
  const rows = await sql<Medium[]>`select hash, kind, octet_length(content) as bytes from intake_medium where hash = any(${hashes})`
  return hashes.flatMap((hash) => rows.find((row) => row.hash === hash) ?? [])
}

/** POST /api/intakes/media: one picture as it is, of a kind that pages of others cannot send; answers its voucher. */
export function mediaRoute(app: FastifyInstance, desk: Desk): void {
  void app.register(async (scope) => {
    scope.addContentTypeParser([...MediumKind.options], { parseAs: 'buffer', bodyLimit: MEDIUM_MAX_BYTES }, (_, body, done) =>
      done(null, body),
    )
    scope.post('/api/intakes/media', async (request): Promise<PictureView> => {
      const { asker, scene, world } = await look(desk, request)
      if (world.name !== 'real') throw new Refused(422, refuse('exercise.read-only'))
      const no = may(asker.doer, 'intake.take-down', intakeThing(null), scene.relations)
      if (no !== null) throw new Refused(403, no)
      const files = Buffer.isBuffer(request.body) ? [request.body] : []
      const [medium] = (await keepMedia(world.sql, files, world.clock.now())).media
      if (medium === undefined) throw new Refused(422, refuse('intake.picture-refused'))
      return { voucher: voucherOf((purpose) => world.secret(purpose), asker.viewer.organizationId, medium.hash) }
    })
  })
}

const isFull = async (sql: Sql): Promise<boolean> => {
  const [row] = await sql<{ bytes: string }[]>`select pg_total_relation_size('intake_medium') as bytes`
  return Number(row?.bytes ?? 0) > ALL_MAX_BYTES
}

export async function readMedium(sql: Sql, hash: string): Promise<{ readonly kind: string; readonly content: Buffer } | null> {
  const [row] = await sql<{ kind: string; content: Buffer }[]>`select kind, content from intake_medium where hash = ${hash}`
  return row ?? null
}

/** Those of the hashes that no other report still shows. */
export async function destroyMedia(sql: Sql, reportId: string, hashes: readonly string[]): Promise<void> {
  await sql`
    delete from intake_medium m where m.hash = any(${[...hashes]})
    and not exists (select from intake i where i.media @> array[m.hash] and i.id <> ${reportId})`
}

/** Pictures that no report refers to: of reports that were refused, or that have forgotten them. */
export async function sweepMedia(sql: Sql, now: number): Promise<void> {
  await sql`
    delete from intake_medium
    where hash in (select m.hash from intake_medium m
                   where m.made_at < ${fromMs(now - ORPHAN_AFTER_MS)} and not exists (select from intake i where i.media @> array[m.hash])
                   order by m.made_at limit ${SWEEP_MAX})`
}
