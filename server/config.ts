import { fileURLToPath } from 'node:url'
import { resolve } from 'node:path'
import { z } from 'zod/mini'

/** The folder that holds package.json, without a slash at the end. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

/**
 * A problem at start that the operator can mend. `message` says what is wrong, `mend` the command that mends it,
 * `code` is stable and stands in the table of start-up failures in the operator's guide.
 */
export class StartupProblem extends Error {
  override name = 'StartupProblem'
  readonly code: string
  readonly mend: string

  constructor(code: string, message: string, mend: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.mend = mend
  }
}

export type Config = {
  /** TCP port, 0–65535; 0 lets the system choose one. */
  readonly port: number
  readonly host: string
  /** Absent: the embedded PostgreSQL is started. */
  readonly databaseUrl: string | undefined
  /** The sign-in that only asks for a post exists in demonstration mode alone. */
  readonly mode: 'demonstration' | 'operation'
  /** Absolute path of the folder in which this node keeps its data; a relative one is read from the current folder. */
  readonly varDir: string
  /** What the browser's address bar shows, without a slash at the end: cookies, passkeys and the CSRF check go by it. */
  readonly origin: string
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
}

const Port = z.string().check(z.refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= 65535))
const Host = z.string().check(z.regex(/^[A-Za-z0-9.:_-]{1,253}$/))
const Mode = z.enum(['demonstration', 'operation'])
const LogLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
const DatabaseUrl = z.string().check(z.refine((value) => /^postgres(ql)?:$/.test(protocolOf(value))))
const Origin = z.string().check(z.refine((value) => /^https?:$/.test(protocolOf(value)) && new URL(value).pathname === '/'))
const VarDir = z.string().check(z.refine((value) => !value.includes('\0')))

const Environment = z.object({
  PORT: z.optional(Port),
  HOST: z._default(Host, '127.0.0.1'),
  DATABASE_URL: z.optional(DatabaseUrl),
  MUSTER_MODE: z._default(Mode, 'demonstration'),
  MUSTER_VAR: z.optional(VarDir),
  MUSTER_ORIGIN: z.optional(Origin),
  MUSTER_LOG: z._default(LogLevel, 'warn'),
})

type Name = keyof z.infer<typeof Environment>

/** What each variable may be, in words for the operator, with a value that works. */
const MAY_BE: { readonly [name in Name]: readonly [words: string, example: string] } = {
  PORT: ['a whole number from 0 to 65535', '8080'],
  HOST: ['a host name or an IP address to listen on', '127.0.0.1'],
  DATABASE_URL: ['the address of a PostgreSQL 15 or newer', 'postgres://muster:password@127.0.0.1:5432/muster'],
  MUSTER_MODE: ['demonstration or operation', 'operation'],
  MUSTER_VAR: ['the path of a folder for the data', '/var/lib/muster'],
  MUSTER_ORIGIN: ['the public address, http or https, without a path', 'https://muster.example.org'],
  MUSTER_LOG: ['trace, debug, info, warn, error, fatal or silent', 'info'],
}

/** Reads the environment. An empty variable counts as absent; a bad value throws a StartupProblem that names it. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([name, value]) => name in MAY_BE && value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) throw badVariable(parsed.error.issues[0]?.path[0])
  const env = parsed.data
  const port = Number(env.PORT ?? 8080)
  return Object.freeze({
    port,
    host: env.HOST,
    databaseUrl: env.DATABASE_URL,
    mode: env.MUSTER_MODE,
    varDir: env.MUSTER_VAR === undefined ? resolve(projectRoot, 'var') : resolve(env.MUSTER_VAR),
    origin: env.MUSTER_ORIGIN === undefined ? originOf(env.HOST, port) : new URL(env.MUSTER_ORIGIN).origin,
    logLevel: env.MUSTER_LOG,
  })
}

/** The origin of a server at this host and port; a wildcard address is reached as localhost from the same machine. */
export function originOf(host: string, port: number): string {
  const reached = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return new URL(`http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`).origin
}

function badVariable(name: unknown): StartupProblem {
  const known = Object.keys(MAY_BE).find((key): key is Name => key === name) ?? 'PORT'
  const [words, example] = MAY_BE[known]
  // The value is not repeated: DATABASE_URL holds a password.
  return new StartupProblem(
    'config.invalid',
    `The environment variable ${known} must be ${words}.`,
    `export ${known}=${example}    # or: unset ${known}`,
  )
}

function protocolOf(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol : ''
}
