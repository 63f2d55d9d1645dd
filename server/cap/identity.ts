/** The key with which this node signs its alerts, and the certificate by which others know it. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { der, integer } from './der.ts'
import type { SigningKey } from './sign.ts'

/** Whoever receives our alerts enters the certificate by hand: it does not lapse behind his back within a few years. */
const YEARS = 10
/** RSA: every receiver of signed alerts that we know verifies it, not every one knows elliptic curves. */
const BITS = 2048

/**
 * Made at the first start and kept beside the node's key in one file (`alert-key.pem`: key, then certificate), readable by
 * nobody else. Losing it: whoever trusts us has to be given the new certificate; what was signed stays good.
 */
export function alertIdentity({ varDir, node, now }: { readonly varDir: string; readonly node: string; readonly now: number }): SigningKey {
  const path = join(varDir, 'alert-key.pem')
  try {
    return kept(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
  }
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: BITS })
  const certificate = selfSigned({ privateKey, name: node, from: now })
  mkdirSync(varDir, { recursive: true })
  try {
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() + certificate, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    // Two servers of one folder may start at once: the first one's is the key.
    if ((error as { code?: string }).code !== 'EEXIST') throw error
    return kept(readFileSync(path, 'utf8'))
  }
  return { privateKey, certificate }
}

function kept(pem: string): SigningKey {
  const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(pem)?.[0]
  const privateKey = createPrivateKey(pem)
  if (certificate === undefined || !new X509Certificate(certificate).checkPrivateKey(privateKey))
    throw new Error('alert-key.pem holds no certificate of its own key')
  return { privateKey, certificate }
}

const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const RSA_SHA256 = der(0x30, oid('2a864886f70d01010b'), der(0x05))
const ECDSA_SHA256 = der(0x30, oid('2a8648ce3d040302'))
const bits = (bytes: Buffer, unused = 0): Buffer => der(0x03, Buffer.from([unused]), bytes)
const TRUE = der(0x01, Buffer.from([0xff]))

/** RFC 5280, 4.1.2.5: UTCTime until 2049, GeneralizedTime from 2050; whole seconds, UTC. */
function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  return Number(text.slice(0, 4)) < 2050 ? der(0x17, Buffer.from(text.slice(2))) : der(0x18, Buffer.from(text))
}

/** A certificate (X.509 v3, RFC 5280) of a key by itself, for signatures only; it certifies nobody else. PEM. */
export function selfSigned({
  privateKey,
  name,
  from,
}: {
  readonly privateKey: KeyObject
  readonly name: string
  readonly from: number
}): string {
  const algorithm = privateKey.asymmetricKeyType === 'rsa' ? RSA_SHA256 : ECDSA_SHA256
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const commonName = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from([...name].slice(0, 64).join(''))))))
  const until = new Date(from)
  until.setUTCFullYear(until.getUTCFullYear() + YEARS)
  const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
    der(0x30, oid(id), ...(critical ? [TRUE] : []), der(0x04, value))
  const keyId = createHash('sha1').update(spki).digest()
  const body = der(
    0x30,
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    commonName,
    der(0x30, time(from), time(until.getTime())),
    commonName,
    spki,
    der(
      0xa3,
      der(
        0x30,
        extension('551d13', true, der(0x30)),
        // digitalSignature alone.
        extension('551d0f', true, bits(Buffer.from([0x80]), 7)),
        extension('551d0e', false, der(0x04, keyId)),
      ),
    ),
  )
  const whole = der(0x30, body, algorithm, bits(sign('sha256', body, privateKey)))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
