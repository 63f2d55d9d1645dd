/** Processes of a bench: what is measured, its peer and who asks run apart, and are told what to do by messages. */
import { fork } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const STOP_MAX_MS = 30_000

export type Child = {
  readonly pid: number
  /** Has the process do one of its calls. Its bug is thrown here. */
  call<T>(name: string, args?: object): Promise<T>
  stop(): Promise<void>
}

type Asked = { readonly id: number; readonly name: string; readonly args: unknown }
type Answered = { readonly id: number; readonly value?: unknown; readonly bug?: string }

/** Starts `file`, a script beside this one that ends with `answerCalls`. */
export function startChild(file: string, environment: Readonly<Record<string, string>> = {}): Child {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    env: { ...process.env, ...environment },
    serialization: 'advanced',
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  const waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>()
  let asked = 0
  child.on('message', (message) => {
    const { id, value, bug } = message as Answered
    const one = waiting.get(id)
    waiting.delete(id)
    if (bug === undefined) one?.resolve(value)
    else one?.reject(new Error(`${file}: ${bug}`))
  })
  const ended = new Promise<void>((resolve) =>
    child.once('exit', (code, signal) => {
      for (const one of waiting.values()) one.reject(new Error(`${file} ended (${signal ?? code})`))
      waiting.clear()
      resolve()
    }),
  )
  const call = (name: string, args: object = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (!child.connected) return reject(new Error(`${file} has ended`))
      const id = ++asked
      waiting.set(id, { resolve, reject })
      child.send({ id, name, args } satisfies Asked)
    })
  return {
    pid: child.pid ?? 0,
    call: <T>(name: string, args?: object) => call(name, args) as Promise<T>,
    async stop() {
      if (child.connected) await call('stop').catch(() => undefined)
      if (child.connected) child.disconnect()
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS)
      await ended
      clearTimeout(force)
    },
  }
}

/** The other side: answers each call by name. `stop` is called last; the process ends with its parent. */
export function answerCalls(calls: Readonly<Record<string, (args: never) => unknown>>): void {
  process.on('message', (message) => {
    const { id, name, args } = message as Asked
    const run = async (): Promise<Answered> => {
      try {
        const called = calls[name]
        if (called === undefined && name !== 'stop') throw new Error(`no such call: ${name}`)
        return { id, value: await called?.(args as never) }
      } catch (error) {
        return { id, bug: error instanceof Error ? (error.stack ?? error.message) : String(error) }
      }
    }
    void run().then((answered) => process.send?.(answered))
  })
  process.on('disconnect', () => {
    const stopping = Promise.resolve(calls['stop']?.({} as never)).catch(() => undefined)
    void stopping.then(() => process.exit(0))
  })
  // Ctrl-C reaches the parent too, which then stops its children in order.
  process.on('SIGINT', () => undefined)
}

/** A folder of its own for the bench's data, gone with it. The database may run as another user, who must be able to enter. */
export async function withScratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  chmodSync(folder, 0o711)
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
