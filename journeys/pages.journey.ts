import { randomBytes } from 'node:crypto'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { uuidV7 } from '../core/id.ts'
import type { IncidentSummary, IncidentView, ObligationView } from '../core/view.ts'
import { BUREAU, open, signedIn, type Look } from './journey.ts'

/**
 * The main pages are met in four looks, so that each language meets each size and each theme; most others in two, what opens
 * within a page once, and the pages of the active side in one look each, by turns: what they are made of is met in all four.
 */
const LOOKS: readonly (Look & { readonly name: string; readonly parts?: true })[] = [
  { name: 'zh-day-desk', language: 'zh-CN', theme: 'day' },
  { name: 'en-night-desk', language: 'en', theme: 'night', parts: true },
  { name: 'zh-night-phone', language: 'zh-CN', theme: 'night', phone: true },
  { name: 'en-day-phone', language: 'en', theme: 'day', phone: true, parts: true },
]
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const FAULTY = 'fixtures/lint/faulty/district-plan.yaml'

type Part = {
  readonly name: string
  /** What is pressed to get there, one after another, by its name in English. */
  readonly press?: readonly (readonly ['tab' | 'button' | 'radio', RegExp])[]
  readonly file?: string
  /** Only there on a desk; all others are met on the phone, where room is short. */
  readonly on?: 'desk'
}
type Sight = {
  readonly name: string
  readonly address: string
  readonly main?: true
  readonly once?: true
  readonly parts?: readonly Part[]
}

const tab = (name: string, of: RegExp): Part => ({ name, press: [['tab', of]] })
const chip = (name: string, of: RegExp): Part => ({ name, press: [['radio', of]] })
const dialog = (name: string, of: RegExp): Part => ({ name, press: [['button', of]] })

async function read<T>(page: Page, path: string): Promise<T> {
  const response = await page.request.get(path)
  expect(response.ok(), path).toBe(true)
  return (await response.json()) as T
}

const gravest = (incidents: readonly IncidentSummary[]): IncidentSummary => {
  const found = incidents.find((one) => one.severity === 3) ?? incidents[0]
  if (found === undefined) throw new Error('the demonstration has no incident')
  return found
}

const ROOM: readonly Part[] = [
  tab('timeline', /^Timeline/),
  tab('headquarters', /^Headquarters/),
  tab('objectives', /^Objectives/),
  tab('reports', /^Reports/),
  {
    name: 'course',
    press: ['Tree of objectives', 'Whole process', 'Area affected'].map((one) => ['button', new RegExp(`^${one}`)] as const),
    on: 'desk',
  },
  { ...dialog('order', /^Order or request/), on: 'desk' },
  { ...dialog('report', /^File report/), on: 'desk' },
]

