import { keepPreviousData, QueryCache, QueryClient, queryOptions } from '@tanstack/react-query'
import type {
  CommonSuperiorView,
  DeskView,
  DirectoryView,
  ExerciseListView,
  ExerciseSummary,
  IncidentSummary,
  IncidentView,
  ObligationDetail,
  ObligationStatus,
  ObligationView,
  PostView,
  SessionView,
} from '#core/view.ts'
import type { AreaView, ObjectivesView, PhasesView, UnlinkedView } from '#core/view/objective.ts'
import type { ConsultationsView, ConsultationView, SuggestionsView } from '#core/view/consultation.ts'
import type { DecisionsView, DecisionView } from '#core/view/decision.ts'
import type { BodiesView, BodyView, LeadsView } from '#core/view/headquarters.ts'
import type {
  ForcesView,
  GaugesView,
  LegalCoverageView,
  LegalSheetView,
  MatrixView,
  NetworkView,
  OpennessView,
  PairsView,
  PlanCoverageView,
} from '#core/view/matrix.ts'
import type { FindingDetail, FindingView, SupervisionView } from '#core/view/finding.ts'
import type { ThresholdSet } from '#core/station.ts'
import type { SeriesView, StationDetail, StationsView } from '#core/view/station.ts'
import type { CallsView, LatenciesView, Stage } from '#core/view/call.ts'
import type { AskingView } from '#core/view/obligation.ts'
import type { ActivationPreview, ActivationsView, InstrumentDetail, InstrumentEntry, TemplateSummary } from '#core/view/instrument.ts'
import type { LintInForce } from '#core/view/lint.ts'
import type { IntakeDetail, IntakeNumbers, IntakeSummary, ProposalView } from '#core/view/intake.ts'
import type { FeedsView } from '#core/view/feed.ts'
import type { NoticesView } from '#core/view/notice.ts'
import type { CarryBoard, RiskCoverageView, RiskDetail, RiskListView } from '#core/view/risk.ts'
import type { AlertDetail, AlertShape, AlertsView } from '#core/view/alert.ts'
import type { DatasetsView, InformationView, OwedInformationView, ReleasesView } from '#core/view/information.ts'
import { get, NotAnswered } from './api.ts'
import { correctClock } from './clock.ts'

/** Reads are refreshed by the live feed, not by age; a cut line is retried, a refusal is not. */
const RETRIES_MAX = 2
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof NotAnswered && error.status === 401) void queryClient.invalidateQueries({ queryKey: ['session'] })
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: Infinity,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      networkMode: 'always',
      retry: (failures, error) => failures < RETRIES_MAX && error instanceof NotAnswered && (error.status === 0 || error.status >= 500),
    },
  },
})

export type World = string | null
/** The first parts of every key: the world, then the room's word, then the thing. `live.ts` refreshes by them. */
const key = (world: World, ...rest: readonly unknown[]) => ['world', world ?? 'real', ...rest] as const
export const keyOf = key

const query = (fields: Readonly<Record<string, string | number | null | undefined>>): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== null && value !== undefined) search.set(name, String(value))
  return search.size === 0 ? '' : `?${search.toString()}`
}
const id = encodeURIComponent

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const session = await get<SessionView>('/api/session', null, signal)
    correctClock(session.serverTime)
    return session
  },
})
export const postsQuery = queryOptions({
  queryKey: ['posts'],
  queryFn: ({ signal }) => get<readonly PostView[]>('/api/session/posts', null, signal),
})

export const deskQuery = (world: World) =>
  queryOptions({ queryKey: key(world, 'desk'), queryFn: ({ signal }) => get<DeskView>('/api/desk', world, signal) })
export const incidentsQuery = (world: World) =>
  queryOptions({
    queryKey: key(world, 'incidents'),
    queryFn: ({ signal }) => get<readonly IncidentSummary[]>('/api/incidents', world, signal),
  })
export const incidentQuery = (world: World, incident: string) =>
  queryOptions({
    queryKey: key(world, 'incident', incident),
    queryFn: ({ signal }) => get<IncidentView>(`/api/incidents/${id(incident)}`, world, signal),
  })
export const obligationsQuery = (world: World, filter: { readonly status?: ObligationStatus | 'late'; readonly incident?: string } = {}) =>
  queryOptions({
    queryKey: key(world, 'obligations', filter),
    queryFn: ({ signal }) => get<readonly ObligationView[]>(`/api/obligations${query(filter)}`, world, signal),
    placeholderData: keepPreviousData,
  })
