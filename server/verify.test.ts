import { test } from 'node:test'
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { generateKeyPairSync, sign as signWith } from 'node:crypto'
import { formatVerifierKey, signCheckpoint, signNote, verifierKey } from '#core/checkpoint.ts'
import type { Recorded } from '#core/event.ts'
import { append, EMPTY_FRONTIER, frontierFrom, inclusionProof, leafBytes, leafHash, rootOf, type GetNode } from '#core/tree.ts'
import {
  canonical,
  exportLines,
  FINDINGS_MAX,
  LINE_BYTES_MAX,
  readLines,
  sha256,
  UnreadableLine,
  verifyExport,
  type ExportHeader,
  type ProofOf,
  type VerifyResult,
} from './verify.ts'

const ORIGIN = 'muster.example/tianjin'
const FIRE = '01990000-0000-7000-8000-00000000000a'
const FLOOD = '01990000-0000-7000-8000-00000000000b'

function keyOf(name: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  const key = verifierKey(name, new Uint8Array(Buffer.from(x, 'base64url')), sha256)
  return { key, vkey: formatVerifierKey(key), sign: (bytes: Uint8Array): Uint8Array => signWith(null, bytes, privateKey) }
}
const own = keyOf(ORIGIN)

/** `count` events of three streams in turn; the first stream is the fire's, the others the flood's. */
const eventsOf = (count: number): Recorded[] =>
  Array.from({ length: count }, (_, i) => ({
    position: String(i + 1),
    stream: `incident/${i % 3}`,
    version: Math.floor(i / 3) + 1,
    type: 'incident.noted',
    data: { words: '危化品清单\u2028😀 "list"', tonnes: 49.5, more: [null, true, { b: 1, a: 2 }], no: i },
    commandId: `01990000-0000-7000-8000-${String(i).padStart(12, '0')}`,
    actor: 'post/duty/fire-brigade',
    basis: i % 2 === 0 ? null : 'law/emergency-response#61',
    incidentId: i % 3 === 0 ? FIRE : FLOOD,
    occurredAt: '2015-08-12T14:51:00.000Z',
    recordedAt: '2015-08-12T14:52:00.000Z',
  }))

function logOf(events: readonly Recorded[], by = own) {
  const { nodes } = append(
    EMPTY_FRONTIER,
    events.map((event) => leafHash(leafBytes(event, canonical), sha256)),
    sha256,
  )
  const kept = new Map(nodes.map(({ level, index, hash }) => [`${level}/${index}`, hash]))
  const getNode: GetNode = (level, index) => {
    const node = kept.get(`${level}/${index}`)
    if (!node) throw new Error(`no node ${level}/${index}`)
    return node
  }
  const at = (size: number) => ({ origin: by.key.name, size, root: rootOf(frontierFrom(size, getNode), sha256), extensions: [] })
  const proofOf: ProofOf = ({ position }, size) => inclusionProof(Number(position) - 1, size, getNode, sha256)
  return { events, at, proofOf, signed: (size: number) => signCheckpoint(at(size), by.key, by.sign) }
}

const headerOf = (incidentId: string | null, by = own): ExportHeader => ({
  format: 'muster/export/1',
  kind: incidentId === null ? 'whole' : 'incident',
  world: 'main',
  origin: by.key.name,
  vkey: by.vkey,
  exportedAt: '2026-01-20T08:00:00.000Z',
  incidentId,
})

async function* from<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items
}
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const got: T[] = []
  for await (const item of items) got.push(item)
  return got
}

const log = logOf(eventsOf(12))
const whole = await all(exportLines(headerOf(null), from(log.events), null, log.signed(12)))
const ofFire = log.events.filter(({ incidentId }) => incidentId === FIRE)
const fire = await all(exportLines(headerOf(FIRE), from(ofFire), log.proofOf, log.signed(12)))

const check = (lines: readonly string[], key: string | undefined = own.vkey): Promise<VerifyResult> => verifyExport(from(lines), { key })
const brief = ({ findings }: VerifyResult): string[] => findings.map(({ code, line }) => `${code} ${line ?? 'file'}`)
const replaced = (lines: readonly string[], at: number, line: string): string[] => lines.toSpliced(at - 1, 1, line)
const lineAt = (lines: readonly string[], at: number): string => lines[at - 1] ?? ''
const without = (lines: readonly string[], at: number): string[] => lines.toSpliced(at - 1, 1)
const resaid = (lines: readonly string[], events: number): string[] => [
  ...lines.slice(0, -1),
  canonical({ ...(JSON.parse(lines.at(-1) ?? '') as object), events }),
]
const changed = (line: string, change: object): string => canonical({ ...(JSON.parse(line) as object), ...change })