async function sights(page: Page): Promise<readonly Sight[]> {
  const incident = gravest(await read(page, '/api/incidents'))
  const [duty] = await read<readonly ObligationView[]>(page, '/api/obligations?status=open')
  const [finding] = await read<readonly { id: string }[]>(page, '/api/findings')
  const { bodies } = await read<{ bodies: readonly { id: string }[] }>(page, '/api/headquarters')
  const { decisions } = await read<{ decisions: readonly { id: string }[] }>(page, '/api/decisions')
  const { exercises } = await read<{ exercises: readonly { id: string; status: string }[] }>(page, '/api/exercises')
  const done = exercises.find((one) => one.status === 'done')
  const [replayed] = await read<readonly IncidentSummary[]>(page, `/api/incidents?world=${done?.id}`)
  const at = `/exercises/${done?.id}`
  return [
    { name: 'desk', main: true, address: '/' },
    { name: 'incident', main: true, address: `/incidents/${incident.id}`, parts: ROOM },
    { name: 'obligations', main: true, address: '/obligations', parts: [dialog('order', /^Order or request/)] },
    { name: 'obligation', main: true, address: `/obligations/${duty?.id}` },
    {
      name: 'findings',
      main: true,
      address: '/findings',
      parts: [tab('late', /^Late now/), tab('lag', /^Lag/), tab('between', /^Between/), tab('hand-offs', /^Hand-offs/)],
    },
    { name: 'finding', address: `/findings/${finding?.id}` },
    { name: 'instruments', address: '/instruments' },
    { name: 'plan', main: true, address: '/instruments/binhai-hazchem-plan' },
    { name: 'agreement', address: '/instruments/binhai-fengnan-agreement' },
    { name: 'lint', address: '/instruments/lint', parts: [{ name: 'faulty', file: FAULTY }, chip('in-force', /^In force/)] },
    {
      name: 'matrix',
      address: '/instruments/matrix',
      parts: [
        chip('coverage', /^Plan coverage/),
        chip('legal', /^Legal basis/),
        chip('openness', /^Openness/),
        chip('co-governance', /^Co-gov/),
      ],
    },
    { name: 'templates', address: '/instruments/templates', parts: [dialog('template', /^Use: /)] },
    { name: 'headquarters', address: '/headquarters', parts: [dialog('found', /^Found a body/)] },
    { name: 'body', address: `/headquarters/${bodies[0]?.id}` },
    { name: 'decision', address: `/decisions/${decisions[0]?.id}` },
    { name: 'objectives', address: '/objectives', parts: [dialog('set', /^Set an objective/)] },
    { name: 'notices', address: '/notices', parts: [chip('reach', /^Reach/), chip('post', /^My post/)] },
    {
      name: 'directory',
      address: '/directory',
      parts: [chip('forces', /^Forces/), chip('relations', /^Relations/), chip('dealings', /^Dealings/)],
    },
    ...(await activeSide(page)),
    { name: 'exercises', address: '/exercises' },
    { name: 'exercise', main: true, address: at },
    { name: 'exercise-desk', address: `${at}/desk` },
    { name: 'exercise-incident', address: `${at}/incidents/${replayed?.id}` },
  ]
}

/** From risk to warning to recorded action. */
async function activeSide(page: Page): Promise<readonly Sight[]> {
  type Things = readonly { readonly id: string }[]
  const first = async (path: string, list?: string): Promise<string> => {
    const answer = await read<Things & Readonly<Record<string, Things>>>(page, path)
    const found = (list === undefined ? answer : answer[list])?.[0]?.id
    expect(found, `${path} shows something`).toBeDefined()
    return found ?? ''
  }
  const once = (name: string, address: string): Sight => ({ name, address, once: true })
  return [
    { name: 'alerts', main: true, address: '/alerts' },
    { name: 'calls', main: true, address: '/alerts/calls' },
    once('alert', `/alerts/${await first('/api/alerts', 'alerts')}`),
    once('compose', '/alerts/new'),
    once('stations', '/alerts/stations'),
    once('station', `/alerts/stations/${await first('/api/stations', 'stations')}`),
    once('consultations', '/alerts/consultations'),
    once('consultation', `/alerts/consultations/${await first('/api/consultations', 'consultations')}`),
    once('feeds', '/alerts/feeds'),
    once('risks', '/risks'),
    once('risk', `/risks/${await first('/api/risks', 'rows')}`),
    once('coverage', '/risks/coverage'),
    once('carry', '/risks/carry'),
    once('intake', '/intake'),
    once('intake-report', `/intake/${await first('/api/intakes')}`),
    once('information', '/information'),
    once('information-owed', '/information/owed'),
    once('releases', '/information/releases'),
    once('datasets', '/information/datasets'),
    once('public', '/public'),
    once('public-report', '/public/report'),
  ]
}

async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await expect(page.locator('.skeleton')).toHaveCount(0)
}

/** What is in sight now, against the guidelines and the width of the screen. */
async function look(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `test-results/pages/${name}.png` })
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze()
  const faults = violations.map(({ id, nodes }) => {
    const targets = nodes.map((node) => node.target.join(' ')).slice(0, 5)
    return `${id}: ${targets.join(' | ')}`
  })
  expect.soft(faults, name).toEqual([])
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect.soft(wide, `${name} scrolls sideways`).toBeLessThanOrEqual(0)
}

async function visit(page: Page, { name, address }: Sight, shot: string): Promise<void> {
  await page.goto(address)
  await settled(page)
  if (address === '/') await expect(page.locator('.map-sketch path').first()).toBeAttached()
  await look(page, `${name}-${shot}`)
}

