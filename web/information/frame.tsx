import { useRouter, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { InformedIncident } from '#core/view/information.ts'
import { Link, PageHead, SelectField } from '../kit/index.ts'
import { PageTabs } from '../kit/page-tabs.tsx'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'

const TABS = ['facts', 'owed', 'releases', 'datasets'] as const
export type InformationTab = (typeof TABS)[number]

/** The incident that the address names, or null. */
export function useChosenIncident(): string | null {
  const search = useRouterState({ select: (state) => state.location.searchStr })
  return new URLSearchParams(search).get('incident')
}

type FrameProps = {
  readonly on: InformationTab
  readonly incident?: string | null
  readonly incidents?: readonly InformedIncident[]
  /** All incidents may be looked at together. */
  readonly all?: boolean
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The head of the four pages about information: which of them, and of which incident. */
export function InformationFrame({ on, incident = null, incidents = [], all = false, actions, children }: FrameProps) {
  const { t } = useWords()
  const paths = usePaths()
  const addressOf: Readonly<Record<InformationTab, string>> = {
    facts: paths.information(incident),
    owed: paths.informationOwed(incident),
    releases: paths.releases(incident),
    datasets: paths.datasets(),
  }
  return (
    <div className="information">
      <PageHead title={t(`information.title.${on}`)} note={t(`information.note.${on}`)} actions={actions} />
      <PageTabs
        label={t('information.tabs')}
        tabs={TABS.map((key) => ({ key, to: addressOf[key], label: t(`information.tab.${key}`) }))}
        on={on}
      />
      {on !== 'datasets' && (incidents.length > 0 || incident !== null) && (
        <IncidentPicker on={on} incident={incident} incidents={incidents} all={all} />
      )}
      <div className="information-body">{children}</div>
    </div>
  )
}

const ALL = 'all'
type PickerProps = Required<Pick<FrameProps, 'on' | 'incident' | 'incidents' | 'all'>>

function IncidentPicker({ on, incident, incidents, all }: PickerProps) {
  const { t } = useWords()
  const paths = usePaths()
  const router = useRouter()
  const go = (id: string): void => {
    const chosen = id === ALL ? null : id
    router.history.push(
      on === 'releases' ? paths.releases(chosen) : on === 'owed' ? paths.informationOwed(chosen) : paths.information(chosen),
    )
  }
  const label = ({ number, title, contradictory }: InformedIncident): string =>
    `${title} · ${number}${contradictory > 0 ? ` · ${t('information.contradictory-count', { count: contradictory })}` : ''}`
  const choices = [
    ...(all ? [{ id: ALL, label: t('information.all-incidents') }] : []),
    ...incidents.map((one) => ({ id: one.id, label: label(one) })),
  ]
  return (
    <div className="information-picker">
      <SelectField label={t('information.incident')} choices={choices} value={incident ?? (all ? ALL : null)} onChange={go} />
      {incident !== null && (
        <Link className="information-room" to={paths.incident(incident)}>
          {t('information.to-incident')}
        </Link>
      )}
    </div>
  )
}
