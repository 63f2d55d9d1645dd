import type { FastifyInstance } from 'fastify'
import { may } from '#core/authority.ts'
import { refuse, type Refusal } from '#core/decider.ts'
import type { Area, AreaCommand } from '#core/incident/area.ts'
import { incidentThing, type Incident } from '#core/incident.ts'
import { overallLead } from '#core/linkage/area.ts'
import type { AreaView } from '#core/view/objective.ts'
import { installedBoundaries } from '../boundaries.ts'
import type { Request } from '../handle.ts'
import { readState, type Preparing } from '../keeping.ts'
import { divisionNames, reference } from '../present.ts'
import { idOf, look, notFound, type Desk } from '../room.ts'

/** The outline of the territories that were picked, and which territories the area lies in. Refused also as authority and the decider refuse. */
export async function prepareArea(request: Request, command: AreaCommand, { sql, relations }: Preparing): Promise<Request | Refusal> {
  // Who may not is told so before anything is reckoned for him.
  const incident = await readState<Incident>(sql, 'incident', request.id)
  const forbidden = may(request.doer, command.type, incidentThing(incident), await relations())
  if (forbidden) return forbidden
  const boundaries = installedBoundaries()
  if (boundaries === null) return refuse('incident.no-boundaries')
  const { divisions = [] } = command
  const unknown = divisions.find((code) => !boundaries.has(code))
  if (unknown !== undefined) return refuse('incident.no-outline', { code: unknown })
  const area: Area | null = command.area ?? (divisions.length === 0 ? null : boundaries.outline(divisions))
  if (area === null) return refuse('incident.area-not-reckoned')
  const affected = [...(await boundaries.affected(area))]
  const reckoned: AreaCommand = { type: command.type, area: area as AreaCommand['area'], source: command.source, affected }
  return { ...request, command: reckoned }
}

/** GET /api/incidents/:id/area: the area, the territories in it, whose government leads them all (Emergency Response Law art. 18). */
export function areaRoutes(app: FastifyInstance, desk: Desk): void {
  app.get<{ Params: { id: string } }>('/api/incidents/:id/area', async (request): Promise<AreaView> => {
    const { read, scene } = await look(desk, request)
    const id = idOf(request, 'incident.unknown')
    return read(async (sql) => {
      const incident = await readState<Incident>(sql, 'incident', id)
      if (incident === null) throw notFound('incident.unknown')
      const marked = incident.area ?? null
      const codes = marked?.affected.map(({ code }) => code) ?? []
      const divisionOf = await divisionNames(sql, codes)
      const { governments, lead } = overallLead(codes, scene.relations)
      const no = scene.readOnly
        ? refuse('exercise.read-only')
        : may(scene.doer, 'incident.mark-area', incidentThing(incident), scene.relations)
      return {
        marked: marked === null ? null : { area: marked.area, source: marked.source, markedAt: marked.markedAt },
        affected: (marked?.affected ?? []).map(({ code, km2 }, i) => ({
          code,
          km2,
          name: divisionOf(code).name,
          government: governments[i]?.government ? reference(scene, governments[i].government.id) : null,
          own: governments[i]?.own ?? false,
        })),
        lead: lead === null ? null : reference(scene, lead.id),
        action: { command: 'incident.mark-area', refusal: no === null ? null : { code: no.code, params: no.params } },
      }
    })
  })
}
