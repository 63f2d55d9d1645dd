/** What the matrix, the coverages and the gauges are computed from, read in bounds. */
import { historyOf, type Body, type History, type Step } from '#core/matrix.ts'
import type { Words } from '#core/event.ts'
import type { TransactionSql } from '../database.ts'
import type { Instruments } from '../instrument.ts'
import { readStreams } from '../log.ts'
import type { World } from '../world.ts'

const STEPS_MAX = 20_000
const BODIES_MAX = 2000

const known = new WeakMap<Instruments, Promise<readonly History[]>>()

/** Every instrument with all its versions. Read from the log once, and anew when an instrument changes. */
export async function readHistories(world: World): Promise<readonly History[]> {
  const instruments = await world.instruments()
  const found = known.get(instruments) ?? fold(world, instruments)
  known.set(instruments, found)
  return found.catch((error: unknown) => {
    known.delete(instruments)
    throw error
  })
}

async function fold(world: World, instruments: Instruments): Promise<readonly History[]> {
  const streams = instruments.all().map((one) => `instrument/${one.id}`)
  const events = Map.groupBy(await readStreams(world.sql, streams), (event) => event.stream)
  return streams.flatMap((stream) => historyOf(stream.slice('instrument/'.length), events.get(stream) ?? []) ?? [])
}

/** What was owed, ordered or requested between organizations up to that day, as far as the asker sees it: the commonest first. */
export async function readSteps(sql: TransactionSql, until: string): Promise<readonly Step[]> {
  return sql<Step[]>`
    select debtor, creditor, state ->> 'act' as act, state -> 'actWords' as "actWords",
           ((owed_at at time zone 'UTC')::date)::text as "on", nullif(state -> 'basis', 'null'::jsonb) as basis, count(*)::int as count
    from obligation where (owed_at at time zone 'UTC')::date <= ${until}::date
    group by 1, 2, 3, 4, 5, 6 order by 7 desc, 5 desc, 1, 2 limit ${STEPS_MAX}`
}

type Sitting = { readonly id: string; readonly name: Words; readonly lead: string; readonly members: readonly string[] }

/** The bodies that sit: those of incidents that the asker sees, and the standing ones. */
export async function readBodies(sql: TransactionSql): Promise<readonly Body[]> {
  const [sitting, standing] = await Promise.all([
    sql<Sitting[]>`
      select id, state -> 'headquarters' -> 'name' as name, state -> 'headquarters' ->> 'lead' as lead, state -> 'headquarters' -> 'members' as members
      from incident where jsonb_typeof(state -> 'headquarters') = 'object' and closed_at is null order by reported_at desc limit ${BODIES_MAX}`,
    readStanding(sql),
  ])
  const ofIncidents = sitting.map(({ id, name, lead, members }) => ({ id, name, standing: false, members: withLead(lead, members) }))
  return [...standing, ...ofIncidents]
}

type Standing = {
  readonly id: string
  readonly state: { readonly name: Words; readonly lead: string; readonly members: readonly { readonly organization: string }[] }
}

async function readStanding(sql: TransactionSql): Promise<readonly Body[]> {
  const rows = await sql<Standing[]>`
    select id, state from headquarters where state ->> 'status' <> 'stood-down' order by id limit ${BODIES_MAX}`
  return rows.map(({ id, state }) => ({
    id,
    name: state.name,
    standing: true,
    members: withLead(
      state.lead,
      state.members.map((one) => one.organization),
    ),
  }))
}

const withLead = (lead: string, members: readonly string[]): readonly string[] => [...new Set([lead, ...members])]