test('a whole export verifies, and says what it is', async () => {
  deepEqual(await check(whole), {
    ok: true,
    events: 12,
    size: 12,
    origin: ORIGIN,
    kind: 'whole',
    vkey: own.vkey,
    pinned: true,
    findings: [],
  })
  equal(whole.length, 14)
})

test('an incident export verifies, and holds that incident only', async () => {
  deepEqual(await check(fire), {
    ok: true,
    events: 4,
    size: 12,
    origin: ORIGIN,
    kind: 'incident',
    vkey: own.vkey,
    pinned: true,
    findings: [],
  })
})

test('without an expected key the result says that the key is the file’s own word', async () => {
  const { ok: fine, pinned } = await verifyExport(from(whole))
  deepEqual([fine, pinned], [true, false])
})

test('every line of a whole export after the first, but the last, is the bytes of a leaf', () => {
  deepEqual(
    whole.slice(1, -1).map((line) => Buffer.from(line).toString('hex')),
    log.events.map((event) => Buffer.from(leafBytes(event, canonical)).toString('hex')),
  )
})

test('an export of an empty log verifies, and so does an incident without events', async () => {
  const empty = logOf([])
  const lines = await all(exportLines(headerOf(null), from([]), null, empty.signed(0)))
  const { ok: fine, events, size } = await check(lines)
  deepEqual([fine, events, size, lines.length], [true, 0, 0, 2])
  // RFC 6962 §2.1: the root of no leaves is the hash of nothing.
  ok(lineAt(lines, 2).includes('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='))
  const none = await all(exportLines(headerOf('01990000-0000-7000-8000-00000000000c'), from([]), log.proofOf, log.signed(12)))
  deepEqual((await check(none)).findings, [])
})

test('any byte altered after the header is found, in a whole export and in one of an incident', async () => {
  const small = logOf(eventsOf(4))
  const one = small.events.filter(({ incidentId }) => incidentId === FIRE)
  for (const lines of [
    await all(exportLines(headerOf(null), from(small.events), null, small.signed(4))),
    await all(exportLines(headerOf(FIRE), from(one), small.proofOf, small.signed(4))),
  ]) {
    const file = Buffer.from(lines.map((line) => `${line}\n`).join(''))
    // The last newline may be lost without harm.
    for (let at = lineAt(lines, 1).length + 1; at < file.length - 1; at++) {
      const copy = Buffer.from(file)
      copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8))
      ok(!(await verifyExport(readLines(from([copy])), { key: own.vkey })).ok, `byte ${at}: ${file.subarray(at - 20, at + 20)}`)
    }
  }
})

test('an event rewritten with care is found by the root, or in an incident export by its proof', async () => {
  const data = { words: 'nothing happened' }
  deepEqual(brief(await check(replaced(whole, 5, changed(lineAt(whole, 5), { data })))), ['verify.altered 14'])
  deepEqual(brief(await check(replaced(fire, 3, changed(lineAt(fire, 3), { data })))), ['verify.proof-wrong 3'])
  for (const change of [
    { actor: 'system/clock' },
    { basis: 'x#1' },
    { occurredAt: '2015-08-12T14:51:00.001Z' },
    { recordedAt: '2015-08-12T14:52:00.001Z' },
    { commandId: 'c' },
    { type: 't' },
  ])
    deepEqual(brief(await check(replaced(whole, 5, changed(lineAt(whole, 5), change)))), ['verify.altered 14'], JSON.stringify(change))
})

test('another spelling of the same JSON is malformed, so that nobody reads it differently', async () => {
  const line = lineAt(whole, 3)
  const spelled = [
    line.replace(':', ': '),
    `${line} `,
    `${line}\r`,
    line.replace('危', '\\u5371'),
    line.replace('49.5', '49.50'),
    line.replace('{', '{"actor":"post/x/y",'),
  ]
  for (const other of spelled) {
    const { findings } = await check(replaced(whole, 3, other))
    deepEqual(findings[0], { code: 'verify.malformed', line: 3, params: { reason: 'not-canonical' } }, other)
  }
  for (const bad of ['', '{', 'null', '[]', '7', '"x"', '{"a":"\\ud800"}', '{"a":1e999}'])
    equal((await check(replaced(whole, 3, bad))).findings[0]?.line, 3, bad)
})

