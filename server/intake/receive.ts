/** How a report comes in from outside: the public page, a message, a letter. Nobody is signed in, so nothing that it says is believed. */
import { createHmac } from 'node:crypto'
import { Refusal, refuse } from '#core/decider.ts'
import type { Doer } from '#core/authority.ts'
import type { OrganizationEntry, Relations } from '#core/directory/relations.ts'
import { systemActor } from '#core/event.ts'
import { Slug } from '#core/id.ts'
import { CODE_BYTES, followUpCode, IntakeCommand, type Channel, type Haste, type Medium, type Report, type Spot } from '#core/intake.ts'
import { fromMs } from '#core/time.ts'
import { idFrom } from '../clock.ts'
import type { World } from '../world.ts'
import { codeHash } from './contacts.ts'
import { keepMedia } from './media.ts'

export const INTAKE: Doer = { actor: systemActor('intake'), powers: [] }
export const HOME_ZONE = 'Asia/Shanghai'

export type Arrived = {
  /** What makes it the same report when it comes again: a message's id, the form's own key. */
  readonly key: string
  readonly channel: Channel
  readonly text: string
  readonly place: Spot
  readonly hazard?: string | null
  readonly haste?: Haste
  readonly people?: string | null
  readonly contact: string | null
  /** Left out: now. */
  readonly originalAt?: string
  /** Of the place, where the reporter has said it. */
  readonly jurisdiction?: string
  readonly files?: readonly Buffer[]
}
export type Received = { readonly id: string; readonly code: string; readonly refusedFiles: number }

const TEXT_MAX = 4000
const DESK = 'emergency-management'

/** Who takes what comes to a place: its emergency desk, else its government. */
const deskOf = (relations: Relations, jurisdiction: string): OrganizationEntry | null =>
  relations.holders(DESK, jurisdiction)[0] ?? relations.holders('government', jurisdiction)[0] ?? null

/** Territories that have an emergency desk of their own, the smallest first. */
export const territoriesOf = (relations: Relations): readonly string[] => {
  const codes = [...relations.all()].flatMap((one) => (one.functions.includes(DESK) && one.jurisdiction !== null ? [one.jurisdiction] : []))
  const zeros = (code: string): number => /0*$/.exec(code)?.[0].length ?? 0
  return [...new Set(codes)].toSorted((a, b) => zeros(a) - zeros(b) || a.localeCompare(b))
}

/** Where a report belongs that names no territory: what the operator has set, else where most organizations stand. */
function homeOf(relations: Relations, set: string | null): string | null {
  if (set !== null) return set
  const counts = new Map<string, number>()
  for (const { jurisdiction } of relations.all()) if (jurisdiction !== null) counts.set(jurisdiction, (counts.get(jurisdiction) ?? 0) + 1)
  const [most] = [...counts].toSorted(([a, m], [b, n]) => n - m || b.localeCompare(a))
  return most?.[0] ?? null
}

export class Reception {
  readonly #world: World
  readonly #home: string | null
  readonly origin: string

  /** `home`: the territory that the operator has set for reports that name none. */
  constructor(world: World, { home, origin }: { readonly home: string | null; readonly origin: string }) {
    this.#world = world
    this.#home = home
    this.origin = origin
  }

  get world(): World {
    return this.#world
  }

  async home(): Promise<string | null> {
    return homeOf(await this.#world.relations(), this.#home)
  }

  /** Takes it down once, however often it comes; the code is the same each time. */
  async take(arrived: Arrived): Promise<Received | Refusal> {
    const { key, channel, text, place, hazard = null, haste = 'soon', people = null, contact, jurisdiction, files = [] } = arrived
    const world = this.#world
    const relations = await world.relations()
    const at = jurisdiction ?? (await this.home())
    const handler = at === null ? null : deskOf(relations, at)
    if (at === null || handler === null) return refuse('intake.no-jurisdiction')
    const id = idFrom(`intake|${channel}|${key}`)
    const code = this.#codeOf(id)
    const [known] = await world.sql`select 1 from intake where id = ${id}`
    if (known !== undefined) return { id, code, refusedFiles: 0 }
    const { media, refused } = await keepMedia(world.sql, files, world.clock.now())
    const parsed = IntakeCommand.safeParse({
      type: 'intake.take-down',
      text: storable(text).slice(0, TEXT_MAX),
      place,
      hazard: Slug.safeParse(hazard).success ? hazard : null,
      haste,
      people,
      channel,
      originalAt: arrived.originalAt ?? fromMs(world.clock.now()),
      zone: HOME_ZONE,
      contact: contact === null ? null : storable(contact).slice(0, 300),
      code,
      jurisdiction: at,
      handler: handler.id,
      media,
    })
    if (!parsed.success) return refuse('intake.incomplete')
    const outcome = await world.handle({ room: 'intake', id, command: parsed.data, commandId: idFrom(`command|${id}`), doer: INTAKE })
    return outcome instanceof Refusal ? outcome : { id, code, refusedFiles: refused }
  }

  /** The report of a code, at the end of what it was merged into; null where there is none. */
  async find(code: string): Promise<{ readonly id: string; readonly state: Report; readonly now: Report } | null> {
    const { sql } = this.#world
    const hash = codeHash((purpose) => this.#world.secret(purpose), code)
    const rows = hash === null ? [] : await sql<{ id: string; state: Report }[]>`select id, state from intake where code_hash = ${hash}`
    const [row] = rows
    if (row === undefined) return null
    const [end] = await sql<{ state: Report }[]>`
      with recursive up(id, merged_into, state, steps) as (
        select id, merged_into, state, 1 from intake where id = ${row.id}
        union all select i.id, i.merged_into, i.state, up.steps + 1 from intake i join up on i.id = up.merged_into where up.steps <= 32)
      select state from up order by steps desc limit 1`
    return { ...row, now: end?.state ?? row.state }
  }

  /** `key`: what makes it the same addition when it comes again. */
  async add(
    id: string,
    { text, files = [], key }: { readonly text: string; readonly files?: readonly Buffer[]; readonly key: string },
  ): Promise<Refusal | null> {
    const world = this.#world
    const { media } = await keepMedia(world.sql, files, world.clock.now())
    const words = storable(text).trim().slice(0, TEXT_MAX)
    if (words === '') return refuse('intake.incomplete')
    const command: { type: 'intake.add'; text: string; media: Medium[] } = { type: 'intake.add', text: words, media: [...media] }
    const outcome = await world.handle({ room: 'intake', id, command, commandId: idFrom(`intake|add|${id}|${key}`), doer: INTAKE })
    return outcome instanceof Refusal ? outcome : null
  }

  /** Unguessable, because it is made with a key that nobody has; the same for the same report, so that it is told again. */
  #codeOf(id: string): string {
    const digest = createHmac('sha256', this.#world.secret('intake code made')).update(id).digest()
    return followUpCode(digest.subarray(0, CODE_BYTES))
  }
}

/** What PostgreSQL and JSON can keep: no NUL, no half of a pair. */
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()
