/** Public releases and rumours: kept, held against the facts, shown with their clocks. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { leadOf, may, type Thing } from '#core/authority.ts'
import { Refusal, refuse } from '#core/decider.ts'
import { Uuid } from '#core/id.ts'
import { incidentThing, type Incident } from '#core/incident.ts'
import { isOut, release, ReleaseCommand, releaseParties, releaseThing, type Known, type Release, type ReleaseEvent } from '#core/release.ts'
import type { ActionView } from '#core/view.ts'
import type { ReleasesView } from '#core/view/information.ts'
import type { Sql, TransactionSql } from './database.ts'
import type { Request } from './handle.ts'
import { readFacts, readIncidents } from './informed.ts'
import { oneRow, readState, type Keeping, type Preparing } from './keeping.ts'
import { readObligationViews } from './laid-down.ts'
import { maybe, type Scene } from './present.ts'
import { clocksOf, releaseView, rumourView, type ReleaseRow } from './release/view.ts'
import { look, parse, type Desk } from './room.ts'

export const releaseKeeping: Keeping<Release | null, ReleaseCommand, ReleaseEvent> = {
  room: 'release',
  decider: release,
  parse: (body) => ReleaseCommand.safeParse(body),
  thing: (state, command) => releaseThing(state, command),
  incidentOf: (_, state, command) => state?.incidentId ?? ('incidentId' in command ? command.incidentId : null),
  prepare,
  ...oneRow<Release>('release', {
    incident_id: ['uuid', (state) => state.incidentId],
    jurisdiction: ['text', (state) => state.jurisdiction],
    parties: ['uuid[]', releaseParties],
    kind: ['text', (state) => (state.sort === 'rumour' ? 'rumour' : state.kind)],
    status: ['text', (state) => (state.sort === 'release' ? state.status : state.correctedBy === null ? 'open' : 'corrected')],
    is_out: ['boolean', isOut],
    stirred_at: ['timestamptz', (state) => (state.sort === 'rumour' ? state.seenAt : (state.published ?? state.drafted).at)],
    published_at: ['timestamptz', (state) => (state.sort === 'rumour' ? null : (state.published?.at ?? null))],
  }),
}

/** The facts as they stand, what was released before, and who leads: only the server knows, so whatever was sent is replaced. */
async function prepare(request: Request, { sql, relations }: Preparing): Promise<Request | Refusal> {
  const command = request.command as ReleaseCommand
  const state = await readState<Release>(sql, 'release', request.id)
  const incidentId = 'incidentId' in command ? command.incidentId : state?.incidentId
  if (incidentId === undefined) return refuse('release.unknown')
  const incident = await readState<Incident>(sql, 'incident', incidentId)
  if (incident === null) return refuse('incident.unknown')
  const { jurisdiction, headquarters = null, lead = null, areas = [], parties: involved } = incidentThing(incident)
  const atFirst = command.type === 'release.draft' || command.type === 'release.note-rumour'
  // What is not out yet is no affair of whoever else takes part in the incident.
  const about: Partial<Thing> = { jurisdiction, headquarters, lead, areas, ...(atFirst ? { parties: involved } : {}) }
  const told = { ...request, about }
  if (command.type === 'release.note-rumour') {
    const noted: ReleaseCommand = { ...command, jurisdiction: incident.jurisdiction }
    return { ...told, command: noted }
  }
  if (!KNOWING.has(command.type)) return told
  const content = command.type === 'release.draft' || command.type === 'release.revise' ? command : state?.sort === 'release' ? state : null
  if (content === null) return told
  const directory = await relations()
  const stranger = [...content.audience, ...(content.approver == null ? [] : [content.approver])].find(
    (one) => directory.find(one) === null,
  )
  if (stranger !== undefined) return refuse('organization.unknown')
  const known = await readKnown(sql, incidentId, content)
  if (command.type !== 'release.draft') return { ...told, command: { ...command, known } as ReleaseCommand }
  const approver = command.approver ?? leadOf({ jurisdiction: incident.jurisdiction, lead: headquarters?.lead ?? lead }, directory)
  const drafted: ReleaseCommand = { ...command, jurisdiction: incident.jurisdiction, known, approver }
  return { ...told, command: drafted }
}
const KNOWING: ReadonlySet<string> = new Set(['release.draft', 'release.revise', 'release.approve', 'release.publish'])

