import { useState } from 'react'
import type { Channel } from '#core/channel.ts'
import type { NoticesView, OwnPostView } from '#core/view/notice.ts'
import { useSend } from '../form.ts'
import { ActionButton, Badge, Button, Empty, findAction, Panel, Table, toast } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { useWords } from '../words.ts'
import { entryOf } from './entry.ts'
import { ContactsDialog, WebhookDialog } from './contact-dialogs.tsx'
import { HoursDialog, SubscriptionDialog } from './reading-dialogs.tsx'
import { subscribeBrowser } from './push.ts'

type Props = { readonly of: OwnPostView; readonly view: NoticesView }
/** The own post: how it is reached, when it is left in peace, and what it wants to hear of. */
export function OwnPost({ of, view }: Props) {
  return (
    <div className="page-grid">
      <div className="stack">
        <Contacts of={of} view={view} />
      </div>
      <div className="stack">
        <Hours of={of} />
        <Subscriptions of={of} />
      </div>
    </div>
  )
}

function Contacts({ of, view }: Props) {
  const { t, code, words } = useWords()
  const [editing, setEditing] = useState<'contacts' | 'webhook' | null>(null)
  const real = useWorld() === null
  const { send } = useSend()
  const tell = async (command: { readonly type: string }, done: string): Promise<void> => {
    const answer = await send('post', of.postId, command)
    toast(answer.ok ? done : code('refusal', answer.code, answer.params))
  }
  const isSetUp = (channel: Channel): boolean => view.channels.some((one) => one.channel === channel && one.setUp)
  const takePush = async (): Promise<void> => {
    const outcome = await subscribeBrowser(view.pushKey ?? '')
    if (outcome !== 'done') return toast(outcome === 'denied' ? t('notice.browser-denied') : t('notice.browser-unable'))
    const others = of.contacts.filter((one) => one.channel !== 'push').map(entryOf)
    await tell(
      { type: 'post.set-contacts', contacts: [...others, { channel: 'push', address: 'browsers' }] } as { type: string },
      t('notice.browser-done'),
    )
  }
  const liaison = findAction(of.actions, 'post.set-liaison')
  const edit = findAction(of.actions, 'post.set-contacts')
  return (
    <Panel
      title={t('notice.contacts')}
      note={words(of.title)}
      actions={edit !== null && <ActionButton action={edit} label={t('notice.edit')} onPress={() => setEditing('contacts')} />}
    >
      <p className="padded soft">{t('notice.contacts-note')}</p>
      {of.contacts.length === 0 ? <Empty title={t('notice.contacts-none')} /> : <ContactTable of={of} tell={tell} />}
      <div className="padded notice-buttons">
        {real && isSetUp('push') && <Button onPress={() => void takePush()}>{t('notice.this-browser')}</Button>}
        {real && isSetUp('webhook') && <Button onPress={() => setEditing('webhook')}>{t('notice.add-webhook')}</Button>}
        {liaison !== null && (
          <ActionButton
            action={liaison}
            label={t(of.liaison ? 'notice.unmake-liaison' : 'notice.make-liaison')}
            onPress={() => void tell({ type: 'post.set-liaison', liaison: !of.liaison } as { type: string }, t('kit.done'))}
          />
        )}
      </div>
      {of.liaison && <p className="padded soft">{t('notice.is-liaison')}</p>}
      {editing === 'contacts' && <ContactsDialog of={of} onClose={() => setEditing(null)} />}
      {editing === 'webhook' && <WebhookDialog of={of} onClose={() => setEditing(null)} />}
    </Panel>
  )
}

