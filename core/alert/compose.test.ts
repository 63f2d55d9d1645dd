import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { areaWords, COMPOSE_CODES, composeFindings, differences, emptyDraft, replacing } from './compose.ts'
import { missingParticulars, type Draft } from './draft.ts'
import { capTime, messageOf } from './message.ts'
import { ringFault, type Position } from './ring.ts'
import { checkComposed } from '../cap/check.ts'
import { isWarning } from '../alert.ts'
import { factsOf } from './facts.ts'

const NOW = '2026-07-19T10:30:00.000Z'
const both = (zh: string, en: string): { 'zh-CN': string; en: string } => ({ 'zh-CN': zh, en })
const WARNING: Draft = {
  ...emptyDraft(both('滨海新区气象台', 'Binhai Meteorological Observatory')),
  hazard: 'rainstorm',
  colour: 'orange',
  severity: 'Severe',
  responseTypes: ['Shelter'],
  onset: '2026-07-19T10:30:00.000Z',
  expires: '2026-07-19T13:30:00.000Z',
  event: both('暴雨', 'Rainstorm'),
  headline: both('滨海新区暴雨橙色预警', 'Binhai: orange rainstorm warning'),
  description: both('三小时内降雨量将达50毫米以上。', '50 mm of rain within 3 hours.'),
  precautions: both('警惕积水。', 'Beware of water.'),
  measures: both('1. 不外出。', '1. Stay in.'),
  areaDesc: both('滨海新区', 'Binhai New Area'),
  divisions: ['120116'],
  contact: '12345',
}
const codes = (draft: Draft, before: Draft | null = null): readonly string[] => composeFindings(draft, NOW, before).map(({ code }) => code)

describe('the particulars of art. 64 para. 2', () => {
  it('are all there in a warning that says them, and each is missed where it is left out', () => {
    assert.deepEqual(missingParticulars(WARNING, 'ordinary'), [])
    const without: readonly (readonly [string, Partial<Draft>])[] = [
      ['class', { event: both('暴雨', '') }],
      ['level', { colour: null }],
      ['onset', { onset: null }],
      ['area', { divisions: [] }],
      ['precautions', { precautions: both('', 'Beware.') }],
      ['measures', { measures: both(' ', ' ') }],
      ['issuer', { senderName: both('', '') }],
    ]
    for (const [particular, patch] of without) assert.deepEqual(missingParticulars({ ...WARNING, ...patch }, 'ordinary'), [particular])
  })

  it('may be fewer on the urgent path, but never class, area, measures and issuer', () => {
    const bare = { ...emptyDraft(null) }
    assert.deepEqual(missingParticulars(bare, 'urgent'), ['class', 'area', 'measures', 'issuer'])
  })
})

describe('a careful reader', () => {
  it('finds nothing in a warning that is whole', () => assert.deepEqual(codes(WARNING), []))

  it('misses a language, sees the other one in it, and a place that nobody filled', () => {
    assert.deepEqual(codes({ ...WARNING, description: both('降雨', '') }), ['language-missing'])
    assert.deepEqual(codes({ ...WARNING, areaDesc: both('滨海新区', '滨海新区') }), ['language-mixed'])
    assert.deepEqual(codes({ ...WARNING, measures: both('1. {station}附近不外出。', '1. Stay in.') }), ['place-left'])
  })

  it('wants the headline to say the level as it is, and no other', () => {
    assert.deepEqual(codes({ ...WARNING, colour: 'red' }), ['headline-colour', 'headline-colour'])
    assert.deepEqual(codes({ ...WARNING, headline: both('暴雨橙色预警升级为红色', 'Binhai: orange rainstorm warning') }), [
      'headline-colour',
    ])
    assert.deepEqual(codes({ ...WARNING, headline: { ...WARNING.headline, en: `orange ${'x'.repeat(160)}` } }), ['headline-long'])
  })

  it('minds the times: an end before the beginning, an end that is past, more than 72 hours', () => {
    assert.deepEqual(codes({ ...WARNING, expires: '2026-07-19T10:30:00.000Z' }), ['expires-before-onset', 'expires-past'])
    assert.deepEqual(codes({ ...WARNING, expires: '2026-07-22T10:31:00.000Z' }), ['expires-far'])
    assert.deepEqual(codes({ ...WARNING, expires: '2026-07-22T10:30:00.000Z' }), [])
    assert.deepEqual(codes({ ...WARNING, expires: null }), ['expires-missing'])
  })

  it('minds the area and the scope', () => {
    assert.deepEqual(codes({ ...WARNING, divisions: [] }), ['area-missing'])
    assert.deepEqual(
      codes({
        ...WARNING,
        polygons: [
          [
            [117, 39],
            [118, 40],
            [118, 39],
            [117, 40],
            [117, 39],
          ],
        ],
      }),
      ['ring-faulty'],
    )
    assert.deepEqual(codes({ ...WARNING, scope: 'Restricted' }), ['restriction-missing'])
    assert.deepEqual(codes({ ...WARNING, scope: 'Private', addresses: [] }), ['addresses-missing'])
  })

  it('has a stable code for everything that it says', () => {
    assert.equal(new Set(COMPOSE_CODES).size, COMPOSE_CODES.length)
  })
})

