/** Who decides: two holders for one decision, and approval of one's own. */
import type { AuthorityClause } from '../instrument.ts'
import type { Findings } from './finding.ts'
import type { Holding } from './holding.ts'
import { areasMeet, meet, nameOf, type Pack, type Placed } from './pack.ts'

/** Clauses about one decision at one level that are held beside each other. */
const BESIDE_MAX = 50

type Held = { readonly placed: Placed; readonly clause: AuthorityClause; readonly holder: string }

export function decisionFindings(pack: Pack, holding: Holding | null, findings: Findings): void {
  const seen = new Map<string, Held[]>()
  for (const placed of pack.files)
    for (const [position, clause] of placed.file.clauses.entries()) {
      if (clause.kind !== 'authority') continue
      const { file } = placed
      const find = findings.at(placed, position)
      const name = nameOf(clause.holder, file)
      const held: Held = { placed, clause, holder: holding?.identity(name, file) ?? name }
      for (const [i, party] of clause.approvals.entries())
        if (nameOf(party, file) === name) find('lint.approves-oneself', `approvals[${i}]`, { party })
      let told = false
      for (const decision of clause.decides) {
        const key = `${file.jurisdiction}|${decision}|${clause.level ?? 'any'}|${clause.path}`
        const before = seen.get(key) ?? []
        seen.set(key, before)
        const other = before.find((one) => differs(one, held))
        if (other !== undefined && !told) {
          find('lint.decision-twice', 'holder', { decision, instrument: other.placed.file.id, clause: other.clause.id })
          told = true
        }
        if (before.length < BESIDE_MAX) before.push(held)
        else if (before.length === BESIDE_MAX) find('lint.unchecked', 'decides', { max: BESIDE_MAX }, 'warning')
      }
    }
}

const differs = (a: Held, b: Held): boolean =>
  a.holder !== b.holder && areasMeet(a.clause.areas, b.clause.areas) && meet(a.clause.hazards, b.clause.hazards)
