/** XML signatures that go out with our alerts: enveloped, over the whole of the alert (CAP 1.2, 3.3.4.1; W3C xmldsig-core1). */
import { createHash, sign, X509Certificate, type KeyObject } from 'node:crypto'
import { CAP_BOUNDS } from '#core/cap.ts'
import { SIGNATURE_NAMESPACE } from '#core/cap/grammar.ts'
import { canonicalDocument, canonicalElement, type C14n } from '#core/c14n.ts'
import { elementsOf, findElements, readXml, type XmlDocument, type XmlElement } from '#core/xml.ts'
import { decodeXml } from './decode.ts'

/** RSA of 2048 bits or more, or EC on P-256. `certificate`: PEM, sent along, so that whoever trusts it need not be told the key. */
export type SigningKey = { readonly privateKey: KeyObject; readonly certificate: string }

const HOW: C14n = { exclusive: true, comments: false, version: '1.0', inclusivePrefixes: [] }
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const METHODS: Readonly<Record<string, string>> = {
  rsa: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  ec: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
}

/**
 * The alert with one signature put in before its end, everything else as it was. UTF-8 in, UTF-8 out. Throws on what is no
 * well-formed UTF-8 document, is signed already, or is empty, and on a key of another kind: all of these are bugs of the caller.
 */
export function signAlert(bytes: Uint8Array, { privateKey, certificate }: SigningKey): Uint8Array {
  const decoded = decodeXml(bytes)
  if ('code' in decoded || decoded.encoding !== 'utf-8') throw new Error('an alert to be signed is written in UTF-8')
  const document = parsed(decoded.text)
  const { root } = document
  if (elementsOf(root).length === 0 || findElements(root, isSignature, 1).length > 0)
    throw new Error('the alert is empty or signed already')
  const method = METHODS[privateKey.asymmetricKeyType ?? '']
  if (method === undefined) throw new Error(`alerts are not signed with ${privateKey.asymmetricKeyType}`)
  const digest = createHash('sha256')
    .update(canonicalDocument(document, HOW, new Set()))
    .digest('base64')
  const info =
    `<SignedInfo><CanonicalizationMethod Algorithm="${EXCLUSIVE}"/><SignatureMethod Algorithm="${method}"/><Reference URI="">` +
    `<Transforms><Transform Algorithm="${SIGNATURE_NAMESPACE}enveloped-signature"/><Transform Algorithm="${EXCLUSIVE}"/></Transforms>` +
    `<DigestMethod Algorithm="${SHA256}"/><DigestValue>${digest}</DigestValue></Reference></SignedInfo>`
  const key = `<KeyInfo><X509Data><X509Certificate>${new X509Certificate(certificate).raw.toString('base64')}</X509Certificate></X509Data></KeyInfo>`
  const end = document.text.lastIndexOf('</', root.end)
  const whole = (value: string): string =>
    `${document.text.slice(0, end)}<Signature xmlns="${SIGNATURE_NAMESPACE}">${info}<SignatureValue>${value}</SignatureValue>${key}</Signature>${document.text.slice(end)}`
  // What is signed is taken from where it stands, as whoever verifies it will find it.
  const [signedInfo] = findElements(parsed(whole('')).root, (one) => one.name === 'SignedInfo' && one.namespace === SIGNATURE_NAMESPACE, 1)
  if (signedInfo === undefined) throw new Error('the signature did not come to stand in the alert')
  const value = sign('sha256', Buffer.from(canonicalElement(signedInfo, HOW)), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return Buffer.from(whole(value.toString('base64')))
}

const isSignature = (element: XmlElement): boolean => element.name === 'Signature' && element.namespace === SIGNATURE_NAMESPACE

function parsed(text: string): XmlDocument {
  const read = readXml(text, CAP_BOUNDS)
  if (!read.ok) throw new Error(`what is to be signed cannot be read: ${read.detail}`)
  return read.document
}
