/** What the decider of a report cannot know: its number, who answers for the place, what it may be the same as, which clause passes it on. */
import { maySee, maySeeReport } from '#core/authority.ts'
import { refuse, type Refusal } from '#core/decider.ts'
import { incidentThing, type Incident } from '#core/incident.ts'
import { binds } from '#core/instrument.ts'
import {
  intakeThing,
  proposalsFor,
  type IntakeCommand,
  type Medium,
  type Of,
  type Proposal,
  type Report,
  type Sighting,
} from '#core/intake.ts'
import { covers, divisionPath } from '#core/place.ts'
import { fromMs, yearIn } from '#core/time.ts'
import { idFrom } from '../clock.ts'
import type { Request } from '../handle.ts'
import type { Preparing } from '../keeping.ts'
import { nextNumber } from '../number.ts'
import { candidatesFor } from './candidates.ts'
import { codeHash, keepContact } from './contacts.ts'
import { picturesOf } from './media.ts'

/** Who is told something and hands on nothing: the clauses that say so, the nearest to the case first. */
const PASSING_ACTS = ['record-and-forward', 'verify-report']
/** Those whom the law itself tells to verify and handle; a firm or an association is asked. */
const BOUND_SECTORS: ReadonlySet<string> = new Set(['command', 'party', 'government', 'public-institution', 'grass-roots'])
const CHAIN_MAX = 32

export async function prepareIntake(request: Request, parts: Preparing): Promise<Request | Refusal> {
  const command = request.command as IntakeCommand
  switch (command.type) {
    case 'intake.take-down':
      return prepareTaking(request, command, parts)
    case 'intake.add':
      return given(request, { ...command, media: [...(await mediaOf(request, command, parts))] })
    case 'intake.merge':
      return prepareMerge(request, command, parts)
    case 'intake.link':
      return prepareLink(request, command, parts)
    case 'intake.forward':
      return prepareForward(request, command, parts)
    default:
      return request
  }
}

const given = (request: Request, command: IntakeCommand): Request => ({ ...request, command })
const ownOf = ({ doer: { actor } }: Request): string | null => (actor.kind === 'post' ? actor.organizationId : null)

/** Of a post those that it has the vouchers of; of the public page what it has kept itself. */
const mediaOf = async (
  request: Request,
  { pictures, media = [] }: Pick<Of<'intake.add'>, 'pictures' | 'media'>,
  { sql, secret }: Preparing,
): Promise<readonly Medium[]> => {
  const own = ownOf(request)
  return own === null ? media : picturesOf(sql, secret, own, pictures)
}

/** What the rows of a file may be the same as: found for all of them at once. Beside the command, where nobody who sends one can say it. */
const compared = new WeakMap<IntakeCommand, readonly Proposal[]>()
export const comparedWith = (command: Of<'intake.take-down'>, proposals: readonly Proposal[]): Of<'intake.take-down'> => {
  const own = { ...command }
  compared.set(own, proposals)
  return own
}

/** As it is compared with others; what was seen later than now was not. */
export const sightingOf = (id: string, { text, place, hazard, originalAt }: Of<'intake.take-down'>, now: string): Sighting => ({
  id,
  text,
  place,
  hazard,
  at: originalAt > now ? now : originalAt,
})

async function prepareTaking(request: Request, command: Of<'intake.take-down'>, parts: Preparing): Promise<Request | Refusal> {
  const { sql, clock, relations, secret } = parts
  const { contact, code, ...said } = command
  const own = ownOf(request)
  const now = fromMs(clock.now())
  const territory = own === null ? null : ((await relations()).find(own)?.jurisdiction ?? null)
  const jurisdiction = command.jurisdiction ?? territory
  if (jurisdiction === null) return refuse('intake.no-jurisdiction')
  const year = yearIn(now, command.zone)
  const last = await nextNumber(sql, `intake ${year} ${jurisdiction}`)
  const words = contact?.trim() ?? ''
  const contactId = words === '' ? null : idFrom(`intake|contact|${request.id}|${request.commandId}`)
  if (contactId !== null) await keepContact(sql, secret, { id: contactId, reportId: request.id, words, at: clock.now() })
  const sighting = sightingOf(request.id, command, now)
  const { at } = sighting
  return {
    ...given(request, {
      ...said,
      jurisdiction,
      contactId,
      number: `R-${year}-${jurisdiction}-${String(last).padStart(4, '0')}`,
      codeHash: code === undefined ? null : codeHash(secret, code),
      proposals: [...(compared.get(command) ?? proposalsFor(sighting, await candidatesFor(sql, sighting, jurisdiction)))],
      media: [...(await mediaOf(request, command, parts))],
    }),
    // It happened when it was seen, whenever it was entered; a clock that is ahead changes nothing of that.
    occurredAt: request.occurredAt !== undefined && request.occurredAt < at ? request.occurredAt : at,
  }
}

/** Into what stands at the end of the chain, of what the asker may see. */
async function prepareMerge(request: Request, command: Of<'intake.merge'>, { sql, relations }: Preparing): Promise<Request | Refusal> {
  const known = await relations()
  const own = ownOf(request)
  let into = command.into
  for (let steps = 0; steps < CHAIN_MAX; steps++) {
    if (into === request.id) return refuse('intake.merged-into-itself')
    const [row] = await sql<{ state: Report }[]>`select state from intake where id = ${into}`
    if (row === undefined || (own !== null && !maySeeReport(own, intakeThing(row.state), known)))
      return refuse('intake.merge-target-unknown')
    if (row.state.mergedInto === null) return given(request, { ...command, into })
    into = row.state.mergedInto
  }
  return refuse('intake.merge-circle')
}

async function prepareLink(request: Request, command: Of<'intake.link'>, { sql, relations }: Preparing): Promise<Request | Refusal> {
  const [row] = await sql<{ state: Incident }[]>`select state from incident where id = ${command.incidentId}`
  const own = ownOf(request)
  if (row === undefined || (own !== null && !maySee(own, incidentThing(row.state), await relations()))) return refuse('incident.unknown')
  const { status, mergedInto } = row.state
  if (status === 'merged' && mergedInto !== null) return given(request, { ...command, incidentId: mergedInto })
  return status === 'unfounded' ? refuse('incident.already-ended', { status }) : request
}

async function prepareForward(request: Request, command: Of<'intake.forward'>, parts: Preparing): Promise<Request | Refusal> {
  const { sql, clock, relations, instruments } = parts
  const to = (await relations()).find(command.to)
  if (to === null) return refuse('organization.unknown')
  const [row] = await sql<{ jurisdiction: string }[]>`select jurisdiction from intake where id = ${request.id}`
  if (row === undefined) return refuse('intake.unknown')
  const inForce = (await instruments()).bindingOn(fromMs(clock.now()).slice(0, 10))
  const found = inForce
    .filter(({ instrument }) => covers(instrument.jurisdiction, row.jurisdiction))
    .flatMap(({ id, version, instrument }) =>
      instrument.clauses.flatMap((clause) => {
        const act = binds(clause) ? PASSING_ACTS.indexOf(clause.act) : -1
        const far = divisionPath(row.jurisdiction).indexOf(instrument.jurisdiction)
        return act === -1 ? [] : [{ basis: { instrumentId: id, version, clauseId: clause.id }, order: act * 100 + far }]
      }),
    )
    .toSorted((a, b) => a.order - b.order)
  const basis = BOUND_SECTORS.has(to.sector) ? (found[0]?.basis ?? null) : null
  return given(request, { ...command, basis, obligationId: idFrom(`intake|forward|${request.id}|${request.commandId}`) })
}
