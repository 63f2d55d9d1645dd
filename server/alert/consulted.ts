/** Whether a warning was consulted about: read from the room of consultations by its table alone. */
import type { Alert } from '#core/alert.ts'
import { consultationFor, isAbout, isRequired, NEAR, type Known } from '#core/consultation/held.ts'
import type { Colour } from '#core/level.ts'
import { durationMs, fromMs, toMs } from '#core/time.ts'
import type { Sql } from '../database.ts'

const LOOKED_AT_MAX = 200

type About = { readonly id: string; readonly chainId: string; readonly incidentId: string } & Pick<Alert, 'jurisdiction' | 'hazard'>
type Row = Known & { readonly about: string | null }

/** `not-needed`: blue and yellow ones, and those without a colour. `at`: when it goes out. */
export async function consultedAbout(
  sql: Sql,
  { id, chainId, incidentId, jurisdiction, hazard }: About,
  colour: Colour | null,
  at: string,
): Promise<'held' | 'called' | 'missing' | 'not-needed'> {
  if (colour === null || hazard === null || !isRequired(colour)) return 'not-needed'
  const since = fromMs(toMs(at) - 2 * durationMs(NEAR))
  const rows = await sql<(Omit<Row, 'startsAt' | 'concludedAt' | 'onset'> & { starts: Date; ended: Date | null })[]>`
    select incident_id as "incidentId", alert_id as about, jurisdiction, hazard, status, colour, concluded, starts_at as starts, concluded_at as ended
    from consultation
    where incident_id = ${incidentId} or alert_id = any(${[id, chainId]}::uuid[]) or (hazard = ${hazard} and starts_at >= ${since})
    order by starts_at desc limit ${LOOKED_AT_MAX}`
  const about = rows
    .map(({ starts, ended, ...row }) => ({ ...row, startsAt: starts.toISOString(), concludedAt: ended?.toISOString() ?? null }))
    .filter((one) => one.about === id || one.about === chainId || isAbout(one, { incidentId, jurisdiction, hazard, at }))
  return consultationFor(colour, about)
}
