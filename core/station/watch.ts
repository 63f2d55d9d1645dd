/** The watch over one station: readings in, changes of the colour that its thresholds would propose out. Pure and replayable. */
import { colourLevel, graver, type Colour } from '../level.ts'
import { durationMs } from '../time.ts'
import { fromCount, Series, toCount, type Pair, type Window } from './window.ts'
import { stepKey, type Step, type ThresholdSet } from './threshold.ts'

/** A step that applies to the station, with the set that it stands in. */
export type Applied = { readonly key: string; readonly set: string; readonly hazard: string; readonly step: Step }

/** The readings that prove a crossing: all of the window, or of many the largest. */
export const PROOF_MAX = 800
export type Proof = {
  readonly count: number
  readonly readings: readonly Pair[]
}

/** `to` null: over. `applied` is the step that was reached, or the one that was reached last before it ended. */
export type Change = {
  readonly hazard: string
  readonly atMs: number
  readonly from: Colour | null
  readonly to: Colour | null
  readonly applied: Applied
  readonly value: number
  readonly proof: Proof
}

/** The steps of the sets that apply to a station: by its code, its indicators and units. */
export const appliedTo = (
  { code, sensors }: { readonly code: string; readonly sensors: readonly { readonly slug: string; readonly unit: string }[] },
  sets: readonly ThresholdSet[],
): readonly Applied[] =>
  sets.flatMap(({ id, hazard, steps }) =>
    steps
      .filter((step) => step.stations === undefined || step.stations.includes(code))
      .filter((step) => sensors.some((one) => one.slug === step.indicator && one.unit === step.unit))
      .map((step) => ({ key: `${id}|${stepKey(step)}`, set: id, hazard, step })),
  )

/** How far back the readings of an indicator matter: the longest window, and what a step must hold. Milliseconds. */
export const memoryMs = (applied: readonly Applied[]): number =>
  Math.max(0, ...applied.map(({ step }) => (step.over === undefined ? 0 : durationMs(step.over)) + durationMs(step.lasts)))

type Latch = {
  readonly applied: Applied
  readonly series: Series
  readonly window: Window
  readonly overMs: number
  readonly limit: number
  /** Beyond this it begins to count as over. */
  readonly off: number
  readonly lastsMs: number
  readonly clearsMs: number
  active: boolean
  /** Since when the other state has held, in the time of the readings. */
  since: number | null
}

export class Watch {
  readonly #series = new Map<string, Series>()
  readonly #latches: readonly Latch[]
  readonly #byHazard: ReadonlyMap<string, readonly Latch[]>
  /** Some step has begun or ended to hold since it was last asked what changed. */
  #moved = false
  readonly #told = new Map<string, { readonly colour: Colour; readonly applied: Applied }>()

  constructor(applied: readonly Applied[]) {
    const keep = Map.groupBy(applied, ({ step }) => step.indicator)
    for (const [indicator, all] of keep) this.#series.set(indicator, new Series(Math.max(memoryMs(all), 1)))
    this.#latches = applied.map((one) => latchOf(one, this.#series.get(one.step.indicator) ?? new Series(1)))
    this.#byHazard = Map.groupBy(this.#latches, (one) => one.applied.hazard)
  }

