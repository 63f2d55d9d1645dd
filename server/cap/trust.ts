import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto'
import { elementsOf, textOf, type XmlElement } from '#core/xml.ts'
import { der, integer } from './der.ts'

/** Whom we believe: keys as they are, and whoever they certified. */
export type Trust = {
  readonly keys: readonly KeyObject[]
  readonly names: readonly string[]
  /** The name that the list has for the key, or for the authority whose certificates lead to it; null: not trusted. */
  readonly nameOf: (key: KeyObject, certificate: X509Certificate | null, others: readonly X509Certificate[]) => string | null
}

export const NO_TRUST: Trust = { keys: [], names: [], nameOf: () => null }
const CHAIN_MAX = 4
const ENTRIES_MAX = 1000

type Entry = { readonly name: string; readonly key: KeyObject; readonly certificate: X509Certificate | null }

/** On one line; empty when it names nobody, which is undefined against what its type says. */
export const subjectOf = ({ subject }: X509Certificate): string => ((subject as string | undefined) ?? '').replaceAll('\n', ', ')

/** Reads certificates and public keys in PEM, one after another. `at`: milliseconds, when the certificates have to be good. Throws on what is neither. */
export function readTrust(pem: string, at: number): Trust {
  const blocks = [...pem.matchAll(/-----BEGIN (CERTIFICATE|PUBLIC KEY)-----[^-]+-----END \1-----/g)].slice(0, ENTRIES_MAX)
  if (blocks.length === 0) throw new Error('no certificate and no public key in it')
  const entries = blocks.map(([block, kind], i): Entry => {
    if (kind === 'PUBLIC KEY') return { name: `key ${i + 1}`, key: createPublicKey(block), certificate: null }
    const certificate = new X509Certificate(block)
    return { name: subjectOf(certificate), key: certificate.publicKey, certificate }
  })
  const good = (one: X509Certificate): boolean => Date.parse(one.validFrom) <= at && at <= Date.parse(one.validTo)
  const directly = (key: KeyObject): Entry | undefined => entries.find((entry) => entry.key.equals(key))
  const issued = (one: X509Certificate, others: readonly X509Certificate[], steps: number): string | null => {
    if (!good(one) || steps > CHAIN_MAX) return null
    const root = entries.find(
      ({ certificate, key }) => certificate?.ca === true && good(certificate) && one.checkIssued(certificate) && one.verify(key),
    )
    if (root !== undefined) return root.name
    const above = others.find((other) => other !== one && other.ca && one.checkIssued(other) && one.verify(other.publicKey))
    return above === undefined ? null : issued(above, others, steps + 1)
  }
  return {
    keys: entries.map(({ key }) => key),
    names: entries.map(({ name }) => name),
    nameOf: (key, certificate, others) => directly(key)?.name ?? (certificate === null ? null : issued(certificate, others, 1)),
  }
}

/** The key of a `KeyValue`: RSA, DSA or a named curve. Undefined: not one of these. */
export function keyOfValue(value: XmlElement): KeyObject | undefined {
  try {
    const [one] = elementsOf(value)
    if (one === undefined) return undefined
    const part = (name: string): Buffer => {
      const found = elementsOf(one).find((element) => element.name === name)
      return Buffer.from(found === undefined ? '' : textOf(found).replaceAll(/\s/g, ''), 'base64')
    }
    if (one.name === 'RSAKeyValue')
      return createPublicKey({
        key: { kty: 'RSA', n: part('Modulus').toString('base64url'), e: part('Exponent').toString('base64url') },
        format: 'jwk',
      })
    if (one.name === 'DSAKeyValue') return dsaKey([part('P'), part('Q'), part('G')], part('Y'))
    if (one.name === 'ECKeyValue') return curveKey(one, part('PublicKey'))
    return undefined
  } catch {
    return undefined
  }
}

const CURVES: Readonly<Record<string, string>> = {
  'urn:oid:1.2.840.10045.3.1.7': 'P-256',
  'urn:oid:1.3.132.0.34': 'P-384',
  'urn:oid:1.3.132.0.35': 'P-521',
}

function curveKey(value: XmlElement, point: Buffer): KeyObject | undefined {
  const curve =
    elementsOf(value)
      .find(({ name }) => name === 'NamedCurve')
      ?.attributes.find(({ name }) => name === 'URI')?.value ?? ''
  const crv = CURVES[curve]
  const half = (point.length - 1) / 2
  if (crv === undefined || point[0] !== 4) return undefined
  const at = (from: number): string => point.subarray(from, from + half).toString('base64url')
  return createPublicKey({ key: { kty: 'EC', crv, x: at(1), y: at(1 + half) }, format: 'jwk' })
}

/** JSON Web Keys have no DSA, so its SubjectPublicKeyInfo is written out (RFC 3279, 2.3.2). */
function dsaKey(parameters: readonly Buffer[], y: Buffer): KeyObject {
  const DSA = Buffer.from('06072a8648ce380401', 'hex')
  const algorithm = der(0x30, DSA, der(0x30, ...parameters.map(integer)))
  return createPublicKey({ key: der(0x30, algorithm, der(0x03, Buffer.from([0]), integer(y))), format: 'der', type: 'spki' })
}
