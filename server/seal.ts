/** Seals the log: its events become leaves of a Merkle tree, and the node signs the tree's head. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { formatVerifierKey, signCheckpoint, verifierKey, type VerifierKey } from '#core/checkpoint.ts'
import type { Recorded } from '#core/event.ts'
import {
  append,
  EMPTY_FRONTIER,
  frontierFrom,
  frontierNodes,
  inclusionParts,
  leafBytes,
  leafHash,
  neededNodes,
  proofFrom,
  rootOf,
  type Frontier,
  type GetNode,
  type NodeId,
  type TreeNode,
} from '#core/tree.ts'
import { fromMs } from '#core/time.ts'
import type { Clock } from './clock.ts'
import type { Sql, TransactionSql } from './database.ts'
import { readAfter } from './log.ts'
import { canonical, sha256, type ProofOf } from './verify.ts'

/** At most this long an event waits for its seal. */
const EVERY_MS = 1000

/** The key with which this node signs, made once and kept beside its data, readable by nobody else. */
export function nodeKey(path: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(path))
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
  }
  const { privateKey } = generateKeyPairSync('ed25519')
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  return privateKey
}

/**
 * The name under which this node signs, given once: a log keeps its origin even if the server moves. That of its public
 * address when it has one, else one made from the key, so that two nodes on two desks never share it.
 */
function nodeName(path: string, origin: string, key: KeyObject): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
  }
  const { hostname } = new URL(origin)
  const local = hostname === 'localhost' || /^[\d.]+$|:/.test(hostname)
  const name = local
    ? `muster-${Buffer.from(sha256(publicBytes(key)))
        .toString('hex')
        .slice(0, 12)}`
    : hostname
  writeFileSync(path, `${name}\n`, { flag: 'wx' })
  return name
}

/** Who this node is to a reader of its log: the key beside its data, and the name. */
export function nodeIdentity({ varDir, origin }: { readonly varDir: string; readonly origin: string }): {
  readonly key: KeyObject
  readonly node: string
} {
  const key = nodeKey(join(varDir, 'node-key.pem'))
  return { key, node: nodeName(join(varDir, 'node-name'), origin, key) }
}

const publicBytes = (key: KeyObject): Uint8Array => createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32)

export type SealerParts = {
  readonly sql: Sql
  readonly origin: string
  readonly key: KeyObject
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

export class Sealer {
  readonly #parts: SealerParts
  readonly #key: VerifierKey
  #frontier: Frontier = EMPTY_FRONTIER
  #timeout: NodeJS.Timeout | null = null
  #sealing: Promise<void> = Promise.resolve()

  constructor(parts: SealerParts) {
    this.#parts = parts
    this.#key = verifierKey(parts.origin, publicBytes(parts.key), sha256)
  }

  get vkey(): string {
    return formatVerifierKey(this.#key)
  }

  get origin(): string {
    return this.#parts.origin
  }

  /** Says that there is something to seal; it is done within a second, for all that came in it. */
  wake(): void {
    if (this.#timeout !== null) return
    this.#timeout = setTimeout(() => {
      this.#timeout = null
      void this.seal().catch(this.#parts.onError)
    }, EVERY_MS)
    this.#timeout.unref()
  }

  async stop(): Promise<void> {
    if (this.#timeout !== null) clearTimeout(this.#timeout)
    this.#timeout = null
    await this.seal()
  }

  /** Takes in everything recorded so far and signs the head. One at a time, in this process and among servers. */
  seal(): Promise<void> {
    this.#sealing = this.#sealing.catch(() => {}).then(() => this.#seal())
    return this.#sealing
  }

  async #seal(): Promise<void> {
    const { sql, origin, key, clock } = this.#parts
    await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended(${`muster seal ${origin}`}, 0))`
      const [row] = await tx<
        { size: string }[]
      >`select coalesce(max(chunk * ${CHUNK} + octet_length(hashes) / 32), 0) as size from tree_node where level = 0`
      const size = Number(row?.size ?? 0)
      let frontier = size === this.#frontier.size ? this.#frontier : frontierFrom(size, await nodesOf(tx, frontierNodes(size)))
      // Read back from the database, so that the leaf is what every later reader gets.
      for (let events = await readAfter(tx, size); events.length > 0; events = await readAfter(tx, frontier.size)) {
        const grown = append(
          frontier,
          events.map((event) =>
            leafHash(
              leafBytes(event, canonical, (text) => Buffer.from(text)),
              sha256,
            ),
          ),
          sha256,
        )
        await keepNodes(tx, grown.nodes)
        frontier = grown.frontier
      }
      if (frontier.size > size) {
        const head = { origin, size: frontier.size, root: rootOf(frontier, sha256), extensions: [] }
        const note = signCheckpoint(head, this.#key, (bytes) => sign(null, bytes, key))
        await tx`insert into checkpoint (size, note, signed_at) values (${head.size}, ${note}, ${fromMs(clock.now())})`
      }
      this.#frontier = frontier
    })
  }

  /** The newest signed head; seals first, so that it covers everything recorded before the call. */
  async checkpoint(): Promise<{ readonly size: number; readonly note: string }> {
    await this.seal()
    const [row] = await this.#parts.sql<{ size: string; note: string }[]>`select size, note from checkpoint order by size desc limit 1`
    if (row) return { size: Number(row.size), note: row.note }
    const head = { origin: this.#parts.origin, size: 0, root: rootOf(EMPTY_FRONTIER, sha256), extensions: [] }
    return { size: 0, note: signCheckpoint(head, this.#key, (bytes) => sign(null, bytes, this.#parts.key)) }
  }

  readonly proofOf: ProofOf = async (recorded: Recorded, size: number) => {
    const parts = inclusionParts(Number(recorded.position) - 1, size)
    return proofFrom(parts, await nodesOf(this.#parts.sql, neededNodes(parts)), sha256)
  }
}

/** Nodes that one row holds: a kilobyte of hashes, which PostgreSQL keeps in its place, instead of two rows an event. */
const CHUNK = 32

async function keepNodes(tx: TransactionSql, nodes: readonly TreeNode[]): Promise<void> {
  // A level grows at its end only, so what is new is put behind what is there.
  const chunks = Map.groupBy(nodes, ({ level, index }) => `${level} ${Math.floor(index / CHUNK)}`)
  const rows = [...chunks].map(([place, some]) => {
    const [level, chunk] = place.split(' ').map(Number)
    return { level, chunk, hashes: Buffer.concat(some.toSorted((a, b) => a.index - b.index).map((node) => node.hash)).toString('hex') }
  })
  await tx`insert into tree_node (level, chunk, hashes) select level, chunk, decode(hashes, 'hex')
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as n(level smallint, chunk bigint, hashes text)
    on conflict (level, chunk) do update set hashes = tree_node.hashes || excluded.hashes`
}

async function nodesOf(sql: Sql | TransactionSql, wanted: readonly NodeId[]): Promise<GetNode> {
  const rows = await sql<{ level: number; index: string; hash: Uint8Array }[]>`
    select n.level, w.index, substring(n.hashes from (w.index % ${CHUNK}::bigint)::int * 32 + 1 for 32) as hash from tree_node n
    join jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb) as w(level smallint, index bigint) on n.level = w.level and n.chunk = w.index / ${CHUNK}::bigint`
  const byPlace = new Map(rows.map((row) => [`${row.level}/${row.index}`, row.hash]))
  return (level, index) => {
    const hash = byPlace.get(`${level}/${index}`)
    if (!hash) throw new Error(`the tree has no node ${index} on level ${level}`)
    return hash
  }
}
