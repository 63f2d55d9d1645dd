/** Public reads a second of the feed and the page, beside the same bytes as a plain file by Fastify and @fastify/static. */
import { startChild } from './child.ts'
import { lineOf, load, MACHINE, type Report } from './measure.ts'
import { Connection } from './requests.ts'

const ROUNDS = 7
const CLIENTS = 64
const SLICE_MS = 1200
const IDEAL_PER_SECOND = 30_000

export async function feed({ line, say }: Report): Promise<void> {
  const [ours, peer] = [startChild('./feed-server.ts'), startChild('./feed-server.ts')]
  try {
    const address = await ours.call<string>('ours')
    const paths = ['/public/alerts.atom', '/public']
    const texts = await Promise.all(
      paths.map(async (path) => (await fetch(address + path, { headers: { 'accept-encoding': 'identity' } })).text()),
    )
    const files = Object.fromEntries(texts.map((text, i) => [`${i}.${i === 0 ? 'xml' : 'html'}`, text]))
    const beside = await peer.call<string>('peer', { files })
    const tagOf = async (url: string): Promise<string> =>
      (await fetch(url, { headers: { 'accept-encoding': 'identity' } })).headers.get('etag') ?? ''
    for (const [name, path, file, conditional] of [
      ['feed.atom', '/public/alerts.atom', '/0.xml', false],
      ['feed.atom.304', '/public/alerts.atom', '/0.xml', true],
      ['feed.page', '/public', '/1.html', false],
    ] as const) {
      const loadBefore = load()
      const sides = [
        [address, path],
        [beside, file],
      ] as const
      const requests = await Promise.all(
        sides.map(
          async ([at, what]) =>
            `GET ${what} HTTP/1.1\r\nHost: 127.0.0.1\r\n${conditional ? `If-None-Match: ${await tagOf(at + what)}\r\n` : ''}\r\n`,
        ),
      )
      const rates: [number[], number[]] = [[], []]
      for (let round = 0; round <= ROUNDS; round++)
        for (const side of [0, 1] as const) {
          const rate = await slice(sides[side][0], requests[side] ?? '', conditional ? 304 : 200)
          if (round > 0) rates[side].push(rate)
        }
      const bytes = texts[path === '/public' ? 1 : 0]?.length ?? 0
      line(
        lineOf({
          name,
          unit: 'reads/s',
          better: 'more',
          ours: rates[0],
          peer: rates[1],
          loadBefore,
          target: { of: 'ratio', value: 1 },
          notes: {
            clients: CLIENTS,
            characters: bytes,
            alerts: 50,
            ideal: IDEAL_PER_SECOND,
            peer: 'fastify and @fastify/static, a file of the same bytes',
            versions: MACHINE,
          },
        }),
      )
    }
  } finally {
    say('feed: stopping')
    await Promise.all([ours.stop(), peer.stop()])
  }
}

/** Reads a second by clients that ask again as soon as they were answered. */
async function slice(address: string, request: string, status: number): Promise<number> {
  const all = await Connection.openMany(new URL(address), CLIENTS)
  const end = performance.now() + SLICE_MS
  const began = performance.now()
  const counts = await Promise.all(
    all.map(async (one) => {
      let count = 0
      for (; performance.now() < end; count++) {
        const answer = await one.ask(request)
        if (answer.status !== status) throw new Error(`${request.slice(0, 60)}: ${answer.status}`)
      }
      return count
    }),
  )
  const seconds = (performance.now() - began) / 1000
  for (const one of all) one.close()
  return counts.reduce((sum, count) => sum + count, 0) / seconds
}
