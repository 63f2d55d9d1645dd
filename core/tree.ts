import type { Recorded } from './event.ts'

/** SHA-256: 32 bytes out. Handed in, because core has no cryptography of its own. */
export type Hash = (bytes: Uint8Array) => Uint8Array

/** Where a node stands: level 0 are the leaves; node `index` of `level` covers leaves `index·2^level` up to `(index+1)·2^level`. */
export type NodeId = { readonly level: number; readonly index: number }
export type TreeNode = NodeId & { readonly hash: Uint8Array }
export type GetNode = (level: number, index: number) => Uint8Array

/** One hash of a proof, as the perfect subtrees (left to right) that it is folded from. */
export type ProofPart = readonly NodeId[]

/** The tree as far as appending needs it: the roots of its perfect subtrees, left (largest) to right. At most one for each bit of `size`. */
export type Frontier = { readonly size: number; readonly peaks: readonly Uint8Array[] }

/** Sizes stay below 2^53, so no honest proof is longer than this. */
export const PROOF_HASHES_MAX = 54
const LEAF_PREFIX = 0x00
const NODE_PREFIX = 0x01

/** RFC 6962 §2.1: the leaf prefix keeps a leaf from being passed off as a node. */
export function leafHash(leaf: Uint8Array, hash: Hash): Uint8Array {
  const bytes = new Uint8Array(1 + leaf.length)
  bytes[0] = LEAF_PREFIX
  bytes.set(leaf, 1)
  return hash(bytes)
}

/** RFC 6962 §2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array, hash: Hash): Uint8Array {
  const bytes = new Uint8Array(1 + left.length + right.length)
  bytes[0] = NODE_PREFIX
  bytes.set(left, 1)
  bytes.set(right, 1 + left.length)
  return hash(bytes)
}

/**
 * What is hashed for one event: the RFC 8785 canonical JSON, in UTF-8, of the record's eleven members and no others.
 * `encode` is UTF-8 by a faster way than ours, where the caller has one.
 * Throws if a text is not well-formed Unicode or a number is not finite: such a record must never be appended.
 */
export function leafBytes(
  record: Recorded,
  canonicalize: (value: unknown) => string | undefined,
  encode: (text: string) => Uint8Array = utf8,
): Uint8Array {
  const { position, stream, version, type, data, commandId, actor, basis, incidentId, occurredAt, recordedAt } = record
  const text = canonicalize({ position, stream, version, type, data, commandId, actor, basis, incidentId, occurredAt, recordedAt })
  if (text === undefined) throw new Error('a record that has no canonical JSON')
  return encode(text)
}

export const EMPTY_FRONTIER: Frontier = { size: 0, peaks: [] }

/**
 * Appends leaf hashes in order, O(log n) each. `nodes` are the perfect subtrees that became final, leaves included, each once
 * and each before its parent: with those stored, every proof of every size can be assembled.
 */
export function append(frontier: Frontier, leafHashes: readonly Uint8Array[], hash: Hash): { frontier: Frontier; nodes: TreeNode[] } {
  const peaks = [...frontier.peaks]
  const nodes: TreeNode[] = []
  let size = frontier.size
  for (const leaf of leafHashes) {
    let node: TreeNode = { level: 0, index: size, hash: leaf }
    nodes.push(node)
    // An odd index is a right child: its left sibling is the last peak.
    while (node.index % 2 === 1) {
      const left = peaks.pop()
      if (left === undefined) throw new Error(`a frontier of size ${frontier.size} lacks a peak`)
      node = { level: node.level + 1, index: (node.index - 1) / 2, hash: nodeHash(left, node.hash, hash) }
      nodes.push(node)
    }
    peaks.push(node.hash)
    size += 1
  }
  return { frontier: { size, peaks }, nodes }
}

/** The root over the whole frontier; of an empty tree the hash of nothing (RFC 6962 §2.1). */
export const rootOf = (frontier: Frontier, hash: Hash): Uint8Array => fold(frontier.peaks, hash) ?? hash(new Uint8Array(0))

/** The nodes to load to go on appending, or to have the root, at `size`. */
export const frontierNodes = (size: number): ProofPart => rangeNodes(0, checkedSize(size))

