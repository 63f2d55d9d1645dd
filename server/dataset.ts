/** The catalogue of data sets: who owns which data, how fresh they are, who may have them; and the same for other catalogues. */
import type { FastifyInstance } from 'fastify'
import { may } from '#core/authority.ts'
import { refuse } from '#core/decider.ts'
import { dataset, DatasetCommand, datasetThing, FRESH_TARGET, mayHave, staleAt, type Dataset, type DatasetEvent } from '#core/dataset.ts'
import type { DatasetsView, DatasetView } from '#core/view/information.ts'
import type { TransactionSql } from './database.ts'
import { catalogueOf } from './dataset/dcat.ts'
import { oneRow, type Keeping } from './keeping.ts'
import { actionsOf, reference, type Scene } from './present.ts'
import { look, type Desk } from './room.ts'

export const datasetKeeping: Keeping<Dataset | null, DatasetCommand, DatasetEvent> = {
  room: 'dataset',
  decider: dataset,
  parse: (body) => DatasetCommand.safeParse(body),
  thing: (state, command) => datasetThing(state, command),
  incidentOf: () => null,
  ...oneRow<Dataset>('dataset', {
    owner: ['uuid', (state) => state.owner],
    jurisdiction: ['text', (state) => state.jurisdiction],
    parties: ['uuid[]', (state) => [...new Set([state.owner, ...(state.sharing.state === 'shared' ? state.sharing.with : [])])]],
    sharing: ['text', (state) => state.sharing.state],
    title: ['text', (state) => state.title],
    stale_at: ['timestamptz', staleAt],
    retired: ['boolean', (state) => state.retirement !== null],
  }),
}

const DATASETS_MAX = 1000
type Row = { readonly id: string; readonly state: Dataset }

const readDatasets = (sql: TransactionSql): Promise<readonly Row[]> =>
  sql<Row[]>`select id, state from dataset where not retired order by title, id limit ${DATASETS_MAX}`

export function datasetRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/datasets', async (request): Promise<DatasetsView> => {
    const { read, scene, asker } = await look(desk, request)
    const own = asker.viewer.organizationId
    const rows = await read(readDatasets)
    const datasets = rows.map((row) => datasetView(scene, row, own)).toSorted((a, b) => Number(b.stale) - Number(a.stale))
    const fresh = datasets.filter((one) => !one.stale).length
    const thing = { jurisdiction: asker.viewer.jurisdiction, owner: own, parties: [own] }
    const no = scene.readOnly ? refuse('exercise.read-only') : may(scene.doer, 'dataset.register', thing, scene.relations)
    return {
      datasets,
      fresh: { fresh, total: datasets.length, share: datasets.length === 0 ? null : fresh / datasets.length, target: FRESH_TARGET },
      register: { command: 'dataset.register', refusal: no === null ? null : { code: no.code, params: no.params } },
    }
  })

  /** The catalogue as W3C DCAT 3 in JSON-LD, as far as the asker may see it. */
  app.get('/api/datasets.jsonld', async (request, reply) => {
    const { read, scene, asker, world } = await look(desk, request)
    const rows = await read(readDatasets)
    const views = rows.map((row) => datasetView(scene, row, asker.viewer.organizationId))
    return reply.type('application/ld+json; charset=utf-8').send(JSON.stringify(catalogueOf(views, world.now())))
  })
}

function datasetView(scene: Scene, { id, state }: Row, own: string): DatasetView {
  const { owner, sharing, where, registeredAt: _, retirement: __, ...rest } = state
  const { title, description, jurisdiction, promise, licence, quality, format, themes } = state
  const content = { title, description, owner, jurisdiction, promise, licence, sharing, quality, format, where, themes }
  const samples: readonly DatasetCommand[] = [
    { type: 'dataset.revise', ...content },
    { type: 'dataset.record-update', updatedAt: scene.now, checked: true },
    { type: 'dataset.retire', reason: 'x' },
  ]
  const stale = staleAt(state)
  return {
    ...rest,
    id,
    owner: reference(scene, owner),
    sharing: { ...sharing, with: sharing.with.map((one) => reference(scene, one)) },
    where: mayHave(own, state) ? where : null,
    staleAt: stale,
    stale: stale < scene.now,
    actions: samples.flatMap((sample) => actionsOf(scene, dataset, state, datasetThing(state, sample), [sample])),
  }
}
