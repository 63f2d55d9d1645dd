import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { may, mayAtAll } from '#core/authority.ts'
import { Refusal, refuse } from '#core/decider.ts'
import { actorText, type Recorded } from '#core/event.ts'
import { Uuid } from '#core/id.ts'
import { incidentThing, type Incident } from '#core/incident.ts'
import {
  bindingOn,
  binds,
  changes,
  dayOf,
  daysLeft,
  instrument,
  signedOn,
  standingOn,
  type Clause,
  type Instrument,
  type InstrumentCommand,
  type InstrumentParty,
} from '#core/instrument.ts'
import { Obligations, partyOf, react, Rules, type Reaction } from '#core/linkage.ts'
import type { ActionView, ObligationView } from '#core/view.ts'
import type {
  ActivationPreview,
  ActivationsView,
  ActivationView,
  InstrumentDetail,
  InstrumentEntry,
  PartyView,
  ResponseView,
  VersionView,
} from '#core/view/instrument.ts'
import { idFrom } from '../clock.ts'
import type { TransactionSql } from '../database.ts'
import type { Kept } from '../instrument.ts'
import { readState } from '../keeping.ts'
import { readStreams } from '../log.ts'
import { actionsOf, divisionNames, maybe, reference, type Division, type Scene } from '../present.ts'
import { idOf, look, notFound, parse, type Desk } from '../room.ts'
import { scaleRoutes, scales } from './scales.ts'
import { templateRoutes } from './templates.ts'

const VERSIONS_MAX = 20
const ACTIVATIONS_MAX = 50
const OBLIGATIONS_MAX = 20_000

type DivisionOf = (code: string) => Division

export function instrumentRoutes(app: FastifyInstance, desk: Desk): void {
  templateRoutes(app, desk)
  scaleRoutes(app, desk)
  app.get('/api/instruments', async (request): Promise<readonly InstrumentEntry[]> => {
    const { read, scene } = await look(desk, request)
    const all = scene.instruments.all()
    const divisionOf = await read((sql) =>
      divisionNames(
        sql,
        all.map((one) => one.instrument.jurisdiction),
      ),
    )
    return all.map((one) => entry(one, dayOf(scene.now), divisionOf))
  })

  app.get<{ Params: { id: string } }>('/api/instruments/:id', async (request): Promise<InstrumentDetail> => {
    const { read, scene } = await look(desk, request)
    const found = scene.instruments.all().find((one) => one.id === request.params.id)
    if (!found) throw notFound('instrument.unknown')
    return read((sql) => detail(sql, scene, found))
  })

  app.get<{ Params: { id: string } }>('/api/incidents/:id/activations', async (request): Promise<ActivationsView> => {
    const { read, scene } = await look(desk, request)
    const id = idOf(request, 'incident.unknown')
    const incident = await read((sql) => readState<Incident>(sql, 'incident', id))
    if (incident === null) throw notFound('incident.unknown')
    await scene.instruments.load(incident.activated ?? [])
    return activationsView(scene, incident)
  })

  /** What activating it for an incident would make owed: the linkage itself, asked and not obeyed. */
  app.get<{ Params: { id: string }; Querystring: Record<string, string> }>(
    '/api/instruments/:id/preview',
    async (request): Promise<ActivationPreview> => {
      const { read, scene } = await look(desk, request)
      const { incident: id } = parse(z.object({ incident: Uuid }), request.query)
      const [state, obligations] = await read((sql) =>
        Promise.all([
          readState<Incident>(sql, 'incident', id),
          sql<{ id: string }[]>`select id from obligation where incident_id = ${id} limit ${OBLIGATIONS_MAX}`,
        ]),
      )
      if (state === null) throw notFound('incident.unknown')
      return preview(scene, request.params.id, { id, state }, new Set(obligations.map((one) => one.id)))
    },
  )
}

type Response = NonNullable<Incident['responses']>[number]

/** A level set without a scope is replaced by whatever the same organization sets later in the same scale. */
const isLatest = (one: Response, _: number, all: readonly Response[]): boolean =>
  one.scope !== null || !all.some((later) => later.organization === one.organization && later.scale === one.scale && later.at > one.at)

function responseView(scene: Scene, { organization, level, scope, scale, at }: Response): ResponseView {
  const found = scales().scales.find((one) => one.of === 'response' && one.id === scale)
  const own = found?.levels.find((one) => one.level === level)
  return {
    organization: maybe(scene, organization),
    level,
    scope,
    scale: found === undefined || own === undefined ? null : { id: found.id, title: found.title, code: own.code, words: own.words },
    at,
  }
}

const ACTIVATIONS = ['incident.activate-instrument', 'incident.terminate-instrument', 'incident.terminate-response']

