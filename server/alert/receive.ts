/**
 * Warnings from elsewhere: bytes in, one outcome for each message, in whatever order they come. What is refused leaves nothing
 * behind. Nothing that nobody answers for takes effect by itself: it is shown, and somebody adopts it (S1-07).
 */
import { endsHow, strongest, type Alert, type AlertCommand, type Made, type Message, type Reach } from '#core/alert.ts'
import { actsAlone, belongsTo, oldest, standing, type Link } from '#core/alert/chain.ts'
import { areaIn, colourIn, factsOf, hazardIn } from '#core/alert/facts.ts'
import { twinText } from '#core/alert/twin.ts'
import type { Doer } from '#core/authority.ts'
import type { Alert as CapAlert } from '#core/cap.ts'
import { chinaIdentifier } from '#core/cap/china.ts'
import type { CapFindingCode } from '#core/cap/codes.ts'
import { writeCap } from '#core/cap/write.ts'
import { Refusal, refuse } from '#core/decider.ts'
import { systemActor } from '#core/event.ts'
import { DivisionCode, NATION } from '#core/place.ts'
import { commonDivision } from '#core/linkage/warning.ts'
import { alertsApart, readCap, type CapAlertVerdict } from '../cap.ts'
import type { Trust } from '../cap/trust.ts'
import { idFrom } from '../clock.ts'
import type { World } from '../world.ts'
import { keepBytes, readBytes, sha256Of } from './bytes.ts'
import { linksOf, twinsIn } from './chain.ts'

export type ReceiveFrom = {
  readonly source: { readonly kind: 'feed' | 'push' | 'file'; readonly id: string | null; readonly name: string }
  /** What the operator lets the source do. A signature by a trusted signer counts as `act`. */
  readonly effect: 'act' | 'show'
  readonly trust: Trust
  /** The organization whose post brought it in; null or left out: nobody did. */
  readonly receivedBy?: string | null
  /** True: the document is taken whole and sound or not at all, as whoever pushes can mend it. False: each message for itself. */
  readonly strict?: boolean
}
export type ReceivedAlert = {
  readonly identifier: string
  /** `known`: the same message was here before, perhaps by another way. */
  readonly outcome: 'fresh' | 'known' | 'refused'
  /** The warning's id; null when it was refused. */
  readonly id: string | null
  readonly status: Alert['status'] | null
  readonly refusal: Refusal | null
  readonly signature: Made['signature']
  /** What was found in it all the same: codes of `muster cap`. */
  readonly findings: readonly string[]
}

const BY_RULE: Doer = { actor: systemActor('linkage'), powers: [] }
/** The words of these codes stand under the code itself: what `muster cap` says of the file. */
const NOBODY_ADDRESSED: CapFindingCode = 'cap.private-without-addresses'
const NO_REACH: Reach = { divisions: [], sites: [] }

type Judged = {
  readonly verdict: CapAlertVerdict
  readonly bytes: Uint8Array
  readonly read: { readonly alert: CapAlert; readonly message: Message } | Refusal
}

/** Reads a document with one alert, or a feed or envelope with several. A document that is refused whole is answered by one outcome. */
export async function receiveAlert(world: World, bytes: Uint8Array, from: ReceiveFrom): Promise<readonly ReceivedAlert[]> {
  const { strict = false } = from
  const { refused, alerts } = await readCap(bytes, { trust: from.trust })
  if (refused !== null) return [refusedAs('', refuse(refused.code, { line: refused.line, detail: refused.detail }), null)]
  const apart = alertsApart(bytes)
  const judged = alerts.map((verdict, i): Judged => ({ verdict, bytes: apart[i] ?? bytes, read: judge(verdict, strict, world.node) }))
  const wrong = judged.find((one) => one.read instanceof Refusal)?.read
  const out: ReceivedAlert[] = []
  for (const one of judged) {
    const { verdict, read } = one
    const no = read instanceof Refusal ? read : strict && wrong instanceof Refusal ? wrong : null
    if (no !== null || read instanceof Refusal) out.push(refusedAs(verdict.identity.identifier, no ?? refuse('alert.unreadable'), verdict))
    else out.push(await take(world, { ...one, ...read }, from))
  }
  return out
}

const findingsOf = (verdict: CapAlertVerdict | null): readonly string[] => [...new Set(verdict?.findings.map(({ code }) => code) ?? [])]

const refusedAs = (identifier: string, refusal: Refusal, verdict: CapAlertVerdict | null): ReceivedAlert => ({
  identifier: identifier.slice(0, 1000),
  outcome: 'refused',
  id: null,
  status: null,
  refusal,
  signature: verdict?.signature.verdict ?? 'none',
  findings: findingsOf(verdict),
})

/** What can be kept at all; whoever pushes is told of every error, for he can mend it. */
function judge(verdict: CapAlertVerdict, strict: boolean, node: string): Judged['read'] {
  const { alert, findings, signature, xsdValid, schemaErrors } = verdict
  const [error] = findings.filter(({ severity }) => severity === 'error')
  if (alert === null) return refuse(error?.code ?? 'alert.unreadable')
  const message = factsOf(alert)
  if (message === null) return refuse(error?.code ?? 'alert.unreadable')
  if (message.scope === 'Private' && (message.addresses ?? []).length === 0) return refuse(NOBODY_ADDRESSED)
  if (message.sender.endsWith(`@${node}`)) return refuse('alert.own-sender')
  if (!strict) return { alert, message }
  if (signature.verdict === 'invalid') return refuse(signature.codes[0] ?? 'alert.signature-invalid')
  if (error !== undefined) return refuse(error.code, { at: error.at })
  if (!xsdValid)
    return refuse('alert.schema-invalid', { line: schemaErrors[0]?.line ?? 0, detail: (schemaErrors[0]?.detail ?? '').slice(0, 200) })
  return { alert, message }
}

