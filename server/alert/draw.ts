/** What drawing up a warning asks of the server: packs, territories, a buffer, and what lies under an area. Nothing is changed here. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { union as join, type Geom } from 'polyclip-ts'
import { z } from 'zod/mini'
import { BUFFER_BOUNDS, bufferOf, type Union } from '#core/alert/buffer.ts'
import { Draft } from '#core/alert/draft.ts'
import type { Position } from '#core/alert/ring.ts'
import { mayAtAll } from '#core/authority.ts'
import { splitAtAntimeridian } from '#core/cap/geometry.ts'
import { Refusal } from '#core/decider.ts'
import { covers, divisionPath, DivisionCode, NATION } from '#core/place.ts'
import type { AlertPacksView, BufferView, DivisionsView, ReachView } from '#core/view/compose.ts'
import { polygonsOf } from '#core/incident/area.ts'
import { installedBoundaries } from '../boundaries.ts'
import { divisionNames } from '../present.ts'
import { look, parse, Refused, type Desk, type Sight } from '../room.ts'
import { alertPacks } from './packs.ts'
import { reachOfDraft } from './prepare.ts'
import { organizationsUnder } from './routes.ts'

const CHOICES_MAX = 60
const NAMED_MAX = 20
const OUTLINES_MAX = 50
/** Vertices of outlines that are sent for drawing. */
const VERTICES_MAX = 20_000

const Place = z.tuple([z.number().check(z.gte(-180), z.lte(180)), z.number().check(z.gte(-90), z.lte(90))])
const Line = z.array(Place).check(z.minLength(2), z.maxLength(BUFFER_BOUNDS.points))
const BufferAsked = z.strictObject({
  shape: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('point'), at: Place }),
    z.strictObject({ type: z.literal('line'), along: Line }),
    z.strictObject({ type: z.literal('polygon'), ring: Line }),
  ]),
  km: z.number(),
})
const ReachAsked = z.pick(Draft, { divisions: true, polygons: true, circles: true })
const DivisionsAsked = z.object({
  q: z.optional(z.string().check(z.maxLength(60))),
  under: z.optional(DivisionCode),
  codes: z.optional(z.string().check(z.regex(/^\d{6}(?:,\d{6}){0,499}$/))),
})

export function drawRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/alerts/packs', async (request): Promise<AlertPacksView> => {
    await look(desk, request)
    return alertPacks()
  })
  app.get('/api/alerts/divisions', async (request) => {
    const sight = await look(desk, request)
    return divisionsFor(sight, parse(DivisionsAsked, request.query))
  })
  app.post('/api/alerts/buffer', async (request): Promise<BufferView> => {
    await drawing(desk, request)
    const { shape, km } = parse(BufferAsked, request.body)
    const found = bufferOf(shape, km, unionOf)
    if (found instanceof Refusal) throw new Refused(422, found)
    return found
  })
  app.post('/api/alerts/reach', async (request) => {
    const sight = await drawing(desk, request)
    return reachFor(sight, parse(ReachAsked, request.body))
  })
}

/** Whoever may draw up a warning may ask what lies under an area; nobody else learns of sites by drawing around them. */
async function drawing(desk: Desk, request: FastifyRequest): Promise<Sight> {
  const sight = await look(desk, request)
  const no = mayAtAll(sight.asker.doer, 'alert.issue')
  if (no) throw new Refused(403, no)
  return sight
}

/** Pieces to the fewest rings; holes are closed, for CAP has none. */
const unionOf: Union = (rings) => {
  const [first, ...others] = rings.map((ring): Geom => [ring.map(([lon, lat]): [number, number] => [round(lon), round(lat)])])
  if (first === undefined) return []
  const whole = join(first, ...others)
  return whole.flatMap(([shell = []]) => splitAtAntimeridian(shell as readonly Position[]))
}
/** To a tenth of a metre or so: what is finer is no knowledge, and makes slivers. */
const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6

async function divisionsFor({ read }: Sight, { q = '', under, codes }: z.infer<typeof DivisionsAsked>): Promise<DivisionsView> {
  const boundaries = installedBoundaries()
  return read(async (sql) => {
    const wanted = codes?.split(',') ?? null
    const text = q.trim().replaceAll(/[%_\\]/g, String.raw`\$&`)
    const like = `%${text}%`
    const below = under === undefined || under === NATION ? '' : under.replace(/(?:0000|00)$/, '')
    const rows = await sql<{ code: string }[]>`
      select code from jurisdiction
      where ${wanted === null ? sql`code <> ${NATION} and code like ${`${below}%`} and (code like ${`${text}%`} or name ->> 'zh-CN' like ${like} or name ->> 'en' ilike ${like})` : sql`code = any(${wanted})`}
      order by code limit ${wanted === null ? CHOICES_MAX : wanted.length}`
    const found = rows.map(({ code }) => code)
    const above = (code: string): string | null => divisionPath(code).find((one) => one !== code && one !== NATION) ?? null
    const named = await divisionNames(sql, found)
    return {
      divisions: found.map((code) => {
        const outer = above(code)
        return { code, name: named(code).name, above: outer === null ? null : named(outer).name, outline: boundaries?.has(code) ?? false }
      }),
    }
  })
}

/** As the issue reckons it: within the asker's own territory, organizations as the second person is told them. */
async function reachFor({ world, asker, read, scene }: Sight, asked: z.infer<typeof ReachAsked>): Promise<ReachView> {
  const { divisions } = asked
  const home = asker.viewer.jurisdiction
  const reach = await reachOfDraft(asked, home ?? NATION, world)
  if (reach instanceof Refusal) throw new Refused(422, reach)
  const codes = reach.divisions.map(({ code }) => code)
  const named = await read((sql) => divisionNames(sql, codes))
  const own = reach.sites.filter(({ jurisdiction }) => home !== null && covers(home, jurisdiction))
  const kinds = Map.groupBy(reach.sites, ({ kind }) => kind)
  return {
    divisions: reach.divisions.map(({ code, share }) => ({ code, share, name: named(code).name })),
    organizations: organizationsUnder(reach, scene.relations),
    sites: reach.sites.length,
    kinds: [...kinds].map(([kind, all]) => ({ kind, count: all.length })).toSorted((a, b) => b.count - a.count),
    named: own.slice(0, NAMED_MAX).map(({ id, name }) => ({ id, name: { 'zh-CN': name, en: name } })),
    outlines: outlinesOf(divisions),
    around: outlinesOf(aroundUnknown(divisions)),
  }
}

/** For each territory without an outline the smallest one around it that has one. */
function aroundUnknown(codes: readonly string[]): readonly string[] {
  const boundaries = installedBoundaries()
  const unknown = codes.filter((code) => boundaries?.has(code) === false)
  return [...new Set(unknown.flatMap((code) => divisionPath(code).find((one) => one !== NATION && boundaries?.has(one)) ?? []))]
}

/** The shells of the chosen territories, for the map; the map draws no more than so many corners. */
function outlinesOf(codes: readonly string[]): readonly (readonly Position[])[] {
  const boundaries = installedBoundaries()
  if (boundaries === null) return []
  const rings: (readonly Position[])[] = []
  let left = VERTICES_MAX
  for (const code of codes.slice(0, OUTLINES_MAX)) {
    const area = boundaries.has(code) ? boundaries.outline([code]) : null
    for (const [shell = []] of area === null ? [] : polygonsOf(area)) {
      left -= shell.length
      if (left >= 0) rings.push(shell)
    }
  }
  return rings
}
