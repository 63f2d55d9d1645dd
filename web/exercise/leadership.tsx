import type { ReplayReport } from '#core/exercise/report.ts'
import { Badge, Link, Panel, Table } from '../kit/index.ts'
import { LevelGlyph, NUMERALS } from '../level.tsx'
import { pathsIn } from '../paths.ts'
import { useWords, type WordsApi } from '../words.ts'
import type { Part } from './part.ts'

/** Who had to lead and who did, which levels stood side by side, who heard when, and what was left open. */
export function Leadership(part: Part) {
  return (
    <>
      <div className="exercise-pair">
        <OughtToLead {...part} />
        <Led {...part} />
      </div>
      {part.of.responses.length > 0 && <LevelBoard {...part} />}
      <div className="exercise-pair">
        <WhoWasTold {...part} />
        <OpenItems {...part} />
      </div>
    </>
  )
}

function OughtToLead({ of, zone }: Part) {
  const { t, words, short } = useWords()
  return (
    <Panel title={t('exercise.ought')} note={of.leadership.ought.length}>
      <ol className="leads padded">
        {of.leadership.ought.map((one) => (
          <li key={one.from + one.basis.en}>
            <time dateTime={one.from}>{short(one.from, zone)}</time>
            <span>
              <b>{words(one.organization?.name ?? one.government)}</b>
              {one.organization === null && <span className="soft">{t('exercise.ought-nobody')}</span>}
              <span className="soft">{words(one.basis)}</span>
              {!one.confirmed && <Badge tone="grey">{t('exercise.ought-practice')}</Badge>}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function Led({ of, zone }: Part) {
  const { t, code, words, short } = useWords()
  return (
    <Panel title={t('exercise.led')} note={of.leadership.led.length}>
      <ol className="leads padded">
        {of.leadership.led.map((one) => (
          <li key={one.from}>
            <time dateTime={one.from}>{short(one.from, zone)}</time>
            <span>
              <b>{one.organization === null ? t('exercise.led-nobody') : words(one.organization.name)}</b>
              <span className="soft">
                {code('exercise.led-by', one.by)}
                {one.until !== null && ` · ${t('exercise.led-until', { at: short(one.until, zone) })}`}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

type Set = ReplayReport['responses'][number]
type Lane = { readonly key: string; readonly name: string; readonly sets: readonly (Set & { readonly until: string })[] }

/** Every agency's level on one line of time: they use their own scales, and hold different levels at once. */
function LevelBoard({ of, zone }: Part) {
  const { t, code, words, short } = useWords()
  const from = of.responses.reduce((first, one) => (one.at < first ? one.at : first), of.responses[0]?.at ?? '')
  const last = of.responses.reduce((latest, one) => (one.at > latest ? one.at : latest), from)
  // The newest level holds on: it is given an eighth of the span, so that it can be seen.
  const span = Math.max(Date.parse(last) - Date.parse(from), 3_600_000) * 1.125
  const end = new Date(Date.parse(from) + span).toISOString()
  const left = (at: string): number => ((Date.parse(at) - Date.parse(from)) / span) * 100
  const lanes = lanesOf(of.responses, end, (one) =>
    [one.organization === null ? '?' : words(one.organization.name), scopeOf(one, code)].filter((part) => part !== null).join(' · '),
  )
  return (
    <Panel title={t('exercise.levels')} note={t('exercise.levels-note', { count: lanes.length })}>
      <div className="level-board padded">
        <p className="soft">{t('exercise.levels-help')}</p>
        <ul>
          {lanes.map((lane) => (
            <li key={lane.key}>
              <span className="lane-name">{lane.name}</span>
              <span className="lane">
                {lane.sets.map((one) => (
                  <span
                    key={one.at}
                    className="lane-level"
                    style={{ left: `${left(one.at)}%`, width: `${Math.max(left(one.until) - left(one.at), 0)}%` }}
                    title={`${NUMERALS[one.level]} · ${short(one.at, zone)} · ${one.text}`}
                  >
                    <LevelGlyph level={one.level} size={22} />
                    <span className="for-readers">{t('exercise.level-set', { level: NUMERALS[one.level], at: short(one.at, zone) })}</span>
                    <span className="lane-scope" aria-hidden>
                      {short(one.at, zone)}
                    </span>
                  </span>
                ))}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  )
}

/** Whose territory, as the record says it, or by which scale. */
const scopeOf = ({ scope, scale }: Set, code: WordsApi['code']): string | null => scope ?? (scale === null ? null : code('scale', scale))

function lanesOf(sets: readonly Set[], end: string, name: (one: Set) => string): readonly Lane[] {
  const byLane = Map.groupBy(sets, (one) => `${one.organization?.id ?? '?'}|${one.scope ?? one.scale ?? ''}`)
  return [...byLane].map(([key, own]) => {
    const inOrder = own.toSorted((a, b) => (a.at < b.at ? -1 : 1))
    const [first] = inOrder
    return {
      key,
      name: first === undefined ? '?' : name(first),
      sets: inOrder.map((one, i) => ({ ...one, until: inOrder[i + 1]?.at ?? end })),
    }
  })
}

function WhoWasTold({ of, zone }: Part) {
  const { t, words, short } = useWords()
  return (
    <Panel title={t('exercise.told')} note={of.told.length} scrolls>
      <Table
        label={t('exercise.told')}
        rows={of.told}
        rowKey={(one) => one.organization.id}
        columns={[
          { head: t('exercise.told-at'), cell: (one) => <span className="nowrap">{short(one.at, zone)}</span> },
          { head: t('exercise.told-who'), cell: (one) => <b className="told-who">{words(one.organization.name)}</b> },
          {
            head: t('exercise.told-how'),
            cell: (one) => (
              <>
                {one.by === null ? t('exercise.told-acted') : t('exercise.told-by', { by: words(one.by.name) })}{' '}
                <span className="soft">{one.text}</span>
              </>
            ),
          },
        ]}
      />
    </Panel>
  )
}

const ITEMS_MAX = 8

function OpenItems({ of, world, zone }: Part) {
  const { t, code, words, short } = useWords()
  const inside = pathsIn(world)
  const total = of.openItems.reduce((sum, one) => sum + one.items.length, 0)
  return (
    <Panel title={t('exercise.open-items')} note={total} scrolls>
      <div className="padded stack">
        {total === 0 && <p className="soft">{t('exercise.open-items-none')}</p>}
        {of.openItems.map(({ phase, items }) => (
          <section key={phase}>
            <h3>
              {code('phase', phase)} <span className="soft">{items.length}</span>
            </h3>
            <ul className="contents">
              {items.slice(0, ITEMS_MAX).map((one) => (
                <li key={one.id}>
                  <Link to={inside.obligation(one.id)}>{words(one.act)}</Link>{' '}
                  <span className="soft">
                    {words(one.debtor.name)}
                    {one.dueAt !== null && ` · ${short(one.dueAt, zone)}`}
                  </span>
                </li>
              ))}
              {items.length > ITEMS_MAX && <li className="soft">{t('exercise.open-items-more', { count: items.length - ITEMS_MAX })}</li>}
            </ul>
          </section>
        ))}
      </div>
    </Panel>
  )
}
