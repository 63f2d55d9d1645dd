/** From events to notices: who is told what, by whom it is heard next, and what a receipt shows. One follower, acting by commands. */
import type { Channel } from '#core/channel.ts'
import { maySee, type Doer } from '#core/authority.ts'
import { Refusal } from '#core/decider.ts'
import { holds, type Happening } from '#core/directory/subscription.ts'
import type { Relations } from '#core/directory/relations.ts'
import { actorFrom, systemActor, type Recorded, type Words } from '#core/event.ts'
import { PASSES_MAX, type Item, type Notice, type NoticeCommand } from '#core/notice.ts'
import { nextRecipient } from '#core/notice/recipient.ts'
import { isTold, subscribedTo, tellingsOf, type Context, type Telling } from '#core/notice/telling.ts'
import { holdUntil, digestAt, ladderOf } from '#core/notice/urgency.ts'
import type { Level } from '#core/level.ts'
import { idFrom } from '../clock.ts'
import type { Outcome } from '../handle.ts'
import { readState } from '../keeping.ts'
import type { World } from '../world.ts'
import { waysOf, type Book, type Desk } from './book.ts'
import { isOfWarning, warningTellings } from './warning.ts'

export const NOTICE: Doer = { actor: systemActor('notice'), powers: [] }

/** What is older when it is first seen was told by other means, or is of no use any more. */
const STALE_MS = 6 * 3_600_000
const AT_ONCE_MAX = 200
/** While much is being made owed, so few are told between one pause and the next: the first are told at once, and nobody waits for the letters of others. */
const FEW = 32
const PAUSE_MS = 250
const NOTICES_MAX = 200
const NOBODY: Words = { 'zh-CN': '未登记单位', en: 'unregistered organization' }
/** By these the organization shows that it knows. */
const ANSWERS: ReadonlySet<string> = new Set(['obligation.accepted', 'obligation.declined', 'obligation.discharged'])

type ObligationRow = {
  readonly id: string
  readonly debtor: string
  readonly creditor: string
  readonly state: { readonly actWords: Words; readonly function: string }
  readonly due: Date | null
}
type FindingRow = { readonly id: string; readonly subject: string; readonly supervisor: string; readonly actWords: Words }
type IncidentRow = {
  readonly id: string
  readonly title: string
  readonly hazard: string
  readonly class: string | null
  readonly level: Level | null
  readonly jurisdiction: string
  readonly parties: readonly string[]
}
type Ground = {
  readonly obligations: ReadonlyMap<string, ObligationRow>
  readonly incidents: ReadonlyMap<string, IncidentRow>
  readonly findings: ReadonlyMap<string, FindingRow>
  /** By instrument, of those that the events are about. */
  readonly keepers: ReadonlyMap<string, readonly string[]>
  readonly relations: Relations
}
type Queued = { readonly telling: Telling; readonly desk: Desk; readonly passedFrom?: string; readonly passes?: number }

export type TellerParts = { readonly world: World; readonly book: Book; readonly setUp: ReadonlySet<Channel> }

export class Teller {
  readonly #parts: TellerParts

  constructor(parts: TellerParts) {
    this.#parts = parts
  }

