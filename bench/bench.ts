/** `bin/muster bench NAME [--json]`: measurements beside their peers in the same run. See README.md. */
import { append } from './append.ts'
import { cap } from './cap.ts'
import { feed } from './feed.ts'
import { fold } from './fold.ts'
import { linkage } from './linkage.ts'
import { lint } from './lint.ts'
import { live } from './live.ts'
import type { Line, Report } from './measure.ts'
import { start } from './start.ts'
import { target } from './target.ts'
import { timers } from './timers.ts'
import { warn } from './warn.ts'

const BENCHES: Readonly<Record<string, (report: Report) => Promise<void>>> = {
  append,
  linkage,
  live,
  start,
  fold,
  timers,
  lint,
  cap,
  target,
  warn,
  feed,
}

/** Runs one bench. With `json` only its lines, one JSON object each, go to standard output. Answers the exit code: 0, or 2 for an unknown name. */
export async function runBench(name: string, options: { json: boolean }): Promise<number> {
  const run = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
  const say = (text: string): void => void process.stderr.write(`${text}\n`)
  if (run === undefined) {
    say(`muster: no bench ${name}; there are ${Object.keys(BENCHES).join(', ')}`)
    return 2
  }
  const line = (one: Line): void => {
    process.stdout.write(`${JSON.stringify(one)}\n`)
    if (!options.json) say(words(one))
  }
  await run({ line, say: options.json ? () => undefined : say })
  return 0
}

function words({ name, unit, ours, peer, ratio, n, min, max, target, load }: Line): string {
  const beside = peer === null ? 'no peer' : `peer ${peer}, ratio ${ratio}`
  const aim =
    target === null
      ? ''
      : ` · target ${target.of} ${target.value}: ${target.met === null ? 'not to be judged' : target.met ? 'met' : 'missed'}`
  return `  ${name}: ${ours} ${unit} (${min}–${max}, n ${n}) · ${beside}${aim} · load ${load.join(' → ')}`
}