test('a record with a member missing, added or of another kind is malformed, and the member is named', async () => {
  const cases: readonly [object, string][] = [
    [{ more: 1 }, 'more'],
    [{ position: 2 }, 'position'],
    [{ position: '02' }, 'position'],
    [{ version: 0 }, 'version'],
    [{ version: 1.5 }, 'version'],
    [{ data: [] }, 'data'],
    [{ data: null }, 'data'],
    [{ basis: undefined }, 'basis'],
    [{ occurredAt: '2015-08-12T22:51:00+08:00' }, 'occurredAt'],
    [{ recordedAt: '2015-13-12T22:51:00.000Z' }, 'recordedAt'],
    [{ proof: [] }, 'proof'],
  ]
  for (const [change, at] of cases)
    deepEqual((await check(replaced(whole, 3, changed(lineAt(whole, 3), change)))).findings[0], {
      code: 'verify.malformed',
      line: 3,
      params: { reason: 'record', at },
    })
  const hidden = lineAt(whole, 3).replace('{', '{"__proto__":{},')
  equal((await check(replaced(whole, 3, hidden))).ok, false)
})

test('a line removed is named by the gap that it leaves, in the log and in its stream', async () => {
  deepEqual((await check(without(whole, 5))).findings, [
    { code: 'verify.gap', line: 5, params: { expected: 4, found: 5 } },
    { code: 'verify.gap', line: 7, params: { stream: 'incident/0', expected: 2, found: 3 } },
    { code: 'verify.count-differs', line: 13, params: { said: 12, found: 11 } },
  ])
  deepEqual(brief(await check(resaid(without(whole, 5), 11))), ['verify.gap 5', 'verify.gap 7'])
  deepEqual(brief(await check(resaid(without(whole, 2), 11))), ['verify.gap 2', 'verify.gap 4'])
})

test('events numbered anew to hide one that was removed do not reach the checkpoint', async () => {
  const kept = log.events.filter((_, i) => i !== 11 && i !== 8)
  const renumbered = kept.map((event, i) => canonical({ ...event, position: String(i + 1) }))
  deepEqual(brief(await check(resaid([lineAt(whole, 1), ...renumbered, lineAt(whole, 14)], 10))), ['verify.truncated 12'])
})

test('lines swapped are out of order, and lines doubled are duplicates', async () => {
  const swapped = replaced(replaced(whole, 5, lineAt(whole, 6)), 6, lineAt(whole, 5))
  deepEqual(brief(await check(swapped)), ['verify.gap 5', 'verify.out-of-order 6', 'verify.altered 14'])
  const doubled = await check(whole.toSpliced(5, 0, lineAt(whole, 5)))
  deepEqual(brief(doubled), ['verify.duplicate 6', 'verify.duplicate 6', 'verify.count-differs 15'])
  deepEqual(
    doubled.findings.slice(0, 2).map(({ params }) => params),
    [{ position: 4 }, { stream: 'incident/0', version: 2 }],
  )
  const doubledFire = resaid(fire.toSpliced(2, 0, lineAt(fire, 2)), 5)
  deepEqual(brief(await check(doubledFire)), ['verify.duplicate 3', 'verify.duplicate 3'])
})

test('a truncated file is found, wherever it was cut', async () => {
  for (const lines of [whole, fire])
    for (let kept = 1; kept < lines.length; kept++) {
      const { ok: fine, findings, size } = await check(lines.slice(0, kept))
      deepEqual([fine, size, findings.map(({ code }) => code)], [false, null, ['verify.truncated']], `after ${kept} lines`)
      const cut = lineAt(lines, kept + 1).slice(0, -5)
      deepEqual(
        (await check([...lines.slice(0, kept), cut])).findings.map(({ code }) => code),
        ['verify.malformed', 'verify.truncated'],
      )
    }
  deepEqual(brief(await check(resaid(without(whole, 13), 11))), ['verify.truncated 13'])
})

test('events past the checkpoint are not covered, and nothing may follow the last line', async () => {
  const older = canonical({ checkpoint: log.signed(10), events: 12 })
  deepEqual(brief(await check(replaced(whole, 14, older))), ['verify.uncovered 14'])
  deepEqual(brief(await check(replaced(fire, 6, canonical({ checkpoint: log.signed(9), events: 4 })))), [
    'verify.proof-wrong 2',
    'verify.proof-wrong 3',
    'verify.proof-wrong 4',
    'verify.proof-wrong 5',
    'verify.uncovered 6',
  ])
  deepEqual(brief(await check([...whole, lineAt(whole, 13)])), ['verify.malformed 15'])
})

test('a checkpoint of another tree, rightly signed, does not fit', async () => {
  const other = logOf(eventsOf(12).map((event) => ({ ...event, actor: 'system/setup' })))
  deepEqual(brief(await check(replaced(whole, 14, canonical({ checkpoint: other.signed(12), events: 12 })))), ['verify.altered 14'])
})

