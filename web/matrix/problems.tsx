import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { MatrixProblem } from '#core/matrix.ts'
import type { MatrixView } from '#core/view/matrix.ts'
import { Badge, Panel } from '../kit/index.ts'
import { partyWords } from '../kit/party.ts'
import { useWords } from '../words.ts'
import { ClauseLink } from './clause.tsx'
import { columnText } from './column.tsx'

const SHOWN_MAX = 100
const GRAVEST = ['no-lead', 'two-leads', 'no-holder', 'no-backup']

/** What must be mended before an emergency asks: functions without a lead, with two, without a backup. */
export function Problems({ of }: { readonly of: MatrixView }) {
  const { t, code } = useWords()
  const all = of.problems.toSorted((a, b) => GRAVEST.indexOf(a.kind) - GRAVEST.indexOf(b.kind))
  return (
    <Panel title={t('matrix.problems')} note={all.length}>
      {all.length === 0 ? (
        <p className="padded matrix-fine">
          <IconCircleCheck size={18} aria-hidden /> {t('matrix.problems-none')}
        </p>
      ) : (
        <ul className="matrix-problems">
          {all.slice(0, SHOWN_MAX).map((one, index) => (
            <li key={index}>
              <Badge tone={one.kind === 'no-backup' ? 'soon' : 'late'}>
                <IconAlertTriangle size={14} aria-hidden /> {t(`matrix.problem.${one.kind}`)}
              </Badge>
              <b>{code('function', one.function)}</b>
              <Detail of={one} matrix={of} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Detail({ of, matrix }: { readonly of: MatrixProblem; readonly matrix: MatrixView }) {
  const words = useWords()
  const { t } = words
  if (of.kind === 'two-leads')
    return (
      <span>
        {of.leads.map((lead, index) => {
          const column = matrix.columns.find((one) => one.key === lead.column)
          return (
            <span key={lead.column}>
              {index > 0 && t('instrument.list')}
              {column === undefined ? lead.column : columnText(column, words)} <ClauseLink of={lead.basis} short />
            </span>
          )
        })}
      </span>
    )
  if (of.kind === 'no-holder')
    return (
      <span>
        {partyWords(of.party, words)} <ClauseLink of={of.basis} />
      </span>
    )
  return of.kind === 'no-lead' && of.promised.length > 0 ? (
    <span className="soft">{t('matrix.promised', { instruments: of.promised.join(t('instrument.list')) })}</span>
  ) : null
}
