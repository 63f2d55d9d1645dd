import { useMemo, useState } from 'react'
import type { ReplayObligation, ReplayReport } from '#core/exercise/report.ts'
import { Badge, Button, Empty, Link, Panel, type Tone } from '../kit/index.ts'
import { pathsIn } from '../paths.ts'
import { useWords } from '../words.ts'
import type { Part } from './part.ts'

const ROWS = 40

type Demand = { readonly what: 'arose' | 'lapsed' | 'done' | 'done-late'; readonly of: ReplayObligation }
type Moment = { readonly at: string; readonly facts: ReplayReport['facts']; readonly demands: readonly Demand[] }
const TONES: Readonly<Record<Demand['what'], Tone>> = { arose: 'accent', lapsed: 'late', done: 'good', 'done-late': 'soon' }

const minute = (at: string): string => `${new Date(at).toISOString().slice(0, 16)}:00.000Z`

/** Everything by the minute: what the record tells on one side, what clauses made owed, late or settled on the other. */
function momentsOf({ facts, obligations }: ReplayReport): readonly Moment[] {
  const moments = new Map<string, { facts: ReplayReport['facts'][number][]; demands: Demand[] }>()
  const at = (time: string) => {
    const key = minute(time)
    const known = moments.get(key) ?? { facts: [], demands: [] }
    moments.set(key, known)
    return known
  }
  for (const fact of facts) at(fact.t).facts.push(fact)
  for (const of of obligations.items) {
    at(of.owedAt).demands.push({ what: 'arose', of })
    if ((of.status === 'late' || of.status === 'lapsed') && of.dueAt !== null) at(of.dueAt).demands.push({ what: 'lapsed', of })
    if (of.dischargedAt !== null) at(of.dischargedAt).demands.push({ what: of.lateBy === null ? 'done' : 'done-late', of })
  }
  return [...moments]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([time, { facts: told, demands }]) => ({ at: time, facts: told, demands }))
}

export function SideBySide({ of, world, zone }: Part) {
  const { t, date, time } = useWords()
  const moments = useMemo(() => momentsOf(of), [of])
  const [shown, setShown] = useState(ROWS)
  if (moments.length === 0) return null
  const rows = moments.slice(0, shown)
  return (
    <Panel title={t('exercise.side-by-side')}>
      <div className="sides-scroll">
        <table className="sides">
          <caption className="for-readers">{t('exercise.side-by-side')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('exercise.when')}</th>
              <th scope="col">
                {t('exercise.record')} <small className="soft">{t('exercise.record-why')}</small>
              </th>
              <th scope="col">
                {t('exercise.linkage')} <small className="soft">{t('exercise.linkage-why')}</small>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((moment, index) => {
              const day = date(moment.at, zone)
              const newDay = index === 0 || date(rows[index - 1]?.at ?? moment.at, zone) !== day
              return (
                <tr key={moment.at}>
                  <th scope="row">
                    {newDay && <span className="sides-day">{day}</span>}
                    <time dateTime={moment.at}>{time(moment.at, zone)}</time>
                  </th>
                  <td>
                    <Facts of={moment.facts} />
                  </td>
                  <td className={moment.demands.length === 0 ? 'is-empty' : ''}>
                    <Demands of={moment.demands} world={world} {...(zone === undefined ? {} : { zone })} />
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {moments.length > rows.length && (
        <p className="show-more">
          <Button onPress={() => setShown(shown + ROWS)}>
            {t('exercise.show-more', { count: Math.min(ROWS, moments.length - rows.length) })}
          </Button>
        </p>
      )}
      {of.facts.length === 0 && <Empty title={t('exercise.facts-none')} />}
    </Panel>
  )
}

function Facts({ of }: { readonly of: ReplayReport['facts'] }) {
  const { code } = useWords()
  return (
    <ul className="sides-list">
      {of.map((fact, index) => (
        <li key={`${fact.index}-${index}`}>
          <b>{code('noted', fact.kind)}</b> {fact.text}
        </li>
      ))}
    </ul>
  )
}

function Demands({ of, world, zone }: { readonly of: readonly Demand[]; readonly world: string; readonly zone?: string }) {
  const { t, words, short, duration } = useWords()
  const inside = pathsIn(world)
  return (
    <ul className="sides-list">
      {of.map(({ what, of: one }) => (
        <li key={`${what}${one.id}`}>
          <Badge tone={TONES[what]}>
            {what === 'done-late'
              ? t('exercise.result.late', { late: one.lateBy === null ? '' : duration(one.lateBy) })
              : t(`exercise.demand.${what}`)}
          </Badge>{' '}
          <Link to={inside.obligation(one.id)}>{t('exercise.demand', { debtor: words(one.debtor.name), act: words(one.act) })}</Link>{' '}
          {what === 'arose' && (
            <span className="soft">
              {one.basis !== null && words(one.basis.article)}
              {one.dueAt !== null && ` · ${t('exercise.due-at')} ${short(one.dueAt, zone)}`}
            </span>
          )}
          {what === 'lapsed' && one.escalatedTo !== null && (
            <span className="soft">
              {t('exercise.climbed')} {words(one.escalatedTo.name)}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
