import type { RiskSummary } from '#core/view/risk.ts'
import type { RiskGap } from '#core/risk.ts'
import { useNow } from '../clock.ts'
import { Badge, Link, OrganizationName, type Tone } from '../kit/index.ts'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'

const LATE: ReadonlySet<RiskGap> = new Set(['danger-overdue'])
const SOON: ReadonlySet<RiskGap> = new Set(['stale', 'no-owner', 'contents-unsaid', 'contents-unknown', 'no-plan'])
export const toneOf = (gap: RiskGap): Tone => (LATE.has(gap) ? 'late' : SOON.has(gap) ? 'soon' : 'grey')

/** What it is: a care home, a flood hazard, a hidden danger. */
export function KindWords({ of }: { readonly of: Pick<RiskSummary, 'kind' | 'siteKind' | 'hazard'> }) {
  const { code } = useWords()
  const kind = code('risk.kind', of.kind)
  if (of.siteKind !== null) return <>{code('risk.site', of.siteKind)}</>
  return <>{of.hazard === null ? kind : `${kind} · ${code('hazard', of.hazard)}`}</>
}

export function Metres({ of }: { readonly of: number }) {
  const { t, number } = useWords()
  return <>{of < 1000 ? t('risk.metres', { count: number(of) }) : t('risk.kilometres', { count: (of / 1000).toFixed(1) })}</>
}

/** One line of the register: what and where, who answers, and what is wrong with it. */
export function RiskRow({ of, isSelected = false }: { readonly of: RiskSummary; readonly isSelected?: boolean }) {
  const { t, words, code, duration } = useWords()
  const paths = usePaths()
  const now = useNow()
  const overdue = of.dueAt === null ? 0 : now - Date.parse(of.dueAt)
  const shown = of.gaps.slice(0, 4)
  return (
    <li className={`risk-row ${isSelected ? 'is-selected' : ''} ${of.gaps.some((gap) => LATE.has(gap)) ? 'is-late' : ''}`}>
      <div className="risk-what">
        <Link to={paths.risk(of.id)}>{words(of.name)}</Link>
        <span className="soft">
          <KindWords of={of} />
          {of.address !== '' && of.address !== words(of.name) && ` · ${of.address}`}
        </span>
      </div>
      <div className="risk-who soft">
        {of.metres !== null && (
          <b>
            <Metres of={of.metres} />
          </b>
        )}
        {of.owner !== null ? <OrganizationName of={of.owner} /> : of.gaps.includes('no-owner') ? null : t('risk.gap.no-owner')}
      </div>
      <div className="risk-badges">
        {of.status === 'closed' && <Badge>{t('status.risk.closed')}</Badge>}
        {shown.map((gap) => (
          <Badge key={gap} tone={toneOf(gap)}>
            {code('risk.gap', gap)}
            {gap === 'danger-overdue' && overdue > 0 && ` ${duration(overdue)}`}
          </Badge>
        ))}
        {of.gaps.length > shown.length && <Badge>+{of.gaps.length - shown.length}</Badge>}
      </div>
    </li>
  )
}
