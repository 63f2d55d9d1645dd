import type { FastifyInstance } from 'fastify'
import type { DeskView } from '#core/view.ts'
import { readIncidents } from './incident.ts'
import { readObligations } from './obligation.ts'
import { byUrgency, timelineEntries } from './present.ts'
import { readLatest } from './log.ts'
import { look, type Desk } from './room.ts'

const NEEDS_MAX = 5
const DUE_MAX = 50
const RECENT_MAX = 20
const DUE_WITHIN_MS = 24 * 3600_000

/** GET /api/desk: what the duty desk shows on one page, read in one transaction. */
export function deskRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/desk', async (request): Promise<DeskView> => {
    const { read, scene, asker, world } = await look(desk, request)
    return read(async (sql) => {
      const before = new Date(world.clock.now() + DUE_WITHIN_MS).toISOString()
      const [incidents, due, mine, recent] = await Promise.all([
        readIncidents(sql, { open: true }),
        readObligations(sql, scene, { openDueBefore: before, limit: DUE_MAX }),
        readObligations(sql, scene, {
          openDueBefore: '9999-12-31T00:00:00.000Z',
          debtor: asker.viewer.organizationId,
          limit: NEEDS_MAX * 4,
        }),
        readLatest(sql, RECENT_MAX),
      ])
      const [total] = await sql<
        { total: number }[]
      >`select count(*)::int as total from obligation where open and status <> 'requested' and due_at <= ${before}`
      const needsYou = mine
        .filter((one) => one.actions.some((action) => action.refusal === null))
        .toSorted(byUrgency)
        .slice(0, NEEDS_MAX)
      return {
        at: world.now(),
        incidents,
        needsYou,
        due: due.toSorted(byUrgency),
        dueTotal: total?.total ?? 0,
        recent: await timelineEntries(sql, scene, recent),
      }
    })
  })
}
