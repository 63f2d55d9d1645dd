/** What the operator sets for stations, from the environment. */
import { DAYS_KEPT } from './ingest.ts'

export type StationConfig = {
  /** Sources inside the own network, which are refused otherwise. */
  readonly allowPrivate: boolean
  readonly daysKept: number
}
const DAYS_MAX = 3650

/** MUSTER_STATION_ALLOW_PRIVATE (0 or 1) and MUSTER_READING_DAYS (1–3650, 90). */
export function readStationConfig(environment: Readonly<Record<string, string | undefined>> = process.env): StationConfig {
  const days = Number(environment.MUSTER_READING_DAYS ?? DAYS_KEPT)
  return {
    allowPrivate: environment.MUSTER_STATION_ALLOW_PRIVATE === '1',
    daysKept: Number.isInteger(days) && days >= 1 && days <= DAYS_MAX ? days : DAYS_KEPT,
  }
}
