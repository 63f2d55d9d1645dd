import type { FastifyInstance } from 'fastify'
import { division, DivisionCommand, type DivisionEvent, type DivisionState } from '#core/directory/division.ts'
import { organization, OrganizationCommand, type OrganizationEvent, type OrganizationState } from '#core/directory/organization.ts'
import { post, PostCommand, postTimer, type PostEvent, type PostState } from '#core/directory/post.ts'
import { Relations, type OrganizationEntry } from '#core/directory/relations.ts'
import type { Words } from '#core/event.ts'
import type { CommonSuperiorView, DirectoryView, OrganizationRef, PostView } from '#core/view.ts'
import type { Sql, TransactionSql } from './database.ts'
import type { Keeping } from './keeping.ts'
import { divisionNames, maybe, reference } from './present.ts'
import { look, notFound, type Desk } from './room.ts'

export const divisionKeeping: Keeping<DivisionState, DivisionCommand, DivisionEvent> = {
  room: 'division',
  decider: division,
  parse: (body) => DivisionCommand.safeParse(body),
  thing: (_, command) => ({ jurisdiction: command.divisions[0]?.code ?? null, parties: [] }),
  incidentOf: () => null,
  table: { name: 'jurisdiction', columns: { code: 'text', name: 'jsonb', source: 'text' } },
  rows: (_, state) => state.divisions.map(({ code, name }) => ({ code, name, source: state.source })),
}

export const organizationKeeping: Keeping<OrganizationState, OrganizationCommand, OrganizationEvent> = {
  room: 'organization',
  decider: organization,
  parse: (body) => OrganizationCommand.safeParse(body),
  thing: (_, command, id) => {
    const superior = command.type === 'organization.register' || command.type === 'organization.subordinate' ? command.superior : null
    return { jurisdiction: command.type === 'organization.register' ? command.jurisdiction : null, owner: id, superior, parties: [] }
  },
  incidentOf: () => null,
  table: {
    name: 'organization',
    columns: {
      id: 'uuid',
      name: 'jsonb',
      sector: 'text',
      kind: 'text',
      functions: 'text[]',
      jurisdiction: 'text',
      superior: 'uuid',
      verified: 'boolean',
    },
  },
  rows: (id, state) => (state === null ? [] : [{ id, ...state }]),
}

export const postKeeping: Keeping<PostState, PostCommand, PostEvent> = {
  room: 'post',
  decider: post,
  parse: (body) => PostCommand.safeParse(body),
  thing: (state, command) => {
    const grants = command.type === 'post.create' || command.type === 'post.empower' ? command.powers : []
    return {
      jurisdiction: null,
      owner: state?.organizationId ?? (command.type === 'post.create' ? command.organizationId : null),
      grants,
      parties: [],
    }
  },
  incidentOf: () => null,
  table: {
    name: 'post',
    columns: {
      id: 'uuid',
      organization_id: 'uuid',
      title: 'jsonb',
      powers: 'text[]',
      holders: 'text[]',
      contacts: 'jsonb',
      liaison: 'boolean',
      hours: 'jsonb',
      subscriptions: 'jsonb',
    },
  },
  rows: (id, state) => {
    if (state === null) return []
    const { organizationId, zone, language, quiet, ...kept } = state
    return [{ id, organization_id: organizationId, ...kept, hours: { zone, language, quiet } }]
  },
  timer: (state) => postTimer(state),
}

const ORGANIZATIONS_MAX = 100_000
const POSTS_MAX = 200_000

export async function readTitles(sql: Sql | TransactionSql): Promise<ReadonlyMap<string, Words>> {
  const rows = await sql<{ id: string; title: Words }[]>`select id, title from post order by id limit ${POSTS_MAX}`
  return new Map(rows.map((row) => [row.id, row.title]))
}

export async function readRelations(sql: Sql | TransactionSql): Promise<Relations> {
  return new Relations(
    await sql<OrganizationEntry[]>`
    select id, name, sector, kind, functions, jurisdiction, superior, verified from organization order by id limit ${ORGANIZATIONS_MAX}`,
  )
}

const SHOWN_MAX = 2000

type PostRow = {
  readonly id: string
  readonly organization_id: string
  readonly title: Words
  readonly powers: readonly string[]
  readonly holders: readonly string[]
}

export function directoryRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/directory', async (request): Promise<DirectoryView> => {
    const { read, scene } = await look(desk, request)
    const shown = [...scene.relations.all()].slice(0, SHOWN_MAX)
    return read(async (sql) => {
      const [posts, divisions, divisionOf] = await Promise.all([
        sql<
          PostRow[]
        >`select id, organization_id, title, powers, holders from post where organization_id = any(${shown.map((one) => one.id)}) order by id`,
        sql<{ source: string; count: number }[]>`select source, count(*)::int as count from jurisdiction group by source order by source`,
        divisionNames(
          sql,
          shown.map((one) => one.jurisdiction).filter((code) => code !== null),
        ),
      ])
      const postsOf = Map.groupBy(posts, (post) => post.organization_id)
      const postView = (organization: OrganizationRef, { id, title, powers, holders }: PostRow): PostView => ({
        id,
        title,
        organization,
        powers,
        holders,
      })
      return {
        organizations: shown.map((one) => {
          const self = reference(scene, one.id)
          const posts = (postsOf.get(one.id) ?? []).map((post) => postView(self, post))
          const { sector, kind, functions } = one
          return {
            ...self,
            sector,
            kind,
            functions,
            jurisdiction: one.jurisdiction === null ? null : divisionOf(one.jurisdiction),
            superior: maybe(scene, one.superior),
            posts,
          }
        }),
        divisions: divisions.reduce((sum, one) => sum + one.count, 0),
        sources: divisions.map((one) => one.source),
      }
    })
  })

  app.get<{ Querystring: { a?: string; b?: string } }>('/api/directory/common-superior', async (request): Promise<CommonSuperiorView> => {
    const { scene } = await look(desk, request)
    const { a = '', b = '' } = request.query
    const { relations } = scene
    if (relations.find(a) === null || relations.find(b) === null) throw notFound('organization.unknown')
    const path = (id: string): readonly OrganizationRef[] => relations.path(id).map((one) => reference(scene, one.id))
    return {
      a: reference(scene, a),
      b: reference(scene, b),
      common: maybe(scene, relations.commonSuperior(a, b)?.id),
      pathA: path(a),
      pathB: path(b),
    }
  })
}
