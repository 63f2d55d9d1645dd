import { IconCheck, IconClock } from '@tabler/icons-react'
import { useState } from 'react'
import type { Clause } from '#core/instrument.ts'
import type { InstrumentDetail, PartyView, VersionView } from '#core/view/instrument.ts'
import { ActionButton, Badge, CommandForm, Dialog, Field, findAction, Link, OrganizationName, Panel } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { useWords, type WordsApi } from '../words.ts'
import { DatedDialog } from './actions.tsx'

type Of = { readonly of: InstrumentDetail }

/** Who has to sign, who has, and the buttons of the party that the asking post speaks for. */
export function PartiesPanel({ of }: Of) {
  const { t } = useWords()
  const note = of.kind === 'agreement' ? t('instrument.signed-of', { signed: of.signed, parties: of.parties }) : of.parties
  return (
    <Panel title={t('instrument.parties')} note={note}>
      <ul className="parties">
        {of.signatories.map((party) => (
          <PartyItem key={party.key} party={party} of={of} />
        ))}
      </ul>
    </Panel>
  )
}

function PartyItem({ party, of }: Of & { readonly party: PartyView }) {
  const { t, words } = useWords()
  const paths = usePaths()
  const world = useWorld()
  const [asked, setAsked] = useState<'sign' | 'withdraw' | null>(null)
  const sign = findAction(party.actions, 'instrument.sign')
  const withdraw = findAction(party.actions, 'instrument.withdraw')
  const close = (): void => setAsked(null)
  const named = { key: party.key, name: words(party.name) }
  return (
    <li>
      <p>
        <b>{named.name}</b>{' '}
        {of.kind === 'agreement' && (
          <Badge tone={party.signedOn === null ? 'soon' : 'good'}>
            {party.signedOn === null ? t('instrument.party-unsigned') : t('instrument.party-signed', { on: party.signedOn })}
          </Badge>
        )}
        {party.withdrawnOn !== null && <Badge tone="late">{t('instrument.party-left', { on: party.withdrawnOn })}</Badge>}
      </p>
      <p className="soft">
        {party.organization === null ? (
          t('instrument.party-nobody')
        ) : (
          <Link to={`${paths.directory()}#${party.organization.id}`}>
            <OrganizationName of={party.organization} />
          </Link>
        )}
        {party.note !== null && ` · ${party.note}`}
      </p>
      {world === null && of.kind === 'agreement' && (
        <div className="party-actions">
          {sign?.refusal === null && (
            <ActionButton action={sign} label={t('instrument.sign')} variant="primary" onPress={() => setAsked('sign')} />
          )}
          {withdraw?.refusal === null && (
            <ActionButton action={withdraw} label={t('instrument.withdraw')} variant="quiet" onPress={() => setAsked('withdraw')} />
          )}
        </div>
      )}
      {asked === 'sign' && <SignDialog of={of} party={named} onClose={close} />}
      {asked === 'withdraw' && <DatedDialog of={of} command="instrument.withdraw" party={named} onClose={close} />}
    </li>
  )
}

function SignDialog({
  of,
  party,
  onClose,
}: Of & { readonly party: { readonly key: string; readonly name: string }; readonly onClose: () => void }) {
  const { t, words } = useWords()
  const [note, setNote] = useState('')
  const said = note.trim()
  return (
    <Dialog title={t('instrument.sign-title', { party: party.name })} isOpen onClose={onClose}>
      <CommandForm
        room="instrument"
        id={of.id}
        label={t('instrument.sign')}
        onClose={onClose}
        make={() => ({ type: 'instrument.sign', party: party.key, ...(said === '' ? {} : { note: said }) })}
      >
        <p>
          {words(of.title)} · {t('instrument.version', { version: of.version })}
        </p>
        <Field label={t('instrument.sign-note')} value={note} onChange={setNote} maxLength={2000} />
      </CommandForm>
    </Dialog>
  )
}

