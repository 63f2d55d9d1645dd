/** The register as a table: one item a line, the same columns in and out. docs/risk.md tells them to people. */
import { instant, PlainDate } from '../time.ts'
import { isUnknown, RiskCommand, type Provenance, type Risk, type Substance, type Unknown } from './command.ts'

export const CSV_COLUMNS = [
  'code',
  'kind',
  'site_kind',
  'hazard',
  'name_zh',
  'name_en',
  'jurisdiction',
  'address',
  'lon',
  'lat',
  'accuracy',
  'owner',
  'regulator',
  'responder',
  'who_knows',
  'people',
  'people_need_help',
  'hazards',
  'substances',
  'promise',
  'restricted',
  'danger',
  'danger_grade',
  'danger_due',
  'source',
  'as_of',
  'confidence',
] as const
export type CsvColumn = (typeof CSV_COLUMNS)[number]
export const CSV_REQUIRED: readonly CsvColumn[] = ['code', 'kind', 'name_zh', 'jurisdiction', 'source', 'as_of']

export type CsvRow = Readonly<Partial<Record<CsvColumn, string>>>
export type CsvProblem = { readonly column: CsvColumn | null; readonly problem: string; readonly value: string }
/** An organization by its id or its name; null: none, or more than one. */
export type ByName = (text: string) => string | null

/** By which column a part of the command came in. */
const COLUMN_OF: Readonly<Record<string, CsvColumn>> = {
  kind: 'kind',
  siteKind: 'site_kind',
  hazard: 'hazard',
  name: 'name_zh',
  jurisdiction: 'jurisdiction',
  place: 'lon',
  owner: 'owner',
  regulator: 'regulator',
  responder: 'responder',
  knowers: 'who_knows',
  people: 'people',
  hazards: 'hazards',
  substances: 'substances',
  promise: 'promise',
  restricted: 'restricted',
  danger: 'danger',
  source: 'source',
  asOfAt: 'as_of',
  confidence: 'confidence',
}

const UNKNOWN = /^unknown:\s*(?<by>.+)$/
/** `unknown: the watchman` is somebody's word that it is not known. */
const unknownOf = (text: string): Unknown | null => {
  const by = UNKNOWN.exec(text)?.groups?.by
  return by === undefined ? null : { unknown: by }
}
const count = (text: string): number | Unknown => unknownOf(text) ?? (/^\d+$/.test(text) ? Number(text) : Number.NaN)

/** `硝酸铵|1942|6484-52-2|20 t|3号库`: name, UN, CAS, quantity with its unit, place; several are parted by `;`. `none` says that nothing is stored. */
function substancesOf(text: string): readonly unknown[] {
  if (text === 'none') return []
  return text.split(';').map((one) => {
    const [name = '', un = '', cas = '', quantity = '', where = ''] = one.split('|').map((part) => part.trim())
    const [value = '', unit = '', ...rest] = quantity.split(/\s+/)
    return {
      name: unknownOf(name) ?? name,
      ...(un === '' ? {} : { un }),
      ...(cas === '' ? {} : { cas }),
      quantity: unknownOf(quantity) ?? (rest.length > 0 || value === '' ? null : { value: Number(value), unit }),
      ...(where === '' ? {} : { where }),
    }
  })
}

/** A date alone is the beginning of that day in China, where the register is kept. */
const instantOf = (text: string): string => (PlainDate.safeParse(text).success ? instant(`${text}T00:00:00+08:00`) : text)

const list = (text: string): readonly string[] => text.split(/[;\s]+/).filter((one) => one !== '')
const given = <T>(key: string, text: string, value: (text: string) => T): Readonly<Record<string, T>> =>
  text === '' ? {} : { [key]: value(text) }

function bodyOf(cell: (column: CsvColumn) => string, byName: ByName): Readonly<Record<string, unknown>> {
  const organization = (column: CsvColumn): string | null => (cell(column) === '' ? null : byName(cell(column)))
  const name = cell('name_zh')
  const placed = cell('lon') !== '' || cell('lat') !== ''
  const accuracy = cell('accuracy')
  const unsaid = { unknown: cell('source') }
  const danger = { text: cell('danger'), grade: cell('danger_grade') || 'general', dueAt: instantOf(cell('danger_due')) }
  return {
    type: 'risk.register',
    kind: cell('kind'),
    ...given('siteKind', cell('site_kind'), String),
    ...given('hazard', cell('hazard'), String),
    name: { 'zh-CN': name, en: cell('name_en') || name },
    jurisdiction: cell('jurisdiction'),
    ...(placed
      ? {
          place: {
            name: cell('address') || name,
            lon: degrees(cell('lon')),
            lat: degrees(cell('lat')),
            ...given('accuracy', accuracy, String),
          },
        }
      : {}),
    owner: organization('owner'),
    regulator: organization('regulator'),
    responder: organization('responder'),
    ...given('knowers', cell('who_knows'), (words) => [{ post: null, words }]),
    ...(cell('people') === '' && cell('people_need_help') === ''
      ? {}
      : { people: { usual: said(cell('people'), unsaid), needHelp: said(cell('people_need_help'), unsaid) } }),
    ...given('hazards', cell('hazards'), list),
    ...given('substances', cell('substances'), substancesOf),
    ...given('promise', cell('promise'), String),
    ...given('restricted', cell('restricted'), (text) => (text === 'yes' ? true : text === 'no' ? false : text)),
    ...(cell('danger') === '' ? {} : { danger }),
    source: cell('source'),
    asOfAt: instantOf(cell('as_of')),
    confidence: cell('confidence') || 'reported',
  }
}
const degrees = (text: string): number => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN)
/** One of the two numbers left out: the source of the line does not say it. */
const said = (text: string, unsaid: Unknown): number | Unknown => (text === '' ? unsaid : count(text))

