import { expect, test } from '@playwright/test'
import { BUREAU, open, signedIn } from './journey.ts'

test('the map is drawn without the internet, and a mark on it opens its incident', async ({ browser }) => {
  const { context, page } = await open(browser)
  const outside: string[] = []
  page.on('request', (request) => {
    if (!/^(?:http:\/\/127\.0\.0\.1|data:|blob:)/.test(request.url())) outside.push(request.url())
  })
  await signedIn(page, BUREAU)
  await page.goto('/')
  await expect(page.locator('canvas.maplibregl-canvas')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('button', { name: /临港危化品/ }).first()).toBeVisible({ timeout: 60_000 })
  expect(outside).toEqual([])
  await context.close()
})
