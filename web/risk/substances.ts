import type { Substance } from '#core/risk.ts'

const UN = /^(?:UN\s*)?(?<number>\d{4})$/i
const CAS = /^\d{2,7}-\d{2}-\d$/
const AMOUNT = /^(?<value>\d+(?:\.\d+)?)\s*(?<unit>[^\s\d]\S*)$/
const NOTHING = /^(?:无|none)$/i

const unknownIn = (text: string): { readonly unknown: string } | null => {
  const by = /^[?？]\s*(?<by>.*)$/.exec(text)?.groups?.by?.trim()
  return by === undefined ? null : { unknown: by === '' ? '—' : by }
}

/**
 * What somebody writes on a phone, one substance a line: the name first, then UN, CAS, amount and place in any order, parted by
 * `|` or a comma. `?who` says that it is not known, and who said so. The number of the first line that is not understood, or the list.
 */
export function readSubstances(text: string): readonly Substance[] | number {
  const lines = text.split('\n').map((line) => line.trim())
  if (lines.filter((line) => line !== '').every((line) => NOTHING.test(line))) return lines.some((line) => line !== '') ? [] : 1
  const found: Substance[] = []
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    const one = readLine(line)
    if (one === null) return index + 1
    found.push(one)
  }
  return found
}

function readLine(line: string): Substance | null {
  const [first = '', ...rest] = line.split(/\s*[|,，]\s*/)
  const where: string[] = []
  let [un, cas]: (string | undefined)[] = []
  let quantity: Substance['quantity'] | null = null
  for (const part of rest) {
    if (part === '') continue
    const amount = AMOUNT.exec(part)?.groups
    const unknown = unknownIn(part)
    if (unknown !== null) quantity = unknown
    else if (un === undefined && UN.test(part)) un = UN.exec(part)?.groups?.number
    else if (cas === undefined && CAS.test(part)) cas = part
    else if (quantity === null && amount?.value !== undefined && amount.unit !== undefined)
      quantity = { value: Number(amount.value), unit: amount.unit }
    else where.push(part)
  }
  // An amount left out is not nothing: it must be said to be unknown.
  if (first === '' || quantity === null) return null
  return {
    name: unknownIn(first) ?? first,
    ...(un === undefined ? {} : { un }),
    ...(cas === undefined ? {} : { cas }),
    quantity,
    ...(where.length === 0 ? {} : { where: where.join(' ') }),
  }
}

/** The list as it would be written. */
export const substancesText = (list: readonly Substance[]): string =>
  list.length === 0
    ? '无'
    : list
        .map(({ name, un, cas, quantity, where }) =>
          [
            typeof name === 'string' ? name : `?${name.unknown}`,
            un ?? '',
            cas ?? '',
            'unknown' in quantity ? `?${quantity.unknown}` : `${quantity.value} ${quantity.unit}`,
            where ?? '',
          ]
            .join(' | ')
            .replace(/(?: \| )+$/, ''),
        )
        .join('\n')
