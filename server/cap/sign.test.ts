import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, X509Certificate, verify } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ParseOption, XmlDocument, XmlStringOutputBufferHandler } from 'libxml2-wasm'
import { writeCap } from '#core/cap/write.ts'
import { capBytes } from '../../fixtures/server/cap.ts'
import { readCap } from '../cap.ts'
import { alertIdentity, selfSigned } from './identity.ts'
import { signAlert, type SigningKey } from './sign.ts'
import { readTrust } from './trust.ts'

const now = Date.parse('2026-11-22T00:00:00Z')
const keyOf = (kind: 'rsa' | 'ec'): SigningKey => {
  const { privateKey } =
    kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { privateKey, certificate: selfSigned({ privateKey, name: 'muster.example.org', from: now }) }
}
const bytes = capBytes({ identifier: 'to-sign', headline: '暴雨 & <橙色>', ms: now })

/** By libxml2, so that nothing of ours says what canonical is. */
function canonical(text: string): Buffer {
  using document = XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NONET })
  const output = new XmlStringOutputBufferHandler()
  document.canonicalize(output, { mode: 1, withComments: false })
  return Buffer.from(output.result)
}

for (const kind of ['rsa', 'ec'] as const)
  test(`an alert signed with ${kind} is valid by the schema, says the same as before, and is believed by whoever has the certificate`, async () => {
    const key = keyOf(kind)
    const signed = signAlert(bytes, key)
    const [alert] = (await readCap(signed, { trust: readTrust(key.certificate, now) })).alerts
    assert.deepEqual([alert?.xsdValid, alert?.signature.verdict, alert?.signature.codes], [true, 'valid-trusted', []])
    assert.equal(
      (await readCap(signed, { trust: readTrust(keyOf(kind).certificate, now) })).alerts[0]?.signature.verdict,
      'valid-untrusted',
    )
    const [plain] = (await readCap(bytes)).alerts
    assert.equal(writeCap(alert?.alert ?? assert.fail()), writeCap(plain?.alert ?? assert.fail()))
    assert.equal((await readCap(Buffer.from(String(signed).replace('橙色', '红色')))).alerts[0]?.signature.verdict, 'invalid')
  })

test('digest and signature hold for the canonical form that libxml2 makes', () => {
  const key = keyOf('rsa')
  const text = String(signAlert(bytes, key))
  const without = text.replace(/<Signature[\s\S]*<\/Signature>/, '')
  assert.equal(without, String(bytes), 'the alert itself is left as it was')
  const digest = createHash('sha256').update(canonical(without)).digest('base64')
  assert.equal(/<DigestValue>(.*?)<\/DigestValue>/.exec(text)?.[1], digest)
  const info =
    /<SignedInfo>[\s\S]*<\/SignedInfo>/
      .exec(text)?.[0]
      .replace('<SignedInfo>', '<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#">') ?? ''
  const value = Buffer.from(/<SignatureValue>(.*?)<\/SignatureValue>/.exec(text)?.[1] ?? '', 'base64')
  assert.ok(verify('sha256', canonical(info), new X509Certificate(key.certificate).publicKey, value))
})

test('nothing is signed twice, empty, in another encoding or with another kind of key', () => {
  const key = keyOf('ec')
  for (const wrong of [signAlert(bytes, key), Buffer.from('<alert/>'), Buffer.from('<alert>'), Buffer.from('\ufeff<a/>', 'utf16le')])
    assert.throws(() => signAlert(wrong, key))
  const { privateKey } = generateKeyPairSync('ed25519')
  assert.throws(() => signAlert(bytes, { ...key, privateKey }))
})

test('the key is made once, readable by its owner alone, with a certificate of ten years for signatures and nothing else', () => {
  const varDir = mkdtempSync(join(tmpdir(), 'muster-key-'))
  try {
    const first = alertIdentity({ varDir, node: 'muster.example.org', now })
    assert.equal(alertIdentity({ varDir, node: 'renamed.example.org', now: now + 1 }).certificate, first.certificate)
    assert.equal(statSync(join(varDir, 'alert-key.pem')).mode & 0o777, 0o600)
    const certificate = new X509Certificate(first.certificate)
    assert.deepEqual(
      [certificate.subject, certificate.ca, certificate.verify(certificate.publicKey), certificate.checkPrivateKey(first.privateKey)],
      ['CN=muster.example.org', false, true, true],
    )
    assert.deepEqual([Date.parse(certificate.validFrom), Date.parse(certificate.validTo)], [now, Date.parse('2036-11-22T00:00:00Z')])
  } finally {
    rmSync(varDir, { recursive: true, force: true })
  }
})
