/** The vertical chain as data (S1-21): ministry, province, city, county, township, as the demonstration directory has it. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { Relations } from '#core/directory/relations.ts'
import { DirectoryFile, readFileAs } from '#server/pack.ts'

const loaded = readFileAs(join(import.meta.dirname, 'demonstration', 'directory.yaml'), DirectoryFile)
assert.ok(loaded.ok)
const entries = loaded.value.organizations.map(({ key, posts: _, ...entry }) => ({ ...entry, id: key, verified: true }))
const relations = new Relations(entries)
/** A unit whose superior the directory does not have (a branch of a ministry that is not registered) stands in no chain yet. */
const chain = entries.filter(
  ({ id, sector, superior }) => (sector === 'government' || sector === 'grass-roots') && (superior !== null || id === 'state-council'),
)

test('the chain reaches from the State Council through city and district down to the township', () => {
  const path = relations.path('tanggu-street').map(({ id }) => id)
  assert.deepEqual(path.slice(0, 3), ['tanggu-street', 'binhai-government', 'tianjin-government'])
  assert.equal(relations.find(path.at(-1) ?? '')?.jurisdiction, '100000')
})

test('any two units of the chain have a common superior, which stands above both or is one of them, and none below it does', () => {
  let pairs = 0
  for (const a of chain)
    for (const b of chain) {
      const common = relations.commonSuperior(a.id, b.id)
      assert.ok(common, `${a.id} and ${b.id}`)
      for (const one of [a, b]) assert.ok(common.id === one.id || relations.isSuperior(common.id, one.id), `${common.id} above ${one.id}`)
      // The nearest: what stands just below it on the way to `a` does not stand above `b`.
      const path = relations.path(a.id).map(({ id }) => id)
      const below = path[path.indexOf(common.id) - 1]
      if (below !== undefined) assert.ok(below !== b.id && !relations.isSuperior(below, b.id), `${below} is nearer to ${a.id} and ${b.id}`)
      pairs++
    }
  assert.ok(pairs > 400)
})
