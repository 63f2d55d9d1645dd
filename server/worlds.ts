import type { KeyObject } from 'node:crypto'
import { Uuid } from '#core/id.ts'
import type { SigningKey } from './cap/sign.ts'
import { ManualClock, systemClock } from './clock.ts'
import type { Database, Sql } from './database.ts'
import { Hub } from './live.ts'
import { schemaOf, World } from './world.ts'

/** Exercises are looked into and left; only the latest few keep their connections. */
const OPEN_MAX = 4

export type WorldsParts = {
  readonly database: Database
  readonly key: KeyObject
  readonly node: string
  readonly alertKey?: SigningKey
  readonly onError: (error: unknown) => void
}
type Open = { readonly world: World; readonly hub: Hub; usedAt: number; busy: boolean }

/** The real world and the exercises that somebody looks into. */
export class Worlds {
  readonly real: World
  readonly #parts: WorldsParts
  readonly #open = new Map<string, Open>()
  readonly #opening = new Map<string, Promise<World | null>>()
  #used = 0

  private constructor(parts: WorldsParts, real: World) {
    this.#parts = parts
    this.real = real
    this.#open.set('real', { world: real, hub: new Hub(real, parts.onError), usedAt: 0, busy: true })
  }

  static async open(parts: WorldsParts): Promise<Worlds> {
    return new Worlds(parts, await World.open({ ...parts, name: 'real', clock: systemClock, keepTime: true, shared: true }))
  }

  /** A world of its own for an exercise, with a clock that stands at its beginning; kept open until it is released. */
  async make(id: string, startMs: number): Promise<World> {
    const world = await this.#add(id, startMs)
    const open = this.#open.get(id)
    if (open) open.busy = true
    return world
  }

  /** The exercise is over: its world may be closed when nobody looks into it. */
  release(id: string): void {
    const open = this.#open.get(id)
    if (open) open.busy = false
  }

  async #add(id: string, startMs: number): Promise<World> {
    await this.#makeRoom()
    const world = await World.open({
      ...this.#parts,
      alertKey: null,
      name: id,
      clock: new ManualClock(startMs),
      keepTime: false,
      durable: false,
    })
    this.#open.set(id, { world, hub: new Hub(world, this.#parts.onError), usedAt: ++this.#used, busy: false })
    return world
  }

  /** The world of an exercise that was run before, its clock where its log ends; null where there is none. */
  async find(name: string): Promise<World | null> {
    const open = this.#open.get(name)
    if (open) {
      open.usedAt = ++this.#used
      return open.world
    }
    const opening = this.#opening.get(name) ?? this.#reopen(name)
    this.#opening.set(name, opening)
    return opening.finally(() => this.#opening.delete(name))
  }

  async #reopen(name: string): Promise<World | null> {
    if (!Uuid.safeParse(name).success || !(await exists(this.real.sql, schemaOf(name)))) return null
    const [row] = await this.real.sql<
      { last: Date | null }[]
    >`select max(recorded_at) as last from ${this.real.sql(`${schemaOf(name)}.event`)}`
    return this.#add(name, row?.last?.getTime() ?? 0)
  }

  hubOf(world: World): Hub {
    const open = this.#open.get(world.name)
    if (!open) throw new Error(`world ${world.name} is not open`)
    return open.hub
  }

  async close(): Promise<void> {
    for (const { world, hub } of this.#open.values()) {
      hub.close()
      await world.close()
    }
    this.#open.clear()
  }

  async #makeRoom(): Promise<void> {
    const idle = [...this.#open.values()].filter((one) => !one.busy && one.hub.browsers === 0).toSorted((a, b) => a.usedAt - b.usedAt)
    for (const one of idle.slice(0, Math.max(0, this.#open.size - OPEN_MAX))) {
      this.#open.delete(one.world.name)
      one.hub.close()
      await one.world.close()
    }
  }
}

const exists = async (sql: Sql, schema: string): Promise<boolean> => {
  const [row] = await sql<
    { found: boolean }[]
  >`select exists (select from information_schema.schemata where schema_name = ${schema}) as found`
  return row?.found ?? false
}