type Taken = { readonly verdict: CapAlertVerdict; readonly bytes: Uint8Array; readonly alert: CapAlert; readonly message: Message }

/** The same identity is the same warning, by whatever way and however often it comes. */
const idOf = ({ sender, identifier, sent }: Message): string => idFrom(`alert|${sender}|${identifier}|${sent}`)

async function take(world: World, taken: Taken, from: ReceiveFrom): Promise<ReceivedAlert> {
  const { verdict, message, bytes } = taken
  const told = { identifier: message.identifier, signature: verdict.signature.verdict, findings: findingsOf(verdict) }
  const before = await sameIdentity(world, taken)
  if (before instanceof Refusal) return refusedAs(message.identifier, before, verdict)
  if (before !== null) return { ...told, outcome: 'known', id: before.id, status: before.state.status, refusal: null }
  const id = idOf(message)
  const command = await commandOf(world, id, taken, from)
  await keepBytes(world.sql, bytes, world.now())
  const outcome = await world.handle({ room: 'alert', id, command, commandId: idFrom(`receive|${id}`), doer: BY_RULE })
  if (outcome instanceof Refusal) return refusedAs(message.identifier, outcome, verdict)
  const [row] = await world.sql<{ status: Alert['status'] }[]>`select status from alert where id = ${id}`
  return { ...told, outcome: outcome.events.length === 0 ? 'known' : 'fresh', id, status: row?.status ?? null, refusal: null }
}

/** Known already; refused where an identity comes again with something else in it, which CAP forbids (3.2.1). */
async function sameIdentity(world: World, { message, bytes, alert }: Taken): Promise<{ id: string; state: Alert } | null | Refusal> {
  const { sender, identifier, sent } = message
  const [row] = await world.sql<{ id: string; sha256: string; state: Alert }[]>`
    select id, sha256, state from alert where sender = ${sender} and identifier = ${identifier} and sent = ${sent}`
  if (row === undefined) return null
  if (row.sha256 === sha256Of(bytes)) return row
  const kept = await readBytes(world.sql, row.sha256)
  const [read] = kept === null ? [] : (await readCap(kept, { signatures: false })).alerts
  // A feed that is set anew says the same in other bytes.
  return read?.alert != null && writeCap(read.alert) === writeCap(alert)
    ? row
    : refuse('alert.identity-reused', { identifier: identifier.slice(0, 200) })
}

async function commandOf(
  world: World,
  id: string,
  taken: Taken,
  from: ReceiveFrom,
): Promise<Extract<AlertCommand, { type: 'alert.receive' }>> {
  const { alert, message, bytes, verdict } = taken
  const same = twinText(alert, message)
  const twin = same === null ? {} : { twin: sha256Of(Buffer.from(same)) }
  const [links, twins, reached] = await Promise.all([
    linksOf(world.sql, message),
    twinsIn(world.sql, twin),
    world.targets.reachOf(areaIn(alert)),
  ])
  const reach = reached instanceof Refusal ? NO_REACH : reached
  const effect = effectOf(world.now(), taken, from, reached)
  const [colour, hazard] = [colourIn(alert), hazardIn(alert)]
  const own = { chainId: id, incidentId: idFrom(`warned|${id}`) }
  const acts = actsAlone(effect, colour, message)
  const me: Link = { id, ...own, ...twin, message, status: 'notice', owner: null, acts, colour, hazard }
  const known = [...links, ...twins.filter((one) => !links.some((other) => other.id === one.id))]
  const place = standing(me, known)
  const { ends, endedBy } = place
  const { chainId, incidentId } = belongsTo(place) ?? oldest(links) ?? own
  const issuer = chinaIdentifier(message.identifier)?.division
  const jurisdiction = commonDivision({ reach, jurisdiction: DivisionCode.safeParse(issuer).success ? (issuer ?? NATION) : NATION })
  const by = strongest(endedBy)
  const made: Made = {
    message,
    sha256: sha256Of(bytes),
    signature: verdict.signature.verdict,
    reach,
    ...twin,
    chainId,
    incidentId,
    supersedes: ends.filter(({ status }) => status === 'in-force' || status === 'shown').map((one) => one.id),
    supersededBy: by?.id ?? null,
    ...(by === undefined ? {} : { supersededHow: endsHow(by.message) }),
  }
  const { source, receivedBy = null } = from
  return { type: 'alert.receive', source, receivedBy, effect, colour, hazard, jurisdiction, made }
}

/** Only what is sound, still counts, and is answered for acts: by its signature, or by the operator who let its source in. */
function effectOf(
  now: string,
  { verdict, message }: Taken,
  { effect, receivedBy = null }: ReceiveFrom,
  reached: Reach | Refusal,
): 'act' | 'show' {
  const { signature, findings, xsdValid } = verdict
  const answered = signature.verdict === 'valid-trusted' || (effect === 'act' && signature.verdict !== 'invalid')
  const sound = xsdValid && !findings.some(({ severity }) => severity === 'error') && !(reached instanceof Refusal)
  const over = message.expires !== null && message.expires <= now
  return answered && sound && !over && (message.scope !== 'Private' || receivedBy !== null) ? 'act' : 'show'
}
