import { expect, test } from '@playwright/test'
import { BUREAU, enterAs, open } from './journey.ts'

test('one click replays Tianjin Port 8·12: who owed the substance list, how late it came, to whom it climbed', async ({ browser }) => {
  const { context, page } = await open(browser)
  await enterAs(page, BUREAU, '局负责人')
  await page.getByRole('link', { name: '演练' }).first().click()
  await page.getByRole('button', { name: /复盘推演.*天津港/ }).click()
  await expect(page.getByRole('heading', { name: /天津港“8·12”/ })).toBeVisible()
  await expect(page.getByText(/共产生 \d+ 项责任/)).toBeVisible({ timeout: 60_000 })

  // First crew 22:56, complete list 15:00 the next day: 16 h 4 min by the record.
  await expect(page.getByText('16 小时 4 分').first()).toBeVisible()
  // Ready 00:15, ordered 01:30.
  await expect(page.getByText('1 小时 15 分').first()).toBeVisible()
  await expect(page.getByText('提供完整的物质清单').first()).toBeVisible()
  for (const id of ['F1', 'F2', 'F3', 'F4', 'F5', 'F6']) await expect(page.getByText(id, { exact: true }).first()).toBeVisible()

  await page.getByRole('link', { name: '责任', exact: true }).last().click()
  await expect(page).toHaveURL(/\/exercises\/[0-9a-f-]+\/obligations/)
  await page
    .getByRole('link', { name: /提供完整的物质清单/ })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: '提供完整的物质清单' })).toBeVisible()
  await expect(page.getByText('瑞海公司').first()).toBeVisible()
  await expect(page.getByText(/逾期 15 小时 34 分/).first()).toBeVisible() // owed from 22:56 within 30 min, so due 23:26
  await expect(page.getByText('督办阶梯')).toBeVisible()
  await context.close()
})
