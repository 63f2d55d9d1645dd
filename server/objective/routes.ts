import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { may } from '#core/authority.ts'
import { refuse } from '#core/decider.ts'
import { Uuid } from '#core/id.ts'
import type { Incident } from '#core/incident.ts'
import { alignment, ALIGNMENT_TARGET, flatten, type Alignment, type Branch, type Node } from '#core/objective/alignment.ts'
import { conflicts, type Conflict } from '#core/objective/calendar.ts'
import { objective, objectiveThing, type ObjectiveCommand } from '#core/objective.ts'
import type { ActionView } from '#core/view.ts'
import type { ConflictView, ObjectivesView, ObjectiveView, UnlinkedView } from '#core/view/objective.ts'
import type { TransactionSql } from '../database.ts'
import { readState } from '../keeping.ts'
import { incidentAbout } from '../objective.ts'
import { actionsOf, divisionNames, obligationView, reference, type Division, type ObligationRow, type Scene } from '../present.ts'
import { look, notFound, parse, type Desk, type Sight } from '../room.ts'

const OBJECTIVES_MAX = 2000
const YEARS_MAX = 50
const UNLINKED_MAX = 200

const ListQuery = z.object({ incident: z.optional(Uuid), year: z.optional(z.string().check(z.regex(/^\d{4}$/))) })

export function objectiveRoutes(app: FastifyInstance, desk: Desk): void {
  /** The tree of an incident, or of a year with every territory that the asker sees. */
  app.get<{ Querystring: Record<string, string> }>('/api/objectives', async (request): Promise<ObjectivesView> => {
    const sight = await look(desk, request)
    const { incident, year } = parse(ListQuery, request.query)
    return sight.read(async (sql) => {
      const years = await sql<{ year: number }[]>`
        select distinct year from objective where year is not null order by year desc limit ${YEARS_MAX}`
      const shown = Number(year ?? years[0]?.year ?? sight.scene.now.slice(0, 4))
      const of = incident === undefined ? null : await findIncident(sql, incident)
      const nodes = await sql<Node[]>`
        select id, state from objective where ${of === null ? sql`year = ${shown}` : sql`incident_id = ${incident ?? null}`}
        order by set_at, id limit ${OBJECTIVES_MAX}`
      const objectives = await views(sql, sight.scene, nodes, of)
      const { weight, share, unlinked } = alignment(nodes)
      return {
        objectives,
        alignment: { weight, share, target: ALIGNMENT_TARGET, unlinked: unlinked.length },
        conflicts: conflicts(nodes).map((one) => conflictView(sight.scene, one)),
        years: years.map((row) => row.year),
        set: settable(sight, of),
      }
    })
  })

  /** Obligations that serve no objective (S0-11): of one incident, or of all that are open. */
  app.get<{ Querystring: Record<string, string> }>('/api/objectives/unlinked', async (request): Promise<UnlinkedView> => {
    const { read, scene } = await look(desk, request)
    const { incident } = parse(ListQuery, request.query)
    return read(async (sql) => {
      if (incident !== undefined) await findIncident(sql, incident)
      const among = sql`o.open and i.status <> 'merged' and ${incident === undefined ? sql`i.closed_at is null` : sql`i.id = ${incident}`}`
      const serves = sql`exists (select 1 from objective a where a.id = o.objective_id and a.status <> 'dropped')`
      const from = sql`from obligation o join incident i on i.id = o.incident_id`
      const [counts] = await sql<{ total: number; linked: number }[]>`
        select count(*)::int as total, count(*) filter (where ${serves})::int as linked ${from} where ${among}`
      const rows = await sql<ObligationRow[]>`
        select o.id, i.title, o.state ${from} where ${among} and not ${serves} order by o.due_at nulls last, o.id limit ${UNLINKED_MAX}`
      const functions = await sql<{ name: string }[]>`
        select distinct o.state ->> 'function' as name ${from} where ${among} and not ${serves} order by 1 limit ${UNLINKED_MAX}`
      return {
        linked: counts?.linked ?? 0,
        total: counts?.total ?? 0,
        obligations: rows.map((row) => obligationView(scene, row)),
        functions: functions.map(({ name }) => name),
      }
    })
  })
}

async function findIncident(sql: TransactionSql, id: string): Promise<Incident> {
  const incident = await readState<Incident>(sql, 'incident', id)
  if (incident === null) throw notFound('incident.unknown')
  return incident
}

type Serving = { readonly id: string; readonly open: number; readonly late: number; readonly done: number }
const NOBODY_SERVES = { open: 0, late: 0, done: 0 }

async function views(sql: TransactionSql, scene: Scene, nodes: readonly Node[], of: Incident | null): Promise<readonly ObjectiveView[]> {
  const ids = nodes.map(({ id }) => id)
  const [divisionOf, serving] = await Promise.all([
    divisionNames(
      sql,
      nodes.map(({ state }) => state.jurisdiction),
    ),
    sql<Serving[]>`
      select objective_id as id, count(*) filter (where open)::int as open,
        count(*) filter (where open and lapsed_at is not null)::int as late, count(*) filter (where not open)::int as done
      from obligation where objective_id = any(${ids}) group by 1`,
  ])
  const counts = new Map(serving.map(({ id, open, late, done }) => [id, { open, late, done }]))
  const aligned = alignment(nodes)
  return flatten(nodes).map((branch) => view(scene, branch, aligned, divisionOf, counts.get(branch.node.id) ?? NOBODY_SERVES, of))
}

function view(
  scene: Scene,
  { node: { id, state }, depth }: Branch,
  aligned: Alignment,
  divisionOf: (code: string) => Division,
  serving: ObjectiveView['serving'],
  of: Incident | null,
): ObjectiveView {
  const { endedAt: _, ...said } = state
  return {
    ...said,
    id,
    depth,
    jurisdiction: divisionOf(state.jurisdiction),
    owner: reference(scene, state.owner),
    linked: aligned.linked.includes(id),
    shared: aligned.shared.includes(id),
    serving,
    actions: actions(scene, { id, state }, of),
  }
}

function actions(scene: Scene, { state }: Node, of: Incident | null): readonly ActionView[] {
  const { title, measure, target, weight, owner, functions, schedule, budget, fund, needs, dependsOn, period } = state
  const content = { title, measure, target, weight, owner, functions, schedule, budget, fund, needs, dependsOn, period }
  const samples: readonly ObjectiveCommand[] = [
    { type: 'objective.revise', ...content },
    { type: 'objective.link', parent: null },
    { type: 'objective.achieve', evidence: 'x' },
    { type: 'objective.drop', reason: 'x' },
  ]
  const about = of === null ? {} : incidentAbout(of, state.jurisdiction)
  return samples.flatMap((sample) => actionsOf(scene, objective, state, { ...objectiveThing(state, sample), ...about }, [sample]))
}

/** Whether the asker may set an objective of its own here. */
function settable({ scene, asker }: Sight, of: Incident | null): ActionView {
  const own = asker.viewer.organizationId
  const jurisdiction = of?.jurisdiction ?? asker.viewer.jurisdiction
  const thing = { jurisdiction, owner: own, parties: [own], ...(of === null ? {} : incidentAbout(of, of.jurisdiction)) }
  const no = scene.readOnly ? refuse('exercise.read-only') : may(scene.doer, 'objective.set', thing, scene.relations)
  return { command: 'objective.set', refusal: no === null ? null : { code: no.code, params: no.params } }
}

function conflictView(scene: Scene, one: Conflict): ConflictView {
  const found = one.over === null ? null : scene.relations.find(one.over)
  return { ...one, organization: found === null ? null : reference(scene, found.id) }
}
