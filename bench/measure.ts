/** What every bench shares: slices in turn, medians, ratio pair by pair, and one line of JSON a row. */
import { spawnSync } from 'node:child_process'
import { cpus, loadavg, release } from 'node:os'

export type Better = 'more' | 'less'

/** One row of a bench. `ours` and `peer` are medians of their rounds, `ratio` is the median of ours / peer, round by round. */
export type Line = {
  readonly name: string
  readonly unit: string
  readonly better: Better
  readonly ours: number
  /** Null: there is no peer, or it is not installed here (the notes say which). */
  readonly peer: number | null
  readonly ratio: number | null
  /** Rounds, warm-up left out. */
  readonly n: number
  /** Least and most of our rounds. */
  readonly min: number
  readonly max: number
  /** What was aimed at, in the unit of `of`. */
  readonly target: { readonly of: 'ratio' | 'ours'; readonly value: number; readonly met: boolean | null } | null
  /** Load average over one minute, before and after. On two cores, above 2 means that others were at work too. */
  readonly load: readonly [before: number, after: number]
  readonly notes: Readonly<Record<string, unknown>>
}

export type Report = { readonly line: (line: Line) => void; readonly say: (text: string) => void }

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** By the nearest rank; NaN of nothing. */
export function quantile(values: readonly number[] | Float64Array, q: number): number {
  const sorted = Float64Array.from(values).toSorted()
  if (sorted.length === 0) return Number.NaN
  const at = q * (sorted.length - 1)
  const low = sorted[Math.floor(at)] ?? Number.NaN
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  return q === 0.5 ? (low + high) / 2 : high
}

export const round = (value: number, digits = 3): number => Number(value.toPrecision(digits + 1))
export const load = (): number => round(loadavg()[0] ?? 0, 2)

export type Row = {
  readonly name: string
  readonly unit: string
  readonly better: Better
  readonly ours: readonly number[]
  /** The peer's figure of the same round; empty where there is none. */
  readonly peer: readonly number[]
  readonly target?: { readonly of: 'ratio' | 'ours'; readonly value: number }
  readonly loadBefore: number
  readonly notes: Readonly<Record<string, unknown>>
}

export function lineOf({ name, unit, better, ours, peer, target, loadBefore, notes }: Row): Line {
  const ratios = peer.length === ours.length ? ours.map((one, i) => one / (peer[i] ?? Number.NaN)) : []
  const ratio = ratios.length === 0 ? null : round(median(ratios))
  const mine = round(median(ours))
  const reached = target?.of === 'ratio' ? ratio : mine
  const met = target === undefined || reached === null ? null : better === 'more' ? reached >= target.value : reached <= target.value
  return {
    name,
    unit,
    better,
    ours: mine,
    peer: peer.length === 0 ? null : round(median(peer)),
    ratio,
    n: ours.length,
    min: round(Math.min(...ours)),
    max: round(Math.max(...ours)),
    target: target === undefined ? null : { ...target, met },
    load: [loadBefore, load()],
    notes,
  }
}

export const MACHINE = {
  node: process.version,
  system: `${process.platform} ${release()}`,
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? '',
}

/** What a program says of its version, or null when it is not installed. */
export function versionOf(program: string): string | null {
  const ran = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return ran.status === 0 ? ran.stdout.trim() : null
}