  /** How far back readings matter. */
  get memoryMs(): number {
    return memoryMs(this.#latches.map((one) => one.applied))
  }

  /** Readings in memory. */
  get size(): number {
    return [...this.#series.values()].reduce((all, one) => all + one.size, 0)
  }

  /**
   * One reading, in milliseconds and the unit of the indicator. A late one counts in the windows that still hold it and
   * rewrites nothing that was said; one that is known changes nothing. Silence ends nothing: only a reading does.
   */
  add(indicator: string, atMs: number, value: number): readonly Change[] {
    return this.take(indicator, atMs, value) ? this.changes(atMs) : []
  }

  /** The same without saying what changed: to fill the windows after a restart. */
  take(indicator: string, atMs: number, value: number): boolean {
    const series = this.#series.get(indicator)
    if (series === undefined || !series.add(atMs, value)) return false
    const now = series.head ?? atMs
    for (const latch of this.#latches) if (latch.series === series && move(latch, now)) this.#moved = true
    return true
  }

  /** What the log says was proposed last and is not over: held on to until readings say otherwise. */
  remember(hazard: string, colour: Colour, key: string): void {
    const found = this.#latches.find(({ applied }) => applied.hazard === hazard && applied.key === key)
    const applied = found?.applied ?? this.#latches.find((one) => one.applied.hazard === hazard)?.applied
    if (applied === undefined) return
    this.#told.set(hazard, { colour, applied })
    this.#moved = true
    if (found === undefined || found.active) return
    found.active = true
    found.since = null
    move(found, found.series.head ?? 0)
  }

  /** The colours that differ from what was said last. */
  changes(atMs: number): readonly Change[] {
    if (!this.#moved) return []
    this.#moved = false
    const changes: Change[] = []
    for (const [hazard, latches] of this.#byHazard) {
      const now = gravest(latches.filter((one) => one.active))
      const told = this.#told.get(hazard)
      const to = now?.applied.step.colour ?? null
      if (to === (told?.colour ?? null)) continue
      const of = now ?? latches.find((one) => one.applied === told?.applied)
      if (of === undefined) continue
      if (now === null) this.#told.delete(hazard)
      else this.#told.set(hazard, { colour: now.applied.step.colour, applied: now.applied })
      const at = of.series.head ?? atMs
      const value = of.window.value() ?? 0
      changes.push({ hazard, atMs: at, from: told?.colour ?? null, to, applied: of.applied, value: rounded(value), proof: proofOf(of, at) })
    }
    return changes
  }
}

/** Of equally grave ones the first of the set. */
function gravest(latches: readonly Latch[]): Latch | null {
  let found: Latch | null = null
  for (const one of latches)
    if (found === null || graver(colourLevel(one.applied.step.colour), colourLevel(found.applied.step.colour))) found = one
  return found
}

const rounded = (count: number): number => Math.round(fromCount(count) * 10_000) / 10_000

function latchOf(applied: Applied, series: Series): Latch {
  const { step } = applied
  const overMs = step.over === undefined ? 0 : durationMs(step.over)
  const limit = toCount(step.value)
  const back = toCount(step.hysteresis)
  return {
    applied,
    series,
    window: series.window(step.of, overMs),
    overMs,
    limit,
    off: step.reach === 'at-least' ? limit - back : limit + back,
    lastsMs: durationMs(step.lasts),
    clearsMs: durationMs(step.clears),
    active: false,
    since: null,
  }
}

/** Whether it turned. Reached: at the limit itself. Over: beyond the hysteresis; on its edge it still holds. Both only after they have lasted. */
function move(latch: Latch, now: number): boolean {
  const value = latch.window.value()
  if (value === null) return false
  const rises = latch.applied.step.reach === 'at-least'
  const turns = latch.active ? (rises ? value < latch.off : value > latch.off) : rises ? value >= latch.limit : value <= latch.limit
  if (!turns) {
    latch.since = null
    return false
  }
  latch.since ??= now
  if (now - latch.since < (latch.active ? latch.clearsMs : latch.lastsMs)) return false
  latch.active = !latch.active
  latch.since = null
  return true
}

function proofOf({ series, overMs, lastsMs }: Latch, at: number): Proof {
  const all = series.since(at - Math.max(overMs, lastsMs, 1)).filter(([when]) => when <= at)
  const readings =
    all.length <= PROOF_MAX
      ? all
      : all
          .toSorted((a, b) => Math.abs(b[1]) - Math.abs(a[1]))
          .slice(0, PROOF_MAX)
          .toSorted((a, b) => a[0] - b[0])
  return { count: all.length, readings }
}
