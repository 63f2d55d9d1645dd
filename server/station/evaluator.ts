/**
 * Looks at the readings that came and says which thresholds were crossed. Runs on one server at a time; what it has said is in
 * the log, what it has not looked at is marked in `series`, so that killed at any point it says everything once.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Doer } from '#core/authority.ts'
import { Refusal } from '#core/decider.ts'
import { systemActor } from '#core/event.ts'
import { colourLevel, graver } from '#core/level.ts'
import { covers } from '#core/place.ts'
import type { Adoption, Proposal, ProposalCommand, Station } from '#core/station.ts'
import { appliedTo, memoryMs, Watch, type Applied, type Change } from '#core/station/watch.ts'
import { fromMs } from '#core/time.ts'
import { idFrom } from '../clock.ts'
import type { World } from '../world.ts'
import { readAdopted } from './keeping.ts'

export const STATION: Doer = { actor: systemActor('station'), powers: [] }

/** Series looked at in one round, and readings fetched at once. */
const SERIES_MAX = 400
const FETCH_MAX = 50_000
const WATCHES_MAX = 20_000
const TOLD_MAX = 20_000
/** What was crossed and over longer ago is history; it proposes nothing. */
const WITHIN_MS = 24 * 3600_000
const LOOK_EVERY_MS = 1000
const RETRY_MS = 1000

type Due = {
  readonly stationId: string
  readonly indicator: string
  readonly since: Date
  readonly touched: string
  readonly evaluatedTo: Date | null
}
type Reading = { readonly stationId: string; readonly indicator: string; readonly at: Date; readonly value: number }
type Watched = { readonly state: Station; readonly watch: Watch; readonly open: Map<string, string> }

export type EvaluatorParts = { readonly world: World; readonly onError: (error: unknown) => void }

export class Evaluator {
  readonly #world: World
  readonly #onError: (error: unknown) => void
  readonly #watches = new Map<string, Watched>()
  #sets: Promise<readonly { readonly jurisdiction: string; readonly set: Adoption['set'] }[]> | null = null
  #running: Promise<void> | null = null
  #woken = false
  #stopped = false
  #timer: NodeJS.Timeout | null = null
  readonly #deaf: () => void

