import { type FormEvent, useState } from 'react'
import type { FeedEffect, FeedSourceView } from '#core/view/feed.ts'
import type { ActionView } from '#core/view.ts'
import { ask, type Refused } from '../api.ts'
import { written } from '../form.ts'
import { Button, DataList, Dialog, DialogFoot, Field, SelectField, toast } from '../kit/index.ts'
import { useWords } from '../words.ts'

const EFFECTS: readonly FeedEffect[] = ['show', 'signed', 'act']
const addressOf = (id: string): string => `/api/feeds/${encodeURIComponent(id)}`

/** What is asked of a source, its answer kept until the dialog closes. */
function useAsk<T>(): {
  readonly busy: boolean
  readonly refused: Refused | null
  readonly go: (id: string, body: unknown) => Promise<T | null>
} {
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  return {
    busy,
    refused,
    async go(id, body) {
      setBusy(true)
      const answer = await ask<T>('POST', addressOf(id), body)
      setBusy(false)
      setRefused(answer.ok ? null : answer)
      return answer.ok ? answer.value : null
    },
  }
}

/** A new source, or other terms for one. */
export function SourceDialog({
  of,
  believe,
  onClose,
}: {
  readonly of: FeedSourceView | null
  readonly believe: ActionView
  readonly onClose: () => void
}) {
  const { t } = useWords()
  const { busy, refused, go } = useAsk<unknown>()
  const [id, setId] = useState(of?.id ?? '')
  const [name, setName] = useState(of?.name ?? '')
  const [url, setUrl] = useState(of?.url ?? '')
  const [effect, setEffect] = useState<FeedEffect>(of?.effect ?? 'show')
  const [trust, setTrust] = useState(of?.trust ?? '')
  const [every, setEvery] = useState(String(of?.everySeconds ?? 60))
  const [promise, setPromise] = useState(String((of?.promiseSeconds ?? 1800) / 60))
  const choices = EFFECTS.filter((one) => one === 'show' || one === of?.effect || believe.refusal === null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy || written(id) === null) return
    const source = {
      name: name.trim(),
      url: written(url),
      effect,
      trust: effect === 'show' ? null : written(trust),
      everySeconds: Number(every),
      promiseSeconds: Math.round(Number(promise) * 60),
    }
    if ((await go(id.trim(), { type: 'put', source })) === null) return
    toast(t('kit.done'))
    onClose()
  }
  return (
    <Dialog title={of === null ? t('feed.add') : t('feed.change-of', { name: of.name })} isOpen onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Field label={t('feed.name')} isRequired value={name} onChange={setName} maxLength={200} />
        {of === null && <Field label={t('feed.id')} help={t('feed.id-help')} isRequired value={id} onChange={setId} maxLength={64} />}
        <Field label={t('feed.url')} help={t('feed.url-help')} type="url" value={url} onChange={setUrl} maxLength={2000} />
        <SelectField
          label={t('feed.effect')}
          choices={choices.map((one) => ({ id: one, label: t(`feed.effect.${one}`) }))}
          value={effect}
          onChange={setEffect}
        />
        {effect !== 'show' && (
          <Field
            label={t('feed.trust')}
            help={t('feed.trust-help')}
            lines={5}
            isRequired={effect === 'signed'}
            value={trust}
            onChange={setTrust}
          />
        )}
        {written(url) !== null && (
          <Field label={t('feed.every')} help={t('feed.every-help')} type="number" isRequired value={every} onChange={setEvery} />
        )}
        <Field label={t('feed.promise')} type="number" isRequired value={promise} onChange={setPromise} />
        <DialogFoot busy={busy} refused={refused} label={t('feed.save')} onBack={onClose} />
      </form>
    </Dialog>
  )
}

/** A new key to push with; shown once. */
export function KeyDialog({ of, onClose }: { readonly of: FeedSourceView; readonly onClose: () => void }) {
  const { t } = useWords()
  const { busy, refused, go } = useAsk<{ readonly key: string | null }>()
  const [key, setKey] = useState<string | null>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    const answer = await go(of.id, { type: 'new-key' })
    if (answer?.key != null) setKey(answer.key)
  }
  return (
    <Dialog title={t('feed.key-of', { name: of.name })} isOpen onClose={onClose}>
      {key === null ? (
        <form className="form" onSubmit={(event) => void submit(event)}>
          <p className="soft">{t('feed.key-ask')}</p>
          <DialogFoot busy={busy} refused={refused} label={t('feed.new-key')} onBack={onClose} />
        </form>
      ) : (
        <div className="form">
          <p>{t('feed.key-note')}</p>
          <DataList
            rows={[
              [t('feed.key'), <code key="key">{key}</code>],
              [t('feed.push-address'), <code key="address">{`${location.origin}${addressOf(of.id)}/push`}</code>],
            ]}
          />
          <footer className="dialog-foot">
            <Button variant="primary" onPress={onClose}>
              {t('kit.close')}
            </Button>
          </footer>
        </div>
      )}
    </Dialog>
  )
}

export function RemoveDialog({ of, onClose }: { readonly of: FeedSourceView; readonly onClose: () => void }) {
  const { t } = useWords()
  const { busy, refused, go } = useAsk<unknown>()
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!busy && (await go(of.id, { type: 'remove' })) !== null) onClose()
  }
  return (
    <Dialog title={t('feed.remove-of', { name: of.name })} isOpen onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <p>{t('feed.remove-note')}</p>
        <DialogFoot busy={busy} refused={refused} label={t('feed.remove')} onBack={onClose} />
      </form>
    </Dialog>
  )
}
