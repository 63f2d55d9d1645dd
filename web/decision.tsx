import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { DecisionView, StandView } from '#core/view/decision.ts'
import { DecisionBadge } from './conduct/decisions.tsx'
import {
  ActionButton,
  Badge,
  ConfirmDialog,
  CommandForm,
  DataList,
  Dialog,
  Field,
  findAction,
  Link,
  OrganizationName,
  PageHead,
  Panel,
  Read,
  ReasonDialog,
  Table,
} from './kit/index.ts'
import { BasisLink, ObligationRow } from './kit/obligation.tsx'
import { useParam, usePaths, useWorld } from './paths.ts'
import { decisionQuery } from './queries.ts'
import { useWords } from './words.ts'

/** One joint decision: what, by whose authority, how each member stands and why, and what became owed. */
export function DecisionPage() {
  const id = useParam('id')
  const reading = useQuery(decisionQuery(useWorld(), id))
  return (
    <Read of={reading} lines={12}>
      {(decision) => <Decision of={decision} />}
    </Read>
  )
}

type Of = { readonly of: DecisionView }

function Decision({ of }: Of) {
  const { t, code } = useWords()
  const paths = usePaths()
  const { incidentId, incidentTitle } = of
  return (
    <div className="decision-page">
      <PageHead
        title={of.title}
        note={
          <>
            <DecisionBadge status={of.status} /> {code('decision.matter', of.matter)} · {code('decision.path', of.path)} ·{' '}
            <OrganizationName of={of.lead} />
            {incidentId !== null && incidentTitle !== null && (
              <>
                {' '}
                · <Link to={paths.incident(incidentId)}>{incidentTitle}</Link>
              </>
            )}
          </>
        }
        actions={<Actions of={of} />}
      />
      <div className="page-grid">
        <div className="stack">
          <Panel title={t('decision.text')}>
            <p className="padded">{of.text}</p>
          </Panel>
          <Stands of={of} />
          <Items of={of} />
        </div>
        <div className="stack">
          <Facts of={of} />
          {of.changed.length > 0 && (
            <Panel title={t('decision.changed')} note={of.changed.length}>
              <StandTable stands={of.changed} zone={of.zone} />
            </Panel>
          )}
        </div>
      </div>
    </div>
  )
}

const COMMANDS = ['decision.take', 'decision.concur', 'decision.dissent', 'decision.withdraw'] as const
type Asked = (typeof COMMANDS)[number]

function Actions({ of }: Of) {
  const { code, t } = useWords()
  const real = useWorld() === null
  const [asked, setAsked] = useState<Asked | null>(null)
  if (!real || of.status !== 'proposed') return null
  const close = (): void => setAsked(null)
  const common = {
    title: code('command', asked ?? ''),
    isOpen: true,
    onClose: close,
    room: 'decision',
    id: of.id,
    label: t('decision.submit'),
  } as const
  return (
    <>
      {COMMANDS.map((command) => {
        const action = findAction(of.actions, command)
        const variant = command === 'decision.take' && action?.refusal === null ? 'primary' : 'plain'
        return action === null ? null : <ActionButton key={command} action={action} variant={variant} onPress={() => setAsked(command)} />
      })}
      {asked === 'decision.concur' && <ConfirmDialog {...common} command={{ type: asked }} />}
      {asked === 'decision.dissent' && (
        <ReasonDialog {...common} ask={t('decision.reason')} command={(reason) => ({ type: 'decision.dissent', reason })} />
      )}
      {asked === 'decision.withdraw' && (
        <ReasonDialog {...common} ask={t('decision.reason')} command={(reason) => ({ type: 'decision.withdraw', reason })} />
      )}
      {asked === 'decision.take' && <TakeDialog of={of} onClose={close} />}
    </>
  )
}

