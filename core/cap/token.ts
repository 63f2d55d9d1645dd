import { CAP_BOUNDS, type Reference } from '../cap.ts'
import type { Identity } from './check.ts'

/** Words between white space; words that belong together stand between double quotes (CAP 1.2, 3.2.1: addresses, incidents). */
export function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  if (text === '') return tokens
  for (const found of text.matchAll(/"([^"]*)"|(\S+)/g)) {
    if (tokens.length >= CAP_BOUNDS.list) break
    tokens.push(found[1] ?? found[2] ?? '')
  }
  return tokens
}

export const tokenText = (tokens: readonly string[]): string =>
  tokens.map((one) => (one === '' || /\s/.test(one) ? `"${one}"` : one)).join(' ')

type Said = {
  readonly identifier: string
  readonly sender: string
  readonly sent: string
  readonly msgType: string
  readonly references: string
}

/** What `references` names, in its order: `sender,identifier,sent` between white space. What has less than sender and identifier is only counted. */
export function identityOf(said: Said): Identity {
  let malformed = 0
  const references: Reference[] = []
  if (said.references !== '')
    for (const token of said.references.trim().split(/\s+/, CAP_BOUNDS.list)) {
      if (token === '') continue
      const [comma, next] = [token.indexOf(','), token.indexOf(',', token.indexOf(',') + 1)]
      const sender = comma < 0 ? token : token.slice(0, comma)
      const identifier = comma < 0 ? '' : token.slice(comma + 1, next < 0 ? undefined : next)
      const sent = next <= comma ? '' : token.slice(next + 1)
      if (identifier === '' || !TRIPLE_TIME.test(sent)) malformed++
      if (identifier !== '') references.push({ sender, identifier, sent })
    }
  return { ...said, references, malformed }
}

const TRIPLE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})$/
