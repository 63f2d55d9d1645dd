import { type FormEvent, useState } from 'react'
import { Checkbox } from 'react-aria-components'
import type { Channel } from '#core/channel.ts'
import type { OwnPostView } from '#core/view/notice.ts'
import { ask, type Refused } from '../api.ts'
import { useSend, written } from '../form.ts'
import { CommandForm, Dialog, DialogFoot, Field, SelectField, toast } from '../kit/index.ts'
import { useWords } from '../words.ts'
import { entryOf, type Entry } from './entry.ts'

type Props = { readonly of: OwnPostView; readonly onClose: () => void }
const WRITTEN: readonly Channel[] = ['sms', 'voice', 'email']

/** The contacts that are written by hand; browsers and robots stay as they are. */
export function ContactsDialog({ of, onClose }: Props) {
  const { t, code } = useWords()
  const find = (channel: Channel): Entry | undefined => of.contacts.filter((one) => one.channel === channel).map(entryOf)[0]
  const [entries, setEntries] = useState<Readonly<Partial<Record<Channel, Entry>>>>(() =>
    Object.fromEntries(WRITTEN.map((channel) => [channel, find(channel)])),
  )
  const change = (channel: Channel, more: Partial<Entry>): void =>
    setEntries((now) => ({ ...now, [channel]: { channel, address: '', ...now[channel], ...more } }))
  const make = () => {
    const others = of.contacts.filter((one) => !WRITTEN.includes(one.channel)).map(entryOf)
    const made = WRITTEN.flatMap((channel) => {
      const entry = entries[channel]
      const address = written(entry?.address ?? '')?.replaceAll(/[\s()-]/g, '') ?? null
      return entry === undefined || address === null ? [] : [{ ...entry, address }]
    })
    return { type: 'post.set-contacts', contacts: [...others, ...made] }
  }
  return (
    <Dialog title={t('notice.contacts')} isOpen onClose={onClose}>
      <CommandForm room="post" id={of.postId} label={t('notice.save')} onClose={onClose} make={make}>
        <p className="soft">{t('notice.contacts-note')}</p>
        {WRITTEN.map((channel) => (
          <div key={channel} className="contact-field">
            <Field
              label={code('channel', channel)}
              help={t(channel === 'email' ? 'notice.email-help' : 'notice.number-help')}
              type={channel === 'email' ? 'email' : 'tel'}
              value={entries[channel]?.address ?? ''}
              onChange={(address) => change(channel, { address })}
            />
            <Checkbox
              className="notice-check"
              aria-label={t('notice.round-the-clock-of', { channel: code('channel', channel) })}
              isSelected={entries[channel]?.roundTheClock ?? false}
              onChange={(roundTheClock) => change(channel, { roundTheClock })}
            >
              <span className="notice-check-box" aria-hidden />
              {t('notice.round-the-clock')}
            </Checkbox>
          </div>
        ))}
      </CommandForm>
    </Dialog>
  )
}

const SHAPES = ['wecom', 'dingtalk', 'feishu', 'slack', 'generic'] as const
type Shape = (typeof SHAPES)[number]

/** A robot of a group: its address and key go to the node, the contact says only which. */
export function WebhookDialog({ of, onClose }: Props) {
  const { t, code } = useWords()
  const [shape, setShape] = useState<Shape>('wecom')
  const [url, setUrl] = useState('')
  const [secret, setSecret] = useState('')
  const [failed, setFailed] = useState<Refused | null>(null)
  const { busy, refused, send } = useSend()
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy || written(url) === null) return
    const kept = await ask<{ readonly id: string }>('POST', '/api/notices/endpoints', { shape, url: url.trim(), secret: secret.trim() })
    setFailed(kept.ok ? null : kept)
    if (!kept.ok) return
    const others = of.contacts.filter((one) => one.channel !== 'webhook').map(entryOf)
    const answer = await send('post', of.postId, {
      type: 'post.set-contacts',
      contacts: [...others, { channel: 'webhook', address: kept.value.id }],
    })
    if (!answer.ok) return
    toast(t('kit.done'))
    onClose()
  }
  return (
    <Dialog title={t('notice.add-webhook')} isOpen onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <SelectField
          label={t('notice.shape')}
          choices={SHAPES.map((id) => ({ id, label: code('shape', id) }))}
          value={shape}
          onChange={setShape}
        />
        <Field label={t('notice.url')} type="url" isRequired value={url} onChange={setUrl} />
        <Field
          label={t('notice.secret')}
          type="password"
          autoComplete="off"
          help={t('notice.secret-help')}
          value={secret}
          onChange={setSecret}
        />
        <DialogFoot busy={busy} refused={failed ?? refused} label={t('notice.save')} onBack={onClose} />
      </form>
    </Dialog>
  )
}
