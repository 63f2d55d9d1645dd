import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actorFrom, actorText, systemActor, Words, type Actor } from './event.ts'

test('who did it goes into the log as text and comes back', () => {
  const actors: readonly Actor[] = [
    { kind: 'post', postId: 'p1', organizationId: 'o1' },
    systemActor('clock'),
    systemActor('linkage'),
    systemActor('exercise'),
    systemActor('setup'),
  ]
  assert.deepEqual(actors.map(actorText), ['post/p1/o1', 'system/clock', 'system/linkage', 'system/exercise', 'system/setup'])
  for (const actor of actors) assert.deepEqual(actorFrom(actorText(actor)), actor)
})

test('text that names nobody is a bug and is thrown', () => {
  for (const text of ['', 'post/p1', 'post//o1', 'post/p1/', 'post/a/b/c', 'system/root', 'system/clock/x', 'person/x'])
    assert.throws(() => actorFrom(text), text)
})

test('words stand in both languages or not at all', () => {
  assert.ok(Words.safeParse({ 'zh-CN': '预案', en: 'plan' }).success)
  for (const words of [{ 'zh-CN': '预案' }, { en: 'plan' }, { 'zh-CN': '', en: 'plan' }, { 'zh-CN': '预案', en: '' }, '预案'])
    assert.ok(!Words.safeParse(words).success)
})
