import { z } from 'zod/mini'

/** An instant as we keep it: ISO 8601, UTC, milliseconds. */
export type Instant = string

/** An instant as others write it: any ISO 8601 date and time with an offset, at most second 59. */
export const InstantText = z.pipe(
  z.string().check(
    z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/),
    z.refine((text) => !Number.isNaN(Date.parse(text)) && hasDay(text.slice(0, 10))),
  ),
  z.transform((text: string) => instant(text)),
)

/** A plain date, `YYYY-MM-DD`, that the calendar has. */
export const PlainDate = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/), z.refine(hasDay))

/** Whether the calendar has the day: JavaScript itself reads 30 February as 2 March. */
function hasDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(ms) && fromMs(ms).startsWith(text)
}

/** An IANA time zone or a fixed offset such as `+08:00`, in which people read the clock. */
export const Zone = z.string().check(z.maxLength(60), z.refine(isZone))

function isZone(zone: string): boolean {
  try {
    return yearsOf(zone).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The calendar year of an instant where that clock is read. */
export const yearIn = (at: Instant, zone: string): string => yearsOf(zone).format(new Date(at))

/** To make one costs a hundred times what it costs to use it. */
const YEARS = new Map<string, Intl.DateTimeFormat>()
const ZONES_MAX = 100

function yearsOf(zone: string): Intl.DateTimeFormat {
  const known = YEARS.get(zone)
  if (known !== undefined) return known
  if (YEARS.size >= ZONES_MAX) YEARS.clear()
  const made = new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric' })
  YEARS.set(zone, made)
  return made
}

const DURATION = /^P(?:(?<days>\d{1,5})D)?(?:T(?=\d)(?:(?<hours>\d{1,5})H)?(?:(?<minutes>\d{1,6})M)?(?:(?<seconds>\d{1,8})S)?)?$/

/** ISO 8601 duration of days, hours, minutes and seconds; months and years have no fixed length and are refused. */
export const Duration = z.string().check(
  z.regex(DURATION),
  z.refine((text) => text !== 'P' && !text.endsWith('T')),
)

/** The same moment in our form. Throws on text that is no instant: parse with InstantText first. */
export const instant = (text: string): Instant => new Date(text).toISOString()
export const fromMs = (ms: number): Instant => new Date(ms).toISOString()
export const toMs = (at: Instant): number => Date.parse(at)

export function durationMs(duration: string): number {
  const found = DURATION.exec(duration)?.groups
  if (!found || duration === 'P') throw new Error(`not a duration: ${duration}`)
  const part = (name: string): number => Number(found[name] ?? 0)
  return (((part('days') * 24 + part('hours')) * 60 + part('minutes')) * 60 + part('seconds')) * 1000
}

export const after = (at: Instant, duration: string): Instant => fromMs(toMs(at) + durationMs(duration))

/** From `start` to `end` as an ISO 8601 duration in days, hours, minutes, seconds (rounded down); negative with a leading minus. */
export function between(start: Instant, end: Instant): string {
  const ms = toMs(end) - toMs(start)
  return (ms <= -1000 ? '-' : '') + durationText(Math.abs(ms))
}

/** Hours are not folded into days: `PT76H` reads as the field says it, and compares. */
export function durationText(ms: number): string {
  const all = Math.floor(ms / 1000)
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
  const text = (hours > 0 ? `${hours}H` : '') + (minutes > 0 ? `${minutes}M` : '') + (seconds > 0 ? `${seconds}S` : '')
  return text === '' ? 'PT0S' : `PT${text}`
}

/** Minutes since midnight where that clock is read, 0–1439. */
export function minuteOfDay(at: Instant, zone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(
    new Date(at),
  )
  const part = (name: string): number => Number(parts.find((one) => one.type === name)?.value ?? 0)
  return part('hour') * 60 + part('minute')
}

/** The first instant after `at` whose local clock shows that minute of the day; a day on which the clock is set is stepped over by the minute shown. */
export function nextMinuteOfDay(at: Instant, minute: number, zone: string): Instant {
  const wait = (minute - minuteOfDay(at, zone) + 1440) % 1440 || 1440
  const whole = Math.floor(toMs(at) / 60_000) * 60_000
  return fromMs(whole + wait * 60_000)
}
