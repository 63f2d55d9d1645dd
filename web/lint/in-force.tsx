import { useQuery } from '@tanstack/react-query'
import type { LintInForce } from '#core/view/lint.ts'
import { Empty, Link, Panel, Read } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { lintQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { FindingWords } from './findings.tsx'

const SHOWN_MAX = 200

/** What is wrong with what is in force now, by instrument, and with the directory that it leans on. */
export function InForcePart() {
  const reading = useQuery(lintQuery(useWorld()))
  return (
    <Read of={reading} lines={8}>
      {(of) => <InForceBody of={of} />}
    </Read>
  )
}

function InForceBody({ of }: { readonly of: LintInForce }) {
  const { t, words, number } = useWords()
  const paths = usePaths()
  const count = of.found.reduce((sum, one) => sum + one.findings.length, 0) + of.directory.length
  return (
    <div className="lint-in-force">
      <p className="soft">
        {t('lint-page.in-force-note', { instruments: number(of.instruments), clauses: number(of.clauses), on: of.on })}
      </p>
      {count === 0 && <Empty title={t('lint-page.clean')} help={t('lint-page.in-force-clean')} />}
      {of.found.map((one) => (
        <Panel key={one.id} title={<Link to={paths.instrument(one.id)}>{words(one.title)}</Link>} note={one.findings.length}>
          <ul className="lint-list">
            {one.findings.slice(0, SHOWN_MAX).map((finding, index) => (
              <li key={index}>
                {finding.clause === null ? (
                  <span className="lint-place soft">{finding.path}</span>
                ) : (
                  <Link className="lint-place" to={paths.clause(one.id, finding.clause)}>
                    #{finding.clause}
                  </Link>
                )}
                <FindingWords of={finding} names={of.names} />
              </li>
            ))}
          </ul>
        </Panel>
      ))}
      {of.directory.length > 0 && (
        <Panel title={<Link to={paths.directory()}>{t('frame.directory')}</Link>} note={of.directory.length}>
          <ul className="lint-list">
            {of.directory.slice(0, SHOWN_MAX).map((finding, index) => (
              <li key={index}>
                <FindingWords of={finding} names={of.names} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  )
}
