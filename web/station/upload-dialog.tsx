import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ReadingsAnswer, ReadingsRefused } from '#core/view/station.ts'
import { Button, Dialog, Field, toast } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { keyOf } from '../queries.ts'
import { useWords } from '../words.ts'

const BYTES_MAX = 900_000
const BAD_SHOWN = 100
const TIMEOUT_MS = 30_000

type Bad = { readonly code: string; readonly params: Readonly<Record<string, unknown>>; readonly rows: ReadingsRefused['rows'] }

/** Readings of a file: all go in, or none, and every bad row is named. */
export function UploadDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, code } = useWords()
  const client = useQueryClient()
  const world = useWorld()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [bad, setBad] = useState<Bad | null>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (text.trim() === '' || busy) return
    setBusy(true)
    const answer = await upload(text)
    setBusy(false)
    if ('kept' in answer) {
      toast(t('station.upload-done', { kept: answer.kept, repeated: answer.repeated, impossible: answer.impossible }))
      void client.invalidateQueries({ queryKey: keyOf(world, 'stations') })
      onClose()
    } else setBad(answer)
  }
  return (
    <Dialog title={t('station.upload')} isOpen wide onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <p>{t('station.upload-help')}</p>
        <label className="station-file">
          {t('station.upload-file')}
          <input
            type="file"
            accept=".csv,text/csv,text/plain"
            onChange={(event) => {
              const [file] = event.target.files ?? []
              if (file !== undefined && file.size <= BYTES_MAX) void file.text().then(setText)
            }}
          />
        </label>
        <Field label={t('station.upload-text')} lines={8} value={text} onChange={setText} maxLength={BYTES_MAX} />
        {bad !== null && (
          <div className="refused" role="alert">
            <p>{bad.rows.length > 0 ? t('station.upload-bad', { count: bad.rows.length }) : code('refusal', bad.code, bad.params)}</p>
            <ul className="station-bad">
              {bad.rows.slice(0, BAD_SHOWN).map((one, i) => (
                <li key={i}>{t('station.upload-row', { row: one.row, problem: code('reading.problem', one.problem), said: one.said })}</li>
              ))}
            </ul>
          </div>
        )}
        <footer className="dialog-foot">
          <Button onPress={onClose}>{t('kit.back')}</Button>
          <Button type="submit" variant="primary" className={busy ? 'is-busy' : ''}>
            {t('station.upload-send')}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

async function upload(csv: string): Promise<ReadingsAnswer | Bad> {
  const response = await fetch('/api/readings', {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ csv }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => null)
  if (response === null) return { code: 'network.unreachable', params: {}, rows: [] }
  const body = (await response.json().catch(() => ({ code: `http.${response.status}` }))) as Partial<ReadingsAnswer> & Partial<Bad>
  if (response.ok)
    return { kept: body.kept ?? 0, repeated: body.repeated ?? 0, differing: body.differing ?? 0, impossible: body.impossible ?? 0 }
  return { code: body.code ?? '', params: body.params ?? {}, rows: body.rows ?? [] }
}