async function readKnown(
  sql: Sql,
  incidentId: string,
  { corrects, rumours }: { readonly corrects: string | null; readonly rumours: readonly string[] },
): Promise<Known> {
  const ids = [...(corrects === null ? [] : [corrects]), ...rumours]
  const [facts, [first], found] = await Promise.all([
    readFacts(sql, incidentId),
    sql`select 1 from release where incident_id = ${incidentId} and kind = 'first' and status = 'published' limit 1`,
    ids.length === 0
      ? []
      : sql<{ id: string; rumour: boolean }[]>`
          select id, kind = 'rumour' as rumour from release
          where id = any(${ids}) and incident_id = ${incidentId} and (kind = 'rumour' or status = 'published') limit ${ids.length}`,
  ])
  const isThere = (id: string, rumour: boolean): boolean => found.some((one) => one.id === id && one.rumour === rumour)
  return {
    facts: facts.map((one) => ({ ...one })),
    first: first !== undefined,
    found: (corrects === null || isThere(corrects, false)) && rumours.every((one) => isThere(one, true)),
  }
}

const Query = z.object({ incident: z.optional(Uuid) })
const RELEASES_MAX = 200
const OWED_MAX = 60
/** The duties of publicity: by the act that the clauses demand. */
const PUBLIC_ACTS = ['publish-information', 'correct-rumour', 'publish-needs', 'first-release', 'follow-up-release', 'press-conference']

export function releaseRoutes(app: FastifyInstance, desk: Desk): void {
  /** The release log of one incident (left out: the one that needs it most): releases, rumours, clocks, what is owed. */
  app.get<{ Querystring: Record<string, string> }>('/api/releases', async (request): Promise<ReleasesView> => {
    const { read, scene, asker } = await look(desk, request)
    const query = parse(Query, request.query)
    return read(async (sql) => {
      const incidents = await readIncidents(sql, query.incident)
      const chosen = query.incident ?? incidents[0]?.id ?? null
      const incident = chosen === null ? null : await readState<Incident>(sql, 'incident', chosen)
      const thing: Thing = incident === null ? { jurisdiction: null, parties: [] } : incidentThing(incident)
      const seen = { ...thing, parties: [...thing.parties, asker.viewer.organizationId] }
      const actions = { draft: whether(scene, 'release.draft', seen), noteRumour: whether(scene, 'release.note-rumour', seen) }
      if (chosen === null || incident === null)
        return { incidents, incident: null, releases: [], rumours: [], clocks: null, owed: [], facts: [], approver: null, ...actions }
      const [rows, facts] = await Promise.all([
        sql<ReleaseRow[]>`select id, state from release where incident_id = ${chosen} order by stirred_at desc, id limit ${RELEASES_MAX}`,
        readFacts(sql, chosen),
      ])
      const releases = rows.flatMap(({ id, state }) => (state.sort === 'release' ? [{ id, state }] : []))
      const rumours = rows.flatMap(({ id, state }) => (state.sort === 'rumour' ? [{ id, state }] : []))
      const first = releases.some(({ state }) => state.kind === 'first' && state.status === 'published')
      return {
        incidents,
        incident: chosen,
        releases: releases.map((one) => releaseView(scene, one, { facts: [...facts], first, found: true }, thing)),
        rumours: rumours.map((one) => rumourView(scene, one)),
        clocks: clocksOf(incident, releases, rumours),
        owed: await readOwed(sql, scene, chosen),
        facts,
        approver: maybe(
          scene,
          leadOf({ jurisdiction: incident.jurisdiction, lead: incident.headquarters?.lead ?? incident.lead }, scene.relations),
        ),
        ...actions,
      }
    })
  })
}

function whether(scene: Scene, command: string, thing: Thing): ActionView {
  const no = scene.readOnly ? refuse('exercise.read-only') : may(scene.doer, command, thing, scene.relations)
  return { command, refusal: no instanceof Refusal ? { code: no.code, params: no.params } : null }
}

const readOwed = (sql: TransactionSql, scene: Scene, incidentId: string): Promise<ReleasesView['owed']> =>
  readObligationViews(
    sql,
    scene,
    sql`where o.incident_id = ${incidentId} and (o.state ->> 'act' = any(${PUBLIC_ACTS}) or o.state ->> 'function' = 'publicity')
      order by o.open desc, o.due_at nulls last, o.owed_at, o.id limit ${OWED_MAX}`,
  )
