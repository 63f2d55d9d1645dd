import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { InformationView } from '#core/view/information.ts'
import { newId } from './api.ts'
import { ActionButton, Empty, Read } from './kit/index.ts'
import { useWorld } from './paths.ts'
import { datasetsQuery, informationQuery, owedInformationQuery, releasesQuery } from './queries.ts'
import { useWords } from './words.ts'
import { Catalogue } from './information/datasets.tsx'
import { AssertDialog } from './information/fact-dialogs.tsx'
import { QuestionCard } from './information/facts.tsx'
import { InformationFrame, useChosenIncident } from './information/frame.tsx'
import { OwedBoard } from './information/owed.tsx'
import { ReleaseLog } from './information/releases.tsx'
import './information.css'
import './information/release.css'

/** Facts 事实: every question of an incident with what each source says to it, side by side; contradictions first. */
export function FactsPage() {
  const reading = useQuery(informationQuery(useWorld(), useChosenIncident()))
  return <Read of={reading}>{(view) => <Facts view={view} />}</Read>
}

function Facts({ view }: { readonly view: InformationView }) {
  const { t } = useWords()
  const real = useWorld() === null
  const [asking, setAsking] = useState(false)
  const incident = view.incidents.find((one) => one.id === view.incident) ?? null
  const contradictory = view.questions.filter((one) => one.contradictions.length > 0).length
  return (
    <InformationFrame
      on="facts"
      incident={view.incident}
      incidents={view.incidents}
      actions={
        real && incident !== null ? <ActionButton action={view.assert} variant="primary" onPress={() => setAsking(true)} /> : undefined
      }
    >
      {view.questions.length === 0 ? (
        <Empty title={t('information.none')} help={t('information.none-help')} />
      ) : (
        <>
          <p className={`information-summary ${contradictory > 0 ? 'is-wrong' : ''}`} role="status">
            {contradictory === 0
              ? t('information.all-agree', { count: view.questions.length })
              : t('information.some-contradict', { count: contradictory, all: view.questions.length })}
          </p>
          <ul className="questions">
            {view.questions.map((one) => (
              <QuestionCard key={one.id} of={one} view={view} zone={incident?.zone} />
            ))}
          </ul>
        </>
      )}
      {asking && view.incident !== null && (
        <AssertDialog id={newId()} incidentId={view.incident} zone={incident?.zone} question={null} onClose={() => setAsking(false)} />
      )}
    </InformationFrame>
  )
}

/** Owed information 信息责任: who owes which information to whom by when, and which receipts are missing. */
export function OwedInformationPage() {
  const world = useWorld()
  const chosen = useChosenIncident()
  const reading = useQuery(owedInformationQuery(world, chosen))
  const incidents = useQuery(informationQuery(world, chosen)).data?.incidents ?? []
  return (
    <InformationFrame on="owed" incident={chosen} incidents={incidents} all>
      <Read of={reading} lines={10}>
        {(view) => <OwedBoard view={view} />}
      </Read>
    </InformationFrame>
  )
}

/** The release log 发布台账: what was said to the public, when, on what basis, by whom approved; rumours; needs. */
export function ReleasesPage() {
  const reading = useQuery(releasesQuery(useWorld(), useChosenIncident()))
  return <Read of={reading}>{(view) => <ReleaseLog view={view} />}</Read>
}

/** The catalogue of data sets 数据目录. */
export function DatasetsPage() {
  const reading = useQuery(datasetsQuery(useWorld()))
  return <Read of={reading}>{(view) => <Catalogue view={view} />}</Read>
}
