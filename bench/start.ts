/** Seconds from `npm start`, everything installed, to the first page served: with data of an earlier start, and with none. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectRoot } from '#server/config.ts'
import { withScratch } from './child.ts'
import { lineOf, load, MACHINE, median, round, versionOf, type Report } from './measure.ts'

const ROUNDS = 5
const TARGET_SECONDS = 5
const READY_MAX_MS = 60_000
const STOP_MAX_MS = 30_000
const POLL_MS = 10

type Timed = { readonly page: number; readonly session: number; readonly stop: number; readonly page503: boolean }

export async function start({ line, say }: Report): Promise<void> {
  const taken: Record<'absent' | 'present', Timed[]> = { absent: [], present: [] }
  const loadBefore = load()
  for (let at = 0; at <= ROUNDS; at++) {
    say(`start: ${at === 0 ? 'warm-up' : `round ${at} of ${ROUNDS}`}, load ${load()}`)
    await withScratch(async (folder) => {
      for (const data of ['absent', 'present'] as const) {
        const timed = await once(`${folder}/var`)
        if (at > 0) taken[data].push(timed)
      }
    })
  }
  for (const data of ['absent', 'present'] as const) {
    const all = taken[data]
    line(
      lineOf({
        name: `start.data-${data}`,
        unit: 's',
        better: 'less',
        ours: all.map((one) => Math.max(one.page, one.session)),
        peer: [],
        target: { of: 'ours', value: TARGET_SECONDS },
        loadBefore,
        notes: {
          what:
            data === 'absent'
              ? 'npm start with no data: makes the database, migrates, loads the demonstration jurisdiction, serves'
              : 'npm start with the data of an earlier start that was stopped in order',
          until: 'GET / answers with the page and GET /api/session answers 200, asked every 10 ms from the moment npm was started',
          pageSeconds: round(median(all.map((one) => one.page))),
          sessionSeconds: round(median(all.map((one) => one.session))),
          stopSeconds: round(median(all.map((one) => one.stop))),
          pagesBuilt: !all.some((one) => one.page503),
          versions: { ...MACHINE, npm: versionOf('npm') },
        },
      }),
    )
  }
}

/** Starts as a person would, waits for both answers, stops as Ctrl-C would. Times in seconds. */
async function once(varDir: string): Promise<Timed> {
  const port = await freePort()
  const began = performance.now()
  const since = (): number => (performance.now() - began) / 1000
  const npm = spawn('npm', ['start', '--silent'], {
    cwd: projectRoot,
    env: { ...process.env, PORT: String(port), MUSTER_VAR: varDir, DATABASE_URL: '', MUSTER_LOG: 'error' },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true, // a group of its own, so that it can be stopped whole
  })
  let said = ''
  npm.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-4000)))
  try {
    const answered = async (path: string): Promise<{ readonly at: number; readonly status: number }> => {
      while (since() * 1000 < READY_MAX_MS && npm.exitCode === null) {
        const status = await fetch(`http://127.0.0.1:${port}${path}`).then(
          async (answer) => (await answer.arrayBuffer(), answer.status),
          () => 0,
        )
        // Where the pages are not built (503) the server serves nonetheless; the notes tell.
        if (status === 200 || status === 503) return { at: since(), status }
        await sleep(POLL_MS)
      }
      throw new Error(`npm start did not serve ${path}:\n${said}`)
    }
    const [page, session] = await Promise.all([answered('/'), answered('/api/session')])
    const stopping = performance.now()
    await stop(npm)
    return { page: page.at, session: session.at, stop: (performance.now() - stopping) / 1000, page503: page.status === 503 }
  } finally {
    await stop(npm)
  }
}

async function stop(npm: ChildProcess): Promise<void> {
  const { pid } = npm
  if (pid === undefined || npm.exitCode !== null || npm.signalCode !== null) return
  const ended = new Promise((resolve) => npm.once('exit', resolve))
  process.kill(-pid, 'SIGINT')
  const force = setTimeout(() => process.kill(-pid, 'SIGKILL'), STOP_MAX_MS)
  await ended
  clearTimeout(force)
  await groupGone(pid)
}

/** npm may end before the server that it started. */
async function groupGone(pid: number): Promise<void> {
  for (const began = performance.now(); performance.now() - began < STOP_MAX_MS; await sleep(POLL_MS)) {
    try {
      process.kill(-pid, 0)
    } catch {
      return
    }
  }
  throw new Error('npm start did not stop')
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
