import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StartupProblem } from '../config.ts'
import { readNoticeConfig } from './config.ts'
import { setUpOf } from './office.ts'

const read = (environment: Record<string, string>) => readNoticeConfig('http://localhost:8080', environment)

test('nothing set, no channel; each channel by its own variables', () => {
  assert.deepEqual([...setUpOf(read({}))], [])
  const all = read({
    MUSTER_SMTP_URL: 'smtp://a:b@mail.example.org:587',
    MUSTER_MAIL_FROM: 'muster@example.org',
    MUSTER_SMPP_URL: 'smpp://system:p%40ss@gateway.example.org',
    MUSTER_SMS_FROM: '10690',
    MUSTER_VOICE_URL: 'https://voice.example.org/calls',
    MUSTER_VOICE_SECRET: 'sixteen-characters',
    MUSTER_PUSH_CONTACT: 'mailto:muster@example.org',
    MUSTER_WEBHOOKS: '1',
  })
  assert.deepEqual([...setUpOf(all)], ['push', 'email', 'webhook', 'sms', 'voice'])
  assert.deepEqual([all.smpp?.port, all.smpp?.password, all.allowPrivate], [2775, 'p@ss', false])
})

test('half a channel is a problem that names the variable and keeps the value to itself', () => {
  for (const [environment, name] of [
    [{ MUSTER_SMTP_URL: 'smtp://a:geheim@mail.example.org' }, 'MUSTER_MAIL_FROM'],
    [{ MUSTER_SMPP_URL: 'smpp://a:geheim@gateway' }, 'MUSTER_SMS_FROM'],
    [{ MUSTER_VOICE_URL: 'https://voice', MUSTER_VOICE_SECRET: 'geheim' }, 'MUSTER_VOICE_SECRET'],
    [{ MUSTER_SMTP_URL: 'geheim' }, 'MUSTER_SMTP_URL'],
  ] as const)
    assert.throws(
      () => read({ ...environment }),
      (error) => error instanceof StartupProblem && error.message.includes(name) && !`${error.message}${error.mend}`.includes('geheim'),
    )
})
