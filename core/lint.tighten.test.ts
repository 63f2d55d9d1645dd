/** S1-14 as a property: a lower rule that tightens a higher one adds no finding, one that loosens it always adds one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Instrument } from './instrument.ts'
import { lint, type LintFinding } from './lint.ts'

const ROUNDS = 400
const ON = '2026-11-22'
const words = (text: string) => ({ 'zh-CN': text, en: text })

/** Dice that fall the same way each run (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }
}

type Duty = {
  readonly minutes: number
  readonly answer: number
  readonly progress: number
  readonly every: number
  readonly once: 0 | 1 | 2
  readonly quorum: number
  readonly gravity: 1 | 2 | 3 | 4
  readonly reserved: boolean
  readonly complete: boolean
  readonly by: 'debtor' | 'anyone'
  readonly climbs: number
  readonly elapsed: number
  readonly when: object
}

const ONCE = ['incident', 'debtor', 'event'] as const
const EVENTS = [
  { event: 'incident.reported' },
  { event: 'incident.declared', severity: 2 },
  { event: 'incident.declared', hazards: ['flood', 'typhoon'] },
  { event: 'incident.noted', kinds: ['warning'], colours: ['red', 'orange'] },
  { event: 'sitrep.filed', reportKinds: ['initial'] },
] as const

const some = (die: (sides: number) => number): Duty => ({
  minutes: 60 + die(600),
  answer: 20 + die(30),
  progress: 20 + die(30),
  every: 600 + die(900),
  once: die(3) as 0 | 1 | 2,
  quorum: 2 + die(5),
  gravity: (1 + die(4)) as 1 | 2 | 3 | 4,
  reserved: die(2) === 0,
  complete: die(2) === 0,
  by: die(2) === 0 ? 'debtor' : 'anyone',
  climbs: 10 + die(100),
  elapsed: die(3) === 0 ? 30 : 0,
  when: EVENTS[die(EVENTS.length)] ?? EVENTS[0],
})

const minutes = (count: number): string => `PT${count}M`

function file(id: string, jurisdiction: string, higher: readonly string[], duty: Duty): Instrument {
  const common = { article: words('第一条'), words: words('x'), wording: 'summary' }
  return Instrument.parse({
    schema: 'muster/instrument/1',
    id,
    kind: 'order',
    title: words(id),
    jurisdiction,
    issuer: words('机关'),
    citation: words('无'),
    inForceFrom: '2026-01-01',
    inForceUntil: null,
    source: words('试验'),
    higher,
    demonstration: true,
    clauses: [
      {
        ...common,
        id: 'duty',
        kind: 'duty',
        function: 'emergency-management',
        when: [duty.elapsed === 0 ? duty.when : { ...duty.when, elapsed: minutes(duty.elapsed) }],
        once: ONCE[duty.once],
        owes: 'function:emergency-management',
        each: true,
        quorum: duty.quorum,
        to: 'government',
        act: 'act',
        actWords: words('事'),
        limit: { within: minutes(duty.minutes), confirmed: false, source: null },
        answerWithin: minutes(duty.answer),
        progressEvery: minutes(duty.progress),
        every: minutes(duty.every),
        gravity: duty.gravity,
        ...(duty.reserved ? { reserved: words('第一条') } : {}),
        evidence: [
          {
            event: 'incident.noted',
            kinds: ['done'],
            ...(duty.complete ? { complete: true } : {}),
            ...(duty.by === 'anyone' ? { by: 'anyone' } : {}),
          },
        ],
      },
      {
        ...common,
        id: 'climb',
        kind: 'escalation',
        of: 'all',
        steps: [{ after: minutes(duty.climbs), to: 'debtor@superior', confirmed: false }],
      },
    ],
  })
}

/** Ways to tighten a duty, and for each the way to loosen it; null where it cannot go further. */
const WAYS: readonly { readonly tighten: (duty: Duty) => Duty | null; readonly loosen: (duty: Duty) => Duty | null }[] = [
  { tighten: (duty) => ({ ...duty, minutes: duty.minutes - 5 }), loosen: (duty) => ({ ...duty, minutes: duty.minutes + 1 }) },
  { tighten: (duty) => ({ ...duty, answer: duty.answer - 5 }), loosen: (duty) => ({ ...duty, answer: duty.answer + 1 }) },
  { tighten: (duty) => ({ ...duty, progress: duty.progress - 5 }), loosen: (duty) => ({ ...duty, progress: duty.progress + 1 }) },
  { tighten: (duty) => ({ ...duty, every: duty.every - 5 }), loosen: (duty) => ({ ...duty, every: duty.every + 1 }) },
  { tighten: (duty) => ({ ...duty, quorum: duty.quorum + 1 }), loosen: (duty) => ({ ...duty, quorum: duty.quorum - 1 }) },
  { tighten: (duty) => ({ ...duty, climbs: duty.climbs - 5 }), loosen: (duty) => ({ ...duty, climbs: duty.climbs + 1 }) },
  { tighten: (duty) => ({ ...duty, reserved: true }), loosen: (duty) => (duty.reserved ? { ...duty, reserved: false } : null) },
  { tighten: (duty) => ({ ...duty, complete: true }), loosen: (duty) => (duty.complete ? { ...duty, complete: false } : null) },
  { tighten: (duty) => ({ ...duty, by: 'debtor' }), loosen: (duty) => (duty.by === 'debtor' ? { ...duty, by: 'anyone' } : null) },
  {
    tighten: (duty) => (duty.once < 2 ? { ...duty, once: (duty.once + 1) as 1 | 2 } : null),
    loosen: (duty) => (duty.once > 0 ? { ...duty, once: (duty.once - 1) as 0 | 1 } : null),
  },
  {
    tighten: (duty) => (duty.gravity > 1 ? { ...duty, gravity: (duty.gravity - 1) as 1 | 2 | 3 } : null),
    loosen: (duty) => (duty.gravity < 4 ? { ...duty, gravity: (duty.gravity + 1) as 2 | 3 | 4 } : null),
  },
  {
    tighten: (duty) => (duty.elapsed > 0 ? { ...duty, elapsed: duty.elapsed - 5 } : null),
    loosen: (duty) => ({ ...duty, elapsed: duty.elapsed + 5 }),
  },
]

