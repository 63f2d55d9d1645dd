/**
 * Anybody reports, without signing in and without a script: GET and POST /public/report, and how it stands:
 * GET and POST /public/report/status?code=. Emergency Response Law art. 60.
 */
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '#core/decider.ts'
import { Uuid } from '#core/id.ts'
import { codeShown, Haste, MEDIA_MAX, readCode } from '#core/intake.ts'
import { fromMs } from '#core/time.ts'
import type { Clock } from '../clock.ts'
import { languageOf, sendPage, type Language } from '../public/html.ts'
import { Limiter } from '../session/limit.ts'
import { readForm, type Form } from './form.ts'
import { MEDIUM_MAX_BYTES } from './media.ts'
import { OFFERED } from './words.ts'
import { callPage, donePage, formPage, statusPage, type Draft } from './pages.ts'
import { territoriesOf, type Reception } from './receive.ts'

const FORM_MAX_BYTES = MEDIA_MAX * MEDIUM_MAX_BYTES + 256 * 1024
/** Of one address: several people behind one network report the same thing. Looking up codes is slower than guessing needs. */
const REPORTS_PER_MINUTE = 6
const LOOKS_PER_MINUTE = 30
/** Of all together, and bodies that are read at one time. */
const ALL_PER_MINUTE = 600
const BODIES_MAX = 12
/** The clock of whoever fills in the form: the pages that anybody sees are for this country. */
const OFFSET = '+08:00'

export type PublicParts = { readonly reception: Reception; readonly clock: Clock; readonly call: string; readonly perMinute?: number }

export function publicReport(app: FastifyInstance, parts: PublicParts): void {
  void app.register(async (scope) => {
    const gate = new Gate(parts)
    scope.addContentTypeParser('multipart/form-data', { parseAs: 'buffer', bodyLimit: FORM_MAX_BYTES }, (_, body, done) => done(null, body))
    scope.setErrorHandler((error: { readonly statusCode?: number; readonly status?: number }, request, reply) => {
      const status = error.status ?? error.statusCode ?? 500
      if (status >= 500) request.log.error({ err: error, url: request.url }, 'a bug')
      return sendPage(request, reply, { status, ...callPage(languageOf(request), status === 413 ? 'too-large' : 'failed', parts.call) })
    })
    scope.addHook('onRequest', async (request, reply) => {
      const why = gate.refuses(request)
      if (why !== null) {
        void reply.header('retry-after', '60')
        // The rest of what is being sent is not waited for.
        void reply.header('connection', 'close')
        return sendPage(request, reply, { status: why === 'busy' ? 503 : 429, ...callPage(languageOf(request), 'busy', parts.call) })
      }
      return undefined
    })
    scope.addHook('onResponse', async (request) => gate.done(request))
    scope.addHook('onRequestAbort', async (request) => gate.done(request))
    reportRoutes(scope, parts)
    statusRoutes(scope, parts)
  })
}

/** Who may send how much. A refused reporter is told whom to call: a limit must cost nobody his life. */
class Gate {
  readonly #clock: Clock
  readonly #all: Limiter
  readonly #reports: Limiter
  readonly #looks = new Limiter(LOOKS_PER_MINUTE)
  readonly #open = new Set<string>()

  constructor({ clock, perMinute = REPORTS_PER_MINUTE }: PublicParts) {
    this.#clock = clock
    this.#all = new Limiter(ALL_PER_MINUTE)
    this.#reports = new Limiter(perMinute)
  }

