import { useQuery } from '@tanstack/react-query'
import type { StationsView } from '#core/view/station.ts'
import { AlertTabs } from './kit/alert-tabs.tsx'
import { PageHead, Read } from './kit/index.ts'
import { useWorld } from './paths.ts'
import { stationsQuery } from './queries.ts'
import { Beginnings } from './station/dialogs.tsx'
import { StationList } from './station/list.tsx'
import { Measures } from './station/measures.tsx'
import { Proposals } from './station/proposals.tsx'
import { Sources } from './station/sources.tsx'
import { Thresholds } from './station/thresholds.tsx'
import { useWords } from './words.ts'
import './station.css'

export { StationPage } from './station/page.tsx'

/** Monitoring 监测: what is proposed first, then the stations on the map and beside it, the silent ones first. */
export function StationsPage() {
  const { t } = useWords()
  const reading = useQuery(stationsQuery(useWorld()))
  return (
    <>
      <PageHead
        title={t('station.title')}
        note={t('station.subtitle')}
        actions={reading.data === undefined ? undefined : <Beginnings of={reading.data} />}
      />
      <AlertTabs on="stations" />
      <Read of={reading} lines={12}>
        {(view) => <Stations view={view} />}
      </Read>
    </>
  )
}

function Stations({ view }: { readonly view: StationsView }) {
  return (
    <div className="stations">
      <Proposals all={view.proposals} />
      <Measures of={view.measures} />
      <StationList view={view} />
      <div className="page-grid">
        <Sources all={view.sources} />
        <Thresholds all={view.thresholds} />
      </div>
    </div>
  )
}
