import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Refusal } from './decider.ts'
import { looserThan, proposal, ThresholdSet, type Proposal, type ProposalCommand, type Step } from './station.ts'
import { appliedTo, memoryMs, Watch, type Change } from './station/watch.ts'
import { Series } from './station/window.ts'
import { durationMs, fromMs, toMs } from './time.ts'

const words = { 'zh-CN': '试', en: 'test' }
const step = (more: Partial<Step> = {}): Step => ({
  colour: 'orange',
  indicator: 'rain',
  unit: 'mm',
  of: 'sum',
  over: 'PT3H',
  reach: 'at-least',
  value: 50,
  hysteresis: 0,
  lasts: 'PT0S',
  clears: 'PT0S',
  article: words,
  confirmed: true,
  ...more,
})
const set = (steps: readonly Step[], more: Partial<ThresholdSet> = {}): ThresholdSet => ({
  schema: 'muster/threshold/1',
  id: 'test',
  title: words,
  issuer: words,
  hazard: 'rainstorm',
  jurisdiction: '100000',
  binding: false,
  source: words,
  demonstration: true,
  steps: [...steps],
  ...more,
})
const GAUGE = {
  code: 'A',
  sensors: [
    { slug: 'rain', unit: 'mm' },
    { slug: 'water-level', unit: 'm' },
    { slug: 'wind-gust', unit: 'm/s' },
  ],
}
const watching = (...steps: readonly Step[]): Watch => new Watch(appliedTo(GAUGE, [set(steps)]))
/** 突发: the rainstorm signals of CMA order 16, as the brief of the law states them. */
const SIGNALS: readonly Step[] = [
  step({ colour: 'blue', over: 'PT12H' }),
  step({ colour: 'yellow', over: 'PT6H' }),
  step({ colour: 'orange', over: 'PT3H' }),
  step({ colour: 'red', over: 'PT3H', value: 100 }),
]
const MINUTE = 60_000
const T0 = toMs('2026-07-01T00:00:00.000Z')
const told = (changes: readonly Change[]): string[] =>
  changes.map((one) => `${(one.atMs - T0) / MINUTE} ${one.from ?? '-'}>${one.to ?? '-'} ${one.value}`)

/** A small generator of its own, so that the series are the same on every machine. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

// ── The same, reckoned anew for every reading over everything that is known: slow and plain.

type Known = { readonly at: number; readonly tenths: number }
function plainValue(known: readonly Known[], now: number, { of, over = 'PT0S' }: Step): number | null {
  if (known.length === 0) return null
  if (of === 'level') return known.toSorted((a, b) => a.at - b.at).at(-1)?.tenths ?? null
  const inside = known.filter(({ at }) => at > now - durationMs(over) && at <= now).map((one) => one.tenths)
  if (inside.length === 0) return null
  const sum = inside.reduce((all, one) => all + one, 0)
  return of === 'sum' ? sum : of === 'mean' ? sum / inside.length : of === 'max' ? Math.max(...inside) : Math.min(...inside)
}
const PLAIN_ORDER = ['blue', 'yellow', 'orange', 'red']
/** Values in tenths of the unit, so that this side is exact too. */
function plain(steps: readonly Step[], arrivals: readonly Known[]): string[] {
  const known: Known[] = []
  const latches = steps.map(() => ({ active: false, since: null as number | null }))
  let colour: string | null = null
  const out: string[] = []
  for (const reading of arrivals) {
    const head = Math.max(-Infinity, ...known.map((one) => one.at))
    if (known.some((one) => one.at === reading.at)) continue
    known.push(reading)
    const now = Math.max(head, reading.at)
    for (const [i, one] of steps.entries()) {
      const latch = latches[i]
      const value = plainValue(known, now, one)
      if (latch === undefined || value === null) continue
      const up = one.reach === 'at-least'
      const limit = one.value * 10
      const off = up ? limit - one.hysteresis * 10 : limit + one.hysteresis * 10
      const turns = latch.active ? (up ? value < off : value > off) : up ? value >= limit : value <= limit
      if (!turns) latch.since = null
      else {
        latch.since ??= now
        if (now - latch.since >= durationMs(latch.active ? one.clears : one.lasts)) {
          latch.active = !latch.active
          latch.since = null
        }
      }
    }
    const active = steps.filter((_, i) => latches[i]?.active).map((one) => one.colour)
    const next = active.toSorted((a, b) => PLAIN_ORDER.indexOf(b) - PLAIN_ORDER.indexOf(a))[0] ?? null
    if (next !== colour) out.push(`${(now - T0) / MINUTE} ${colour ?? '-'}>${next ?? '-'}`)
    colour = next
  }
  return out
}

