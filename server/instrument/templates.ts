/** The templates of packs/templates: listed, filled, and their organizations registered by the post that asks. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { stringify } from 'yaml'
import { z } from 'zod/mini'
import { Refusal, refuse } from '#core/decider.ts'
import type { Words } from '#core/event.ts'
import { Uuid } from '#core/id.ts'
import { Instrument } from '#core/instrument.ts'
import { filled, Template, type Answer, type Answers } from '#core/instrument/template.ts'
import { DivisionCode } from '#core/place.ts'
import { PlainDate } from '#core/time.ts'
import type { FilledTemplate, RegisteredView, TemplateSummary } from '#core/view/instrument.ts'
import { idFrom } from '../clock.ts'
import { projectRoot } from '../config.ts'
import { DirectoryFile, readFileAs } from '../pack.ts'
import { divisionNames } from '../present.ts'
import { look, notFound, parse, Refused, type Desk, type Sight } from '../room.ts'

export const TEMPLATES = join(projectRoot, 'packs', 'templates')
const TEMPLATES_MAX = 200
const TEXT_MAX = 200

let known: ReadonlyMap<string, Template> | null = null

/** Read once: they change with the program. Throws where one is malformed, with its place. */
export function templates(): ReadonlyMap<string, Template> {
  if (known !== null) return known
  const names = readdirSync(TEMPLATES).filter((name) => name.endsWith('.yaml'))
  const read = names
    .toSorted()
    .slice(0, TEMPLATES_MAX)
    .map((name) => {
      const loaded = readFileAs(join(TEMPLATES, name), Template)
      if (!loaded.ok)
        throw new Error(loaded.problems.map(({ file, line, path, problem }) => `${file}:${line} ${path} ${problem}`).join('\n'))
      return [loaded.value.id, loaded.value] as const
    })
  known = new Map(read)
  return known
}

const Answered = z.strictObject({ answers: z.record(z.string().check(z.maxLength(40)), z.string().check(z.maxLength(TEXT_MAX))) })

export function templateRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/api/templates', async (request): Promise<readonly TemplateSummary[]> => {
    await look(desk, request)
    return [...templates().values()].map(({ id, title, words, source, asks, instrument, organizations = [] }) => ({
      id,
      title,
      words,
      source,
      kind: instrument.kind as Instrument['kind'],
      clauses: Array.isArray(instrument.clauses) ? instrument.clauses.length : 0,
      organizations: organizations.length,
      asks: asks.map((ask) => ({ ...ask, example: ask.example ?? null })),
    }))
  })

  app.post<{ Params: { id: string } }>('/api/templates/:id/fill', async (request): Promise<FilledTemplate> => {
    const sight = await look(desk, request)
    const { template, answers } = await answered(sight, request.params.id, request.body)
    const instrument = fillInstrument(template, answers)
    if (instrument instanceof Refusal) throw new Refused(422, instrument)
    return { id: instrument.id, yaml: yamlOf(instrument), instrument }
  })

  app.post<{ Params: { id: string } }>('/api/templates/:id/organizations', async (request): Promise<RegisteredView> => {
    const sight = await look(desk, request)
    if (sight.world.name !== 'real') throw new Refused(422, refuse('exercise.read-only'))
    const { template, answers } = await answered(sight, request.params.id, request.body)
    return { registered: await register(sight, template, answers) }
  })
}

async function answered(sight: Sight, id: string, body: unknown): Promise<{ readonly template: Template; readonly answers: Answers }> {
  const template = templates().get(id)
  if (template === undefined) throw notFound('template.unknown')
  const { answers: said } = parse(Answered, body)
  const codes = template.asks.flatMap((ask) => (ask.kind === 'jurisdiction' ? (said[ask.key] ?? []) : []))
  const nameOf = await sight.read((sql) =>
    divisionNames(
      sql,
      codes.filter((code) => DivisionCode.safeParse(code).success),
    ),
  )
  const answers: Record<string, Answer> = {}
  for (const ask of template.asks) {
    const text = (said[ask.key] ?? '').trim()
    if (text === '') throw new Refused(422, refuse('template.answer-missing', { key: ask.key }))
    const answer = answerOf(sight, ask.kind, text, (code) => nameOf(code).name)
    if (answer === null) throw new Refused(422, refuse('template.answer-malformed', { key: ask.key }))
    answers[ask.key] = answer
  }
  return { template, answers }
}

function answerOf(sight: Sight, kind: Template['asks'][number]['kind'], text: string, nameOf: (code: string) => Words): Answer | null {
  const itself = { 'zh-CN': text, en: text }
  switch (kind) {
    case 'jurisdiction':
      return DivisionCode.safeParse(text).success ? { value: text, name: nameOf(text) } : null
    case 'organization': {
      const found = Uuid.safeParse(text).success ? sight.scene.relations.find(text) : null
      return found === null ? null : { value: text, name: found.name }
    }
    case 'date':
      return PlainDate.safeParse(text).success ? { value: text, name: itself } : null
    case 'number':
      return /^-?\d{1,12}(?:\.\d{1,6})?$/.test(text) ? { value: Number(text), name: itself } : null
    case 'text':
      return { value: text, name: itself }
  }
}

/** Refused: `template.answer-missing`, and `template.misfit` where an answer makes the instrument malformed. */
export function fillInstrument(template: Template, answers: Answers): Instrument | Refusal {
  const made = filled(template.instrument, answers)
  if (made instanceof Refusal) return made
  const parsed = Instrument.safeParse(made.value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  return refuse('template.misfit', { path: issue?.path.map(String).join('.') ?? '', problem: issue?.message ?? '' })
}

/** As a file of a pack, to be edited on. */
export const yamlOf = (instrument: Instrument): string =>
  `# yaml-language-server: $schema=../instrument.schema.json\n${stringify(instrument, { lineWidth: 0 })}`

/** Each by a command of the asking post: authority decides, and what is registered already is left as it is. */
async function register(sight: Sight, template: Template, answers: Answers): Promise<RegisteredView['registered']> {
  const made = filled({ schema: 'muster/directory/1', organizations: template.organizations ?? [] }, answers)
  if (made instanceof Refusal) throw new Refused(422, made)
  const { organizations } = parse(DirectoryFile, made.value)
  const { world, asker } = sight
  const scope = `template|${template.id}|${Object.values(answers)
    .map((one) => one.value)
    .join('|')}`
  const idOf = (key: string): string => idFrom(`${scope}|${key}`)
  const keys = new Set(organizations.map((one) => one.key))
  const done: RegisteredView['registered'][number][] = []
  for (const { key, posts, superior, ...profile } of organizations) {
    const id = idOf(key)
    // A superior is one of the template's own, or an organization that was named in an answer.
    const above = superior === null ? null : keys.has(superior) ? idOf(superior) : superior
    const say = (room: string, to: string, command: { readonly type: string }) =>
      world.handle({ room, id: to, command, commandId: idFrom(`${scope}|${room}|${to}|${asker.viewer.organizationId}`), doer: asker.doer })
    const outcome = await say('organization', id, { type: 'organization.register', ...profile, superior: above, verified: true } as never)
    const refused = outcome instanceof Refusal && outcome.code !== 'organization.already-registered' ? outcome : null
    if (refused === null)
      for (const post of posts) {
        const command = { type: 'post.create', organizationId: id, title: post.title, powers: post.powers }
        await say('post', idOf(`${key}|${post.key}`), command)
      }
    done.push({ id, name: profile.name, refusal: refused === null ? null : { code: refused.code, params: refused.params } })
  }
  return done
}
