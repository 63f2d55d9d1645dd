import { useParams } from '@tanstack/react-router'
import { createContext, useContext, useMemo } from 'react'

/** An exercise's world that is being looked into; its clock stands where the exercise stands. */
export type World = { readonly id: string; readonly title: string; readonly clock: string | null }
export const WorldContext = createContext<World | null>(null)

/** The id of the exercise whose world is shown, or null in the real world. Pass it to every read. */
export const useWorld = (): string | null => useContext(WorldContext)?.id ?? null

const part = encodeURIComponent

/** Every URL of the pages, in the real world (null) or inside an exercise's. */
export const pathsIn = (world: string | null) => {
  const at = world === null ? '' : `/exercises/${part(world)}`
  return {
    desk: () => (world === null ? '/' : `${at}/desk`),
    incident: (id: string) => `${at}/incidents/${part(id)}`,
    calls: (warning?: string) => `${at}/alerts/calls${warning === undefined ? '' : `?warning=${part(warning)}`}`,
    alerts: () => `${at}/alerts`,
    feeds: () => `${at}/alerts/feeds`,
    alert: (id: string) => `${at}/alerts/${part(id)}`,
    alertNew: (said: Readonly<Record<string, string>> = {}) =>
      `${at}/alerts/new${Object.keys(said).length === 0 ? '' : `?${new URLSearchParams(said).toString()}`}`,
    alertEdit: (id: string) => `${at}/alerts/${part(id)}/edit`,
    obligations: () => `${at}/obligations`,
    findings: () => `${at}/findings`,
    finding: (id: string) => `${at}/findings/${part(id)}`,
    obligation: (id: string) => `${at}/obligations/${part(id)}`,
    objectives: () => `${at}/objectives`,
    risks: () => `${at}/risks`,
    riskSites: () => `${at}/risks/sites`,
    riskCoverage: () => `${at}/risks/coverage`,
    riskCarry: () => `${at}/risks/carry`,
    risk: (id: string) => `${at}/risks/${part(id)}`,
    obligationForm: (id: string) => `${at}/obligations/${part(id)}/form`,
    instruments: () => `${at}/instruments`,
    templates: () => `${at}/instruments/templates`,
    instrument: (id: string) => `${at}/instruments/${part(id)}`,
    clause: (instrumentId: string, clauseId: string) => `${at}/instruments/${part(instrumentId)}#clause-${part(clauseId)}`,
    headquarters: () => `${at}/headquarters`,
    body: (id: string) => `${at}/headquarters/${part(id)}`,
    consultations: () => `${at}/alerts/consultations`,
    stations: () => `${at}/alerts/stations`,
    station: (id: string) => `${at}/alerts/stations/${part(id)}`,
    consultation: (id: string) => `${at}/alerts/consultations/${part(id)}`,
    decision: (id: string) => `${at}/decisions/${part(id)}`,
    matrix: () => `${at}/instruments/matrix`,
    notices: () => `${at}/notices`,
    intakes: () => `${at}/intake`,
    intake: (id: string) => `${at}/intake/${part(id)}`,
    information: (incident?: string | null) => `${at}/information${incident == null ? '' : `?incident=${part(incident)}`}`,
    informationOwed: (incident?: string | null) => `${at}/information/owed${incident == null ? '' : `?incident=${part(incident)}`}`,
    releases: (incident?: string | null) => `${at}/information/releases${incident == null ? '' : `?incident=${part(incident)}`}`,
    datasets: () => `${at}/information/datasets`,
    lint: () => `${at}/instruments/lint`,
    directory: () => `${at}/directory`,
    exercises: () => '/exercises',
    exercise: (id: string) => `/exercises/${part(id)}`,
    /** `to`: where to go afterwards. */
    signIn: (to?: string) => (to === undefined ? '/sign-in' : `/sign-in?to=${part(to)}`),
  }
}
export type Paths = ReturnType<typeof pathsIn>

/** The paths of the world that is shown: links inside an exercise stay inside it. */
export function usePaths(): Paths {
  const world = useWorld()
  return useMemo(() => pathsIn(world), [world])
}

/** A part of the address, such as `id`. Throws where the route has none: that is a mistake in `routes.tsx`. */
export function useParam(name: string): string {
  const params: Readonly<Record<string, unknown>> = useParams({ strict: false })
  const value = params[name]
  if (typeof value !== 'string') throw new Error(`no ${name} in the address`)
  return value
}
