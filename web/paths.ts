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
    obligations: () => `${at}/obligations`,
    findings: () => `${at}/findings`,
    finding: (id: string) => `${at}/findings/${part(id)}`,
    obligation: (id: string) => `${at}/obligations/${part(id)}`,
    objectives: () => `${at}/objectives`,
    obligationForm: (id: string) => `${at}/obligations/${part(id)}/form`,
    instruments: () => `${at}/instruments`,
    templates: () => `${at}/instruments/templates`,
    instrument: (id: string) => `${at}/instruments/${part(id)}`,
    clause: (instrumentId: string, clauseId: string) => `${at}/instruments/${part(instrumentId)}#clause-${part(clauseId)}`,
    headquarters: () => `${at}/headquarters`,
    body: (id: string) => `${at}/headquarters/${part(id)}`,
    decision: (id: string) => `${at}/decisions/${part(id)}`,
    matrix: () => `${at}/instruments/matrix`,
    notices: () => `${at}/notices`,
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
