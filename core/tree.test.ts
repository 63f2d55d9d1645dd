import { test } from 'node:test'
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  append,
  consistencyParts,
  consistencyProof,
  EMPTY_FRONTIER,
  frontierFrom,
  frontierNodes,
  inclusionParts,
  inclusionProof,
  leafBytes,
  leafHash,
  neededNodes,
  nodeHash,
  rootOf,
  utf8,
  verifyConsistency,
  verifyInclusion,
  type GetNode,
} from './tree.ts'

const SIZE_MAX = 70
const hash = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const unhex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))

// The reference vectors of Certificate Transparency: eight inputs, the root after each, and proofs among them.
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(unhex)
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const INCLUSION: Readonly<Record<string, readonly string[]>> = {
  '0 of 8': [
    '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  ],
  '5 of 8': [
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ],
  '2 of 3': ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
}
const CONSISTENCY: Readonly<Record<string, readonly string[]>> = {
  '1 of 1': [],
  '2 of 8': [
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
  ],
  '6 of 8': [
    '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ],
  '2 of 5': [
    '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  ],
}

/** The definitions of RFC 6962 §2.1 word for word, with nothing in common with the code under test but SHA-256. */
const below = (n: number): number => 2 ** Math.floor(Math.log2(n - 1))
const one = (prefix: number, ...parts: Uint8Array[]): Uint8Array => hash(Buffer.concat([Uint8Array.of(prefix), ...parts]))
const known = new Map<string, Uint8Array>()
/** MTH of the test leaves `low` up to `high`, remembered, for the sake of time. */
function naiveRoot(low: number, high: number): Uint8Array {
  const found = known.get(`${low}-${high}`)
  if (found) return found
  const k = below(high - low)
  const root =
    high === low
      ? hash(new Uint8Array(0))
      : high - low === 1
        ? one(0, leaves[low] ?? new Uint8Array(0))
        : one(1, naiveRoot(low, low + k), naiveRoot(low + k, high))
  known.set(`${low}-${high}`, root)
  return root
}
function naivePath(m: number, low: number, high: number): Uint8Array[] {
  if (high - low === 1) return []
  const k = below(high - low)
  return m < k ? [...naivePath(m, low, low + k), naiveRoot(low + k, high)] : [...naivePath(m - k, low + k, high), naiveRoot(low, low + k)]
}
function naiveProof(m: number, low: number, high: number, whole = true): Uint8Array[] {
  if (m === high - low) return whole ? [] : [naiveRoot(low, high)]
  const k = below(high - low)
  return m <= k
    ? [...naiveProof(m, low, low + k, whole), naiveRoot(low + k, high)]
    : [...naiveProof(m - k, low + k, high, false), naiveRoot(low, low + k)]
}

function grown(inputs: readonly Uint8Array[]) {
  const { frontier, nodes } = append(
    EMPTY_FRONTIER,
    inputs.map((input) => leafHash(input, hash)),
    hash,
  )
  const kept = new Map(nodes.map((node) => [`${node.level}/${node.index}`, node.hash]))
  const getNode: GetNode = (level, index) => {
    const found = kept.get(`${level}/${index}`)
    if (!found) throw new Error(`the node ${level}/${index} was never kept`)
    return found
  }
  return { frontier, nodes, getNode }
}

const leaves = Array.from({ length: SIZE_MAX }, (_, i) => utf8(`leaf ${i}`))
const roots = Array.from({ length: SIZE_MAX + 1 }, (_, size) => naiveRoot(0, size))
const rootAt = (size: number): Uint8Array => roots[size] ?? new Uint8Array(0)
const leafAt = (index: number): Uint8Array => leafHash(leaves[index] ?? new Uint8Array(0), hash)
const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 7 ? byte ^ 1 : byte))
const altered = (proof: readonly Uint8Array[]): Uint8Array[][] => [
  ...proof.map((_, i) => proof.map((part, j) => (i === j ? flipped(part) : part))),
  ...(proof.length > 0 ? [proof.slice(1), proof.slice(0, -1)] : []),
  [...proof, hash(new Uint8Array(1))],
  [hash(new Uint8Array(1)), ...proof],
]

test('the roots, inclusion proofs and consistency proofs are those of the reference vectors', () => {
  const { getNode } = grown(INPUTS)
  for (const [size, root] of ROOTS.entries()) equal(hex(rootOf(frontierFrom(size, getNode), hash)), root)
  for (const [at, proof] of Object.entries(INCLUSION)) {
    const [index = NaN, size = NaN] = at.split(' of ').map(Number)
    deepEqual(inclusionProof(index, size, getNode, hash).map(hex), proof, at)
    const claim = { leaf: leafHash(INPUTS[index] ?? new Uint8Array(9), hash), index, size, root: unhex(ROOTS[size] ?? '') }
    ok(verifyInclusion(claim, proof.map(unhex), hash), at)
  }
  for (const [at, proof] of Object.entries(CONSISTENCY)) {
    const [from = NaN, to = NaN] = at.split(' of ').map(Number)
    deepEqual(consistencyProof(from, to, getNode, hash).map(hex), proof, at)
    const [older, newer] = [from, to].map((size) => ({ size, root: unhex(ROOTS[size] ?? '') }))
    ok(older && newer && verifyConsistency(older, newer, proof.map(unhex), hash), at)
  }
})

test('roots agree with the definition for every size up to 70', () => {
  let frontier = EMPTY_FRONTIER
  for (let size = 0; size <= SIZE_MAX; size++) {
    equal(hex(rootOf(frontier, hash)), hex(rootAt(size)), `size ${size}`)
    frontier = append(frontier, [leafAt(size)], hash).frontier
  }
})

test('inclusion proofs agree with the definition and verify, for every leaf of every size up to 70', () => {
  const { getNode } = grown(leaves)
  for (let size = 1; size <= SIZE_MAX; size++)
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(index, size, getNode, hash)
      deepEqual(proof.map(hex), naivePath(index, 0, size).map(hex), `${index} of ${size}`)
      ok(verifyInclusion({ leaf: leafAt(index), index, size, root: rootAt(size) }, proof, hash), `${index} of ${size}`)
    }
})

