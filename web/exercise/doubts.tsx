import type { ReplayReport } from '#core/exercise/report.ts'
import { Link, Panel, Table } from '../kit/index.ts'
import { partyWords } from '../kit/party.ts'
import { pathsIn } from '../paths.ts'
import { useWords } from '../words.ts'
import type { Part } from './part.ts'

type Unknown = ReplayReport['notUnderstood'][number]

/** What the replay could not do: entries not understood, commands refused, clauses that nobody could owe. */
export function Doubts({ of, world, zone }: Part) {
  const words = useWords()
  const { t, code, short } = words
  const inside = pathsIn(world)
  return (
    <>
      <Panel title={t('exercise.not-understood')} note={of.notUnderstood.length}>
        {of.notUnderstood.length === 0 ? (
          <p className="padded soft">{t('exercise.not-understood-none')}</p>
        ) : (
          <>
            <p className="padded soft">{t('exercise.not-understood-why')}</p>
            <Table<Unknown>
              label={t('exercise.table', { of: t('exercise.not-understood') })}
              rows={of.notUnderstood}
              rowKey={(one) => String(one.index)}
              columns={[
                { head: t('exercise.index'), cell: (one) => one.index },
                { head: t('exercise.when'), cell: (one) => <span className="nowrap">{short(new Date(one.t).toISOString(), zone)}</span> },
                { head: t('exercise.actor'), cell: (one) => one.actor },
                { head: t('exercise.action'), cell: (one) => <code>{one.action}</code> },
                { head: t('exercise.text'), cell: (one) => one.text },
                { head: t('exercise.why'), cell: (one) => <span className="soft">{code('not-understood', one.why)}</span> },
              ]}
            />
          </>
        )}
      </Panel>
      {of.gaps.length > 0 && (
        <Panel title={t('incident.gaps')} note={of.gaps.length}>
          <ul className="padded contents">
            {of.gaps.map((gap) => (
              <li key={`${gap.instrumentId}#${gap.clauseId}#${gap.party}`}>
                <Link to={inside.clause(gap.instrumentId, gap.clauseId)}>{words.words(gap.act)}</Link>{' '}
                <span className="soft">{t('incident.gap-party', { party: partyWords(gap.party, words) })}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {of.refused.length > 0 && (
        <Panel title={t('exercise.refused')} note={of.refused.length}>
          <ul className="padded contents">
            {of.refused.map((one, at) => (
              <li key={at}>
                {t('exercise.index')} {one.index} · {code('command', one.command)} ·{' '}
                <span className="soft">{code('refusal', one.code, one.params)}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}
