/** Who owes which information to whom by when: the duties that disclosure clauses in force made, and the receipts. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { Uuid } from '#core/id.ts'
import type { Incident } from '#core/incident.ts'
import type { Information } from '#core/information.ts'
import { binds, type Clause } from '#core/instrument.ts'
import { atLeastAsGrave } from '#core/level.ts'
import { everLapsed, isOpen, type Obligation } from '#core/obligation.ts'
import type { InformationPair, OwedInformation, OwedInformationView, Share, WaitingReceipt } from '#core/view/information.ts'
import type { TransactionSql } from '../database.ts'
import { obligationView, reference, type Scene } from '../present.ts'
import { look, parse, type Desk } from '../room.ts'

/** Requirement S1-07: of red and orange incidents. */
const ON_TIME_TARGET = 0.95
const WINDOW_DAYS = 90
const OBLIGATIONS_MAX = 2000
const OWED_SHOWN = 200
const QUESTIONS_MAX = 300
const WAITING_SHOWN = 200
const DAY_MS = 86_400_000

type Row = {
  readonly id: string
  readonly title: string | null
  readonly state: Obligation
  readonly incident: Pick<Incident, 'warnings' | 'severity' | 'responseLevel'> | null
}
const Query = z.object({ incident: z.optional(Uuid) })

export function owedRoute(app: FastifyInstance, desk: Desk): void {
  /** Of one incident, or of the last 90 days. */
  app.get<{ Querystring: Record<string, string> }>('/api/information/owed', async (request): Promise<OwedInformationView> => {
    const { read, scene, asker } = await look(desk, request)
    const { incident } = parse(Query, request.query)
    return read(async (sql) => {
      const since = new Date(Date.parse(scene.now) - WINDOW_DAYS * DAY_MS).toISOString()
      const rows = await sql<Row[]>`
        select o.id, i.title, o.state,
          case when i.id is null then null else jsonb_build_object('warnings', i.state -> 'warnings', 'severity', i.state -> 'severity', 'responseLevel', i.state -> 'responseLevel') end as incident
        from obligation o left join incident i on i.id = o.incident_id
        where ${incident === undefined ? sql`o.owed_at >= ${since}` : sql`o.incident_id = ${incident}`}
        order by o.owed_at desc, o.id limit ${OBLIGATIONS_MAX}`
      await scene.instruments.load(rows.flatMap(({ state }) => (state.basis === null ? [] : [state.basis])))
      const owed = rows.flatMap((row) => owedOf(scene, row))
      return {
        target: ON_TIME_TARGET,
        all: shareOf(owed),
        grave: shareOf(owed.filter((one) => one.grave)),
        pairs: pairsOf(owed),
        owed: owed.toSorted(byState).slice(0, OWED_SHOWN),
        receipts: await receipts(sql, scene, incident, asker.viewer.organizationId),
      }
    })
  })
}

const PROVES: ReadonlySet<string> = new Set(['information-provided'])

/** What the clause says is to be told; null where it is about something else. */
function informationOf(clause: Clause | null, { subject, act }: Obligation): readonly string[] | null {
  if (clause === null || !binds(clause)) return act.startsWith('provide-') || act.startsWith('inform-') ? [subject ?? act] : null
  if (clause.kind === 'disclosure') return clause.information
  const subjects = clause.evidence.filter(({ kinds }) => kinds?.some((kind) => PROVES.has(kind)) === true).map((one) => one.subject)
  if (subjects.length === 0) return null
  const named = subjects.filter((one) => one !== undefined)
  return named.length > 0 ? named : [subject ?? clause.act]
}

function owedOf(scene: Scene, row: Row): readonly OwedInformation[] {
  const { state } = row
  const information = informationOf(state.basis === null ? null : scene.instruments.clause(state.basis), state)
  if (information === null || state.status === 'waived') return []
  return [{ obligation: obligationView(scene, row), information, state: stateOf(state), grave: isGrave(row.incident) }]
}

function stateOf(state: Obligation): OwedInformation['state'] {
  if (state.status === 'discharged') return state.lateBy !== null || everLapsed(state) ? 'late' : 'on-time'
  return state.lapsedAt !== null && isOpen(state) ? 'lapsed' : 'open'
}

function isGrave(incident: Row['incident']): boolean {
  if (incident === null) return false
  const { warnings, severity, responseLevel } = incident
  const coloured = warnings.some(({ colour }) => colour === 'red' || colour === 'orange')
  return coloured || [severity, responseLevel].some((level) => level !== null && atLeastAsGrave(level, 2))
}

const ORDER: Readonly<Record<OwedInformation['state'], number>> = { lapsed: 0, open: 1, late: 2, 'on-time': 3 }
const byState = (a: OwedInformation, b: OwedInformation): number =>
  ORDER[a.state] - ORDER[b.state] ||
  (a.obligation.dueAt ?? '9').localeCompare(b.obligation.dueAt ?? '9') ||
  b.obligation.owedAt.localeCompare(a.obligation.owedAt)

/** What is still owed in time is not judged yet. */
function shareOf(owed: readonly OwedInformation[]): Share {
  const judged = owed.filter((one) => one.state !== 'open').length
  const onTime = owed.filter((one) => one.state === 'on-time').length
  return { judged, onTime, share: judged === 0 ? null : onTime / judged }
}

function pairsOf(owed: readonly OwedInformation[]): readonly InformationPair[] {
  const pairs = Map.groupBy(owed, ({ obligation }) => `${obligation.debtor.id} ${obligation.creditor.id}`)
  return [...pairs.values()]
    .flatMap((all): readonly InformationPair[] => {
      const [first] = all
      if (first === undefined) return []
      const { debtor: from, creditor: to } = first.obligation
      const count = (state: OwedInformation['state']): number => all.filter((one) => one.state === state).length
      return [{ from, to, ...shareOf(all), open: count('open'), lapsed: count('lapsed') }]
    })
    .toSorted((a, b) => b.lapsed - a.lapsed || (a.share ?? 2) - (b.share ?? 2) || b.judged - a.judged)
}

type Question = { readonly id: string; readonly title: string | null; readonly state: Information }

async function receipts(
  sql: TransactionSql,
  scene: Scene,
  incident: string | undefined,
  own: string,
): Promise<OwedInformationView['receipts']> {
  const rows = await sql<Question[]>`
    select n.id, i.title, n.state from information n left join incident i on i.id = n.incident_id
    where ${incident === undefined ? sql`true` : sql`n.incident_id = ${incident}`}
    order by n.heard_at desc, n.id limit ${QUESTIONS_MAX}`
  const all = rows.flatMap((row) => row.state.deliveries.map((delivery) => ({ row, delivery })))
  const waiting = all
    .filter(({ delivery }) => delivery.receiptAt === null)
    .map(({ row, delivery }): WaitingReceipt => ({
      question: row.id,
      incidentId: row.state.incidentId,
      incidentTitle: row.title,
      key: row.state.key,
      words: row.state.words,
      to: reference(scene, delivery.to),
      at: delivery.at,
      cause: delivery.cause,
      ours: delivery.to === own,
    }))
    .toSorted((a, b) => Number(b.ours) - Number(a.ours) || a.at.localeCompare(b.at))
  return { delivered: all.length, receipted: all.length - waiting.length, waiting: waiting.slice(0, WAITING_SHOWN) }
}
