import { StartupProblem } from '#server/config.ts'

export const USE_ANOTHER = 'export DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/DATABASE    # any PostgreSQL 15 or newer'

const LOG_LINES_SHOWN = 12

/** Reads an error of the operating system as a problem that the operator can mend; what it does not know it returns unchanged. */
export function asProblem(error: unknown, path: string): unknown {
  if (error instanceof StartupProblem || !(error instanceof Error)) return error
  const code = 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path, error.message)
  if (code === 'EACCES' || code === 'EPERM') return noPermission(path, error.message)
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return new StartupProblem(
      'embedded.not-a-folder',
      `${path} must be a folder for the data, but there is a file in its place.`,
      `mv ${quote(path)} ${quote(`${path}.aside`)}`,
    )
  if (code === 'EROFS')
    return new StartupProblem('embedded.read-only', `${path} is on a read-only file system.`, 'export MUSTER_VAR=/var/lib/muster/data')
  return error
}

export function diskFull(path: string, detail: string): StartupProblem {
  return new StartupProblem(
    'embedded.disk-full',
    `The disk under ${path} is full or nearly so (${detail}). Nothing that was acknowledged is lost.`,
    `df -h ${quote(path)}    # free some space there, or: export MUSTER_VAR=FOLDER-ON-ANOTHER-DISK`,
  )
}

export function noPermission(path: string, detail: string): StartupProblem {
  const user = process.getuid?.() ?? 0
  return new StartupProblem(
    'embedded.permission',
    `Muster may not read or write ${path} (${detail}).`,
    `sudo chown -R ${user}:${process.getgid?.() ?? user} ${quote(path)}    # or start as the user to whom it belongs: ls -ld ${quote(path)}`,
  )
}

/** The problem that the words of initdb or of the server show; `shown` is what it printed since this start. */
export function problemFromOutput(shown: string, path: string): StartupProblem {
  const line = (pattern: RegExp): string | undefined =>
    shown
      .split('\n')
      .findLast((text) => pattern.test(text))
      ?.trim()
  const library = /(?:lib[\w.+-]+\.(?:so|dylib)[\w.]*)(?=: cannot open shared object| \(no such file)|Library not loaded: \S+/.exec(
    shown,
  )?.[0]
  if (library !== undefined || /error while loading shared libraries|version `GLIBC/.test(shown))
    return new StartupProblem(
      'embedded.library-missing',
      `The embedded PostgreSQL needs ${library ?? 'a newer system library'}: ${line(/librar|GLIBC/i) ?? ''}`,
      library === undefined
        ? USE_ANOTHER
        : `apt-get install -y apt-file && apt-file update && apt-file search ${library}    # install what it names`,
    )
  const memory = line(/shared memory.*(?:No space left|Cannot allocate)/)
  if (memory !== undefined)
    return new StartupProblem(
      'embedded.shared-memory',
      `Too little shared memory: ${memory}`,
      'mount -o remount,size=256m /dev/shm    # in a container: --shm-size=256m',
    )
  const full = line(/No space left on device|Disk quota exceeded/)
  if (full !== undefined) return diskFull(path, full)
  const denied = line(/Permission denied|has wrong ownership|invalid permissions/)
  if (denied !== undefined) return noPermission(path, denied)
  if (/could not look up effective user ID/.test(shown))
    return new StartupProblem(
      'embedded.nameless-user',
      'The user that runs Muster has no name on this system, and PostgreSQL refuses such users.',
      'echo "muster:x:$(id -u):$(id -g):Muster:/nonexistent:/usr/sbin/nologin" >> /etc/passwd',
    )
  return new StartupProblem(
    'embedded.start-failed',
    `The embedded PostgreSQL did not start. The end of its log:\n${lastLines(shown)}`,
    USE_ANOTHER,
  )
}

export function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-LOG_LINES_SHOWN).join('\n')
}

/** A path as one word of a shell. */
export const quote = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`)
