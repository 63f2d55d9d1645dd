import { expect, test } from '@playwright/test'
import { BUREAU, open, signedIn } from './journey.ts'

test('an incident is reported from a phone and stands on the desk with its number', async ({ browser }) => {
  const { context, page } = await open(browser, { phone: true })
  await signedIn(page, BUREAU, 'incident.report')
  await page.goto('/')
  await page.getByRole('button', { name: /上报/ }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').first().fill('海河东路路面塌陷')
  const texts = dialog.getByRole('textbox')
  await texts.last().fill('路面塌陷约三平方米，无人员受伤，已设警戒。')
  await dialog
    .getByRole('button', { name: /上报|提交/ })
    .last()
    .click()
  await expect(page.getByText('海河东路路面塌陷').first()).toBeVisible()
  await context.close()
})