describe('windows', () => {
  test('a window holds what is newer than its length, and drops what has just grown as old', () => {
    const series = new Series(durationMs('PT3H'))
    const sum = series.window('sum', durationMs('PT3H'))
    series.add(T0, 10)
    series.add(T0 + 179 * MINUTE, 1)
    assert.equal(sum.value(), 110_000)
    series.add(T0 + 180 * MINUTE, 1)
    assert.equal(sum.value(), 20_000, 'three hours later the first has left')
  })

  test('five hundred times 0.1 mm are 50 mm, where floating point would say 49.99999999999', () => {
    const watch = watching(step({ over: 'PT12H' }))
    const said = Array.from({ length: 500 }, (_, i) => told(watch.add('rain', T0 + i * MINUTE, 0.1))).flat()
    assert.deepEqual(said, ['499 ->orange 50'])
    assert.notEqual(
      Array.from({ length: 500 }, () => 0.1).reduce((all, one) => all + one, 0),
      50,
    )
  })

  test('memory stays bounded by the window, however long it rains', () => {
    const watch = watching(...SIGNALS)
    for (let i = 0; i < 20_000; i++) watch.add('rain', T0 + i * MINUTE, 0)
    assert.equal(watch.size, 12 * 60)
  })
})

describe('the boundary', () => {
  test('50.0 mm reaches "50 mm or more", 49.9 mm does not', () => {
    assert.deepEqual(told(watching(step()).add('rain', T0, 49.9)), [])
    assert.deepEqual(told(watching(step()).add('rain', T0, 50)), ['0 ->orange 50'])
    assert.deepEqual(told(watching(step()).add('rain', T0, 50.0)), ['0 ->orange 50'])
  })
  test('at most is reached from above, the value itself included', () => {
    const fog = step({ of: 'level', indicator: 'water-level', unit: 'm', reach: 'at-most', value: 2, hysteresis: 0.5 })
    const { over: _, ...level } = fog
    const watch = watching(level)
    assert.deepEqual(
      [3, 2.1, 2, 2.4, 2.5, 2.6].map((value, i) => told(watch.add('water-level', T0 + i * MINUTE, value)).join()),
      ['', '', '2 ->orange 2', '', '', '5 orange>- 2.6'],
    )
  })
  test('the four signals of a rainstorm are told apart by their windows', () => {
    const slow = watching(...SIGNALS)
    // 5 mm an hour: 50 mm fall in 10 hours, never 50 in 6.
    assert.deepEqual(Array.from({ length: 15 }, (_, i) => told(slow.add('rain', T0 + i * 60 * MINUTE, 5))).flat(), ['540 ->blue 50'])
    const fast = watching(...SIGNALS)
    // 20 mm an hour: 60 in 3 hours; the third hour proposes orange at once, and it never becomes red.
    assert.deepEqual(Array.from({ length: 6 }, (_, i) => told(fast.add('rain', T0 + i * 60 * MINUTE, 20))).flat(), ['120 ->orange 60'])
    const flood = watching(...SIGNALS)
    assert.deepEqual(Array.from({ length: 3 }, (_, i) => told(flood.add('rain', T0 + i * 60 * MINUTE, 50))).flat(), [
      '0 ->orange 50',
      '60 orange>red 100',
    ])
  })
})

