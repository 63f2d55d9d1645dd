import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { nodeTables, receiver, testKeys, type Nodes, type Receiver } from '../../fixtures/notice/scene.ts'
import { openGround, type Ground } from '../../fixtures/server/scene.ts'
import { systemClock } from '../clock.ts'
import type { Letter } from './channel.ts'
import { call, Forbidden, isPrivate } from './outbound.ts'
import { Secrets } from './secrets.ts'
import { webhookPost, webhookWay } from './webhook.ts'

const letter: Letter = {
  noticeId: '01980000-0000-7000-8000-000000000001',
  postId: '01980000-0000-7000-8000-000000000002',
  urgency: 'urgent',
  language: 'zh-CN',
  title: '新的责任：提供清单',
  text: '事件：<仓库>起火',
  code: 'BCDFGHJKMNPQ',
  answerable: true,
  link: 'https://muster.example.org/obligations/1',
}
const MS = Date.parse('2026-07-01T00:00:00.000Z')
const made = (shape: string, secret: string) =>
  webhookPost({ endpoint: { id: 'x', shape, url: 'https://robot.example.org/send?key=k', secret }, letter, ms: MS })

describe('each receiver gets its own shape', () => {
  test('generic: the signature is over id, time and body, by the key that whsec_ wraps', () => {
    const key = Buffer.from('a key of thirty-two bytes, about')
    const { headers, body } = made('generic', `whsec_${key.toString('base64')}`)
    const signed = createHmac('sha256', key)
      .update(`${letter.noticeId}.${MS / 1000}.${body}`)
      .digest('base64')
    assert.deepEqual([headers['webhook-signature'], headers['webhook-id']], [`v1,${signed}`, letter.noticeId])
    assert.equal((JSON.parse(body) as { data: { title: string } }).data.title, letter.title)
  })

  test('DingTalk: the address carries time in milliseconds and HMAC-SHA256(key, time newline key)', () => {
    const { searchParams } = new URL(made('dingtalk', 'SECkey').url)
    assert.equal(searchParams.get('sign'), createHmac('sha256', 'SECkey').update(`${MS}\nSECkey`).digest('base64'))
    assert.deepEqual([searchParams.get('timestamp'), searchParams.get('key')], [String(MS), 'k'])
  })

  test('Feishu: time in seconds, and the text to sign is the key', () => {
    const body = JSON.parse(made('feishu', 'key').body) as { timestamp: string; sign: string; msg_type: string }
    assert.deepEqual([body.timestamp, body.msg_type], [String(MS / 1000), 'text'])
    assert.equal(
      body.sign,
      createHmac('sha256', `${MS / 1000}\nkey`)
        .update('')
        .digest('base64'),
    )
  })

  test('WeCom takes markdown, Slack text in which nothing becomes a mention', () => {
    assert.equal((JSON.parse(made('wecom', '').body) as { msgtype: string }).msgtype, 'markdown')
    assert.match((JSON.parse(made('slack', '').body) as { text: string }).text, /&lt;仓库&gt;起火/)
  })

  test('none carries the reply code: a group is not the post', () => {
    for (const shape of ['generic', 'wecom', 'dingtalk', 'feishu', 'slack'])
      assert.ok(!JSON.stringify(made(shape, 'k')).includes(letter.code), shape)
  })
})

describe('a webhook is called', () => {
  let ground: Ground
  let nodes: Nodes
  let robot: Receiver
  let secrets: Secrets
  before(async () => {
    ground = await openGround()
    nodes = await nodeTables(ground)
    robot = await receiver()
    secrets = new Secrets(nodes.sql, systemClock, testKeys())
  })
  after(async () => {
    await robot.stop()
    await nodes.leave()
    await ground.leave()
  })
  const way = (allowPrivate: boolean) => webhookWay({ secrets, clock: systemClock, allowPrivate })
  const endpoint = (shape: string): Promise<string> =>
    secrets.addEndpoint(randomUUID(), { shape, url: `http://127.0.0.1:${robot.port}/robot`, secret: 'key' })

  test('and what it answers decides: a robot that says 200 and an error of its own did not take it', async () => {
    const id = await endpoint('wecom')
    assert.deepEqual(await way(true).send(id, letter), { ok: true, reference: null, delivered: true })
    robot.answer = { status: 200, body: '{"errcode":93000,"errmsg":"invalid webhook url"}' }
    assert.deepEqual(await way(true).send(id, letter), { ok: false, reason: 'not-taken', again: false })
    robot.answer = { status: 503, body: '' }
    assert.deepEqual(await way(true).send(id, letter), { ok: false, reason: 'http-503', again: true })
    robot.answer = { status: 302, body: '', location: 'http://127.0.0.1:1/' }
    assert.deepEqual(await way(true).send(id, letter), { ok: false, reason: 'http-302', again: false }, 'a redirection is not followed')
    assert.equal(robot.got.length, 4)
  })

  test('never in the own network, by number or by name, unless the operator allows it', async () => {
    const before = robot.got.length
    assert.deepEqual(await way(false).send(await endpoint('generic'), letter), { ok: false, reason: 'address-forbidden', again: false })
    for (const address of [
      `http://localhost:${robot.port}/`,
      `http://[::1]:${robot.port}/`,
      `http://[::ffff:7f00:1]:${robot.port}/`,
      'http://169.254.169.254/latest',
      'file:///etc/passwd',
      `http://0x7f000001:${robot.port}/`,
    ])
      await assert.rejects(call(address, { allowPrivate: false }), Forbidden, address)
    assert.equal(robot.got.length, before)
  })

  test('and an answer without end is cut off', async () => {
    robot.answer = { status: 200, body: 'x'.repeat(200_000) }
    await assert.rejects(call(`http://127.0.0.1:${robot.port}/`, { allowPrivate: true }), /larger/)
  })
})

test('private are the addresses that no public service has', () => {
  for (const address of [
    '10.1.2.3',
    '127.0.0.1',
    '172.31.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    'nonsense',
  ])
    assert.equal(isPrivate(address), true, address)
  for (const address of ['8.8.8.8', '172.32.0.1', '203.0.112.1', '2606:4700::1111']) assert.equal(isPrivate(address), false, address)
})
