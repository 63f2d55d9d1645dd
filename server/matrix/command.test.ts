import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { duty, entry, file, words } from '#core/matrix/given.ts'
import { matrixCommand, type MatrixCommand } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-matrix-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, value: object): void => writeFileSync(join(folder, name), JSON.stringify(value))
const organizations = [
  entry('district', 'government', '120116', null, 'government'),
  entry('bureau', 'government', '120116', 'district', 'water'),
]
write('directory.yaml', {
  schema: 'muster/directory/1',
  organizations: organizations.map(({ id, verified: _, ...one }) => ({ key: id, ...one, posts: [] })),
})
const lead = duty('a', { part: 'lead' })
write(
  'plan.yaml',
  file('plan', [lead, duty('b', { part: 'backup', owes: 'government' })], { inForceFrom: '2026-01-01', inForceUntil: '2027-01-01' }),
)
write('draft.yaml', file('draft', [lead], { demonstration: false, title: words('草案') }))

function run(more: Partial<MatrixCommand> = {}): { readonly code: number; readonly out: string; readonly notes: string } {
  const [out, notes]: [string[], string[]] = [[], []]
  const code = matrixCommand({
    paths: [folder],
    on: '2026-07-01',
    against: null,
    area: null,
    hazard: null,
    format: 'text',
    lang: 'en',
    out: (text) => void out.push(text),
    note: (text) => void notes.push(text),
    ...more,
  })
  return { code, out: out.join('\n'), notes: notes.join('\n') }
}

test('a folder with a directory and a plan prints who does what on which clause, and what does not bind', () => {
  const { code, out, notes } = run()
  assert.equal(code, 0, 'one lead, one backup')
  assert.match(out, /lead {2}bureau {2}plan#a\n {2}backup {2}district {2}plan#b/)
  assert.equal(notes, 'draft does not bind on 2026-07-01: unapproved')
})

test('gaps make the exit code 1, and a comparison names what changed', () => {
  const { code, out } = run({ on: '2026-07-01', against: '2027-01-01', format: 'csv', lang: 'zh-CN' })
  assert.equal(code, 0)
  assert.equal(out.split('\r\n')[1], '取消,水利,bureau,牵头,,plan 第一条 (取消)')
  const empty = run({ on: '2027-01-01', format: 'json' })
  assert.deepEqual((JSON.parse(empty.out) as { cells: unknown[]; schema: string }).cells, [])
  write('alone.json', file('alone', [lead]))
  assert.equal(run({ paths: [join(folder, 'alone.json'), join(folder, 'directory.yaml')] }).code, 1, 'no backup')
  rmSync(join(folder, 'alone.json'))
})

test('a malformed file is named with its line', () => {
  writeFileSync(join(folder, 'broken.json'), '{\n  "schema": "muster/instrument/1",\n  "id": 7\n}')
  const { code, notes } = run({ paths: [join(folder, 'broken.json')] })
  assert.equal(code, 2)
  assert.match(notes, /broken\.json:3:\d+ id:/)
})
