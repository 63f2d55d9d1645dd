/** `muster lint` over 10,000 clauses in five files: the whole command, and the checking alone. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Instrument } from '#core/instrument.ts'
import { lint as check } from '#core/lint.ts'
import { projectRoot } from '#server/config.ts'
import { readYaml } from '#server/yaml.ts'
import { withScratch } from './child.ts'
import { lineOf, load, MACHINE, type Report } from './measure.ts'

const ROUNDS = 7
const FILES = 5
const CLAUSES = 2000
const ON = '2026-11-22'
const WAIT_MAX_MS = 120_000

export async function lint({ line, say }: Report): Promise<void> {
  await withScratch(async (folder) => {
    const pack = join(folder, 'pack')
    mkdirSync(pack)
    const texts = Array.from({ length: FILES }, (_, i) => textOf(i))
    for (const [i, text] of texts.entries()) writeFileSync(join(pack, `plan-${i}.yaml`), text)
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    say(`lint: ${FILES * CLAUSES} clauses, ${(bytes / 1e6).toFixed(1)} MB`)
    const compiled = { NODE_COMPILE_CACHE: join(folder, 'compiled') }
    const ours = (): Ran => ran([join(projectRoot, 'server', 'cli.ts'), 'lint', pack, '--on', ON], compiled)
    const peer = (): Ran =>
      ran([join(projectRoot, 'bench', 'peer-ajv.ts'), pack, join(projectRoot, 'packs', 'instrument.schema.json')], compiled)
    const loadBefore = load()
    const [whole, shape]: [Ran[], Ran[]] = [[], []]
    for (let round = 0; round <= ROUNDS; round++) {
      const [one, other] = [ours(), peer()]
      if (round > 0) whole.push(one)
      if (round > 0) shape.push(other)
    }
    const notes = { clauses: FILES * CLAUSES, files: FILES, megabytes: Number((bytes / 1e6).toFixed(1)), versions: MACHINE }
    line(
      lineOf({
        name: 'lint.command.10000',
        unit: 's',
        better: 'less',
        ours: whole.map((one) => one.seconds),
        peer: shape.map((one) => one.seconds),
        target: { of: 'ours', value: 2 },
        loadBefore,
        notes: {
          ...notes,
          ours: 'node start, YAML, schema, all checks',
          peer: 'node start, the same YAML parser, ajv against the same schema: shape only',
        },
      }),
    )
    line(
      lineOf({
        name: 'lint.processor.10000',
        unit: 's',
        better: 'less',
        ours: whole.map((one) => one.processor),
        peer: shape.map((one) => one.processor),
        loadBefore,
        notes: { ...notes, what: 'processor time of the same runs, over all their threads: it does not grow when others are at work' },
      }),
    )
    const instruments = texts.map((text) => read(text))
    const checking = Array.from({ length: ROUNDS + 1 }, () => {
      const began = performance.now()
      const found = check({ instruments }, { on: ON })
      if (found.length > 0) throw new Error(`the pack has ${found.length} findings`)
      return performance.now() - began
    }).slice(1)
    line(
      lineOf({
        name: 'lint.core.10000',
        unit: 'ms',
        better: 'less',
        ours: checking,
        peer: [],
        target: { of: 'ours', value: 1000 },
        loadBefore,
        notes: { ...notes, ours: 'the checks alone, on what was read' },
      }),
    )
  })
}

type Ran = { readonly seconds: number; readonly processor: number }

/** A run of node to its end. */
function ran(args: readonly string[], env: Readonly<Record<string, string>>): Ran {
  const [began, before] = [performance.now(), processorOfChildren()]
  const { status, stderr } = spawnSync(process.execPath, [...args], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: WAIT_MAX_MS,
  })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return { seconds: (performance.now() - began) / 1000, processor: processorOfChildren() - before }
}

/** Seconds of processor time of the children that have ended: proc(5), fields 16 and 17, in hundredths. NaN where there is no such file. */
function processorOfChildren(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[13]) + Number(fields[14])) / 100
  } catch {
    return Number.NaN
  }
}

function read(text: string): Instrument {
  const yaml = readYaml(text)
  if (!yaml.ok) throw new Error(yaml.problem)
  return Instrument.parse(yaml.value)
}

/** A plan of clauses as long as those of the demonstration; one escalation supervises them all. */
function textOf(index: number): string {
  const head = `schema: muster/instrument/1
id: plan-${index}
kind: plan
title: { zh-CN: 预案${index}, en: "Plan ${index}" }
jurisdiction: '12011${index}'
issuer: { zh-CN: 区人民政府, en: District government }
citation: { zh-CN: 供测量, en: For measuring }
inForceFrom: '2026-01-01'
inForceUntil: null
source: { zh-CN: 本项目编写, en: Written by this project }
higher: []
demonstration: true
keeper: { zh-CN: 区应急管理局, en: Emergency management bureau }
reviewOn: '2028-01-01'
approvals:
  - { by: { zh-CN: 区人民政府, en: District government }, on: '2025-12-01' }
clauses:
`
  const duties = Array.from({ length: CLAUSES - 1 }, (_, i) => clauseOf(i))
  const supervise = `  - id: supervise
    kind: escalation
    article: { zh-CN: "9", en: "9" }
    wording: summary
    words: { zh-CN: 逾期督办, en: What is late climbs }
    of: all
    steps: [{ after: PT30M, to: debtor@superior, confirmed: false }]
`
  return head + duties.join('') + supervise
}

const clauseOf = (i: number): string => `  - id: duty-${i}
    kind: duty
    article: { zh-CN: "${i}.1", en: "${i}.1" }
    wording: summary
    words:
      zh-CN: "橙色以上预警发布后2小时内，民政局对预警区内养老、福利机构逐一点名核查：有无人员被困、是否转移、还需要什么。"
      en: "Within 2 hours of an orange or red warning the civil affairs bureau asks after every care home and welfare institution by name."
    phase: respond
    function: civil-affairs
    when:
      - { event: incident.noted, kinds: [warning], colours: [red, orange], hazards: [flood, waterlogging, rainstorm, typhoon] }
    once: incident
    owes: function:civil-affairs
    to: government
    act: check-${i}
    actWords: { zh-CN: "对重点场所逐一点名核查", en: "Ask after each special site by name" }
    limit:
      within: PT2H
      confirmed: false
      source: { zh-CN: "预案自定目标，无法规出处", en: "Target of this plan itself; no law states it" }
    evidence:
      - { event: incident.noted, kinds: [special-site-checked] }

`
