import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { areaWords, composeFindings, emptyDraft, timesOf, withTemplate } from '#core/alert/compose.ts'
import { missingParticulars, PARTICULARS, type Draft } from '#core/alert/draft.ts'
import { messageOf } from '#core/alert/message.ts'
import { PLACES, legalAt, type AlertTemplate, type Filling } from '#core/alert/template.ts'
import type { COLOUR_WORDS } from '#core/alert/words.ts'
import { checkComposed } from '#core/cap/check.ts'
import { CHINA_EVENT_CODES, colourOf, hazardOf } from '#core/cap/china.ts'
import type { Words } from '#core/event.ts'
import { colourLevel } from '#core/level.ts'
import { alertPacks } from '#server/alert/packs.ts'
import { readThresholdPack } from '#server/station/thresholds.ts'

const { templates, profiles, legal } = alertPacks()
const shared = join(import.meta.dirname, '..', '..', 'shared', 'data')
const NOW = '2026-07-19T10:30:00.000Z'
const both = (zh: string, en: string): Words => ({ 'zh-CN': zh, en })
const ISSUER = both('滨海新区气象台（演示）', 'Binhai Meteorological Observatory (demonstration)')
const FILLING: Filling = {
  area: both('天津市滨海新区', 'Binhai New Area, Tianjin'),
  onset: both('7月19日18时30分', '18:30 on 19 July'),
  expires: null,
  value: null,
  station: null,
  issuer: ISSUER,
}

/** What is at hand in every office: a territory, a clock, a name. Nobody measured anything. */
function filled(template: AlertTemplate, at: AlertTemplate['colours'][number], filling = FILLING): Draft {
  const area = areaWords([both('天津市滨海新区', 'Binhai New Area, Tianjin')], { polygons: [], circles: [] })
  const placed: Draft = { ...emptyDraft(ISSUER), ...timesOf(template, at.colour, NOW), divisions: ['120116'], areaDesc: area, contact: '12345' }
  const draft = withTemplate(placed, template, at.colour, filling, { legal: legalAt(legal, at.colour) })
  assert.ok(draft, `${template.id} ${at.colour}`)
  return draft
}
const each = (run: (template: AlertTemplate, at: AlertTemplate['colours'][number], name: string) => void): void => {
  for (const template of templates) for (const at of template.colours) run(template, at, `${template.id} ${at.colour}`)
}

/**
 * What the texts say: hours, then force of wind, mm, °C or m. CMA Order 16 (2007), annex, 标准 of each signal; haze: CMA notice of 28
 * January 2013, with µg/m³; flood: 水情预警信号, annex to the trial Measures of 2013, return period in years.
 */
const FIGURES: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  typhoon: { blue: [24, 6, 8], yellow: [24, 8, 10], orange: [12, 10], red: [6, 12, 14] },
  rainstorm: { blue: [12, 50], yellow: [6, 50], orange: [3, 50], red: [3, 100] },
  snowstorm: { blue: [12, 4], yellow: [12, 6], orange: [6, 10], red: [6, 15] },
  'cold-wave': { blue: [48, 8, 4, 5], yellow: [24, 10, 4, 6], orange: [24, 12, 0, 6], red: [24, 16, 0, 6] },
  gale: { blue: [24, 6, 7], yellow: [12, 8, 9], orange: [6, 10, 11], red: [6, 12, 13] },
  heat: { yellow: [35], orange: [24, 37], red: [24, 40] },
  fog: { yellow: [12, 500], orange: [6, 200], red: [2, 50] },
  lightning: { yellow: [6], orange: [2], red: [2] },
  hail: { orange: [6], red: [2] },
  sandstorm: { yellow: [12, 1000], orange: [6, 500], red: [6, 50] },
  drought: { orange: [25, 50, 40], red: [50, 60] },
  frost: { blue: [48, 0], yellow: [24, 3], orange: [24, 5] },
  'road-icing': { yellow: [0, 12], orange: [0, 6], red: [0, 2] },
  haze: { yellow: [24, 3000, 80, 115, 150, 5000, 250], orange: [24, 2000, 80, 150, 250, 5000, 500], red: [24, 1000, 80, 250, 500, 5000] },
  flood: { blue: [5], yellow: [5], orange: [20], red: [50] },
}

