import { randomUUID } from 'node:crypto'
import { parse } from 'yaml'
import { expect, test, type Page } from '@playwright/test'
import type { AlertDetail, AlertsView } from '../core/view/alert.ts'
import type { CallsView } from '../core/view/call.ts'
import type { IncidentSummary } from '../core/view.ts'
import { asPost, BUREAU, GOVERNMENT, planHead } from './journey.ts'

const METEOROLOGY = '滨海新区气象局'
const TANGGU = '塘沽街道办事处'
const XINGANG = '新港街道办事处'
const CIVIL_AFFAIRS = '滨海新区民政局'

/** A plan whose silence climbs within the journey: 20 seconds instead of the 15 minutes of the flood plan. */
const PLAN = `${planHead('journey-warning-plan', '叫应演示预案', 'Call list plan (demonstration)')}clauses:
  - id: answer-at-once
    kind: duty
    article: { zh-CN: "第一条", en: "Art. 1" }
    wording: summary
    words: { zh-CN: "橙色以上预警二十秒内应答", en: "An orange or red warning is answered within twenty seconds" }
    function: community
    phase: warn
    when: [{ event: incident.noted, kinds: [warning], colours: [orange, red], hazards: [rainstorm] }]
    once: event
    owes: warned:community
    to: function:emergency-management
    act: answer-at-once
    actWords: { zh-CN: "立即应答叫应", en: "Answer the warning at once" }
    limit: { within: PT20S, confirmed: false, source: null }
    gravity: 1
    evidence: [{ event: incident.noted, kinds: [warning-acknowledged] }]
  - id: climbs-at-once
    kind: escalation
    article: { zh-CN: "第二条", en: "Art. 2" }
    wording: summary
    words: { zh-CN: "无人应答的报上级，再转相邻单位", en: "Silence goes to the superior, then to the neighbour" }
    of: all
    steps: [{ after: PT1S, to: debtor@superior, confirmed: false }, { after: PT3S, to: debtor@neighbour, confirmed: false }]
`

async function confirm(page: Page, label: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: label, exact: true }).click()
  await expect(dialog).toBeHidden()
}

async function choose(page: Page, field: RegExp, option: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: field }).click()
  await page.getByRole('option', { name: option }).first().click()
}

const json = async <T>(page: Page, path: string): Promise<T> => (await (await page.request.get(path)).json()) as T

/** The orange warning that waits for this post's signature. */
async function toApprove(page: Page): Promise<string> {
  let found: string | undefined
  await expect(async () => {
    found = (await json<AlertsView>(page, '/api/alerts')).alerts.find((one) => one.needs === 'approve' && one.hazard === 'rainstorm')?.id
    expect(found).toBeDefined()
  }).toPass()
  return found ?? ''
}

/** Ten minutes of a cloudburst, as a gauge reports it: 3.2 mm every ten minutes for three hours, 57.6 mm in all: orange from 50 mm on. */
function cloudburst(): string {
  const now = Math.floor(Date.now() / 600_000) * 600_000
  const rows = Array.from({ length: 18 }, (_, i) => {
    const at = new Date(now - i * 600_000).toISOString()
    return `BH-R02,rain,${at},3.2`
  })
  return ['station,indicator,at,value', ...rows.toReversed()].join('\n')
}