  async act(events: readonly Recorded[]): Promise<void> {
    // Without any channel nobody is told anything; the pages show what concerns whom.
    if (this.#parts.setUp.size === 0) return
    const oldest = new Date(this.#parts.world.clock.now() - STALE_MS).toISOString()
    const fresh = events.filter((event) => event.recordedAt >= oldest)
    for (let at = 0, many = FEW; at < fresh.length; at += many, many = fresh.length > AT_ONCE_MAX ? FEW : AT_ONCE_MAX) {
      if (at > 0) await this.#parts.world.calm(PAUSE_MS)
      const some = fresh.slice(at, at + many)
      const [ground] = await Promise.all([this.#read(some), this.#known(some.filter((event) => ANSWERS.has(event.type)))])
      await Promise.all(some.map((event) => this.#one(event, ground)))
    }
  }

  async #one(event: Recorded, ground: Ground): Promise<void> {
    if (event.type === 'post.test-called') return this.#test(event)
    if (event.type === 'notice.exhausted') return this.#pass(event, ground)
    if (event.type === 'notice.receipted' || event.type === 'notice.answered') return this.#confirm(event)
    if (isOfWarning(event.type)) return this.#warn(event, ground)
    if (isTold(event.type))
      await Promise.all(tellingsOf(event, this.#context(event, ground)).map((telling) => this.#tell(event, telling, ground)))
    if (subscribedTo(event.type) !== null) await this.#tellSubscribers(event, ground)
  }

  /** Everything that the events are about, in a few questions. */
  async #read(events: readonly Recorded[]): Promise<Ground> {
    const { world } = this.#parts
    const about = events.filter(({ type }) => isTold(type) || subscribedTo(type) !== null)
    const of = (room: string): string[] => [
      ...new Set(about.filter(({ stream }) => stream.startsWith(`${room}/`)).map(({ stream }) => stream.slice(room.length + 1))),
    ]
    const [obligations, findings] = [of('obligation'), of('finding')]
    const incidents = [...new Set(about.map((event) => event.incidentId).filter((id) => id !== null))]
    const [owed, found, incidentRows, keepers, relations] = await Promise.all([
      obligations.length === 0
        ? []
        : world.sql<
            ObligationRow[]
          >`select id, debtor, creditor, state, due_at as due from obligation where id = any(${obligations}::uuid[]) limit ${AT_ONCE_MAX}`,
      findings.length === 0
        ? []
        : world.sql<FindingRow[]>`
            select id, state ->> 'subject' as subject, state ->> 'supervisor' as supervisor, state -> 'actWords' as "actWords"
            from finding where id = any(${findings}::uuid[]) limit ${AT_ONCE_MAX}`,
      incidents.length === 0
        ? []
        : world.sql<IncidentRow[]>`
            select id, title, hazard, class, least(severity, response_level) as level, jurisdiction, parties
            from incident where id = any(${incidents}::uuid[]) limit ${AT_ONCE_MAX}`,
      this.#keepers(of('instrument')),
      world.relations(),
    ])
    const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> =>
      new Map(rows.map((row) => [row.id, row]))
    return { obligations: byId(owed), findings: byId(found), incidents: byId(incidentRows), keepers, relations }
  }

  /** Who keeps instruments in the territory of each: the organizations there with a post of that power. */
  async #keepers(instruments: readonly string[]): Promise<Ground['keepers']> {
    const { world, book } = this.#parts
    if (instruments.length === 0) return new Map()
    const rows = await world.sql<
      { id: string; jurisdiction: string }[]
    >`select id, jurisdiction from instrument where id = any(${[...instruments]}) limit ${AT_ONCE_MAX}`
    const relations = await world.relations()
    const keeping = new Set(
      [...(await book.all()).values()].filter((desk) => desk.powers.includes('instrument.keep')).map((desk) => desk.organizationId),
    )
    const there = (jurisdiction: string): readonly string[] =>
      [...keeping].filter((id) => relations.find(id)?.jurisdiction === jurisdiction).slice(0, NOTICES_MAX)
    return new Map(rows.map((row) => [row.id, there(row.jurisdiction)]))
  }

  #context(event: Recorded, { obligations, findings, incidents, keepers, relations }: Ground): Context {
    const id = event.stream.slice(event.stream.indexOf('/') + 1)
    const row = obligations.get(id)
    const incident = event.incidentId === null ? undefined : incidents.get(event.incidentId)
    return {
      obligation:
        row === undefined
          ? null
          : { debtor: row.debtor, creditor: row.creditor, actWords: row.state.actWords, dueAt: row.due?.toISOString() ?? null },
      finding: findings.get(id) ?? null,
      keepers: keepers.get(id) ?? [],
      incidentTitle: incident?.title ?? '',
      nameOf: (organizationId) => relations.find(organizationId)?.name ?? NOBODY,
    }
  }

  async #tell(event: Recorded, telling: Telling, ground: Ground): Promise<void> {
    const { book, setUp } = this.#parts
    const chain = ground.relations.path(telling.organization).map((one) => one.id)
    // Only what cannot wait is told to a superior where the organization itself cannot be reached.
    const reach = telling.urgency === 'flash' ? chain : chain.slice(0, 1)
    const postsOf = await book.recipients(setUp)
    const recipient = nextRecipient(reach, postsOf, new Set())
    if (recipient === null) return
    const desk = await book.find(recipient.postId)
    if (desk !== null) await this.#queue(event, { telling, desk }, ground)
    if (recipient.organizationId === telling.organization) return
    const own = nextRecipient([telling.organization], postsOf, new Set())
    const ownDesk = own === null ? null : await book.find(own.postId)
    if (ownDesk !== null) await this.#queue(event, { telling, desk: ownDesk }, ground)
  }

  /** Everyone who asked for it, some at a time. Its incident may not be there yet, so that the notice goes without. */
  async #warn(event: Recorded, ground: Ground): Promise<void> {
    const told = await warningTellings(event, this.#parts.world, this.#parts.book)
    for (let at = 0; at < told.length; at += NOTICES_MAX)
      await Promise.all(told.slice(at, at + NOTICES_MAX).map((one) => this.#queue({ ...event, incidentId: null }, one, ground)))
  }

  async #tellSubscribers(event: Recorded, ground: Ground): Promise<void> {
    const subscribed = subscribedTo(event.type)
    const incident = event.incidentId === null ? undefined : ground.incidents.get(event.incidentId)
    if (subscribed === null || incident === undefined) return
    const { obligation, incidentTitle, nameOf } = this.#context(event, ground)
    const row = ground.obligations.get(event.stream.slice('obligation/'.length))
    const happening: Happening = { ...incident, functions: row === undefined ? [] : [row.state.function] }
    const level = (event.data as { readonly level?: unknown }).level
    const params = {
      incident: incidentTitle,
      ...(typeof level === 'number' ? { level } : {}),
      ...(obligation === null ? {} : { act: obligation.actWords, debtor: nameOf(obligation.debtor), due: obligation.dueAt ?? '' }),
    }
    const desks = [...(await this.#parts.book.all()).values()].filter(
      (desk) =>
        desk.subscriptions.some(({ conditions }) => holds(conditions, happening)) &&
        maySee(desk.organizationId, incident, ground.relations),
    )
    const telling = (desk: Desk): Telling => ({ organization: desk.organizationId, ...subscribed, params, dueAt: null })
    await Promise.all(desks.slice(0, NOTICES_MAX).map((desk) => this.#queue(event, { telling: telling(desk), desk }, ground)))
  }

  async #queue(event: Recorded, { telling, desk, passedFrom, passes = 0 }: Queued, ground: Ground): Promise<void> {
    const { world, setUp } = this.#parts
    const { urgency, code, params, dueAt } = telling
    const { quiet, zone } = desk.hours
    const now = world.now()
    const incident = event.incidentId === null ? undefined : ground.incidents.get(event.incidentId)
    const command = (notBefore: string | null): NoticeCommand => ({
      type: 'notice.queue',
      toPost: desk.id,
      toOrganization: desk.organizationId,
      urgency,
      purpose: urgency === 'routine' ? 'digest' : 'telling',
      item: { about: { stream: event.stream, position: event.position, kind: event.type }, code, params: { ...params } },
      channels: [...ladderOf(urgency, waysOf(desk, setUp, now))],
      notBefore,
      incidentId: urgency === 'routine' ? null : event.incidentId,
      jurisdiction: incident?.jurisdiction ?? null,
      passedFrom: passedFrom ?? null,
      passes,
    })
    const commandId = idFrom(`notice|queue|${event.position}|${desk.id}|${code}`)
    let notBefore = holdUntil(urgency, now, dueAt, quiet, zone)
    const idOf = (until: string | null): string =>
      urgency === 'routine' ? idFrom(`notice|digest|${desk.id}|${until ?? ''}`) : idFrom(`notice|${event.position}|${desk.id}|${code}`)
    const outcome = await this.#do(idOf(notBefore), command(notBefore), commandId)
    if (!(outcome instanceof Refusal) || outcome.code !== 'notice.already-sent') return
    // This digest went out a moment ago: the item is for the next.
    notBefore = digestAt(notBefore ?? now, quiet, zone)
    await this.#do(idOf(notBefore), command(notBefore), commandId)
  }

  async #test(event: Recorded): Promise<void> {
    const { book, setUp } = this.#parts
    const desk = await book.find(event.stream.slice('post/'.length))
    if (desk === null) return
    const { channels } = event.data as { readonly channels: readonly Channel[] }
    await Promise.all(
      channels
        .filter((channel) => setUp.has(channel))
        .map((channel) => {
          const id = idFrom(`notice|test|${event.position}|${channel}`)
          return this.#do(id, { type: 'notice.test', toPost: desk.id, toOrganization: desk.organizationId, channel }, id)
        }),
    )
  }

  /** Nobody answered: the next post of the organization is told, then those above it. */
  async #pass(event: Recorded, ground: Ground): Promise<void> {
    const { book, setUp } = this.#parts
    const id = event.stream.slice('notice/'.length)
    const state = await this.#notice(id)
    if (state === null || state.purpose !== 'telling' || state.passes >= PASSES_MAX) return
    const tried = new Set([state.toPost])
    for (let from = state.passedFrom; from !== null && tried.size <= PASSES_MAX;) {
      const before = await this.#notice(from)
      if (before === null) break
      tried.add(before.toPost)
      from = before.passedFrom
    }
    const chain = ground.relations.path(state.toOrganization).map((one) => one.id)
    const recipient = nextRecipient(chain, await book.recipients(setUp), tried)
    const desk = recipient === null ? null : await book.find(recipient.postId)
    const [item] = state.items
    if (desk === null || item === undefined) return
    await this.#requeue(id, state, item, desk)
  }

  #requeue(id: string, state: Notice, item: Item, desk: Desk): Promise<Outcome> {
    const { world, setUp } = this.#parts
    const { urgency, purpose, incidentId, jurisdiction, passes } = state
    const channels = [...ladderOf(urgency, waysOf(desk, setUp, world.now()))]
    const to = { toPost: desk.id, toOrganization: desk.organizationId }
    const nextId = idFrom(`notice|passed|${id}`)
    const command: NoticeCommand = {
      type: 'notice.queue',
      ...to,
      urgency,
      purpose,
      item,
      channels,
      notBefore: null,
      incidentId,
      jurisdiction,
      passedFrom: id,
      passes: passes + 1,
    }
    return this.#do(nextId, command, nextId)
  }

  /** A receipt shows that the contact is right. */
  async #confirm(event: Recorded): Promise<void> {
    const { way, outcome } = event.data as { readonly way: Channel | 'app'; readonly outcome?: string }
    if (way === 'app' || outcome === 'refused') return
    const state = await this.#notice(event.stream.slice('notice/'.length))
    if (state === null) return
    const done = await this.#parts.world.handle({
      room: 'post',
      id: state.toPost,
      command: { type: 'post.confirm-contact', channel: way } as { readonly type: string },
      commandId: idFrom(`notice|confirm|${event.position}`),
      doer: NOTICE,
    })
    busy(done)
  }

