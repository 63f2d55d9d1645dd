/** What no schema says and CAP means: findings with stable codes. The words are in the locales. */
import type { CapFindingCode } from './codes.ts'
import { capMs, type Alert, type CapFinding, type CapScope, type Info, type Reference } from '../cap.ts'

/** Who sent what when, and what it refers to. */
export type Identity = {
  readonly identifier: string
  readonly sender: string
  readonly sent: string
  /** As sent, whatever it says. */
  readonly msgType: string
  readonly references: readonly Reference[]
  /** References that are no `sender,identifier,sent`. */
  readonly malformed: number
}

/** The identity of a message that is a model already. */
export const identityOfAlert = (alert: Alert): Identity => ({ ...alert, malformed: 0 })

/** What `checkAlert` finds in a message that was composed here. */
export const checkComposed = (alert: Alert): readonly CapFinding[] => checkAlert({ ...alert, identity: identityOfAlert(alert) })

type Checked = {
  readonly identity: Identity
  readonly scope: CapScope | undefined
  readonly restriction?: string | undefined
  readonly addresses: readonly string[]
  readonly infos: readonly Info[]
  /** Areas that say a place in words alone were found already, where it was still known that something else had been meant. */
  readonly areasChecked?: boolean
}

/** CAP 1.2, 3.3.2: whole seconds and a numeric offset. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[-+]\d{2}:\d{2}$/
/** CAP 1.2, 3.2.1: no spaces, commas or characters that have to be escaped. */
const ILLEGAL = /[\s,<&]/

/** `cap.sent-format` when it is no time with a numeric offset, `cap.sent-z-suffix` when the offset is the letter (CAP 1.2, 3.3.2). */
export function checkTime(name: 'sent' | 'effective' | 'onset' | 'expires', time: string): CapFindingCode | null {
  if (TIME.test(time) && capMs(time) !== null) return null
  return time.endsWith('Z') && capMs(time) !== null ? `cap.${name}-z-suffix` : `cap.${name}-format`
}

/** Messages that say something of an earlier one. */
const NAMING: ReadonlyMap<string, CapFindingCode> = new Map([
  ['Update', 'cap.update-without-references'],
  ['Cancel', 'cap.cancel-without-references'],
  ['Ack', 'cap.ack-without-references'],
  ['Error', 'cap.error-without-references'],
])

/** What is wrong between the members of one message; what is wrong within one is found as it is read. */
export function checkAlert({ identity, scope, restriction, addresses, infos, areasChecked = false }: Checked): readonly CapFinding[] {
  const findings: CapFinding[] = []
  const note = (code: CapFindingCode, severity: CapFinding['severity'], at = ''): void =>
    void findings.push({ code, severity, at, params: {} })
  const { identifier, sender, sent, msgType, references, malformed } = identity
  if (identifier === '') note('cap.identifier-empty', 'error')
  else if (ILLEGAL.test(identifier)) note('cap.identifier-illegal-char', 'error')
  if (sender === '') note('cap.sender-empty', 'error')
  else if (ILLEGAL.test(sender)) note('cap.sender-illegal-char', 'error')
  const late = checkTime('sent', sent)
  if (late !== null) note(late, late.endsWith('-z-suffix') ? 'warning' : 'error')
  if (malformed > 0) note('cap.reference-malformed', 'error')
  const unnamed = NAMING.get(msgType)
  if (unnamed !== undefined && references.length === 0 && malformed === 0) note(unnamed, 'error')
  if (scope === 'Restricted' && restriction === undefined) note('cap.restricted-without-restriction', 'error')
  if (scope !== undefined && scope !== 'Restricted' && restriction !== undefined) note('cap.restriction-but-not-restricted', 'warning')
  if (scope === 'Private' && addresses.length === 0) note('cap.private-without-addresses', 'error')
  for (const [i, info] of infos.entries())
    for (const [code, severity] of problemsOf(info, sent, areasChecked)) note(code, severity, `info[${i + 1}]`)
  return findings
}

function problemsOf(info: Info, sent: string, areasChecked: boolean): readonly (readonly [CapFindingCode, CapFinding['severity']])[] {
  const bare =
    !areasChecked && info.areas.some(({ polygons, circles, geocodes }) => polygons.length + circles.length + geocodes.length === 0)
  const [began, ends] = [capMs(sent), capMs(info.expires)]
  return [
    ...(info.expires === undefined ? [['cap.no-expires', 'warning'] as const] : []),
    ...(began !== null && ends !== null && ends < began ? [['cap.expires-before-sent', 'error'] as const] : []),
    ...(bare ? [['cap.area-desc-only', 'warning'] as const] : []),
  ]
}
