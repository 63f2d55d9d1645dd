import { keepPreviousData, QueryCache, QueryClient, queryOptions } from '@tanstack/react-query'
import type {
  CommonSuperiorView,
  DeskView,
  DirectoryView,
  ExerciseListView,
  ExerciseSummary,
  IncidentSummary,
  IncidentView,
  InstrumentSummary,
  InstrumentView,
  ObligationDetail,
  ObligationStatus,
  ObligationView,
  PostView,
  SessionView,
  TimelineEntry,
} from '#core/view.ts'
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

type Timeline = readonly TimelineEntry[]
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
/** Newest first; `before` is a position, `limit` at most 200. */
export const timelineQuery = (world: World, incident: string, page: { readonly before?: string; readonly limit?: number } = {}) =>
  queryOptions({
    queryKey: key(world, 'incident', incident, 'timeline', page),
    queryFn: ({ signal }) => get<Timeline>(`/api/incidents/${id(incident)}/timeline${query(page)}`, world, signal),
    placeholderData: keepPreviousData,
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
export const instrumentsQuery = (world: World) =>
  queryOptions({
    queryKey: key(world, 'instruments'),
    queryFn: ({ signal }) => get<readonly InstrumentSummary[]>('/api/instruments', world, signal),
  })
export const instrumentQuery = (world: World, instrument: string) =>
  queryOptions({
    queryKey: key(world, 'instrument', instrument),
    queryFn: ({ signal }) => get<InstrumentView>(`/api/instruments/${id(instrument)}`, world, signal),
  })
export const directoryQuery = (world: World) =>
  queryOptions({ queryKey: key(world, 'directory'), queryFn: ({ signal }) => get<DirectoryView>('/api/directory', world, signal) })
export const commonSuperiorQuery = (world: World, a: string, b: string) =>
  queryOptions({
    queryKey: key(world, 'directory', 'common-superior', a, b),
    queryFn: ({ signal }) => get<CommonSuperiorView>(`/api/directory/common-superior${query({ a, b })}`, world, signal),
  })

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
