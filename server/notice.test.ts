import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { createTransport } from 'nodemailer'
import type { Recorded } from '#core/event.ts'
import {
  dutyPost,
  mailServer,
  nodeTables,
  noticeConfig,
  noticesOf,
  officeOf,
  simulator,
  testKeys,
  type MailServer,
  type Nodes,
  type Simulator,
} from '../fixtures/notice/scene.ts'
import {
  adoptPlan,
  cast,
  declared,
  openGround,
  organization,
  owe,
  plan,
  say,
  until,
  whole,
  type Cast,
  type Ground,
} from '../fixtures/server/scene.ts'
import type { NoticeOffice } from './notice/office.ts'
import { codeOf } from './notice/secrets.ts'
import type { World } from './world.ts'

let ground: Ground
let nodes: Nodes
before(async () => {
  ground = await openGround()
  nodes = await nodeTables(ground)
})
after(async () => {
  await nodes.leave()
  await ground.leave()
})

type Scene = {
  readonly world: World
  readonly parts: Cast
  readonly office: NoticeOffice
  readonly incident: string
  readonly close: () => Promise<void>
}
const SMS = '+8613000000000'
const MAIL = 'duty@emergency.example'
const keys = testKeys()

async function scene(config: Parameters<typeof noticeConfig>[0], keepTime = true): Promise<Scene> {
  const world = await ground.open({ keepTime })
  const parts = await cast(world)
  await adoptPlan(world, plan())
  const incident = await declared(world)
  const office = officeOf(ground, world, nodes.sql, noticeConfig(config), { keys })
  await office.start()
  return {
    world,
    parts,
    office,
    incident,
    async close() {
      await office.stop()
      await ground.shut(world)
    },
  }
}
/** An obligation of the debtor, due in so many hours. */
async function owed(world: World, incident: string, debtor: string, creditor: string, hours = 8): Promise<string> {
  const id = randomUUID()
  const dueAt = new Date(Date.now() + hours * 3_600_000).toISOString()
  await say(world, 'obligation', id, owe(incident, debtor, creditor, { dueAt }))
  return id
}
const typesOf = async (world: World, id: string): Promise<readonly string[]> =>
  (await whole(world)).filter((event) => event.stream === `notice/${id}`).map((event) => event.type)
async function noticeAbout(world: World, post: string, obligation: string): Promise<string> {
  let found = ''
  await until('the post is told', async () => {
    found =
      (await noticesOf(world, post)).find(({ state }) => state.items.some((one) => one.about.stream === `obligation/${obligation}`))?.id ??
      ''
    return found !== ''
  })
  return found
}
const obligationEvents = (events: readonly Recorded[], id: string, type: string): readonly Recorded[] =>
  events.filter((event) => event.stream === `obligation/${id}` && event.type === type)

const smtp = (port: number, more: object = {}) => ({
  url: `smtp://127.0.0.1:${port}`,
  from: 'muster@emergency.example',
  replyTo: null,
  listen: null,
  ...more,
})
const smpp = (port: number) => ({ host: '127.0.0.1', port, tls: false, system: 'muster', password: 'secret08', from: '10690' })