function ContactTable({
  of,
  tell,
}: {
  readonly of: OwnPostView
  readonly tell: (command: { readonly type: string }, done: string) => Promise<void>
}) {
  const { t, code, short } = useWords()
  const real = useWorld() === null
  const remove = (channel: Channel): { readonly type: string } =>
    ({ type: 'post.set-contacts', contacts: of.contacts.filter((one) => one.channel !== channel).map(entryOf) }) as { type: string }
  return (
    <Table
      label={t('notice.contacts')}
      rows={of.contacts}
      rowKey={(one) => one.channel}
      columns={[
        {
          head: t('notice.address'),
          cell: (one) => (
            <div className="coverage-organization">
              <b>{code('channel', one.channel)}</b>
              <span className="notice-address">{one.channel === 'push' ? '—' : one.shown}</span>
              {one.roundTheClock && <small className="soft">{t('notice.round-the-clock')}</small>}
            </div>
          ),
        },
        {
          head: t('notice.state'),
          cell: (one) => (
            <div className="coverage-cell">
              <Badge tone={one.standing === 'lost' ? 'late' : 'grey'}>{code('standing', one.standing)}</Badge>
              <small className="soft">
                {one.confirmedAt === null ? t('notice.never-confirmed') : t('notice.confirmed', { at: short(one.confirmedAt) })}
              </small>
            </div>
          ),
        },
        {
          head: t('notice.action'),
          cell: (one) =>
            real && (
              <span className="notice-buttons">
                <Button
                  variant="quiet"
                  aria-label={t('notice.confirm-of', { channel: code('channel', one.channel) })}
                  onPress={() => void tell({ type: 'post.confirm-contact', channel: one.channel } as { type: string }, t('kit.done'))}
                >
                  {t('notice.confirm')}
                </Button>
                <Button
                  variant="quiet"
                  aria-label={t('notice.remove-of', { channel: code('channel', one.channel) })}
                  onPress={() => void tell(remove(one.channel), t('kit.done'))}
                >
                  {t('notice.remove')}
                </Button>
              </span>
            ),
        },
      ]}
    />
  )
}

function Hours({ of }: { readonly of: OwnPostView }) {
  const { t } = useWords()
  const [editing, setEditing] = useState(false)
  const edit = findAction(of.actions, 'post.set-contacts')
  const { quiet, language, zone } = of.hours
  return (
    <Panel
      title={t('notice.hours')}
      actions={edit !== null && <ActionButton action={edit} label={t('notice.edit')} onPress={() => setEditing(true)} />}
    >
      <div className="padded stack">
        <p>
          <b>{quiet === null ? t('notice.quiet-none') : t('notice.quiet-range', quiet)}</b> · {zone} ·{' '}
          {language === 'en' ? 'English' : '简体中文'}
        </p>
        <p className="soft">{t('notice.quiet-note')}</p>
      </div>
      {editing && <HoursDialog of={of} onClose={() => setEditing(false)} />}
    </Panel>
  )
}

function Subscriptions({ of }: { readonly of: OwnPostView }) {
  const { t, code } = useWords()
  const { send } = useSend()
  const [editing, setEditing] = useState(false)
  const edit = findAction(of.actions, 'post.set-contacts')
  const end = async (subscription: string): Promise<void> => {
    const answer = await send('post', of.postId, { type: 'post.unsubscribe', subscription })
    if (!answer.ok) toast(code('refusal', answer.code, answer.params))
  }
  return (
    <Panel
      title={t('notice.subscriptions')}
      note={of.subscriptions.length}
      actions={edit !== null && <ActionButton action={edit} label={t('notice.subscribe')} onPress={() => setEditing(true)} />}
    >
      <p className="padded soft">{t('notice.subscriptions-note')}</p>
      {of.subscriptions.length === 0 ? (
        <Empty title={t('notice.subscriptions-none')} />
      ) : (
        <ul className="notice-list">
          {of.subscriptions.map((one) => (
            <li key={one.id} className="notice">
              <ConditionWords of={one.conditions} />
              <Button variant="quiet" onPress={() => void end(one.id)}>
                {t('notice.unsubscribe')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {editing && <SubscriptionDialog of={of} onClose={() => setEditing(false)} />}
    </Panel>
  )
}

function ConditionWords({ of }: { readonly of: OwnPostView['subscriptions'][number]['conditions'] }) {
  const { t, code } = useWords()
  const parts: readonly (readonly [string, string] | null)[] = [
    of.areas === undefined ? null : [t('notice.condition-area'), of.areas.join(' / ')],
    of.hazards === undefined ? null : [t('notice.condition-hazard'), of.hazards.map((one) => code('hazard', one)).join(' / ')],
    of.functions === undefined ? null : [t('notice.condition-function'), of.functions.map((one) => code('function', one)).join(' / ')],
    of.classes === undefined ? null : [t('notice.condition-class'), of.classes.map((one) => code('class', one)).join(' / ')],
    of.level === undefined ? null : [t('notice.condition-level'), code('level', String(of.level))],
  ]
  return (
    <p className="notice-conditions">
      {parts
        .filter((part) => part !== null)
        .map(([name, value]) => (
          <span key={name}>
            <span className="soft">{name}</span> <b>{value}</b>
          </span>
        ))}
    </p>
  )
}