describe('what follows an earlier warning', () => {
  const SENT = '2026-07-19T12:00:00.000Z'
  const references = [{ sender: 'a', identifier: 'b', sent: '2026-07-19T18:30:00+08:00' }]
  const messageFor = (draft: Draft): ReturnType<typeof messageOf> =>
    messageOf(draft, { identifier: 'c', sender: 'a', sent: SENT, references })

  it('is an Update that says what changed, or says that nothing did', () => {
    const update = replacing('update', WARNING)
    assert.equal(update.headline['zh-CN'], '更新：滨海新区暴雨橙色预警')
    assert.deepEqual(differences(WARNING, update), [])
    assert.deepEqual(codes(update, WARNING), ['unchanged'])
    const raised: Draft = {
      ...update,
      colour: 'red',
      headline: both('更新：滨海新区暴雨红色预警', 'Update: Binhai: red rainstorm warning'),
      divisions: ['120116', '120112'],
    }
    assert.deepEqual(
      differences(WARNING, raised).map(({ field, before, after }) => [field, before, after]),
      [
        ['colour', 'orange', 'red'],
        ['divisions', '120116', '120116, 120112'],
        ['headline', '滨海新区暴雨橙色预警', '滨海新区暴雨红色预警'],
      ],
    )
    assert.equal(messageFor(raised).msgType, 'Update')
    assert.deepEqual(checkComposed(messageFor(raised)), [])
    assert.equal(replacing('update', update).headline['zh-CN'], update.headline['zh-CN'], 'the word stands once')
  })

  it('is an all-clear: an Update of which every block says AllClear, the danger past, and a reason still to be given', () => {
    const clear = replacing('all-clear', WARNING)
    assert.deepEqual(missingParticulars(clear, 'ordinary'), ['measures'])
    const said = { ...clear, measures: both('降雨已停止。', 'The rain has stopped.') }
    assert.deepEqual(missingParticulars(said, 'ordinary'), [])
    assert.deepEqual(codes(said), [])
    const message = messageFor(said)
    assert.ok(
      message.msgType === 'Update' &&
        message.infos.every(({ responseTypes, urgency }) => responseTypes[0] === 'AllClear' && urgency === 'Past'),
    )
    const facts = factsOf(message)
    assert.ok(facts !== null && !isWarning(facts))
  })

  it('is a Cancel: it ends the warning and warns of nothing', () => {
    const message = messageFor({ ...replacing('cancel', WARNING), measures: both('发布有误。', 'Issued in error.') })
    assert.equal(message.msgType, 'Cancel')
    assert.deepEqual(message.references, references)
  })
})

