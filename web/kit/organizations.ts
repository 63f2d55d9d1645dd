import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { OrganizationView } from '#core/view.ts'
import { useWorld } from '../paths.ts'
import { directoryQuery } from '../queries.ts'

const NONE: readonly OrganizationView[] = []

/** Every organization of the directory, with its functions; none while it is being read. */
export function useOrganizations(): readonly OrganizationView[] {
  const directory = useQuery(directoryQuery(useWorld())).data
  return useMemo(() => directory?.organizations ?? NONE, [directory])
}
