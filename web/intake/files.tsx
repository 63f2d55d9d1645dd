import { type ChangeEvent, useId, useState } from 'react'
import type { ImportView } from '#core/view/intake.ts'
import { Panel } from '../kit/index.ts'
import { useWords } from '../words.ts'

/** Thousands of rows take their time, and a file that is given again is taken once. */
const IMPORT_TIMEOUT_MS = 300_000

type Refusal = { readonly code: string; readonly params: Readonly<Record<string, unknown>> }
type Outcome = ImportView | Refusal | 'busy'

async function give(csv: string): Promise<Outcome> {
  const response = await fetch('/api/intakes/import', {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ csv }),
    signal: AbortSignal.timeout(IMPORT_TIMEOUT_MS),
  }).catch(() => null)
  const said = response === null ? null : ((await response.json().catch(() => null)) as Outcome | null)
  return said ?? { code: 'network.unreachable', params: {} }
}

/** The text of a file: UTF-8, or as spreadsheets in Chinese save it. */
async function textOf(file: File): Promise<string> {
  const bytes = await file.arrayBuffer()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

export function Files() {
  const { t } = useWords()
  const id = useId()
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const choose = async ({ currentTarget }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const [file] = currentTarget.files ?? []
    if (file === undefined) return
    setOutcome('busy')
    const answer = await give(await textOf(file))
    currentTarget.value = ''
    setOutcome(answer)
  }
  return (
    <Panel title={t('intake.files')} folded>
      <div className="padded intake-files">
        <p>
          <label htmlFor={id}>{t('intake.import')}</label>
          <input id={id} type="file" accept=".csv,text/csv" aria-describedby={`${id}-help`} onChange={(event) => void choose(event)} />
        </p>
        <p id={`${id}-help`} className="soft">
          {t('intake.import-help')}
        </p>
        <div role="status">{outcome !== null && <Result of={outcome} />}</div>
        <p className="intake-files-out">
          <a className="button is-plain" href="/api/intakes/export?format=csv" download>
            {t('intake.export-csv')}
          </a>
          <a className="button is-plain" href="/api/intakes/export?format=json" download>
            {t('intake.export-json')}
          </a>
        </p>
      </div>
    </Panel>
  )
}

function Result({ of }: { readonly of: Outcome }) {
  const { t, code } = useWords()
  if (of === 'busy') return <p>{t('kit.sending')}</p>
  if ('code' in of) return <p className="refused">{t('kit.not-allowed', { reason: code('refusal', of.code, of.params) })}</p>
  if (of.ok) return <p>{t('intake.import-done', { rows: of.rows, taken: of.taken, known: of.known })}</p>
  return (
    <div className="refused">
      <p>{t('intake.import-wrong')}</p>
      <ul>
        {of.problems.map((one, i) => (
          <li key={i}>{t('intake.import-line', { line: one.line, column: one.column, problem: code('intake.problem', one.problem) })}</li>
        ))}
      </ul>
      {of.more > 0 && <p>{t('intake.import-more', { count: of.more })}</p>}
    </div>
  )
}
