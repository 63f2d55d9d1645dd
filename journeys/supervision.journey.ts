import { expect, test, type Page } from '@playwright/test'
import type { FindingView } from '../core/view/finding.ts'
import type { IncidentSummary, ObligationView } from '../core/view.ts'
import { asPost, BUREAU, GOVERNMENT, planHead } from './journey.ts'

const FIRE = '滨海新区消防救援支队'
const HEALTH = '滨海新区卫生健康委员会'
const TRANSPORT = '滨海新区交通运输局'
const CITY = '天津市人民政府'
const INCIDENT = '临港危化品仓库'
const PLAN = '港区联动应急预案（演示）'

const duty = (id: string, name: string, act: string, to: string): string => `
  - id: ${id}
    kind: duty
    article: { zh-CN: "第${id}条", en: "Art. ${id}" }
    wording: summary
    words: { zh-CN: "${act}", en: "${id}" }
    function: ${name}
    when: [{ event: incident.instrument-activated }]
    once: incident
    owes: function:${name}
    to: ${to}
    act: ${id}
    actWords: { zh-CN: "${act}", en: "${id}" }
    limit: { within: PT45S, confirmed: false, source: null }
    gravity: 1
    evidence: [{ event: incident.noted, kinds: [${id}-done] }]`

/** A plan as its author writes it: `to` of the last duty is the fault, owed to whoever owes it. */
const plan = (
  to: string,
): string => `${planHead('journey-port-plan', PLAN, 'Port linkage plan (demonstration)')}clauses:${duty('port-first-crew', 'fire-rescue', '第一批力量到场并报告', 'function:emergency-management')}
${duty('port-medical-team', 'health', '医疗队到位并报告床位', 'function:emergency-management')}
${duty('port-road-closure', 'transport', '封控疏港道路并通报', to)}

  - id: port-supervision
    kind: escalation
    article: { zh-CN: "第九条", en: "Art. 9" }
    wording: summary
    words: { zh-CN: "逾期报上级", en: "What is late goes to the superior" }
    of: all
    steps: [{ after: PT10S, to: debtor@superior, confirmed: false }]
`

async function say(
  page: Page,
  button: string,
  fields: Readonly<Record<string, string>> = {},
  choice?: readonly [string, string],
): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  for (const [label, text] of Object.entries(fields)) await dialog.getByLabel(label).fill(text)
  if (choice) {
    await dialog.getByRole('button', { name: choice[0] }).click()
    await page.getByRole('option', { name: choice[1] }).click()
  }
  await dialog.getByRole('button', { name: button, exact: true }).click()
  await expect(dialog).toBeHidden()
}

test('a plan is mended and activated; two organizations act, one lapses, its superior urges, the finding is objected to and closed', async ({
  browser,
}) => {
  test.setTimeout(240_000)

  // The plan is loaded, the linter names the fault at its line, and once it is mended the plan is adopted.
  const bureau = await asPost(browser, BUREAU, 'instrument.keep')
  await bureau.goto('/instruments/lint')
  const file = { name: 'port-plan.yaml', mimeType: 'application/yaml', buffer: Buffer.from(plan('function:transport')) }
  await bureau.locator('input[type=file]').setInputFiles(file)
  await expect(bureau.getByText('lint.owed-to-oneself').first()).toBeVisible()
  await expect(bureau.getByRole('button', { name: `采用《${PLAN}》` })).toBeHidden()
  await bureau.getByRole('textbox', { name: /port-plan\.yaml/ }).fill(plan('function:emergency-management'))
  await bureau.getByRole('button', { name: `采用《${PLAN}》` }).click()
  await bureau.getByRole('dialog').getByRole('button', { name: '采用', exact: true }).click()
  await expect(bureau.getByText(`已采用《${PLAN}》`).first()).toBeVisible()

  // One action, after a look at everything that it will make owed.
  await bureau.goto('/instruments/journey-port-plan')
  await bureau.getByRole('button', { name: '启动' }).first().click()
  const activating = bureau.getByRole('dialog')
  await activating.getByRole('button', { name: /用于哪起事件/ }).click()
  await bureau.getByRole('option', { name: new RegExp(INCIDENT) }).click()
  await expect(activating.getByText(TRANSPORT)).toBeVisible()
  await activating.getByRole('button', { name: '启动', exact: true }).click()
  await expect(activating).toBeHidden()

  const incidents = (await (await bureau.request.get('/api/incidents')).json()) as readonly IncidentSummary[]
  const incident = incidents.find((one) => one.title.includes(INCIDENT))
  const owed = async (page: Page): Promise<ObligationView> => {
    let found: ObligationView | undefined
    await expect(async () => {
      const all = (await (
        await page.request.get(`/api/obligations?whose=mine&incident=${incident?.id ?? ''}`)
      ).json()) as readonly ObligationView[]
      found = all.find((one) => one.actCode.startsWith('port-'))
      expect(found).toBeDefined()
    }).toPass()
    if (found === undefined) throw new Error('nothing is owed')
    return found
  }

  // Each finds its own duty; two accept theirs and do it.
  const transport = await asPost(browser, TRANSPORT)
  const late = await owed(transport)
  for (const organization of [FIRE, HEALTH]) {
    const page = await asPost(browser, organization)
    await page.goto(`/obligations/${(await owed(page)).id}`)
    await say(page, '签收')
    await expect(page.getByText('已签收').first()).toBeVisible()
    await page.getByRole('button', { name: '办结', exact: true }).first().click()
    await page.getByRole('dialog').getByRole('textbox').first().fill('已到位，人员装备齐全，已电话报告指挥中心。')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /办结|提交/ })
      .click()
    await expect(page.getByText('已电话报告指挥中心').first()).toBeVisible()
    await page.context().close()
  }

  // The third says nothing: late, and a finding within a minute, once.
  const findings = async (): Promise<readonly FindingView[]> => {
    const answer = (await (await bureau.request.get('/api/findings')).json()) as
      | { readonly findings?: readonly FindingView[] }
      | readonly FindingView[]
    const all = 'findings' in answer ? (answer.findings ?? []) : (answer as readonly FindingView[])
    return all.filter((one) => one.obligationId === late.id)
  }
  await expect(async () => expect(await findings()).toHaveLength(1)).toPass({ timeout: 110_000 })
  const [finding] = await findings()
  const path = `/findings/${finding?.id ?? ''}`

  const superior = await asPost(browser, GOVERNMENT, 'finding.supervise')
  await superior.goto(path)
  await say(superior, '催办', { 催办内容: '请立即封控疏港道路，十分钟内报告。' })
  await expect(superior.getByText('请立即封控疏港道路').first()).toBeVisible()

  // The subject answers for itself; who checks is neither the subject nor the one who urged.
  await transport.goto(path)
  await say(transport, '申诉', { 申诉理由: '道路属港区内部道路，由港区管理单位负责封控，我局无管理权限。' })
  const city = await asPost(browser, CITY, 'finding.supervise')
  await city.goto(path)
  await say(city, '核查申诉', { 核查情况: '经查，该路段产权和管理权属港口集团，申诉成立。' }, ['核查结论', '申诉成立'])
  await expect(city.getByText('申诉成立').first()).toBeVisible()
  await expect(async () => expect((await findings())[0]?.status).toBe('closed')).toPass()
  expect(await findings()).toHaveLength(1)
})
