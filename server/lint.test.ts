import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { LintAnswer, LintInForce } from '#core/view/lint.ts'
import { openHouse, type Asker, type House } from '../fixtures/server/house.ts'
import { plan } from '../fixtures/server/scene.ts'

let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.leave())

const ORIGIN = { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080', 'content-type': 'application/json' }
const check = (body: unknown, asker: Asker | null = house.district): Promise<{ readonly status: number; readonly body: unknown }> =>
  house.ask('POST', '/api/lint', { ...ORIGIN, ...(asker === null ? {} : { cookie: asker.cookie }) }, JSON.stringify(body))

const lower = (within: string): string => `schema: muster/instrument/1
id: township-rules
kind: order
title: { zh-CN: 镇规, en: Township rules }
jurisdiction: '120116'
issuer: { zh-CN: 镇, en: Township }
citation: { zh-CN: 无, en: none }
inForceFrom: '2026-01-01'
inForceUntil: null
source: { zh-CN: 试验, en: Test }
higher: [${plan().id}]
demonstration: true
clauses:
  - id: list
    kind: duty
    article: { zh-CN: 一, en: '1' }
    words: { zh-CN: 清单, en: The list }
    wording: summary
${['function', 'once', 'owes', 'to', 'act']
  .map((member) => `    ${member}: ${String((plan().clauses[0] as unknown as Record<string, unknown>)[member])}`)
  .join('\n')}
    actWords: { zh-CN: 清单, en: The list }
    when: ${JSON.stringify((plan().clauses[0] as { readonly when?: unknown }).when)}
    limit: { within: ${within}, confirmed: false, source: null }
    evidence: [{ event: incident.closed }]
`

describe('POST /api/lint', () => {
  test('holds a text against what is in force: what loosens it is named with its line, nothing is kept', async () => {
    const text = lower('P9D')
    const { status, body } = await check({ files: [{ name: 'township.yaml', text }] })
    const answer = body as LintAnswer
    assert.equal(status, 200, JSON.stringify(body))
    const found = answer.findings.find((one) => one.code === 'lint.looser-limit')
    const line = text.split('\n').findIndex((one) => one.includes('P9D')) + 1
    assert.deepEqual(
      [found?.file, found?.line, found?.params.instrument],
      ['township.yaml', line, plan().id],
      JSON.stringify(answer.findings),
    )
    assert.equal(answer.read[0]?.instrument.id, 'township-rules')
    const stricter = (await check({ files: [{ name: 'township.yaml', text: lower('PT1M') }] })).body as LintAnswer
    assert.ok(!stricter.findings.some((one) => one.code.startsWith('lint.looser')), JSON.stringify(stricter.findings))
    assert.ok(
      !(await house.district.get<readonly { readonly id: string }[]>('/api/instruments')).some((one) => one.id === 'township-rules'),
    )
  })

  test('names what is malformed with its line, and what is broken', async () => {
    const { body } = await check({
      files: [
        { name: 'poem.yaml', text: lower('PT1H').replace('kind: order', 'kind: poem') },
        { name: 'broken.yaml', text: 'a: [1' },
      ],
    })
    const answer = body as LintAnswer
    assert.deepEqual([answer.ok, answer.problems[0]?.line, answer.problems[0]?.path], [false, 3, 'kind'])
    assert.deepEqual([answer.problems.at(-1)?.file, answer.read], ['broken.yaml', []])
  })

  test('is for whoever is signed in, and takes no more than it says', async () => {
    assert.equal((await check({ files: [{ name: 'x', text: 'a: 1' }] }, null)).status, 401)
    assert.equal((await check({ files: [{ name: 'x', text: 'a: 1' }] }, house.reporter)).status, 200)
    for (const body of [{}, { files: [] }, { files: [{ name: '', text: '' }] }, { files: [{ name: 'x', text: 'a: 1' }], on: 'yesterday' }])
      assert.equal((await check(body)).status, 400, JSON.stringify(body))
    assert.equal((await check({ files: Array.from({ length: 41 }, () => ({ name: 'x', text: 'a: 1' })) })).status, 400)
    assert.equal((await check({ files: [{ name: 'x', text: 'a'.repeat(5 * 1024 * 1024) }] })).status, 413)
  })

  test('a text that answers slowly on purpose is answered all the same', async () => {
    const laughs = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 9; i++) {
      const [before, own] = ['abcdefghi'[i - 1], 'abcdefghi'[i]]
      laughs.push(`${own}: &${own} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`)
    }
    const began = performance.now()
    const { status, body } = await check({ files: [{ name: 'laughs.yaml', text: laughs.join('\n') }] })
    assert.deepEqual([status, (body as LintAnswer).ok], [200, false])
    assert.ok(performance.now() - began < 5000)
  })
})

describe('GET /api/lint', () => {
  test('tells what is wrong with what is in force, by instrument', async () => {
    const answer = await house.district.get<LintInForce>('/api/lint?on=2026-11-22')
    assert.equal(answer.on, '2026-11-22')
    assert.ok(answer.instruments > 0 && answer.clauses > 0)
    const codes = answer.found.flatMap((one) => one.findings.map((finding) => finding.code))
    assert.ok(codes.every((code) => code.startsWith('lint.')))
    assert.equal((await house.district.ask('/api/lint?on=soon')).status, 400)
  })
})
