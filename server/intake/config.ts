/** What the operator sets for reports from outside. */
import { DivisionCode } from '#core/place.ts'
import { StartupProblem } from '../config.ts'

export type IntakeConfig = {
  /** Whether anybody may report by the public page. */
  readonly isPublic: boolean
  /** The territory of reports that name none. */
  readonly home: string | null
  /** Numbers to call when somebody is in danger, as they stand on the public page. */
  readonly call: string
  /** The address whose letters are reports, and where its mail server delivers them. */
  readonly mail: { readonly address: string; readonly host: string; readonly port: number } | null
}

type Environment = Readonly<Record<string, string | undefined>>

const wrong = (name: string, words: string, example: string): StartupProblem =>
  new StartupProblem(
    'config.invalid',
    `The environment variable ${name} must be ${words}.`,
    `export ${name}=${example}    # or: unset ${name}`,
  )

export const NO_INTAKE: IntakeConfig = { isPublic: true, home: null, call: '119、110、120、12350', mail: null }

export function readIntakeConfig(environment: Environment = process.env): IntakeConfig {
  const {
    MUSTER_INTAKE_PUBLIC: open = '1',
    MUSTER_INTAKE_AT: home = '',
    MUSTER_INTAKE_CALL: call = NO_INTAKE.call,
    MUSTER_INTAKE_MAIL: address = '',
    MUSTER_INTAKE_MAIL_LISTEN: listen = '',
  } = environment
  if (open !== '0' && open !== '1' && open !== '') throw wrong('MUSTER_INTAKE_PUBLIC', '0 or 1', '1')
  if (home !== '' && !DivisionCode.safeParse(home).success) throw wrong('MUSTER_INTAKE_AT', 'a division code', '120116')
  if (call.length > 100) throw wrong('MUSTER_INTAKE_CALL', 'at most 100 characters', '119')
  if ((address === '') !== (listen === ''))
    throw wrong('MUSTER_INTAKE_MAIL_LISTEN', 'set together with MUSTER_INTAKE_MAIL', '127.0.0.1:2526')
  if (address !== '' && !/^[^\s@<>"]{1,64}@[A-Za-z0-9.-]{1,253}$/.test(address))
    throw wrong('MUSTER_INTAKE_MAIL', 'an e-mail address', 'report@example.org')
  const at = /^(?<host>\[[0-9a-f:]+\]|[\w.-]+):(?<port>\d{1,5})$/.exec(listen)?.groups
  if (listen !== '' && at === undefined) throw wrong('MUSTER_INTAKE_MAIL_LISTEN', 'host:port', '127.0.0.1:2526')
  return {
    isPublic: open !== '0',
    home: home === '' ? null : home,
    call: call === '' ? NO_INTAKE.call : call,
    mail: at === undefined ? null : { address, host: (at.host ?? '').replace(/^\[|\]$/g, ''), port: Number(at.port) },
  }
}