export function ApprovalsPanel({ of }: Of) {
  const { t, words } = useWords()
  return (
    <Panel title={t('instrument.approvals')} note={of.approvals.length}>
      {of.approvals.length === 0 ? (
        <p className="padded soft">{t('instrument.approvals-none')}</p>
      ) : (
        <ul className="parties">
          {of.approvals.map((one, index) => (
            <li key={index}>
              <p>
                <IconCheck size={15} aria-hidden /> {t('instrument.approved-by', { by: words(one.by), on: one.on })}
              </p>
              <p className="soft">
                {one.version === null ? t('instrument.on-paper') : t('instrument.version', { version: one.version })}
                {one.note !== null && ` · ${one.note}`}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

export function ActivationsPanel({ of }: Of) {
  const { t, dateTime } = useWords()
  const paths = usePaths()
  if (of.kind === 'law' || of.kind === 'regulation') return null
  return (
    <Panel title={t('instrument.activations')} note={of.activations.length}>
      {of.activations.length === 0 ? (
        <p className="padded soft">{t('instrument.activations-none')}</p>
      ) : (
        <ul className="parties">
          {of.activations.map((one) => (
            <li key={`${one.incidentId} ${one.at}`}>
              <Link to={paths.incident(one.incidentId)}>{one.title}</Link>
              <p className="soft">
                <IconClock size={14} aria-hidden /> {t('instrument.activated-since', { at: dateTime(one.at) })} ·{' '}
                {t('instrument.version', { version: one.version })}
                {one.endedAt !== null && ` · ${t('instrument.activation-ended', { at: dateTime(one.endedAt) })}`}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

/** Every version with what it changed, clause by clause. */
export function VersionsPanel({ of }: Of) {
  const { t } = useWords()
  return (
    <Panel title={t('instrument.versions')} note={of.versions.length}>
      <ul className="parties">
        {of.versions.map((one) => (
          <VersionItem key={one.version} of={one} />
        ))}
      </ul>
    </Panel>
  )
}

function VersionItem({ of }: { readonly of: VersionView }) {
  const api = useWords()
  const { t, dateTime } = api
  const { head, added, removed, changed } = of.changes
  const any = head.length + added.length + removed.length + changed.length > 0
  const count = { added: added.length, removed: removed.length, changed: changed.length }
  return (
    <li>
      <p>
        <b>{t('instrument.version', { version: of.version })}</b> <span className="soft">{dateTime(of.at)}</span>
      </p>
      <p className="soft">{any ? t('instrument.changes', count) : t('instrument.version-first')}</p>
      {any && (
        <details className="changes">
          <summary>{t('instrument.show-changes')}</summary>
          {head.length > 0 && <p>{t('instrument.changes-head', { members: membersWords(head, api) })}</p>}
          <ul>
            {added.map((clause) => (
              <Change key={clause.id} clause={clause} mark={t('instrument.change-added')} after={api.words(clause.words)} />
            ))}
            {removed.map((clause) => (
              <Change key={clause.id} clause={clause} mark={t('instrument.change-removed')} before={api.words(clause.words)} />
            ))}
            {changed.map((one) => (
              <Change
                key={one.id}
                clause={one.after}
                mark={t('instrument.change-changed', { members: membersWords(one.members, api) })}
                before={shownMembers(one.before, one.members, api)}
                after={shownMembers(one.after, one.members, api)}
              />
            ))}
          </ul>
        </details>
      )}
    </li>
  )
}

const membersWords = (members: readonly string[], { code, t }: WordsApi): string =>
  members.map((one) => code('instrument.member', one)).join(t('instrument.list'))

/** The members that differ, as they stand in the file; words in the reader's language. */
function shownMembers(clause: Clause, members: readonly string[], { words, duration, code }: WordsApi): string {
  const all = clause as Readonly<Record<string, unknown>>
  return members
    .map((name) => {
      const value = all[name]
      const both = value as { readonly 'zh-CN'?: string; readonly en?: string; readonly within?: string | null } | undefined | null
      if (typeof both?.['zh-CN'] === 'string' && typeof both.en === 'string') return words({ 'zh-CN': both['zh-CN'], en: both.en })
      if (name === 'limit' && both?.within !== undefined) return both.within === null ? '—' : duration(both.within)
      return `${code('instrument.member', name)}: ${value === undefined ? '—' : JSON.stringify(value)}`
    })
    .join('\n')
}

type ChangeProps = { readonly clause: Clause; readonly mark: string; readonly before?: string; readonly after?: string }

function Change({ clause, mark, before, after }: ChangeProps) {
  const { t, words } = useWords()
  return (
    <li>
      <p>
        <b>{words(clause.article)}</b> <span className="soft">{mark}</span>
      </p>
      {before !== undefined && (
        <del>
          <span className="for-readers">{t('instrument.before')}: </span>
          {before}
        </del>
      )}
      {after !== undefined && (
        <ins>
          <span className="for-readers">{t('instrument.after')}: </span>
          {after}
        </ins>
      )}
    </li>
  )
}
