import type { ReactNode } from 'react'
import type { ResponseView } from '#core/view/instrument.ts'
import { OrganizationName } from '../kit/index.ts'
import { LevelGlyph } from '../level.tsx'
import { useWords } from '../words.ts'
import './levels.css'

type LevelsProps = { readonly responses: readonly ResponseView[]; readonly zone: string; readonly actions?: ReactNode }

/** Every organization's response level side by side: its own, by its own scale, and the shared one, gravest first. */
export function LevelsTable({ responses, zone, actions }: LevelsProps) {
  const { t, code, words, short } = useWords()
  const rows = responses.toSorted((a, b) => a.level - b.level || a.at.localeCompare(b.at))
  const differ = new Set(rows.map((one) => one.level)).size > 1
  return (
    <section className="levels" aria-label={t('instrument.levels')}>
      <header>
        <h3>{t('instrument.levels')}</h3>
        {actions}
      </header>
      <ul>
        {rows.map((one, index) => (
          <li key={`${one.organization?.id ?? ''} ${one.scope ?? ''} ${index}`}>
            <LevelGlyph level={one.level} size={26} title={`${t('instrument.levels-shared')}: ${code('response', String(one.level))}`} />
            <div>
              <p>
                <b>{one.organization === null ? t('instrument.levels-unnamed') : <OrganizationName of={one.organization} />}</b>{' '}
                {one.scale === null ? code('response', String(one.level)) : words(one.scale.words)}
              </p>
              <p className="soft">
                {[
                  one.scale === null ? null : `${words(one.scale.title)} ${one.scale.code} → ${code('response', String(one.level))}`,
                  one.scope,
                  `${t('instrument.levels-since')} ${short(one.at, zone)}`,
                ]
                  .filter((part) => part !== null && part !== '')
                  .join(' · ')}
              </p>
            </div>
          </li>
        ))}
      </ul>
      {differ && <p className="soft">{t('instrument.levels-differ', { count: rows.length })}</p>}
    </section>
  )
}
