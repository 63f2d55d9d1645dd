// Makes sure that a Chromium and Chinese fonts are there for the browser journeys.
// Plain JavaScript for Node 20. Never fails: without a browser the journeys say that they were skipped, and why.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { env, getuid, platform, stdout } from 'node:process'

const INSTALL_MAX_MS = 600_000
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const say = (line) => stdout.write(`muster: ${line}\n`)

/** The path of a program of this name on PATH or in /usr/bin, or undefined. */
function findProgram(name) {
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

function findBrowser() {
  if (env.MUSTER_CHROMIUM) return existsSync(env.MUSTER_CHROMIUM) ? env.MUSTER_CHROMIUM : undefined
  return BROWSERS.map(findProgram).find((path) => path !== undefined)
}

/** True when fontconfig knows a Chinese font; without one every Chinese word is drawn as empty boxes. */
function hasChineseFont() {
  try {
    return execFileSync('fc-list', [':lang=zh'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() !== ''
  } catch {
    return false
  }
}

/** Runs apt-get without questions. Returns undefined when it worked, else the last line that it said. */
function aptGet(args) {
  const run = spawnSync('apt-get', ['-q', ...args], {
    encoding: 'utf8',
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: INSTALL_MAX_MS,
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (run.status === 0) return undefined
  return `${run.stderr ?? ''}${run.error?.message ?? ''}`.trim().split('\n').at(-1) || `apt-get ended with ${run.status ?? run.signal}`
}

function missingPackages() {
  const packages = []
  if (findBrowser() === undefined) packages.push('chromium')
  if (!hasChineseFont()) packages.push('fonts-noto-cjk')
  // fc-list, which the check above needs, and the emoji font come along with the first installation.
  return packages.length === 0 ? [] : [...packages, 'fonts-noto-color-emoji', 'fontconfig']
}

function main() {
  if (env.MUSTER_CHROMIUM && !existsSync(env.MUSTER_CHROMIUM)) {
    say(`MUSTER_CHROMIUM names ${env.MUSTER_CHROMIUM}, which is not there. Unset it, or let it name a Chromium.`)
    return
  }
  if (platform !== 'linux' && findBrowser() !== undefined) return
  const packages = missingPackages()
  if (packages.length === 0) return
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`
  if (platform !== 'linux' || findProgram('apt-get') === undefined) {
    say('No Chromium with Chinese fonts was found: install one and set MUSTER_CHROMIUM to its path, or the browser journeys are skipped.')
    return
  }
  if (getuid?.() !== 0) {
    say(`The browser journeys need ${packages[0]}. Run as root: ${command}`)
    return
  }
  say(`Installing ${packages.join(', ')} for the browser journeys.`)
  const problem = aptGet(['update']) ?? aptGet(['install', '-y', '--no-install-recommends', ...packages])
  if (problem !== undefined) say(`Could not install ${packages.join(', ')} (${problem}). Run: ${command}`)
}

main()