  constructor({ world, onError }: EvaluatorParts) {
    this.#world = world
    this.#onError = onError
    // Stations and thresholds change seldom: then every watch is made anew from the readings and the log.
    this.#deaf = world.listen((events) => {
      const changed = (one: { readonly stream: string; readonly type: string }): boolean =>
        one.stream.startsWith('threshold/') ||
        (one.stream.startsWith('station/') && one.type !== 'station.fell-silent' && one.type !== 'station.heard-again')
      if (events.some(changed)) this.#forget()
    })
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), LOOK_EVERY_MS)
    this.#timer.unref()
    this.wake()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#deaf()
    await this.#running
  }

  /** Readings came, or may have come by another server. */
  wake(): void {
    this.#woken = true
    if (this.#running !== null || this.#stopped) return
    this.#running = this.#run().finally(() => {
      this.#running = null
    })
  }

  /** Resolves when everything that came has been looked at. */
  async settled(): Promise<void> {
    this.wake()
    await this.#running
  }

  #forget(): void {
    this.#watches.clear()
    this.#sets = null
  }

  async #run(): Promise<void> {
    while (this.#woken && !this.#stopped) {
      this.#woken = false
      try {
        if (await this.#round()) this.#woken = true
      } catch (error) {
        // What was said is in the log; what was not is found again from there.
        this.#forget()
        this.#onError(error)
        await sleep(RETRY_MS, undefined, { ref: false })
        this.#woken = !this.#stopped
      }
    }
  }

  /** True: there may be more. */
  async #round(): Promise<boolean> {
    const { sql } = this.#world
    const due = await sql<Due[]>`
      select station_id as "stationId", indicator, since, touched, evaluated_to as "evaluatedTo"
      from series where since is not null order by since limit ${SERIES_MAX}`
    if (due.length === 0) return false
    const byStation = Map.groupBy(due, (one) => one.stationId)
    await this.#prepare([...byStation.keys()])
    const floor = this.#world.clock.now() - WITHIN_MS
    const reached = await this.#feed(due, floor)
    await sql`
      update series s set since = case when s.touched = d.touched then null else s.since end,
        evaluated_to = greatest(s.evaluated_to, d.evaluated_to)
      from unnest(${due.map((one) => one.stationId)}::uuid[], ${due.map((one) => one.indicator)}::text[], ${due.map((one) => one.touched)}::bigint[],
        ${due.map((one) => reached.get(keyOf(one)) ?? one.evaluatedTo?.toISOString() ?? null)}::timestamptz[]) as d(station_id, indicator, touched, evaluated_to)
      where s.station_id = d.station_id and s.indicator = d.indicator`
    return true
  }

  /** The readings of the due series by their time, through the watches; what they say goes into the log as it is said. */
  async #feed(due: readonly Due[], floor: number): Promise<ReadonlyMap<string, string>> {
    const reached = new Map<string, string>()
    const { sql } = this.#world
    const spoken = new Set<string>()
    let after: { readonly at: string; readonly station: string; readonly indicator: string } | null = null
    for (;;) {
      const rows: readonly Reading[] = await sql<Reading[]>`
        select r.station_id as "stationId", r.indicator, r.at, r.value
        from unnest(${due.map((one) => one.stationId)}::uuid[], ${due.map((one) => one.indicator)}::text[],
          ${due.map((one) => this.#from(one, floor))}::timestamptz[]) as d(station_id, indicator, since)
        join reading r on r.station_id = d.station_id and r.indicator = d.indicator and r.at >= d.since
        where r.possible and ${after === null ? sql`true` : sql`(r.at, r.station_id, r.indicator) > (${after.at}::timestamptz, ${after.station}::uuid, ${after.indicator})`}
        order by r.at, r.station_id, r.indicator limit ${FETCH_MAX}`
      for (const { stationId, indicator, at, value } of rows) {
        const watched = this.#watches.get(stationId)
        if (watched === undefined) continue
        const ms = at.getTime()
        for (const change of watched.watch.add(indicator, ms, value)) await this.#say(stationId, watched, change)
        spoken.add(stationId)
        reached.set(keyOf({ stationId, indicator }), at.toISOString())
      }
      const last = rows.at(-1)
      if (last === undefined || rows.length < FETCH_MAX) break
      after = { at: last.at.toISOString(), station: last.stationId, indicator: last.indicator }
    }
    // A reading that was fed as history after a restart may still have something to say.
    for (const stationId of spoken) {
      const watched = this.#watches.get(stationId)
      for (const change of watched?.watch.changes(this.#world.clock.now()) ?? []) if (watched) await this.#say(stationId, watched, change)
    }
    return reached
  }

  /** Old readings only fill windows, and those that no window holds are not fetched. */
  #from({ since, stationId }: Due, floor: number): string {
    const memory = this.#watches.get(stationId)?.watch.memoryMs ?? 0
    return fromMs(Math.max(since.getTime(), floor - memory))
  }

  async #say(stationId: string, { state, open }: Watched, change: Change): Promise<void> {
    const { hazard, to, atMs } = change
    const at = fromMs(atMs)
    const known = open.get(hazard)
    if (to === null && known === undefined) return
    const id = known ?? idFrom(`proposal|${stationId}|${hazard}|${at}`)
    const command: ProposalCommand = isRise(change) ? crossing(stationId, state, change) : receding(change)
    const outcome = await this.#world.handle({
      room: 'proposal',
      id,
      command,
      commandId: idFrom(`${command.type}|${id}|${at}|${to ?? 'over'}`),
      doer: STATION,
      occurredAt: at,
    })
    // Another server was on duty a moment ago and has said it: look at the log.
    if (outcome instanceof Refusal) {
      if (outcome.code !== 'proposal.already-open' && outcome.code !== 'proposal.over') throw new Error(`${command.type}: ${outcome.code}`)
      this.#watches.delete(stationId)
    } else if (to === null) open.delete(hazard)
    else open.set(hazard, id)
  }

  /** A watch for each station: its windows filled from the readings looked at before, its colours from the log. */
  async #prepare(ids: readonly string[]): Promise<void> {
    const missing = ids.filter((id) => !this.#watches.has(id))
    if (missing.length === 0) return
    if (this.#watches.size + missing.length > WATCHES_MAX) this.#watches.clear()
    const { sql } = this.#world
    const recent = fromMs(this.#world.clock.now() - 2 * WITHIN_MS)
    const [sets, stations, told] = await Promise.all([
      (this.#sets ??= readAdopted(sql)),
      sql<{ id: string; state: Station }[]>`select id, state from station where id = any(${missing}::uuid[]) and not retired`,
      sql<{ id: string; state: Proposal }[]>`
        select id, state from proposal where station_id = any(${missing}::uuid[]) and (not over or crossed_at >= ${recent}) order by crossed_at limit ${TOLD_MAX}`,
    ])
    for (const { id, state } of stations) {
      const applied = appliedTo(
        state,
        sets.filter((one) => covers(one.jurisdiction, state.jurisdiction)).map((one) => one.set),
      )
      const watch = new Watch(applied)
      const mine = told.filter((one) => one.state.station === id)
      // What was said of a reading is not said again, though it had not been noted yet that it was looked at.
      await this.#remind(
        id,
        watch,
        applied,
        mine
          .map((one) => one.state.changedAt)
          .toSorted()
          .at(-1) ?? null,
      )
      const own = mine.filter((one) => one.state.colour !== null)
      const watched: Watched = { state, watch, open: new Map(own.map((one) => [one.state.hazard, one.id])) }
      for (const { state: said } of own) if (said.colour !== null) watch.remember(said.hazard, said.colour, said.crossed.step)
      this.#watches.set(id, watched)
      await this.#endUnwatched(watched, applied)
    }
  }

  /** The readings that were looked at before and that a window may still hold. */
  async #remind(stationId: string, watch: Watch, applied: readonly Applied[], saidTo: string | null): Promise<void> {
    const memory = memoryMs(applied)
    if (applied.length === 0) return
    const rows = await this.#world.sql<Reading[]>`
      select r.station_id as "stationId", r.indicator, r.at, r.value from series s
      cross join lateral (select greatest(s.evaluated_to, ${saidTo}::timestamptz) as until) u
      join reading r on r.station_id = s.station_id and r.indicator = s.indicator
        and r.at > u.until - make_interval(secs => ${(2 * memory) / 1000 + 1}) and r.at <= u.until
      where s.station_id = ${stationId} and r.possible order by r.at desc limit ${FETCH_MAX}`
    for (const { indicator, at, value } of rows.toReversed()) watch.take(indicator, at.getTime(), value)
  }

  /** Thresholds were withdrawn while a colour held: nothing will ever say that it is over, so this does. */
  async #endUnwatched({ open }: Watched, applied: readonly Applied[]): Promise<void> {
    for (const [hazard, id] of open) {
      if (applied.some((one) => one.hazard === hazard)) continue
      await this.#world.handle({
        room: 'proposal',
        id,
        command: { type: 'station.recede', to: null, cause: 'withdrawn', value: null, proof: null } as ProposalCommand,
        commandId: idFrom(`withdrawn|${id}`),
        doer: STATION,
      })
      open.delete(hazard)
    }
  }
}

const keyOf = ({ stationId, indicator }: { readonly stationId: string; readonly indicator: string }): string => `${stationId}|${indicator}`

const isRise = ({ from, to }: Change): boolean => to !== null && (from === null || graver(colourLevel(to), colourLevel(from)))

const proofOf = ({ proof }: Change): { count: number; readings: [string, number][] } => ({
  count: proof.count,
  readings: proof.readings.map(([ms, value]): [string, number] => [fromMs(ms), value]),
})

function crossing(stationId: string, state: Station, change: Change): ProposalCommand {
  const { step, set, key, hazard } = change.applied
  return {
    type: 'station.cross',
    station: stationId,
    owner: state.owner,
    hazard,
    jurisdiction: state.jurisdiction,
    divisions: state.divisions,
    colour: step.colour,
    indicator: step.indicator,
    of: step.of,
    over: step.over ?? null,
    reach: step.reach,
    limit: step.value,
    value: change.value,
    unit: step.unit,
    set,
    step: key,
    article: step.article,
    confirmed: step.confirmed,
    proof: proofOf(change),
  }
}

const receding = (change: Change): ProposalCommand => ({
  type: 'station.recede',
  to: change.to,
  cause: 'readings',
  value: change.value,
  proof: { count: change.proof.count, readings: proofOf(change).readings.slice(-1) },
})

/** Since when a station has said nothing, for those whose silence is longer than promised, and for those that spoke again. */
export async function tellSilence(world: World): Promise<number> {
  const { sql, clock } = world
  const now = fromMs(clock.now())
  const rows = await sql<{ id: string; lastAt: Date; silent: boolean }[]>`
    select s.id, l.last_at as "lastAt", l.last_at + make_interval(secs => s.freshness_ms / 1000.0) < ${now}::timestamptz as silent
    from station s cross join lateral (
      select min(coalesce(x.last_at, s.registered_at)) as last_at
      from unnest(s.indicators) as i(indicator) left join series x on x.station_id = s.id and x.indicator = i.indicator) l
    where not s.retired and (l.last_at + make_interval(secs => s.freshness_ms / 1000.0) < ${now}::timestamptz) <> (s.silent_since is not null)
    limit ${SILENCE_MAX}`
  for (const { id, lastAt, silent } of rows) {
    const at = lastAt.toISOString()
    await world.handle({
      room: 'station',
      id,
      command: silent
        ? ({ type: 'station.mark-silent', since: at } as { type: string })
        : ({ type: 'station.mark-heard', at } as { type: string }),
      commandId: idFrom(`${silent ? 'silent' : 'heard'}|${id}|${at}`),
      doer: STATION,
      occurredAt: silent ? now : at > now ? now : at,
    })
  }
  return rows.length
}
const SILENCE_MAX = 1000