describe('e-mail and answers to it', () => {
  const REPLY_TO = 'answers@emergency.example'
  let mail: MailServer
  let all: Scene
  let inbound: ReturnType<typeof createTransport>
  before(async () => {
    mail = await mailServer({ starttls: true })
    // Port 0 is no address that can be configured; a free one is taken by a short-lived server first.
    const probe = await mailServer()
    await probe.stop()
    all = await scene({
      smtp: {
        ...smtp(mail.port, { url: `smtp://127.0.0.1:${mail.port}?insecure=1` }),
        replyTo: REPLY_TO,
        listen: { host: '127.0.0.1', port: probe.port },
      },
    })
    inbound = createTransport({ host: '127.0.0.1', port: probe.port, ignoreTLS: true })
  })
  after(async () => {
    inbound.close()
    await all.close()
    await mail.stop()
  })
  const answer = (text: string, subject: string, from = MAIL): Promise<unknown> => inbound.sendMail({ from, to: REPLY_TO, subject, text })

  test('an obligation is written to the debtor’s post over STARTTLS, in its language, with what to answer; “1” accepts it for the organization', async () => {
    const { world, parts, incident } = all
    const post = await dutyPost(world, parts.unit, [{ channel: 'email', address: MAIL }])
    const id = await owed(world, incident, parts.unit, parts.district)
    const notice = await noticeAbout(world, post, id)
    await until('the letter is there', () => mail.mails.some((one) => one.subject?.includes('提供物质清单') === true))
    const letter = mail.mails.find((one) => one.text?.includes(`/obligations/${id}`) === true)
    const code = codeOf(keys.reply, notice)
    assert.match(letter?.subject ?? '', new RegExp(code))
    assert.match(letter?.text ?? '', /仓库起火/)
    assert.equal(letter?.to?.[0]?.address, MAIL)
    await answer(`1\n\n> ${letter?.text ?? ''}`, `Re: ${letter?.subject ?? ''}`)
    const events = await whole(world)
    const [accepted] = obligationEvents(events, id, 'obligation.accepted')
    assert.equal(accepted?.actor, `post/${post}/${parts.unit}`, 'by the post itself')
    assert.ok(!JSON.stringify(events).includes(code), 'the code stands nowhere in the log')
    assert.equal((await noticesOf(world, post)).find((one) => one.id === notice)?.state.status, 'answered')
    await until('the sender is told', () => mail.mails.some((one) => one.text?.includes('已记录：签收') === true))
    await until(
      'the contact is confirmed by it',
      async () =>
        (await world.sql<{ c: string | null }[]>`select contacts -> 0 ->> 'confirmedAt' as c from post where id = ${post}`)[0]?.c != null,
    )
  })

  test('“2” with a reason declines; without one it is refused and the sender is told why', async () => {
    const { world, parts, incident } = all
    const post = await dutyPost(world, parts.city, [{ channel: 'email', address: 'city@emergency.example' }])
    const id = await owed(world, incident, parts.city, parts.district)
    const code = codeOf(keys.reply, await noticeAbout(world, post, id))
    await until('the letter is there', () => mail.mails.some((one) => one.subject?.includes(code) === true))
    await answer(`2 ${code}`, 'Re', 'city@emergency.example')
    assert.deepEqual(obligationEvents(await whole(world), id, 'obligation.declined'), [])
    await until('the sender is told', () => mail.mails.some((one) => one.text?.includes('不接受须说明理由') === true))
    await answer(`2 ${code} 人员不足`, 'Re', 'city@emergency.example')
    assert.deepEqual(
      obligationEvents(await whole(world), id, 'obligation.declined').map((one) => one.data),
      [{ reason: '人员不足' }],
    )
  })

  test('a code from another address, a lapsed one and an unknown one change nothing; the first two stand in the log', async () => {
    const { world, parts, incident } = all
    const hebei = await organization(world, { jurisdiction: '130000', name: '河北' })
    const post = await dutyPost(world, hebei, [{ channel: 'email', address: 'hebei@emergency.example' }])
    const id = await owed(world, incident, hebei, parts.district)
    const notice = await noticeAbout(world, post, id)
    const code = codeOf(keys.reply, notice)
    await until('the letter is there', () => mail.mails.some((one) => one.subject?.includes(code) === true))
    await answer(`1 ${code}`, 'Re', 'stranger@elsewhere.example')
    await answer('1 BCDFGHJKMNPQ', 'Re', 'hebei@emergency.example')
    await nodes.sql`update notice_code set lapses_at = '2020-01-01' where notice_id = ${notice}`
    await answer(`1 ${code}`, 'Re', 'hebei@emergency.example')
    const events = await whole(world)
    assert.deepEqual(obligationEvents(events, id, 'obligation.accepted'), [])
    const answers = events
      .filter((event) => event.stream === `notice/${notice}` && event.type === 'notice.answered')
      .map((event) => (event.data as { refusal: string }).refusal)
    assert.deepEqual(answers, ['notice.foreign-code', 'notice.code-lapsed'])
    assert.ok(!mail.mails.some((one) => one.to?.[0]?.address === 'stranger@elsewhere.example'), 'a stranger gets no letter')
    await until('the keeper of the address is told', () =>
      mail.mails.some((one) => one.to?.[0]?.address === 'hebei@emergency.example' && one.text?.includes('未找到编号') === true),
    )
  })

  test('what authority refuses in the pages it refuses by letter: a post without the power accepts nothing', async () => {
    const { world, parts, incident } = all
    const post = await dutyPost(world, parts.nation, [{ channel: 'email', address: 'nation@emergency.example' }], {
      powers: ['sitrep.file'],
    })
    const id = await owed(world, incident, parts.nation, parts.district)
    const code = codeOf(keys.reply, await noticeAbout(world, post, id))
    await until('the letter is there', () => mail.mails.some((one) => one.subject?.includes(code) === true))
    await answer(`1 ${code}`, 'Re', 'nation@emergency.example')
    assert.deepEqual(obligationEvents(await whole(world), id, 'obligation.accepted'), [])
    const [{ state } = { state: null }] = (await noticesOf(world, post)).filter(
      (one) => one.state.items[0]?.about.stream === `obligation/${id}`,
    )
    assert.deepEqual([state?.answers[0]?.outcome, state?.answers[0]?.refusal], ['refused', 'authority.no-power'])
  })

  test('letters of machines are not answers, and only the address for answers takes letters', async () => {
    const { world, parts, incident } = all
    const post = await dutyPost(world, parts.district, [{ channel: 'email', address: 'district@emergency.example' }])
    const id = await owed(world, incident, parts.district, parts.city)
    const code = codeOf(keys.reply, await noticeAbout(world, post, id))
    await until('the letter is there', () => mail.mails.some((one) => one.subject?.includes(code) === true))
    await inbound.sendMail({
      from: 'district@emergency.example',
      to: REPLY_TO,
      subject: code,
      text: `1 ${code}`,
      headers: { 'auto-submitted': 'auto-replied' },
    })
    assert.deepEqual(obligationEvents(await whole(world), id, 'obligation.accepted'), [])
    await assert.rejects(inbound.sendMail({ from: MAIL, to: 'root@emergency.example', subject: 'x', text: 'x' }), /550|no such address/)
  })
})

