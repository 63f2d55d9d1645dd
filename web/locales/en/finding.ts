/** What `muster verify` finds. */
export const finding = {
  'verify.malformed': 'the line is not of the form',
  'verify.gap': 'a position or version is missing',
  'verify.duplicate': 'it was there before',
  'verify.out-of-order': 'it stands after a later one',
  'verify.other-incident': 'it belongs to another incident',
  'verify.proof-wrong': 'its inclusion proof does not hold',
  'verify.truncated': 'the file ends early',
  'verify.count-differs': 'the number of events is not the one said',
  'verify.uncovered': 'events past the checkpoint',
  'verify.altered': 'altered: another root; the line cannot be named',
  'verify.signature-wrong': 'no right signature by this key',
  'verify.origin-differs': 'the names of the log differ',
  'verify.unknown-key': 'not the key that was expected',
  'verify.unchecked': 'past a limit, so not checked',
  'verify.more': 'there are more',
} as const