function activationsView(scene: Scene, state: Incident): ActivationsView {
  const refusal = (command: string): ActionView => {
    const no = scene.readOnly ? refuse('exercise.read-only') : may(scene.doer, command, incidentThing(state), scene.relations)
    return { command, refusal: no === null ? null : { code: no.code, params: no.params } }
  }
  return {
    activated: (state.activated ?? []).map(({ instrumentId, organization, ...one }) => ({
      ...one,
      instrumentId,
      title: scene.instruments.find(instrumentId, one.version)?.title ?? { 'zh-CN': instrumentId, en: instrumentId },
      organization: maybe(scene, organization),
    })),
    responses: (state.responses ?? []).filter(isLatest).map((one) => responseView(scene, one)),
    actions: ACTIVATIONS.map(refusal),
  }
}

function entry({ id, version, instrument: file, state }: Kept, today: string, divisionOf: DivisionOf): InstrumentEntry {
  const { kind, title, citation, issuer, inForceFrom, inForceUntil, demonstration, clauses, parties = [] } = file
  const count = (of: Clause['kind']): number => clauses.filter((clause) => clause.kind === of).length
  return {
    id,
    kind,
    title,
    citation,
    issuer,
    jurisdiction: divisionOf(file.jurisdiction),
    inForceFrom,
    inForceUntil,
    demonstration,
    version,
    duties: clauses.filter(binds).length,
    escalations: count('escalation'),
    standing: standingOn(state, today),
    binding: bindingOn(state, today)?.version ?? null,
    daysLeft: daysLeft(file, today),
    parties: parties.length,
    signed: parties.filter((party) => signedOn(state, { version, instrument: file }, party.key, today) !== null).length,
  }
}

async function detail(sql: TransactionSql, scene: Scene, found: Kept): Promise<InstrumentDetail> {
  const { id, instrument: file, state } = found
  const { source, higher, clauses, parties = [] } = file
  const today = dayOf(scene.now)
  const [divisionOf, used, past, activations] = await Promise.all([
    divisionNames(sql, [file.jurisdiction, ...parties.flatMap((party) => party.jurisdiction ?? [])]),
    sql<{ used: number }[]>`select count(*)::int as used from obligation where state #>> '{basis,instrumentId}' = ${id}`,
    readStreams(sql, [`instrument/${id}`]),
    readActivations(sql, id),
  ])
  const thing = { jurisdiction: file.jurisdiction, parties: [] }
  const allowed = scene.instruments.activatable(id, today, scene.relations, file.jurisdiction)
  // Where the incident lies is asked when one is chosen.
  const unfit = allowed instanceof Refusal && allowed.code !== 'instrument.elsewhere' ? allowed : null
  const inactive = unfit ?? mayAtAll(scene.doer, 'incident.command')
  return {
    ...entry(found, today, divisionOf),
    source,
    higher,
    clauses,
    usedBy: used[0]?.used ?? 0,
    signatories: parties.map((party) => partyView(scene, found, party, divisionOf)),
    approvals: [
      ...(file.approvals ?? []).map((one) => ({ ...one, note: null, version: null })),
      ...(state.approvals ?? []).map(({ by, on, note, version: of }) => ({ by, on, note, version: of })),
    ],
    versions: versionsOf(past),
    activations,
    actions: [
      ...actionsOf(scene, instrument, state, thing, [
        { type: 'instrument.approve', note: 'x' },
        { type: 'instrument.repeal', on: today < file.inForceFrom ? file.inForceFrom : today, reason: 'x' },
      ]),
      adoption(scene, file),
    ],
    inactive: inactive === null ? null : { code: inactive.code, params: inactive.params },
    keeper: file.keeper ?? null,
    reviewOn: file.reviewOn ?? null,
    covers: file.covers ?? null,
    scale: file.scale ?? null,
    terms: file.terms ?? [],
  }
}

function partyView(scene: Scene, { version, instrument: file, state }: Kept, party: InstrumentParty, divisionOf: DivisionOf): PartyView {
  const today = dayOf(scene.now)
  const organization = partyOf(party.key, file, scene.relations)
  const logged = (state.signatures ?? []).findLast((one) => one.party === party.key && one.version === version)
  const samples: readonly InstrumentCommand[] = [
    { type: 'instrument.sign', party: party.key },
    { type: 'instrument.withdraw', party: party.key, reason: 'x', on: today },
  ]
  return {
    key: party.key,
    name: party.name,
    organization: maybe(scene, organization),
    function: party.function ?? null,
    jurisdiction: party.jurisdiction === undefined ? null : divisionOf(party.jurisdiction),
    signedOn: signedOn(state, { version, instrument: file }, party.key, today),
    withdrawnOn: state.withdrawals?.find((one) => one.party === party.key)?.on ?? null,
    note: logged?.note ?? null,
    actions: actionsOf(scene, instrument, state, { jurisdiction: file.jurisdiction, parties: [], owner: organization }, samples),
  }
}

function adoption(scene: Scene, file: Instrument): ActionView {
  const thing = { jurisdiction: file.jurisdiction, parties: [] }
  const no = scene.readOnly ? refuse('exercise.read-only') : may(scene.doer, 'instrument.adopt', thing, scene.relations)
  return { command: 'instrument.adopt', refusal: no === null ? null : { code: no.code, params: no.params } }
}

