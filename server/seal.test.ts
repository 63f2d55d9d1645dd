import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openCheckpoint, parseCheckpoint, parseNote, parseVerifierKey, type Checkpoint } from '#core/checkpoint.ts'
import { Refusal } from '#core/decider.ts'
import type { Recorded } from '#core/event.ts'
import { consistencyProof, leafBytes, verifyConsistency, verifyInclusion } from '#core/tree.ts'
import { declared, openGround, organization, reported, say, whole, type Ground } from '../fixtures/server/scene.ts'
import { systemClock } from './clock.ts'
import { exportWorld } from './export.ts'
import { nodeKey, Sealer } from './seal.ts'
import { canonical, sha256, verifyEd25519, verifyExport, type VerifyResult } from './verify.ts'
import type { World } from './world.ts'

let ground: Ground
before(async () => {
  ground = await openGround()
})
after(() => ground.leave())

/** RFC 6962, 2.1, told again: the recursive definition, on all leaves at once. */
function merkle(leaves: readonly Uint8Array[]): Buffer {
  const hash = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest()
  if (leaves.length === 0) return hash()
  const [only] = leaves
  if (leaves.length === 1 && only) return hash(Buffer.of(0), only)
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return hash(Buffer.of(1), merkle(leaves.slice(0, k)), merkle(leaves.slice(k)))
}
const leavesOf = (events: readonly Recorded[]): readonly Uint8Array[] => events.map((event) => leafBytes(event, canonical))

async function headOf(world: World): Promise<Checkpoint> {
  const { note } = await world.sealer.checkpoint()
  const key = parseVerifierKey(world.sealer.vkey, sha256)
  assert.ok(!(key instanceof Refusal))
  const head = openCheckpoint(note, key, verifyEd25519)
  assert.ok(!(head instanceof Refusal))
  return head
}

async function some(world: World, count: number): Promise<string> {
  const incident = await declared(world)
  for (let i = 0; i < count; i++) await say(world, 'incident', incident, { type: 'incident.note', kind: 'arrive', text: `第${i}队到场` })
  return incident
}
async function* linesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}
async function exported(world: World, incident: string | null = null): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of exportWorld(world, incident)) lines.push(line)
  return lines
}
const verified = (lines: readonly string[], key?: string): Promise<VerifyResult> =>
  verifyExport(linesOf(lines), key === undefined ? {} : { key })
const codesOf = (result: VerifyResult): readonly string[] => result.findings.map((finding) => finding.code)