export const obligationQuery = (world: World, obligation: string) =>
  queryOptions({
    queryKey: key(world, 'obligation', obligation),
    queryFn: ({ signal }) => get<ObligationDetail>(`/api/obligations/${id(obligation)}`, world, signal),
  })
/** Of an incident, or of a year; of neither, the newest year that has any. */
export const objectivesQuery = (world: World, of: { readonly incident?: string; readonly year?: number } = {}) =>
  queryOptions({
    queryKey: key(world, 'objectives', of),
    queryFn: ({ signal }) => get<ObjectivesView>(`/api/objectives${query(of)}`, world, signal),
    placeholderData: keepPreviousData,
  })
export const unlinkedQuery = (world: World, of: { readonly incident?: string } = {}) =>
  queryOptions({
    queryKey: key(world, 'objectives', 'unlinked', of),
    queryFn: ({ signal }) => get<UnlinkedView>(`/api/objectives/unlinked${query(of)}`, world, signal),
  })
export const phasesQuery = (world: World, incident: string) =>
  queryOptions({
    queryKey: key(world, 'incident', incident, 'phases'),
    queryFn: ({ signal }) => get<PhasesView>(`/api/incidents/${id(incident)}/phases`, world, signal),
  })
export const areaQuery = (world: World, incident: string) =>
  queryOptions({
    queryKey: key(world, 'incident', incident, 'area'),
    queryFn: ({ signal }) => get<AreaView>(`/api/incidents/${id(incident)}/area`, world, signal),
  })
/** Open ones first, the gravest first, at most 200. */
export const findingsQuery = (world: World, filter: { readonly obligation?: string; readonly incident?: string } = {}) =>
  queryOptions({
    queryKey: key(world, 'findings', filter),
    queryFn: ({ signal }) => get<readonly FindingView[]>(`/api/findings${query(filter)}`, world, signal),
    placeholderData: keepPreviousData,
  })
export const findingQuery = (world: World, finding: string) =>
  queryOptions({
    queryKey: key(world, 'finding', finding),
    queryFn: ({ signal }) => get<FindingDetail>(`/api/findings/${id(finding)}`, world, signal),
  })
/** What is late, how slow each mechanism is, what was lost in passing. */
export const supervisionQuery = (world: World) =>
  queryOptions({
    queryKey: key(world, 'supervision'),
    queryFn: ({ signal }) => get<SupervisionView>('/api/supervision', world, signal),
    placeholderData: keepPreviousData,
  })
/** Whether the organization can be ordered at this instant or only requested; asked anew each time. */
export const askingQuery = (world: World, debtor: string, incident: string | null) =>
  queryOptions({
    queryKey: key(world, 'asking', debtor, incident),
    queryFn: ({ signal }) => get<AskingView>(`/api/obligations/may${query({ debtor, incident })}`, world, signal),
    staleTime: 0,
  })
export const instrumentsQuery = (world: World) =>
  queryOptions({
    queryKey: key(world, 'instruments'),
    queryFn: ({ signal }) => get<readonly InstrumentEntry[]>('/api/instruments', world, signal),
  })
export const instrumentQuery = (world: World, instrument: string) =>
  queryOptions({
    queryKey: key(world, 'instrument', instrument),
    queryFn: ({ signal }) => get<InstrumentDetail>(`/api/instruments/${id(instrument)}`, world, signal),
  })
export const headquartersQuery = (world: World) =>
  queryOptions({
    queryKey: key(world, 'headquarters'),
    queryFn: ({ signal }) => get<BodiesView>('/api/headquarters', world, signal),
  })
export const bodyQuery = (world: World, body: string) =>
  queryOptions({
    queryKey: key(world, 'headquarters', body),
    queryFn: ({ signal }) => get<BodyView>(`/api/headquarters/${id(body)}`, world, signal),
  })
export const leadsQuery = (world: World, incident: string) =>
  queryOptions({
    queryKey: key(world, 'incident', incident, 'leads'),
    queryFn: ({ signal }) => get<LeadsView>(`/api/incidents/${id(incident)}/leads`, world, signal),
  })
/** Of an incident, or all that one may know of. */
export const consultationsQuery = (world: World, incident: string | null = null) =>
  queryOptions({
    queryKey: key(world, 'consultations', incident),
    queryFn: ({ signal }) => get<ConsultationsView>(`/api/consultations${query({ incident })}`, world, signal),
  })
export const consultationQuery = (world: World, consultation: string) =>
  queryOptions({
    queryKey: key(world, 'consultation', consultation),
    queryFn: ({ signal }) => get<ConsultationView>(`/api/consultations/${id(consultation)}`, world, signal),
  })
