import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { OrganizationRef } from '#core/view.ts'
import { useWorld } from '../paths.ts'
import { directoryQuery } from '../queries.ts'

const NONE: readonly OrganizationRef[] = []

/** Every organization of the directory; none while it is being read. */
export function useOrganizations(): readonly OrganizationRef[] {
  const directory = useQuery(directoryQuery(useWorld())).data
  return useMemo(() => directory?.organizations ?? NONE, [directory])
}
