/** The thresholds and indicators of the pack, read once; and what is asked before a set is adopted or a station registered. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { refuse, type Refusal } from '#core/decider.ts'
import { IndicatorsFile, looserThan, ThresholdSet, type Indicator, type Sensor } from '#core/station.ts'
import { projectRoot, StartupProblem } from '../config.ts'
import { readFileAs, type Loaded, type Problem } from '../pack.ts'

const FOLDER = join(projectRoot, 'packs', 'thresholds')
const INDICATORS = 'indicators.yaml'
const FILES_MAX = 200

export type ThresholdPack = { readonly indicators: ReadonlyMap<string, Indicator>; readonly sets: readonly ThresholdSet[] }

/** The first problem of any file refuses all; a set looser than a binding one above it is a problem. */
export function readThresholdPack(folder: string = FOLDER): Loaded<ThresholdPack> {
  const problems: Problem[] = []
  const indicators = readFileAs(join(folder, INDICATORS), IndicatorsFile)
  if (!indicators.ok) problems.push(...indicators.problems)
  const sets: { readonly file: string; readonly set: ThresholdSet }[] = []
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== INDICATORS)
  for (const name of names.toSorted().slice(0, FILES_MAX)) {
    const file = join(folder, name)
    const loaded = readFileAs(file, ThresholdSet)
    if (loaded.ok) sets.push({ file, set: loaded.value })
    else problems.push(...loaded.problems)
  }
  const known = new Map(indicators.ok ? indicators.value.indicators.map((one) => [one.slug, one]) : [])
  for (const { file, set } of sets)
    problems.push(
      ...problemsOf(
        file,
        set,
        known,
        sets.map((one) => one.set),
      ),
    )
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { indicators: known, sets: sets.map((one) => one.set) } }
}

/** What is wrong with a set among the others: unknown indicators, other units, looser than what binds. */
export function problemsOf(
  file: string,
  set: ThresholdSet,
  indicators: ReadonlyMap<string, Indicator>,
  binding: readonly ThresholdSet[],
): readonly Problem[] {
  const at = (path: string, problem: string): Problem => ({ file, line: 1, column: 1, path, problem })
  const units = set.steps.flatMap((step, i) => {
    const known = indicators.get(step.indicator)
    return known === undefined || known.unit === step.unit ? [] : [at(`steps[${i}].unit`, `${step.indicator} is measured in ${known.unit}`)]
  })
  const looser = looserThan(set, set.jurisdiction, binding).map(({ floor, step }) =>
    at(
      'steps',
      `looser than ${floor}: ${step.colour}, ${step.indicator} ${step.of} ${step.over ?? ''} ${step.reach} ${step.value} ${step.unit}`,
    ),
  )
  return [...units, ...looser]
}

let kept: ThresholdPack | null = null

/** The pack that comes with the project. */
export function thresholdPack(): ThresholdPack {
  if (kept !== null) return kept
  const loaded = readThresholdPack()
  if (loaded.ok) return (kept = loaded.value)
  const [first] = loaded.problems
  throw new StartupProblem('pack-malformed', `${first?.file}: ${first?.path}: ${first?.problem}`, 'mend the file, or: git checkout packs')
}

/** `threshold.looser {set, colour, indicator, value, unit}`: nothing binding above may be undercut. */
export function refuseLooser(set: ThresholdSet, jurisdiction: string, adopted: readonly ThresholdSet[]): Refusal | null {
  const { sets, indicators } = thresholdPack()
  const [first] = looserThan(set, jurisdiction, [...sets, ...adopted])
  if (first !== undefined) {
    const { colour, indicator, value, unit } = first.step
    return refuse('threshold.looser', { set: first.floor, colour, indicator, value, unit })
  }
  const other = set.steps.find((step) => (indicators.get(step.indicator)?.unit ?? step.unit) !== step.unit)
  return other === undefined
    ? null
    : refuse('station.unit-differs', { indicator: other.indicator, unit: indicators.get(other.indicator)?.unit ?? '' })
}

/** A sensor of the catalogue has its unit, and bounds no wider. */
export function refuseSensors(sensors: readonly Sensor[]): Refusal | null {
  const { indicators } = thresholdPack()
  for (const { slug, unit, min, max } of sensors) {
    const known = indicators.get(slug)
    if (known === undefined) continue
    if (known.unit !== unit) return refuse('station.unit-differs', { indicator: slug, unit: known.unit })
    if (min < known.min || max > known.max) return refuse('station.bounds-wider', { indicator: slug, min: known.min, max: known.max })
  }
  return null
}