export const frontierFrom = (size: number, getNode: GetNode): Frontier => ({
  size,
  peaks: frontierNodes(size).map(({ level, index }) => getNode(level, index)),
})

/** PATH of RFC 6962 §2.1.1, sibling of the leaf first: what must be loaded to prove leaf `index` (from 0) in the tree of `size` leaves. */
export function inclusionParts(index: number, size: number): ProofPart[] {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < checkedSize(size)))
    throw new RangeError(`no leaf ${index} in a tree of ${size}`)
  const parts: ProofPart[] = []
  let [low, high] = [0, size]
  while (high - low > 1) {
    const middle = low + splitAt(high - low)
    if (index < middle) {
      parts.push(rangeNodes(middle, high))
      high = middle
    } else {
      parts.push(rangeNodes(low, middle))
      low = middle
    }
  }
  return parts.toReversed()
}

/** PROOF of RFC 6962 §2.1.2: what must be loaded to prove that the tree of `to` leaves continues the one of `from`. None from 0, or to itself. */
export function consistencyParts(from: number, to: number): ProofPart[] {
  if (checkedSize(from) > checkedSize(to)) throw new RangeError(`a tree of ${to} cannot continue one of ${from}`)
  if (from === 0 || from === to) return []
  const parts: ProofPart[] = []
  let [low, high, known] = [0, to, true]
  while (from < high) {
    const middle = low + splitAt(high - low)
    if (from <= middle) {
      parts.push(rangeNodes(middle, high))
      high = middle
    } else {
      parts.push(rangeNodes(low, middle))
      low = middle
      known = false
    }
  }
  // Unless it is the whole older tree, whose root the verifier has, the last subtree itself is told.
  if (!known) parts.push(rangeNodes(low, high))
  return parts.toReversed()
}

/** Every node of the parts, each once: one query fetches them. */
export const neededNodes = (parts: readonly ProofPart[]): NodeId[] => parts.flat()

/** Folds each part into its hash. `getNode` answers for every one of `neededNodes(parts)`, or throws. */
export const proofFrom = (parts: readonly ProofPart[], getNode: GetNode, hash: Hash): Uint8Array[] =>
  parts.map((part) => {
    const folded = fold(
      part.map(({ level, index }) => getNode(level, index)),
      hash,
    )
    if (folded === undefined) throw new Error('a proof part without nodes')
    return folded
  })

/** The proof that leaf `index` (from 0) is in the tree of `size` leaves. Throws a RangeError if there is no such leaf. */
export const inclusionProof = (index: number, size: number, getNode: GetNode, hash: Hash): Uint8Array[] =>
  proofFrom(inclusionParts(index, size), getNode, hash)

/** The proof that the tree of `to` leaves continues the one of `from`. Throws a RangeError if `from` is greater. */
export const consistencyProof = (from: number, to: number, getNode: GetNode, hash: Hash): Uint8Array[] =>
  proofFrom(consistencyParts(from, to), getNode, hash)

