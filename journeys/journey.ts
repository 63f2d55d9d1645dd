/** What every journey does first: enter as a post, in a language, by day or by night. */
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test'
import type { ObligationView, PostView } from '../core/view.ts'

export type Look = { readonly language?: 'zh-CN' | 'en'; readonly theme?: 'day' | 'night'; readonly phone?: boolean }

export const BUREAU = '滨海新区应急管理局'
export const GOVERNMENT = '天津市滨海新区人民政府'

export async function open(
  browser: Browser,
  { language = 'zh-CN', theme = 'day', phone = false }: Look = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    hasTouch: phone,
  })
  await context.addInitScript(
    ([lang, look]) => {
      if (localStorage.getItem('muster.language') === null) localStorage.setItem('muster.language', lang ?? '')
      if (localStorage.getItem('muster.theme') === null) localStorage.setItem('muster.theme', look ?? '')
    },
    [language, theme],
  )
  const page = await context.newPage()
  return { context, page }
}

/** Signs in by the page itself, as anybody does in the demonstration. */
export async function enterAs(page: Page, organization: string, title?: string): Promise<void> {
  await page.goto('/')
  await page.getByRole('searchbox').fill(organization)
  const post =
    title === undefined
      ? page.getByRole('button', { name: organization })
      : page.getByRole('button', { name: `${organization} · ${title}` })
  await post.first().click()
  await expect(
    page
      .getByText('上报事件')
      .or(page.getByText('Report', { exact: false }))
      .first(),
  ).toBeVisible()
}

/** Signs in without the page, where signing in is not what the journey is about. */
export async function signedIn(page: Page, organization: string, power?: string): Promise<void> {
  const posts = (await (await page.request.get('/api/session/posts')).json()) as readonly PostView[]
  const post = posts.find((one) => one.organization.name['zh-CN'] === organization && (power === undefined || one.powers.includes(power)))
  if (!post) throw new Error(`no post of ${organization}${power === undefined ? '' : ` with ${power}`}`)
  const answer = await page.request.post('/api/session/demonstration', {
    data: { postId: post.id },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  expect(answer.status()).toBe(200)
}

/** The obligations that this page's post owes and may still accept. */
export async function owedByUs(page: Page): Promise<readonly ObligationView[]> {
  const all = (await (await page.request.get('/api/obligations?whose=mine&status=open')).json()) as readonly ObligationView[]
  return all.filter((one) => one.actions.some((action) => action.command === 'obligation.accept' && action.refusal === null))
}

/** Signed in as a post, in a browser of its own. */
export async function asPost(browser: Browser, organization: string, power?: string, look?: Look): Promise<Page> {
  const { page } = await open(browser, look)
  await signedIn(page, organization, power)
  return page
}

/** The head of a plan of the demonstration as its author writes it, in YAML; its clauses follow. */
export const planHead = (id: string, title: string, english: string): string => `schema: muster/instrument/1
id: ${id}
kind: plan
title: { zh-CN: "${title}", en: "${english}" }
jurisdiction: '120116'
issuer: { zh-CN: "${GOVERNMENT}", en: "Government of Binhai" }
citation: { zh-CN: "演示文本", en: "Text of the demonstration" }
inForceFrom: '2026-01-01'
inForceUntil: null
source: { zh-CN: "本项目编写", en: "Written by this project" }
higher: []
demonstration: true
keeper: { zh-CN: "${BUREAU}", en: "Bureau" }
reviewOn: '2030-01-01'
approvals:
  - { by: { zh-CN: "${GOVERNMENT}", en: "Government of Binhai" }, on: '2025-12-20' }
`
