/** Level scales and vocabularies of packs/scales: what one issuer's levels and words mean in the shared ones. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { Scale, shareMapped, Vocabulary } from '#core/scale.ts'
import type { ScalesView } from '#core/view/instrument.ts'
import { projectRoot } from '../config.ts'
import { readFileAs } from '../pack.ts'
import { look, type Desk } from '../room.ts'

export const SCALES = join(projectRoot, 'packs', 'scales')
const SHARED = join(projectRoot, 'packs', 'vocabulary.yaml')
const FILES_MAX = 200
const Either = z.discriminatedUnion('schema', [Scale, Vocabulary])

let known: ScalesView | null = null

function mustRead<T>(path: string, schema: Parameters<typeof readFileAs<T>>[1]): T {
  const loaded = readFileAs(path, schema)
  if (!loaded.ok) throw new Error(loaded.problems.map(({ file, line, path: at, problem }) => `${file}:${line} ${at} ${problem}`).join('\n'))
  return loaded.value
}

/** Read once: they change with the program. Throws where a file is malformed. */
export function scales(): ScalesView {
  if (known !== null) return known
  const shared = new Set(mustRead(SHARED, Vocabulary).terms.map((term) => term.means))
  const names = readdirSync(SCALES).filter((name) => name.endsWith('.yaml'))
  const read = names
    .toSorted()
    .slice(0, FILES_MAX)
    .map((name) => mustRead(join(SCALES, name), Either))
  known = {
    scales: read.flatMap((one) => (one.schema === 'muster/scale/1' ? [withoutSchema(one)] : [])),
    vocabularies: read.flatMap((one) => {
      if (one.schema !== 'muster/vocabulary/1') return []
      const { schema: _, ...vocabulary } = one
      return [{ ...vocabulary, mapped: shareMapped(one.terms, shared) }]
    }),
  }
  return known
}

function withoutSchema({ schema: _, ...scale }: Scale): Omit<Scale, 'schema'> {
  return scale
}

export function scaleRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/scales', async (request): Promise<ScalesView> => {
    await look(desk, request)
    return scales()
  })
}
