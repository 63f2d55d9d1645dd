import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeShown, followUpCode, readCode } from './code.ts'

test('a follow-up code has twelve characters, none of which is mistaken for another', () => {
  const all = new Set(Array.from({ length: 256 }, (_, i) => followUpCode(new Uint8Array(12).fill(i))).join(''))
  assert.equal(all.size, 32)
  assert.ok(!/[ILOU]/.test([...all].join('')))
  assert.equal(followUpCode(new Uint8Array(12)).length, 12)
})

test('it is read back as it was shown, in small letters, with look-alikes, and from full-width keys', () => {
  const code = '7KQ29MZX4T01'
  for (const typed of [codeShown(code), '7kq2-9mzx-4tol', ' ７ＫＱ２９ＭＺＸ４Ｔ０１ ', '7KQ2 9MZX 4TOI'])
    assert.equal(readCode(typed), code)
  for (const typed of ['', '7KQ29MZX4T0', '7KQ29MZX4T0U', '7KQ29MZX4T011', "' or 1=1 --"]) assert.equal(readCode(typed), null)
})
