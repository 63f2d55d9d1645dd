/** What an order or a request needs to know before it is decided: who commands whom, what the clause is, what is asked of the armed forces. */
import { commandedBy, type Thing } from '#core/authority.ts'
import { refuse, type Refusal } from '#core/decider.ts'
import type { Relations } from '#core/directory/relations.ts'
import { commandingOf } from '#core/incident/headquarters.ts'
import type { Incident } from '#core/incident.ts'
import { bindingOn } from '#core/instrument.ts'
import { militaryRefusal } from '#core/obligation/military.ts'
import type { Basis, Obligation, ObligationCommand } from '#core/obligation.ts'
import { fromMs } from '#core/time.ts'
import type { Sql } from '../database.ts'
import type { Request } from '../handle.ts'
import { readState, type Preparing } from '../keeping.ts'

type Instruments = Awaited<ReturnType<Preparing['instruments']>>
type Asking = Extract<ObligationCommand, { readonly type: 'obligation.order' | 'obligation.request' }>

export async function prepare(request: Request, parts: Preparing): Promise<Request | Refusal> {
  const command = request.command as ObligationCommand
  switch (command.type) {
    case 'obligation.order':
    case 'obligation.request':
      return prepareAsking(request, command, parts)
    case 'obligation.accept':
    case 'obligation.name-doer':
      // Without a post to look up it is not delayed: commands given together are taken in their order.
      if (command.doer?.postId == null) return request
      return (await doerRefusal(request, command.doer.postId, parts.sql)) ?? request
    case 'obligation.grant-extension': {
      const { statutory: _, ...said } = command
      const statutory = await statutoryLimit(request.id, parts)
      const prepared: ObligationCommand = statutory === null ? said : { ...said, statutory }
      return { ...request, command: prepared }
    }
    case 'obligation.hand-on':
      return helperRefusal([command.to], await parts.relations()) ?? request
    case 'obligation.ask-help':
      return helperRefusal(command.of, await parts.relations()) ?? request
    default:
      return request
  }
}

async function prepareAsking(request: Request, command: Asking, parts: Preparing): Promise<Request | Refusal> {
  const relations = await parts.relations()
  const debtor = relations.find(command.debtor)
  const unknown = [command.debtor, ...(command.creditor === undefined ? [] : [command.creditor])].find((id) => !relations.find(id))
  if (debtor === null || unknown !== undefined) return refuse('organization.unknown')
  const about = await aboutAsking(parts.sql, command)
  if (about === null) return refuse('incident.unknown')
  const wrongBasis = command.basis === null ? null : basisRefusal(command.basis, await parts.instruments(), dayOf(request, parts))
  if (wrongBasis) return wrongBasis
  const { actor } = request.doer
  const asker = actor.kind === 'post' ? relations.find(actor.organizationId) : null
  const unfit = asker === null || command.type === 'obligation.order' ? null : militaryRefusal(asker, debtor, command.form)
  if (unfit) return unfit
  const prepared: Asking = { ...command, jurisdiction: about.jurisdiction ?? command.jurisdiction }
  // Outside any incident nobody has to see anything first to ask.
  const parties = command.incidentId === null && asker !== null ? [asker.id] : about.parties
  return { ...request, command: prepared, about: { ...about, parties } }
}

const dayOf = (request: Request, { clock }: Preparing): string => (request.occurredAt ?? fromMs(clock.now())).slice(0, 10)

function basisRefusal({ instrumentId, version, clauseId }: Basis, instruments: Instruments, day: string): Refusal | null {
  const state = instruments.current(instrumentId)
  if (state === null) return refuse('obligation.basis-unknown')
  const binding = bindingOn(state, day)
  if (binding === null || binding.version !== version) return refuse('obligation.basis-not-in-force')
  return binding.instrument.clauses.some((clause) => clause.id === clauseId) ? null : refuse('obligation.basis-unknown')
}

type AboutAsking = Pick<Thing, 'commandedBy' | 'parties'> & { readonly jurisdiction?: string }

/** Rows kept before there were several headquarters say nothing of them. */
type KeptIncident = Pick<Incident, 'jurisdiction' | 'headquarters' | 'closedAt'> & Partial<Pick<Incident, 'otherHeadquarters' | 'onScene'>>

/** Who commands the debtor in the incident at this instant, and who sees the incident. Null where there is no such incident. */
export async function aboutAsking(
  sql: Sql,
  { incidentId, debtor }: { readonly incidentId: string | null; readonly debtor: string },
): Promise<AboutAsking | null> {
  if (incidentId === null) return { parties: [], commandedBy: [] }
  const [row] = await sql<{ state: KeptIncident; parties: readonly string[] }[]>`
    select i.state, i.parties || coalesce((select array_agg(distinct p) from obligation o, unnest(o.parties) p where o.incident_id = i.id), '{}') as parties
    from incident i where i.id = ${incidentId}`
  if (!row) return null
  const { state, parties } = row
  // In a closed incident nobody commands any more.
  const { headquarters, otherHeadquarters = [], onScene = [], closedAt } = state
  const commanders = closedAt === null ? commandedBy(debtor, commandingOf({ headquarters, otherHeadquarters, onScene })) : []
  return { jurisdiction: state.jurisdiction, parties, commandedBy: commanders }
}

/** Who is named as doing it is a post of the asker's own organization, never a private person. */
async function doerRefusal({ doer }: Request, postId: string | null, sql: Sql): Promise<Refusal | null> {
  if (postId === null || doer.actor.kind !== 'post') return null
  const rows = await sql`select 1 from post where id = ${postId} and organization_id = ${doer.actor.organizationId}`
  return rows.length > 0 ? null : refuse('post.unknown')
}

/** What is handed on goes to whom the directory knows; the armed forces are asked by their own form (Order 436 art. 5). */
function helperRefusal(ids: readonly string[], relations: Relations): Refusal | null {
  for (const id of ids) {
    const helper = relations.find(id)
    if (helper === null) return refuse('organization.unknown')
    if (helper.sector === 'military') return refuse('obligation.military-form-missing')
  }
  return null
}

async function statutoryLimit(id: string, { sql, instruments }: Preparing): Promise<StatutoryLimit | null> {
  const state = await readState<Obligation>(sql, 'obligation', id)
  return state === null ? null : statutoryOf(state, await instruments())
}

type StatutoryLimit = NonNullable<Extract<ObligationCommand, { readonly type: 'obligation.grant-extension' }>['statutory']>

/** The article of the law or regulation that sets the limit and leaves nobody to extend it; null for a plan's, an agreement's, an order's. */
export async function statutoryOf(state: Obligation, instruments: Instruments): Promise<StatutoryLimit | null> {
  if (state.basis === null || !state.limitConfirmed || (state.origin ?? 'clause') !== 'clause') return null
  await instruments.load([state.basis])
  const file = instruments.find(state.basis.instrumentId, state.basis.version)
  if (file?.kind !== 'law' && file?.kind !== 'regulation') return null
  const article = instruments.clause(state.basis)?.article
  return `《${file.title['zh-CN']}》${article?.['zh-CN'] ?? state.basis.clauseId}`
}
