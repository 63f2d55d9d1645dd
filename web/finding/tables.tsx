import type { HandOffView, LateView, PairView, SupervisionView } from '#core/view/finding.ts'
import type { LagLine } from '#core/lag.ts'
import { useState } from 'react'
import { useNow } from '../clock.ts'
import { Badge, Button, Dialog, Empty, Link, OrganizationName, Table, type Tone } from '../kit/index.ts'
import { usePaths } from '../paths.ts'
import { useWords, type WordsApi } from '../words.ts'

type Props = { readonly board: SupervisionView }
const NUMBER = { className: 'is-number' } as const

/** What is open past its deadline now: by mechanism, by organization, and each. */
export function LateNow({ board }: Props) {
  const { t, code, words, number } = useWords()
  const paths = usePaths()
  const { late } = board
  if (late.total === 0) return <Empty title={t('supervision.late-none')} />
  return (
    <>
      <div className="late-groups">
        <section aria-label={t('supervision.by-mechanism')}>
          <h2 className="group-head">{t('supervision.by-mechanism')}</h2>
          <ul className="late-bars">
            {late.byMechanism.map((one) => (
              <LateBar key={one.mechanism} name={code('mechanism', one.mechanism)} of={one} most={late.byMechanism[0]?.count ?? 1} />
            ))}
          </ul>
        </section>
        <section aria-label={t('supervision.by-organization')}>
          <h2 className="group-head">{t('supervision.by-organization')}</h2>
          <ul className="late-bars">
            {late.byOrganization.map((one) => (
              <LateBar key={one.organization.id} name={words(one.organization.name)} of={one} most={late.byOrganization[0]?.count ?? 1} />
            ))}
          </ul>
        </section>
      </div>
      <Table
        label={t('supervision.late-list')}
        rows={late.items}
        rowKey={(row) => row.obligationId}
        columns={[
          { head: t('supervision.overdue'), cell: (row: LateView) => <Age since={row.dueAt} />, className: 'is-age' },
          { head: t('supervision.act'), cell: (row) => <Link to={paths.obligation(row.obligationId)}>{words(row.act)}</Link> },
          { head: t('supervision.pair-to'), cell: (row) => <OrganizationName of={row.debtor} /> },
          { head: t('supervision.pair-from'), cell: (row) => <OrganizationName of={row.creditor} /> },
          { head: t('supervision.mechanism'), cell: (row) => code('mechanism', row.mechanism) },
        ]}
      />
      {late.total > late.items.length && (
        <p className="padded soft">{t('supervision.late-more', { count: late.total, shown: number(late.items.length) })}</p>
      )}
    </>
  )
}

type LateBarProps = { readonly name: string; readonly of: { readonly count: number; readonly oldestMs: number }; readonly most: number }

function LateBar({ name, of, most }: LateBarProps) {
  const { t, duration } = useWords()
  return (
    <li>
      <span>{name}</span>
      <span className="late-track" aria-hidden>
        <span style={{ width: `${Math.max(3, (of.count / most) * 100)}%` }} />
      </span>
      <b>{of.count}</b>
      <span className="soft">{t('finding.gauge.late-note', { time: duration(of.oldestMs) })}</span>
    </li>
  )
}

function Age({ since }: { readonly since: string }) {
  const { duration, dateTime } = useWords()
  const now = useNow()
  return (
    <time className="late-words" dateTime={since} title={dateTime(since)}>
      {duration(Math.max(0, now - Date.parse(since)))}
    </time>
  )
}

const lasting = (ms: number | null, { duration }: WordsApi): string => (ms === null ? '—' : duration(ms))
/** Actual less due: early is said, not shown as a minus. */
const lagging = (ms: number | null, { duration, t }: WordsApi): string =>
  ms === null ? '—' : ms < 0 ? t('supervision.early', { time: duration(-ms) }) : duration(ms)

/** How slow each part of each mechanism is, each number open to the obligations behind it. */
export function Lags({ board }: Props) {
  const api = useWords()
  const { t, code, number, dateTime } = api
  const [behind, setBehind] = useState<LagLine | null>(null)
  const nameOf = (line: LagLine): string => `${code('mechanism', line.mechanism)} ${code('leg', line.leg)}`
  const { read, lags, absent } = board
  return (
    <>
      {lags.length === 0 ? (
        <Empty title={t('supervision.no-lags')} />
      ) : (
        <Table
          label={t('finding.tab.lags')}
          rows={lags}
          rowKey={(line) => `${line.mechanism} ${line.leg}`}
          columns={[
            { head: t('supervision.mechanism'), cell: (line: LagLine) => <b>{code('mechanism', line.mechanism)}</b>, className: 'is-age' },
            { head: t('supervision.leg'), cell: (line) => code('leg', line.leg), className: 'is-age' },
            { head: t('supervision.count'), cell: (line) => number(line.taken.count), ...NUMBER },
            { head: t('supervision.median'), cell: (line) => lasting(line.taken.median, api), ...NUMBER },
            { head: t('supervision.p90'), cell: (line) => lasting(line.taken.p90, api), ...NUMBER },
            { head: t('supervision.lag-median'), cell: (line) => lagging(line.lag.median, api), ...NUMBER },
            { head: t('supervision.lag-p90'), cell: (line) => lagging(line.lag.p90, api), ...NUMBER },
            { head: t('supervision.late'), cell: (line) => <Count of={line.late} />, ...NUMBER },
            { head: t('supervision.open'), cell: (line) => number(line.open), ...NUMBER },
            { head: t('supervision.oldest'), cell: (line) => lasting(line.oldestMs, api), ...NUMBER },
            {
              head: t('supervision.behind'),
              cell: (line) => (
                <Button onPress={() => setBehind(line)} aria-label={`${t('finding.open')}: ${nameOf(line)}`}>
                  {t('finding.open')}
                </Button>
              ),
            },
          ]}
        />
      )}
      <div className="padded soft lag-notes">
        {absent.length > 0 && (
          <p>{t('supervision.absent', { names: absent.map((one) => code('mechanism', one)).join(t('instrument.list')) })}</p>
        )}
        {read.since !== null && (
          <p>
            {t('supervision.lags-note', { count: read.obligations, since: dateTime(read.since) })}
            {read.more && ` · ${t('supervision.lags-more')}`}
          </p>
        )}
      </div>
      {behind !== null && <Behind line={behind} name={nameOf(behind)} board={board} onClose={() => setBehind(null)} />}
    </>
  )
}

