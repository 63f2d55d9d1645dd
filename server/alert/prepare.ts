/** What the decider of warnings cannot know: the earlier messages, the map, the consultation; and the message itself, written and signed. */
import { alert, needsConsultation, type Alert, type AlertCommand, type Made, type Reach } from '#core/alert.ts'
import type { Draft } from '#core/alert/draft.ts'
import { factsOf } from '#core/alert/facts.ts'
import { messageOf } from '#core/alert/message.ts'
import { alertThing } from '#core/alert/thing.ts'
import { may, mayApproveAlert } from '#core/authority.ts'
import type { Alert as CapAlert, Reference } from '#core/cap.ts'
import { checkComposed } from '#core/cap/check.ts'
import { writeChinaIdentifier } from '#core/cap/china.ts'
import { writeCap } from '#core/cap/write.ts'
import { Refusal, refuse } from '#core/decider.ts'
import type { Relations } from '#core/directory/relations.ts'
import { covers } from '#core/place.ts'
import { durationMs, fromMs, toMs } from '#core/time.ts'
import { readCap } from '../cap.ts'
import { signAlert } from '../cap/sign.ts'
import { readTrust } from '../cap/trust.ts'
import { idFrom } from '../clock.ts'
import type { Sql } from '../database.ts'
import type { Request } from '../handle.ts'
import { readState, type Preparing } from '../keeping.ts'
import { keepBytes, sha256Of } from './bytes.ts'
import { chainOf, type Known } from './chain.ts'
import { consultedAbout } from './consulted.ts'
import { profileOf } from './profiles.ts'

/** In force for so long where nobody had the time to say it. */
const URGENT_FOR = 'PT24H'
/** So long is said what ends a warning. */
const ENDING_FOR = 'PT6H'
/** Seconds tried for an identifier that says the time alone. */
const SECONDS_MAX = 60

type Of<T extends AlertCommand['type']> = Extract<AlertCommand, { type: T }>

export function prepareAlert(request: Request, parts: Preparing): Promise<Request | Refusal> {
  const command = request.command as AlertCommand
  switch (command.type) {
    case 'alert.draft':
      return prepareDraft(request, command, parts)
    case 'alert.approve':
      return prepareApproval(request, command, parts)
    case 'alert.adopt':
      return prepareAdoption(request, command, parts)
    default:
      return Promise.resolve(request)
  }
}

/** What it replaces is there and not over, its incident is there; the chain's own incident goes with it. */
async function prepareDraft(request: Request, command: Of<'alert.draft'>, { sql, relations }: Preparing): Promise<Request | Refusal> {
  const all = await relations()
  const forbidden = may(request.doer, command.type, alertThing(null, command), all)
  if (forbidden) return forbidden
  const { actor } = request.doer
  if (actor.kind !== 'post') return refuse('alert.no-issuer')
  const before = command.replaces === null ? null : await replaced(sql, command.replaces, command.draft, actor.organizationId, all)
  if (before instanceof Refusal) return before
  const incidentId = command.incidentId ?? null
  if (incidentId !== null) {
    const [incident] = await sql`select 1 from incident where id = ${incidentId}`
    if (incident === undefined) return refuse('incident.unknown')
  }
  return request
}

/** An exercise never touches what is real, and nobody but its issuer, or who might have approved it, ends a warning (CAP 1.2, 3.2.1). */
async function replaced(sql: Sql, id: string, draft: Draft, owner: string, relations: Relations): Promise<Alert | Refusal> {
  const state = await readState<Alert>(sql, 'alert', id)
  if (state === null || state.made === null || state.owner === null) return refuse('alert.unknown')
  if (!mayApproveAlert(owner, alertThing(state), relations)) return refuse('alert.not-own', { owner: state.owner })
  const { made, status } = state
  if (made.message.status !== draft.status) return refuse('alert.status-differs', { alert: `cap.${made.message.status}` })
  const over = made.message.status === 'Actual' ? status !== 'in-force' : made.message.msgType === 'Cancel'
  return over ? refuse('alert.already-ended', { status: `alert.${status}` }) : state
}

