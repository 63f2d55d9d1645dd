import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ObjectivesView, UnlinkedView } from '#core/view/objective.ts'
import type { IncidentView } from '#core/view.ts'
import { ActionButton, Button, Link, OrganizationName, Panel, Read } from '../kit/index.ts'
import { ObjectiveDialog } from '../kit/objective-dialog.tsx'
import { ObjectiveTree } from '../kit/objective.tsx'
import { useNarrow } from '../kit/narrow.ts'
import { usePaths, useWorld } from '../paths.ts'
import { objectivesQuery, unlinkedQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import './course.css'

const ORPHANS_SHOWN = 5

/** The incident's one tree of objectives, and what is owed without serving any of them. */
export function ObjectivesPanel({ incident }: { readonly incident: IncidentView }) {
  const { t } = useWords()
  const narrow = useNarrow()
  const world = useWorld()
  const reading = useQuery(objectivesQuery(world, { incident: incident.id }))
  const unlinked = useQuery(unlinkedQuery(world, { incident: incident.id })).data
  const [functions, setFunctions] = useState<readonly string[] | null>(null)
  const view = reading.data
  return (
    <Panel
      title={t('objective.tree')}
      note={unlinked && unlinked.total > 0 && t('objective.orphans-linked', { linked: unlinked.linked, total: unlinked.total })}
      actions={
        view && world === null ? (
          <ActionButton action={view.set} label={t('objective.field.add')} onPress={() => setFunctions([])} />
        ) : undefined
      }
      className="room-objectives"
      {...(narrow ? {} : { folded: true })}
    >
      <Read of={reading} lines={3}>
        {({ objectives }) =>
          objectives.length === 0 ? (
            <p className="padded soft">{t('objective.incident-none')}</p>
          ) : (
            <ObjectiveTree all={objectives} territories={new Set(objectives.map((one) => one.jurisdiction.code)).size > 1} />
          )
        }
      </Read>
      {unlinked && unlinked.obligations.length > 0 && <Orphans of={unlinked} view={view} onCover={setFunctions} />}
      {functions !== null && view && (
        <ObjectiveDialog
          all={view.objectives}
          incidentId={incident.id}
          year={null}
          jurisdiction={incident.jurisdiction.code}
          functions={functions}
          onClose={() => setFunctions(null)}
        />
      )}
    </Panel>
  )
}

function Orphans({
  of,
  view,
  onCover,
}: {
  readonly of: UnlinkedView
  readonly view: ObjectivesView | undefined
  readonly onCover: (functions: readonly string[]) => void
}) {
  const { t, code, words } = useWords()
  const paths = usePaths()
  const real = useWorld() === null
  const more = of.total - of.linked - Math.min(of.obligations.length, ORPHANS_SHOWN)
  return (
    <section className="orphans" aria-label={t('objective.orphans')}>
      <h3>
        <IconAlertTriangle size={15} aria-hidden /> {t('objective.orphans')} {of.total - of.linked}
      </h3>
      <p className="soft">
        {t('objective.orphans-functions', { functions: of.functions.map((one) => code('function', one)).join(t('objective.list')) })}
      </p>
      {real && view?.set.refusal === null && <Button onPress={() => onCover(of.functions)}>{t('objective.set-for')}</Button>}
      <ul>
        {of.obligations.slice(0, ORPHANS_SHOWN).map((one) => (
          <li key={one.id}>
            <Link to={paths.obligation(one.id)}>{words(one.act)}</Link>{' '}
            <span className="soft">
              <OrganizationName of={one.debtor} />
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="soft">{t('objective.orphans-more', { count: more })}</p>}
    </section>
  )
}
