import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import {
  awaiting,
  cellOf,
  intake,
  IntakeCommand,
  intakeParties,
  intakeThing,
  isUnhandled,
  proposalsFor,
  statusOf,
  type IntakeEvent,
  type Report,
  type Sighting,
} from '#core/intake.ts'
import type { IntakeNumbers, IntakeSummary, ProposalView } from '#core/view/intake.ts'
import type { TransactionSql } from './database.ts'
import { candidatesFor } from './intake/candidates.ts'
import { detailRoute } from './intake/detail.ts'
import { fileRoutes } from './intake/file.ts'
import { mediaRoute } from './intake/media.ts'
import { prepareIntake } from './intake/prepare.ts'
import { proposalViews, summaryOf, type ReportRow } from './intake/summary.ts'
import { oneRow, type Keeping } from './keeping.ts'
import type { Scene } from './present.ts'
import { look, parse, type Desk } from './room.ts'

export const intakeKeeping: Keeping<Report | null, IntakeCommand, IntakeEvent> = {
  room: 'intake',
  decider: intake,
  parse: (body) => IntakeCommand.safeParse(body),
  thing: (state) => intakeThing(state),
  incidentOf: (_, state, command) => (command.type === 'intake.link' ? command.incidentId : (state?.incidentId ?? null)),
  prepare: prepareIntake,
  ...oneRow<Report>('intake', {
    number: ['text', (state) => state.number],
    status: ['text', statusOf],
    verification: ['text', (state) => state.verification],
    channel: ['text', (state) => state.channel],
    haste: ['text', (state) => state.haste],
    hazard: ['text', (state) => state.hazard],
    jurisdiction: ['text', (state) => state.jurisdiction],
    handler: ['uuid', (state) => state.handler],
    parties: ['uuid[]', intakeParties],
    incident_id: ['uuid', (state) => state.incidentId],
    merged_into: ['uuid', (state) => state.mergedInto],
    unhandled: ['boolean', isUnhandled],
    awaiting: ['uuid', (state) => awaiting(state)?.to ?? null],
    proposed: ['uuid[]', (state) => state.proposals.map((one) => one.id).filter((one) => !state.apart.includes(one))],
    lat: ['double precision', (state) => state.place.lat],
    lon: ['double precision', (state) => state.place.lon],
    cell: ['integer', (state) => cellIn(state)],
    original_at: ['timestamptz', (state) => state.originalAt],
    entered_at: ['timestamptz', (state) => state.enteredAt],
    first_handled_at: ['timestamptz', (state) => state.firstHandledAt],
    closed_at: ['timestamptz', (state) => state.closedAt],
    contact_id: ['uuid', (state) => state.contactId],
    code_hash: ['text', (state) => state.codeHash],
    media: ['text[]', picturesOf],
  }),
}

const cellIn = ({ place: { lat, lon } }: Report): number | null => (lat === null || lon === null ? null : cellOf({ lat, lon }))

function picturesOf({ forgottenAt, media, additions }: Report): readonly string[] {
  return forgottenAt === null ? [...media, ...additions.flatMap((one) => one.media)].map(({ hash }) => hash) : []
}

const LIST_MAX = 100
const DAYS = 30

export const Filter = z.enum(['all', 'unhandled', 'duplicates', 'awaiting', 'mine'])
const ListQuery = z.object({
  filter: z.optional(Filter),
  /** Entered before this instant, for the next page. */
  before: z.optional(z.iso.datetime()),
})

/** Reports that the asker may see, newest first, at most 100 a page. `mine`: for us to handle, or passed on to us. */
async function readList(
  sql: TransactionSql,
  scene: Scene,
  query: z.infer<typeof ListQuery>,
  own: string,
): Promise<readonly IntakeSummary[]> {
  const { filter = 'all', before } = query
  const wanted = {
    all: sql`true`,
    unhandled: sql`i.unhandled`,
    duplicates: sql`i.proposed <> '{}' and i.merged_into is null and i.closed_at is null`,
    awaiting: sql`i.awaiting is not null`,
    mine: sql`i.merged_into is null and i.closed_at is null and (i.handler = ${own} or i.awaiting = ${own})`,
  }[filter]
  const rows = await sql<ReportRow[]>`
    select i.id, i.state, n.number as "incidentNumber" from intake i left join incident n on n.id = i.incident_id
    where ${wanted} and ${before === undefined ? sql`true` : sql`i.entered_at < ${before}`}
    order by i.entered_at desc, i.id limit ${LIST_MAX}`
  return rows.map((row) => summaryOf(scene, row))
}