describe('hysteresis and lasting', () => {
  const level = (more: Partial<Step>): Step => {
    const { over: _, ...rest } = step({ of: 'level', indicator: 'water-level', unit: 'm', value: 4, ...more })
    return rest
  }
  test('a sensor that flaps around the limit makes one crossing', () => {
    const watch = watching(level({ hysteresis: 0.1, clears: 'PT30M' }))
    const said = Array.from({ length: 200 }, (_, i) => told(watch.add('water-level', T0 + i * MINUTE, i % 2 === 0 ? 4.02 : 3.95))).flat()
    assert.deepEqual(said, ['0 ->orange 4.02'])
  })
  test('on the edge of the hysteresis it still holds; below, it must be gone for as long as the set says', () => {
    const watch = watching(level({ hysteresis: 0.1, clears: 'PT30M' }))
    const at = (minute: number, value: number): string => told(watch.add('water-level', T0 + minute * MINUTE, value)).join()
    assert.equal(at(0, 4), '0 ->orange 4')
    assert.equal(at(60, 3.9), '')
    assert.equal(at(61, 3.89), '')
    assert.equal(at(80, 3.95), '', 'back over the edge: it begins anew')
    assert.equal(at(81, 3.8), '')
    assert.equal(at(110, 3.8), '', '29 minutes')
    assert.equal(at(111, 3.8), '111 orange>- 3.8')
  })
  test('a spike shorter than the least duration proposes nothing', () => {
    const watch = watching(level({ lasts: 'PT10M' }))
    const values = [4.2, 4.2, 3.9, 4.2, 4.2, 4.2]
    assert.deepEqual(
      values.map((value, i) => told(watch.add('water-level', T0 + i * 5 * MINUTE, value)).join()),
      ['', '', '', '', '', '25 ->orange 4.2'],
    )
  })
  test('silence ends nothing: without a reading nothing is said to be over', () => {
    const watch = watching(step({ hysteresis: 5 }))
    assert.equal(told(watch.add('rain', T0, 60)).length, 1)
    assert.deepEqual(watch.changes(T0 + 10 * 3600_000), [])
    assert.deepEqual(told(watch.add('rain', T0 + 600 * MINUTE, 0)), ['600 orange>- 0'])
  })
})

describe('what comes late, twice or out of order', () => {
  test('a late reading counts in the window that still holds it', () => {
    const watch = watching(step())
    watch.add('rain', T0, 20)
    watch.add('rain', T0 + 60 * MINUTE, 20)
    assert.deepEqual(
      told(watch.add('rain', T0 + 30 * MINUTE, 10)),
      ['60 ->orange 50'],
      'said at the newest reading, for that is when it was known',
    )
  })
  test('one that no window holds any more changes nothing', () => {
    const watch = watching(step())
    watch.add('rain', T0 + 300 * MINUTE, 0)
    assert.deepEqual(watch.add('rain', T0, 100), [])
  })
  test('the same reading twice is one reading', () => {
    const watch = watching(step())
    for (let i = 0; i < 5; i++) assert.deepEqual(watch.add('rain', T0, 20), [])
    assert.equal(watch.size, 1)
  })
  test('a crossing brings the readings that prove it: their sum is the value', () => {
    const watch = watching(step())
    watch.add('rain', T0 - 200 * MINUTE, 40)
    watch.add('rain', T0, 30)
    const [change] = watch.add('rain', T0 + 10 * MINUTE, 23.2)
    assert.equal(change?.value, 53.2)
    assert.deepEqual(change?.proof.readings, [
      [T0, 30],
      [T0 + 10 * MINUTE, 23.2],
    ])
    assert.equal(
      change?.proof.readings.reduce((all, [, value]) => all + value, 0),
      53.2,
    )
  })
})