function Count({ of }: { readonly of: number }) {
  const { number } = useWords()
  return of === 0 ? <>{number(0)}</> : <b className="late-words">{number(of)}</b>
}

type BehindProps = { readonly line: LagLine; readonly name: string; readonly board: SupervisionView; readonly onClose: () => void }

function Behind({ line, name, board, onClose }: BehindProps) {
  const { t, words } = useWords()
  const paths = usePaths()
  const acts = new Map(board.handOffs.items.map((one) => [one.obligationId, one]))
  return (
    <Dialog title={t('supervision.behind-of', { name })} isOpen wide onClose={onClose}>
      <ol className="behind">
        {line.obligationIds.map((id, i) => {
          const known = acts.get(id)
          return (
            <li key={id}>
              <Link to={paths.obligation(id)}>
                {known === undefined ? t('supervision.behind-one', { number: i + 1 }) : words(known.act)}
              </Link>
              {known !== undefined && (
                <span className="soft">
                  {' '}
                  {words(known.to.name)} → {words(known.from.name)}
                </span>
              )}
            </li>
          )
        })}
      </ol>
    </Dialog>
  )
}

/** Who asked whom, how soon the other replied, and whether anything was asked back. */
export function Pairs({ board }: Props) {
  const api = useWords()
  const { t, number } = api
  if (board.pairs.length === 0) return <Empty title={t('supervision.pairs-none')} />
  return (
    <Table
      label={t('finding.tab.pairs')}
      rows={board.pairs}
      rowKey={(line) => `${line.creditor.id} ${line.debtor.id}`}
      columns={[
        { head: t('supervision.pair-from'), cell: (line: PairView) => <OrganizationName of={line.creditor} /> },
        { head: t('supervision.pair-to'), cell: (line) => <OrganizationName of={line.debtor} /> },
        { head: t('supervision.count'), cell: (line) => number(line.count), ...NUMBER },
        { head: t('supervision.reply'), cell: (line) => lasting(line.reply.median, api), ...NUMBER },
        { head: t('supervision.reply-p90'), cell: (line) => lasting(line.reply.p90, api), ...NUMBER },
        { head: t('supervision.open'), cell: (line) => number(line.open), ...NUMBER },
        { head: t('supervision.late'), cell: (line) => <Count of={line.late} />, ...NUMBER },
        { head: t('supervision.back'), cell: (line) => number(line.back), ...NUMBER },
      ]}
    />
  )
}

const TONES: Readonly<Record<HandOffView['state'], Tone>> = {
  received: 'grey',
  waiting: 'grey',
  undated: 'grey',
  late: 'soon',
  lost: 'late',
}

/** Every passing from one organization to another: when, by when a receipt was due, and whether it came. */
export function HandOffs({ board }: Props) {
  const { t, code, words, short } = useWords()
  const paths = usePaths()
  const { handOffs } = board
  if (handOffs.count === 0) return <Empty title={t('supervision.hand-offs-none')} />
  return (
    <>
      <Table
        label={t('finding.tab.hand-offs')}
        rows={handOffs.items}
        rowKey={(row) => row.obligationId}
        columns={[
          {
            head: t('supervision.hand-off-state'),
            cell: (row: HandOffView) => <Badge tone={TONES[row.state]}>{code('supervision.hand-off', row.state)}</Badge>,
          },
          { head: t('supervision.act'), cell: (row) => <Link to={paths.obligation(row.obligationId)}>{words(row.act)}</Link> },
          { head: t('supervision.from'), cell: (row) => <OrganizationName of={row.from} /> },
          { head: t('supervision.to'), cell: (row) => <OrganizationName of={row.to} /> },
          { head: t('supervision.handed-at'), cell: (row) => short(row.handedAt), className: 'is-age' },
          {
            head: t('supervision.receipt-due'),
            cell: (row) => (row.dueAt === null ? t('supervision.no-due') : short(row.dueAt)),
            className: 'is-age',
          },
          {
            head: t('supervision.received-at'),
            cell: (row) => (row.receivedAt === null ? '—' : short(row.receivedAt)),
            className: 'is-age',
          },
        ]}
      />
      {handOffs.count > handOffs.items.length && (
        <p className="padded soft">{t('supervision.hand-offs-more', { count: handOffs.count, shown: handOffs.items.length })}</p>
      )}
    </>
  )
}
