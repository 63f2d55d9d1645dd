import { useQuery } from '@tanstack/react-query'
import { Badge, Link, Panel } from './index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { legalSheetQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import './legal-sheet.css'

/** What whoever helps must know beforehand: basis, duty, insurance, liability, command, cost. Nothing where the debtor is an authority. */
export function LegalSheet({ obligation }: { readonly obligation: string }) {
  const { t, words } = useWords()
  const paths = usePaths()
  const view = useQuery(legalSheetQuery(useWorld(), obligation)).data
  const sheet = view?.sheet ?? null
  if (view === undefined || sheet === null) return null
  const missing = sheet.missing.map((section) => t(`matrix.sheet.section.${section}`)).join(t('instrument.list'))
  return (
    <Panel title={t('matrix.sheet.title')} note={t('matrix.sheet.note', { on: sheet.on })}>
      <p className={`padded limit-mark ${sheet.missing.length > 0 ? 'is-unconfirmed' : ''}`}>
        {sheet.missing.length > 0 ? t('matrix.sheet.missing', { sections: missing }) : t('matrix.sheet.complete')}
      </p>
      {view.commander !== null && <p className="padded">{t('matrix.sheet.commander', { name: words(view.commander.name) })}</p>}
      <dl className="legal-sheet">
        {sheet.sections.map(({ section, clauses }) => (
          <div key={section}>
            <dt>{t(`matrix.sheet.section.${section}`)}</dt>
            <dd>
              {clauses.length === 0 ? (
                <Badge tone="soon">{t('matrix.sheet.none')}</Badge>
              ) : (
                <ul>
                  {clauses.map(({ ref, words: said }) => (
                    <li key={`${ref.instrumentId}#${ref.clauseId}`}>
                      <Link to={paths.clause(ref.instrumentId, ref.clauseId)}>
                        {words(ref.title)} {words(ref.article)}
                      </Link>
                      <p>{words(said)}</p>
                    </li>
                  ))}
                </ul>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
