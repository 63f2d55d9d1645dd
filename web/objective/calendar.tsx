import { IconCoin, IconClockExclamation } from '@tabler/icons-react'
import type { ConflictView, ObjectivesView, ObjectiveView } from '#core/view/objective.ts'
import { Badge, Panel } from '../kit/index.ts'
import { moneyWords } from '../kit/objective.tsx'
import { useWords, type WordsApi } from '../words.ts'

const DAY_MS = 86_400_000
const BARS_MAX = 200

/** What several departments plan in a year on one axis, and every place where it collides in time or in money. */
export function CalendarPanel({ view, year }: { readonly view: ObjectivesView; readonly year: number }) {
  const { t } = useWords()
  const { conflicts } = view
  const dated = view.objectives.filter((one) => one.schedule !== null && one.status === 'open').slice(0, BARS_MAX)
  const colliding = new Set(conflicts.filter((one) => one.in === 'time').flatMap((one) => one.objectives))
  return (
    <Panel
      title={t('objective.calendar')}
      note={
        conflicts.length === 0 ? (
          t('objective.conflicts-none')
        ) : (
          <Badge tone="late">{t('objective.conflicts-count', { count: conflicts.length })}</Badge>
        )
      }
    >
      {dated.length === 0 && <p className="padded soft">{t('objective.calendar-none')}</p>}
      {dated.length > 0 && (
        <div className="calendar" role="group" aria-label={t('objective.calendar-bars')}>
          <div className="calendar-months" aria-hidden>
            {Array.from({ length: 12 }, (_, month) => (
              <span key={month}>{month + 1}</span>
            ))}
          </div>
          <ul>
            {dated.map((one) => (
              <Bar key={one.id} of={one} year={year} collides={colliding.has(one.id)} />
            ))}
          </ul>
        </div>
      )}
      {conflicts.length > 0 && <Conflicts view={view} />}
    </Panel>
  )
}

function Bar({ of, year, collides }: { readonly of: ObjectiveView; readonly year: number; readonly collides: boolean }) {
  const { t, words } = useWords()
  if (of.schedule === null) return null
  const [start, end] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)]
  const share = (ms: number): number => Math.min(100, Math.max(0, ((ms - start) / (end - start)) * 100))
  const from = share(Date.parse(`${of.schedule.from}T00:00:00Z`))
  const until = share(Date.parse(`${of.schedule.until}T00:00:00Z`) + DAY_MS)
  return (
    <li className={`calendar-row ${collides ? 'is-colliding' : ''}`}>
      <span className="calendar-words">
        <span>{of.title}</span>
        <span className="soft">
          {words(of.owner.name)} · {t('objective.schedule-of', of.schedule)}
          {collides && <span className="for-readers"> {t('objective.conflicts')}</span>}
        </span>
      </span>
      <span className="calendar-track" aria-hidden>
        <i style={{ insetInlineStart: `${from}%`, inlineSize: `max(4px, ${until - from}%)` }} />
      </span>
    </li>
  )
}

function Conflicts({ view }: { readonly view: ObjectivesView }) {
  const words = useWords()
  const { t, code } = words
  return (
    <section className="conflicts" aria-label={t('objective.conflicts')}>
      <h3>{t('objective.conflicts')}</h3>
      <ul>
        {view.conflicts.map((one) => (
          <li key={`${one.kind} ${one.objectives.join(' ')} ${one.over ?? ''}`}>
            {one.in === 'time' ? <IconClockExclamation size={17} aria-hidden /> : <IconCoin size={17} aria-hidden />}
            <span>
              <b>{code('objective.conflict', one.kind, paramsOf(one, view, words))}</b>
              <span className="soft">
                {code('objective.in', one.in)}
                {one.days !== null && ` · ${t('objective.schedule-of', one.days)}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function paramsOf(one: ConflictView, view: ObjectivesView, words: WordsApi): Readonly<Record<string, string>> {
  const titles = one.objectives.map((id) => view.objectives.find((other) => other.id === id)?.title ?? '—')
  const [a = '—', b = '—'] = titles
  const over = one.organization === null ? words.code('resource', one.over ?? '') : words.words(one.organization.name)
  const excess = one.excess === null ? '' : moneyWords(one.excess, words)
  return { a, b, over, excess, all: titles.join(words.t('objective.list')) }
}
