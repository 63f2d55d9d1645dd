import { expect, test } from '@playwright/test'
import { BUREAU, enterAs, GOVERNMENT, open, owedByUs, signedIn } from './journey.ts'

test('a post accepts and discharges with evidence, and a second browser sees it at once', async ({ browser }) => {
  const ours = await open(browser)
  const theirs = await open(browser)
  await enterAs(ours.page, BUREAU, '局负责人')
  const [duty] = await owedByUs(ours.page)
  if (!duty) throw new Error('the demonstration owes the bureau nothing to accept')
  await signedIn(theirs.page, GOVERNMENT)
  await theirs.page.goto(`/obligations/${duty.id}`)
  await expect(theirs.page.getByRole('heading', { level: 1 })).toContainText(duty.act['zh-CN'])

  await ours.page.goto(`/obligations/${duty.id}`)
  await ours.page.getByRole('button', { name: '签收' }).first().click()
  const accept = ours.page.getByRole('dialog')
  await accept.getByRole('button', { name: /提交|签收/ }).click()
  await expect(ours.page.getByText('已签收').first()).toBeVisible()
  await expect(theirs.page.getByText('已签收').first()).toBeVisible() // nobody reloaded it

  await ours.page.getByRole('button', { name: '办结' }).first().click()
  const discharge = ours.page.getByRole('dialog')
  await discharge.getByRole('textbox').fill('续报已报区政府总值班室，编号 2 号，14:20 电话确认收悉。')
  await discharge.getByRole('button', { name: /提交|办结/ }).click()
  await expect(theirs.page.getByText('续报已报区政府总值班室').first()).toBeVisible()
  await ours.context.close()
  await theirs.context.close()
})

test('a browser cut off misses nothing when it comes back', async ({ browser }) => {
  const away = await open(browser)
  const here = await open(browser)
  await signedIn(away.page, BUREAU, 'incident.declare')
  await signedIn(here.page, BUREAU, 'incident.declare')
  const [duty] = await owedByUs(here.page)
  if (!duty) throw new Error('the demonstration owes the bureau nothing to accept')
  await away.page.goto(`/obligations/${duty.id}`)
  await expect(away.page.getByRole('button', { name: '签收' }).first()).toBeVisible()
  await away.context.setOffline(true)
  const accepted = await here.page.request.post(`/api/obligation/${duty.id}`, {
    data: { type: 'obligation.accept' },
    headers: { 'idempotency-key': crypto.randomUUID(), 'sec-fetch-site': 'same-origin' },
  })
  expect(accepted.status()).toBe(200)
  await expect(away.page.getByText(/断线|离线/).first()).toBeVisible({ timeout: 40_000 })
  await away.context.setOffline(false)
  await expect(away.page.getByText('已签收').first()).toBeVisible({ timeout: 40_000 })
  await away.context.close()
  await here.context.close()
})

test('what a post may not do is shown disabled, with the reason', async ({ browser }) => {
  const { context, page } = await open(browser)
  await signedIn(page, GOVERNMENT)
  const all = (await (await page.request.get('/api/obligations?status=open')).json()) as {
    id: string
    debtor: { name: { 'zh-CN': string } }
  }[]
  const other = all.find((one) => one.debtor.name['zh-CN'] !== GOVERNMENT)
  if (!other) throw new Error("every obligation of the demonstration is the government's own")
  await page.goto(`/obligations/${other.id}`)
  const refused = page.getByRole('button', { name: /办结/ }).first()
  await expect(refused).toHaveAttribute('aria-disabled', 'true')
  await expect(refused).toHaveAccessibleDescription(/只有|应办|责任/)
  await context.close()
})

test('whoever cannot be ordered is requested, accepts, hands a part on, and the creditor confirms', async ({ browser }) => {
  const ours = await open(browser)
  const theirs = await open(browser)
  await signedIn(ours.page, BUREAU, 'obligation.order')
  await signedIn(theirs.page, '滨海新区交通运输局')
  await ours.page.goto('/obligations')
  await ours.page.getByRole('button', { name: '下达指令或提出请求' }).click()
  const dialog = ours.page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: '由谁办' }).fill('滨海新区交通运输局')
  await ours.page.getByRole('option', { name: '滨海新区交通运输局' }).click()
  await expect(dialog.getByText('只能提出请求')).toBeVisible()
  await dialog.getByLabel('办什么').fill('报送可调用客车清单')
  await dialog.getByRole('button', { name: '提出请求' }).click()

  await theirs.page.goto('/obligations')
  await theirs.page.getByRole('link', { name: '报送可调用客车清单' }).first().click()
  await theirs.page.getByRole('button', { name: '签收' }).first().click()
  await theirs.page.getByRole('dialog').getByRole('button', { name: '签收' }).click()
  await expect(theirs.page.getByText('已签收').first()).toBeVisible()
  await theirs.page.getByRole('button', { name: '更多操作' }).click()
  await theirs.page.getByRole('button', { name: '转交一部分' }).click()
  const handing = theirs.page.getByRole('dialog')
  await handing.getByRole('combobox', { name: '转交给谁' }).fill('轨道交通9号线')
  await theirs.page.getByRole('option', { name: /轨道交通9号线/ }).click()
  await handing.getByLabel('转交哪一部分').fill('接驳客车部分')
  await handing.getByRole('button', { name: '转交一部分' }).click()
  await expect(theirs.page.getByRole('link', { name: '接驳客车部分' })).toBeVisible()
  await theirs.page.getByRole('button', { name: '办结' }).first().click()
  await theirs.page.getByRole('dialog').getByRole('textbox').fill('清单已报，共四十二辆')
  await theirs.page.getByRole('dialog').getByRole('button', { name: '办结' }).click()

  await ours.page.getByRole('radio', { name: '欠我单位的' }).click()
  await ours.page.getByRole('radio', { name: /不限/ }).click()
  await ours.page.getByRole('link', { name: '报送可调用客车清单' }).first().click()
  await ours.page.getByRole('button', { name: '认可佐证' }).first().click()
  await ours.page.getByRole('dialog').getByRole('button', { name: '认可佐证' }).click()
  await expect(ours.page.getByText('佐证获认可').first()).toBeVisible()
  await ours.context.close()
  await theirs.context.close()
})
