/**
 * XML signatures of alerts (W3C xmldsig-core; CAP 1.2, 3.3.2.1): each has to be a child of the alert and to cover the whole of it,
 * else it is not taken, whatever it covers (signature wrapping). What is checked is the very tree that the alert was read from.
 */
import { createHash, verify, X509Certificate, type KeyObject } from 'node:crypto'
import type { CapSignatureCode } from '#core/cap/codes.ts'
import { SIGNATURE_NAMESPACE } from '#core/cap/grammar.ts'
import { canonicalDocument, canonicalElement, type C14n } from '#core/c14n.ts'
import { elementsOf, findElements, isBlank, isElement, textOf, type XmlChild, type XmlDocument, type XmlElement } from '#core/xml.ts'
import { keyOfValue, subjectOf, type Trust } from './trust.ts'

export type SignatureVerdict = 'none' | 'valid-trusted' | 'valid-untrusted' | 'invalid'
export type Signer = {
  readonly algorithm: string
  /** Of the certificate that came with it, if one did. */
  readonly subject: string | null
  /** SHA-256 of the public key (SubjectPublicKeyInfo), hexadecimal. */
  readonly key: string | null
  /** The name it has in the trust list. */
  readonly trusted: string | null
}
export type SignatureResult = {
  readonly verdict: SignatureVerdict
  readonly codes: readonly CapSignatureCode[]
  readonly signers: readonly Signer[]
}

