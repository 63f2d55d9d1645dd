import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ForcesView } from '#core/view/matrix.ts'
import { Badge, Chips, OrganizationName, Panel, Read, SelectField } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { forcesQuery } from '../queries.ts'
import { useWords } from '../words.ts'

/** The force register: everybody a territory can count on or turn to, group by group, with their functions. */
export function Forces({ onChoose }: { readonly onChoose: (id: string) => void }) {
  const { t, words } = useWords()
  const [area, setArea] = useState<string | undefined>(undefined)
  const [withAbove, setWithAbove] = useState<'here' | 'above'>('here')
  const reading = useQuery(forcesQuery(useWorld(), area))
  const choices = [
    { id: 'here' as const, label: t('forces.here') },
    { id: 'above' as const, label: t('forces.with-above') },
  ]
  return (
    <Read of={reading} lines={12}>
      {(forces) => (
        <div className="forces">
          <div className="panel forces-scope">
            <SelectField
              label={t('matrix.area')}
              choices={forces.areas.map((one) => ({ id: one.code, label: `${words(one.name)} ${one.code}` }))}
              value={forces.area.code}
              onChange={setArea}
            />
            <Chips label={t('network.view')} choices={choices} value={withAbove} onChange={setWithAbove} />
          </div>
          <h2 className="for-readers">{t('forces.title', { area: words(forces.area.name) })}</h2>
          <div className="forces-grid">
            {forces.groups.map((group) => (
              <Group key={group.group} of={group} withAbove={withAbove === 'above'} onChoose={onChoose} />
            ))}
          </div>
        </div>
      )}
    </Read>
  )
}

type GroupProps = { readonly of: ForcesView['groups'][number]; readonly withAbove: boolean; readonly onChoose: (id: string) => void }

function Group({ of, withAbove, onChoose }: GroupProps) {
  const { t, words, code } = useWords()
  const shown = of.forces.filter((one) => withAbove || one.place !== 'above')
  return (
    <Panel title={t(`forces.group.${of.group}`)} note={t('forces.note', { count: shown.length })}>
      {of.group === 'military' && <p className="padded soft">{t('forces.military-note')}</p>}
      {shown.length === 0 ? (
        <p className="padded soft">{t('forces.none')}</p>
      ) : (
        <ul className="force-list">
          {shown.map(({ organization, functions, place, posts, territory }) => (
            <li key={organization.id}>
              <button type="button" className="tree-name" onClick={() => onChoose(organization.id)}>
                <OrganizationName of={organization} />
              </button>
              <span className="soft">
                {functions.length === 0
                  ? t('forces.no-functions')
                  : functions.map((one) => code('function', one)).join(t('instrument.list'))}{' '}
                · {t('forces.posts', { count: posts })}
                {place !== 'here' && territory !== null && ` · ${words(territory.name)}`}
              </span>
              {place === 'above' && <Badge>{t('forces.place.above')}</Badge>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
