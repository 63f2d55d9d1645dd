import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { ObligationView } from '#core/view.ts'
import { useNow } from './clock.ts'
import { byUrgency } from './deadline.tsx'
import { Button, Chips, Empty, PageHead, Read } from './kit/index.ts'
import { isLate, isOwed, ObligationRow } from './kit/obligation.tsx'
import { useWorld } from './paths.ts'
import { obligationsQuery, sessionQuery } from './queries.ts'
import { useWords } from './words.ts'
import './obligation.css'

export { ObligationPage } from './obligation/page.tsx'

/** Rows on one page. */
const PAGE = 100

type Whose = 'mine' | 'owed-us' | 'all'
type State = 'open' | 'late' | 'done' | 'any'
const WHOSE: readonly Whose[] = ['mine', 'owed-us', 'all']
const STATES: readonly State[] = ['open', 'late', 'done', 'any']

/** Everything that is owed: ours, to us, all of it; grouped by how urgent it is. */
export function ObligationListPage() {
  const { t } = useWords()
  const reading = useQuery(obligationsQuery(useWorld()))
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  return (
    <>
      <PageHead title={t('obligation.title')} note={t('obligation.subtitle')} />
      <Read of={reading} lines={12}>
        {(all) => <List all={all} own={own} />}
      </Read>
    </>
  )
}

function List({ all, own }: { readonly all: readonly ObligationView[]; readonly own: string | null }) {
  const { t, code } = useWords()
  const real = useWorld() === null
  // In an exercise nobody looks with the eyes of one organization.
  const [whose, setWhose] = useState<Whose>(real && all.some((one) => one.debtor.id === own) ? 'mine' : 'all')
  const [state, setState] = useState<State>(real ? 'open' : 'any')
  const [page, setPage] = useState(0)
  const now = useNow()
  const related = useMemo(
    () => all.filter((one) => whose === 'all' || (whose === 'mine' ? one.debtor.id === own : one.creditor.id === own)),
    [all, whose, own],
  )
  const chosen = related
    .filter((one) => inState(one, state, now))
    .toSorted((a, b) => Number(isOwed(b)) - Number(isOwed(a)) || byUrgency(a, b))
  const first = Math.min(page, Math.max(0, Math.ceil(chosen.length / PAGE) - 1)) * PAGE
  const shown = chosen.slice(first, first + PAGE)
  return (
    <div className="obligations">
      <div className="obligations-filters">
        <Chips
          label={t('obligation.whose')}
          choices={WHOSE.map((id) => ({ id, label: code('obligation.whose', id) }))}
          value={whose}
          onChange={(id) => (setWhose(id), setPage(0))}
        />
        <Chips
          label={t('obligation.state')}
          choices={STATES.map((id) => ({
            id,
            label: `${code('obligation.state', id)} ${related.filter((one) => inState(one, id, now)).length}`,
          }))}
          value={state}
          onChange={(id) => (setState(id), setPage(0))}
        />
      </div>
      <div className="panel">{shown.length === 0 ? <Empty title={t('obligation.none')} /> : <Groups shown={shown} now={now} />}</div>
      {chosen.length > PAGE && (
        <nav className="pager" aria-label={t('obligation.pages')}>
          <Button isDisabled={first === 0} onPress={() => setPage(first / PAGE - 1)}>
            {t('obligation.previous')}
          </Button>
          <span role="status">{t('obligation.shown', { from: first + 1, to: first + shown.length, count: chosen.length })}</span>
          <Button isDisabled={first + PAGE >= chosen.length} onPress={() => setPage(first / PAGE + 1)}>
            {t('obligation.next')}
          </Button>
        </nav>
      )}
    </div>
  )
}

function inState(one: ObligationView, state: State, now: number): boolean {
  if (state === 'any') return true
  if (state === 'done') return !isOwed(one)
  return state === 'late' ? isLate(one, now) : isOwed(one)
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const GROUPS = ['late', 'hour', 'day', 'later', 'undated', 'done'] as const
type Group = (typeof GROUPS)[number]

function groupOf(one: ObligationView, now: number): Group {
  if (!isOwed(one)) return 'done'
  if (one.dueAt === null) return 'undated'
  const left = Date.parse(one.dueAt) - now
  return left < 0 ? 'late' : left <= HOUR_MS ? 'hour' : left <= DAY_MS ? 'day' : 'later'
}

function Groups({ shown, now }: { readonly shown: readonly ObligationView[]; readonly now: number }) {
  const { code } = useWords()
  return GROUPS.map((id) => {
    const own = shown.filter((one) => groupOf(one, now) === id)
    if (own.length === 0) return null
    return (
      <section key={id} aria-label={code('obligation.group', id)}>
        <h2 className={`group-head is-${id}`}>
          {code('obligation.group', id)} <span>{own.length}</span>
        </h2>
        <ul>
          {own.map((one) => (
            <ObligationRow key={one.id} of={one} incident />
          ))}
        </ul>
      </section>
    )
  })
}