describe('short messages over SMPP', () => {
  let smsc: Simulator
  let all: Scene
  before(async () => {
    smsc = simulator('smsc.ts')
    all = await scene({ smpp: smpp((await smsc.first()).port) })
  })
  after(async () => {
    await all.close()
    await smsc.stop()
  })

  test('a message is submitted in parts, the network’s receipt ends the waiting, and a bare “1” from the number accepts', async () => {
    const { world, parts, incident } = all
    const post = await dutyPost(world, parts.unit, [{ channel: 'sms', address: SMS }])
    const id = await owed(world, incident, parts.unit, parts.district)
    const notice = await noticeAbout(world, post, id)
    await until('the receipt is there', async () => (await noticesOf(world, post))[0]?.state.status === 'receipted')
    assert.deepEqual(await typesOf(world, notice), ['notice.queued', 'notice.sent', 'notice.receipted'])
    const parted = smsc.lines.filter((line) => (line as { to?: string }).to === '8613000000000') as {
      text: string
      part: number
      asked: number
    }[]
    assert.ok(
      parted.length > 1 && parted.every((one, i) => one.asked === (i === parted.length - 1 ? 1 : 0) && one.text.length <= 67),
      'the last part is receipted: then the whole is there',
    )
    assert.match(parted.map((one) => one.text).join(''), /提供物质清单.*回复“1 [2-9B-Z]{12}”签收/s)
    smsc.tell({ deliver: { from: '13000000000', text: '１' } })
    await until('it is accepted', async () => obligationEvents(await whole(world), id, 'obligation.accepted').length === 1)
    await until('the sender is told', () => smsc.lines.some((line) => (line as { text?: string }).text?.includes('已记录：签收') === true))
  })

  test('of two open notices a bare “1” means neither: the sender is asked for the code', async () => {
    const { world, parts, incident } = all
    const post = await dutyPost(world, parts.district, [{ channel: 'sms', address: '+8613100000000' }])
    const ids = [await owed(world, incident, parts.district, parts.city), await owed(world, incident, parts.district, parts.unit)]
    await until('both are there', async () => (await noticesOf(world, post)).filter((one) => one.state.status === 'receipted').length === 2)
    smsc.tell({ deliver: { from: '8613100000000', text: '1' } })
    await until('the sender is asked', () => smsc.lines.some((line) => (line as { text?: string }).text?.includes('未找到编号') === true))
    const events = await whole(world)
    assert.deepEqual(
      ids.flatMap((id) => obligationEvents(events, id, 'obligation.accepted')),
      [],
    )
    const code = codeOf(keys.reply, await noticeAbout(world, post, ids[1] ?? ''))
    smsc.tell({ deliver: { from: '8613100000000', text: `1 ${code.toLowerCase()}` } })
    await until('the one is accepted', async () => obligationEvents(await whole(world), ids[1] ?? '', 'obligation.accepted').length === 1)
  })

  test('a message that the network cannot deliver falls back at once', async () => {
    const { world, parts, incident } = all
    smsc.tell({ receipts: 'UNDELIV' })
    const post = await dutyPost(world, parts.city, [{ channel: 'sms', address: '+8613200000000' }])
    const notice = await noticeAbout(world, post, await owed(world, incident, parts.city, parts.district))
    await until('it is exhausted', async () => (await typesOf(world, notice)).includes('notice.exhausted'))
    assert.deepEqual((await noticesOf(world, post))[0]?.state.attempts[0]?.reason, 'sms-undeliv')
    smsc.tell({ receipts: 'DELIVRD' })
  })

  test('the gateway gone, its line is bound again by itself', async () => {
    const { world, parts, incident } = all
    const { port } = await smsc.first()
    await smsc.stop()
    smsc = simulator('smsc.ts', String(port))
    await smsc.first()
    const post = await dutyPost(world, parts.nation, [{ channel: 'sms', address: '+8613300000000' }])
    await owed(world, incident, parts.nation, parts.district)
    await until('it is delivered', async () => (await noticesOf(world, post))[0]?.state.status === 'receipted')
  })
})

