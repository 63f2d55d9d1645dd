import { Worker } from 'node:worker_threads'
import { refuse } from '#core/decider.ts'
import type { Table } from '#core/matrix.ts'
import { Refused } from '../room.ts'

export type Sheet = { readonly lang: 'zh-CN' | 'en'; readonly heading: string; readonly none: string; readonly tables: readonly Table[] }
export type Printed = { readonly ok: true; readonly pdf: Uint8Array } | { readonly ok: false; readonly problem: string }

const AT_ONCE_MAX = 2
const PRINT_MAX_MS = 60_000
const CELLS_MAX = 60_000
let printing = 0

/**
 * Printed in a thread of its own, because setting a page takes about a second in which nothing else could be answered.
 * Refuses `server.busy` while two are being set, `matrix.too-large`, and `matrix.cannot-print` where the typesetter does not run.
 */
export async function printPdf(sheet: Sheet): Promise<Buffer> {
  if (printing >= AT_ONCE_MAX) throw new Refused(503, refuse('server.busy'))
  const cells = sheet.tables.reduce((sum, table) => sum + table.head.length * (table.rows.length + 1), 0)
  if (cells > CELLS_MAX) throw new Refused(422, refuse('matrix.too-large', { cells, max: CELLS_MAX }))
  printing++
  try {
    const printed = await setPage(sheet)
    if (!printed.ok) throw new Refused(503, refuse('matrix.cannot-print', { problem: printed.problem }))
    return Buffer.from(printed.pdf)
  } finally {
    printing--
  }
}

function setPage(sheet: Sheet): Promise<Printed> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('typeset.ts', import.meta.url), { workerData: sheet })
    const done = (printed: Printed): void => {
      clearTimeout(timer)
      resolve(printed)
      void worker.terminate()
    }
    const timer = setTimeout(() => done({ ok: false, problem: 'it took too long' }), PRINT_MAX_MS)
    worker.once('message', (printed: Printed) => done(printed))
    worker.once('error', (error) => done({ ok: false, problem: error instanceof Error ? error.message.slice(0, 200) : 'it failed' }))
    worker.once('exit', () => done({ ok: false, problem: 'it ended' }))
  })
}
