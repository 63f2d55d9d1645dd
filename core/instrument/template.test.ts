import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../decider.ts'
import { filled, placesOf, Template, type Answers } from './template.ts'

const answers: Answers = {
  place: { value: '120116', name: { 'zh-CN': '滨海新区', en: 'Binhai New Area' } },
  people: { value: 20, name: { 'zh-CN': '20', en: '20' } },
  note: { value: '${place} "x": [1', name: { 'zh-CN': '某', en: 'some' } },
}
const fill = (value: unknown) => {
  const made = filled(value, answers)
  assert.ok(!(made instanceof Refusal))
  return made.value
}

test('places are filled by the value and by its name in either language, wherever they stand', () => {
  assert.deepEqual(fill({ id: 'plan-${place}', title: { 'zh-CN': '${place:zh}预案', en: 'Plan of ${place:en}' }, list: ['${place}'] }), {
    id: 'plan-120116',
    title: { 'zh-CN': '滨海新区预案', en: 'Plan of Binhai New Area' },
    list: ['120116'],
  })
})

test('a number stays a number where it fills the whole string, and is written out inside one', () => {
  assert.deepEqual(fill({ value: '${people}', amount: '${people}00', other: 3, none: null }), {
    value: 20,
    amount: '2000',
    other: 3,
    none: null,
  })
})

test('an answer is put in as it is: what looks like a place or like markup in it is not read', () => {
  assert.equal(fill('a ${note} b'), 'a ${place} "x": [1 b')
})

test('a place that nobody answered is refused by its key', () => {
  const made = filled({ deep: [{ text: '${missing:zh}' }] }, answers)
  assert.ok(made instanceof Refusal)
  assert.deepEqual([made.code, made.params], ['template.answer-missing', { key: 'missing' }])
  assert.ok(filled('${constructor}', answers) instanceof Refusal, 'what every object has is no answer')
})

test('a template asks with keys that its places can name', () => {
  const one = {
    schema: 'muster/template/1',
    id: 't',
    title: { 'zh-CN': '模', en: 't' },
    words: { 'zh-CN': '模', en: 't' },
    source: { 'zh-CN': '模', en: 't' },
    instrument: { id: 'x-${place}' },
  }
  const ask = { key: 'place', words: { 'zh-CN': '地', en: 'place' }, kind: 'jurisdiction' }
  assert.ok(Template.safeParse({ ...one, asks: [ask] }).success)
  assert.ok(!Template.safeParse({ ...one, asks: [{ ...ask, key: 'Place!' }] }).success)
  assert.deepEqual([...placesOf(one.instrument)], ['place'])
})