const check = (...files: readonly Instrument[]): readonly LintFinding[] => lint({ instruments: files }, { on: ON })
const higherOf = (duty: Duty): Instrument => file('law', '100000', [], duty)
const lowerOf = (duty: Duty): Instrument => file('plan', '120116', ['law'], duty)

test('a higher rule by itself, and the same rule again below it, have no finding', () => {
  const die = dice(1)
  for (let round = 0; round < ROUNDS; round++) {
    const duty = some(die)
    assert.deepEqual(check(higherOf(duty)), [])
    assert.deepEqual(check(higherOf(duty), lowerOf(duty)), [], JSON.stringify(duty))
  }
})

test('a lower rule stricter in any number of ways adds no finding', () => {
  const die = dice(2)
  for (let round = 0; round < ROUNDS; round++) {
    const duty = some(die)
    let lower = duty
    for (const way of WAYS) if (die(3) === 0) lower = way.tighten(lower) ?? lower
    assert.deepEqual(check(higherOf(duty), lowerOf(lower)), [], `${JSON.stringify(duty)}\n${JSON.stringify(lower)}`)
  }
})

test('a lower rule looser in one way adds a finding, however strict it is in all others', () => {
  const die = dice(3)
  let tried = 0
  for (let round = 0; round < ROUNDS; round++) {
    const duty = some(die)
    const at = die(WAYS.length)
    const looser = WAYS[at]?.loosen(duty)
    if (looser === null || looser === undefined) continue
    // What the limit gains the waiting before it may lose again: these two are one way.
    const others = WAYS.filter((_, i) => i !== at && !([0, 11].includes(at) && [0, 11].includes(i)))
    const lower = others.reduce((left, way) => (die(3) === 0 ? (way.tighten(left) ?? left) : left), looser)
    const found = check(higherOf(duty), lowerOf(lower))
    assert.ok(
      found.length > 0 && found.every((one) => one.code.startsWith('lint.looser-')),
      `${at} ${JSON.stringify(duty)}\n${JSON.stringify(lower)}`,
    )
    tried++
  }
  assert.ok(tried > ROUNDS / 2, String(tried))
})

test('through a rule in between, too: what the county loosens against the nation is found', () => {
  const die = dice(4)
  for (let round = 0; round < 50; round++) {
    const duty = some(die)
    const between = file('province-rule', '120000', ['law'], { ...duty, minutes: duty.minutes - 10 })
    const lower = file('plan', '120116', ['province-rule'], { ...duty, minutes: duty.minutes + 10 })
    const found = check(higherOf(duty), between, lower)
    assert.deepEqual(
      found.map((one) => `${one.instrument} ${one.code}`),
      ['plan lint.looser-limit'],
    )
  }
})