  /** The organization has acted on it: whoever of it was told need not be told again. One question for all that were answered. */
  async #known(answers: readonly Recorded[]): Promise<void> {
    const streams = [...new Set(answers.map((event) => event.stream))]
    if (streams.length === 0) return
    const rows = await this.#parts.world.sql<{ id: string; abouts: readonly string[]; owner: string }[]>`
      select id, abouts, to_organization as owner from notice where untold and abouts && ${streams}::text[] and purpose = 'telling'
      order by id limit ${NOTICES_MAX * AT_ONCE_MAX}`
    await Promise.all(
      answers.flatMap((event) => {
        const actor = actorFrom(event.actor)
        if (actor.kind !== 'post') return []
        return rows
          .filter(({ abouts, owner }) => owner === actor.organizationId && abouts.includes(event.stream))
          .map(({ id }) =>
            this.#do(id, { type: 'notice.receipt', way: 'app', by: 'person' }, idFrom(`notice|known|${event.position}|${id}`)),
          )
      }),
    )
  }

  #notice(id: string): Promise<Notice | null> {
    return readState(this.#parts.world.sql, 'notice', id)
  }

  async #do(id: string, command: NoticeCommand, commandId: string): Promise<Outcome> {
    const outcome = await this.#parts.world.handle({ room: 'notice', id, command, commandId, doer: NOTICE })
    busy(outcome)
    return outcome
  }
}

/** Too many wait: the follower tries the same events again. Any other refusal says that it was done before. */
function busy(outcome: Outcome): void {
  if (outcome instanceof Refusal && outcome.code === 'server.busy') throw new Error('too many commands wait; the events are told again')
}
