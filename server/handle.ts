/**
 * The only way to change anything: read, fold, authorize, decide, append, project, in one transaction. Commands that
 * wait while one transaction commits are taken together by the next (group commit), so that the disk is waited for
 * once for all of them; each is still decided on the state that the one before it left, and refused by itself.
 */
import { randomUUID } from 'node:crypto'
import { may, type Doer, type Thing } from '#core/authority.ts'
import { Refusal, refuse } from '#core/decider.ts'
import type { Relations } from '#core/directory/relations.ts'
import { actorText, type Recorded } from '#core/event.ts'
import { fromMs } from '#core/time.ts'
import type { Clock } from './clock.ts'
import type { Sql, TransactionSql } from './database.ts'
import type { AnyKeeping, Table, TableRow } from './keeping.ts'
import { append, appendText, gateText, lock, lockName, readCommands, readHeadAndCommands, readStreams, tail } from './log.ts'

export type Request = {
  readonly room: string
  readonly id: string
  /** Already parsed by the room's schema. */
  readonly command: { readonly type: string }
  readonly commandId: string
  readonly doer: Doer
  readonly basis?: string | null
  readonly occurredAt?: string
  /** The database has shown the thing to who asks, perhaps for a reason that its own state does not know, such as an obligation. */
  readonly seen?: boolean
  /** What authority must know of the thing that its own stream does not say; put there by the room's `prepare`. */
  readonly about?: Partial<Thing>
}
export type Outcome = Refusal | { readonly position: string | null; readonly events: readonly Recorded[] }
export type TimerChange = { readonly stream: string; readonly at: string | null }

/** Which process wrote: it need not be woken by its own notification. */
export const PROCESS = randomUUID()
export const CHANNEL = 'muster'

const BATCH_MAX = 256
const WAITING_MAX = 20_000
const STATES_MAX = 20_000
const TRIES_MAX = 3

/** A rule across things is a named constraint; its name is all that the database says, and the refusal is what people hear. */
export const REFUSAL_OF_CONSTRAINT: Readonly<Record<string, string>> = {
  organization_superior_fkey: 'organization.superior-unknown',
  organization_not_its_own_superior: 'organization.own-superior',
  post_organization_fkey: 'organization.unknown',
  incident_number_key: 'incident.number-taken',
  incident_merged_into_fkey: 'incident.merge-target-unknown',
  incident_not_merged_into_itself: 'incident.merged-into-itself',
  sitrep_incident_fkey: 'incident.unknown',
  sitrep_number_key: 'sitrep.number-taken',
  sitrep_initial_once: 'sitrep.initial-already-filed',
  sitrep_final_once: 'sitrep.final-already-filed',
  obligation_incident_fkey: 'incident.unknown',
  headquarters_incident_fkey: 'incident.unknown',
  decision_incident_fkey: 'incident.unknown',
  consultation_incident_fkey: 'incident.unknown',
  finding_obligation_fkey: 'obligation.unknown',
  finding_obligation_kind_key: 'finding.already-raised',
  objective_incident_fkey: 'incident.unknown',
  objective_owner_fkey: 'organization.unknown',
  objective_parent_fkey: 'objective.parent-unknown',
  objective_root_once: 'objective.tree-has-root',
  objective_no_circle: 'objective.circle',
  objective_not_its_own_parent: 'objective.circle',
  objective_depth: 'objective.too-deep',
  objective_tree_size: 'objective.tree-full',
  alert_identity_key: 'alert.identity-reused',
  station_code_key: 'station.code-taken',
  threshold_adopted_once: 'threshold.already-adopted',
  proposal_open_once: 'proposal.already-open',
  proposal_station_fkey: 'station.unknown',
  notice_incident_fkey: 'incident.unknown',
  risk_owner_fkey: 'organization.unknown',
  risk_regulator_fkey: 'organization.unknown',
  risk_responder_fkey: 'organization.unknown',
  carry_risk_fkey: 'risk.unknown',
  carry_instrument_fkey: 'instrument.unknown',
  information_incident_fkey: 'incident.unknown',
  information_question_once: 'information.asked-already',
  release_incident_fkey: 'incident.unknown',
  release_first_once: 'release.first-already-published',
  dataset_owner_fkey: 'organization.unknown',
  notice_post_fkey: 'notice.post-unknown',
  intake_number_key: 'intake.number-taken',
  intake_code_key: 'intake.code-taken',
  intake_incident_fkey: 'incident.unknown',
  intake_merged_into_fkey: 'intake.merge-target-unknown',
  intake_not_merged_into_itself: 'intake.merged-into-itself',
  intake_no_circle: 'intake.merge-circle',
}

