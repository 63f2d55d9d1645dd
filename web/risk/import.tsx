import { type FormEvent, useState } from 'react'
import { CSV_COLUMNS, CSV_REQUIRED } from '#core/risk/csv.ts'
import type { RiskImportView } from '#core/view/risk.ts'
import { ask, type Refused } from '../api.ts'
import { Dialog, DialogFoot, Table } from '../kit/index.ts'
import { queryClient, keyOf } from '../queries.ts'
import { useWords } from '../words.ts'

/** A whole register from a file: all of it, or the lines that are wrong. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords()
  const [file, setFile] = useState<File | null>(null)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [done, setDone] = useState<RiskImportView | null>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (file === null || busy) return
    setBusy(true)
    setRefused(null)
    const answer = await ask<RiskImportView>('POST', '/api/risks/import', { csv: await file.text() })
    setBusy(false)
    if (!answer.ok) return setRefused(answer)
    setDone(answer.value)
    if (answer.value.registered > 0) void queryClient.invalidateQueries({ queryKey: keyOf(null, 'risks') })
  }
  return (
    <Dialog title={t('risk.import')} isOpen onClose={onClose} wide>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <p className="soft">{t('risk.import-note')}</p>
        <label className="field">
          <span>{t('risk.import-file')}</span>
          <input type="file" accept=".csv,text/csv" onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
        </label>
        <p className="soft">
          {t('risk.import-columns')} <code>{CSV_REQUIRED.join(', ')}</code>
          <br />
          <code>{CSV_COLUMNS.filter((name) => !CSV_REQUIRED.includes(name)).join(', ')}</code>
        </p>
        {done !== null && <Outcome of={done} />}
        <DialogFoot busy={busy} refused={refused} label={t('risk.import')} onBack={onClose} />
      </form>
    </Dialog>
  )
}

function Outcome({ of }: { readonly of: RiskImportView }) {
  const { t, code } = useWords()
  if (of.problems.length === 0) return <p role="status">{t('risk.import-done', { count: of.registered, same: of.unchanged })}</p>
  return (
    <div role="alert">
      <p className="late-words">{t('risk.import-wrong', { count: of.problems.length })}</p>
      <Table
        label={t('risk.import-wrong', { count: of.problems.length })}
        rows={of.problems}
        rowKey={(one) => `${one.line} ${one.column ?? ''} ${one.problem} ${one.value}`}
        columns={[
          { head: t('risk.import-line'), cell: (one) => one.line },
          { head: t('risk.import-column'), cell: (one) => one.column ?? '—' },
          { head: t('risk.import-problem'), cell: (one) => code('risk.import', one.problem) },
          { head: t('risk.import-value'), cell: (one) => (one.problem === 'refused' ? code('refusal', one.value) : one.value) },
        ]}
      />
    </div>
  )
}