describe('templates of warnings', () => {
  it('are there for the hazards that a county is warned of', () => {
    const wanted = 'rainstorm typhoon flood waterlogging landslide storm-surge gale snowstorm cold-wave heat fog haze lightning hail wildfire hazardous-chemicals earthquake infectious-disease dam-danger sandstorm drought frost road-icing'
    assert.deepEqual(templates.map(({ id }) => id).toSorted(), wanted.split(' ').toSorted())
  })

  it('each give a draft without a missing particular (art. 64 para. 2), with what every office has at hand', () => {
    assert.equal(PARTICULARS.length, 8)
    each((template, at, name) => assert.deepEqual(missingParticulars(filled(template, at), 'ordinary'), [], name))
  })

  it('leave nothing for a careful reader to find, and CAP has nothing against the message', () => {
    each((template, at, name) => {
      const draft = filled(template, at)
      assert.deepEqual(composeFindings(draft, NOW), [], name)
      const message = messageOf(draft, { identifier: '12011641600000_20260719183000', sender: 'muster', sent: NOW, references: [] })
      assert.deepEqual(checkComposed(message), [], name)
    })
  })

  it('say in both languages the colour that they are of, and no other; the hazard is known again from the message', () => {
    each((template, at, name) => {
      const { infos } = messageOf(filled(template, at), { identifier: 'x', sender: 'y', sent: NOW, references: [] })
      for (const info of infos) assert.equal(colourOf(info), at.colour, `${name} ${info.headline}`)
      const coded = CHINA_EVENT_CODES.find(({ hazard }) => hazard === template.id)
      if (coded !== undefined && infos[0] !== undefined) assert.equal(hazardOf(infos[0]), template.id)
    })
  })

  it('have no place in them that nothing fills, and a line with a measured value only where one was measured', () => {
    const names = new Set<string>(PLACES)
    for (const { id, headline, description, precautions, measures } of templates)
      for (const { words } of [{ words: headline }, ...description, ...precautions, ...measures])
        for (const text of Object.values(words)) for (const [, name = ''] of text.matchAll(/\{([^}]*)\}/g)) assert.ok(names.has(name), `${id}: {${name}}`)
    const rain = templates.find(({ id }) => id === 'rainstorm')
    const orange = rain?.colours.find(({ colour }) => colour === 'orange')
    assert.ok(rain && orange)
    assert.ok(!filled(rain, orange).description['zh-CN'].includes('已测得'))
    const measured = filled(rain, orange, { ...FILLING, station: both('塘沽站', 'Tanggu'), value: both('62 毫米', '62 mm') })
    assert.ok(measured.description['zh-CN'].includes('塘沽站已测得62 毫米。'))
    assert.ok(measured.description.en.includes('Tanggu has measured 62 mm.'))
  })

  it('are graver with each colour: severity never falls, and red is never less than Extreme', () => {
    const RANK = ['Minor', 'Moderate', 'Severe', 'Extreme']
    for (const { id, colours } of templates) {
      const sorted = colours.filter((one) => one.colour !== null).toSorted((a, b) => colourLevel(b.colour ?? 'blue') - colourLevel(a.colour ?? 'blue'))
      const ranks = sorted.map(({ severity }) => RANK.indexOf(severity))
      assert.deepEqual(ranks, ranks.toSorted((a, b) => a - b), id)
      const red = colours.find(({ colour }) => colour === 'red')
      if (red !== undefined) assert.equal(red.severity, 'Extreme', id)
      assert.deepEqual(new Set(colours.map(({ colour }) => colour)).size, colours.length, id)
    }
  })

  it('give the figures of their texts at each colour, the same in both languages, and are confirmed there and nowhere else', () => {
    const numbers = (text: string): readonly number[] =>
      [...new Set([...text.replaceAll('PM2.5', '').replaceAll(/(\d),(\d{3})/g, '$1$2').matchAll(/\d+/g)].map(([one]) => Number(one)))].toSorted((a, b) => a - b)
    for (const { id, colours } of templates)
      for (const { colour, confirmed, criterion } of colours) {
        const figures = FIGURES[id]?.[colour ?? 'none']
        assert.equal(confirmed, figures !== undefined, `${id} ${colour}`)
        if (figures === undefined) continue
        for (const text of Object.values(criterion)) assert.deepEqual(numbers(text), [...figures].toSorted((a, b) => a - b), `${id} ${colour}: ${text}`)
      }
  })

  it('write measures that a person can read at once: numbered, each short, the English without Chinese characters', () => {
    each((template, at, name) => {
      const { measures, precautions } = filled(template, at)
      assert.ok(measures['zh-CN'].startsWith('1. ') && measures.en.startsWith('1. '), name)
      assert.equal(measures['zh-CN'].split('\n').length, measures.en.split('\n').length, name)
      for (const line of measures['zh-CN'].split('\n')) assert.ok(line.length <= 60, `${name}: ${line}`)
      assert.ok(!/\p{Script=Han}/u.test(measures.en + precautions.en), name)
    })
  })
})