describe('the message of a draft', () => {
  const message = (draft: Draft): ReturnType<typeof messageOf> =>
    messageOf(draft, { identifier: 'c', sender: 'a', sent: NOW, references: [] })

  it('has one block a language with the same facts, and times as CAP writes them', () => {
    const { infos, sent } = message(WARNING)
    assert.deepEqual(
      infos.map(({ language }) => language),
      ['zh-CN', 'en'],
    )
    assert.equal(sent, '2026-07-19T18:30:00+08:00')
    for (const { onset, expires, areas } of infos) {
      assert.equal(onset, '2026-07-19T18:30:00+08:00')
      assert.equal(expires, '2026-07-19T21:30:00+08:00')
      assert.deepEqual(areas[0]?.geocodes, [{ valueName: 'CPEAS Geographic Code', value: '120116000000' }])
    }
  })

  it('says of a test and of an exercise that it is one, in every block: a reader who drops the status still reads it', () => {
    for (const [status, zh, en] of [
      ['Exercise', '【演练】', '[EXERCISE] '],
      ['Test', '【测试】', '[TEST] '],
    ] as const) {
      const [chinese, english] = message({ ...WARNING, status }).infos
      assert.ok(chinese?.headline?.startsWith(zh) && chinese.description?.startsWith(zh))
      assert.ok(english?.headline?.startsWith(en) && english.description?.startsWith(en))
    }
    assert.equal(message(WARNING).infos[0]?.headline, '滨海新区暴雨橙色预警')
  })

  it('gives away neither addresses nor a restriction that its scope has not', () => {
    const open = message({ ...WARNING, restriction: 'x', addresses: ['y'] })
    assert.ok(open.restriction === undefined && open.addresses.length === 0)
  })

  it('writes a time west of Greenwich with its minutes', () => assert.equal(capTime(NOW, -210), '2026-07-19T07:00:00-03:30'))
})

describe('a ring', () => {
  const SQUARE: readonly Position[] = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
    [0, 0],
  ]
  it('is refused for one reason: too short, open, crossing itself, flat, around a pole', () => {
    assert.equal(ringFault(SQUARE), null)
    assert.equal(ringFault(SQUARE.toReversed()), null)
    assert.equal(
      ringFault([
        [0, 0],
        [1, 1],
        [0, 0],
      ]),
      'short',
    )
    assert.equal(ringFault(SQUARE.slice(0, 4)), 'open')
    assert.equal(
      ringFault([
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
        [0, 0],
      ]),
      'crosses',
    )
    assert.equal(
      ringFault([
        [0, 0],
        [2, 0],
        [2, 2],
        [1, 0],
        [0, 2],
        [0, 0],
      ]),
      'crosses',
    )
    assert.equal(
      ringFault([
        [0, 0],
        [1, 1],
        [2, 2],
        [0, 0],
      ]),
      'flat',
    )
    assert.equal(
      ringFault([
        [0, 80],
        [120, 80],
        [-120, 80],
        [0, 80],
      ]),
      'pole',
    )
    assert.equal(
      ringFault([
        [179, 0],
        [-179, 0],
        [-179, 1],
        [179, 1],
        [179, 0],
      ]),
      null,
    )
  })

  it('of two thousand corners is looked through in a moment', () => {
    const round = Array.from({ length: 2000 }, (_, i): Position => [Math.cos((i / 1000) * Math.PI), Math.sin((i / 1000) * Math.PI)])
    const began = performance.now()
    assert.equal(ringFault([...round, round[0] ?? [0, 0]]), null)
    assert.ok(performance.now() - began < 500)
  })
})

describe('an area in words', () => {
  const names = [both('滨海新区', 'Binhai'), both('东丽区', 'Dongli'), both('津南区', 'Jinnan')]
  it('names the divisions and what is drawn; for a headline two of them and how many', () => {
    assert.deepEqual(areaWords(names.slice(0, 1), { polygons: [], circles: [] }), both('滨海新区', 'Binhai'))
    assert.deepEqual(areaWords(names, { polygons: [], circles: [] }, true), both('滨海新区、东丽区等3个地区', 'Binhai, Dongli and 1 more'))
    const circle = areaWords([], { polygons: [], circles: [{ lon: 117.7401, lat: 39.04, radiusKm: 2.5 }] })
    assert.deepEqual(circle, both('东经117.74°、北纬39.04°周围2.5公里', 'within 2.5 km of 39.04° N 117.74° E'))
  })
})
