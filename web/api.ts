import { uuidV7 } from '#core/id.ts'

/** An expected "no" from the server: its words are `refusal.<code>` in the locales. Status 0: the server could not be reached. */
export type Refused = {
  readonly ok: false
  readonly status: number
  readonly code: string
  readonly params: Readonly<Record<string, unknown>>
}
export type Recorded = { readonly ok: true; readonly position: string }
export type Answer = Recorded | Refused
export type Room =
  | 'alert'
  | 'incident'
  | 'risk'
  | 'carry'
  | 'headquarters'
  | 'decision'
  | 'consultation'
  | 'sitrep'
  | 'obligation'
  | 'finding'
  | 'objective'
  | 'instrument'
  | 'organization'
  | 'post'
  | 'notice'
  | 'station'
  | 'station-source'
  | 'threshold'
  | 'proposal'
  | 'intake'
  | 'information'
  | 'release'
  | 'dataset'
export type Command = { readonly type: string; readonly [field: string]: unknown }

/** How long a read or one sending of a command may take. */
const READ_TIMEOUT_MS = 20_000
const SEND_TIMEOUT_MS = 20_000
/** A photo over a bad line takes minutes. */
const UPLOAD_TIMEOUT_MS = 300_000
/** Between the first and the slowest retry of a command that got no answer. */
const RETRY_FIRST_MS = 1000
const RETRY_SLOWEST_MS = 15_000
/** Commands that may wait in this browser at once, and sendings of each. */
const WAITING_MAX = 200
const SENDINGS_MAX = 5000

/** What a read throws when it is not answered with a value; pages show it through `ErrorState`. */
export class NotAnswered extends Error {
  readonly status: number
  readonly code: string
  readonly params: Readonly<Record<string, unknown>>
  constructor(refused: Refused) {
    super(`${refused.status} ${refused.code}`)
    this.status = refused.status
    this.code = refused.code
    this.params = refused.params
  }
}

const refused = (status: number, code: string, params: Readonly<Record<string, unknown>> = {}): Refused => ({
  ok: false,
  status,
  code,
  params,
})

async function refusalOf(response: Response): Promise<Refused> {
  const body: unknown = await response.json().catch(() => null)
  if (typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string') {
    const params =
      'params' in body && typeof body.params === 'object' && body.params !== null ? (body.params as Record<string, unknown>) : {}
    return refused(response.status, body.code, params)
  }
  return refused(response.status, `http.${response.status}`)
}

/** `world` is the exercise to look into, null for the real world. Throws `NotAnswered`. */
export async function get<T>(path: string, world: string | null = null, signal?: AbortSignal): Promise<T> {
  const url = new URL(path, location.origin)
  if (world !== null) url.searchParams.set('world', world)
  const timeout = AbortSignal.timeout(READ_TIMEOUT_MS)
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  }).catch(() => null)
  if (response === null) throw new NotAnswered(refused(0, 'network.unreachable'))
  if (!response.ok) throw new NotAnswered(await refusalOf(response))
  return (await response.json()) as T
}

/** A request that is no command: session and exercises. Not retried. */
export async function ask<T>(
  method: 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<{ readonly ok: true; readonly value: T } | Refused> {
  const init: RequestInit = { method, signal: AbortSignal.timeout(SEND_TIMEOUT_MS), headers: { accept: 'application/json' } }
  if (body !== undefined) {
    init.headers = { accept: 'application/json', 'content-type': 'application/json' }
    init.body = JSON.stringify(body)
  }
  const response = await fetch(path, init).catch(() => null)
  if (response === null) return refused(0, 'network.unreachable')
  if (!response.ok) return refusalOf(response)
  const text = await response.text()
  return { ok: true, value: (text === '' ? null : JSON.parse(text)) as T }
}

/** A file as it is; its kind says what it is. Not retried. */
export async function upload<T>(path: string, file: File): Promise<T | Refused> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': file.type },
    body: file,
    signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
  }).catch(() => null)
  if (response === null) return refused(0, 'network.unreachable')
  return response.ok ? ((await response.json()) as T) : refusalOf(response)
}

export const newId = (): string => uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)))

/** A command on its way: kept until answered, so that neither a cut line nor a reload loses it or does it twice. Each under a key of its own, as two tabs may keep some at once. */
type Waiting = {
  readonly commandId: string
  readonly room: Room
  readonly id: string
  readonly command: Command
  readonly postId: string | null
}
/** `delayed`: the line was cut in between, so who sent it may no longer be looking. */
type Hearer = (room: Room, id: string, answer: Answer, delayed: boolean) => void
const STORED = 'muster.waiting.'
/** A report keeps the time when it was seen and is sent even after its tab was closed; an order of the moment ends with its tab. */
const keeperOf = ({ room }: Waiting): Storage => (room === 'intake' ? localStorage : sessionStorage)

