/** The posts of the real world as signing in needs them, remembered until the directory changes. */
import type { Doer } from '#core/authority.ts'
import type { Power } from '#core/directory/post.ts'
import type { Words } from '#core/event.ts'
import type { PostView, SessionView } from '#core/view.ts'
import type { Viewer, World } from '../world.ts'
import { keep } from './limit.ts'

export type Held = {
  readonly view: PostView
  readonly jurisdiction: SessionView['jurisdiction']
  readonly doer: Doer
  readonly viewer: Viewer
}

type Row = {
  readonly id: string
  readonly title: Words
  readonly powers: readonly Power[]
  readonly holders: readonly string[]
  readonly organizationId: string
  readonly organizationName: Words
  readonly verified: boolean
  readonly code: string | null
  readonly codeName: Words | null
}

const REMEMBERED_MAX = 10_000
const LISTED_MAX = 5_000
/** One person holds no more posts than this. */
const HELD_MAX = 50
const SPEAKS_OF_POSTS = /^(?:post|organization|division)\//

export class Posts {
  readonly #world: World
  readonly #held = new Map<string, Held>()
  #all: readonly Held[] | null = null
  /** Counts the changes: what was read before one is not remembered after it. */
  #generation = 0
  readonly close: () => void

  constructor(world: World) {
    this.#world = world
    // Woken with nothing, another process wrote: then anything may have changed.
    this.close = world.listen((events) => {
      if (events.length === 0 || events.some(({ stream }) => SPEAKS_OF_POSTS.test(stream))) this.#forget()
    })
  }

  /** What is remembered, without asking the database. */
  known(id: string): Held | undefined {
    return this.#held.get(id)
  }

  async find(id: string): Promise<Held | null> {
    const known = this.#held.get(id)
    if (known) return known
    const before = this.#generation
    const [row] = await this.#read(this.#world.sql`where p.id = ${id}`, 1)
    if (!row) return null
    if (before === this.#generation) keep(this.#held, id, row, REMEMBERED_MAX)
    return row
  }

  async all(): Promise<readonly Held[]> {
    if (this.#all) return this.#all
    const before = this.#generation
    const all = await this.#read(this.#world.sql``, LISTED_MAX)
    if (before === this.#generation) this.#all = all
    return all
  }

  /** The posts that this account holds. */
  heldBy(account: string): Promise<readonly Held[]> {
    return this.#read(this.#world.sql`where ${account} = any(p.holders)`, HELD_MAX)
  }

  #forget(): void {
    this.#generation += 1
    this.#held.clear()
    this.#all = null
  }

  async #read(where: ReturnType<World['sql']>, max: number): Promise<readonly Held[]> {
    const rows = await this.#world.sql<Row[]>`
      select p.id, p.title, p.powers, p.holders, o.id as "organizationId", o.name as "organizationName", o.verified, o.jurisdiction as code, j.name as "codeName"
      from post p join organization o on o.id = p.organization_id left join jurisdiction j on j.code = o.jurisdiction
      ${where} order by o.jurisdiction, o.name ->> 'zh-CN', p.title ->> 'zh-CN', p.id limit ${max}`
    return rows.map(heldOf)
  }
}

function heldOf({ id, title, powers, holders, organizationId, organizationName, verified, code, codeName }: Row): Held {
  return {
    view: { id, title, organization: { id: organizationId, name: organizationName, verified }, powers, holders },
    jurisdiction: code === null ? null : { code, name: codeName ?? { 'zh-CN': code, en: code } },
    doer: { actor: { kind: 'post', postId: id, organizationId }, powers },
    viewer: { organizationId, jurisdiction: code },
  }
}
