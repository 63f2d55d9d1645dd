/** What the demonstration's stations have measured: read from the pack, brought in by the same way as anybody's readings. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Doer } from '#core/authority.ts'
import { rowsOfCsv, type ThresholdSet } from '#core/station.ts'
import { durationMs, fromMs } from '#core/time.ts'
import { StartupProblem } from '../config.ts'
import { DEMONSTRATION } from '../pack.ts'
import type { World } from '../world.ts'
import { Ingest } from './ingest.ts'
import { thresholdPack } from './thresholds.ts'

/** `~-PT10M` in readings.csv: ten minutes before it is loaded. */
export async function loadReadings(world: World, doer: Doer): Promise<void> {
  const now = world.clock.now()
  const text = readFileSync(join(DEMONSTRATION, 'readings.csv'), 'utf8')
  const dated = text.replaceAll(/~-(P\w+)/g, (_, ago: string) => fromMs(Math.floor((now - durationMs(ago)) / 60_000) * 60_000))
  const ingest = new Ingest({ world })
  const { fitting, bad } = await ingest.check(rowsOfCsv(dated), { doer })
  const [first] = bad
  if (first !== undefined)
    throw new StartupProblem(
      'pack-malformed',
      `readings.csv: row ${first.row}: ${first.problem} ${first.said}`,
      'mend the file, or: git checkout packs',
    )
  await ingest.take(fitting)
}

/** Every set of the pack, each for the territory that it is made for. */
export const thresholdsToAdopt = (): readonly ThresholdSet[] => thresholdPack().sets