test('consistency proofs agree with the definition and verify, for every two sizes up to 70', () => {
  const { getNode } = grown(leaves)
  for (let to = 1; to <= SIZE_MAX; to++)
    for (let from = 1; from <= to; from++) {
      const proof = consistencyProof(from, to, getNode, hash)
      deepEqual(proof.map(hex), naiveProof(from, 0, to).map(hex), `${from} to ${to}`)
      ok(verifyConsistency({ size: from, root: rootAt(from) }, { size: to, root: rootAt(to) }, proof, hash), `${from} to ${to}`)
    }
})

test('an inclusion proof does not hold for another leaf, index, size or root, nor when altered', () => {
  const { getNode } = grown(leaves)
  for (let size = 1; size <= 20; size++)
    for (let index = 0; index < size; index++) {
      const claim = { leaf: leafAt(index), index, size, root: rootAt(size) }
      const proof = inclusionProof(index, size, getNode, hash)
      for (const other of altered(proof)) ok(!verifyInclusion(claim, other, hash), `${index} of ${size}`)
      for (let at = -1; at <= size; at++)
        if (at !== index) ok(!verifyInclusion({ ...claim, index: at }, proof, hash), `${index} as ${at} of ${size}`)
      ok(!verifyInclusion({ ...claim, leaf: flipped(claim.leaf) }, proof, hash))
      ok(!verifyInclusion({ ...claim, root: rootAt(size + 1) }, proof, hash))
      ok(!verifyInclusion({ ...claim, size: 0 }, proof, hash))
    }
})

test('a consistency proof does not hold for another root or size, nor when altered', () => {
  const { getNode } = grown(leaves)
  for (let to = 2; to <= 20; to++)
    for (let from = 1; from < to; from++) {
      const [older, newer] = [
        { size: from, root: rootAt(from) },
        { size: to, root: rootAt(to) },
      ]
      const proof = consistencyProof(from, to, getNode, hash)
      for (const other of altered(proof)) ok(!verifyConsistency(older, newer, other, hash), `${from} to ${to}`)
      ok(!verifyConsistency({ ...older, root: flipped(older.root) }, newer, proof, hash))
      ok(!verifyConsistency(older, { ...newer, root: flipped(newer.root) }, proof, hash))
      ok(!verifyConsistency(newer, older, proof, hash), 'a log does not shrink')
      // A tree of twice the size is one level higher, so the proof stops short of its root or runs past it.
      ok(!verifyConsistency(older, { ...newer, size: to * 2 }, proof, hash), `${from} to ${to} as ${to * 2}`)
      if (to / 2 > from) ok(!verifyConsistency(older, { ...newer, size: Math.floor(to / 2) }, proof, hash), `${from} to ${to} as ${to / 2}`)
    }
})

test('every tree continues the empty one, and itself only with the same root', () => {
  const empty = { size: 0, root: rootAt(0) }
  deepEqual(consistencyParts(0, 9), [])
  ok(verifyConsistency(empty, { size: 9, root: rootAt(9) }, [], hash))
  ok(!verifyConsistency({ size: 0, root: rootAt(1) }, { size: 9, root: rootAt(9) }, [], hash))
  ok(verifyConsistency({ size: 9, root: rootAt(9) }, { size: 9, root: rootAt(9) }, [], hash))
  ok(!verifyConsistency({ size: 9, root: rootAt(9) }, { size: 9, root: rootAt(8) }, [], hash))
})