/** What JSON can say and PostgreSQL cannot keep: the character U+0000, half of a surrogate pair. */
const UNSTORABLE: ReadonlySet<string> = new Set(['22P05', '22P02', '22021'])

type Kept = { readonly state: unknown; readonly version: number }
type Waiting = { readonly request: Request; readonly settle: (outcome: Outcome) => void; readonly fail: (error: unknown) => void }

/** What one batch has done so far, before it is committed. */
type Draft = {
  readonly states: Map<string, Kept>
  readonly events: Recorded[]
  readonly outcomes: Outcome[]
  /** `before`: its state as it was before this batch. */
  readonly changed: Map<string, { readonly keeping: AnyKeeping; readonly id: string; readonly before: unknown }>
  head: number
  at: string
}

type Done = { readonly draft: Draft; readonly timers: readonly StreamTimer[] }

export type HandlerParts = {
  readonly sql: Sql
  readonly schema: string
  readonly clock: Clock
  readonly keepings: ReadonlyMap<string, AnyKeeping>
  /** The directory as of the last commit. */
  readonly relations: () => Promise<Relations>
  /** Called after commit, in the order of commits. */
  readonly onCommit: (events: readonly Recorded[], timers: readonly TimerChange[]) => void
}

export class Handler {
  readonly #parts: HandlerParts
  readonly #waiting: Waiting[] = []
  /** Folded states as of position #head; trusted only while the log still ends there. */
  readonly #states = new Map<string, Kept>()
  #head = -1
  /** When the event at #head was recorded. */
  #lastAt = ''
  /** The last batch under the lock found the log where we had left it: nobody else writes, and the short way is worth trying. */
  #alone = false
  #running = false

  constructor(parts: HandlerParts) {
    this.#parts = parts
  }

  handle(request: Request): Promise<Outcome> {
    if (this.#waiting.length >= WAITING_MAX) return Promise.resolve(refuse('server.busy', { waiting: WAITING_MAX }))
    return new Promise((settle, fail) => {
      this.#waiting.push({ request, settle, fail })
      if (!this.#running) void this.#run()
    })
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running) await new Promise((resolve) => setImmediate(resolve))
  }

  async #run(): Promise<void> {
    this.#running = true
    // One turn of the event loop lets all that arrived together wait together.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) await this.#commitSome(this.#waiting.splice(0, BATCH_MAX))
    this.#running = false
  }