/** Whom clauses and functions suggest to ask about a hazard in a place. */
export const suggestionsQuery = (world: World, hazard: string, jurisdiction: string) =>
  queryOptions({
    queryKey: key(world, 'directory', 'consult', hazard, jurisdiction),
    queryFn: ({ signal }) => get<SuggestionsView>(`/api/consultations/suggestions${query({ hazard, jurisdiction })}`, world, signal),
    enabled: /^[1-9]\d{5}$/.test(jurisdiction) && hazard !== '',
  })
export const decisionsQuery = (world: World, filter: { readonly incident?: string; readonly headquarters?: string } = {}) =>
  queryOptions({
    queryKey: key(world, 'decisions', filter),
    queryFn: ({ signal }) => get<DecisionsView>(`/api/decisions${query(filter)}`, world, signal),
  })
export const decisionQuery = (world: World, decision: string) =>
  queryOptions({
    queryKey: key(world, 'decision', decision),
    queryFn: ({ signal }) => get<DecisionView>(`/api/decisions/${id(decision)}`, world, signal),
  })

/** What activating the instrument for the incident would make owed. */
export const previewQuery = (world: World, instrument: string, incident: string) =>
  queryOptions({
    queryKey: key(world, 'instrument', instrument, 'preview', incident),
    queryFn: ({ signal }) => get<ActivationPreview>(`/api/instruments/${id(instrument)}/preview${query({ incident })}`, world, signal),
  })
/** The instruments activated for an incident and the response levels set in it. */
export const activationsQuery = (world: World, incident: string) =>
  queryOptions({
    queryKey: key(world, 'incident', incident, 'activations'),
    queryFn: ({ signal }) => get<ActivationsView>(`/api/incidents/${id(incident)}/activations`, world, signal),
  })
export const templatesQuery = (world: World) =>
  queryOptions({
    queryKey: key(world, 'templates'),
    queryFn: ({ signal }) => get<readonly TemplateSummary[]>('/api/templates', world, signal),
  })
/** What is wrong with what is in force. */
export const lintQuery = (world: World) =>
  queryOptions({ queryKey: key(world, 'instruments', 'lint'), queryFn: ({ signal }) => get<LintInForce>('/api/lint', world, signal) })
export const directoryQuery = (world: World) =>
  queryOptions({ queryKey: key(world, 'directory'), queryFn: ({ signal }) => get<DirectoryView>('/api/directory', world, signal) })
export const commonSuperiorQuery = (world: World, a: string, b: string) =>
  queryOptions({
    queryKey: key(world, 'directory', 'common-superior', a, b),
    queryFn: ({ signal }) => get<CommonSuperiorView>(`/api/directory/common-superior${query({ a, b })}`, world, signal),
  })

/** What the matrix and its coverages are asked with; left out, the server takes today and the asker's own territory. */
export type MatrixFields = {
  readonly hazard?: string
  readonly area?: string
  readonly on?: string
  readonly against?: string
  readonly kind?: string
}
const matrixRead =
  <View>(path: string, ...under: readonly string[]) =>
  (world: World, fields: MatrixFields) =>
    queryOptions({
      queryKey: key(world, ...under, fields),
      queryFn: ({ signal }) => get<View>(`${path}${query(fields)}`, world, signal),
      placeholderData: keepPreviousData,
    })
export const matrixQuery = matrixRead<MatrixView>('/api/matrix', 'instruments', 'matrix')
export const coverageQuery = matrixRead<PlanCoverageView>('/api/matrix/coverage', 'instruments', 'coverage')
export const legalQuery = matrixRead<LegalCoverageView>('/api/matrix/legal', 'obligations', 'legal')
export const opennessQuery = matrixRead<OpennessView>('/api/matrix/openness', 'instruments', 'openness')
export const gaugesQuery = matrixRead<GaugesView>('/api/matrix/gauges', 'instruments', 'gauges')
/** The same question as a file. */
export const matrixFile = (ending: 'csv' | 'xlsx' | 'pdf', world: World, fields: MatrixFields, lang: string): string =>
  `/api/matrix.${ending}${query({ ...fields, lang, world })}`
export const legalSheetQuery = (world: World, obligation: string) =>
  queryOptions({
    queryKey: key(world, 'obligation', obligation, 'legal-sheet'),
    queryFn: ({ signal }) => get<LegalSheetView>(`/api/obligations/${id(obligation)}/legal-sheet`, world, signal),
  })
