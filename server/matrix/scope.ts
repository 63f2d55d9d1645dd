/** What every question to the matrix begins with: the day, the territory, the hazard. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod/mini'
import { hazardsOf, type History, type Scope } from '#core/matrix.ts'
import { Phase } from '#core/instrument.ts'
import { Slug } from '#core/id.ts'
import { DivisionCode, NATION } from '#core/place.ts'
import { PlainDate } from '#core/time.ts'
import type { MatrixScopeView } from '#core/view/matrix.ts'
import { divisionNames, type Division } from '../present.ts'
import { look, parse, type Desk, type Sight } from '../room.ts'
import { readHistories } from './read.ts'

const Query = z.object({
  on: z.optional(PlainDate),
  against: z.optional(PlainDate),
  area: z.optional(DivisionCode),
  hazard: z.optional(Slug),
  phase: z.optional(Phase),
  kind: z.optional(z.enum(['all', 'with-society', 'cross-regional'])),
  lang: z.optional(z.enum(['zh-CN', 'en'])),
  sheet: z.optional(z.enum(['matrix', 'bases', 'problems', 'changes'])),
})
export type Asked = Sight & {
  readonly histories: readonly History[]
  readonly scope: Scope
  readonly query: z.infer<typeof Query>
  readonly view: MatrixScopeView
  readonly divisionOf: (code: string) => Division
}

const AREAS_MAX = 2000
const HAZARDS_MAX = 200

/** Left out, the day is today, the territory the asker's own, and every hazard and phase is meant. Refuses what is no day, code or word. */
export async function asked(desk: Desk, request: FastifyRequest): Promise<Asked> {
  const sight = await look(desk, request)
  const query = parse(Query, withoutEmpty(request.query))
  const { on = sight.scene.now.slice(0, 10), area = sight.asker.viewer.jurisdiction ?? NATION, hazard = null, phase = null } = query
  const histories = await readHistories(sight.world)
  const codes = [...new Set([area, ...[...sight.scene.relations.all()].flatMap((one) => one.jurisdiction ?? [])])]
    .toSorted()
    .slice(0, AREAS_MAX)
  const divisionOf = await sight.read((sql) => divisionNames(sql, codes))
  const hazards = new Set(
    histories.flatMap((one) =>
      one.versions.slice(0, 1).flatMap(({ instrument }) => instrument.clauses.flatMap((clause) => hazardsOf(instrument, clause) ?? [])),
    ),
  )
  const choices = { hazards: [...hazards].toSorted().slice(0, HAZARDS_MAX), areas: codes.map(divisionOf) }
  return {
    ...sight,
    histories,
    scope: { on, area, hazard, phase },
    query: query,
    view: { on, area: divisionOf(area), hazard, phase, choices },
    divisionOf,
  }
}

/** A picker that stands on "all" sends its field empty. */
const withoutEmpty = (query: unknown): object => Object.fromEntries(Object.entries(query as object).filter(([, value]) => value !== ''))
