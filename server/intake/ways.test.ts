import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createTransport } from 'nodemailer'
import { readCode, type Report } from '#core/intake.ts'
import { mailServer, nodeTables, noticeConfig, officeOf, simulator, type Nodes } from '../../fixtures/notice/scene.ts'
import { jpeg } from '../../fixtures/server/pictures.ts'
import { openGround, organization, until, type Ground } from '../../fixtures/server/scene.ts'
import { NoticeOffice } from '../notice/office.ts'
import { Parts } from '../notice/parts.ts'
import type { World } from '../world.ts'
import { NO_INTAKE, readIntakeConfig } from './config.ts'
import { IntakeOffice } from './office.ts'

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

type Row = { readonly id: string; readonly state: Report }
const reports = (world: World): Promise<readonly Row[]> => world.sql<Row[]>`select id, state from intake order by entered_at, id`

async function scene(smtp: { readonly url: string; readonly from: string } | null = null) {
  const world = await ground.open()
  const desk = await organization(world, { jurisdiction: '120116', functions: ['emergency-management'], name: '应急局' })
  const errors: unknown[] = []
  const office = new IntakeOffice({
    world,
    database: ground.database,
    config: { ...NO_INTAKE, mail: { address: 'report@muster.example', host: '127.0.0.1', port: 0 } },
    smtp,
    origin: 'http://127.0.0.1:8080',
    onError: (error) => errors.push(error),
  })
  await office.start()
  return { world, desk, office, errors }
}

describe('letters by SMTP', () => {
  test('a letter is one report, with the time of its Date header, its pictures, and an answer with the code', async () => {
    const back = await mailServer()
    const { world, desk, office, errors } = await scene({ url: `smtp://127.0.0.1:${back.port}?insecure=1`, from: 'muster@muster.example' })
    const transport = createTransport({ host: '127.0.0.1', port: office.mailPort ?? 0, secure: false, ignoreTLS: true })
    const letter = {
      from: '"Li" <villager@village.example>',
      to: 'report@muster.example',
      subject: '石门村塌方',
      text: '村口公路塌方，压住一辆车。\n地点：石门村村口\n\n-- \n发自手机',
      date: new Date('2026-07-01T08:00:00Z'),
      messageId: `<${randomUUID()}@village.example>`,
      attachments: [
        { filename: 'a.jpg', content: jpeg() },
        { filename: 'run.exe', content: Buffer.from('MZ\x90') },
      ],
    }
    await transport.sendMail(letter)
    await transport.sendMail(letter)
    const [only, ...more] = await reports(world)
    assert.equal(more.length, 0, 'sent again it is known')
    const { state } = only ?? assert.fail('no report')
    assert.deepEqual(
      [state.channel, state.originalAt, state.place.name, state.handler, state.media.length],
      ['email', '2026-07-01T08:00:00.000Z', '石门村村口', desk, 1],
    )
    assert.ok(state.text.startsWith('石门村塌方\n村口公路塌方') && !state.text.includes('发自手机'))
    assert.ok(!JSON.stringify(state).includes('village.example'), 'the address is no part of the log')
    await until('the answer came', () => back.mails.length >= 1)
    const code = /查询编号 (.{14})/.exec(back.mails[0]?.text ?? '')?.[1] ?? ''
    assert.equal((await office.reception.find(readCode(code) ?? ''))?.id, only?.id)
    assert.deepEqual(errors, [])
    transport.close()
    await office.stop()
    await back.stop()
  })

  test('a letter to somebody else, an empty one and one that is too large are refused; machines get no answer', async () => {
    const { world, office } = await scene()
    const transport = createTransport({ host: '127.0.0.1', port: office.mailPort ?? 0, secure: false, ignoreTLS: true })
    const from = 'villager@village.example'
    const to = 'report@muster.example'
    const code = async (mail: object): Promise<number | undefined> =>
      transport.sendMail(mail).then(
        () => 250,
        (error: unknown) => (error as { responseCode?: number }).responseCode,
      )
    assert.equal(await code({ from, to: 'other@muster.example', text: '塌方' }), 550)
    assert.equal(await code({ from, to, text: '' }), 554)
    assert.equal(await code({ from, to, text: '塌方', attachments: [{ filename: 'a', content: Buffer.alloc(27 * 1024 * 1024) }] }), 552)
    assert.equal(await code({ from, to, html: '<script>alert(1)</script><p>塌方 <b>两车</b></p>' }), 250)
    const [one] = await reports(world)
    assert.ok(!one?.state.text.includes('alert'))
    transport.close()
    await office.stop()
  })

  test('a sender who floods is told to try again later, and nothing is taken twice for it', async () => {
    const { world, office } = await scene()
    const transport = createTransport({ host: '127.0.0.1', port: office.mailPort ?? 0, secure: false, ignoreTLS: true, pool: true })
    const codes: (number | undefined)[] = []
    for (let i = 0; i < 23; i++)
      codes.push(
        await transport.sendMail({ from: 'flood@village.example', to: 'report@muster.example', text: `第${i}封` }).then(
          () => 250,
          (error: unknown) => (error as { responseCode?: number }).responseCode,
        ),
      )
    assert.deepEqual([codes.filter((one) => one === 250).length <= 21, codes.at(-1)], [true, 451])
    assert.equal((await reports(world)).length, codes.filter((one) => one === 250).length)
    transport.close()
    await office.stop()
  })

  test('without an address set there is no listener', async () => {
    assert.equal(readIntakeConfig({}).mail, null)
    assert.throws(() => readIntakeConfig({ MUSTER_INTAKE_MAIL: 'report@example.org' }), /MUSTER_INTAKE_MAIL_LISTEN/)
    assert.throws(() => readIntakeConfig({ MUSTER_INTAKE_AT: 'Binhai' }), /MUSTER_INTAKE_AT/)
    const { office } = await scene()
    const port = office.mailPort ?? 0
    await office.stop()
    await new Promise<void>((resolve) => void connect(port, '127.0.0.1').on('error', () => resolve()))
    assert.equal(office.mailPort, null)
  })
})