export const pairsQuery = (world: World, of: string) =>
  queryOptions({
    queryKey: key(world, 'directory', 'pairs', of),
    queryFn: ({ signal }) => get<PairsView>(`/api/directory/pairs${query({ of })}`, world, signal),
    placeholderData: keepPreviousData,
  })
export const networkQuery = (world: World, of: string) =>
  queryOptions({
    queryKey: key(world, 'obligations', 'network', of),
    queryFn: ({ signal }) => get<NetworkView>(`/api/directory/network${query({ of })}`, world, signal),
    placeholderData: keepPreviousData,
  })
export const forcesQuery = (world: World, area?: string) =>
  queryOptions({
    queryKey: key(world, 'directory', 'forces', area ?? null),
    queryFn: ({ signal }) => get<ForcesView>(`/api/directory/forces${query({ area })}`, world, signal),
    placeholderData: keepPreviousData,
  })

export const callsQuery = (world: World, warning: string | null, stage: Stage | null) =>
  queryOptions({
    queryKey: key(world, 'calls', warning, stage),
    queryFn: ({ signal }) =>
      get<CallsView>(`/api/calls${query({ warning: warning ?? undefined, stage: stage ?? undefined })}`, world, signal),
    placeholderData: keepPreviousData,
  })
export const latenciesQuery = (world: World) =>
  queryOptions({
    queryKey: key(world, 'calls', 'latencies'),
    queryFn: ({ signal }) => get<LatenciesView>('/api/calls/latencies', world, signal),
  })

/** Readings are no events, so nothing tells the page of them: it asks again. */
const READINGS_REFRESH_MS = 20_000
export const stationsQuery = (world: World) =>
  queryOptions({
    queryKey: key(world, 'stations'),
    queryFn: ({ signal }) => get<StationsView>('/api/stations', world, signal),
    refetchInterval: READINGS_REFRESH_MS,
  })
export const stationQuery = (world: World, station: string) =>
  queryOptions({
    queryKey: key(world, 'station', station),
    queryFn: ({ signal }) => get<StationDetail>(`/api/stations/${id(station)}`, world, signal),
    refetchInterval: READINGS_REFRESH_MS,
  })
export const seriesQuery = (world: World, station: string, indicator: string, hours: number) =>
  queryOptions({
    queryKey: key(world, 'station', station, 'series', indicator, hours),
    queryFn: ({ signal }) => get<SeriesView>(`/api/stations/${id(station)}/series${query({ indicator, hours })}`, world, signal),
    refetchInterval: READINGS_REFRESH_MS,
    placeholderData: keepPreviousData,
  })
/** A set of the pack, to be adopted. */
export const thresholdSetQuery = (world: World, set: string) =>
  queryOptions({
    queryKey: key(world, 'thresholds', set),
    queryFn: ({ signal }) => get<ThresholdSet>(`/api/thresholds/${id(set)}`, world, signal),
  })

/** The filters of the register, as the address of the server has them. */
export type RiskFields = Readonly<Record<string, string | undefined>>
export const risksQuery = (world: World, fields: RiskFields) =>
  queryOptions({
    queryKey: key(world, 'risks', fields),
    queryFn: ({ signal }) => get<RiskListView>(`/api/risks${query(fields)}`, world, signal),
    placeholderData: keepPreviousData,
  })
export const risksNearQuery = (world: World, lon: number, lat: number, km: number) =>
  queryOptions({
    queryKey: key(world, 'risks', 'near', lon, lat, km),
    queryFn: ({ signal }) => get<RiskListView>(`/api/risks/near${query({ lon: lon.toFixed(6), lat: lat.toFixed(6), km })}`, world, signal),
  })
export const riskQuery = (world: World, risk: string) =>
  queryOptions({
    queryKey: key(world, 'risk', risk),
    queryFn: ({ signal }) => get<RiskDetail>(`/api/risks/${id(risk)}`, world, signal),
  })
export const riskCoverageQuery = (world: World, fields: RiskFields) =>
  queryOptions({
    queryKey: key(world, 'risks', 'coverage', fields),
    queryFn: ({ signal }) => get<RiskCoverageView>(`/api/risks/coverage${query(fields)}`, world, signal),
    placeholderData: keepPreviousData,
  })
export const riskCarryQuery = (world: World) =>
  queryOptions({ queryKey: key(world, 'carry'), queryFn: ({ signal }) => get<CarryBoard>('/api/risks/carry', world, signal) })

/** Newest first, at most 100; `before` is when the last one shown was entered. */
export const intakesQuery = (world: World, filter: { readonly filter: string; readonly before?: string }) =>
  queryOptions({
    queryKey: key(world, 'intakes', filter),
    queryFn: ({ signal }) => get<readonly IntakeSummary[]>(`/api/intakes${query(filter)}`, world, signal),
    placeholderData: keepPreviousData,
  })
