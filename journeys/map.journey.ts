import { expect, test } from '@playwright/test'
import { BUREAU, open, signedIn } from './journey.ts'

test('the map is drawn without the internet, and a mark on it picks its incident in the list', async ({ browser }) => {
  const { context, page } = await open(browser)
  const outside: string[] = []
  page.on('request', (request) => {
    if (!/^(?:http:\/\/127\.0\.0\.1|data:|blob:)/.test(request.url())) outside.push(request.url())
  })
  await signedIn(page, BUREAU)
  await page.goto('/')
  await expect(page.locator('canvas.maplibregl-canvas')).toBeVisible({ timeout: 60_000 })
  const mark = page.locator('.map-mark', { hasText: '临港危化品' })
  await expect(mark).toBeVisible({ timeout: 60_000 })
  await mark.click()
  await expect(mark).toHaveAttribute('aria-pressed', 'true')
  expect(outside).toEqual([])
  await context.close()
})