async function readNumbers(sql: TransactionSql, now: string): Promise<IntakeNumbers> {
  const [row] = await sql<
    {
      entered: number
      unhandled: number
      awaiting: number
      duplicates: number
      verified: number
      handled: number
      p50: number | null
      p90: number | null
    }[]
  >`
    select count(*)::int as entered, count(*) filter (where unhandled)::int as unhandled, count(*) filter (where awaiting is not null)::int as awaiting,
      count(*) filter (where merged_into is not null)::int as duplicates, count(*) filter (where verification = 'verified')::int as verified,
      count(first_handled_at)::int as handled,
      percentile_cont(0.5) within group (order by extract(epoch from first_handled_at - entered_at))::float8 as p50,
      percentile_cont(0.9) within group (order by extract(epoch from first_handled_at - entered_at))::float8 as p90
    from intake where entered_at > ${now}::timestamptz - make_interval(days => ${DAYS})`
  const { entered = 0, unhandled = 0, awaiting: asked = 0, duplicates = 0, verified = 0, handled = 0, p50 = null, p90 = null } = row ?? {}
  // A duplicate stands or falls with what it was merged into.
  const apart = entered - duplicates
  return {
    days: DAYS,
    entered,
    unhandled,
    awaiting: asked,
    duplicates,
    duplicateShare: entered === 0 ? null : duplicates / entered,
    verifiedShare: apart === 0 ? null : Math.min(1, verified / apart),
    firstHandling: p50 === null || p90 === null ? null : { p50, p90, count: handled },
  }
}

const Near = z.object({
  text: z.string().check(z.maxLength(500)),
  place: z.optional(z.string().check(z.maxLength(200))),
  lat: z.optional(z.coerce.number().check(z.gte(-90), z.lte(90))),
  lon: z.optional(z.coerce.number().check(z.gte(-180), z.lte(180))),
  hazard: z.optional(z.string().check(z.maxLength(64))),
  at: z.optional(z.iso.datetime()),
})

/** What a report that is being typed may be the same as; the same bounded work as when it is taken down. */
async function readNear(
  sql: TransactionSql,
  scene: Scene,
  near: z.infer<typeof Near>,
  jurisdiction: string,
): Promise<readonly ProposalView[]> {
  const { text, place, lat = null, lon = null, hazard = null, at = scene.now } = near
  const point = lat === null || lon === null ? { lat: null, lon: null } : { lat, lon }
  const sighting: Sighting = {
    id: '00000000-0000-0000-0000-000000000000',
    text,
    place: { name: place ?? null, ...point },
    hazard,
    at: new Date(at).toISOString(),
  }
  const found = proposalsFor(sighting, await candidatesFor(sql, sighting, jurisdiction))
  return proposalViews(sql, scene, found)
}

export function intakeRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/intakes', async (request) => {
    const { read, scene, asker } = await look(desk, request)
    const query = parse(ListQuery, request.query)
    return read((sql) => readList(sql, scene, query, asker.viewer.organizationId))
  })
  app.get('/api/intakes/numbers', async (request) => {
    const { read, scene } = await look(desk, request)
    return read((sql) => readNumbers(sql, scene.now))
  })
  app.get('/api/intakes/near', async (request) => {
    const { read, scene, asker } = await look(desk, request)
    const near = parse(Near, request.query)
    const jurisdiction = asker.viewer.jurisdiction
    return jurisdiction === null ? [] : read((sql) => readNear(sql, scene, near, jurisdiction))
  })
  fileRoutes(app, desk)
  mediaRoute(app, desk)
  detailRoute(app, desk)
}