/** The newest first, each with what it changed. */
function versionsOf(past: readonly Recorded[]): readonly VersionView[] {
  const adopted = past.filter((event) => event.type === 'instrument.adopted')
  return adopted
    .map((event, i): VersionView => {
      const { version, instrument: file } = event.data as { readonly version: number; readonly instrument: Instrument }
      const before = (adopted[i - 1]?.data as { readonly instrument: Instrument } | undefined)?.instrument ?? null
      const first = { head: [], added: [], removed: [], changed: [] }
      return { version, at: event.occurredAt, title: file.title, changes: before === null ? first : changes(before, file) }
    })
    .toReversed()
    .slice(0, VERSIONS_MAX)
}

async function readActivations(sql: TransactionSql, id: string): Promise<readonly ActivationView[]> {
  const rows = await sql<{ incidentId: string; title: string; state: Incident }[]>`
    select id as "incidentId", title, state from incident
    where state -> 'activated' @> ${JSON.stringify([{ instrumentId: id }])}::text::jsonb
    order by reported_at desc limit ${ACTIVATIONS_MAX}`
  return rows.flatMap(({ incidentId, title, state }) =>
    (state.activated ?? [])
      .filter((one) => one.instrumentId === id)
      .map((one) => ({ incidentId, title, version: one.version, at: one.at, endedAt: one.terminated?.at ?? null })),
  )
}

type Asked = { readonly id: string; readonly state: Incident }

function preview(scene: Scene, id: string, incident: Asked, owed: ReadonlySet<string>): ActivationPreview {
  const { relations, instruments, now } = scene
  const state = instruments.current(id)
  const day = dayOf(now)
  const allowed = instruments.activatable(id, day, relations, incident.state.jurisdiction)
  const binding = state === null ? null : bindingOn(state, day)
  if (allowed instanceof Refusal || binding === null) {
    const no = allowed instanceof Refusal ? allowed : refuse('instrument.unknown')
    return { version: null, refusal: { code: no.code, params: no.params }, obligations: [], gaps: [] }
  }
  const { actor } = scene.doer
  const event: Recorded = {
    position: '0',
    stream: `incident/${incident.id}`,
    version: 0,
    type: 'incident.instrument-activated',
    data: { instrumentId: id, version: binding.version, text: '', organization: actor.kind === 'post' ? actor.organizationId : null },
    commandId: '00000000-0000-7000-8000-000000000000',
    actor: actorText(actor),
    basis: null,
    incidentId: incident.id,
    occurredAt: now,
    recordedAt: now,
  }
  const reactions = react(event, {
    incident: incident.state,
    relations,
    rules: new Rules([{ id, ...binding }]),
    obligations: new Obligations(),
    objectives: [],
    reach: null,
    alerts: [],
    clause: (basis) => instruments.clause(basis),
    instrument: (basis) => instruments.find(basis.instrumentId, basis.version),
    idFrom,
  }).filter((one) => !owed.has(one.id))
  const clauseOf = (clauseId: string): Clause | undefined => binding.instrument.clauses.find((one) => one.id === clauseId)
  return {
    version: binding.version,
    refusal: null,
    obligations: reactions.flatMap((one) => previewed(scene, one, clauseOf)),
    gaps: reactions.flatMap((one) =>
      one.room === 'incident' && one.command.type === 'incident.mark-gap'
        ? [
            {
              clauseId: one.command.clauseId,
              article: clauseOf(one.command.clauseId)?.article ?? one.command.act,
              party: one.command.party,
              act: one.command.act,
            },
          ]
        : [],
    ),
  }
}

type Owing = {
  readonly debtor: string
  readonly creditor: string
  readonly actWords: ObligationView['act']
  readonly dueAt: string | null
  readonly limitConfirmed: boolean
  readonly basis: { readonly clauseId: string } | null
}

function previewed(scene: Scene, { command }: Reaction, clauseOf: (id: string) => Clause | undefined): ActivationPreview['obligations'] {
  const owing = command.type === 'obligation.owe' ? command : command.type === 'incident.await' ? (command.owe as Owing) : null
  const clause = owing === null ? undefined : clauseOf(owing.basis?.clauseId ?? '')
  if (owing === null || clause === undefined || !binds(clause)) return []
  return [
    {
      clauseId: clause.id,
      article: clause.article,
      kind: clause.kind,
      debtor: reference(scene, owing.debtor),
      creditor: reference(scene, owing.creditor),
      act: owing.actWords,
      resource: clause.kind === 'resource' ? { words: clause.resource.words, ...clause.resource.quantity } : null,
      dueAt: owing.dueAt,
      limitConfirmed: owing.limitConfirmed,
      beginsAt: command.type === 'incident.await' ? command.at : null,
    },
  ]
}
