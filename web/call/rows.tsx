import { useState } from 'react'
import type { CallRow, TryView } from '#core/view/call.ts'
import { ActionButton, Badge, Button, findAction, Link, LinkButton, OrganizationName } from '../kit/index.ts'
import { Countdown } from '../deadline.tsx'
import { useQuery } from '@tanstack/react-query'
import { usePaths } from '../paths.ts'
import { sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { AnswerDialog, CallDialog } from './dialogs.tsx'

type Asked = { readonly row: CallRow; readonly what: 'answer' | 'call' }
type CallTableProps = { readonly rows: readonly CallRow[]; readonly incidentId: string; readonly chainId: string }

/** One line for each thing that is asked: who, what, until when, what was tried, and the one thing to do now. */
export function CallTable({ rows, incidentId, chainId }: CallTableProps) {
  const { t } = useWords()
  const [asked, setAsked] = useState<Asked | null>(null)
  const close = (): void => setAsked(null)
  const own = useQuery(sessionQuery).data?.post?.organization.id
  const open = rows.filter((row) => row.open)
  const ours = open.filter((row) => row.organization.id === own)
  const theirs = open.filter((row) => row.organization.id !== own)
  const over = rows.filter((row) => !row.open)
  return (
    <>
      {open.length === 0 && <p className="padded call-all-done">{t('call.none-open')}</p>}
      {ours.length > 0 && (
        <>
          <h3 className="call-part">{t('call.ours')}</h3>
          <Rows incidentId={incidentId} label={t('call.ours')} rows={ours} onAsk={setAsked} />
        </>
      )}
      {ours.length > 0 && theirs.length > 0 && <h3 className="call-part">{t('call.theirs')}</h3>}
      {theirs.length > 0 && <Rows incidentId={incidentId} label={t('call.rows')} rows={theirs} onAsk={setAsked} />}
      {over.length > 0 && (
        <details className="call-over">
          <summary>{t('call.over', { count: over.length })}</summary>
          <Rows incidentId={incidentId} label={t('call.over', { count: over.length })} rows={over} onAsk={setAsked} />
        </details>
      )}
      {asked?.what === 'answer' && <AnswerDialog row={asked.row} incidentId={incidentId} chainId={chainId} onClose={close} />}
      {asked?.what === 'call' && <CallDialog row={asked.row} onClose={close} />}
    </>
  )
}

type RowsProps = {
  readonly incidentId: string
  readonly label: string
  readonly rows: readonly CallRow[]
  readonly onAsk: (asked: Asked) => void
}

const Rows = ({ incidentId, label, rows, onAsk }: RowsProps) => (
  <ul className="call-rows" aria-label={label}>
    {rows.map((row) => (
      <li key={row.obligationId} className={row.open ? (row.lapsed ? 'is-late' : '') : 'is-done'}>
        <div className="call-who">
          <OrganizationName of={row.organization} />
          <What row={row} />
        </div>
        <State row={row} />
        <Tries row={row} />
        <Doing
          row={row}
          incidentId={incidentId}
          onAnswer={() => onAsk({ row, what: 'answer' })}
          onCall={() => onAsk({ row, what: 'call' })}
        />
      </li>
    ))}
  </ul>
)

function What({ row }: { readonly row: CallRow }) {
  const { words } = useWords()
  const paths = usePaths()
  return <Link to={paths.obligation(row.obligationId)}>{words(row.act)}</Link>
}

function State({ row }: { readonly row: CallRow }) {
  const { t, code, short, duration } = useWords()
  if (row.discharge !== null)
    return (
      <div className="call-state">
        <Badge>{t('call.done-at', { at: short(row.discharge.at) })}</Badge>
        {row.discharge.late !== null && <span className="is-late">{t('call.done-late', { by: duration(row.discharge.late) })}</span>}
        <span className="soft">{row.discharge.text}</span>
      </div>
    )
  if (!row.open)
    return <div className="call-state soft">{row.releaseReason === null ? t('call.settled') : code('release', row.releaseReason)}</div>
  return (
    <div className="call-state">
      {row.lapsed ? <Badge tone="late">{t('call.silent')}</Badge> : row.acceptedAt !== null ? <Badge>{t('call.accepted')}</Badge> : null}
      <Countdown of={{ owedAt: row.owedAt, dueAt: row.dueAt, lapsed: row.lapsed, dischargedAt: null, lateBy: null, status: 'owed' }} />
      {row.dueAt !== null && <span className="soft">{t('call.until', { at: short(row.dueAt) })}</span>}
    </div>
  )
}

const TRIES_SHOWN = 3

/** What was tried to reach somebody, the newest first, and whom it has climbed to. */
function Tries({ row }: { readonly row: CallRow }) {
  const { t, words, short } = useWords()
  const [all, setAll] = useState(false)
  const newest = row.tries.toReversed()
  const shown = all ? newest : newest.slice(0, TRIES_SHOWN)
  const climbed = row.ladder.filter((rung) => rung.done)
  const next = row.open ? row.ladder.find((rung) => !rung.done) : undefined
  return (
    <ol className="call-tries">
      {climbed.map((rung) => (
        <li key={rung.at} className="is-late">
          {t('call.climbed', { at: short(rung.at), to: words(rung.to.name) })}
        </li>
      ))}
      {next !== undefined && <li className="soft">{t('call.climbs', { at: short(next.at), to: words(next.to.name) })}</li>}
      {shown.map((one, i) => (
        <Try key={`${one.at} ${i}`} of={one} />
      ))}
      {row.open && row.tries.length === 0 && climbed.length === 0 && <li className="soft">{t('call.untried')}</li>}
      {newest.length > shown.length && (
        <li>
          <Button variant="quiet" onPress={() => setAll(true)}>
            {t('call.all-tries', { count: newest.length })}
          </Button>
        </li>
      )}
    </ol>
  )
}

function Try({ of }: { readonly of: TryView }) {
  const { code, words, short } = useWords()
  const way = code(of.how === 'call' ? 'call-way' : 'channel', of.way)
  return (
    <li>
      {short(of.at)} {of.by === null || of.how === 'notice' ? '' : `${words(of.by.name)} `}
      {way} · {code('call-outcome', of.outcome)}
      {of.text === null || of.text === '' ? null : <q>{of.text}</q>}
    </li>
  )
}

type DoingProps = { readonly row: CallRow; readonly incidentId: string; readonly onAnswer: () => void; readonly onCall: () => void }

function Doing({ row, incidentId, onAnswer, onCall }: DoingProps) {
  const { t } = useWords()
  const paths = usePaths()
  const own = useQuery(sessionQuery).data?.post?.organization.id
  if (!row.open) return <div className="call-do" />
  const call = findAction(row.actions, 'obligation.note-call')
  const ours = row.organization.id === own
  return (
    <div className="call-do">
      {ours && row.site !== null && (
        <LinkButton variant="primary" to={`${paths.risk(row.site.id)}?incident=${incidentId}`}>
          {t('call.ask-after')}
        </LinkButton>
      )}
      {ours &&
        row.site === null &&
        (row.stage === 'answer' || row.stage === 'decide' ? (
          <Button variant="primary" onPress={onAnswer}>
            {t(row.stage === 'answer' ? 'call.answer' : 'call.decide')}
          </Button>
        ) : (
          <LinkButton to={paths.obligation(row.obligationId)}>{t('call.deal-with')}</LinkButton>
        ))}
      {!ours && call !== null && <ActionButton action={call} onPress={onCall} />}
    </div>
  )
}
