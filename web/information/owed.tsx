import { useState } from 'react'
import type { InformationPair, OwedInformation, OwedInformationView, WaitingReceipt } from '#core/view/information.ts'
import { useNow } from '../clock.ts'
import { Gauge, Gauges } from '../kit/gauge.tsx'
import { Badge, Button, Chips, ConfirmDialog, Empty, Link, OrganizationName, Panel, Table, type Tone } from '../kit/index.ts'
import { BasisLink, ObligationActions } from '../kit/obligation.tsx'
import { usePaths, useWorld } from '../paths.ts'
import { useWords } from '../words.ts'
import { percent, questionText } from './parts.tsx'

/** Who owes which information to whom by when; how punctual each pair is; whose receipt is missing. */
export function OwedBoard({ view }: { readonly view: OwedInformationView }) {
  const { t } = useWords()
  return (
    <>
      <Measures view={view} />
      <Receipts view={view} />
      <Panel title={t('information.owed')} note={view.owed.length}>
        {view.owed.length === 0 ? (
          <Empty title={t('information.owed-none')} help={t('information.owed-none-help')} />
        ) : (
          <OwedList owed={view.owed} />
        )}
      </Panel>
      {view.pairs.length > 0 && (
        <Panel title={t('information.pairs')} note={t('information.pairs-note', { target: percent(view.target) })}>
          <Pairs view={view} />
        </Panel>
      )}
    </>
  )
}

function Measures({ view }: { readonly view: OwedInformationView }) {
  const { t } = useWords()
  const { grave, all, receipts, target, owed } = view
  const lapsed = owed.filter((one) => one.state === 'lapsed').length
  const open = owed.filter((one) => one.state === 'open').length
  const judged = ({ judged: count, onTime }: OwedInformationView['all']): string =>
    count === 0 ? t('information.gauge.none-judged') : t('information.gauge.judged', { onTime, judged: count })
  const waiting = receipts.delivered - receipts.receipted
  return (
    <Gauges>
      <Gauge
        name={t('information.gauge.grave', { target: percent(target) })}
        value={percent(grave.share)}
        note={judged(grave)}
        wrong={grave.share !== null && grave.share < target}
      />
      <Gauge name={t('information.gauge.all')} value={percent(all.share)} note={judged(all)} />
      <Gauge
        name={t('information.gauge.lapsed')}
        value={String(lapsed)}
        note={t('information.gauge.open', { count: open })}
        wrong={lapsed > 0}
      />
      <Gauge
        name={t('information.gauge.receipts')}
        value={receipts.delivered === 0 ? '—' : percent(receipts.receipted / receipts.delivered)}
        note={
          receipts.delivered === 0
            ? t('information.gauge.none-given')
            : t('information.gauge.waiting', { count: waiting, all: receipts.delivered })
        }
      />
    </Gauges>
  )
}

const STATES = ['all', 'lapsed', 'open', 'late', 'on-time'] as const
const TONES: Readonly<Record<OwedInformation['state'], Tone>> = { lapsed: 'late', open: 'soon', late: 'grey', 'on-time': 'good' }

function OwedList({ owed }: { readonly owed: readonly OwedInformation[] }) {
  const { t, code } = useWords()
  const [state, setState] = useState<(typeof STATES)[number]>('all')
  const count = (id: (typeof STATES)[number]): number => (id === 'all' ? owed.length : owed.filter((one) => one.state === id).length)
  const shown = owed.filter((one) => state === 'all' || one.state === state)
  return (
    <>
      <div className="information-filters">
        <Chips
          label={t('information.owed-state')}
          choices={STATES.map((id) => ({ id, label: `${code('owed-information', id)} ${count(id)}` }))}
          value={state}
          onChange={setState}
        />
      </div>
      <ul className="owed-list">
        {shown.map((one) => (
          <OwedRow key={one.obligation.id} of={one} />
        ))}
      </ul>
    </>
  )
}

