/** The peer of `live`: the package ws, sending the same bytes to as many sockets. Nothing is recorded and nobody is asked who may see. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { answerCalls } from './child.ts'
import type { NoteTimes } from './node.ts'

const server = createServer()
const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: true })

async function start(): Promise<{ readonly address: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve))
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** Sends `frame`, with each message's number in place of `bench-note:0;`, at an even pace. */
async function note({
  first,
  count,
  perSecond,
  frame,
}: {
  readonly first: number
  readonly count: number
  readonly perSecond: number
  readonly frame: string
}): Promise<NoteTimes> {
  const given = new Float64Array(count)
  const began = performance.now()
  const send = async (i: number): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, began + (i * 1000) / perSecond - performance.now())))
    given[i] = performance.timeOrigin + performance.now()
    const bytes = Buffer.from(frame.replace(/bench-note:\d+;/, `bench-note:${first + i};`))
    for (const socket of sockets.clients) socket.send(bytes, { binary: false })
  }
  await Promise.all(Array.from({ length: count }, (_, i) => send(i)))
  return { given, acknowledged: given }
}

function cpu(): { readonly node: number; readonly postgres: number } {
  const { user, system } = process.cpuUsage()
  return { node: (user + system) / 1000, postgres: 0 }
}

function memory(): number {
  globalThis.gc?.()
  return process.memoryUsage().rss
}

async function stop(): Promise<void> {
  for (const socket of sockets.clients) socket.terminate()
  await new Promise((resolve) => server.close(resolve))
}

answerCalls({ start, note, cpu, memory, stop })
