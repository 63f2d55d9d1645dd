/** Every code that can be said of a CAP message. They are stable; the words are in the locales under the code itself. */
const REFUSALS = [
  'cap.too-large',
  'cap.encoding-invalid',
  'cap.encoding-mismatch',
  'cap.encoding-unsupported',
  'cap.doctype',
  'cap.too-deep',
  'cap.too-many-elements',
  'cap.too-many-attributes',
  'cap.not-well-formed',
  'cap.no-alert',
  'cap.unreadable',
] as const
const FINDINGS = [
  'cap.namespace-unknown',
  'cap.status-unknown',
  'cap.msg-type-unknown',
  'cap.scope-unknown',
  'cap.value-unknown',
  'cap.too-many',
  'cap.identifier-empty',
  'cap.identifier-illegal-char',
  'cap.sender-empty',
  'cap.sender-illegal-char',
  'cap.sent-format',
  'cap.sent-z-suffix',
  'cap.effective-format',
  'cap.effective-z-suffix',
  'cap.onset-format',
  'cap.onset-z-suffix',
  'cap.expires-format',
  'cap.expires-z-suffix',
  'cap.expires-before-sent',
  'cap.no-expires',
  'cap.reference-malformed',
  'cap.references-empty-element',
  'cap.update-without-references',
  'cap.cancel-without-references',
  'cap.ack-without-references',
  'cap.error-without-references',
  'cap.restricted-without-restriction',
  'cap.restriction-but-not-restricted',
  'cap.private-without-addresses',
  'cap.area-desc-only',
  'cap.polygon-empty',
  'cap.polygon-syntax',
  'cap.polygon-lt-4-points',
  'cap.polygon-not-closed',
  'cap.polygon-lat-out-of-range',
  'cap.polygon-lon-out-of-range',
  'cap.circle-syntax',
  'cap.circle-out-of-range',
] as const
const SIGNATURES = [
  'cap.signature-too-many',
  'cap.signature-misplaced',
  'cap.signature-incomplete',
  'cap.signature-covers-other',
  'cap.signature-transform',
  'cap.signature-algorithm',
  'cap.signature-digest',
  'cap.signature-reformatted',
  'cap.signature-value',
  'cap.signature-no-key',
  'cap.signature-weak',
  'cap.signature-untrusted',
] as const

/** Why a document is not taken at all. */
export type CapRefusalCode = (typeof REFUSALS)[number]
/** What is wrong, or doubtful, in a message that was read. */
export type CapFindingCode = (typeof FINDINGS)[number]
/** What is said of its signatures. */
export type CapSignatureCode = (typeof SIGNATURES)[number]
export const CAP_CODES: readonly string[] = [...REFUSALS, ...FINDINGS, ...SIGNATURES]
