/** Many browsers in one process, as raw sockets: each counts the messages by number and notes when each came. */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { answerCalls } from './child.ts'

export type Heard = {
  /** For each message, when each browser had it (milliseconds since 1970, 0: never), browser by browser. */
  readonly receivedAt: readonly Float64Array[]
  readonly lost: number
  readonly twice: number
  /** One message as it came, for the peer to send the same bytes. */
  readonly sample: string
}

const CONNECT_AT_ONCE = 100
const MARK = Buffer.from('bench-note:')
const SEMICOLON = 0x3b
const BUFFER_MAX = 1024 * 1024

const now = (): number => performance.timeOrigin + performance.now()

let first = 0
let expected = 0
let sample = ''
let remaining = 0
let allCame: () => void = () => undefined

class Browser {
  readonly socket: Socket
  receivedAt = new Float64Array(0)
  twice = 0
  #rest: Buffer = Buffer.alloc(0)

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', () => undefined)
  }

  /** Server-sent events and frames of ws are both searched for the mark that every message carries once. */
  #take(chunk: Buffer): void {
    const at = now()
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let from = 0
    for (let mark = bytes.indexOf(MARK); mark !== -1; mark = bytes.indexOf(MARK, from)) {
      const end = bytes.indexOf(SEMICOLON, mark)
      if (end === -1) break
      this.#hear(Number(bytes.toString('latin1', mark + MARK.length, end)), at)
      from = end + 1
      if (sample === '') sample = sampleOf(bytes, mark)
    }
    // The mark or its number may be cut between two chunks.
    const cut = bytes.indexOf(MARK, from)
    this.#rest = Buffer.from(cut === -1 ? bytes.subarray(Math.max(from, bytes.length - MARK.length)) : bytes.subarray(cut))
    if (this.#rest.length > BUFFER_MAX) this.socket.destroy()
  }

  #hear(number: number, at: number): void {
    const i = number - first
    if (i < 0 || i >= expected) return
    if (this.receivedAt[i] !== 0) this.twice++
    else if (--remaining === 0) allCame()
    this.receivedAt[i] = at
  }
}

/** The event with the mark, from its `id:` to the empty line. */
function sampleOf(bytes: Buffer, mark: number): string {
  const begin = bytes.lastIndexOf('id: ', mark)
  const end = bytes.indexOf('\n\n', mark)
  return begin === -1 || end === -1 ? '' : bytes.toString('utf8', begin, end + 2)
}

const browsers: Browser[] = []

type Join = { readonly address: string; readonly count: number; readonly kind: 'sse' | 'ws'; readonly cookie: string }

async function join({ address, count, kind, cookie }: Join): Promise<number> {
  const url = new URL(address)
  const wanted = browsers.length + count
  while (browsers.length < wanted)
    browsers.push(
      ...(await Promise.all(Array.from({ length: Math.min(CONNECT_AT_ONCE, wanted - browsers.length) }, () => open(url, kind, cookie)))),
    )
  return browsers.length
}

function open(url: URL, kind: Join['kind'], cookie: string): Promise<Browser> {
  const request =
    kind === 'sse'
      ? `GET /api/live HTTP/1.1\r\nhost: ${url.host}\r\naccept: text/event-stream\r\ncookie: ${cookie}\r\n\r\n`
      : `GET / HTTP/1.1\r\nhost: ${url.host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\n\r\n`
  const welcome = kind === 'sse' ? 'event: hello' : ' 101 '
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname, () => socket.write(request))
    let heard = ''
    const listen = (chunk: Buffer): void => {
      heard += chunk.toString('latin1')
      if (!heard.includes(welcome)) return
      socket.off('data', listen)
      resolve(new Browser(socket))
    }
    socket.on('data', listen)
    socket.once('error', reject)
    socket.once('close', () => reject(new Error(`not welcomed: ${heard.slice(0, 300)}`)))
  })
}

/** Before messages `from` up to `from + count` are sent. */
function expect({ from, count }: { readonly from: number; readonly count: number }): void {
  first = from
  expected = count
  remaining = count * browsers.length
  for (const browser of browsers) {
    browser.receivedAt = new Float64Array(count)
    browser.twice = 0
  }
}

/** Waits until every browser has all of them, at most so long. */
async function heard({ maxMs }: { readonly maxMs: number }): Promise<Heard> {
  if (remaining > 0) {
    let timer: NodeJS.Timeout | undefined
    await Promise.race([
      new Promise<void>((resolve) => (allCame = resolve)),
      new Promise((resolve) => (timer = setTimeout(resolve, maxMs))),
    ])
    clearTimeout(timer)
  }
  const receivedAt = browsers.map((browser) => browser.receivedAt)
  return { receivedAt, lost: remaining, twice: browsers.reduce((sum, browser) => sum + browser.twice, 0), sample }
}

function leave(): void {
  for (const { socket } of browsers.splice(0)) socket.destroy()
}

answerCalls({ join, expect, heard, leave, stop: leave })