/** The command that registers what the line says, or everything that is wrong with the line. */
export function registerOf(row: CsvRow, byName: ByName): RiskCommand | readonly CsvProblem[] {
  const cell = (column: CsvColumn): string => (row[column] ?? '').trim()
  const missing = CSV_REQUIRED.filter((column) => cell(column) === '')
  if (missing.length > 0) return missing.map((column) => ({ column, problem: 'missing', value: '' }))
  const strangers = (['owner', 'regulator', 'responder'] as const).filter((column) => cell(column) !== '' && byName(cell(column)) === null)
  if (strangers.length > 0) return strangers.map((column) => ({ column, problem: 'no-such-organization', value: cell(column) }))
  const parsed = RiskCommand.safeParse(bodyOf(cell, byName))
  if (parsed.success) return parsed.data
  const columns = new Set(parsed.error.issues.map(({ path }) => columnOf(path)))
  return [...columns].map((column) => ({ column, problem: 'malformed', value: column === null ? '' : cell(column).slice(0, 200) }))
}

function columnOf([first, second, third]: readonly PropertyKey[]): CsvColumn | null {
  if (first === 'place' && second === 'lat') return 'lat'
  if (first === 'place' && second === 'name') return 'address'
  if (first === 'name' && second === 'en') return 'name_en'
  if (first === 'people' && second === 'needHelp') return 'people_need_help'
  if (first === 'danger' && (second === 'grade' || second === 'dueAt')) return second === 'grade' ? 'danger_grade' : 'danger_due'
  return third === undefined && first === undefined ? null : (COLUMN_OF[String(first)] ?? null)
}

const knownOr = (value: number | string | Unknown): string => (isUnknown(value) ? `unknown: ${value.unknown}` : String(value))

function substanceText({ name, un = '', cas = '', quantity, where }: Substance): string {
  const amount = isUnknown(quantity) ? knownOr(quantity) : `${quantity.value} ${quantity.unit}`
  const parts = [knownOr(name), un, cas, amount, ...(where === undefined ? [] : [where])]
  return parts.map((part) => part.replaceAll(/[|;]/g, ' ')).join('|')
}

/** The line of an item. `store`: null where it is not for the reader; `nameOf`: an organization's name by its id. */
export function csvRowOf(code: string, state: Risk, store: readonly Substance[] | null, nameOf: (id: string) => string): readonly string[] {
  const { place, people, dangers } = state
  const organization = (id: string | null): string => (id === null ? '' : nameOf(id))
  const times = Object.values(state.provenance)
  const oldest = times.reduce<Provenance | null>((a, b) => (a === null || b.asOfAt < a.asOfAt ? b : a), null)
  const [danger] = dangers.filter(({ status }) => status !== 'verified')
  const cells: Readonly<Record<CsvColumn, string>> = {
    code,
    kind: state.kind,
    site_kind: state.siteKind ?? '',
    hazard: state.hazard ?? '',
    name_zh: state.name['zh-CN'],
    name_en: state.name.en,
    jurisdiction: state.jurisdiction,
    address: place?.name ?? '',
    lon: place === null ? '' : String(place.lon),
    lat: place === null ? '' : String(place.lat),
    accuracy: place?.accuracy ?? '',
    owner: organization(state.owner),
    regulator: organization(state.regulator),
    responder: organization(state.responder),
    who_knows: state.knowers.find(({ words }) => words !== null)?.words ?? '',
    people: people === null ? '' : knownOr(people.usual),
    people_need_help: people === null ? '' : knownOr(people.needHelp),
    hazards: state.hazards.join(' '),
    substances: store === null ? '' : store.length === 0 ? 'none' : store.map(substanceText).join('; '),
    promise: state.promise,
    restricted: state.restricted ? 'yes' : 'no',
    danger: danger?.text ?? '',
    danger_grade: danger?.grade ?? '',
    danger_due: danger?.dueAt ?? '',
    source: oldest?.source ?? state.name['zh-CN'],
    as_of: oldest?.asOfAt ?? state.registeredAt,
    confidence: oldest?.confidence ?? 'reported',
  }
  return CSV_COLUMNS.map((column) => cells[column])
}
