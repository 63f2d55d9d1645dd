import { consultationFor, heldShares, isAbout, isRequired, type HeldShare, type Known, type WarningSeen } from '#core/consultation.ts'
import type { Warning } from '#core/incident.ts'
import type { Colour } from '#core/level.ts'
import { durationMs, fromMs, toMs } from '#core/time.ts'
import type { OutcomeName } from '#core/view/consultation.ts'
import type { Sql, TransactionSql } from '../database.ts'

/** What everyone of the territory may know of a consultation. */
export type Heard = Known & {
  readonly id: string
  readonly alertId: string | null
  readonly title: string
  readonly how: 'room' | 'video' | 'phone'
  readonly convener: string
  readonly asked: number
  readonly tookPart: number
  readonly convenedAt: string
  readonly heldAt: string | null
  readonly endedAt: string | null
  readonly outcome: OutcomeName | null
  readonly colour: Colour | null
}

type Reading = Sql | TransactionSql
type Fragment = Parameters<Reading>[1]
/** An instant as we say it; null stays null. */
export const instantText = (sql: Reading, of: Fragment) => sql`to_char(${of} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** `k`: the consultation. The onset is that of the warnings of its incident, else the one that was said. */
export const heardColumns = (sql: Reading) => sql`
  k.id, k.incident_id as "incidentId", k.alert_id as "alertId", k.jurisdiction, k.convener, k.status, k.title, k.hazard, k.colour,
  k.how, k.asked, k.took_part as "tookPart", k.outcome, k.concluded,
  ${instantText(sql, sql`k.starts_at`)} as "startsAt", ${instantText(sql, sql`k.convened_at`)} as "convenedAt",
  ${instantText(sql, sql`k.held_at`)} as "heldAt", ${instantText(sql, sql`k.concluded_at`)} as "concludedAt",
  ${instantText(sql, sql`k.ended_at`)} as "endedAt", ${instantText(sql, onsetOf(sql))} as onset`

const onsetOf = (sql: Reading) =>
  sql`coalesce((select min(a.onset) from alert a where a.incident_id = k.incident_id and not a.drawing), k.onset)`

const INCIDENTS_MAX = 300
const CONSULTATIONS_MAX = 1000
const OWED_MAX = 20
const SINCE = 'P365D'

type Warned = {
  readonly id: string
  readonly title: string
  readonly jurisdiction: string
  readonly hazard: string
  readonly closed: boolean
  readonly warnings: readonly Warning[]
  readonly onset: string | null
}

export type Owed = WarningSeen & { readonly title: string; readonly state: 'called' | 'missing' }
export type Board = { readonly shares: readonly HeldShare[]; readonly owed: readonly Owed[] }

/** Of the incidents of a year that were warned of, the newest 300: how often red and orange were consulted about, and where it is still owed. */
export async function readBoard(sql: TransactionSql, now: string, within: string | null): Promise<Board> {
  const since = fromMs(toMs(now) - durationMs(SINCE))
  const incidents = await sql<Warned[]>`
    select i.id, i.title, i.jurisdiction, i.hazard, i.closed_at is not null as closed, i.state -> 'warnings' as warnings,
      ${instantText(sql, sql`(select min(a.onset) from alert a where a.incident_id = i.id and not a.drawing)`)} as onset
    from incident i
    where i.state -> 'warnings' <> '[]'::jsonb and i.reported_at >= ${since}
      and ${within === null ? sql`true` : sql`i.id = ${within}`}
    order by i.reported_at desc limit ${INCIDENTS_MAX}`
  if (incidents.length === 0) return { shares: heldShares([], []), owed: [] }
  const hazards = [...new Set(incidents.flatMap((one) => one.warnings.map((warning) => warning.hazard)))]
  const known = await sql<Heard[]>`
    select ${heardColumns(sql)} from consultation_known k
    where k.status <> 'cancelled'
      and (k.incident_id = any(${incidents.map((one) => one.id)})
           or (k.incident_id is null and k.hazard = any(${hazards}) and k.starts_at >= ${since}))
    order by k.starts_at desc limit ${CONSULTATIONS_MAX}`
  const warned = incidents.flatMap((incident) => warningsOf(incident).map((warning) => ({ incident, warning })))
  return {
    shares: heldShares(
      warned.map((one) => one.warning),
      known,
    ),
    owed: incidents.flatMap((one) => owedFor(one, known)).slice(0, OWED_MAX),
  }
}

const seen = ({ id, jurisdiction, onset }: Warned, { hazard, colour, at }: Warning): WarningSeen => ({
  incidentId: id,
  jurisdiction,
  hazard,
  colour,
  at,
  onset,
})

/** The first of each colour and hazard: what is issued again and again under one colour is consulted about once. */
function warningsOf(incident: Warned): readonly WarningSeen[] {
  const first = new Map<string, Warning>()
  for (const warning of incident.warnings.toReversed()) {
    const key = `${warning.hazard}|${warning.colour}`
    if (!first.has(key)) first.set(key, warning)
  }
  return [...first.values()].map((one) => seen(incident, one))
}

/** What the newest warning of an incident that goes on still lacks. */
function owedFor(incident: Warned, known: readonly Heard[]): readonly Owed[] {
  const [newest] = incident.warnings
  if (newest === undefined || incident.closed || !isRequired(newest.colour)) return []
  const warning = seen(incident, newest)
  const state = consultationFor(
    newest.colour,
    known.filter((one) => isAbout(one, warning)),
  )
  return state === 'held' ? [] : [{ ...warning, title: incident.title, state }]
}
