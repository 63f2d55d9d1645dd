/** A district with departments of every sector, and instruments that are short to write: what the tests of the matrix begin with. */
import { Relations, type OrganizationEntry } from '../directory/relations.ts'
import type { Clause, DisclosureClause, DutyClause, Instrument } from '../instrument.ts'
import { historyOfFile, type History } from './in-force.ts'

export const words = (text: string) => ({ 'zh-CN': text, en: text })

export const entry = (
  id: string,
  sector: string,
  jurisdiction: string | null,
  superior: string | null,
  ...functions: readonly string[]
): OrganizationEntry => ({ id, name: words(id), sector, kind: 'department', functions, jurisdiction, superior, verified: true })

export const ENTRIES: readonly OrganizationEntry[] = [
  entry('state', 'government', '100000', null, 'government'),
  entry('city', 'government', '120000', 'state', 'government'),
  entry('district', 'government', '120116', 'city', 'government'),
  entry('district-emb', 'government', '120116', 'district', 'emergency-management'),
  entry('district-water', 'government', '120116', 'district', 'water'),
  entry('district-health', 'government', '120116', 'district', 'health'),
  entry('city-water', 'government', '120000', 'city', 'water'),
  entry('garrison', 'military', '120116', null, 'military'),
  entry('street-a', 'grass-roots', '120116', 'district', 'community'),
  entry('street-b', 'grass-roots', '120116', 'district', 'community'),
  entry('power', 'enterprise', '120116', null, 'power'),
  entry('red-cross', 'social', '120116', null, 'society-coordination'),
  entry('next-door', 'government', '120117', 'city', 'government'),
  entry('hebei', 'government', '130000', 'state', 'government'),
]
export const RELATIONS = new Relations(ENTRIES)

const common = { article: words('第一条'), words: words('应当'), wording: 'summary' } as const
const binding = {
  ...common,
  function: 'water',
  when: [],
  once: 'incident' as const,
  owes: 'function:water',
  to: 'government',
  act: 'drain',
  actWords: words('排水'),
  limit: { within: null, confirmed: false, source: null },
  evidence: [],
}

export const duty = (id: string, more: Partial<DutyClause> = {}): DutyClause => ({ ...binding, id, kind: 'duty', ...more })
export const disclosure = (id: string, more: Partial<DisclosureClause> = {}): DisclosureClause => ({
  ...binding,
  id,
  kind: 'disclosure',
  information: ['water-level'],
  purpose: words('防汛'),
  until: null,
  ...more,
})
export const text = (id: string, more: Partial<Extract<Clause, { kind: 'text' }>> = {}): Clause => ({
  ...common,
  id,
  kind: 'text',
  ...more,
})

export const file = (id: string, clauses: readonly Clause[], more: Partial<Instrument> = {}): Instrument => ({
  schema: 'muster/instrument/1',
  id,
  kind: 'plan',
  title: words(id),
  jurisdiction: '120116',
  issuer: words('区政府'),
  citation: words('1号'),
  inForceFrom: '2026-01-01',
  inForceUntil: null,
  source: words('为试验而写'),
  higher: [],
  demonstration: true,
  clauses: [...clauses],
  ...more,
})
export const histories = (...files: readonly Instrument[]): readonly History[] => files.map(historyOfFile)
