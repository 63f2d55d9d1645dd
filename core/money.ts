import { z } from 'zod/mini'
import { refuse, type Refusal } from './decider.ts'

/** ISO 4217 alphabetic code, e.g. `CNY`. One ledger holds one currency. */
export const Currency = z.string().check(z.regex(/^[A-Z]{3}$/))
export type Currency = z.infer<typeof Currency>

/** No sum of any state has more digits. */
const DIGITS_MAX = 24
const WEIGHTS_MAX = 10_000

/** An amount in minor units (fen, cents) as it stands in JSON: `"12345"`. Never negative: a correction is a transfer back. */
export const Amount = z.string().check(z.maxLength(DIGITS_MAX), z.regex(/^(?:0|[1-9]\d*)$/))

/** Money in JSON, the log and the API. */
export const MoneyText = z.strictObject({ amount: Amount, currency: Currency })
export type MoneyText = z.infer<typeof MoneyText>

/** Money to reckon with: minor units and the currency beside them. */
export type Money = { readonly minor: bigint; readonly currency: Currency }

export const moneyFrom = ({ amount, currency }: MoneyText): Money => ({ minor: BigInt(amount), currency })
export const moneyText = ({ minor, currency }: Money): MoneyText => ({ amount: minor.toString(), currency })

/** The sum. Refused: `money.currencies-differ`. */
export function add(a: Money, b: Money): Money | Refusal {
  if (a.currency !== b.currency) return refuse('money.currencies-differ', { a: a.currency, b: b.currency })
  return { minor: a.minor + b.minor, currency: a.currency }
}

/** What is left. Refused: `money.currencies-differ`, and `money.negative` where less is there than is taken. */
export function subtract(a: Money, b: Money): Money | Refusal {
  if (a.currency !== b.currency) return refuse('money.currencies-differ', { a: a.currency, b: b.currency })
  return a.minor < b.minor
    ? refuse('money.negative', { amount: a.minor.toString(), taken: b.minor.toString() })
    : { minor: a.minor - b.minor, currency: a.currency }
}

/**
 * Divides a total by whole weights, at most 10,000 of them, so that the shares sum to it: each gets its quota rounded
 * down, and what is left goes one minor unit each to the largest remainders, the earlier first among equals.
 * Refused: `money.negative`, `money.weights-malformed` where there are none or too many, one is negative, or all are zero.
 */
export function share(total: bigint, weights: readonly bigint[]): readonly bigint[] | Refusal {
  if (total < 0n) return refuse('money.negative', { amount: total.toString() })
  const whole = weights.reduce((sum, weight) => sum + weight, 0n)
  if (weights.length > WEIGHTS_MAX || whole <= 0n || weights.some((weight) => weight < 0n))
    return refuse('money.weights-malformed', { max: WEIGHTS_MAX })
  const quotas = weights.map((weight) => (total * weight) / whole)
  const left = Number(total - quotas.reduce((sum, quota) => sum + quota, 0n))
  const remainder = (i: number): bigint => (total * (weights[i] ?? 0n)) % whole
  const order = quotas.map((_, i) => i).toSorted((a, b) => (remainder(a) === remainder(b) ? a - b : remainder(a) < remainder(b) ? 1 : -1))
  const raised = new Set(order.slice(0, left))
  return quotas.map((quota, i) => (raised.has(i) ? quota + 1n : quota))
}