/** Whether `proof` shows the leaf of `leaf` hash at `index` (from 0) in the tree of `size` leaves with `root`. RFC 9162 §2.1.3.2. */
export function verifyInclusion(
  claim: { readonly leaf: Uint8Array; readonly index: number; readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
  hash: Hash,
): boolean {
  const { leaf, index, size, root } = claim
  if (!isSize(index) || !isSize(size) || index >= size || proof.length > PROOF_HASHES_MAX) return false
  let [first, last, folded] = [index, size - 1, leaf]
  for (const sibling of proof) {
    if (last === 0) return false
    if (first % 2 === 1 || first === last) {
      folded = nodeHash(sibling, folded, hash)
      while (first % 2 === 0 && first !== 0) [first, last] = [half(first), half(last)]
    } else {
      folded = nodeHash(folded, sibling, hash)
    }
    ;[first, last] = [half(first), half(last)]
  }
  return last === 0 && sameBytes(folded, root)
}

/** A tree head that a peer or a checkpoint names. */
export type TreeHead = { readonly size: number; readonly root: Uint8Array }

/** Whether `proof` shows that the tree `to` only appended to the tree `from`. RFC 9162 §2.1.4.2; every tree continues the empty one. */
export function verifyConsistency(from: TreeHead, to: TreeHead, proof: readonly Uint8Array[], hash: Hash): boolean {
  if (!isSize(from.size) || !isSize(to.size) || from.size > to.size || proof.length > PROOF_HASHES_MAX) return false
  if (from.size === to.size) return proof.length === 0 && sameBytes(from.root, to.root)
  if (from.size === 0) return proof.length === 0 && sameBytes(from.root, hash(new Uint8Array(0)))
  if (proof.length === 0) return false
  let [first, last] = [from.size - 1, to.size - 1]
  while (first % 2 === 1) [first, last] = [half(first), half(last)]
  // A power of two is one subtree of the newer tree, whose hash the verifier has already.
  const [start, ...rest] = first === 0 ? [from.root, ...proof] : proof
  if (start === undefined) return false
  let [older, newer] = [start, start]
  for (const part of rest) {
    if (last === 0) return false
    if (first % 2 === 1 || first === last) {
      older = nodeHash(part, older, hash)
      newer = nodeHash(part, newer, hash)
      while (first % 2 === 0 && first !== 0) [first, last] = [half(first), half(last)]
    } else {
      newer = nodeHash(newer, part, hash)
    }
    ;[first, last] = [half(first), half(last)]
  }
  return last === 0 && sameBytes(older, from.root) && sameBytes(newer, to.root)
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** UTF-8 (RFC 3629). Throws on a lone surrogate, which has none. */
export function utf8(text: string): Uint8Array {
  // Most of what is hashed is ASCII, and this runs once for every event.
  let ascii = 0
  while (ascii < text.length && text.charCodeAt(ascii) < 0x80) ascii++
  const bytes = new Uint8Array(ascii + (text.length - ascii) * 3)
  for (let i = 0; i < ascii; i++) bytes[i] = text.charCodeAt(i)
  if (ascii === text.length) return bytes
  if (!text.isWellFormed()) throw new RangeError('a text that is not well-formed Unicode')
  let length = ascii
  for (let i = ascii; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) bytes[length++] = unit
    else if (unit < 0x800) {
      bytes[length++] = 0xc0 | (unit >> 6)
      bytes[length++] = 0x80 | (unit & 0x3f)
    } else if (unit < 0xd800 || unit > 0xdfff) {
      bytes[length++] = 0xe0 | (unit >> 12)
      bytes[length++] = 0x80 | ((unit >> 6) & 0x3f)
      bytes[length++] = 0x80 | (unit & 0x3f)
    } else {
      const point = text.codePointAt(i++) ?? 0
      bytes[length++] = 0xf0 | (point >> 18)
      bytes[length++] = 0x80 | ((point >> 12) & 0x3f)
      bytes[length++] = 0x80 | ((point >> 6) & 0x3f)
      bytes[length++] = 0x80 | (point & 0x3f)
    }
  }
  return bytes.subarray(0, length)
}

/** Bit operators would cut a size at 32 bits, so halving is arithmetic. */
const half = (n: number): number => Math.floor(n / 2)

const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0

function checkedSize(size: number): number {
  if (!isSize(size)) throw new RangeError(`not the size of a tree: ${size}`)
  return size
}

/** The largest power of two below `n`, for `n` of 2 or more. */
function splitAt(n: number): number {
  let power = 1
  while (power * 2 < n) power *= 2
  return power
}

/** The perfect subtrees that cover leaves `low` up to `high`. RFC 6962 splits only at places where `low` is aligned to them. */
function rangeNodes(low: number, high: number): NodeId[] {
  const nodes: NodeId[] = []
  let start = low
  while (start < high) {
    let [level, power] = [0, 1]
    while (power * 2 <= high - start) [level, power] = [level + 1, power * 2]
    nodes.push({ level, index: start / power })
    start += power
  }
  return nodes
}

/** From the right, so that smaller subtrees hang below larger ones, as RFC 6962 splits. */
const fold = (hashes: readonly Uint8Array[], hash: Hash): Uint8Array | undefined =>
  hashes.reduceRight<Uint8Array | undefined>((right, left) => (right === undefined ? left : nodeHash(left, right, hash)), undefined)