test('appending in batches, or from a frontier loaded again, gives the same nodes as appending one by one', () => {
  const whole = grown(leaves)
  for (const cut of [0, 1, 2, 7, 31, 32, 33, 64, 69]) {
    const first = append(
      EMPTY_FRONTIER,
      leaves.slice(0, cut).map((_, i) => leafAt(i)),
      hash,
    )
    const loaded = frontierFrom(cut, whole.getNode)
    deepEqual(loaded.peaks.map(hex), first.frontier.peaks.map(hex), `cut at ${cut}`)
    const second = append(
      loaded,
      leaves.slice(cut).map((_, i) => leafAt(cut + i)),
      hash,
    )
    deepEqual(
      [...first.nodes, ...second.nodes].map(({ level, index, hash }) => [level, index, hex(hash)]),
      whole.nodes.map(({ level, index, hash }) => [level, index, hex(hash)]),
    )
  }
})

test('only perfect subtrees are kept, each once and after its children', () => {
  const { nodes } = grown(leaves.slice(0, 13))
  const seen = new Set<string>()
  for (const { level, index } of nodes) {
    ok((index + 1) * 2 ** level <= 13, `${level}/${index} covers leaves that are not there`)
    if (level > 0) for (const child of [index * 2, index * 2 + 1]) ok(seen.has(`${level - 1}/${child}`))
    ok(!seen.has(`${level}/${index}`))
    seen.add(`${level}/${index}`)
  }
  // 13 = 8 + 4 + 1 leaves: subtrees of 15, 7 and 1 nodes.
  equal(nodes.length, 15 + 7 + 1)
})

test('what a proof needs is few nodes, each once, even where sizes pass 32 bits', () => {
  const size = 2 ** 40 - 1
  // Every leaf the same, so one hash a level stands for every perfect subtree.
  const levels = [leafHash(utf8('same'), hash)]
  for (let level = 1; level <= 40; level++)
    levels.push(nodeHash(levels[level - 1] ?? new Uint8Array(0), levels[level - 1] ?? new Uint8Array(0), hash))
  const getNode: GetNode = (level) => levels[level] ?? new Uint8Array(0)
  const at = (n: number) => ({ size: n, root: rootOf(frontierFrom(n, getNode), hash) })
  for (const index of [0, 2 ** 31, 2 ** 32 + 5, size - 2, size - 1]) {
    const needed = neededNodes(inclusionParts(index, size))
    equal(new Set(needed.map(({ level, index }) => `${level}/${index}`)).size, needed.length)
    ok(needed.length <= 2 * 40)
    const proof = inclusionProof(index, size, getNode, hash)
    ok(verifyInclusion({ leaf: getNode(0, index), index, ...at(size) }, proof, hash), `leaf ${index}`)
  }
  for (const from of [1, 2 ** 31 + 1, 2 ** 32, 2 ** 39 + 3])
    ok(verifyConsistency(at(from), at(size), consistencyProof(from, size, getNode, hash), hash), `from ${from}`)
  deepEqual(frontierNodes(2 ** 40), [{ level: 40, index: 0 }])
})

test('a proof of a leaf or a size that is not there is thrown back', () => {
  for (const [index, size] of [
    [0, 0],
    [5, 5],
    [-1, 5],
    [0.5, 5],
    [0, 2 ** 53],
  ] as const)
    throws(() => inclusionParts(index, size), RangeError)
  throws(() => consistencyParts(6, 5), RangeError)
})

test('UTF-8 is that of RFC 3629, and a lone surrogate has none', () => {
  const text = 'aé߿ࠀ联动\uffff😀\u2028z'
  deepEqual(Buffer.from(utf8(text)), Buffer.from(text, 'utf8'))
  throws(() => utf8('a\ud83d'), RangeError)
})

test('the leaf of an event is its eleven members and nothing that was hung on it', () => {
  const record = {
    position: '1',
    stream: 'incident/1',
    version: 1,
    type: 'incident.reported',
    data: { place: '天津' },
    commandId: 'c',
    actor: 'system/setup',
    basis: null,
    incidentId: null,
    occurredAt: '2015-08-12T14:51:00.000Z',
    recordedAt: '2015-08-12T14:52:00.000Z',
  }
  // The members in the order of RFC 8785 §3.2.3, so that plain JSON is canonical here.
  const canonical =
    '{"actor":"system/setup","basis":null,"commandId":"c","data":{"place":"天津"},"incidentId":null,"occurredAt":"2015-08-12T14:51:00.000Z",' +
    '"position":"1","recordedAt":"2015-08-12T14:52:00.000Z","stream":"incident/1","type":"incident.reported","version":1}'
  const sorted = (value: unknown): string =>
    JSON.stringify(Object.fromEntries(Object.entries(value ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1))))
  const withMore = { ...record, proof: ['x'] }
  equal(Buffer.from(leafBytes(withMore, sorted)).toString('utf8'), canonical)
})
