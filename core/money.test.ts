import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from './decider.ts'
import { add, Amount, Currency, moneyFrom, MoneyText, moneyText, share, subtract, type Money } from './money.ts'

const cny = (minor: bigint): Money => ({ minor, currency: 'CNY' })
const code = (outcome: unknown): string => (outcome instanceof Refusal ? outcome.code : 'not refused')
function shares(total: bigint, weights: readonly bigint[]): readonly bigint[] {
  const outcome = share(total, weights)
  assert.ok(!(outcome instanceof Refusal))
  return outcome
}
const sum = (all: readonly bigint[]): bigint => all.reduce((a, b) => a + b, 0n)

test('an amount goes through JSON without losing a digit that a double would lose', () => {
  const text = { amount: '9007199254740993', currency: 'CNY' } // 2^53 + 1
  assert.equal(moneyFrom(text).minor, 2n ** 53n + 1n)
  assert.deepEqual(moneyText(moneyFrom(MoneyText.parse(JSON.parse(JSON.stringify(text))))), text)
})

test('an amount is digits only: no sign, no point, no leading zero, no number', () => {
  for (const amount of ['0', '1', '12345', '9'.repeat(24)]) assert.ok(Amount.safeParse(amount).success, amount)
  for (const amount of ['-1', '+1', '01', '1.5', '1e3', '', ' 1', '１', 12345, '9'.repeat(25)])
    assert.ok(!Amount.safeParse(amount).success, String(amount))
})

test('a currency is three capital letters as ISO 4217 has them', () => {
  for (const text of ['CNY', 'JPY', 'USD']) assert.ok(Currency.safeParse(text).success)
  for (const text of ['cny', 'RMB¥', '元', 'CN', '']) assert.ok(!Currency.safeParse(text).success)
})

test('only like currencies are added and subtracted, and nothing becomes negative', () => {
  assert.deepEqual(add(cny(100n), cny(1n)), cny(101n))
  assert.deepEqual(subtract(cny(100n), cny(100n)), cny(0n))
  assert.equal(code(subtract(cny(100n), cny(101n))), 'money.negative')
  assert.equal(code(add(cny(1n), { minor: 1n, currency: 'JPY' })), 'money.currencies-differ')
  assert.equal(code(subtract(cny(1n), { minor: 1n, currency: 'JPY' })), 'money.currencies-differ')
})

test('a hundred yuan in three equal parts: the odd fen goes to the first', () => {
  assert.deepEqual(shares(10000n, [1n, 1n, 1n]), [3334n, 3333n, 3333n])
})

test('the largest remainder gets the odd unit', () => {
  // Hare quotas of 100 by 47:16:158:12:13:4 (of 250) are 18.8, 6.4, 63.2, 4.8, 5.2, 1.6: down 97, then the remainders .8, .8, .6.
  assert.deepEqual(shares(100n, [47n, 16n, 158n, 12n, 13n, 4n]), [19n, 6n, 63n, 5n, 5n, 2n])
})

test('a weight of zero gets nothing', () => {
  assert.deepEqual(shares(1n, [0n, 1n, 0n]), [0n, 1n, 0n])
})

test('nothing is shared by no weights, by zeros, by negative ones, and no debt is shared', () => {
  assert.equal(code(share(1n, [])), 'money.weights-malformed')
  assert.equal(code(share(1n, [0n, 0n])), 'money.weights-malformed')
  assert.equal(code(share(1n, [2n, -1n])), 'money.weights-malformed')
  assert.equal(code(share(-1n, [1n])), 'money.negative')
})

test('whatever the weights, the shares sum to the whole and each is within one unit of its quota', () => {
  let seed = 20_150_812n // the same sums every time
  const next = (below: bigint): bigint => {
    seed = (seed * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n
    return (seed >> 16n) % below
  }
  for (let round = 0; round < 500; round++) {
    const total = next(10n ** (1n + next(20n)))
    const weights = Array.from({ length: Number(1n + next(40n)) }, () => next(1000n))
    const whole = sum(weights)
    if (whole === 0n) continue
    const parts = shares(total, weights)
    assert.equal(sum(parts), total)
    for (const [i, part] of parts.entries()) {
      const exact = total * (weights[i] ?? 0n) // times `whole`
      assert.ok(part * whole > exact - whole && part * whole < exact + whole, `${total} by ${weights.join(':')}`)
    }
  }
})