describe('a checkpoint', () => {
  test('covers everything recorded before it was asked for, and its root is that of RFC 6962', async () => {
    const world = await ground.open()
    for (const more of [0, 1, 3, 10]) {
      await some(world, more)
      const events = await whole(world)
      const head = await headOf(world)
      assert.deepEqual([head.size, head.origin], [events.length, `muster.test/${world.name}`])
      assert.deepEqual(Buffer.from(head.root), merkle(leavesOf(events)))
    }
  })

  test('of an empty log has size 0 and the hash of nothing', async () => {
    const head = await headOf(await ground.open())
    assert.deepEqual(
      [head.size, Buffer.from(head.root).toString('hex')],
      [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    )
  })

  test('is consistent with every earlier one, as RFC 6962 proves it', async () => {
    const world = await ground.open()
    const heads: Checkpoint[] = []
    for (const more of [2, 1, 5, 8]) {
      await some(world, more)
      heads.push(await headOf(world))
    }
    // A row of the table holds up to 32 hashes of 32 bytes each.
    const rows = await world.sql<{ level: number; chunk: string; hashes: Buffer }[]>`select level, chunk, hashes from tree_node`
    const byPlace = new Map(
      rows.flatMap(({ level, chunk, hashes }) =>
        Array.from(
          { length: hashes.length / 32 },
          (_, i) => [`${level}/${Number(chunk) * 32 + i}`, hashes.subarray(i * 32, i * 32 + 32)] as const,
        ),
      ),
    )
    const node = (level: number, index: number): Uint8Array => byPlace.get(`${level}/${index}`) ?? assert.fail(`no node ${level}/${index}`)
    for (const [i, from] of heads.entries())
      for (const to of heads.slice(i + 1))
        assert.ok(verifyConsistency(from, to, consistencyProof(from.size, to.size, node, sha256), sha256))
    const notes = await world.sql<{ size: string }[]>`select size from checkpoint order by size`
    assert.ok(
      heads.every((head) => notes.some((row) => Number(row.size) === head.size)),
      'the earlier ones are kept',
    )
  })

  test('proves each event to be in it', async () => {
    const world = await ground.open()
    await some(world, 4)
    const head = await headOf(world)
    const events = await whole(world)
    const leaf = (event: Recorded): Uint8Array => sha256(Buffer.concat([Buffer.of(0), leafBytes(event, canonical)]))
    for (const event of events)
      assert.ok(
        verifyInclusion(
          { leaf: leaf(event), index: Number(event.position) - 1, ...head },
          await world.sealer.proofOf(event, head.size),
          sha256,
        ),
      )
  })

  test('is made by two servers at once without a gap or a second head of the same size', async () => {
    const world = await ground.open()
    const other = new Sealer({
      sql: world.sql,
      origin: world.sealer.origin,
      key: generateKeyPairSync('ed25519').privateKey,
      clock: systemClock,
      onError: (error) => assert.fail(error as Error),
    })
    for (let i = 0; i < 5; i++) {
      await reported(world)
      await Promise.all([world.sealer.seal(), other.seal(), world.sealer.seal(), other.seal()])
    }
    const [row] = await world.sql<
      { leaves: number; heads: number }[]
    >`select (select sum(octet_length(hashes))::int / 32 from tree_node where level = 0) as leaves, (select count(*)::int from checkpoint) as heads`
    assert.deepEqual(row, { leaves: 5, heads: 5 })
    const [last] = await world.sql<{ note: string }[]>`select note from checkpoint order by size desc limit 1`
    const note = parseNote(last?.note ?? '')
    const head = note instanceof Refusal ? note : parseCheckpoint(note.text)
    assert.ok(!(head instanceof Refusal))
    assert.deepEqual(Buffer.from(head.root), merkle(leavesOf(await whole(world))))
  })
})

describe('an export', () => {
  test('of everything verifies, there and back: the events that are read from it are those of the log', async () => {
    const world = await ground.open()
    await organization(world, { jurisdiction: null, name: '应急管理局 “联动” \u2028 𠮷' })
    await some(world, 5)
    const lines = await exported(world)
    const events = await whole(world)
    const result = await verified(lines, world.sealer.vkey)
    assert.deepEqual(
      [result.ok, result.pinned, result.events, result.size, result.kind],
      [true, true, events.length, events.length, 'whole'],
    )
    assert.deepEqual(
      lines.slice(1, -1).map((line) => JSON.parse(line) as Recorded),
      events,
    )
  })

  test('of one incident verifies event by event and holds nothing of another', async () => {
    const world = await ground.open()
    const incident = await some(world, 3)
    await some(world, 2)
    const lines = await exported(world, incident)
    const result = await verified(lines, world.sealer.vkey)
    assert.deepEqual([result.ok, result.events, result.kind], [true, 6, 'incident'])
    const told = lines.slice(1, -1).map((line) => JSON.parse(line) as Recorded & { proof?: unknown })
    assert.deepEqual(
      told.map(({ proof: _, ...event }) => event),
      (await whole(world)).filter((event) => event.incidentId === incident),
    )
  })

  test('of an empty log verifies too', async () => {
    const world = await ground.open()
    assert.deepEqual([(await verified(await exported(world))).ok, (await verified(await exported(world))).events], [true, 0])
  })

  test('signed by another key than the one expected is found', async () => {
    const world = await ground.open()
    await reported(world)
    const other = await ground.open()
    const result = await verified(await exported(world), other.sealer.vkey)
    assert.deepEqual([result.ok, codesOf(result)], [false, ['verify.unknown-key']])
  })
})

describe('a row that is altered in the database behind our back', () => {
  const tamper = async (world: World): Promise<void> => {
    const sql = ground.owner(world)
    await sql.unsafe(
      `alter table event disable trigger event_is_append_only; update event set data = jsonb_set(data, '{text}', '"没有冒烟"') where position = 1; alter table event enable trigger event_is_append_only`,
    )
  }

  test('is found in an export of everything, and of the incident', async () => {
    const world = await ground.open()
    const incident = await some(world, 3)
    await world.sealer.seal()
    await tamper(world)
    assert.deepEqual(codesOf(await verified(await exported(world), world.sealer.vkey)), ['verify.altered'])
    assert.deepEqual(codesOf(await verified(await exported(world, incident), world.sealer.vkey)), ['verify.proof-wrong'])
  })

  test('is found also after more was recorded and sealed, and after a restart', async () => {
    const world = await ground.open()
    await some(world, 3)
    await world.sealer.seal()
    await tamper(world)
    await reported(world)
    assert.deepEqual(codesOf(await verified(await exported(world), world.sealer.vkey)), ['verify.altered'])
    await ground.shut(world)
    const again = await ground.open({ name: world.name })
    await reported(again)
    assert.deepEqual(codesOf(await verified(await exported(again), again.sealer.vkey)), ['verify.altered'])
  })

  test('is found against an earlier checkpoint even if the tree was made anew over it', async () => {
    const world = await ground.open()
    await some(world, 3)
    const kept = await headOf(world)
    await tamper(world)
    const sql = ground.owner(world)
    await sql.unsafe(
      `delete from tree_node; alter table checkpoint disable trigger checkpoint_is_append_only; delete from checkpoint; alter table checkpoint enable trigger checkpoint_is_append_only`,
    )
    const forged = await headOf(world)
    assert.equal(forged.size, kept.size)
    assert.ok(!verifyConsistency(kept, forged, [], sha256), 'who kept the earlier head sees that it is another log')
  })
})

describe('the node’s key', () => {
  test('is made once, readable by nobody else, and the same at the next start', () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-key-'))
    try {
      const path = join(folder, 'var', 'node-key.pem')
      const key = nodeKey(path)
      assert.equal(statSync(path).mode & 0o777, 0o600)
      assert.ok(nodeKey(path).equals(key))
      writeFileSync(path, 'not a key')
      assert.throws(() => nodeKey(path), 'a damaged key is never replaced in silence')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
