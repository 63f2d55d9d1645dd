/** A release, a rumour and the clocks of an incident as a page shows them. */
import type { Thing } from '#core/authority.ts'
import type { Incident } from '#core/incident.ts'
import { headquartersOf } from '#core/incident/headquarters.ts'
import {
  contentOf,
  FIRST_NEEDS_WITHIN,
  NEEDS_REFRESHED_EVERY,
  problemsOf,
  release,
  releaseThing,
  type Known,
  type PublicRelease,
  type Release,
  type ReleaseCommand,
  type Rumour,
} from '#core/release.ts'
import type { ReleaseClocks, ReleaseView, RumourView } from '#core/view/information.ts'
import { actionsOf, maybe, reference, type Scene } from '../present.ts'

export type ReleaseRow = { readonly id: string; readonly state: Release }
type Of<State> = { readonly id: string; readonly state: State }

export function releaseView(scene: Scene, { id, state }: Of<PublicRelease>, known: Known, incident: Thing): ReleaseView {
  const content = contentOf(state)
  const samples: readonly ReleaseCommand[] = [
    { type: 'release.revise', known, ...content },
    { type: 'release.approve', known },
    { type: 'release.publish', known },
    { type: 'release.withdraw', reason: 'x' },
    { type: 'release.receipt' },
  ]
  const { jurisdiction, headquarters = null, lead = null, areas = [] } = incident
  const isOpen = state.status === 'draft' || state.status === 'approved'
  return {
    id,
    incidentId: state.incidentId,
    ...content,
    audience: state.audience.map((one) => ({
      organization: reference(scene, one),
      receiptAt: state.receipts.find(({ organization }) => organization === one)?.at ?? null,
    })),
    correctedBy: state.correctedBy,
    status: state.status,
    approver: maybe(scene, state.approver),
    drafted: { organization: maybe(scene, state.drafted.organization), at: state.drafted.at },
    approved: state.approved === null ? null : { organization: maybe(scene, state.approved.organization), at: state.approved.at },
    published: state.published === null ? null : { organization: maybe(scene, state.published.organization), at: state.published.at },
    outdated: state.outdated,
    problems: isOpen ? problemsOf(state, known.facts).map(({ code, params }) => ({ code, params })) : [],
    actions: samples.flatMap((sample) =>
      actionsOf(scene, release, state, { ...releaseThing(state, sample), jurisdiction, headquarters, lead, areas }, [sample]),
    ),
  }
}

export const rumourView = (scene: Scene, { id, state }: Of<Rumour>): RumourView => ({
  id,
  incidentId: state.incidentId,
  text: state.text,
  whereSeen: state.whereSeen,
  seenAt: state.seenAt,
  notedBy: maybe(scene, state.notedBy),
  correctedBy: state.correctedBy,
  correctedAt: state.correctedAt,
})

/** From the report to the first release, from the activation to the first needs, from a rumour to its correction. */
export function clocksOf(incident: Incident, releases: readonly Of<PublicRelease>[], rumours: readonly Of<Rumour>[]): ReleaseClocks {
  const published = releases
    .flatMap(({ state }) => (state.published === null ? [] : [{ ...state, at: state.published.at }]))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
  const needs = published.filter((one) => one.kind === 'needs')
  const activated = [...incident.responses.map((one) => one.at), ...headquartersOf(incident).map((one) => one.activatedAt)].toSorted()
  const corrected = rumours
    .flatMap(({ state }) => (state.correctedAt === null ? [] : [Date.parse(state.correctedAt) - Date.parse(state.seenAt)]))
    .toSorted((a, b) => a - b)
  return {
    reportedAt: incident.reportedAt,
    firstAt: published.find((one) => one.kind !== 'needs')?.at ?? null,
    activatedAt: activated[0] ?? null,
    firstNeedsAt: needs[0]?.at ?? null,
    lastNeedsAt: needs.at(-1)?.at ?? null,
    needsWithin: FIRST_NEEDS_WITHIN,
    needsEvery: NEEDS_REFRESHED_EVERY,
    openRumours: rumours.filter(({ state }) => state.correctedBy === null).length,
    rumourMedianMs: corrected.length === 0 ? null : (corrected[Math.floor((corrected.length - 1) / 2)] ?? null),
    needsReceipts: {
      asked: needs.reduce((sum, one) => sum + one.audience.length, 0),
      given: needs.reduce((sum, one) => sum + one.receipts.length, 0),
    },
  }
}
