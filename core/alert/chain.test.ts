import assert from 'node:assert/strict'
import { test } from 'node:test'
import { made } from '../alert.given.ts'
import type { Message } from '../alert.ts'
import { belongsTo, goesOn, lasting, newest, oldest, saying, standing, type Link } from './chain.ts'

const SENT = (minute: number): string => `2026-07-01T06:${String(minute).padStart(2, '0')}:00.000Z`
/** A message of the source x, by the minute in which it was sent; it names others by theirs. */
const link = (
  minute: number,
  names: readonly number[] = [],
  { of = 'x', ...more }: Partial<Link> & { of?: string; message?: Partial<Message> } = {},
): Link => ({
  id: `${of}${minute}`,
  chainId: `chain-${of}${minute}`,
  incidentId: `folder-${of}${minute}`,
  status: 'in-force',
  owner: null,
  acts: true,
  colour: 'red',
  hazard: 'rainstorm',
  ...more,
  message: {
    ...made().message,
    identifier: `${of}-${minute}`,
    sender: of,
    sent: SENT(minute),
    msgType: names.length === 0 ? 'Alert' : 'Update',
    references: names.map((one) => ({ sender: 'x', identifier: `x-${one}`, sent: SENT(one) })),
    ...more.message,
  },
})
const ids = (links: readonly Link[]): readonly string[] => links.map(({ id }) => id)

test('what a message ends and what ends it is the same whichever came first', () => {
  const [first, update, cancel] = [link(1), link(2, [1]), link(3, [1, 2], { message: { msgType: 'Cancel' } as Message, status: 'notice' })]
  for (const known of [
    [first, update, cancel],
    [cancel, update, first],
  ]) {
    const { ends, endedBy } = standing(update, known)
    assert.deepEqual([ids(ends), ids(endedBy)], [['x1'], ['x3']])
    assert.deepEqual(ids(lasting(known)), [])
  }
  assert.deepEqual(ids(lasting([first, update])), ['x2'])
  assert.deepEqual([oldest([update, cancel, first])?.id, newest([update, cancel, first])?.id], ['x1', 'x3'])
})

test('a reference is found by the exact triple before sender and identifier, and by these before the identifier alone', () => {
  const named = link(9, [1])
  const again = { ...link(2), message: { ...link(2).message, identifier: 'x-1' } }
  const other = { ...link(1, [], { of: 'y' }), message: { ...link(1).message, sender: 'y' } }
  const found = (...known: readonly Link[]): readonly string[] => ids(standing(named, known).ends)
  assert.deepEqual(found(link(1), again, other), ['x1'])
  assert.deepEqual(found(again, other), ['x2'])
  assert.deepEqual(found(other), ['y1'])
})

test('a stranger who is only shown, an exercise, and what was sent before end nothing; ours is ended by us alone', () => {
  const first = link(5)
  const none = (by: Link, what: Link = first): void => assert.deepEqual(ids(standing(by, [what]).ends), [])
  none(link(6, [5], { acts: false, status: 'shown' }))
  none(link(6, [5], { message: { status: 'Exercise' } as Message }))
  none(link(4, [5]))
  none(link(6, [5]), { ...first, owner: 'us' })
  assert.deepEqual(ids(standing(link(6, [5], { owner: 'us' }), [{ ...first, owner: 'us' }]).ends), ['x5'])
})

test('of two chains that are one, that of what warns now goes on; where nothing does, the older', () => {
  const [first, update, last] = [link(1), link(2, [1]), link(3, [2])]
  assert.equal(goesOn(update, standing(update, [first, last])).id, 'x3', 'whoever answered the last is not asked anew')
  assert.equal(goesOn(update, standing(update, [first])).id, 'x2')
  const over = { ...last, status: 'cancelled' } as const
  assert.equal(goesOn(update, standing(update, [first, over])).id, 'x1')
})

test('the same in another language goes on in the chain of what warns; what is only shown is nobody’s twin, nor is the same language', () => {
  const twin = 'a'.repeat(64)
  const said = (language: string) => ({
    blocks: made()
      .message.blocks.slice(0, 1)
      .map((block) => ({ ...block, language })),
  })
  const file = (of: string, language: string, more: Partial<Link> = {}): Link =>
    link(1, [], { of, twin, ...more, message: { ...said(language), sender: 'x' } as Message })
  const [chinese, english, again] = [file('zh', 'zh-CN'), file('en', 'en'), file('en2', 'en')]
  const place = standing(english, [chinese, english, again])
  assert.deepEqual([ids(place.twins), place.beside?.id, goesOn(english, place).id], [['zh1'], 'zh1', 'zh1'])
  assert.deepEqual(ids(saying(english, [chinese, english])), ['en1'], 'not before they have one chain')
  assert.deepEqual(standing(english, [file('zh', 'zh-CN', { acts: false, status: 'shown' })]).twins, [])
  assert.deepEqual(standing(english, [file('zh', 'zh-CN', { colour: 'blue' })]).twins, [])
  const over = standing(english, [file('zh', 'zh-CN', { status: 'cancelled' })])
  assert.deepEqual([ids(over.twins), over.beside, belongsTo(over), goesOn(english, over).id], [['zh1'], null, undefined, 'en1'])
})
