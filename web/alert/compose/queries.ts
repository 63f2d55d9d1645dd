import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Draft } from '#core/alert/draft.ts'
import type { AlertDetail } from '#core/view/alert.ts'
import type { AlertPacksView, DivisionsView, ReachView } from '#core/view/compose.ts'
import type { ProposalDetail } from '#core/view/station.ts'
import { ask, get, NotAnswered } from '../../api.ts'
import { keyOf, type World } from '../../queries.ts'

const part = encodeURIComponent
/** Their keys stand apart from those of the lists: what is being written is not read anew under the hand. */
const key = (world: World, ...rest: readonly unknown[]) => keyOf(world, 'compose', ...rest)

export const alertPacksQuery = (world: World) =>
  queryOptions({ queryKey: key(world, 'packs'), queryFn: ({ signal }) => get<AlertPacksView>('/api/alerts/packs', world, signal) })

export const draftQuery = (world: World, alert: string) =>
  queryOptions({
    queryKey: key(world, 'alert', alert),
    queryFn: ({ signal }) => get<AlertDetail>(`/api/alerts/${part(alert)}`, world, signal),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })

export const proposedQuery = (world: World, proposal: string) =>
  queryOptions({
    queryKey: key(world, 'proposal', proposal),
    queryFn: ({ signal }) => get<ProposalDetail>(`/api/proposals/${part(proposal)}`, world, signal),
    retry: false,
  })

/** By a part of a name or a code, within a territory, or exactly those named. */
export const divisionsQuery = (
  world: World,
  asked: { readonly q?: string; readonly under?: string; readonly codes?: readonly string[] },
) => {
  const said = new URLSearchParams()
  if (asked.q !== undefined) said.set('q', asked.q)
  if (asked.under !== undefined) said.set('under', asked.under)
  if (asked.codes !== undefined) said.set('codes', asked.codes.join(','))
  return queryOptions({
    queryKey: key(world, 'divisions', said.toString()),
    queryFn: ({ signal }) => get<DivisionsView>(`/api/alerts/divisions?${said.toString()}`, world, signal),
    placeholderData: keepPreviousData,
  })
}

/** What lies under the area; asked anew for each area, never for an empty one. */
export const reachQuery = (world: World, area: Pick<Draft, 'divisions' | 'polygons' | 'circles'>) =>
  queryOptions({
    queryKey: key(world, 'reach', JSON.stringify(area)),
    queryFn: async () => {
      const answer = await ask<ReachView>('POST', '/api/alerts/reach', area)
      if (answer.ok) return answer.value
      throw new NotAnswered(answer)
    },
    enabled: area.divisions.length + area.polygons.length + area.circles.length > 0,
    placeholderData: keepPreviousData,
    retry: false,
  })
