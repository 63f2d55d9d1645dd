import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clause } from '../instrument.ts'
import { isOpen, type Obligation } from '../obligation.ts'
import { duty } from '../linkage.given.ts'
import { openItems } from './phase.ts'

const owed = (id: string, clauseId: string, more: Partial<Obligation> = {}): { id: string; state: Obligation } => ({
  id,
  state: {
    status: 'owed',
    basis: { instrumentId: 'plan', version: 1, clauseId },
    dueAt: null,
    trigger: { position: '1', type: 'incident.declared', occurredAt: '2026-07-01T00:00:00.000Z' },
    ...more,
  } as Obligation,
})
const CLAUSES: Readonly<Record<string, Clause>> = {
  warn: duty({ id: 'warn', phase: 'warn' }),
  mend: duty({ id: 'mend', phase: 'improve' }),
  plain: duty({ id: 'plain' }),
}
const open = (all: readonly { id: string; state: Obligation }[]): readonly (readonly string[])[] =>
  openItems(all, ({ clauseId }) => CLAUSES[clauseId] ?? null).map(({ phase, items }) => [phase, ...items.map(({ id }) => id)])

test('open items stand under the phase that their clause names, in the order of the process, the nearest deadline first', () => {
  const late = owed('late', 'warn', { dueAt: '2026-07-01T02:00:00.000Z' })
  const soon = owed('soon', 'warn', { dueAt: '2026-07-01T01:00:00.000Z' })
  assert.deepEqual(open([owed('m', 'mend'), late, owed('undated', 'warn'), soon]), [
    ['warn', 'soon', 'late', 'undated'],
    ['improve', 'm'],
  ])
})

test('where the clause names no phase the trigger does: what the closing makes owed belongs to recovery, all else to the response', () => {
  const after = { position: '9', type: 'incident.closed', occurredAt: '2026-07-02T00:00:00.000Z' }
  assert.deepEqual(
    open([owed('b', 'plain', { trigger: after }), owed('a', 'plain'), owed('order', 'plain', { basis: null, trigger: null })]),
    [
      ['respond', 'a', 'order'],
      ['recover', 'b'],
    ],
  )
})

test('what is settled keeps no phase from closing', () => {
  const done = owed('done', 'warn', { status: 'discharged' })
  assert.ok(!isOpen(done.state))
  assert.deepEqual(open([done]), [])
})