describe('thresholds of the signals', () => {
  it('are the figures of Order 16 for what has fallen and blown; a force of wind begins where GB/T 28591 has it begin (m/s)', () => {
    const FORCE: Readonly<Record<number, number>> = { 6: 10.8, 7: 13.9, 8: 17.2, 9: 20.8, 10: 24.5, 11: 28.5, 12: 32.7, 13: 37 }
    const pack = readThresholdPack()
    assert.ok(pack.ok)
    const steps = pack.value.sets.filter(({ binding }) => binding).flatMap(({ hazard, steps: all }) => all.map((step) => ({ hazard, ...step })))
    assert.equal(steps.length, 16)
    for (const { hazard, colour, indicator, value, over, confirmed } of steps) {
      const [hours = 0, first = 0, second = 0] = FIGURES[hazard]?.[colour] ?? []
      assert.equal(value, hazard === 'rainstorm' ? first : FORCE[indicator === 'wind-gust' ? second : first], `${hazard} ${colour} ${indicator}`)
      if (hazard === 'rainstorm') assert.equal(over ?? indicator.replace('rain-', 'PT').toUpperCase(), `PT${hours}H`)
      assert.ok(confirmed)
    }
  })
})

describe('measures of the law', () => {
  it('are the five of art. 66 at every colour, and the eight of art. 67 at red and orange alone', () => {
    const ids = (colour: keyof typeof COLOUR_WORDS): readonly string[] => legalAt(legal, colour).map(({ id }) => id)
    const five = [1, 2, 3, 4, 5].map((n) => `art-66-${n}`)
    const eight = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `art-67-${n}`)
    assert.deepEqual(ids('blue'), five)
    assert.deepEqual(ids('yellow'), five)
    assert.deepEqual(ids('orange'), [...five, ...eight])
    assert.deepEqual(ids('red'), [...five, ...eight])
    for (const { id, taken } of legal.measures) assert.equal(taken, id.startsWith('art-66') ? 'all' : 'some')
  })

  it('are as many as the law itself counts, and the particulars of art. 64 stand in its order', (context) => {
    const path = join(shared, 'china', 'law', '行政法', '突发事件应对法(2024-06-28).md')
    if (!existsSync(path)) return context.skip('the texts of the laws are not at hand')
    const text = readFileSync(path, 'utf8')
    const article = (from: string, to: string): string => text.slice(text.indexOf(`\n${from}`), text.indexOf(`\n${to}`))
    assert.equal([...article('第六十六条', '第六十七条').matchAll(/^（[一二三四五六七八]）/gm)].length, 5)
    assert.equal([...article('第六十七条', '第六十八条').matchAll(/^（[一二三四五六七八]）/gm)].length, 8)
    const said = /发布警报应当明确(.+?)等。/.exec(article('第六十四条', '第六十五条'))?.[1]?.split(/、|和/)
    assert.deepEqual(said, ['预警类别', '级别', '起始时间', '可能影响的范围', '警示事项', '应当采取的措施', '发布单位', '发布时间'])
    assert.deepEqual(PARTICULARS, ['class', 'level', 'onset', 'area', 'precautions', 'measures', 'issuer', 'time'])
  })
})

describe('profiles', () => {
  it('are China’s, IPAWS and CAP-CP; no rule stands twice, and each says where it comes from', () => {
    assert.deepEqual(profiles.map(({ id, code }) => [id, code]), [
      ['cap-cp', 'profile:CAP-CP:0.4'],
      ['cn', null],
      ['ipaws', 'IPAWSv1.0'],
    ])
    for (const { id, rules } of profiles) {
      const codes = rules.map(({ code }) => code)
      assert.equal(new Set(codes).size, codes.length, id)
      for (const { code, source } of rules) {
        assert.ok(code.startsWith(`${id}.`), code)
        assert.ok(source.length > 5, code)
      }
    }
  })

  it('have the event codes of the China Meteorological Administration, each with its hazard', (context) => {
    const cn = profiles.find(({ id }) => id === 'cn')
    assert.deepEqual(
      cn?.events.values.map(({ hazard, value, words }) => ({ code: value, name: words?.['zh-CN'], hazard })).toSorted((a, b) => (a.code < b.code ? -1 : 1)),
      CHINA_EVENT_CODES,
    )
    const path = join(shared, 'china', 'rules', 'cma-warning-codes.json')
    if (!existsSync(path)) return context.skip('the codes are not at hand')
    const { eventType } = JSON.parse(readFileSync(path, 'utf8')) as { readonly eventType: Readonly<Record<string, string>> }
    assert.deepEqual(Object.fromEntries(cn?.events.values.map(({ value, words }) => [value, words?.['zh-CN']]) ?? []), eventType)
  })

  it('know a code for every template, but for China’s, which numbers only weather and sea', () => {
    for (const { id, events } of profiles) {
      if (id === 'cn') continue
      const known = new Set(events.values.map(({ hazard }) => hazard))
      for (const template of templates) assert.ok(known.has(template.id), `${id}: ${template.id}`)
    }
  })
})