export const intakeNumbersQuery = (world: World) =>
  queryOptions({
    queryKey: key(world, 'intakes', 'numbers'),
    queryFn: ({ signal }) => get<IntakeNumbers>('/api/intakes/numbers', world, signal),
  })
/** What is being typed, compared; asked again only when it changes. */
export const intakeNearQuery = (world: World, fields: Readonly<Record<string, string | undefined>>) =>
  queryOptions({
    queryKey: key(world, 'intakes', 'near', fields),
    queryFn: ({ signal }) => get<readonly ProposalView[]>(`/api/intakes/near${query(fields)}`, world, signal),
    placeholderData: keepPreviousData,
  })
export const intakeQuery = (world: World, report: string) =>
  queryOptions({
    queryKey: key(world, 'intake', report),
    queryFn: ({ signal }) => get<IntakeDetail>(`/api/intakes/${id(report)}`, world, signal),
  })

export type AlertFilter = {
  readonly 'in-force'?: 'true'
  readonly colour?: string
  readonly hazard?: string
  readonly mine?: 'true'
  readonly cursor?: string
}
export const alertsQuery = (world: World, filter: AlertFilter = {}) =>
  queryOptions({
    queryKey: key(world, 'alerts', filter),
    queryFn: ({ signal }) => get<AlertsView>(`/api/alerts${query(filter)}`, world, signal),
    placeholderData: keepPreviousData,
  })
export const alertMapQuery = (world: World) =>
  queryOptions({
    queryKey: key(world, 'alerts', 'map'),
    queryFn: ({ signal }) => get<readonly AlertShape[]>('/api/alerts/map', world, signal),
  })
export const alertQuery = (world: World, alert: string) =>
  queryOptions({
    queryKey: key(world, 'alert', alert),
    queryFn: ({ signal }) => get<AlertDetail>(`/api/alerts/${id(alert)}`, world, signal),
  })

/** How sources are heard stands in no log, so it is asked for again by itself; nothing else is. */
const FEEDS_EVERY_MS = 15_000
export const feedsQuery = (world: World) =>
  queryOptions({
    queryKey: key(world, 'feeds'),
    queryFn: ({ signal }) => get<FeedsView>('/api/feeds', world, signal),
    refetchInterval: FEEDS_EVERY_MS,
  })
export const noticesQuery = (world: World) =>
  queryOptions({ queryKey: key(world, 'notices'), queryFn: ({ signal }) => get<NoticesView>('/api/notices', world, signal) })

/** Of one incident, or (null) of the one that needs it most. */
export const informationQuery = (world: World, incident: string | null) =>
  queryOptions({
    queryKey: key(world, 'information', incident),
    queryFn: ({ signal }) => get<InformationView>(`/api/information${query({ incident })}`, world, signal),
    placeholderData: keepPreviousData,
  })
/** Of one incident, or (null) of the last 90 days. */
export const owedInformationQuery = (world: World, incident: string | null) =>
  queryOptions({
    queryKey: key(world, 'information', 'owed', incident),
    queryFn: ({ signal }) => get<OwedInformationView>(`/api/information/owed${query({ incident })}`, world, signal),
    placeholderData: keepPreviousData,
  })
export const releasesQuery = (world: World, incident: string | null) =>
  queryOptions({
    queryKey: key(world, 'releases', incident),
    queryFn: ({ signal }) => get<ReleasesView>(`/api/releases${query({ incident })}`, world, signal),
    placeholderData: keepPreviousData,
  })
export const datasetsQuery = (world: World) =>
  queryOptions({ queryKey: key(world, 'datasets'), queryFn: ({ signal }) => get<DatasetsView>('/api/datasets', world, signal) })

export const exercisesQuery = queryOptions({
  queryKey: ['exercises'],
  queryFn: ({ signal }) => get<ExerciseListView>('/api/exercises', null, signal),
})
/** `Report` is core/exercise/report.ts's ReplayReport; the frame needs only the summary. */
export const exerciseQuery = <Report = unknown>(exercise: string) =>
  queryOptions({
    queryKey: ['exercise', exercise],
    queryFn: ({ signal }) =>
      get<{ readonly summary: ExerciseSummary; readonly report: Report | null }>(`/api/exercises/${id(exercise)}`, null, signal),
    refetchInterval: (running) => (running.state.data?.summary.status === 'running' ? RUNNING_REFRESH_MS : false),
  })
const RUNNING_REFRESH_MS = 1000
