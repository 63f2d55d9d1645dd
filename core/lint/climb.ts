/** Escalation that leads nowhere: to the debtor himself, to the same again, or round in a circle. */
import type { EscalationClause, Instrument } from '../instrument.ts'
import { binds } from '../instrument.ts'
import { durationMs } from '../time.ts'
import type { Find, Findings } from './finding.ts'
import type { Holding } from './holding.ts'
import { nameOf, type Bound, type Pack } from './pack.ts'

export function climbFindings(pack: Pack, holding: Holding | null, findings: Findings): void {
  for (const placed of pack.files) {
    const { file } = placed
    const owes = new Map(file.clauses.filter(binds).map((one) => [one.id, nameOf(one.owes, file)]))
    const all: ReadonlySet<string> = new Set(owes.values())
    for (const [position, clause] of file.clauses.entries()) {
      if (clause.kind !== 'escalation') continue
      const debtors = clause.of === 'all' ? all : new Set(clause.of.flatMap((id) => owes.get(id) ?? []))
      stepFindings(clause, debtors, file, holding, findings.at(placed, position))
    }
  }
  circleFindings(pack, findings)
}

function stepFindings(clause: EscalationClause, debtors: ReadonlySet<string>, file: Instrument, holding: Holding | null, find: Find): void {
  const names = clause.steps.map(({ to }) => nameOf(to, file))
  const known = (name: string): string => holding?.identity(name, file) ?? name
  const owing = new Set([...debtors].map(known))
  let waited = -1
  for (const [i, step] of clause.steps.entries()) {
    const name = names[i] ?? step.to
    const wait = durationMs(step.after)
    if (wait < waited) find('lint.escalation-order', `steps[${i}].after`, { after: step.after })
    waited = Math.max(waited, wait)
    if (names.indexOf(name) < i) find('lint.escalation-again', `steps[${i}].to`, { party: step.to })
    const reached = known(name)
    // A step to one of several debtors is passed over for him alone; a step to the only one, or the only step, leads nowhere.
    if (name === 'debtor' || (owing.has(reached) && (owing.size === 1 || names.length === 1)))
      find('lint.escalates-to-debtor', `steps[${i}].to`, { party: step.to })
    else if (name === 'debtor@superior' && names.length === 1 && holding !== null) {
      const [alone] = [...owing].filter((one) => holding.above(one) === null)
      if (alone !== undefined)
        find('lint.escalates-to-nobody', `steps[${i}].to`, { party: step.to, function: alone, jurisdiction: file.jurisdiction })
    }
  }
}

/** Where the lapse of one act makes another owed, and its lapse the first again. A step up by the superior ends at the top, and is no circle. */
function circleFindings(pack: Pack, findings: Findings): void {
  const edges = pack.bound.flatMap(edgesOf)
  const left = inCircles(edges)
  const closing = new Map<string, Edge>()
  const group = grouped(left)
  for (const edge of left) closing.set(group(edge.from), edge)
  for (const { bound, path, from, to } of closing.values())
    findings.at(bound, bound.position)('lint.escalation-circle', path, { act: to, lapsed: from })
}

type Edge = { readonly from: string; readonly to: string; readonly bound: Bound; readonly path: string }

function edgesOf(bound: Bound): readonly Edge[] {
  const { clause } = bound
  if (clause.owes.endsWith('@superior')) return []
  return clause.when.flatMap((when, i) =>
    when.event === 'obligation.lapsed' || when.event === 'obligation.declined'
      ? (when.acts ?? []).map((from, j) => ({ from, to: clause.act, bound, path: `when[${i}].acts[${j}]` }))
      : [],
  )
}

/** What stays when every act that nothing leads to, or that leads to nothing, is taken away again and again. */
function inCircles(edges: readonly Edge[]): readonly Edge[] {
  const peel = (all: readonly Edge[], tail: (edge: Edge) => string, head: (edge: Edge) => string): readonly Edge[] => {
    const incoming = new Map<string, number>()
    const outgoing = Map.groupBy(all, tail)
    for (const edge of all) incoming.set(head(edge), (incoming.get(head(edge)) ?? 0) + 1)
    const gone = new Set<string>()
    const open = [...outgoing.keys()].filter((act) => !incoming.has(act))
    for (let act = open.pop(); act !== undefined; act = open.pop()) {
      gone.add(act)
      for (const edge of outgoing.get(act) ?? []) {
        const rest = (incoming.get(head(edge)) ?? 0) - 1
        incoming.set(head(edge), rest)
        if (rest === 0) open.push(head(edge))
      }
    }
    return all.filter((edge) => !gone.has(tail(edge)))
  }
  const forward = peel(
    edges,
    (edge) => edge.from,
    (edge) => edge.to,
  )
  return peel(
    forward,
    (edge) => edge.to,
    (edge) => edge.from,
  )
}

/** The first act, by which those that hang together are known. */
function grouped(edges: readonly Edge[]): (act: string) => string {
  const parent = new Map<string, string>()
  const root = (act: string): string => {
    let at = act
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) {
      parent.set(at, parent.get(up) ?? up)
      at = up
    }
    return at
  }
  for (const { from, to } of edges) parent.set(root(to), root(from))
  return root
}