const SIGNATURES_MAX = 4
/** Children times signatures, two or three an element: each signature is computed over the whole alert, more than once. The largest signed alert that we know has 2,000. */
const SIGNED_MAX = 40_000
/** Prefixes known in one place; each has to be looked at in each element. */
const PREFIXES_MAX = 64
const CERTIFICATES_MAX = 8
const ALGORITHMS: Readonly<Record<string, { readonly hash: string; readonly kind: 'rsa' | 'dsa' | 'ec'; readonly weak: boolean }>> = {
  'http://www.w3.org/2000/09/xmldsig#rsa-sha1': { hash: 'sha1', kind: 'rsa', weak: true },
  'http://www.w3.org/2000/09/xmldsig#dsa-sha1': { hash: 'sha1', kind: 'dsa', weak: true },
  'http://www.w3.org/2009/xmldsig11#dsa-sha256': { hash: 'sha256', kind: 'dsa', weak: false },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': { hash: 'sha256', kind: 'rsa', weak: false },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': { hash: 'sha384', kind: 'rsa', weak: false },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': { hash: 'sha512', kind: 'rsa', weak: false },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1': { hash: 'sha1', kind: 'ec', weak: true },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': { hash: 'sha256', kind: 'ec', weak: false },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384': { hash: 'sha384', kind: 'ec', weak: false },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512': { hash: 'sha512', kind: 'ec', weak: false },
}
const DIGESTS: ReadonlyMap<string, string> = new Map([
  ['http://www.w3.org/2000/09/xmldsig#sha1', 'sha1'],
  ['http://www.w3.org/2001/04/xmlenc#sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
])
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

class Unsound extends Error {
  readonly code: CapSignatureCode
  constructor(code: CapSignatureCode) {
    super(code)
    this.code = code
  }
}
const unsound = (code: CapSignatureCode): never => {
  throw new Unsound(code)
}

/** Judges all signatures of a document whose root is the alert. All have to hold; one trusted signer is enough. */
export function judgeSignatures(document: XmlDocument, trust: Trust): SignatureResult {
  const isSignature = (element: XmlElement): boolean => element.name === 'Signature' && element.namespace === SIGNATURE_NAMESPACE
  // Most have none, and looking for the word is quicker than looking at every element.
  const all = document.text.includes('Signature') ? findElements(document.root, isSignature, SIGNATURES_MAX + 1) : []
  if (all.length === 0) return { verdict: 'none', codes: [], signers: [] }
  if (all.length > SIGNATURES_MAX || !bearable(document.root, all.length))
    return { verdict: 'invalid', codes: ['cap.signature-too-many'], signers: [] }
  if (all.some(({ parent }) => parent !== document.root)) return { verdict: 'invalid', codes: ['cap.signature-misplaced'], signers: [] }
  const codes = new Set<CapSignatureCode>()
  const signers: Signer[] = []
  let sound = true
  for (const signature of all) {
    try {
      const signer = judge(signature, document, new Set(all), trust)
      signers.push(signer)
      if (signer.algorithm.endsWith('sha1')) codes.add('cap.signature-weak')
    } catch (error) {
      if (!(error instanceof Unsound)) throw error
      codes.add(error.code)
      sound = false
    }
  }
  const trusted = signers.some((one) => one.trusted !== null)
  if (sound && !trusted) codes.add('cap.signature-untrusted')
  return { verdict: sound ? (trusted ? 'valid-trusted' : 'valid-untrusted') : 'invalid', codes: [...codes].toSorted(), signers }
}

/** Whether the work is worth it: who wants to keep us busy signs what is large for nothing. */
function bearable(root: XmlElement, signatures: number): boolean {
  let nodes = 0
  const walk = (element: XmlElement, prefixes: number): boolean => {
    const known = prefixes + (element.declared?.size ?? 0)
    nodes += 1 + element.children.length
    if (nodes * signatures > SIGNED_MAX || known > PREFIXES_MAX) return false
    return element.children.every((child) => typeof child === 'string' || !isElement(child) || walk(child, known))
  }
  return walk(root, 0)
}

const inside = (element: XmlElement, name: string): readonly XmlElement[] =>
  elementsOf(element).filter((one) => one.name === name && one.namespace === SIGNATURE_NAMESPACE)
/** Exactly one, or the signature is not whole. */
function only(element: XmlElement, name: string): XmlElement {
  const [first, ...more] = inside(element, name)
  return first === undefined || more.length > 0 ? unsound('cap.signature-incomplete') : first
}
const algorithmOf = (element: XmlElement): string =>
  element.attributes.find(({ name, prefix }) => name === 'Algorithm' && prefix === '')?.value ?? ''
const base64Of = (element: XmlElement): Buffer => Buffer.from(textOf(element).replaceAll(/\s/g, ''), 'base64')
/** Nothing that decoding would pass over: two texts never say the same value. */
function strictBase64Of(element: XmlElement, code: CapSignatureCode): Buffer {
  const value = base64Of(element)
  return value.toString('base64') === textOf(element).replaceAll(/\s/g, '') ? value : unsound(code)
}

function judge(signature: XmlElement, document: XmlDocument, all: ReadonlySet<XmlElement>, trust: Trust): Signer {
  const signedInfo = only(signature, 'SignedInfo')
  const reference = only(signedInfo, 'Reference')
  if (!coversRoot(reference, document)) unsound('cap.signature-covers-other')
  const digest = DIGESTS.get(algorithmOf(only(reference, 'DigestMethod'))) ?? unsound('cap.signature-algorithm')
  const wanted = strictBase64Of(only(reference, 'DigestValue'), 'cap.signature-digest')
  const how = transformsOf(reference)
  const digestOf = (of: XmlDocument, omitted: ReadonlySet<XmlElement>): boolean =>
    createHash(digest)
      .update(canonicalDocument(of, how, omitted))
      .digest()
      .equals(wanted)
  // With two signatures, each was computed with all removed; by the letter only the own one is.
  const omissions = all.size === 1 ? [all] : [all, new Set([signature])]
  // Some sign the alert without what stands around it in the document, which says nothing of the alert.
  const bare = { ...document, before: [], after: [] }
  const documents = document.before.length + document.after.length === 0 ? [document] : [document, bare]
  if (!documents.some((one) => omissions.some((omitted) => digestOf(one, omitted))))
    unsound(digestOf({ ...bare, root: withoutBlanks(document.root) }, all) ? 'cap.signature-reformatted' : 'cap.signature-digest')
  const method = algorithmOf(only(signedInfo, 'SignatureMethod'))
  const algorithm = Object.hasOwn(ALGORITHMS, method) ? ALGORITHMS[method] : undefined
  if (algorithm === undefined) return unsound('cap.signature-algorithm')
  const canonicalization = only(signedInfo, 'CanonicalizationMethod')
  const signed = Buffer.from(canonicalElement(signedInfo, c14nOf(canonicalization) ?? unsound('cap.signature-transform')))
  const value = strictBase64Of(only(signature, 'SignatureValue'), 'cap.signature-value')
  const { keys, certificates } = keyInfoOf(signature)
  const holds = (key: KeyObject): boolean => key.asymmetricKeyType === algorithm.kind && verifies(algorithm.hash, signed, key, value)
  const key =
    [...keys, ...(keys.length === 0 ? trust.keys : [])].find(holds) ??
    unsound(keys.length === 0 ? 'cap.signature-no-key' : 'cap.signature-value')
  const certificate = certificates.find((one) => one.publicKey.equals(key)) ?? null
  return {
    algorithm: `${algorithm.kind}-${algorithm.hash}`,
    subject: certificate === null ? null : subjectOf(certificate),
    key: createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
    trusted: algorithm.weak || digest === 'sha1' ? null : trust.nameOf(key, certificate, certificates),
  }
}

/** As it was before somebody indented it: it says why a signature does not hold, never that it does. */
const withoutBlanks = (element: XmlElement): XmlElement => ({
  ...element,
  children: element.children.flatMap((child): readonly XmlChild[] => {
    if (typeof child === 'string') return element.children.length > 1 && isBlank(child) ? [] : [child]
    return isElement(child) && !(child.name === 'Signature' && child.namespace === SIGNATURE_NAMESPACE) ? [withoutBlanks(child)] : []
  }),
})

function verifies(hash: string, signed: Buffer, key: KeyObject, value: Buffer): boolean {
  try {
    return verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, value)
  } catch {
    return false
  }
}