/** Pressed by whoever may, and refused as the decider refuses, before anything is reckoned or signed. */
async function prepareApproval(request: Request, command: Of<'alert.approve'>, parts: Preparing): Promise<Request | Refusal> {
  const { sql, clock, relations } = parts
  const state = await readState<Alert>(sql, 'alert', request.id)
  const { made: _, ...said } = command
  const all = await relations()
  const forbidden = may(request.doer, command.type, alertThing(state), all)
  if (forbidden) return forbidden
  if (state === null || state.draft === null || state.owner === null) return refuse('alert.unknown')
  const at = request.occurredAt ?? fromMs(clock.now())
  const before = state.replaces === null ? null : await replaced(sql, state.replaces, state.draft, state.owner, all)
  if (before instanceof Refusal) return before
  const chainId = before?.made?.chainId ?? request.id
  const chain = before === null ? [] : await chainOf(sql, chainId)
  const incidentId = state.incidentId ?? before?.incidentId ?? idFrom(`warned|${chainId}`)
  const consultation = await consultationOf(sql, state, { id: request.id, chainId, incidentId }, at)
  const decided: Of<'alert.approve'> = { ...said, ...(consultation === null ? {} : { consultation }) }
  const by = { actor: request.doer.actor, at, occurredAt: at, commandId: request.commandId }
  const tried = alert.decide(state, decided, by)
  // All that may be missing now is the message itself.
  if (tried instanceof Refusal && tried.code !== 'alert.not-made') return tried
  const reach = await reachOfDraft(state.draft, state.jurisdiction, parts)
  if (reach instanceof Refusal) return reach
  const issued = await makeMessage(request.id, state, command.path, { at, chain }, parts)
  if (issued instanceof Refusal) return issued
  const supersedes = chain.filter((one) => one.state.status === 'in-force' || one.state.status === 'shown').map((one) => one.id)
  const made: Made = { ...issued, reach, chainId, incidentId, supersedes, supersededBy: null }
  return { ...request, command: { ...decided, made } as AlertCommand }
}

async function consultationOf(
  sql: Sql,
  state: Alert,
  ids: { readonly id: string; readonly chainId: string; readonly incidentId: string },
  at: string,
): Promise<'held' | 'called' | 'missing' | null> {
  if (state.draft === null || !needsConsultation(state.draft)) return null
  const { colour, hazard } = state.draft
  const found = await consultedAbout(sql, { ...ids, jurisdiction: state.jurisdiction, hazard }, colour, at)
  return found === 'not-needed' ? null : found
}

/**
 * What lies under what a draft draws and names, within the territory that it is issued for: whoever is drawn over beyond it is
 * warned by its own authorities (Emergency Response Law art. 63). Where only a larger territory is known, it is this one in part.
 */
export async function reachOfDraft(
  draft: Pick<Draft, 'divisions' | 'polygons' | 'circles'>,
  jurisdiction: string,
  { targets }: Pick<Preparing, 'targets'>,
): Promise<Reach | Refusal> {
  const reach = await targets.reachOf({
    polygons: draft.polygons.map((ring) => [ring]),
    circles: draft.circles,
    divisions: draft.divisions,
  })
  if (reach instanceof Refusal) return reach
  const own = reach.divisions.filter(({ code }) => covers(jurisdiction, code))
  const around = own.length === 0 && reach.divisions.some(({ code }) => covers(code, jurisdiction))
  return {
    divisions: around ? [{ code: jurisdiction, share: 'part' }] : own,
    sites: reach.sites.filter((site) => covers(jurisdiction, site.jurisdiction)),
  }
}

type Issued = Pick<Made, 'message' | 'sha256' | 'signature'>

/** Written, checked, validated, signed, read back and kept. `alert.not-composed` {cap, at}: CAP has something against it. */
async function makeMessage(
  id: string,
  state: Alert,
  path: 'ordinary' | 'urgent',
  { at, chain }: { readonly at: string; readonly chain: readonly Known[] },
  { sql, clock, alertKey, node }: Preparing,
): Promise<Issued | Refusal> {
  const { draft, owner } = state
  if (draft === null || owner === null) return refuse('alert.unknown')
  const sent = fromMs(Math.floor(toMs(at) / 1000) * 1000)
  const ends = draft.kind === 'cancel' || draft.kind === 'all-clear'
  const until = ends ? ENDING_FOR : path === 'urgent' ? URGENT_FOR : null
  const expires = draft.expires ?? (until === null ? null : fromMs(toMs(sent) + durationMs(until)))
  if (expires === null) return refuse('alert.expires-missing')
  const sender = `${owner}@${node}`
  const references: readonly Reference[] = chain.map(({ message }) => ({ ...named(message), sent: sentText(message.sent) }))
  const identifier = await identifierOf(sql, id, state, draft, { sender, sent })
  const message = messageOf({ ...draft, expires }, { identifier, sender, sent, references, profile: profileOf(draft.profile) })
  const [finding] = checkComposed(message)
  if (finding !== undefined) return refuse('alert.not-composed', { cap: finding.code.slice('cap.'.length), at: finding.at })
  const bytes = Buffer.from(writeCap(message))
  const signed = alertKey === null ? bytes : signAlert(bytes, alertKey)
  const signature = await verified(signed, message, alertKey === null ? null : { pem: alertKey.certificate, at: clock.now() })
  const facts = factsOf(message)
  if (facts === null) return refuse('alert.not-composed', { cap: 'sender-empty', at: '' })
  return { message: facts, sha256: await keepBytes(sql, signed, fromMs(clock.now())), signature }
}

