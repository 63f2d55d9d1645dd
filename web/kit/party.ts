import type { Party } from '#core/instrument.ts'
import type { WordsApi } from '../words.ts'

/** A party of a clause in words: `function:fire-rescue@province` reads “whoever holds fire and rescue at province level”. */
export function partyWords(party: Party, { code }: Pick<WordsApi, 'code'>): string {
  const [base = party, at] = party.split('@')
  const [kind = base, name] = base.split(':')
  const said = code('obligation.party', kind, { function: name === undefined ? '' : code('function', name) })
  return at === undefined ? said : code('obligation.party-at', at, { party: said })
}