describe('messages by SMPP', () => {
  test('what answers no notice is a report and is answered with its code; the code adds to it; sent again by the gateway it is known', async () => {
    const { world, office } = await scene()
    const smsc = simulator('./smsc.ts')
    const { port } = await smsc.first()
    const config = noticeConfig({ smpp: { host: '127.0.0.1', port, tls: false, system: 'muster', password: 'secret08', from: '10690' } })
    const plain = officeOf(ground, world, nodes.sql, config)
    await plain.stop()
    const notices = new NoticeOffice({
      world,
      database: ground.database,
      node: nodes.sql,
      config,
      keys: plain.secrets.keys,
      clock: world.clock,
      onError: (error) => process.stderr.write(`${String(error)}\n`),
      elsewhere: office.takesMessages,
    })
    await notices.start()
    const answers = (): readonly string[] =>
      smsc.lines.flatMap((line) => ((line as { text?: string }).text === undefined ? [] : [(line as { text: string }).text]))
    const deliver = { from: '13800000000', text: '地点：解放路地道\n积水很深，有车被困' }
    await until('the line is bound', async () => {
      smsc.tell({ deliver })
      await new Promise((resolve) => setTimeout(resolve, 200))
      return (await reports(world)).length > 0
    })
    smsc.tell({ deliver })
    await until('it is answered', () => answers().join('').includes('查询编号'))
    const [only, ...more] = await reports(world)
    assert.equal(more.length, 0)
    assert.deepEqual([only?.state.channel, only?.state.place.name, only?.state.text], ['sms', '解放路地道', deliver.text])
    assert.ok(!JSON.stringify(only?.state).includes('13800000000'))
    const code = /查询编号 (.{14})/.exec(answers().join(''))?.[1] ?? assert.fail(answers().join('\n'))
    smsc.tell({ deliver: { from: '13800000000', text: `${code} 水退了，人已出来` } })
    await until('it is added', async () => ((await reports(world))[0]?.state.additions.length ?? 0) > 0)
    assert.deepEqual(
      (await reports(world))[0]?.state.additions.map((one) => [one.text, one.byReporter]),
      [['水退了，人已出来', true]],
    )
    smsc.tell({ deliver: { from: '13800000000', text: '1' } })
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.equal((await reports(world)).length, 1, 'an answer to nothing is no report')
    await notices.stop()
    await office.stop()
    await smsc.stop()
  })

  test('a long message is put together from its parts, in whatever order they come', () => {
    const parts = new Parts()
    const element = (reference: number, total: number, place: number): readonly Buffer[] => [Buffer.from([0, 3, reference, total, place])]
    assert.equal(parts.put('a', element(7, 3, 3), '三'), null)
    assert.equal(parts.put('b', element(7, 3, 1), 'x'), null, 'another sender')
    assert.equal(parts.put('a', element(7, 3, 1), '一'), null)
    assert.equal(parts.put('a', element(7, 3, 1), '一'), null, 'one part twice')
    assert.equal(parts.put('a', element(7, 3, 2), '二'), '一二三')
    assert.equal(parts.put('a', [Buffer.from([8, 4, 1, 2, 2, 1])], '甲'), null, 'a wide reference')
    assert.equal(parts.put('a', [Buffer.from([8, 4, 1, 2, 2, 2])], '乙'), '甲乙')
    for (const broken of [undefined, [], element(1, 1, 1), element(1, 200, 1), element(1, 3, 4), [Buffer.from([0])]])
      assert.equal(parts.put('a', broken, '整'), '整')
  })
})
