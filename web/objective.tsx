import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ObjectivesView, UnlinkedView } from '#core/view/objective.ts'
import { useNow } from './clock.ts'
import { ActionButton, Badge, Chips, Empty, PageHead, Panel, Read } from './kit/index.ts'
import { ObjectiveDialog } from './kit/objective-dialog.tsx'
import { ObjectiveTree } from './kit/objective.tsx'
import { ObligationRow } from './kit/obligation.tsx'
import { CalendarPanel } from './objective/calendar.tsx'
import { useWorld } from './paths.ts'
import { objectivesQuery, sessionQuery, unlinkedQuery } from './queries.ts'
import { useWords } from './words.ts'
import './objective.css'

/** The tree of a year with all territories: who pulls on it, who does not, and where the plans collide. */
export function ObjectivesPage() {
  const { t } = useWords()
  const world = useWorld()
  const present = new Date(useNow()).getFullYear()
  const [year, setYear] = useState(present)
  const [setting, setSetting] = useState(false)
  const reading = useQuery(objectivesQuery(world, { year }))
  const jurisdiction = useQuery(sessionQuery).data?.jurisdiction?.code ?? null
  const years = [...new Set([present + 1, present, ...(reading.data?.years ?? [])])].toSorted((a, b) => b - a).slice(0, 8)
  return (
    <>
      <PageHead
        title={t('objective.title')}
        note={t('objective.subtitle')}
        actions={
          reading.data && world === null ? (
            <ActionButton action={reading.data.set} variant="primary" onPress={() => setSetting(true)} />
          ) : undefined
        }
      />
      <div className="objectives">
        <Chips
          label={t('objective.year')}
          choices={years.map((one) => ({ id: String(one), label: t('objective.year-of', { year: String(one) }) }))}
          value={String(year)}
          onChange={(id) => setYear(Number(id))}
        />
        <Read of={reading} lines={10}>
          {(view) => <Year view={view} year={year} />}
        </Read>
        <Orphans />
      </div>
      {setting && reading.data && jurisdiction !== null && (
        <ObjectiveDialog
          all={reading.data.objectives}
          incidentId={null}
          year={year}
          jurisdiction={jurisdiction}
          onClose={() => setSetting(false)}
        />
      )}
    </>
  )
}

function Year({ view, year }: { readonly view: ObjectivesView; readonly year: number }) {
  const { t, number } = useWords()
  const { objectives } = view
  return (
    <>
      <div className="objectives-columns">
        <Panel title={t('objective.tree')} note={objectives.length === 0 ? undefined : number(objectives.length)}>
          {objectives.length === 0 ? (
            <Empty title={t('objective.tree-none')} help={t('objective.tree-none-help')} />
          ) : (
            <ObjectiveTree all={objectives} territories />
          )}
        </Panel>
        <AlignmentPanel view={view} />
      </div>
      <CalendarPanel view={view} year={year} />
    </>
  )
}

function AlignmentPanel({ view: { alignment } }: { readonly view: ObjectivesView }) {
  const { t } = useWords()
  const { weight, share, target, unlinked } = alignment
  const percent = (value: number): string => `${Math.floor(value * 100)} %`
  return (
    <Panel title={t('objective.alignment')}>
      <div className="padded alignment">
        {weight === null ? (
          <p className="soft">{t('objective.alignment-none')}</p>
        ) : (
          <>
            <p className={`alignment-figure ${weight < target ? 'is-low' : ''}`}>
              <b>{percent(weight)}</b> <span>{t('objective.alignment-weight')}</span>
            </p>
            <div className="alignment-bar" aria-hidden>
              <span className={weight < target ? 'is-low' : ''} style={{ inlineSize: `${weight * 100}%` }} />
              <i style={{ insetInlineStart: `${target * 100}%` }} />
            </div>
            <p className="soft">{t('objective.alignment-target', { target: percent(target) })}</p>
            {share !== null && (
              <p>
                <b>{percent(share)}</b> <span className="soft">{t('objective.alignment-share')}</span>
              </p>
            )}
            <p>
              {unlinked === 0 ? (
                <Badge tone="good">{t('objective.alignment-all')}</Badge>
              ) : (
                <Badge tone="soon">{t('objective.alignment-unlinked', { count: unlinked })}</Badge>
              )}
            </p>
          </>
        )}
      </div>
    </Panel>
  )
}

/** Obligations of all open incidents that serve no objective. */
function Orphans() {
  const { t } = useWords()
  const reading = useQuery(unlinkedQuery(useWorld()))
  return (
    <Panel
      title={t('objective.orphans')}
      note={reading.data && t('objective.orphans-linked', { linked: reading.data.linked, total: reading.data.total })}
    >
      <Read of={reading} lines={3}>
        {(view) => <OrphanList view={view} />}
      </Read>
    </Panel>
  )
}

function OrphanList({ view }: { readonly view: UnlinkedView }) {
  const { t } = useWords()
  const { obligations, total, linked } = view
  if (total === 0) return <p className="padded soft">{t('objective.orphans-none-open')}</p>
  if (obligations.length === 0) return <p className="padded soft">{t('objective.orphans-none')}</p>
  const more = total - linked - obligations.length
  return (
    <>
      <ul>
        {obligations.map((one) => (
          <ObligationRow key={one.id} of={one} incident />
        ))}
      </ul>
      {more > 0 && <p className="padded soft">{t('objective.orphans-more', { count: more })}</p>}
    </>
  )
}