test('a wrong signature is found, and so is a missing or malformed one', async () => {
  const forger = keyOf(ORIGIN)
  const withFooter = (checkpoint: string): string[] => replaced(whole, 14, canonical({ checkpoint, events: 12 }))
  const body = log.signed(12).split('\n\n')[0] ?? ''
  // The forger's signature under the name and id of the real key.
  deepEqual(brief(await check(withFooter(signNote(`${body}\n`, own.key, forger.sign)))), ['verify.signature-wrong 14'])
  deepEqual(brief(await check(withFooter(signNote(`${body}\n`, forger.key, forger.sign)))), ['verify.signature-wrong 14'])
  deepEqual((await check(withFooter(`${body}\n`))).findings, [
    { code: 'verify.malformed', line: 14, params: { reason: 'checkpoint', detail: 'no-empty-line' } },
  ])
  deepEqual(brief(await check(withFooter(signNote('not a checkpoint\n', own.key, own.sign)))), ['verify.malformed 14'])
  deepEqual(brief(await check(replaced(whole, 14, canonical({ checkpoint: log.signed(12), events: -1 })))), [
    'verify.malformed 14',
    'verify.truncated file',
  ])
})

test('a file forged whole under another key is found only by whoever knows the key', async () => {
  const forger = keyOf(ORIGIN)
  const forged = logOf(
    eventsOf(5).map((event) => ({ ...event, data: {} })),
    forger,
  )
  const lines = await all(exportLines(headerOf(null, forger), from(forged.events), null, forged.signed(5)))
  ok((await verifyExport(from(lines))).ok)
  deepEqual((await check(lines)).findings, [{ code: 'verify.unknown-key', line: 1, params: { expected: own.vkey, found: forger.vkey } }])
  equal((await check(lines)).pinned, false)
  // The right key written over the forger's, whose signature is then nobody's.
  deepEqual(brief(await check(replaced(lines, 1, canonical(headerOf(null))))), ['verify.signature-wrong 7'])
  deepEqual(brief(await check(whole, 'not a key')), ['verify.unknown-key 1'])
})

test('the key, the header and the checkpoint must name one log', async () => {
  const header = { ...headerOf(null), origin: 'elsewhere.example' }
  deepEqual(brief(await check(replaced(whole, 1, canonical(header)))), ['verify.origin-differs 1'])
  const foreign = signNote(`elsewhere.example\n${log.signed(12).split('\n').slice(1, 3).join('\n')}\n`, own.key, own.sign)
  deepEqual(brief(await check(replaced(whole, 14, canonical({ checkpoint: foreign, events: 12 })))), ['verify.origin-differs 14'])
  const badKey = { ...headerOf(null), vkey: own.vkey.replace(own.key.keyId, '00000000') }
  deepEqual(brief(await verifyExport(from(replaced(whole, 1, canonical(badKey))))), ['verify.malformed 1'])
})

test('another incident’s event slipped in is found even with a right proof, and a stranger’s event by its proof', async () => {
  const [, flood] = log.events
  ok(flood)
  const proof = (await log.proofOf(flood, 12)).map((hash) => Buffer.from(hash).toString('base64'))
  const slipped = fire.toSpliced(2, 0, canonical({ ...flood, proof }))
  deepEqual((await check(resaid(slipped, 5))).findings, [
    { code: 'verify.other-incident', line: 3, params: { position: '2', incidentId: FLOOD } },
  ])
  const disguised = fire.toSpliced(2, 0, canonical({ ...flood, incidentId: FIRE, proof }))
  deepEqual(brief(await check(resaid(disguised, 5))), ['verify.proof-wrong 3'])
  const relabelled = { ...headerOf(FIRE), incidentId: FLOOD }
  deepEqual(
    brief(await check(replaced(fire, 1, canonical(relabelled)))),
    [2, 3, 4, 5].map((line) => `verify.other-incident ${line}`),
  )
})

test('a proof that is wrong, short or another event’s is found at its line', async () => {
  const proofAt = (at: number): string[] => (JSON.parse(lineAt(fire, at)) as { proof: string[] }).proof
  for (const proof of [proofAt(4), proofAt(3).slice(1), [...proofAt(3), ...proofAt(3)], []])
    deepEqual(brief(await check(replaced(fire, 3, changed(lineAt(fire, 3), { proof })))), ['verify.proof-wrong 3'])
  for (const proof of [['AAAA'], ['?'], Array.from({ length: 55 }, () => proofAt(3)[0])])
    deepEqual(brief(await check(replaced(fire, 3, changed(lineAt(fire, 3), { proof })))), ['verify.malformed 3'])
})

