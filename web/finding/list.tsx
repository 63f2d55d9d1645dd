import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FindingView } from '#core/view/finding.ts'
import { useNow } from '../clock.ts'
import { Badge, Chips, Empty, Link, OrganizationName, type Tone } from '../kit/index.ts'
import { LevelGlyph } from '../level.tsx'
import { usePaths } from '../paths.ts'
import { sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'

const WHOSE = ['all', 'ours', 'supervised', 'owed-us'] as const
const STATES = ['open', 'closed', 'all'] as const

/** The findings by whose and in what state; the gravest first, as the server gives them. */
export function FindingList({ all }: { readonly all: readonly FindingView[] }) {
  const { t, code } = useWords()
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  const [whose, setWhose] = useState<(typeof WHOSE)[number]>('all')
  const [state, setState] = useState<(typeof STATES)[number]>('open')
  const related = all.filter((one) => isRelated(one, whose, own))
  const inState = (one: FindingView, wanted: (typeof STATES)[number]): boolean =>
    wanted === 'all' || (wanted === 'closed') === (one.status === 'closed')
  const shown = related.filter((one) => inState(one, state))
  return (
    <>
      <div className="supervision-filters">
        <Chips
          label={t('finding.whose')}
          choices={WHOSE.map((id) => ({ id, label: code('finding.whose', id) }))}
          value={whose}
          onChange={setWhose}
        />
        <Chips
          label={t('finding.state')}
          choices={STATES.map((id) => ({ id, label: `${code('finding.state', id)} ${related.filter((one) => inState(one, id)).length}` }))}
          value={state}
          onChange={setState}
        />
      </div>
      {shown.length === 0 ? (
        <Empty title={t('finding.none')} help={t('finding.none-help')} />
      ) : (
        <ul>
          {shown.map((one) => (
            <FindingRow key={one.id} of={one} />
          ))}
        </ul>
      )}
    </>
  )
}

function isRelated(one: FindingView, whose: (typeof WHOSE)[number], own: string | null): boolean {
  if (whose === 'all') return true
  return (whose === 'ours' ? one.subject : whose === 'supervised' ? one.supervisor : one.creditor).id === own
}

const TONES: Readonly<Record<FindingView['status'], Tone>> = {
  open: 'late',
  objected: 'soon',
  rectifying: 'soon',
  rectified: 'accent',
  mended: 'accent',
  closed: 'grey',
}
export function FindingBadge({ of }: { readonly of: Pick<FindingView, 'status'> }) {
  const { code } = useWords()
  return <Badge tone={TONES[of.status]}>{code('status.finding', of.status)}</Badge>
}

/** The step that was reached and the one to come, with how long until then. */
export function NextStep({ of }: { readonly of: FindingView }) {
  const { t, code, duration } = useWords()
  const now = useNow()
  if (of.status === 'closed') return of.outcome === null ? null : <span>{code('finding.outcome', of.outcome)}</span>
  if (of.next === null) return of.status === 'objected' ? <span>{t('finding.clock-stands')}</span> : null
  const left = Date.parse(of.next.at) - now
  const name =
    of.status === 'rectifying' ? t('finding.next-rectification') : t('finding.next', { name: code('finding.step', of.next.step) })
  return (
    <span>
      {name} · <b>{left <= 0 ? t('finding.now') : t('finding.in', { time: duration(left) })}</b>
    </span>
  )
}

function FindingRow({ of }: { readonly of: FindingView }) {
  const { t, words, code, short, duration } = useWords()
  const paths = usePaths()
  return (
    <li className={`finding-row ${of.status === 'open' ? 'is-open' : ''}`}>
      <LevelGlyph level={of.gravity} title={`${t('finding.gravity')} ${code('finding.gravity', String(of.gravity))}`} />
      <div className="finding-what">
        <Link className="finding-act" to={paths.finding(of.id)}>
          {words(of.act)}
        </Link>
        <p className="finding-who">
          <OrganizationName of={of.subject} /> <span aria-hidden>→</span> <span className="for-readers">{t('finding.creditor')}</span>{' '}
          <OrganizationName of={of.creditor} />
        </p>
        <p className="finding-notes">
          <FindingBadge of={of} />
          <span>
            {code('finding.kind', of.kind)} {short(of.missedAt)}
          </span>
          {of.lateBy !== null && <span>{t('finding.mended-late', { time: duration(of.lateBy) })}</span>}
          <span>
            {t('finding.supervisor')} {words(of.supervisor.name)}
          </span>
        </p>
      </div>
      <p className="finding-step">
        {of.step !== null && <span>{t('finding.step-at', { name: code('finding.step', of.step) })}</span>}
        <NextStep of={of} />
      </p>
    </li>
  )
}
