import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { IncidentView } from '#core/view.ts'
import { Read, Tabs } from './kit/index.ts'
import { isOwed } from './kit/obligation.tsx'
import { useParam, useWorld } from './paths.ts'
import { incidentQuery } from './queries.ts'
import { TimelinePanel } from './timeline.tsx'
import { useWords } from './words.ts'
import { DutiesPanel } from './incident/duties.tsx'
import { IncidentHead } from './incident/head.tsx'
import { AreaPanel } from './incident/area.tsx'
import { ConsultationsPanel } from './conduct/consultations.tsx'
import { DecisionsPanel } from './conduct/decisions.tsx'
import { ConductPanel } from './incident/conduct.tsx'
import { GapsPanel, HeadquartersPanel } from './incident/headquarters.tsx'
import { InformationPanel } from './incident/information.tsx'
import { InstrumentsPanel } from './incident/instruments.tsx'
import { ObjectivesPanel } from './incident/objectives.tsx'
import { PhasesPanel } from './incident/phases.tsx'
import { useNarrow } from './kit/narrow.ts'
import { SitrepPanel } from './incident/sitreps.tsx'
import './incident.css'

/** The incident room: one page through all phases, from the first call to the last duty. */
export function IncidentPage() {
  const id = useParam('id')
  const reading = useQuery(incidentQuery(useWorld(), id))
  return (
    <Read of={reading} lines={12}>
      {(incident) => <Room incident={incident} />}
    </Read>
  )
}

function Room({ incident }: { readonly incident: IncidentView }) {
  const narrow = useNarrow()
  return (
    <div className="room">
      <IncidentHead incident={incident} />
      {narrow ? <RoomTabs incident={incident} /> : <RoomColumns incident={incident} />}
    </div>
  )
}

function RoomColumns({ incident }: { readonly incident: IncidentView }) {
  return (
    <div className="room-columns">
      <Timeline incident={incident} />
      <div className="room-middle">
        <DutiesPanel incident={incident} />
        <SitrepPanel incident={incident} />
      </div>
      <div className="room-side">
        <GapsPanel incident={incident} />
        <Conduct incident={incident} />
        <InformationPanel incident={incident} />
        <InstrumentsPanel incident={incident} />
        <Course incident={incident} />
      </div>
    </div>
  )
}

/** On a phone one part at a time, obligations first. */
function RoomTabs({ incident }: { readonly incident: IncidentView }) {
  const { t } = useWords()
  const [pane, setPane] = useState('duties')
  const owed = incident.duties.filter(isOwed).length
  const panes = [
    { id: 'duties', label: `${t('incident.tab.duties')} ${owed}`, content: <DutiesPanel incident={incident} /> },
    { id: 'timeline', label: t('incident.tab.timeline'), content: <Timeline incident={incident} /> },
    {
      id: 'headquarters',
      label: t('incident.tab.headquarters'),
      content: (
        <>
          <GapsPanel incident={incident} />
          <Conduct incident={incident} />
          <InformationPanel incident={incident} />
          <InstrumentsPanel incident={incident} />
        </>
      ),
    },
    { id: 'course', label: t('objective.title'), content: <Course incident={incident} /> },
    { id: 'sitreps', label: `${t('incident.tab.sitreps')} ${incident.sitreps.length}`, content: <SitrepPanel incident={incident} /> },
  ]
  return <Tabs label={t('incident.view')} panes={panes} selected={pane} onSelect={setPane} />
}

/** Who leads, with whom, and what they decided together. */
const Conduct = ({ incident }: { readonly incident: IncidentView }) => (
  <>
    <ConductPanel incident={incident} />
    <HeadquartersPanel incident={incident} />
    <DecisionsPanel
      incidentId={incident.id}
      headquartersId={null}
      asked={(incident.headquarters?.members ?? []).map((one) => one.id).filter((id) => id !== incident.headquarters?.lead.id)}
      emergency={incident.conduct.emergencyPath !== null}
      zone={incident.zone}
    />
    <ConsultationsPanel incidentId={incident.id} hazard={incident.hazard} jurisdiction={incident.jurisdiction.code} zone={incident.zone} />
  </>
)

/** Where it is to go, how far it has come, how far it reaches. */
const Course = ({ incident }: { readonly incident: IncidentView }) => (
  <>
    <ObjectivesPanel incident={incident} />
    <PhasesPanel incident={incident} />
    <AreaPanel incident={incident} />
  </>
)

const Timeline = ({ incident }: { readonly incident: IncidentView }) => (
  <TimelinePanel
    incidentId={incident.id}
    zone={incident.zone}
    duties={incident.duties}
    sitreps={incident.sitreps}
    panelClass="room-timeline"
  />
)