  refuses(request: FastifyRequest): 'busy' | 'often' | null {
    const now = this.#clock.now()
    if (request.method !== 'POST')
      return request.url.startsWith('/public/report/status?') && this.#looks.take(request.ip, now) > 0 ? 'often' : null
    if (this.#open.size >= BODIES_MAX) return 'busy'
    if (this.#reports.take(request.ip, now) > 0) return 'often'
    if (this.#all.take('', now) > 0) return 'busy'
    this.#open.add(request.id)
    return null
  }

  done(request: FastifyRequest): void {
    this.#open.delete(request.id)
  }
}

const formOf = (request: FastifyRequest): Form | null =>
  Buffer.isBuffer(request.body) ? readForm(request.headers['content-type'] ?? '', request.body) : null
const field = (form: Form, name: string): string => (form.fields.get(name) ?? '').trim()

function reportRoutes(scope: FastifyInstance, { reception, clock, call }: PublicParts): void {
  const blank = async (request: FastifyRequest): Promise<Draft> => {
    const { at } = request.query as { readonly at?: unknown }
    const codes = territoriesOf(await reception.world.relations())
    const chosen = typeof at === 'string' && codes.includes(at) ? at : await reception.home()
    return { key: randomUUID(), text: '', place: '', hazard: '', haste: 'soon', people: '', contact: '', when: '', at: chosen ?? '' }
  }
  const show = async (request: FastifyRequest, reply: FastifyReply, draft: Draft, missing: readonly string[]): Promise<FastifyReply> => {
    const lang = languageOf(request)
    const territories = await namesOf(reception, lang)
    return sendPage(request, reply, { status: missing.length === 0 ? 200 : 422, ...formPage(lang, { draft, missing, territories, call }) })
  }

  scope.get('/public/report', async (request, reply) => show(request, reply, await blank(request), []))

  scope.post('/public/report', async (request, reply) => {
    const lang = languageOf(request)
    const form = formOf(request)
    if (form === null) return sendPage(request, reply, { status: 400, ...callPage(lang, 'failed', call) })
    const draft = draftOf(form, (await blank(request)).at)
    const missing = [...(draft.text === '' ? ['text'] : []), ...(draft.place === '' ? ['place'] : [])]
    if (missing.length > 0) return show(request, reply, draft, missing)
    // Only a machine fills in what nobody sees.
    if (field(form, 'website') !== '') return sendPage(request, reply, { status: 422, ...callPage(lang, 'failed', call) })
    const outcome = await reception.take({
      key: draft.key,
      channel: 'web',
      text: draft.text,
      place: { name: draft.place, lat: null, lon: null },
      hazard: draft.hazard === '' ? null : draft.hazard,
      haste: Haste.safeParse(draft.haste).data ?? 'soon',
      people: draft.people === '' ? null : draft.people,
      contact: draft.contact === '' ? null : draft.contact,
      files: form.files,
      originalAt: whenOf(draft.when) ?? fromMs(clock.now()),
      ...(draft.at === '' ? {} : { jurisdiction: draft.at }),
    })
    if (outcome instanceof Refusal) {
      request.log.warn({ code: outcome.code }, 'a public report was refused')
      return sendPage(request, reply, { status: 503, ...callPage(lang, 'failed', call) })
    }
    return sendPage(request, reply, donePage(lang, { code: outcome.code, refusedFiles: outcome.refusedFiles, call }))
  })
}

function draftOf(form: Form, at: string): Draft {
  const key = Uuid.safeParse(field(form, 'key'))
  const short = (name: string): string => field(form, name).slice(0, 200)
  const [hazard, territory] = [field(form, 'hazard'), field(form, 'at')]
  return {
    key: key.success ? key.data : randomUUID(),
    text: field(form, 'text').slice(0, 4000),
    place: short('place'),
    hazard: OFFERED.find((one) => one === hazard) ?? '',
    haste: field(form, 'haste'),
    people: short('people'),
    contact: short('contact'),
    when: field(form, 'when').slice(0, 16),
    at: /^[1-9]\d{5}$/.test(territory) ? territory : at,
  }
}

function whenOf(text: string): string | null {
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) ? Date.parse(`${text}:00${OFFSET}`) : Number.NaN
  return Number.isNaN(at) ? null : fromMs(at)
}

async function namesOf(reception: Reception, lang: Language): Promise<readonly { readonly code: string; readonly name: string }[]> {
  const codes = territoriesOf(await reception.world.relations()).slice(0, TERRITORIES_MAX)
  const rows = await reception.world.sql<{ code: string; name: Readonly<Record<Language, string>> }[]>`
    select code, name from jurisdiction where code = any(${[...codes]})`
  const names = new Map(rows.map((row) => [row.code, row.name[lang]]))
  return codes.map((code) => ({ code, name: names.get(code) ?? code }))
}
const TERRITORIES_MAX = 300

function statusRoutes(scope: FastifyInstance, { reception, call }: PublicParts): void {
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    code: string,
    said: 'added' | 'nothing' | null,
  ): Promise<FastifyReply> => {
    const lang = languageOf(request)
    const plain = readCode(code)
    const found = plain === null ? null : await reception.find(plain)
    const relations = await reception.world.relations()
    const number = found?.now.incidentId == null ? null : await numberOf(reception, found.now.incidentId)
    const status = code !== '' && found === null ? 404 : said === 'nothing' ? 422 : 200
    const shown = plain === null ? code.slice(0, 40) : codeShown(plain)
    return sendPage(request, reply, {
      status,
      ...statusPage(lang, { code: shown, found, relations, number, said, key: randomUUID(), call }),
    })
  }

  scope.get('/public/report/status', async (request, reply) => {
    const { code } = request.query as { readonly code?: unknown }
    return show(request, reply, typeof code === 'string' ? code.trim() : '', null)
  })

  scope.post('/public/report/status', async (request, reply) => {
    const form = formOf(request)
    if (form === null) return sendPage(request, reply, { status: 400, ...callPage(languageOf(request), 'failed', call) })
    const code = field(form, 'code')
    const plain = readCode(code)
    const found = plain === null ? null : await reception.find(plain)
    if (found === null) return show(request, reply, code, null)
    const outcome = await reception.add(found.id, { text: field(form, 'text'), files: form.files, key: field(form, 'key').slice(0, 40) })
    return show(request, reply, code, outcome === null ? 'added' : 'nothing')
  })
}

async function numberOf({ world }: Reception, incidentId: string): Promise<string | null> {
  const [row] = await world.sql<{ number: string }[]>`select number from incident where id = ${incidentId}`
  return row?.number ?? null
}