test('an incident export proves what is in it; that nothing is missing, only its own count says', async () => {
  deepEqual(brief(await check(without(fire, 3))), ['verify.count-differs 5'])
  ok((await check(resaid(without(fire, 3), 3))).ok)
})

test('what is no export is refused at its first line', async () => {
  for (const first of [
    '',
    '{}',
    'hello',
    canonical({ ...headerOf(null), format: 'muster/export/2' }),
    canonical({ ...headerOf(null), incidentId: FIRE }),
    canonical({ ...headerOf(FIRE), incidentId: null }),
    `\ufeff${lineAt(whole, 1)}`,
  ]) {
    const { ok: fine, findings, origin } = await check(replaced(whole, 1, first))
    deepEqual([fine, origin, findings.length, findings[0]?.code, findings[0]?.line], [false, null, 1, 'verify.malformed', 1], first)
  }
  deepEqual(brief(await check([])), ['verify.malformed 1'])
})

test('findings are bounded, and the signature is judged however many lines are bad', async () => {
  const many = Array.from({ length: 500 }, () => 'x')
  const forger = keyOf(ORIGIN)
  const footer = canonical({ checkpoint: signNote(`${log.signed(12).split('\n\n')[0] ?? ''}\n`, forger.key, forger.sign), events: 500 })
  const { findings } = await check([lineAt(whole, 1), ...many, footer])
  ok(findings.length <= FINDINGS_MAX)
  for (const code of ['verify.more', 'verify.signature-wrong', 'verify.truncated'])
    ok(
      findings.some((finding) => finding.code === code),
      code,
    )
})

test('lines are divided at newlines only, however the file comes in pieces', async () => {
  ok(
    whole.some((line) => line.includes('\u2028')),
    'the events hold the separator that other readers divide at',
  )
  const file = Buffer.from(whole.map((line) => `${line}\n`).join(''))
  for (const size of [1, 7, 1000, file.length]) {
    const pieces = Array.from({ length: Math.ceil(file.length / size) }, (_, i) => file.subarray(i * size, (i + 1) * size))
    deepEqual(await all(readLines(from(pieces))), whole)
  }
  deepEqual(await all(readLines(from([file.subarray(0, -1)]))), whole)
  deepEqual(await all(readLines(from([Buffer.from('a\n\nb\r\n')]))), ['a', '', 'b\r'])
})

test('a line too long or not UTF-8 ends the reading, and is named', async () => {
  const head = Buffer.from(`${lineAt(whole, 1)}\n`)
  const long = Buffer.alloc(LINE_BYTES_MAX + 1, 'x')
  for (const [pieces, reason] of [
    [[head, long], 'too-long'],
    [[head, Buffer.concat([long, Buffer.from('\n')])], 'too-long'],
    [[head, Buffer.from([0x22, 0xff, 0x22, 0x0a])], 'not-utf8'],
  ] as const) {
    const { ok: fine, findings } = await verifyExport(readLines(from(pieces)), { key: own.vkey })
    deepEqual([fine, findings], [false, [{ code: 'verify.malformed', line: 2, params: { reason } }]])
  }
  await rejects(all(readLines(from([long]))), UnreadableLine)
  deepEqual((await check(replaced(whole, 3, 'x'.repeat(LINE_BYTES_MAX + 1)))).findings[0], {
    code: 'verify.malformed',
    line: 3,
    params: { reason: 'too-long' },
  })
})

test('an export that would not verify is not written', async () => {
  const write = (header: ExportHeader, events: readonly Recorded[], proofs: ProofOf | null, checkpoint: string) =>
    all(exportLines(header, from(events), proofs, checkpoint))
  await rejects(write(headerOf(null), log.events, null, log.signed(11)), /past the checkpoint/)
  await rejects(write(headerOf(null), log.events.slice(0, 11), null, log.signed(12)), /11 events/)
  await rejects(write(headerOf(null), log.events, log.proofOf, log.signed(12)), /incident/)
  await rejects(write(headerOf(FIRE), ofFire, null, log.signed(12)), /incident/)
  await rejects(write(headerOf(null), log.events, null, 'no note'), /checkpoint/)
  const [first] = eventsOf(1)
  ok(first)
  const huge = logOf([{ ...first, data: { words: 'x'.repeat(LINE_BYTES_MAX) } }])
  await rejects(write(headerOf(null), huge.events, null, huge.signed(1)), /bytes/)
})