function OwedRow({ of }: { readonly of: OwedInformation }) {
  const { t, words, code, short, duration } = useWords()
  const paths = usePaths()
  const now = useNow()
  const { obligation, information, state } = of
  const left = obligation.dueAt === null ? null : Date.parse(obligation.dueAt) - now
  const when =
    state === 'on-time' || state === 'late'
      ? obligation.lateBy === null
        ? t('information.given')
        : t('information.given-late', { time: duration(obligation.lateBy) })
      : left === null
        ? t('information.undated')
        : left < 0
          ? t('information.over-by', { time: duration(-left) })
          : t('information.due-in', { time: duration(left) })
  return (
    <li className={`owed-row is-${state}`}>
      <div className="owed-what">
        <Link to={paths.obligation(obligation.id)}>{words(obligation.act)}</Link>
        <span className="owed-pair">
          <OrganizationName of={obligation.debtor} /> → <OrganizationName of={obligation.creditor} />
        </span>
        <span className="soft">
          {information.map((one) => code('subject', one)).join(t('kit.and'))}
          {obligation.basis !== null && (
            <>
              {' · '}
              <BasisLink basis={obligation.basis} dated={obligation.dueAt !== null} />
            </>
          )}
        </span>
      </div>
      <div className="owed-when">
        <Badge tone={state === 'open' && obligation.dueAt === null ? 'grey' : TONES[state]}>{code('owed-information', state)}</Badge>
        {of.grave && <Badge tone="late">{t('information.grave')}</Badge>}
        <span>{when}</span>
        {obligation.dueAt !== null && (
          <time className="soft" dateTime={obligation.dueAt}>
            {t('information.due-at', { at: short(obligation.dueAt) })}
          </time>
        )}
      </div>
      {(state === 'open' || state === 'lapsed') && (
        <div className="owed-actions">
          <ObligationActions of={obligation} one />
        </div>
      )}
    </li>
  )
}

function Pairs({ view }: { readonly view: OwedInformationView }) {
  const { t } = useWords()
  const columns = [
    {
      head: t('information.pair'),
      cell: (one: InformationPair) => (
        <>
          <OrganizationName of={one.from} /> → <OrganizationName of={one.to} />
        </>
      ),
    },
    {
      head: t('information.on-time-share'),
      className: 'is-number',
      cell: (one: InformationPair) => <b className={one.share !== null && one.share < view.target ? 'is-low' : ''}>{percent(one.share)}</b>,
    },
    { head: t('information.judged'), className: 'is-number', cell: (one: InformationPair) => one.judged },
    { head: t('owed-information.lapsed'), className: 'is-number', cell: (one: InformationPair) => one.lapsed },
    { head: t('owed-information.open'), className: 'is-number', cell: (one: InformationPair) => one.open },
  ]
  return <Table label={t('information.pairs')} columns={columns} rows={view.pairs} rowKey={(one) => `${one.from.id} ${one.to.id}`} />
}

const WAITING_SHOWN = 12

/** What was given and nobody has said yet that he has it; corrections first, ours above all. */
function Receipts({ view: { receipts } }: { readonly view: OwedInformationView }) {
  const { t } = useWords()
  const [all, setAll] = useState(false)
  const waiting = receipts.waiting.toSorted(
    (a, b) => Number(b.ours) - Number(a.ours) || Number(b.cause === 'correction') - Number(a.cause === 'correction'),
  )
  if (waiting.length === 0) return null
  const shown = all ? waiting : waiting.slice(0, WAITING_SHOWN)
  return (
    <Panel title={t('information.waiting')} note={waiting.length}>
      <ul className="waiting-list">
        {shown.map((one) => (
          <Waiting key={`${one.question} ${one.to.id} ${one.at}`} of={one} />
        ))}
      </ul>
      {waiting.length > shown.length && (
        <Button variant="quiet" onPress={() => setAll(true)}>
          {t('information.waiting-more', { count: waiting.length - shown.length })}
        </Button>
      )}
    </Panel>
  )
}

function Waiting({ of }: { readonly of: WaitingReceipt }) {
  const words = useWords()
  const { t, duration } = words
  const paths = usePaths()
  const now = useNow()
  const real = useWorld() === null
  const [asked, setAsked] = useState(false)
  return (
    <li>
      <span>
        <OrganizationName of={of.to} />
        {of.cause === 'correction' && <Badge tone="late">{t('information.correction')}</Badge>}
      </span>
      <Link to={paths.information(of.incidentId)}>
        {questionText(of, words)}
        {of.incidentTitle !== null && <span className="soft"> {of.incidentTitle}</span>}
      </Link>
      <span className="soft">{t('information.given-ago', { time: duration(Math.max(0, now - Date.parse(of.at))) })}</span>
      {of.ours && real && <Button onPress={() => setAsked(true)}>{t('command.information.receipt')}</Button>}
      {asked && (
        <ConfirmDialog
          title={t('kit.named', { what: t('command.information.receipt'), of: questionText(of, words) })}
          isOpen
          onClose={() => setAsked(false)}
          room="information"
          id={of.question}
          label={t('command.information.receipt')}
          command={{ type: 'information.receipt' }}
        >
          <p>{t('information.receipt-help')}</p>
        </ConfirmDialog>
      )}
    </li>
  )
}
