import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maySee } from '../authority.ts'
import { Relations, type OrganizationEntry } from '../directory/relations.ts'
import { given } from '../given.ts'
import { incident, incidentThing, type IncidentCommand, type IncidentEvent } from '../incident.ts'

const reported = {
  type: 'incident.reported',
  number: '2026-120116-0001',
  title: '海河流域洪水',
  place: null,
  jurisdiction: '120116',
  hazard: 'flood',
  class: 'natural',
  unitInvolved: null,
  text: '水位上涨',
  zone: 'Asia/Shanghai',
  reportedBy: null,
} as const satisfies IncidentEvent
const area = {
  type: 'Polygon' as const,
  coordinates: [
    [
      [117, 39],
      [118, 39],
      [118, 40],
      [117, 39],
    ],
  ] as [number, number][][],
}
const affected = [
  { code: '120116', km2: 100 },
  { code: '131000', km2: 20 },
]
const mark: IncidentCommand = { type: 'incident.mark-area', area, source: '洪水淹没模型', affected }
const marked: IncidentEvent = { type: 'incident.area-marked', area, source: '洪水淹没模型', affected }

test('an area is marked with the territories that the server reckoned, and marked alike again is nothing', () => {
  assert.deepEqual(given(incident, [reported]).when(mark), [marked])
  assert.deepEqual(given(incident, [reported, marked]).when(mark), [])
})

test('an area that nobody reckoned, or that lies in no known territory, is refused', () => {
  const { affected: _, ...bare } = mark
  assert.deepEqual(given(incident, [reported]).when(bare), { refused: 'incident.area-not-reckoned' })
  assert.deepEqual(given(incident, [reported]).when({ ...mark, area: null }), { refused: 'incident.area-not-reckoned' })
  assert.deepEqual(given(incident, [reported]).when({ ...mark, affected: [] }), { refused: 'incident.area-outside' })
})

test('the newest area counts', () => {
  const grown: IncidentEvent = { ...marked, affected: [...affected, { code: '110000', km2: 5 }] }
  assert.equal(given(incident, [reported, marked, grown]).state?.area?.affected.length, 3)
})

test('whoever answers for a territory in the area sees the incident, its superior and what lies below it, too, and nobody else', () => {
  const entry = (id: string, jurisdiction: string): OrganizationEntry => ({
    id,
    name: { 'zh-CN': id, en: id },
    sector: 'government',
    kind: 'government',
    functions: [],
    jurisdiction,
    superior: null,
    verified: true,
  })
  const relations = new Relations([
    entry('langfang', '131000'),
    entry('hebei', '130000'),
    entry('langfang-county', '131022'),
    entry('tangshan', '130200'),
  ])
  const sees = (events: readonly IncidentEvent[]): readonly string[] => {
    const thing = incidentThing(given(incident, events).state)
    return ['langfang', 'hebei', 'langfang-county', 'tangshan'].filter((id) => maySee(id, thing, relations))
  }
  assert.deepEqual(sees([reported]), [])
  assert.deepEqual(sees([reported, marked]), ['langfang', 'hebei', 'langfang-county'])
})
