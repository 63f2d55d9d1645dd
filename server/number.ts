import { refuse, type Refusal } from '#core/decider.ts'
import type { IncidentCommand } from '#core/incident.ts'
import type { SitrepCommand } from '#core/sitrep.ts'
import { fromMs, yearIn } from '#core/time.ts'
import type { Clock } from './clock.ts'
import type { Sql } from './database.ts'
import type { Request } from './handle.ts'

/**
 * Numbers that people use (`2026-120116-0042`, report no. 3) are given out before the command is decided: a decider
 * cannot count what others did. A number given to a command that is then refused is left out; none is given twice.
 */
export async function number(sql: Sql, request: Request, clock: Clock): Promise<Request | Refusal> {
  const command = request.command as IncidentCommand | SitrepCommand
  if (command.type === 'incident.report') {
    const year = yearIn(request.occurredAt ?? fromMs(clock.now()), command.zone)
    const last = await next(sql, `incident ${year} ${command.jurisdiction}`)
    return {
      ...request,
      command: { ...command, number: `${year}-${command.jurisdiction}-${String(last).padStart(4, '0')}` } as IncidentCommand,
    }
  }
  if (command.type === 'sitrep.file') {
    const [row] = await sql<{ jurisdiction: string }[]>`select jurisdiction from incident where id = ${command.incidentId}`
    if (!row) return refuse('incident.unknown')
    const last = await next(sql, `sitrep ${command.incidentId}`)
    return { ...request, command: { ...command, number: last, jurisdiction: row.jurisdiction } as SitrepCommand }
  }
  return request
}

async function next(sql: Sql, name: string): Promise<number> {
  const [row] = await sql<{ last: number }[]>`
    insert into counter (name, last) values (${name}, 1) on conflict (name) do update set last = counter.last + 1 returning last`
  return row?.last ?? 1
}
