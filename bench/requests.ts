/** The least client of HTTP that can drive a server: one socket a client, kept alive, one request in flight. */
import { connect, type Socket } from 'node:net'

const ANSWER_MAX_BYTES = 1024 * 1024
const CONNECT_AT_ONCE = 100

export type Answer = { readonly status: number; readonly body: string }

export class Connection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #waiting: { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void } | null = null

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server closed the connection')))
  }

  static open(address: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(address.port), address.hostname)
      socket.once('error', reject)
      socket.once('connect', () => resolve(new Connection(socket)))
    })
  }

  static async openMany(address: URL, count: number): Promise<readonly Connection[]> {
    const all: Connection[] = []
    while (all.length < count)
      all.push(
        ...(await Promise.all(Array.from({ length: Math.min(CONNECT_AT_ONCE, count - all.length) }, () => Connection.open(address)))),
      )
    return all
  }

  ask(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#waiting = null
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    if (this.#received.length > ANSWER_MAX_BYTES) return this.#fail(new Error('the answer is too long'))
    const end = this.#received.indexOf('\r\n\r\n')
    if (end === -1) return
    const head = this.#received.toString('latin1', 0, end)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (this.#received.length < end + 4 + length) return
    const answer = { status: Number(head.slice(9, 12)), body: this.#received.toString('utf8', end + 4, end + 4 + length) }
    this.#received = Buffer.alloc(0)
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.resolve(answer)
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error)
    this.#waiting = null
  }
}

/** Signs in to a demonstration as a post; answers the cookie. */
export async function signIn(address: string, postId: string): Promise<string> {
  const answered = await fetch(`${address}/api/session/demonstration`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({ postId }),
  })
  const cookie = answered.headers.get('set-cookie')?.split(';')[0]
  if (!answered.ok || cookie === undefined) throw new Error(`signing in: ${answered.status} ${await answered.text()}`)
  return cookie
}