  async #commitSome(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#commit(batch.map((one) => one.request))
      for (const [i, outcome] of outcomes.entries()) batch[i]?.settle(outcome)
    } catch (error) {
      const [only] = batch
      if (batch.length > 1) for (const one of batch) await this.#commitSome([one])
      else if (only) this.#explain(error, only)
    }
  }

  #explain(error: unknown, { settle, fail }: Waiting): void {
    const constraint = (error as { constraint_name?: string }).constraint_name
    const code = constraint === undefined ? undefined : REFUSAL_OF_CONSTRAINT[constraint]
    if (code !== undefined) settle(refuse(code))
    else if (UNSTORABLE.has((error as { code?: string }).code ?? '')) settle(refuse('text.unstorable'))
    else fail(error)
  }

  async #commit(requests: readonly Request[]): Promise<readonly Outcome[]> {
    for (let tries = 1; ; tries++) {
      const alone = tries === 1 && this.#alone
      try {
        const relations = await this.#parts.relations()
        const quick = alone ? await this.#transactAlone(requests, relations) : null
        const { draft, timers } = quick ?? (await this.#parts.sql.begin((tx) => this.#transact(tx, requests, relations)))
        this.#keep(draft)
        if (draft.events.length > 0)
          this.#parts.onCommit(
            draft.events,
            timers.map(({ stream, timer }) => ({ stream, at: timer?.at ?? null })),
          )
        return draft.outcomes
      } catch (error) {
        this.#states.clear()
        this.#head = -1
        this.#alone = false
        // What failed on what we remembered is decided again on what the log says.
        if (!alone && (tries >= TRIES_MAX || !isConflict(error))) throw error
      }
    }
  }

  /**
   * The short way, of a server that wrote last: two round trips, on the states that it remembers. What follows is written
   * and committed by one statement, which takes the lock first. If another server has appended meanwhile, the key of
   * `event` refuses ours, and the commands are decided again under the lock. Null: the log ends elsewhere.
   */
  async #transactAlone(requests: readonly Request[], relations: Relations): Promise<Done | null> {
    const { sql } = this.#parts
    const unknown = [...new Set(requests.map(streamOf))].filter((stream) => !this.#states.has(stream))
    const [{ at, repeated }, past] = await Promise.all([readHeadAndCommands(sql, requests.map(idOf)), readStreams(sql, unknown)])
    if (at !== this.#head) return null
    const done = this.#decideAll(requests, this.#draft(at, this.#lastAt, past), repeated, relations)
    if (done.draft.events.length > 0) await this.#writeAtOnce(done)
    return done
  }

  /** Everything that the batch writes, as one statement: it is whole or absent, and acknowledged when it is on the disk. */
  async #writeAtOnce({ draft, timers }: Done): Promise<void> {
    const { armed, ended } = split(timers)
    const values: (string | string[])[] = []
    const rows = [...this.#rowsOf(draft), ...(armed.length > 0 ? [[TIMER, armed] as const] : [])]
    const gate = gateText(values.push(lockName(this.#parts.schema)))
    const parts = [gate, `e as (${appendText(values.push(JSON.stringify(draft.events)), GATE)})`]
    for (const [table, made] of rows) parts.push(`${table.name}_rows as (${upsertText(table, values.push(JSON.stringify(made)), GATE)})`)
    if (ended.length > 0) parts.push(`ended as (delete from timer using gate where stream = any($${values.push(ended)}::text[]))`)
    const notify = `pg_notify($${values.push(CHANNEL)}, $${values.push(this.#news(draft))})`
    await this.#parts.sql.unsafe(`with ${parts.join(', ')} select ${notify}`, values, { prepare: true })
  }

  /** Under the lock: each statement after it sees everything that was committed before it. */
  async #transact(tx: TransactionSql, requests: readonly Request[], relations: Relations): Promise<Done> {
    const streams = [...new Set(requests.map(streamOf))]
    const [, { position: at, at: lastAt }, repeated, past] = await Promise.all([
      lock(tx, this.#parts.schema),
      tail(tx),
      readCommands(tx, requests.map(idOf)),
      readStreams(
        tx,
        streams.filter((stream) => !this.#states.has(stream)),
      ),
    ])
    this.#alone = at === this.#head
    const strayed = at !== this.#head && this.#states.size > 0
    if (strayed) this.#states.clear() // another server wrote: what we folded may be old
    const done = this.#decideAll(requests, this.#draft(at, lastAt, strayed ? await readStreams(tx, streams) : past), repeated, relations)
    if (done.draft.events.length === 0) return done
    const { armed, ended } = split(done.timers)
    await Promise.all([
      append(tx, done.draft.events),
      ...[...this.#rowsOf(done.draft)].map(([table, made]) => upsert(tx, table, made)),
      ...(armed.length === 0 ? [] : [upsert(tx, TIMER, armed)]),
      ...(ended.length === 0 ? [] : [tx`delete from timer where stream = any(${ended})`.execute()]),
      tx`select pg_notify(${CHANNEL}, ${this.#news(done.draft)})`.execute(),
    ])
    return done
  }

  /** What the other servers are told: whose log grew, by whom, and in which rooms, so that they forget only what is old. */
  #news({ events }: Draft): string {
    const rooms = new Set(events.map(({ stream }) => stream.slice(0, stream.indexOf('/'))))
    return `${this.#parts.schema} ${PROCESS} ${[...rooms].join(',')}`
  }

  #decideAll(requests: readonly Request[], draft: Draft, repeated: readonly Recorded[], relations: Relations): Done {
    const byCommand = Map.groupBy(repeated, (event) => event.commandId)
    for (const request of requests) draft.outcomes.push(this.#decide(request, draft, byCommand, relations))
    return { draft, timers: timerChanges(draft) }
  }

  #draft(at: number, lastAt: string, past: readonly Recorded[]): Draft {
    const states = new Map<string, Kept>()
    for (const event of past) {
      const keeping = this.#keeping(event.stream.slice(0, event.stream.indexOf('/')))
      const before = states.get(event.stream) ?? { state: keeping.decider.initial, version: 0 }
      states.set(event.stream, {
        state: keeping.decider.evolve(before.state, { type: event.type, ...event.data }, event),
        version: event.version,
      })
    }
    const now = fromMs(this.#parts.clock.now())
    // The log's own order is never against its times, even if the machine's clock was set back.
    return { states, events: [], outcomes: [], changed: new Map(), head: at, at: now > lastAt ? now : lastAt }
  }

  #keeping(room: string): AnyKeeping {
    const keeping = this.#parts.keepings.get(room)
    if (!keeping) throw new Error(`no such room: ${room}`)
    return keeping
  }

  #decide(request: Request, draft: Draft, byCommand: Map<string, Recorded[]>, relations: Relations): Outcome {
    const stream = streamOf(request)
    const before = byCommand.get(request.commandId)
    if (before)
      return before[0]?.stream === stream ? { position: before.at(-1)?.position ?? null, events: before } : refuse('command.id-reused')
    const keeping = this.#keeping(request.room)
    const { decider } = keeping
    const { state, version } = draft.states.get(stream) ?? this.#states.get(stream) ?? { state: decider.initial, version: 0 }
    const { command, commandId, doer } = request
    const forbidden = may(doer, command.type, this.#thing(request, keeping, state), relations)
    if (forbidden) return forbidden
    const occurredAt = request.occurredAt ?? draft.at
    const outcome = decider.decide(state, command, { actor: doer.actor, at: draft.at, occurredAt, commandId })
    if (outcome instanceof Refusal) return outcome
    if (outcome.length === 0) return { position: null, events: [] }
    const incidentId = keeping.incidentOf(request.id, state, command)
    const stamp = { commandId, actor: actorText(doer.actor), basis: request.basis ?? null, incidentId, occurredAt, recordedAt: draft.at }
    const events = outcome.map(({ type, ...data }, i): Recorded => ({
      position: String(++draft.head),
      stream,
      version: version + i + 1,
      type,
      data,
      ...stamp,
    }))
    const next = outcome.reduce((folded, event) => decider.evolve(folded, event, stamp), state)
    draft.states.set(stream, { state: next, version: version + events.length })
    if (!draft.changed.has(stream)) draft.changed.set(stream, { keeping, id: request.id, before: state })
    draft.events.push(...events)
    byCommand.set(commandId, events)
    return { position: String(draft.head), events }
  }

  #thing({ command, id, doer, seen, about }: Request, keeping: AnyKeeping, state: unknown): Thing {
    const thing = { ...keeping.thing(state, command, id), ...about }
    return seen === true && doer.actor.kind === 'post' ? { ...thing, parties: [...thing.parties, doer.actor.organizationId] } : thing
  }

  #rowsOf(draft: Draft): ReadonlyMap<Table, readonly TableRow[]> {
    const rows = new Map<Table, TableRow[]>()
    for (const [stream, { keeping, id }] of draft.changed) {
      const made = keeping.rows(id, draft.states.get(stream)?.state)
      const all = rows.get(keeping.table)
      if (all) all.push(...made)
      else rows.set(keeping.table, [...made])
    }
    return rows
  }

  #keep(draft: Draft): void {
    this.#head = draft.head
    this.#lastAt = draft.at
    for (const [stream, kept] of draft.states) {
      this.#states.delete(stream) // put last: the map is kept in the order of use
      this.#states.set(stream, kept)
    }
    for (const stream of this.#states.keys()) {
      if (this.#states.size <= STATES_MAX) break
      this.#states.delete(stream)
    }
  }
}

const idOf = (request: Request): string => request.commandId

const streamOf = (request: Pick<Request, 'room' | 'id'>): string => `${request.room}/${request.id}`

/** Another server gave the same position or version first, or PostgreSQL asks to try again. */
const isConflict = (error: unknown): boolean => {
  const { constraint_name: constraint, code } = error as { constraint_name?: string; code?: string }
  return constraint === 'event_stream_version_key' || constraint === 'event_pkey' || code === '40001' || code === '40P01'
}

const STATEMENTS = new Map<string, string>()

const GATE = 'gate, '

/** Writes rows by key, whole: a row is a function of its stream's state, so there is nothing to merge. Its rows are parameter `$at`. */
function upsertText(table: Table, at: number, from = ''): string {
  const key = `${table.name} ${at} ${from}`
  const known = STATEMENTS.get(key)
  if (known !== undefined) return known
  const names = Object.keys(table.columns)
  const typed = names.map((name) => `${name} ${table.columns[name]}`).join(', ')
  const set = names
    .slice(1)
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')
  const rows = `select ${names.join(', ')} from ${from}jsonb_to_recordset($${at}::text::jsonb) as r(${typed})`
  const text = `insert into ${table.name} (${names.join(', ')}) ${rows} on conflict (${names[0]}) do update set ${set}`
  STATEMENTS.set(key, text)
  return text
}

export const upsert = (tx: TransactionSql, table: Table, rows: readonly TableRow[]): Promise<unknown> =>
  tx.unsafe(upsertText(table, 1), [JSON.stringify(rows)], { prepare: true }).execute()

type StreamTimer = { readonly stream: string; readonly timer: { readonly at: string; readonly command: unknown } | null }

/** Most commands leave a timer as it is, and a row that is not written costs nothing. */
function timerChanges(draft: Draft): readonly StreamTimer[] {
  const timers: StreamTimer[] = []
  for (const [stream, { keeping, before }] of draft.changed) {
    const [old, timer] = [keeping.timer?.(before) ?? null, keeping.timer?.(draft.states.get(stream)?.state) ?? null]
    if (old?.at !== timer?.at || JSON.stringify(old?.command) !== JSON.stringify(timer?.command)) timers.push({ stream, timer })
  }
  return timers
}

function split(timers: readonly StreamTimer[]): { readonly armed: readonly TableRow[]; readonly ended: string[] } {
  return {
    armed: timers.filter(({ timer }) => timer !== null).map(({ stream, timer }) => ({ stream, ...timer })),
    ended: timers.filter(({ timer }) => timer === null).map(({ stream }) => stream),
  }
}

export const TIMER: Table = { name: 'timer', columns: { stream: 'text', at: 'timestamptz', command: 'jsonb' } }