const named = ({ sender, identifier }: Known['message']): Pick<Reference, 'sender' | 'identifier'> => ({ sender, identifier })
/** As the earlier message wrote it: ours go by the clock of Beijing. */
const sentText = (sent: string): string => `${fromMs(toMs(sent) + 8 * 3_600_000).slice(0, 19)}+08:00`

/** By China's profile the identifier says place, issuer and second; else it is the id of the warning itself. */
async function identifierOf(
  sql: Sql,
  id: string,
  { jurisdiction }: Alert,
  { profile }: Draft,
  { sender, sent }: { readonly sender: string; readonly sent: string },
): Promise<string> {
  if (profile !== 'cn') return `muster-${id}`
  const issuer = (Number.parseInt(sha256Of(Buffer.from(sender)).slice(0, 12), 16) % 100_000_000).toString().padStart(8, '0')
  const tried = Array.from({ length: SECONDS_MAX }, (_, second) =>
    writeChinaIdentifier({ division: jurisdiction, issuer, at: fromMs(toMs(sent) + second * 1000) }),
  )
  const taken = new Set(
    (await sql<{ identifier: string }[]>`select identifier from alert where identifier = any(${tried})`).map((row) => row.identifier),
  )
  return tried.find((one) => !taken.has(one)) ?? `muster-${id}`
}

/** What goes out is what was meant: read as everybody reads it. */
async function verified(
  bytes: Uint8Array,
  meant: CapAlert,
  own: { readonly pem: string; readonly at: number } | null,
): Promise<Made['signature']> {
  const { alerts, refused } = await readCap(bytes, own === null ? {} : { trust: readTrust(own.pem, own.at) })
  const [read] = alerts
  if (refused !== null || read === undefined) throw new Error(`a warning that was written cannot be read: ${refused?.code}`)
  if (!read.xsdValid) throw new Error(`a warning that was written is not valid: ${read.schemaErrors[0]?.detail}`)
  if (read.alert === null || writeCap(read.alert) !== writeCap(meant))
    throw new Error('a warning that was written reads otherwise than it was meant')
  return read.signature.verdict
}

/** What came from elsewhere takes effect in the territory of whoever takes it up: what lies under it there, as the register is now. */
async function prepareAdoption(request: Request, command: Of<'alert.adopt'>, parts: Preparing): Promise<Request | Refusal> {
  const { sql, relations } = parts
  const state = await readState<Alert>(sql, 'alert', request.id)
  const all = await relations()
  const forbidden = may(request.doer, command.type, alertThing(state), all)
  if (forbidden) return forbidden
  const { actor } = request.doer
  // A source that is believed said it too (server/feed/receive.ts): it takes effect wherever it reaches.
  if (actor.kind === 'system' && state?.made != null)
    return { ...request, command: { ...command, reach: state.made.reach } as AlertCommand }
  const own = actor.kind === 'post' ? (all.find(actor.organizationId)?.jurisdiction ?? null) : null
  if (state?.made == null || own === null) return refuse('alert.unknown')
  return { ...request, command: { ...command, reach: await within(state.made.reach, own, parts) } as AlertCommand }
}

async function within(reach: Reach, own: string, { targets }: Preparing): Promise<Reach> {
  const divisions = reach.divisions.filter(({ code }) => covers(own, code))
  // Drawn more coarsely than the territory: all of the territory is under it, as far as anybody knows.
  if (divisions.length === 0) {
    const whole = await targets.reachOf({ divisions: [own] })
    return whole instanceof Refusal ? { divisions: [{ code: own, share: 'whole' }], sites: [] } : whole
  }
  const sites = reach.sites.filter(({ jurisdiction }) => covers(own, jurisdiction))
  const now = await targets.reachOf({ divisions: divisions.filter(({ share }) => share === 'whole').map(({ code }) => code) })
  const known = new Set(sites.map(({ id }) => id))
  return { divisions, sites: now instanceof Refusal ? sites : [...sites, ...now.sites.filter(({ id }) => !known.has(id))] }
}