/** Opens a part of the page one is on; the page is read anew where a dialog would stand in the way. */
async function reach(page: Page, { address }: Sight, part: Part): Promise<void> {
  if (part.press?.[0]?.[0] !== 'tab' && part.press?.[0]?.[0] !== 'radio') {
    await page.goto(address)
    await settled(page)
  }
  if (part.file !== undefined) await page.locator('input[type=file]').first().setInputFiles(part.file)
  for (const [role, of] of part.press ?? []) await page.getByRole(role, { name: of }).first().click({ timeout: 15_000 })
  if (part.file !== undefined) await expect(page.locator('.cm-lintRange, .cm-lint-marker').first()).toBeAttached()
  await settled(page)
}

test.describe('every page, both languages, by day and by night, on a desk and on a phone', () => {
  test.beforeAll(async ({ browser }) => {
    const { context, page } = await open(browser)
    await signedIn(page, BUREAU, 'exercise.run')
    await proposed(page)
    await replayed(page)
    await context.close()
  })

  for (const [turn, one] of LOOKS.entries())
    test(`is free of accessibility faults: ${one.name}`, async ({ browser }) => {
      test.setTimeout(600_000)
      const { context, page } = await open(browser, one)
      const complaints: string[] = []
      page.on('console', (said) => {
        if (said.type() === 'error') complaints.push(`${page.url()}: ${said.text()}`)
      })
      page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
      await visit(page, { name: 'sign-in', address: '/sign-in' }, one.name)
      await signedIn(page, BUREAU, 'exercise.run')
      for (const [i, sight] of (await sights(page)).entries()) {
        const met = sight.once === true ? i % LOOKS.length === turn : sight.main === true || one.parts === true
        if (!met) continue
        await visit(page, sight, one.name)
        if (one.parts !== true) continue
        for (const part of sight.parts ?? []) {
          if ((part.on !== 'desk') !== (one.phone === true)) continue
          await reach(page, sight, part)
          await look(page, `${sight.name}-${part.name}-${one.name}`)
        }
      }
      expect(complaints).toEqual([])
      await context.close()
    })
})

/** A joint decision, so that its page has something to show. */
async function proposed(page: Page): Promise<void> {
  const { id } = gravest(await read(page, '/api/incidents'))
  const { headquarters } = await read<IncidentView>(page, `/api/incidents/${id}`)
  const members = (headquarters?.members ?? []).map((one) => one.id).filter((one) => one !== headquarters?.lead.id)
  const [debtor] = members
  if (debtor === undefined) throw new Error('the incident has no headquarters')
  const newId = (): string => uuidV7(Date.now(), randomBytes(10))
  const item = {
    debtor,
    act: 'open-shelter',
    actWords: { 'zh-CN': '开放安置点并报告床位', en: 'Open a shelter and report its beds' },
    function: 'civil-affairs',
    objectiveId: null,
    dueAt: new Date(Date.now() + 3_600_000).toISOString(),
  }
  const answer = await page.request.post(`/api/decision/${newId()}`, {
    data: {
      type: 'decision.propose',
      incidentId: id,
      headquartersId: null,
      title: '扩大警戒范围',
      text: '下风向人员转移到两处安置点。',
      matter: 'evacuation',
      path: 'ordinary',
      members: members.slice(0, 3),
      inOrder: false,
      items: [item],
    },
    headers: { 'sec-fetch-site': 'same-origin', 'idempotency-key': newId() },
  })
  expect(answer.status(), await answer.text()).toBe(200)
}

/** A replay that has run to its end, with a report and a world of its own. */
async function replayed(page: Page): Promise<void> {
  const started = await page.request.post('/api/exercises', {
    data: { scenarioId: 'dingri_earthquake_2025', speed: 'max' },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  const { id } = (await started.json()) as { id: string }
  const status = async (): Promise<string> => (await read<{ summary: { status: string } }>(page, `/api/exercises/${id}`)).summary.status
  await expect.poll(status, { timeout: 60_000 }).toBe('done')
}
