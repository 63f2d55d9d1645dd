import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { may } from '#core/authority.ts'
import { type Consultation, latestOf } from '#core/consultation.ts'
import { Slug, Uuid } from '#core/id.ts'
import { DivisionCode } from '#core/place.ts'
import { between } from '#core/time.ts'
import type { ConsultationsView, ConsultationSummary, ConsultationView, SuggestionsView } from '#core/view/consultation.ts'
import type { TransactionSql } from '../database.ts'
import { basisView, divisionNames, reference, type Division, type Scene } from '../present.ts'
import { idOf, look, notFound, parse, type Desk } from '../room.ts'
import { heardColumns, readBoard, type Heard } from './read.ts'
import { detailOf } from './detail.ts'
import { suggest } from './suggest.ts'

const OPEN_MAX = 100
const ENDED_MAX = 100

const ListQuery = z.object({ incident: z.optional(Uuid) })
const SuggestQuery = z.object({ hazard: Slug, jurisdiction: DivisionCode })

/** What the asker sees beside what everybody knows; null where policies keep the rest from him. */
type Row = Heard & {
  readonly incidentTitle: string | null
  readonly zone: string | null
  readonly inside: boolean
  readonly answered: boolean
  readonly party: boolean
}

/** GET /api/consultations: the open ones, those that ended last, and how often what is required was done. */
export function consultationRoutes(app: FastifyInstance, desk: Desk): void {
  suggestionRoutes(app, desk)
  app.get('/api/consultations', async (request): Promise<ConsultationsView> => {
    const { read, scene } = await look(desk, request)
    const query = parse(ListQuery, request.query)
    const within = query.incident ?? null
    return read(async (sql) => {
      const about = within === null ? sql`true` : sql`k.incident_id = ${within}`
      const [open, ended, board] = await Promise.all([
        rows(sql, scene, sql`k.ended_at is null and ${about} order by k.starts_at, k.id limit ${OPEN_MAX}`),
        rows(sql, scene, sql`k.ended_at is not null and ${about} order by k.ended_at desc, k.id limit ${ENDED_MAX + 1}`),
        readBoard(sql, scene.now, within),
      ])
      const shown = [...open, ...ended.slice(0, ENDED_MAX)]
      const place = await divisionNames(
        sql,
        [...shown, ...board.owed].map((one) => one.jurisdiction),
      )
      return {
        consultations: shown.map((row) => summaryOf(scene, row, place)),
        shares: board.shares,
        owed: board.owed.map(({ incidentId, title, jurisdiction, hazard, colour, at, state }) => ({
          incidentId,
          title,
          jurisdiction: place(jurisdiction),
          hazard,
          colour,
          at,
          state,
        })),
        left: ended.length > ENDED_MAX,
      }
    })
  })

  app.get<{ Params: { id: string } }>('/api/consultations/:id', async (request): Promise<ConsultationView> => {
    const { read, scene } = await look(desk, request)
    const id = idOf(request, 'consultation.unknown')
    return read(async (sql) => {
      const [[row], [kept]] = await Promise.all([
        rows(sql, scene, sql`k.id = ${id}`),
        sql<{ state: Consultation }[]>`select state from consultation where id = ${id}`,
      ])
      if (row === undefined) throw notFound('consultation.unknown')
      const codes = kept === undefined ? [] : kept.state.forecasts.flatMap((one) => one.divisions)
      const place = await divisionNames(sql, [row.jurisdiction, ...codes])
      const detail = kept === undefined ? null : await detailOf(sql, scene, id, kept.state, place)
      return { ...summaryOf(scene, row, place), detail }
    })
  })
}

/** GET /api/consultations/suggestions: whom to ask about a hazard in a place. */
function suggestionRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/consultations/suggestions', async (request): Promise<SuggestionsView> => {
    const { scene } = await look(desk, request)
    const { hazard, jurisdiction } = parse(SuggestQuery, request.query)
    const { actor } = scene.doer
    const convener = actor.kind === 'post' ? actor.organizationId : null
    const found = suggest(scene.instruments.bindingOn(scene.now.slice(0, 10)), scene.relations, { hazard, jurisdiction, convener })
    await scene.instruments.load(found.flatMap((one) => one.basis ?? []))
    const refusal = may(scene.doer, 'consultation.convene', { jurisdiction, parties: [] }, scene.relations)
    return {
      suggestions: found.map(({ organization, basis, ...one }) => ({
        ...one,
        organization: reference(scene, organization),
        basis: basis === null ? null : basisView(scene, basis, false),
      })),
      refusal: refusal === null ? null : { code: refusal.code, params: refusal.params },
    }
  })
}

async function rows(sql: TransactionSql, scene: Scene, where: ReturnType<TransactionSql>): Promise<readonly Row[]> {
  const { actor } = scene.doer
  const own = actor.kind === 'post' ? actor.organizationId : null
  const found = await sql<(Row & { readonly said: Pick<Consultation, 'answers' | 'statements'> | null })[]>`
    select ${heardColumns(sql)}, i.title as "incidentTitle", i.zone, c.id is not null as inside, coalesce(${own}::uuid = any(c.parties), false) as party,
      case when c.id is null or k.ended_at is not null then null
           else jsonb_build_object('answers', c.state -> 'answers', 'statements', c.state -> 'statements') end as said
    from consultation_known k left join consultation c on c.id = k.id left join incident i on i.id = k.incident_id
    where ${where}`
  return found.map(({ said, ...row }) => ({
    ...row,
    answered: said !== null && own !== null && (latestOf(said.answers).has(own) || latestOf(said.statements).has(own)),
  }))
}

function summaryOf(scene: Scene, row: Row, place: (code: string) => Division): ConsultationSummary {
  const { answered, party, convener, ...known } = row
  const { actor } = scene.doer
  const holds = actor.kind === 'post' && actor.organizationId === convener
  const open = known.endedAt === null
  return {
    ...known,
    jurisdiction: place(row.jurisdiction),
    convener: reference(scene, convener),
    lead: known.onset === null || known.concludedAt === null ? null : between(known.concludedAt, known.onset),
    mine: holds ? 'convener' : !party ? null : answered || !open ? 'answered' : 'asked',
  }
}