const waiting = new Map<string, Waiting>()
const listeners = new Set<() => void>()
const wakers = new Set<() => void>()
const hearers = new Set<Hearer>()
let postId: string | null = null
/** What was sent and not answered. What was given after it waits its turn: the log keeps the order in which things were done. */
const unanswered = new Set<string>()

/** In the order in which they were given. */
function stored(): readonly Waiting[] {
  const found = [localStorage, sessionStorage].flatMap((storage) =>
    Object.keys(storage)
      .filter((key) => key.startsWith(STORED))
      .map((key) => JSON.parse(storage.getItem(key) ?? '') as Waiting),
  )
  return found.toSorted((a, b) => a.commandId.localeCompare(b.commandId)).slice(0, WAITING_MAX)
}

function keep(one: Waiting): void {
  waiting.set(one.commandId, one)
  keeperOf(one).setItem(STORED + one.commandId, JSON.stringify(one))
  tell()
}

function settle(one: Waiting, isKept: boolean): void {
  waiting.delete(one.commandId)
  unanswered.delete(one.commandId)
  if (!isKept) keeperOf(one).removeItem(STORED + one.commandId)
  tell()
}

function tell(): void {
  for (const hear of listeners) hear()
}

/** How many commands have no answer yet. */
export const waitingCount = (): number => waiting.size
export function onWaiting(hear: () => void): () => void {
  listeners.add(hear)
  return () => listeners.delete(hear)
}

/** Hears every answer to a command; gives back how to stop hearing. */
export function onAnswered(hear: Hearer): () => void {
  hearers.add(hear)
  return () => hearers.delete(hear)
}

/** The line is back: whatever waits is sent now. */
export function retryNow(): void {
  for (const wake of wakers) wake()
}
window.addEventListener('online', retryNow)

/** What this post left waiting in this browser is sent again under the same command ids. Another post's orders are dropped, its reports wait for it. Null: nobody is here. */
export function resumeWaiting(post: string | null): void {
  if (post === postId) return
  postId = post
  if (post === null) return
  for (const one of stored()) {
    if (waiting.has(one.commandId)) continue
    if (one.postId === post) {
      waiting.set(one.commandId, one)
      unanswered.add(one.commandId)
      void deliver(one, true)
    } else sessionStorage.removeItem(STORED + one.commandId)
  }
  tell()
}

/**
 * Sends a command to one thing of a room and answers when the server did: recorded, or refused.
 * While the server cannot be reached the same command is sent again under the same id.
 */
export async function send(room: Room, id: string, command: Command): Promise<Answer> {
  if (waiting.size >= WAITING_MAX) return refused(0, 'network.too-many-waiting', { max: WAITING_MAX })
  const one: Waiting = { commandId: newId(), room, id, command, postId }
  keep(one)
  return deliver(one)
}

async function deliver(one: Waiting, resumed = false): Promise<Answer> {
  let answer: Answer | null = null
  let sendings = 0
  for (; sendings < SENDINGS_MAX && answer === null; sendings++) {
    if (sendings > 0) await pause(Math.min(RETRY_FIRST_MS * 2 ** Math.min(sendings - 1, 10), RETRY_SLOWEST_MS))
    while (isBehind(one.commandId)) await turn()
    // Whoever gave it has left: nobody else sends it in his place.
    answer = one.postId === postId ? await sendOnce(one) : refused(401, 'session.missing')
    if (answer === null) unanswered.add(one.commandId)
  }
  const isOpen = answer === null || (!answer.ok && answer.status === 401)
  settle(one, isOpen && one.room === 'intake')
  for (const next of turns.splice(0)) next()
  const last = answer ?? refused(0, 'network.unreachable')
  for (const hear of hearers) hear(one.room, one.id, last, resumed || sendings > 1)
  return last
}

/** Whether something that was given before has been sent in vain and is still on its way. */
function isBehind(commandId: string): boolean {
  for (const before of waiting.keys()) {
    if (before === commandId) return false
    if (unanswered.has(before)) return true
  }
  return false
}
const turns: (() => void)[] = []
const turn = (): Promise<void> => new Promise((resolve) => void turns.push(resolve))

/** Null where there was no answer: nothing came back, or only a gateway's excuse. */
async function sendOnce(one: Waiting): Promise<Answer | null> {
  const response = await fetch(`/api/${one.room}/${encodeURIComponent(one.id)}`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', 'idempotency-key': one.commandId },
    body: JSON.stringify(one.command),
    signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
  }).catch(() => null)
  if (response === null || response.status === 502 || response.status === 503 || response.status === 504 || response.status === 429)
    return null
  if (!response.ok) return refusalOf(response)
  const body = (await response.json().catch(() => null)) as { readonly position?: unknown } | null
  return body === null ? null : { ok: true, position: typeof body.position === 'string' ? body.position : '' }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer)
      wakers.delete(wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    wakers.add(wake)
  })
}