describe('beside a plain reckoning over everything', () => {
  const { over: _, ...level } = step({ of: 'level', value: 6, hysteresis: 1, lasts: 'PT5M', clears: 'PT10M', colour: 'blue' })
  const sets: readonly (readonly [string, readonly Step[]])[] = [
    ['the rainstorm signals', SIGNALS],
    ['with hysteresis and durations', SIGNALS.map((one) => ({ ...one, hysteresis: 5, clears: 'PT30M', lasts: 'PT10M' }))],
    [
      'largest, smallest, mean and level at once',
      [
        step({ of: 'max', over: 'PT1H', value: 8, colour: 'yellow', hysteresis: 1 }),
        step({ of: 'min', over: 'PT1H', value: 0.5, reach: 'at-most', colour: 'blue' }),
        step({ of: 'mean', over: 'PT2H', value: 4, colour: 'orange', hysteresis: 0.5 }),
        level,
      ],
    ],
  ]
  for (const [name, steps] of sets)
    for (const [order, shuffle] of [
      ['in order', 0],
      ['out of order', 0.3],
    ] as const)
      test(`${name}, ${order}: the same crossings`, () => {
        let crossings = 0
        for (let seed = 1; seed <= 4; seed++) {
          const dice = generator(seed * 7919 + (shuffle > 0 ? 1 : 0))
          let at = T0
          let strength = 0
          const made: Known[] = Array.from({ length: 400 }, () => {
            at += Math.ceil(dice() * 12) * MINUTE
            if (dice() < 0.04) strength = dice() < 0.5 ? 0 : Math.floor(dice() * 90)
            return { at, tenths: Math.floor(strength * dice()) }
          })
          const arrivals: Known[] = []
          for (const one of made)
            arrivals.splice(dice() < shuffle ? Math.max(0, arrivals.length - Math.ceil(dice() * 8)) : arrivals.length, 0, one)
          const doubled = arrivals.flatMap((one) => (dice() < 0.1 ? [one, one] : [one]))
          const watch = watching(...steps)
          // What is older than anything kept is no longer known to the plain side either.
          const memory = memoryMs(appliedTo(GAUGE, [set(steps)]))
          let head = -Infinity
          const heard = doubled.filter((one) => {
            const fresh = one.at > head - memory
            head = Math.max(head, one.at)
            return fresh
          })
          const said = heard
            .flatMap((one) => watch.add('rain', one.at, one.tenths / 10))
            .map((one) => `${(one.atMs - T0) / MINUTE} ${one.from ?? '-'}>${one.to ?? '-'}`)
          assert.deepEqual(said, plain(steps, heard), `seed ${seed}`)
          crossings += said.length
        }
        assert.ok(crossings > 8, `${crossings} crossings were compared`)
      })
})

describe('thresholds that bind', () => {
  const floor = set(SIGNALS, { id: 'national', binding: true })
  const local = (steps: readonly Step[]): readonly unknown[] =>
    looserThan(set(steps, { id: 'local', jurisdiction: '120116' }), '120116', [floor])
  test('the same, or stricter, may be adopted', () => {
    assert.deepEqual(local(SIGNALS), [])
    assert.deepEqual(local(SIGNALS.map((one) => ({ ...one, value: one.value - 20 }))), [])
    assert.deepEqual(local([step({ colour: 'red', over: 'PT12H', value: 30 })]), [], 'red where the nation says blue is stricter for all')
  })
  test('a higher value, a shorter window, a lesser colour or a longer wait is looser', () => {
    for (const change of [
      { value: 51 },
      { over: 'PT2H' },
      { colour: 'yellow' },
      { lasts: 'PT10M' },
      { of: 'max' },
      { stations: ['A'] },
    ] as const)
      assert.equal(
        local([SIGNALS[0], SIGNALS[1], { ...step(), ...change } as Step, SIGNALS[3]].filter((one) => one !== undefined)).length,
        1,
        JSON.stringify(change),
      )
  })
  test('another hazard, or another place, is not bound', () => {
    assert.deepEqual(looserThan(set([step({ value: 90 })], { hazard: 'flood' }), '120116', [floor]), [])
    assert.deepEqual(looserThan(set([step({ value: 90 })]), '120116', [{ ...floor, jurisdiction: '130000' }]), [])
  })
  test('a binding set of the same name with other figures is held to the real one', () => {
    assert.equal(
      looserThan(
        set(
          SIGNALS.map((one) => ({ ...one, value: 500 })),
          { id: 'national', binding: true },
        ),
        '120116',
        [floor],
      ).length,
      4,
    )
  })
  test('a file with a window on a level, or none on a sum, is refused', () => {
    assert.equal(ThresholdSet.safeParse(set([step({ of: 'level' })])).success, false)
    const { over: _, ...bare } = step()
    assert.equal(ThresholdSet.safeParse(set([bare])).success, false)
    assert.equal(ThresholdSet.safeParse(set([step(), step()])).success, false, 'the same step twice')
    assert.equal(ThresholdSet.safeParse(set(SIGNALS)).success, true)
  })
})

