/** The catalogue in the words of others: W3C Data Catalog Vocabulary 3 as JSON-LD. */
import type { DatasetView, SharingState } from '#core/view/information.ts'

const CONTEXT = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dcterms: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const

/** The European Union's list of access rights, which DCAT profiles share; what is on request is not public. */
const RIGHTS = 'http://publications.europa.eu/resource/authority/access-right'
const ACCESS: Readonly<Record<SharingState, string>> = {
  open: `${RIGHTS}/PUBLIC`,
  shared: `${RIGHTS}/RESTRICTED`,
  'on-request': `${RIGHTS}/RESTRICTED`,
  withheld: `${RIGHTS}/NON_PUBLIC`,
}
const both = (text: { readonly 'zh-CN': string; readonly en: string }): readonly object[] => [
  { '@language': 'zh-CN', '@value': text['zh-CN'] },
  { '@language': 'en', '@value': text.en },
]
const instant = (at: string): object => ({ '@type': 'xsd:dateTime', '@value': at })
const isAddress = (where: string): boolean => /^https?:\/\/[^\s"<>\\^`{|}]+$/.test(where)

/** A `dcat:Catalog` of the data sets; addresses stand in it only where the asker may have them. */
export function catalogueOf(datasets: readonly DatasetView[], now: string): object {
  return {
    '@context': CONTEXT,
    '@id': 'urn:muster:catalogue',
    '@type': 'dcat:Catalog',
    'dcterms:title': both({ 'zh-CN': '应急数据目录', en: 'Catalogue of emergency data' }),
    'dcterms:modified': instant(now),
    'dcat:dataset': datasets.map(entryOf),
  }
}

function entryOf(one: DatasetView): object {
  const { id, title, description, owner, updatedAt, promise, licence, sharing, quality, themes, jurisdiction } = one
  const reasons = [sharing.reason, sharing.basis].filter((text) => text !== null)
  return {
    '@id': `urn:uuid:${id}`,
    '@type': 'dcat:Dataset',
    'dcterms:identifier': id,
    'dcterms:title': title,
    'dcterms:description': description,
    'dcterms:publisher': { '@id': `urn:uuid:${owner.id}`, '@type': 'foaf:Agent', 'foaf:name': both(owner.name) },
    ...(updatedAt === null ? {} : { 'dcterms:modified': instant(updatedAt) }),
    // No list of frequencies has a word for every length, so the promise stands as an ISO 8601 duration.
    'dcterms:accrualPeriodicity': { '@type': 'dcterms:Frequency', 'rdfs:label': promise },
    'dcterms:accessRights': { '@id': ACCESS[sharing.state] },
    ...(reasons.length === 0 ? {} : { 'dcterms:rights': reasons.join(' · ') }),
    ...(quality === null ? {} : { 'dcterms:provenance': quality }),
    ...(themes.length === 0 ? {} : { 'dcat:keyword': themes }),
    ...(jurisdiction === null ? {} : { 'dcterms:spatial': { '@type': 'dcterms:Location', 'dcterms:identifier': jurisdiction } }),
    'dcat:distribution': [distributionOf(one, licence)],
  }
}

function distributionOf({ id, where, format }: DatasetView, licence: string): object {
  const place = where === null ? {} : isAddress(where) ? { 'dcat:accessURL': { '@id': where } } : { 'dcterms:description': where }
  return {
    '@id': `urn:uuid:${id}#distribution`,
    '@type': 'dcat:Distribution',
    'dcterms:format': format,
    'dcterms:license': licence,
    ...place,
  }
}
