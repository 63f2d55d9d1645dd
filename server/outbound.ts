/** Calls to addresses that a post has entered: never into the own network, never long, never much; redirected only where the caller says how often. */
import { lookup } from 'node:dns'
import { request as http, type IncomingHttpHeaders, type RequestOptions } from 'node:http'
import { request as https } from 'node:https'
import { BlockList, isIP } from 'node:net'

const CALL_TIMEOUT_MS = 10_000
const ANSWER_MAX_BYTES = 64 * 1024

/** RFC 6890 and its kin: what is not the public internet. */
const PRIVATE: BlockList = new BlockList()
const V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
const V6 = [
  '::/128',
  '::1/128',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
]
for (const [family, list] of [
  ['ipv4', V4],
  ['ipv6', V6],
] as const)
  for (const one of list) {
    const [net = '', bits] = one.split('/')
    PRIVATE.addSubnet(net, Number(bits), family)
  }

/** Whether the address is of the own machine or network, or of nobody. */
export function isPrivate(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1]
  if (mapped !== undefined) return isPrivate(mapped)
  const family = isIP(bare)
  if (family === 0) return true
  if (family === 6 && /^::(?:ffff:)?[0-9a-f]/i.test(bare)) return true // mapped or compatible, in hexadecimal
  return PRIVATE.check(bare, family === 6 ? 'ipv6' : 'ipv4')
}

export class Forbidden extends Error {}

/** Resolves like the system does and refuses at the moment of connecting, so that a name cannot be pointed elsewhere in between. */
const publicLookup: NonNullable<RequestOptions['lookup']> = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const [first] = found ?? []
    if (error || first === undefined) return done(error ?? new Error('no address'), '', 0)
    if (found.some(({ address }) => isPrivate(address))) return done(new Forbidden(`${hostname} is in the own network`), '', 0)
    return options.all === true ? done(null, found) : done(null, first.address, first.family)
  })
}
/** The answer is longer than the caller bears. */
export class TooLarge extends Error {}

export type Call = {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly allowPrivate: boolean
  readonly timeoutMs?: number
  readonly maxBytes?: number
  /** How many redirects are followed; each address is held to the same rule. Left out, none. */
  readonly redirects?: number
}
export type Called = {
  readonly status: number
  readonly body: Buffer
  readonly headers: IncomingHttpHeaders
  /** Where the answer came from, after redirects. */
  readonly address: string
}

/** One HTTP call. Throws Forbidden for an address in the own network, TooLarge, or an Error when there is no answer in time. */
export async function callOut(address: string, { redirects = 0, ...call }: Call): Promise<Called> {
  for (let at = address, left = redirects; ; left--) {
    const answer = await callOnce(at, call)
    const to = answer.headers.location
    if (!REDIRECTS.has(answer.status) || to === undefined || left <= 0) return answer
    if (!URL.canParse(to, at)) return answer
    at = new URL(to, at).href
  }
}
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

function callOnce(
  address: string,
  { method = 'POST', headers = {}, body, allowPrivate, timeoutMs = CALL_TIMEOUT_MS, maxBytes = ANSWER_MAX_BYTES }: Omit<Call, 'redirects'>,
): Promise<Called> {
  const url = new URL(address)
  const secure = url.protocol === 'https:'
  if (!secure && url.protocol !== 'http:') return Promise.reject(new Forbidden('neither http nor https'))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!allowPrivate && isIP(host) !== 0 && isPrivate(host)) return Promise.reject(new Forbidden(`${host} is in the own network`))
  return new Promise((settle, fail) => {
    const options: RequestOptions = {
      method,
      headers,
      timeout: timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
      agent: false,
      ...(allowPrivate ? {} : { lookup: publicLookup }),
    }
    const asked = (secure ? https : http)(url, options, (answer) => {
      const parts: Buffer[] = []
      let bytes = 0
      answer.on('data', (part: Buffer) => {
        bytes += part.length
        if (bytes > maxBytes) answer.destroy(new TooLarge(`the answer is larger than ${maxBytes} bytes`))
        else parts.push(part)
      })
      answer.on('end', () => settle({ status: answer.statusCode ?? 0, body: Buffer.concat(parts), headers: answer.headers, address }))
      answer.on('error', fail)
    })
    asked.on('error', fail)
    asked.end(body)
  })
}
