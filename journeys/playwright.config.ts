import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'

const root = join(import.meta.dirname, '..')
const port = Number(process.env['JOURNEYS_PORT'] ?? 8094)
const varDir = join(root, 'var', 'journeys')
// A journey begins on a fresh demonstration: the main process clears it once, before the server starts.
if (process.env['TEST_WORKER_INDEX'] === undefined) rmSync(varDir, { recursive: true, force: true })

const chromium = [process.env['MUSTER_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && path !== '' && existsSync(path),
)
const QUIET = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export default defineConfig({
  testDir: '.',
  testMatch: '*.journey.ts',
  outputDir: join(root, 'test-results'),
  // Two at a time: the journeys one after another, and beside them the looks at every page, which touch none of what those act on.
  workers: 2,
  fullyParallel: false,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    trace: 'retain-on-failure',
    launchOptions: { ...(chromium === undefined ? {} : { executablePath: chromium }), args: [...QUIET, '--disable-3d-apis'] },
  },
  projects: [
    { name: 'journeys', testIgnore: ['map.journey.ts', 'pages.journey.ts'], workers: 1 },
    { name: 'pages', testMatch: 'pages.journey.ts', fullyParallel: true, workers: 2 },
    {
      name: 'map',
      testMatch: 'map.journey.ts',
      workers: 1,
      use: {
        launchOptions: {
          ...(chromium === undefined ? {} : { executablePath: chromium }),
          args: [...QUIET, '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
        },
      },
    },
  ],
  webServer: {
    command: `"${process.execPath}" server/cli.ts start`,
    cwd: root,
    url: `http://127.0.0.1:${port}/api/health`,
    env: {
      ...(process.env as Record<string, string>),
      PORT: String(port),
      MUSTER_VAR: varDir,
      MUSTER_LOG: 'error',
      MUSTER_MODE: 'demonstration',
      DATABASE_URL: '',
    },
    timeout: 120_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
    reuseExistingServer: false,
  },
})
