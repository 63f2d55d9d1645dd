/** The linter over HTTP: texts held against what is in force, and what is in force held against itself. It keeps nothing. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod/mini'
import { inForceOn, type Instrument } from '#core/instrument.ts'
import { lint, type LintFinding, type LintOrganization, type LintPost } from '#core/lint.ts'
import { PlainDate } from '#core/time.ts'
import type { LintAnswer, LintInForce, LintInForceFinding, LintNames } from '#core/view/lint.ts'
import type { Kept } from './instrument.ts'
import { readAndLint, type LintAround } from './lint/files.ts'
import { knownScales, sharedWords } from './lint/shared.ts'
import { look, parse, type Desk, type Sight } from './room.ts'

const FILES_MAX = 40
/** A plan of 2,000 clauses takes about two million bytes. */
const BYTES_MAX = 4 * 1024 * 1024
const POSTS_MAX = 50_000
/** What is in force is checked anew at most so often, however many look. */
const FRESH_MS = 10_000

const LintBody = z.strictObject({
  files: z
    .array(z.strictObject({ name: z.string().check(z.minLength(1), z.maxLength(200)), text: z.string().check(z.maxLength(BYTES_MAX)) }))
    .check(z.minLength(1), z.maxLength(FILES_MAX)),
  on: z.optional(PlainDate),
})
const LintQuery = z.object({ on: z.optional(PlainDate) })

/** POST /api/lint: files against what is in force; GET /api/lint?on=: what is in force. Anybody who is signed in may. */
export function lintRoutes(app: FastifyInstance, desk: Desk): void {
  app.post('/api/lint', { bodyLimit: BYTES_MAX }, async (request): Promise<LintAnswer> => {
    const sight = await look(desk, request)
    const { files, on = today(sight) } = parse(LintBody, request.body)
    const { report, instruments } = readAndLint(files, await around(sight, on), on)
    return { ...report, read: instruments, names: namesOf(report.findings, sight) }
  })

  const checked = new Map<string, { readonly at: number; readonly answer: LintInForce }>()
  app.get('/api/lint', async (request): Promise<LintInForce> => {
    const sight = await look(desk, request)
    const query = parse(LintQuery, request.query)
    const on = query.on ?? today(sight)
    const now = performance.now()
    for (const [key, { at }] of checked) if (now - at > FRESH_MS) checked.delete(key)
    const key = `${sight.world.name}|${sight.asker.viewer.organizationId}|${on}`
    const known = checked.get(key)
    if (known !== undefined) return known.answer
    const answer = inForce(sight, await around(sight, on), on)
    checked.set(key, { at: now, answer })
    return answer
  })
}

const today = ({ scene }: Sight): string => scene.now.slice(0, 10)

/** What binds or will bind, with what was signed and approved in the log; an agreement past its term stays to be seen. */
async function around({ read, scene }: Sight, on: string): Promise<LintAround> {
  const posts = await read((sql) => sql<PostRow[]>`select id, organization_id, holders, contacts from post order by id limit ${POSTS_MAX}`)
  // In a world where nobody holds any post, nobody says who holds them.
  const said = posts.some((post) => post.holders.length > 0)
  const postsOf = Map.groupBy(posts, (post) => post.organization_id)
  const organizations = [...scene.relations.all()].map(({ id, functions, jurisdiction, superior }): LintOrganization => ({
    id,
    functions,
    jurisdiction,
    superior,
    posts: (postsOf.get(id) ?? []).map((post) => lintPost(post, said)),
  }))
  const instruments = scene.instruments
    .all()
    .filter(({ instrument }) => instrument.inForceUntil === null || instrument.inForceUntil > on || instrument.kind === 'agreement')
    .map(asItStands)
  return { instruments, directory: { organizations }, shared: sharedWords(), scales: knownScales() }
}

type PostRow = {
  readonly id: string
  readonly organization_id: string
  readonly holders: readonly string[]
  readonly contacts: readonly { readonly confirmedAt: string | null; readonly setAt: string }[] | null
}

function lintPost({ id, holders, contacts }: PostRow, said: boolean): LintPost {
  // A new contact has as long to be confirmed as a confirmed one keeps its standing.
  const last = (contacts ?? [])
    .map((one) => (one.confirmedAt ?? one.setAt).slice(0, 10))
    .toSorted()
    .at(-1)
  return { id, ...(said ? { holders: holders.length } : {}), ...(last === undefined ? {} : { confirmedOn: last }) }
}

/** The text with the signatures and approvals that were given in the log. */
function asItStands({ instrument, version, state }: Kept): Instrument {
  const signed = (state.signatures ?? []).filter((one) => one.version === version)
  const approved = (state.approvals ?? []).filter((one) => one.version === version)
  if (signed.length + approved.length === 0) return instrument
  return {
    ...instrument,
    signatures: [...(instrument.signatures ?? []), ...signed.map(({ party, on }) => ({ party, on }))],
    approvals: [...(instrument.approvals ?? []), ...approved.map(({ by, on }) => ({ by, on }))],
  }
}

function inForce(sight: Sight, { instruments, ...rest }: LintAround, on: string): LintInForce {
  const findings = lint({ instruments, ...rest }, { on }).filter((one) => one.of === 'instrument' || one.of === 'directory')
  const byFile = Map.groupBy(
    findings.filter((one) => one.of === 'instrument'),
    (one) => one.index,
  )
  const binding = instruments.filter((one) => inForceOn(one, on))
  return {
    on,
    names: namesOf(findings, sight),
    instruments: binding.length,
    clauses: binding.reduce((sum, one) => sum + one.clauses.length, 0),
    found: [...byFile].flatMap(([index, all]) => {
      const file = instruments[index]
      return file === undefined ? [] : [{ id: file.id, title: file.title, findings: all.map(shown) }]
    }),
    directory: findings.filter((one) => one.of === 'directory').map(shown),
  }
}

const shown = ({ code, severity, clause, path, params }: LintFinding): LintInForceFinding => ({ code, severity, clause, path, params })

function namesOf(findings: readonly Pick<LintFinding, 'params'>[], { scene }: Sight): LintNames {
  const ids = new Set(
    findings.flatMap(({ params }) => [params.organization, params.post, params.superior]).filter((one) => typeof one === 'string'),
  )
  return Object.fromEntries(
    [...ids].flatMap((id) => {
      const name = scene.relations.find(id)?.name ?? scene.titles.get(id)
      return name === undefined ? [] : [[id, name] as const]
    }),
  )
}