describe('a proposal', () => {
  const CROSS = {
    type: 'station.cross',
    station: '00000000-0000-7000-8000-000000000001',
    owner: '00000000-0000-7000-8000-000000000002',
    hazard: 'rainstorm',
    jurisdiction: '120116',
    divisions: ['120116'],
    colour: 'yellow',
    indicator: 'rain',
    of: 'sum',
    over: 'PT6H',
    reach: 'at-least',
    limit: 50,
    value: 51,
    unit: 'mm',
    set: 'test',
    step: 'k',
    article: words,
    confirmed: true,
    proof: { count: 0, readings: [] },
  } as const satisfies ProposalCommand
  const RECEDE = { type: 'station.recede', to: null, cause: 'readings', value: 1, proof: null } as const satisfies ProposalCommand
  const ALERT = '00000000-0000-7000-8000-00000000000a'
  const stamp = (at: string) => ({ occurredAt: at, recordedAt: at, actor: 'system/station', commandId: '' })
  const by = (at: string) => ({ actor: { kind: 'system', name: 'station' } as const, at, occurredAt: at, commandId: '' })
  function after(...commands: readonly (readonly [minute: number, command: ProposalCommand])[]): {
    readonly state: Proposal | null
    readonly events: readonly string[]
    readonly refused: string | null
  } {
    let state: Proposal | null = null
    const events: string[] = []
    for (const [minute, command] of commands) {
      const at = fromMs(T0 + minute * MINUTE)
      const outcome = proposal.decide(state, command, by(at))
      if (outcome instanceof Refusal) return { state, events, refused: outcome.code }
      for (const event of outcome) {
        events.push(event.type)
        state = proposal.evolve(state, event, stamp(at))
      }
    }
    return { state, events, refused: null }
  }
  const orange = { ...CROSS, colour: 'orange', value: 60 } as const

  test('the same colour again, or a lesser one, says nothing new', () => {
    assert.deepEqual(after([0, CROSS], [1, CROSS], [2, { ...CROSS, colour: 'blue' }]).events, ['station.crossed'])
  })
  test('it waits since the first colour, and the gravest is what is proposed', () => {
    const { state } = after([0, CROSS], [30, orange])
    assert.deepEqual([state?.status, state?.proposedAt, state?.crossed.colour, state?.steps.length], ['proposed', fromMs(T0), 'orange', 2])
  })
  test('answered for orange, red asks again and orange does not', () => {
    const answered = [
      [0, orange],
      [5, { type: 'station.take-up', alertId: ALERT }],
    ] as const
    const down = [
      [20, { ...RECEDE, to: 'yellow' }],
      [30, orange],
    ] as const
    assert.equal(after(...answered, ...down).state?.status, 'taken-up')
    const red = after(...answered, [40, { ...CROSS, colour: 'red', value: 101 }]).state
    assert.deepEqual([red?.status, red?.alertId, red?.proposedAt], ['proposed', ALERT, fromMs(T0 + 40 * MINUTE)])
  })
  test('dismissed needs a reason on record, is not dismissed twice, and may still be taken up', () => {
    const no = [
      [0, orange],
      [5, { type: 'station.dismiss', reason: '传感器检修' }],
    ] as const
    assert.equal(after(...no).state?.reason, '传感器检修')
    assert.equal(after(...no, [6, { type: 'station.dismiss', reason: 'x' }]).refused, 'proposal.already-dismissed')
    assert.equal(after(...no, [6, { type: 'station.take-up', alertId: ALERT }]).state?.status, 'taken-up')
  })
  test('taken up twice by the same warning, it is taken up once; a warning of another province is none of it', () => {
    assert.equal(
      after([0, orange], [1, { type: 'station.take-up', alertId: ALERT }], [2, { type: 'station.take-up', alertId: ALERT }]).events.length,
      2,
    )
    assert.equal(after([0, orange], [1, { type: 'station.take-up', alertId: ALERT, jurisdiction: '130000' }]).refused, 'proposal.elsewhere')
    assert.equal(after([0, orange], [1, { type: 'station.take-up', alertId: ALERT, jurisdiction: '120000' }]).refused, null)
  })
  test('over, it still waits for an answer; what crosses next is another proposal', () => {
    const { state } = after([0, orange], [60, RECEDE])
    assert.deepEqual([state?.colour, state?.status, state?.recededAt], [null, 'proposed', fromMs(T0 + 60 * MINUTE)])
    assert.equal(after([0, orange], [60, RECEDE], [90, orange]).refused, 'proposal.over')
    assert.deepEqual(after([0, orange], [60, RECEDE], [61, RECEDE]).events, ['station.crossed', 'station.receded'])
  })
})
