import { refuse, type Refusal } from '../decider.ts'
import type { Form } from './terms.ts'

type Side = { readonly sector: string; readonly jurisdiction: string | null }

/** Who acts with the force of a government of county level or above; a headquarters speaks for the one that set it up. */
const GOVERNING: ReadonlySet<string> = new Set(['government', 'command', 'party'])

/**
 * State Council and CMC Order 436: governments of county level and above, and departments of the State Council, ask for the
 * armed forces, through the military body of the same level, in extremis the unit stationed there (art. 4), and state the
 * six particulars (art. 5). Null, or why such a request cannot stand.
 */
export function militaryRefusal(asker: Side, debtor: Side, form: Form | undefined): Refusal | null {
  if (debtor.sector !== 'military' || asker.sector === 'military') return null
  if (!GOVERNING.has(asker.sector)) return refuse('obligation.military-by-government')
  if (form?.type !== 'military') return refuse('obligation.military-form-missing')
  return asker.jurisdiction !== null && asker.jurisdiction === debtor.jurisdiction
    ? null
    : form.direct === undefined
      ? refuse('obligation.military-not-same-level')
      : null
}
