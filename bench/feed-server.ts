/** The public feed as the server serves it, guard included, from a snapshot without a database; or a file of the same bytes by @fastify/static. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import fastify, { type FastifyInstance } from 'fastify'
import { capBytes } from '../fixtures/server/cap.ts'
import { identitiesIn } from '#server/cap.ts'
import { idFrom, systemClock } from '#server/clock.ts'
import { digestOf } from '#server/feed/digest.ts'
import { feedRoutes, type OutParts } from '#server/feed/out.ts'
import type { PublicAlert, Snapshot } from '#server/feed/snapshot.ts'
import { guard } from '#server/guard.ts'
import { publicPage } from '#server/public/page.ts'
import { answerCalls } from './child.ts'

const ALERTS = 50
let app: FastifyInstance
let folder: string | null = null

function alertOf(i: number): PublicAlert {
  const bytes = capBytes({ identifier: `bench-${i}`, headline: `第${i}号暴雨橙色预警` })
  const alert = identitiesIn(bytes)[0]?.alert
  if (alert == null) throw new Error('the fixture is no alert')
  const issuedAt = new Date(systemClock.now() - i * 1000).toISOString()
  const { identifier, sender, sent, msgType } = alert
  const id = idFrom(`bench ${i}`)
  return {
    id,
    identifier,
    sender,
    sent,
    msgType,
    warns: true,
    colour: 'orange',
    hazard: 'rainstorm',
    codes: ['120116'],
    issuedAt,
    expires: null,
    own: true,
    digest: digestOf(alert, bytes.length),
    chain: id,
    twin: null,
    others: [],
  }
}

async function listen(): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 })
}

answerCalls({
  ours() {
    const alerts = Array.from({ length: ALERTS }, (_, i) => alertOf(i))
    const snapshot: Snapshot = { alerts, releases: [], shelters: [], changedAt: systemClock.now(), mark: '', rendered: new Map() }
    const view = { current: () => snapshot }
    app = fastify({ trustProxy: 'loopback' })
    guard(app, {
      config: { mode: 'operation', host: '127.0.0.1', origin: 'https://muster.example.org' },
      clock: systemClock,
      sessions: { counted: async () => '' },
    })
    const world = { alertKey: null, clock: systemClock } as unknown as OutParts['world']
    feedRoutes(app, { world, view, origin: 'https://muster.example.org', node: 'muster.example.org' })
    publicPage(app, { view, origin: 'https://muster.example.org' })
    return listen()
  },
  /** `files`: name to text. */
  async peer({ files }: { readonly files: Readonly<Record<string, string>> }) {
    folder = mkdtempSync(join(tmpdir(), 'muster-static-'))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    app = fastify()
    await app.register(fastifyStatic, { root: folder })
    return listen()
  },
  async stop() {
    await app.close()
    if (folder !== null) rmSync(folder, { recursive: true, force: true })
  },
})