function TakeDialog({ of, onClose }: Of & { readonly onClose: () => void }) {
  const { t, code } = useWords()
  const [reason, setReason] = useState('')
  const unheard = of.stands.filter((one) => one.stand === 'unheard').length
  const make = () => ({ type: 'decision.take', ...(reason.trim() === '' ? {} : { reason: reason.trim() }) })
  return (
    <Dialog title={code('command', 'decision.take')} isOpen onClose={onClose}>
      <CommandForm room="decision" id={of.id} label={t('decision.submit')} onClose={onClose} make={make}>
        {unheard > 0 && <p>{t('decision.take-unheard', { count: unheard })}</p>}
        <Field label={t('decision.take-reason')} lines={3} autoFocus value={reason} onChange={setReason} maxLength={4000} />
      </CommandForm>
    </Dialog>
  )
}

function Stands({ of }: Of) {
  const { t } = useWords()
  const note = t('decision.counts', { concurring: of.concurring, dissenting: of.dissenting, members: of.members })
  return (
    <Panel title={t('decision.stands')} note={`${note} · ${t(of.inOrder ? 'decision.in-order' : 'decision.at-once')}`}>
      {of.stands.length === 0 ? (
        <p className="padded soft">{t('decision.stands-none')}</p>
      ) : (
        <StandTable stands={of.stands} zone={of.zone} />
      )}
    </Panel>
  )
}

const TONES = { concurs: 'good', dissents: 'late', unheard: 'grey' } as const

function StandTable({ stands, zone }: { readonly stands: readonly StandView[]; readonly zone: string | null }) {
  const { t, code, short } = useWords()
  return (
    <Table
      label={t('decision.stands')}
      rows={stands}
      rowKey={(one) => `${one.organization.id} ${one.at}`}
      columns={[
        { head: t('decision.organization'), cell: (one) => <OrganizationName of={one.organization} /> },
        { head: t('decision.stand'), cell: (one) => <Badge tone={TONES[one.stand]}>{code('decision.stand', one.stand)}</Badge> },
        { head: t('decision.reason'), cell: (one) => one.reason ?? '—' },
        { head: t('decision.at'), cell: (one) => (one.at === null ? '—' : short(one.at, zone ?? undefined)) },
      ]}
    />
  )
}

/** Before it is taken, what will be owed; after, the obligations themselves. */
function Items({ of }: Of) {
  const { t, words, dateTime } = useWords()
  if (of.obligations.length > 0)
    return (
      <Panel title={t('decision.owed')} note={of.obligations.length}>
        <ul>
          {of.obligations.map((one) => (
            <ObligationRow key={one.id} of={one} {...(of.zone === null ? {} : { zone: of.zone })} />
          ))}
        </ul>
      </Panel>
    )
  return (
    <Panel title={t('decision.to-be-owed')} note={of.laidDown.length}>
      <ul className="decision-list">
        {of.laidDown.map((one, index) => (
          <li key={index} className="decision-row">
            <b>{words(one.act)}</b>
            <span className="soft">
              <OrganizationName of={one.debtor} /> · {t('decision.due-at', { at: dateTime(one.dueAt, of.zone ?? undefined) })}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Facts({ of }: Of) {
  const { t, dateTime } = useWords()
  const zone = of.zone ?? undefined
  return (
    <Panel title={t('decision.basis')}>
      <div className="padded">
        <DataList
          rows={[
            [t('decision.basis'), of.basis === null ? t('decision.basis-none') : <BasisLink key="basis" basis={of.basis} dated={false} />],
            [t('decision.lead'), <OrganizationName key="lead" of={of.lead} />],
            [t('decision.proposed-by'), of.proposedBy === null ? null : <OrganizationName key="by" of={of.proposedBy} />],
            [t('decision.proposed-at'), dateTime(of.proposedAt, zone)],
            [
              t(of.status === 'withdrawn' ? 'decision.withdrawn-at' : 'decision.taken-at'),
              of.endedAt === null ? null : dateTime(of.endedAt, zone),
            ],
            [t('decision.taken-reason'), of.reason],
          ]}
        />
      </div>
    </Panel>
  )
}
