/** Reports in and out by file: GET /api/intakes/export?format=csv|json, POST /api/intakes/import {csv}. */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { may } from '#core/authority.ts'
import { Refusal } from '#core/decider.ts'
import { csvLine, readImport, type ImportRow } from '#core/intake/csv.ts'
import { intakeThing, proposalsFor } from '#core/intake.ts'
import type { ImportView, IntakeSummary } from '#core/view/intake.ts'
import { idFrom } from '../clock.ts'
import { look, parse, Refused, type Desk, type Sight } from '../room.ts'
import type { World } from '../world.ts'
import { Around } from './candidates.ts'
import { comparedWith, sightingOf } from './prepare.ts'
import { HOME_ZONE } from './receive.ts'
import { summaryOf, type ReportRow } from './summary.ts'

const EXPORT_MAX = 5000
const IMPORT_MAX_BYTES = 6 * 1024 * 1024
const AT_ONCE = 250
const HOME_OFFSET = '+08:00'

const Export = z.object({ format: z.optional(z.enum(['csv', 'json'])) })
const ImportBody = z.strictObject({ csv: z.string().check(z.maxLength(IMPORT_MAX_BYTES)) })

export function fileRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/intakes/export', async (request, reply) => {
    const { read, scene } = await look(desk, request)
    const query = parse(Export, request.query)
    const rows = await read(
      (sql) => sql<ReportRow[]>`
        select i.id, i.state, n.number as "incidentNumber" from intake i left join incident n on n.id = i.incident_id
        order by i.entered_at desc, i.id limit ${EXPORT_MAX}`,
    )
    const all = rows.map((row) => ({ ...summaryOf(scene, row), text: row.state.text }))
    const { format = 'csv' } = query
    void reply.header('content-disposition', `attachment; filename="reports.${format}"`)
    if (format === 'json') return reply.type('application/json; charset=utf-8').send({ schema: 'muster/reports/1', reports: all })
    return reply.type('text/csv; charset=utf-8').send(csvOf(all))
  })

  app.post('/api/intakes/import', { bodyLimit: IMPORT_MAX_BYTES }, async (request): Promise<ImportView> => {
    const sight = await look(desk, request)
    const { asker, scene, world } = sight
    const no =
      world.name === 'real' ? may(asker.doer, 'intake.take-down', intakeThing(null), scene.relations) : new Refusal('exercise.read-only')
    if (no !== null) throw new Refused(world.name === 'real' ? 403 : 422, no)
    const body = parse(ImportBody, request.body)
    const keyOf = (line: string): string => createHash('sha256').update(line).digest('hex').slice(0, 40)
    const found = readImport(body.csv, { zone: HOME_ZONE, offset: HOME_OFFSET, keyOf })
    return found.ok ? takeAll(sight, found.rows) : found
  })
}

type Identified = Pick<ImportRow, 'command'> & { readonly id: string }

/** Puts to each row, in the order of the file, what it may be the same as: reports of before and rows above it. */
async function comparing(world: World, own: string, rows: readonly Identified[]): Promise<(row: Identified) => ImportRow['command']> {
  const now = world.now()
  const territory = (await world.relations()).find(own)?.jurisdiction ?? null
  const sightings = rows.map(({ id, command }) => sightingOf(id, command, now))
  const around = territory === null ? null : await Around.read(world.sql, sightings, territory)
  return ({ id, command }) => {
    if (around === null) return command
    const of = sightingOf(id, command, now)
    const proposals = proposalsFor(of, around.near(of))
    around.add(of)
    return comparedWith(command, proposals)
  }
}

/** In the order of the file, some hundreds at a time; a row that was read before is known and not taken again. */
async function takeAll({ asker, world }: Sight, rows: readonly ImportRow[]): Promise<ImportView> {
  const own = asker.viewer.organizationId
  const all = rows.map((row) => ({ ...row, id: idFrom(`intake|csv|${own}|${row.key}`) }))
  const known = new Set(
    (await world.sql<{ id: string }[]>`select id from intake where id = any(${all.map((row) => row.id)}::uuid[])`).map((row) => row.id),
  )
  const wanted = all.filter((row) => !known.has(row.id))
  const compare = await comparing(world, own, wanted)
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const some = wanted.slice(at, at + AT_ONCE).map((row) => ({ id: row.id, command: compare(row) }))
    const outcomes = await Promise.all(
      some.map(({ id, command }) => world.handle({ room: 'intake', id, command, commandId: idFrom(`command|${id}`), doer: asker.doer })),
    )
    const refused = outcomes.find((one) => one instanceof Refusal)
    if (refused instanceof Refusal) throw new Refused(422, refused)
  }
  return { ok: true, rows: rows.length, taken: wanted.length, known: known.size }
}

const HEAD = [
  'number',
  'status',
  'verification',
  'when',
  'entered',
  'channel',
  'haste',
  'hazard',
  'place',
  'lat',
  'lon',
  'people',
  'text',
  'handler',
  'incident',
  'pictures',
] as const

/** Begins with the mark by which spreadsheets know UTF-8. How to call back is no part of it. */
const csvOf = (all: readonly IntakeSummary[]): string =>
  `\ufeff${csvLine(HEAD)}${all
    .map((one) =>
      csvLine([
        one.number,
        one.status,
        one.verification,
        one.originalAt,
        one.enteredAt,
        one.channel,
        one.haste,
        one.hazard,
        one.place.name,
        one.place.lat,
        one.place.lon,
        one.people,
        one.text,
        one.handler.name['zh-CN'],
        one.incident?.number ?? null,
        one.media,
      ]),
    )
    .join('')}`
