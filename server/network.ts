/** How one organization stands to the others, how they deal with each other, and what forces a territory has. */
import type { FastifyInstance } from 'fastify'
import { forceRegister, pairsOf, reciprocity, relationOf } from '#core/directory/pair.ts'
import { DivisionCode } from '#core/place.ts'
import type { ForcesView, NetworkView, PairsView } from '#core/view/matrix.ts'
import type { TransactionSql } from './database.ts'
import { divisionNames, maybe, reference } from './present.ts'
import { look, malformed, notFound, type Desk, type Sight } from './room.ts'

const NEIGHBOURS_MAX = 2000
const AREAS_MAX = 2000
/** The first of these is the reply: a "no" answers, too. */
export const OBLIGATION_REPLIES: readonly string[] = ['obligation.accepted', 'obligation.declined', 'obligation.discharged']

/** `other` null: all of them together. Replies are medians in milliseconds. */
export type Dealing = {
  readonly other: string | null
  readonly openTo: number
  readonly openFrom: number
  readonly owedTo: number
  readonly owedFrom: number
  readonly replyToMs: number | null
  readonly replyFromMs: number | null
}

/** What passed between an organization and each other one, as far as the asker sees it: the sum first, then the busiest. */
export async function readDealings(sql: TransactionSql, of: string): Promise<readonly Dealing[]> {
  return sql<Dealing[]>`
    with owed as (
      select o.id, o.open, o.debtor = ${of} as outward, case when o.debtor = ${of} then o.creditor else o.debtor end as other, o.owed_at
      from obligation o where ${of} in (o.debtor, o.creditor) and o.debtor <> o.creditor
    ), answered as (
      select owed.*, (select extract(epoch from min(e.occurred_at) - owed.owed_at)::float8 * 1000 from event e
                      where e.stream = 'obligation/' || owed.id
                        and e.type = any(${OBLIGATION_REPLIES as string[]})) as reply
      from owed
    )
    select other,
      count(*) filter (where outward and open)::int as "openTo", count(*) filter (where not outward and open)::int as "openFrom",
      count(*) filter (where outward)::int as "owedTo", count(*) filter (where not outward)::int as "owedFrom",
      percentile_cont(0.5) within group (order by reply) filter (where outward) as "replyToMs",
      percentile_cont(0.5) within group (order by reply) filter (where not outward) as "replyFromMs"
    from answered group by grouping sets ((), (other)) order by other is not null, count(*) desc, other limit ${NEIGHBOURS_MAX + 1}`
}

function known(sight: Sight, of: unknown): string {
  if (typeof of !== 'string' || sight.scene.relations.find(of) === null) throw notFound('organization.unknown')
  return of
}

function networkOf({ scene }: Sight, of: string, [total, ...rows]: readonly Dealing[]): NetworkView {
  const dealings = rows.flatMap(({ other, ...row }) => (other === null ? [] : { other, ...row }))
  return {
    of: reference(scene, of),
    neighbours: dealings.map((row) => ({
      ...row,
      other: reference(scene, row.other),
      sector: scene.relations.find(row.other)?.sector ?? null,
      relation: relationOf(scene.relations, of, row.other),
      reciprocity: reciprocity(row.owedTo, row.owedFrom),
    })),
    openTo: total?.openTo ?? 0,
    openFrom: total?.openFrom ?? 0,
    replyToMs: total?.replyToMs ?? null,
    replyFromMs: total?.replyFromMs ?? null,
    mutual: dealings.length === 0 ? null : dealings.filter((one) => one.owedTo > 0 && one.owedFrom > 0).length / dealings.length,
  }
}

/** GET /api/directory/pairs, /network: of one organization; /forces: of one territory. */
export function networkRoutes(app: FastifyInstance, desk: Desk): void {
  app.get<{ Querystring: { of?: string } }>('/api/directory/pairs', async (request): Promise<PairsView> => {
    const sight = await look(desk, request)
    const of = known(sight, request.query.of)
    const { scene } = sight
    return {
      of: reference(scene, of),
      pairs: pairsOf(scene.relations, of).map((pair) => ({
        ...pair,
        other: reference(scene, pair.other),
        common: maybe(scene, pair.common),
      })),
    }
  })

  app.get<{ Querystring: { of?: string } }>('/api/directory/network', async (request): Promise<NetworkView> => {
    const sight = await look(desk, request)
    const of = known(sight, request.query.of ?? sight.asker.viewer.organizationId)
    return networkOf(sight, of, await sight.read((sql) => readDealings(sql, of)))
  })

  app.get<{ Querystring: { area?: string } }>('/api/directory/forces', async (request): Promise<ForcesView> => {
    const { scene, read, asker } = await look(desk, request)
    const area = DivisionCode.safeParse(request.query.area ?? asker.viewer.jurisdiction ?? '100000')
    if (!area.success) throw malformed([{ path: ['area'], message: 'not a division code' }])
    const { relations } = scene
    const register = forceRegister(relations, area.data)
    const codes = [...new Set([...relations.all()].flatMap((one) => one.jurisdiction ?? []))].toSorted().slice(0, AREAS_MAX)
    const ids = register.flatMap((group) => group.forces.map((force) => force.id))
    return read(async (sql) => {
      const [divisionOf, posts] = await Promise.all([
        divisionNames(sql, [...codes, area.data]),
        sql<
          { id: string; count: number }[]
        >`select organization_id as id, count(*)::int as count from post where organization_id = any(${ids}) group by 1`,
      ])
      const countOf = new Map(posts.map((row) => [row.id, row.count]))
      return {
        area: divisionOf(area.data),
        areas: codes.map(divisionOf),
        groups: register.map(({ group, forces }) => ({
          group,
          forces: forces.map(({ id, place }) => {
            const entry = relations.find(id)
            const territory = entry?.jurisdiction ?? null
            return {
              organization: reference(scene, id),
              sector: entry?.sector ?? '',
              functions: entry?.functions ?? [],
              territory: territory === null ? null : divisionOf(territory),
              place,
              posts: countOf.get(id) ?? 0,
            }
          }),
        })),
      }
    })
  })
}
