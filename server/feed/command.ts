/** `bin/muster alert receive`: files in, as if the source had pushed them: by its terms, taken whole and sound or refused with the reason. */
import { readFile } from 'node:fs/promises'
import { CAP_BOUNDS } from '#core/cap.ts'
import type { FeedReader } from './poll.ts'
import type { Sources } from './source.ts'

export type ReceiveCommand = {
  readonly files: readonly string[]
  /** A source of warnings by its id or its name. */
  readonly source: string
  readonly sources: Sources
  readonly reader: Pick<FeedReader, 'push'>
  readonly out: (text: string) => void
}

/** One line a file; a bad one does not stop the others. Exit 0; 1: something was refused; 2: there is no such source, or it is paused. */
export async function receiveCommand({ files, source: wanted, sources, reader, out }: ReceiveCommand): Promise<number> {
  const all = await sources.all()
  const source = all.find(({ id }) => id === wanted) ?? all.find(({ name }) => name === wanted)
  if (source === undefined || source.paused) {
    const known = all.filter(({ paused }) => !paused).map(({ id, name }) => `${id} (${name})`)
    out(`--source ${wanted}: ${source === undefined ? 'there is none of that name' : 'is paused'}; sources: ${known.join(', ') || '—'}`)
    return 2
  }
  let found = false
  for (const file of files) {
    const bytes = await readFile(file).catch((error: unknown) => error as Error)
    if (bytes instanceof Error || bytes.length > CAP_BOUNDS.bytes) {
      found = true
      out(`${file}: refused ${bytes instanceof Error ? `unreadable ${bytes.message}` : 'cap.too-large'}`)
      continue
    }
    const { tally, refused } = await reader.push(source, bytes)
    found ||= refused.length > 0
    out(
      [
        `${file}:`,
        ...refused.map(({ code, detail }) => `refused ${code} ${detail}`.trim()),
        `${tally.fresh} new, ${tally.known} known`,
      ].join(' '),
    )
  }
  return found ? 1 : 0
}
