import { expect, test } from '@playwright/test'
import { BUREAU, enterAs, open } from './journey.ts'

test('the language is changed, the basis opened, and the article read', async ({ browser }) => {
  const { context, page } = await open(browser)
  await enterAs(page, BUREAU, '局负责人')
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await page
    .getByRole('radio', { name: 'EN' })
    .or(page.getByRole('button', { name: 'EN' }))
    .first()
    .click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByRole('heading', { name: /Running incidents|Incidents/i }).first()).toBeVisible()
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en') // it is kept

  await page.goto('/instruments/cn-accident-report-493')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/Accident/i)
  // Order 493 art. 9: the unit's head reports within one hour. The Chinese is the provision's own text.
  await expect(page.getByText('应当于1小时内向事故发生地县级以上人民政府').first()).toBeVisible()
  await expect(page.getByText(/within (?:1|one) hour/i).first()).toBeVisible()
  await context.close()
})
