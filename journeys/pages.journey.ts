import { AxeBuilder } from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { BUREAU, open, signedIn, type Look } from './journey.ts'

/** Every language, theme and size is met on every page; not every combination of them. */
const LOOKS: readonly (Look & { readonly name: string })[] = [
  { name: 'zh-day-desk', language: 'zh-CN', theme: 'day' },
  { name: 'en-night-desk', language: 'en', theme: 'night' },
  { name: 'zh-night-phone', language: 'zh-CN', theme: 'night', phone: true },
  { name: 'en-day-phone', language: 'en', theme: 'day', phone: true },
]
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

async function addresses(page: Page): Promise<readonly (readonly [string, string])[]> {
  const incidents = (await (await page.request.get('/api/incidents')).json()) as readonly { id: string; severity: number | null }[]
  const [duty] = (await (await page.request.get('/api/obligations?status=open')).json()) as readonly { id: string }[]
  const run = (await (await page.request.get('/api/exercises')).json()) as { exercises: readonly { id: string; status: string }[] }
  const done = run.exercises.find((one) => one.status === 'done')
  const incident = incidents.find((one) => one.severity === 3) ?? incidents[0]
  return [
    ['desk', '/'],
    ['incident', `/incidents/${incident?.id}`],
    ['obligations', '/obligations'],
    ...(duty === undefined ? [] : [['obligation', `/obligations/${duty.id}`] as const]),
    ['instruments', '/instruments'],
    ['instrument', '/instruments/binhai-hazchem-plan'],
    ['directory', '/directory'],
    ['exercises', '/exercises'],
    ...(done === undefined ? [] : [['exercise', `/exercises/${done.id}`] as const]),
  ]
}

async function look(page: Page, name: string, address: string, shot: string): Promise<void> {
  await page.goto(address)
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await expect(page.locator('.skeleton')).toHaveCount(0)
  if (address === '/') await expect(page.locator('.map-sketch path').first()).toBeAttached()
  await page.screenshot({ path: `test-results/pages/${name}-${shot}.png` })
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze()
  expect
    .soft(
      violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .map((node) => node.target.join(' '))
            .slice(0, 5)
            .join(' | ')}`,
      ),
      `${name} ${shot}`,
    )
    .toEqual([])
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect.soft(wide, `${name} ${shot} scrolls sideways`).toBeLessThanOrEqual(0)
}

test.describe('every page, both languages, by day and by night, on a desk and on a phone', () => {
  test.beforeAll(async ({ browser }) => {
    const { context, page } = await open(browser)
    await signedIn(page, BUREAU, 'exercise.run')
    const started = await page.request.post('/api/exercises', {
      data: { scenarioId: 'dingri_earthquake_2025', speed: 'max' },
      headers: { 'sec-fetch-site': 'same-origin' },
    })
    const { id } = (await started.json()) as { id: string }
    await expect
      .poll(
        async () => ((await (await page.request.get(`/api/exercises/${id}`)).json()) as { summary: { status: string } }).summary.status,
        { timeout: 60_000 },
      )
      .toBe('done')
    await context.close()
  })

  for (const one of LOOKS)
    test(`is free of accessibility faults: ${one.name}`, async ({ browser }) => {
      test.setTimeout(240_000)
      const { context, page } = await open(browser, one)
      await page.goto('/sign-in')
      await look(page, 'sign-in', '/sign-in', one.name)
      await signedIn(page, BUREAU, 'exercise.run')
      for (const [name, address] of await addresses(page)) await look(page, name, address, one.name)
      await context.close()
    })
})