test('a threshold is crossed, a second person signs, one is silent and climbed, a care home is asked after by name, the all-clear closes', async ({
  browser,
}) => {
  test.setTimeout(150_000)

  // The plan that has silence climb soon, adopted as any other.
  const bureau = await asPost(browser, BUREAU, 'instrument.keep')
  const adopted = await bureau.request.post('/api/instrument/journey-warning-plan', {
    data: { type: 'instrument.adopt', instrument: parse(PLAN) as unknown },
    headers: { 'idempotency-key': randomUUID(), 'sec-fetch-site': 'same-origin' },
  })
  expect(adopted.status()).toBe(200)

  // A gauge reports a cloudburst; the threshold of an orange warning is crossed and the system proposes one.
  const duty = await asPost(browser, METEOROLOGY, 'alert.issue')
  await duty.goto('/alerts/stations')
  await duty.getByRole('button', { name: '上传读数' }).click()
  await duty.getByRole('dialog').getByLabel('粘贴').fill(cloudburst())
  await duty.getByRole('dialog').getByRole('button', { name: '上传', exact: true }).click()
  await expect(duty.getByRole('dialog')).toBeHidden()
  const proposal = duty.getByRole('listitem').filter({ hasText: '汉沽雨量站' }).filter({ hasText: '橙色' }).first()
  await expect(proposal).toBeVisible({ timeout: 20_000 })

  // It is drawn up from the proposal, in two languages, and submitted.
  await duty.getByRole('link', { name: '据此拟写预警' }).first().click()
  await expect(duty.getByRole('heading', { level: 1 })).toHaveText('拟制预警')
  const submit = duty.getByRole('button', { name: '提交审签' })
  await expect(submit).toBeEnabled({ timeout: 20_000 })
  await submit.click()
  await expect(duty.getByText('已提交，等待另一个岗位审签').first()).toBeVisible({ timeout: 20_000 })

  // The drawer cannot sign it; the second person does, after reading what will happen.
  const approver = await asPost(browser, METEOROLOGY, 'alert.approve', { phone: true })
  const waiting = await toApprove(approver)
  await approver.goto(`/alerts/${waiting}`)
  await approver.getByRole('button', { name: '紧急发布' }).click({ timeout: 20_000 })
  await approver.getByRole('dialog').getByLabel('理由').fill('雨势迅猛，先发布后会商')
  await confirm(approver, '审批并发布')
  await expect(async () => {
    expect((await json<AlertDetail>(approver, `/api/alerts/${waiting}`)).status).toBe('in-force')
  }).toPass()
  const alert = await json<AlertDetail>(approver, `/api/alerts/${waiting}`)
  expect(alert.signature).toBe('valid-trusted')
  expect(alert.blocks.map((one) => one.language).toSorted()).toEqual(['en-US', 'zh-CN'])

  // Anybody can read it: in the feed, and signed.
  await expect(async () => {
    const feed = await (await approver.request.get('/public/alerts.atom')).text()
    expect(feed).toContain(alert.id)
  }).toPass()
  const xml = await (await approver.request.get(`/public/alerts/${alert.id}.cap.xml`)).text()
  expect(xml).toContain('SignatureValue')

  // One sub-district answers in person on its phone; the other is silent, and is climbed to its superior and its neighbour.
  const tanggu = await asPost(browser, TANGGU, undefined, { phone: true })
  await tanggu.goto('/alerts/calls')
  await tanggu.getByRole('button', { name: '应答', exact: true }).first().click()
  await tanggu.getByRole('dialog').getByLabel('已接收，将采取的措施').fill('已收到，正在转移低洼处居民')
  await confirm(tanggu, '应答')
  const rows = async (): Promise<CallsView['rows']> =>
    (await json<CallsView>(bureau, `/api/calls?warning=${alert.chainId ?? ''}`)).rows.filter((one) => one.act['zh-CN'] === '立即应答叫应')
  await expect(async () => {
    const silent = (await rows()).find((one) => one.organization.name['zh-CN'] === XINGANG)
    expect(silent?.ladder.map((rung) => [rung.to.name['zh-CN'], rung.done])).toEqual([
      [GOVERNMENT, true],
      [TANGGU, true],
    ])
  }).toPass({ timeout: 60_000 })
  expect((await rows()).find((one) => one.organization.name['zh-CN'] === TANGGU)?.discharge?.text).toContain('正在转移')

  // The bureau reaches a person there by telephone at the second try; both tries stay on record.
  await bureau.goto('/alerts/calls')
  const silent = bureau.getByRole('listitem').filter({ hasText: XINGANG }).filter({ hasText: '立即应答叫应' }).first()
  for (const [outcome, text] of [
    ['无人接听', ''],
    ['已应答', '值班室已收到，启动巡查'],
  ] as const) {
    await silent.getByRole('button', { name: '记录联系' }).click()
    const dialog = bureau.getByRole('dialog')
    await dialog.getByRole('button', { name: /结果/ }).click()
    await bureau.getByRole('option', { name: outcome }).click()
    if (text !== '') await dialog.getByRole('textbox').fill(text)
    await confirm(bureau, '记录')
  }
  await expect(async () => {
    const row = (await rows()).find((one) => one.organization.name['zh-CN'] === XINGANG)
    expect(row?.tries.filter((one) => one.how === 'call').map((one) => one.outcome)).toEqual(['no-answer', 'answered'])
    expect(row?.discharge?.text).toContain('启动巡查')
  }).toPass()

  // The care home under it is asked after by name, by whoever responds for it.
  const view = await json<CallsView>(bureau, `/api/calls?warning=${alert.chainId ?? ''}&stage=ask`)
  const home = view.rows.find((one) => one.site?.name.includes('养老院') === true)
  const responder = home?.organization.name['zh-CN'] ?? CIVIL_AFFAIRS
  const asker = await asPost(browser, responder, 'risk.keep')
  await asker.goto(`/risks/${home?.site?.id ?? ''}`)
  await asker.getByRole('button', { name: '点名核查' }).first().click()
  const asking = asker.getByRole('dialog')
  await choose(asker, /哪一起事件/, '暴雨橙色')
  await choose(asker, /情况/, '平安')
  await asking.getByRole('textbox').last().fill('28名老人均安全，已上二楼')
  await asking.getByRole('button', { name: '点名核查', exact: true }).click()
  await expect(asking).toBeHidden()
  await expect(async () => {
    const now = await json<CallsView>(bureau, `/api/calls?warning=${alert.chainId ?? ''}&stage=ask`)
    expect(now.rows.find((one) => one.site?.id === home?.site?.id)?.discharge).not.toBeNull()
  }).toPass()

  // The government decides, and says why.
  const government = await asPost(browser, GOVERNMENT, 'incident.command')
  await government.goto('/alerts/calls')
  await government.getByRole('button', { name: '作出决定' }).first().click()
  await government.getByRole('dialog').getByRole('textbox').fill('不提高响应级别：雨势已减弱，保持加强值守')
  await confirm(government, '作出决定')

  // The all-clear, drawn up and signed in the same way, releases what is open and closes what never happened.
  await duty.goto(`/alerts/${alert.id}`)
  await duty.getByRole('button', { name: '解除', exact: true }).click()
  await expect(duty.getByRole('heading', { level: 1 })).toBeVisible()
  const reasons = duty.getByRole('textbox', { name: /理由/ })
  await reasons.first().fill('降雨已经停止，各站3小时雨量低于阈值')
  await reasons.nth(1).fill('The rain has stopped; three-hour rainfall is below the threshold')
  const lift = duty.getByRole('button', { name: '提交审签' })
  await expect(lift).toBeEnabled({ timeout: 20_000 })
  await lift.click()
  await expect(duty.getByText('已提交，等待另一个岗位审签').first()).toBeVisible({ timeout: 20_000 })
  await approver.goto(`/alerts/${await toApprove(approver)}`)
  await approver.getByRole('button', { name: '审批发布' }).click()
  await confirm(approver, '审批并发布')
  await expect(async () => {
    expect((await json<AlertDetail>(approver, `/api/alerts/${alert.id}`)).status).toBe('lifted')
    const all = await json<CallsView>(bureau, `/api/calls?warning=${alert.chainId ?? ''}`)
    expect(all.rows.filter((one) => one.open)).toEqual([])
    const folder = (await json<readonly IncidentSummary[]>(bureau, '/api/incidents')).find((one) => one.id === all.warning?.incidentId)
    expect(folder?.status).toBe('closed')
  }).toPass({ timeout: 30_000 })
})
