import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AT, draft } from '../alert.given.ts'
import type { Alert, Info } from '../cap.ts'
import { colourIn, factsOf, hazardIn } from './facts.ts'
import { messageOf } from './message.ts'
import { areTwins, languagesOf, twinText, type Twin } from './twin.ts'

const whole = messageOf(draft, { identifier: 'one', sender: 'met@example.org', sent: AT, references: [] })
/** The file of one language. */
const file = (language: string, more: Partial<Alert> = {}, block: Partial<Info> = {}): Alert => ({
  ...whole,
  identifier: `one-${language}`,
  ...more,
  infos: whole.infos.filter((info) => info.language === language).map((info) => ({ ...info, ...block })),
})
function twin(alert: Alert): Twin {
  const message = factsOf(alert) ?? assert.fail()
  return { twin: twinText(alert, message), languages: languagesOf(message), colour: colourIn(alert), hazard: hazardIn(alert) }
}
const chinese = file('zh-CN')
const together = (other: Alert, one = chinese): boolean => {
  assert.equal(areTwins(twin(one), twin(other)), areTwins(twin(other), twin(one)))
  return areTwins(twin(one), twin(other))
}

test('files of one sender and moment that differ in words and language alone are one warning', () => {
  assert.ok(together(file('en')))
  assert.ok(together(file('en', { sent: '2026-07-01T06:00:00+00:00' })), 'the same instant in another zone')
  assert.ok(together(file('en', { references: [{ sender: 'met@example.org', identifier: 'zero-en', sent: AT }] })))
  const said = (value: string) => ({ parameters: [...(chinese.infos[0]?.parameters ?? []), { valueName: 'awareness_level', value }] })
  assert.ok(together(file('en', {}, said('3; orange; Severe')), file('zh-CN', {}, said('3；橙色；严重'))))
})

test('another sender, moment, kind, scope, gravity, time, event or area is another warning, and so is the same language', () => {
  const [info = assert.fail()] = file('en').infos
  const [area = assert.fail()] = info.areas
  const apart: Readonly<Record<string, Alert>> = {
    language: { ...chinese, identifier: 'two' },
    languageInOtherLetters: { ...chinese, infos: chinese.infos.map((one) => ({ ...one, language: 'ZH-cn' })) },
    sender: file('en', { sender: 'other@example.org' }),
    sent: file('en', { sent: '2026-07-01T14:00:01+08:00' }),
    msgType: file('en', { msgType: 'Update' }),
    scope: file('en', { scope: 'Restricted', restriction: 'x' }),
    severity: file('en', {}, { severity: 'Severe' }),
    urgency: file('en', {}, { urgency: 'Immediate' }),
    expires: file('en', {}, { expires: '2026-07-02T20:00:00+08:00' }),
    eventCodes: file('en', {}, { eventCodes: [{ valueName: 'CPEAS Event Code', value: '11B06' }] }),
    geocode: file('en', {}, { areas: [{ ...area, geocodes: [{ valueName: 'CPEAS Geographic Code', value: '120117000000' }] }] }),
    circle: file('en', {}, { areas: [{ ...area, circles: [{ lon: 117, lat: 39, radiusKm: 5 }] }] }),
    parameter: file('en', {}, { parameters: [...info.parameters, { valueName: 'awareness_type', value: '1; Wind' }] }),
    colour: file('en', {}, { parameters: info.parameters.map((one) => ({ ...one, value: one.value.replace('yellow', 'red') })) }),
    hazard: file('en', {}, { parameters: info.parameters.map((one) => ({ ...one, value: one.value.replace('rainstorm', 'gale') })) }),
    oneBlockMore: { ...file('en'), infos: [info, { ...info, severity: 'Extreme' }] },
  }
  for (const [what, other] of Object.entries(apart)) assert.ok(!together(other), what)
})

test('a place that words alone name is the same only by the same words', () => {
  const at = (areaDesc: string) => ({ areas: [{ areaDesc, polygons: [], circles: [], geocodes: [] }] })
  assert.ok(!together(file('en', {}, at('Binhai')), file('zh-CN', {}, at('滨海'))))
  assert.ok(together(file('en', {}, at('Binhai')), file('zh-CN', {}, at('Binhai'))))
})

test('what warns of nothing, of nothing real, or its addressees alone has no twin', () => {
  for (const more of [
    { msgType: 'Cancel' as const },
    { msgType: 'Ack' as const },
    { status: 'Exercise' as const },
    { scope: 'Private' as const, addresses: ['a'] },
  ])
    assert.ok(!together(file('en', more), file('zh-CN', more)), JSON.stringify(more))
  const clear = { responseTypes: ['AllClear' as const] }
  assert.ok(!together(file('en', {}, clear), file('zh-CN', {}, clear)))
})