describe('telephone and browser', () => {
  test('a call is made through the gateway, signed, and the key pressed accepts', async (t) => {
    const gateway = simulator('voice-gateway.ts', 'sixteen-characters', '1')
    t.after(() => gateway.stop())
    const { port } = await gateway.first()
    const all = await scene({ voice: { url: `http://127.0.0.1:${port}/calls`, secret: 'sixteen-characters' } })
    t.after(() => all.close())
    const { world, parts, incident } = all
    const post = await dutyPost(world, parts.unit, [{ channel: 'voice', address: '+862200000000' }])
    const id = await owed(world, incident, parts.unit, parts.district, 0.25)
    await until('it is accepted', async () => obligationEvents(await whole(world), id, 'obligation.accepted').length === 1)
    const called = gateway.lines[1] as { to: string; words: string }
    assert.deepEqual([called.to, called.words.includes('签收请按1')], ['+862200000000', true])
    await until('the answer is recorded', async () => (await noticesOf(world, post))[0]?.state.status === 'answered')
  })

  test('a push is encrypted for the browser and signed for its service; the browser’s own receipt counts, a gone browser is forgotten', async (t) => {
    const service = simulator('push-service.ts')
    t.after(() => service.stop())
    const {
      endpoint,
      keys: browser,
      port,
    } = (await service.first()) as unknown as { endpoint: string; keys: { p256dh: string; auth: string }; port: number }
    const all = await scene({ pushContact: 'mailto:muster@emergency.example' })
    t.after(() => all.close())
    const { world, parts, incident, office } = all
    const post = await dutyPost(world, parts.unit, [{ channel: 'push', address: 'browsers' }])
    await office.secrets.addPush(post, { endpoint, ...browser })
    await office.secrets.addPush(post, { endpoint: `http://127.0.0.1:${port}/gone`, ...browser })
    const id = await owed(world, incident, parts.unit, parts.district)
    const notice = await noticeAbout(world, post, id)
    await until('the push is there', () => service.lines.length === 2)
    const got = service.lines[1] as { ttl: string; urgency: string; encoding: string; claim: { aud: string; sub: string }; text: string }
    assert.deepEqual(
      [got.encoding, got.urgency, got.claim.aud, got.claim.sub],
      ['aes128gcm', 'high', `http://127.0.0.1:${port}`, 'mailto:muster@emergency.example'],
    )
    const said = JSON.parse(got.text) as { code: string; title: string; link: string }
    assert.deepEqual([said.title, said.link], ['新的责任：提供物质清单', `http://127.0.0.1:8080/obligations/${id}`])
    await until('the other is forgotten', async () => (await office.secrets.pushOf(post)).length === 1)
    await until('it is recorded', async () => (await typesOf(world, notice)).includes('notice.sent'))
    assert.equal((await noticesOf(world, post))[0]?.state.status, 'sent', 'the service having it is no receipt')
    assert.equal(await office.replies.seen('BCDFGHJKMNPQ', 'device'), false)
    assert.equal(await office.replies.seen(said.code, 'device'), true)
    assert.deepEqual(await typesOf(world, notice), ['notice.queued', 'notice.sent', 'notice.receipted'])
  })
})