/** The whole document, or the root by its id when nothing else has that id. */
function coversRoot(reference: XmlElement, document: XmlDocument): boolean {
  const uri = reference.attributes.find(({ name }) => name === 'URI')?.value
  if (uri === '') return true
  if (uri === undefined || !uri.startsWith('#') || uri.length < 2) return false
  const named = findElements(
    document.root,
    (one) => one.attributes.some(({ name, value }) => /^id$/i.test(name) && value === uri.slice(1)),
    2,
  )
  return named.length === 1 && named[0] === document.root
}

/** Enveloped signature, then at most one canonicalization; nothing that could choose a part (XPath, XSLT, base64). */
function transformsOf(reference: XmlElement): C14n {
  const transforms = inside(reference, 'Transforms').flatMap((one) => inside(one, 'Transform'))
  const [first, second, ...more] = transforms
  if (first === undefined || algorithmOf(first) !== ENVELOPED || more.length > 0) return unsound('cap.signature-transform')
  // Without a canonicalization the bytes are those of Canonical XML 1.0 (xmldsig-core, 4.4.3.2).
  return second === undefined ? PLAIN : (c14nOf(second) ?? unsound('cap.signature-transform'))
}

const PLAIN: C14n = { exclusive: false, comments: false, version: '1.0', inclusivePrefixes: [] }
const METHODS: Readonly<Record<string, Omit<C14n, 'comments' | 'inclusivePrefixes'>>> = {
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315': { exclusive: false, version: '1.0' },
  'http://www.w3.org/2006/12/xml-c14n11': { exclusive: false, version: '1.1' },
  'http://www.w3.org/2001/10/xml-exc-c14n': { exclusive: true, version: '1.0' },
}

function c14nOf(method: XmlElement): C14n | null {
  const [name = '', fragment = ''] = algorithmOf(method).split('#')
  const found = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined
  if (found === undefined || (fragment !== '' && fragment !== 'WithComments')) return null
  const list = elementsOf(method)
    .find((one) => one.name === 'InclusiveNamespaces')
    ?.attributes.find((one) => one.name === 'PrefixList')?.value
  return { ...found, comments: fragment === 'WithComments', inclusivePrefixes: list?.split(/\s+/, 32).filter((one) => one !== '') ?? [] }
}

function keyInfoOf(signature: XmlElement): { readonly keys: readonly KeyObject[]; readonly certificates: readonly X509Certificate[] } {
  const info = inside(signature, 'KeyInfo')[0]
  if (info === undefined) return { keys: [], certificates: [] }
  const named = (name: string): readonly XmlElement[] =>
    findElements(info, (one) => one.name === name && one.namespace === SIGNATURE_NAMESPACE, CERTIFICATES_MAX)
  const certificates = named('X509Certificate').flatMap((one) => {
    try {
      const certificate = new X509Certificate(base64Of(one))
      // A key that cannot be read is found out only now.
      return certificate.publicKey.type === 'public' ? [certificate] : []
    } catch {
      return []
    }
  })
  const values = named('KeyValue').flatMap((one) => keyOfValue(one) ?? [])
  return { keys: [...certificates.map(({ publicKey }) => publicKey), ...values], certificates }
}
