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
