import { useQuery } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { useMemo } from 'react'
import { Frame } from './frame.tsx'
import { Empty, ErrorState, Skeleton } from './kit/index.ts'
import { pathsIn, useParam, WorldContext } from './paths.ts'
import { exerciseQuery, queryClient, sessionQuery } from './queries.ts'
import { useWords } from './words.ts'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Failed })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./session.tsx'), 'SignInPage'),
})

/** Everything but the sign-in needs a post; whoever has none is sent to choose one and comes back. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery)
    if (session.post === null) throw redirect({ href: pathsIn(null).signIn(location.href) })
  },
})
const real = createRoute({ getParentRoute: () => signedIn, id: 'real', component: Frame })
const inExercise = createRoute({ getParentRoute: () => signedIn, path: '/exercises/$world', component: ExerciseWorld })

const pages = {
  desk: lazyRouteComponent(() => import('./desk.tsx'), 'DeskPage'),
  incident: lazyRouteComponent(() => import('./incident.tsx'), 'IncidentPage'),
  alerts: lazyRouteComponent(() => import('./alert.tsx'), 'AlertListPage'),
  alert: lazyRouteComponent(() => import('./alert.tsx'), 'AlertPage'),
  alertNew: lazyRouteComponent(() => import('./alert/compose.tsx'), 'AlertNewPage'),
  alertEdit: lazyRouteComponent(() => import('./alert/compose.tsx'), 'AlertEditPage'),
  obligations: lazyRouteComponent(() => import('./obligation.tsx'), 'ObligationListPage'),
  obligation: lazyRouteComponent(() => import('./obligation.tsx'), 'ObligationPage'),
  findings: lazyRouteComponent(() => import('./finding.tsx'), 'SupervisionPage'),
  finding: lazyRouteComponent(() => import('./finding.tsx'), 'FindingPage'),
  stations: lazyRouteComponent(() => import('./station.tsx'), 'StationsPage'),
  station: lazyRouteComponent(() => import('./station.tsx'), 'StationPage'),
  risks: lazyRouteComponent(() => import('./risk.tsx'), 'RisksPage'),
  riskSites: lazyRouteComponent(() => import('./risk.tsx'), 'RiskSitesPage'),
  riskCoverage: lazyRouteComponent(() => import('./risk.tsx'), 'RiskCoveragePage'),
  riskCarry: lazyRouteComponent(() => import('./risk.tsx'), 'RiskCarryPage'),
  risk: lazyRouteComponent(() => import('./risk.tsx'), 'RiskPage'),
  objectives: lazyRouteComponent(() => import('./objective.tsx'), 'ObjectivesPage'),
  obligationForm: lazyRouteComponent(() => import('./obligation.tsx'), 'ObligationFormPage'),
  instruments: lazyRouteComponent(() => import('./instrument.tsx'), 'InstrumentListPage'),
  instrument: lazyRouteComponent(() => import('./instrument.tsx'), 'InstrumentPage'),
  templates: lazyRouteComponent(() => import('./instrument.tsx'), 'TemplatesPage'),
  matrix: lazyRouteComponent(() => import('./matrix.tsx'), 'MatrixPage'),
  headquarters: lazyRouteComponent(() => import('./headquarters.tsx'), 'HeadquartersListPage'),
  body: lazyRouteComponent(() => import('./headquarters.tsx'), 'BodyPage'),
  consultations: lazyRouteComponent(() => import('./consultation.tsx'), 'ConsultationsPage'),
  consultation: lazyRouteComponent(() => import('./consultation.tsx'), 'ConsultationPage'),
  decision: lazyRouteComponent(() => import('./decision.tsx'), 'DecisionPage'),
  calls: lazyRouteComponent(() => import('./call.tsx'), 'CallsPage'),
  feeds: lazyRouteComponent(() => import('./feed.tsx'), 'FeedsPage'),
  notices: lazyRouteComponent(() => import('./notice.tsx'), 'NoticesPage'),
  intakes: lazyRouteComponent(() => import('./intake.tsx'), 'IntakesPage'),
  intake: lazyRouteComponent(() => import('./intake.tsx'), 'IntakePage'),
  facts: lazyRouteComponent(() => import('./information.tsx'), 'FactsPage'),
  informationOwed: lazyRouteComponent(() => import('./information.tsx'), 'OwedInformationPage'),
  releases: lazyRouteComponent(() => import('./information.tsx'), 'ReleasesPage'),
  datasets: lazyRouteComponent(() => import('./information.tsx'), 'DatasetsPage'),
  lint: lazyRouteComponent(() => import('./lint.tsx'), 'LintPage'),
  directory: lazyRouteComponent(() => import('./directory.tsx'), 'DirectoryPage'),
  exercises: lazyRouteComponent(() => import('./exercise.tsx'), 'ExerciseListPage'),
  exercise: lazyRouteComponent(() => import('./exercise.tsx'), 'ExercisePage'),
} as const

const realPages = [
  createRoute({ getParentRoute: () => real, path: '/', component: pages.desk }),
  createRoute({ getParentRoute: () => real, path: '/incidents/$id', component: pages.incident }),
  createRoute({ getParentRoute: () => real, path: '/alerts', component: pages.alerts }),
  createRoute({ getParentRoute: () => real, path: '/alerts/consultations', component: pages.consultations }),
  createRoute({ getParentRoute: () => real, path: '/alerts/consultations/$id', component: pages.consultation }),
  createRoute({ getParentRoute: () => real, path: '/alerts/feeds', component: pages.feeds }),
  createRoute({ getParentRoute: () => real, path: '/alerts/calls', component: pages.calls }),
  createRoute({ getParentRoute: () => real, path: '/alerts/$id', component: pages.alert }),
  createRoute({ getParentRoute: () => real, path: '/alerts/stations', component: pages.stations }),
  createRoute({ getParentRoute: () => real, path: '/alerts/stations/$id', component: pages.station }),
  createRoute({ getParentRoute: () => real, path: '/alerts/new', component: pages.alertNew }),
  createRoute({ getParentRoute: () => real, path: '/alerts/$id/edit', component: pages.alertEdit }),
  createRoute({ getParentRoute: () => real, path: '/obligations', component: pages.obligations }),
  createRoute({ getParentRoute: () => real, path: '/obligations/$id', component: pages.obligation }),
  createRoute({ getParentRoute: () => real, path: '/obligations/$id/form', component: pages.obligationForm }),
  createRoute({ getParentRoute: () => real, path: '/findings', component: pages.findings }),
  createRoute({ getParentRoute: () => real, path: '/findings/$id', component: pages.finding }),
  createRoute({ getParentRoute: () => real, path: '/objectives', component: pages.objectives }),
  createRoute({ getParentRoute: () => real, path: '/risks', component: pages.risks }),
  createRoute({ getParentRoute: () => real, path: '/risks/sites', component: pages.riskSites }),
  createRoute({ getParentRoute: () => real, path: '/risks/coverage', component: pages.riskCoverage }),
  createRoute({ getParentRoute: () => real, path: '/risks/carry', component: pages.riskCarry }),
  createRoute({ getParentRoute: () => real, path: '/risks/$id', component: pages.risk }),
  createRoute({ getParentRoute: () => real, path: '/instruments', component: pages.instruments }),
  createRoute({ getParentRoute: () => real, path: '/instruments/matrix', component: pages.matrix }),
  createRoute({ getParentRoute: () => real, path: '/instruments/lint', component: pages.lint }),
  createRoute({ getParentRoute: () => real, path: '/instruments/$id', component: pages.instrument }),
  createRoute({ getParentRoute: () => real, path: '/instruments/templates', component: pages.templates }),
  createRoute({ getParentRoute: () => real, path: '/headquarters', component: pages.headquarters }),
  createRoute({ getParentRoute: () => real, path: '/headquarters/$id', component: pages.body }),
  createRoute({ getParentRoute: () => real, path: '/decisions/$id', component: pages.decision }),
  createRoute({ getParentRoute: () => real, path: '/notices', component: pages.notices }),
  createRoute({ getParentRoute: () => real, path: '/intake', component: pages.intakes }),
  createRoute({ getParentRoute: () => real, path: '/intake/$id', component: pages.intake }),
  createRoute({ getParentRoute: () => real, path: '/information', component: pages.facts }),
  createRoute({ getParentRoute: () => real, path: '/information/owed', component: pages.informationOwed }),
  createRoute({ getParentRoute: () => real, path: '/information/releases', component: pages.releases }),
  createRoute({ getParentRoute: () => real, path: '/information/datasets', component: pages.datasets }),
  createRoute({ getParentRoute: () => real, path: '/directory', component: pages.directory }),
  createRoute({ getParentRoute: () => real, path: '/exercises', component: pages.exercises }),
  createRoute({ getParentRoute: () => real, path: '/exercises/$id', component: pages.exercise }),
]
const exercisePages = [
  createRoute({ getParentRoute: () => inExercise, path: '/desk', component: pages.desk }),
  createRoute({ getParentRoute: () => inExercise, path: '/incidents/$id', component: pages.incident }),
  createRoute({ getParentRoute: () => inExercise, path: '/alerts', component: pages.alerts }),
  createRoute({ getParentRoute: () => inExercise, path: '/alerts/feeds', component: pages.feeds }),
  createRoute({ getParentRoute: () => inExercise, path: '/alerts/consultations', component: pages.consultations }),
  createRoute({ getParentRoute: () => inExercise, path: '/alerts/consultations/$id', component: pages.consultation }),
  createRoute({ getParentRoute: () => inExercise, path: '/alerts/$id', component: pages.alert }),
  createRoute({ getParentRoute: () => inExercise, path: '/alerts/stations', component: pages.stations }),
  createRoute({ getParentRoute: () => inExercise, path: '/alerts/stations/$id', component: pages.station }),
  createRoute({ getParentRoute: () => inExercise, path: '/obligations', component: pages.obligations }),
  createRoute({ getParentRoute: () => inExercise, path: '/obligations/$id', component: pages.obligation }),
  createRoute({ getParentRoute: () => inExercise, path: '/obligations/$id/form', component: pages.obligationForm }),
  createRoute({ getParentRoute: () => inExercise, path: '/findings', component: pages.findings }),
  createRoute({ getParentRoute: () => inExercise, path: '/findings/$id', component: pages.finding }),
  createRoute({ getParentRoute: () => inExercise, path: '/objectives', component: pages.objectives }),
  createRoute({ getParentRoute: () => inExercise, path: '/risks', component: pages.risks }),
  createRoute({ getParentRoute: () => inExercise, path: '/risks/sites', component: pages.riskSites }),
  createRoute({ getParentRoute: () => inExercise, path: '/risks/coverage', component: pages.riskCoverage }),
  createRoute({ getParentRoute: () => inExercise, path: '/risks/carry', component: pages.riskCarry }),
  createRoute({ getParentRoute: () => inExercise, path: '/risks/$id', component: pages.risk }),
  createRoute({ getParentRoute: () => inExercise, path: '/instruments', component: pages.instruments }),
  createRoute({ getParentRoute: () => inExercise, path: '/instruments/matrix', component: pages.matrix }),
  createRoute({ getParentRoute: () => inExercise, path: '/instruments/lint', component: pages.lint }),
  createRoute({ getParentRoute: () => inExercise, path: '/instruments/$id', component: pages.instrument }),
  createRoute({ getParentRoute: () => inExercise, path: '/instruments/templates', component: pages.templates }),
  createRoute({ getParentRoute: () => inExercise, path: '/headquarters', component: pages.headquarters }),
  createRoute({ getParentRoute: () => inExercise, path: '/headquarters/$id', component: pages.body }),
  createRoute({ getParentRoute: () => inExercise, path: '/decisions/$id', component: pages.decision }),
  createRoute({ getParentRoute: () => inExercise, path: '/notices', component: pages.notices }),
  createRoute({ getParentRoute: () => inExercise, path: '/intake', component: pages.intakes }),
  createRoute({ getParentRoute: () => inExercise, path: '/intake/$id', component: pages.intake }),
  createRoute({ getParentRoute: () => inExercise, path: '/information', component: pages.facts }),
  createRoute({ getParentRoute: () => inExercise, path: '/information/owed', component: pages.informationOwed }),
  createRoute({ getParentRoute: () => inExercise, path: '/information/releases', component: pages.releases }),
  createRoute({ getParentRoute: () => inExercise, path: '/information/datasets', component: pages.datasets }),
  createRoute({ getParentRoute: () => inExercise, path: '/directory', component: pages.directory }),
]

export const router = createRouter({
  routeTree: root.addChildren([signIn, signedIn.addChildren([real.addChildren(realPages), inExercise.addChildren(exercisePages)])]),
  defaultPendingComponent: () => <Skeleton lines={6} />,
  defaultErrorComponent: Failed,
  defaultNotFoundComponent: NotFound,
  defaultPendingMs: 300,
})

/** The same pages, looking into an exercise's world; its clock stands where the exercise stands. */
function ExerciseWorld() {
  const id = useParam('world')
  const { words } = useWords()
  const summary = useQuery(exerciseQuery(id)).data?.summary
  const title = summary === undefined ? '…' : words(summary.title)
  const clock = summary?.clock ?? null
  const world = useMemo(() => ({ id, title, clock }), [id, title, clock])
  return (
    <WorldContext value={world}>
      <Frame />
    </WorldContext>
  )
}

function NotFound() {
  const { t } = useWords()
  return <Empty title={t('kit.not-found')} help={t('kit.not-found-help')} />
}

function Failed({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  return <ErrorState error={error} retry={reset} />
}
