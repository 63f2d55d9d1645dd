import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { ObligationView } from '#core/view.ts'
import { useNow } from './clock.ts'
import { byUrgency } from './deadline.tsx'
import { Button, Chips, Empty, PageHead, Read } from './kit/index.ts'
import { OrderDialog } from './kit/obligation-order.tsx'
import { isLate, isOwed, ObligationRow, type Selection } from './kit/obligation.tsx'
import { BatchBar, isAnswerable } from './obligation/batch.tsx'
import { useWorld } from './paths.ts'
import { obligationsQuery, sessionQuery } from './queries.ts'
import { useWords } from './words.ts'
import './obligation.css'

export { ObligationFormPage } from './obligation/form.tsx'
export { ObligationPage } from './obligation/page.tsx'

/** Rows on one page. */
const PAGE = 100

type Whose = 'mine' | 'owed-us' | 'all'
type State = 'open' | 'late' | 'requested' | 'declined' | 'unbased' | 'done' | 'any'
const WHOSE: readonly Whose[] = ['mine', 'owed-us', 'all']
const STATES: readonly State[] = ['open', 'late', 'requested', 'declined', 'unbased', 'done', 'any']
const NONE: ReadonlySet<string> = new Set()

/** Everything that is owed: ours, to us, all of it; grouped by how urgent it is. */
export function ObligationListPage() {
  const { t } = useWords()
  const reading = useQuery(obligationsQuery(useWorld()))
  const post = useQuery(sessionQuery).data?.post ?? null
  const own = post?.organization.id ?? null
  const [asking, setAsking] = useState(false)
  const real = useWorld() === null
  const mayAsk = real && post?.powers.includes('obligation.order') === true
  return (
    <>
      <PageHead
        title={t('obligation.title')}
        note={t('obligation.subtitle')}
        actions={
          mayAsk && (
            <Button variant="primary" onPress={() => setAsking(true)}>
              {t('obligation.ask')}
            </Button>
          )
        }
      />
      {asking && <OrderDialog onClose={() => setAsking(false)} />}
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
  const [selected, setSelected] = useState<ReadonlySet<string>>(NONE)
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
  const answerable = real ? shown.filter(isAnswerable) : []
  const selection = { answerable, selected, onSelect: setSelected }
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
      <BatchBar {...selection} />
      <div className="panel">
        {shown.length === 0 ? <Empty title={t('obligation.none')} /> : <Groups shown={shown} now={now} {...selection} />}
      </div>
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
  switch (state) {
    case 'any':
      return true
    case 'done':
      return !isOwed(one)
    case 'late':
      return isLate(one, now)
    case 'requested':
    case 'declined':
      return one.status === state
    case 'unbased':
      return one.basis === null
    case 'open':
      return isOwed(one)
  }
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const GROUPS = ['late', 'requested', 'hour', 'day', 'later', 'undated', 'declined', 'done'] as const
type Group = (typeof GROUPS)[number]

function groupOf(one: ObligationView, now: number): Group {
  if (!isOwed(one)) return one.status === 'declined' ? 'declined' : 'done'
  if (one.status === 'requested') return 'requested'
  if (one.dueAt === null) return 'undated'
  const left = Date.parse(one.dueAt) - now
  return left < 0 ? 'late' : left <= HOUR_MS ? 'hour' : left <= DAY_MS ? 'day' : 'later'
}

type GroupsProps = Parameters<typeof BatchBar>[0] & { readonly shown: readonly ObligationView[]; readonly now: number }

function Groups({ shown, now, answerable, selected, onSelect }: GroupsProps) {
  const { code } = useWords()
  const select = (id: string, isSelected: boolean): void => {
    const next = new Set(selected)
    if (isSelected) next.add(id)
    else next.delete(id)
    onSelect(next)
  }
  const selectionOf = ({ id }: ObligationView): { readonly selection?: Selection } =>
    answerable.some((one) => one.id === id)
      ? { selection: { isSelected: selected.has(id), onChange: (isSelected) => select(id, isSelected) } }
      : {}
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
            <ObligationRow key={one.id} of={one} incident {...selectionOf(one)} />
          ))}
        </ul>
      </section>
    )
  })
}
