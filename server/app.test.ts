import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import type { Recorded } from '#core/event.ts'
import { after as later } from '#core/time.ts'
import type { IncidentView, ObligationDetail, TimelineEntry } from '#core/view.ts'
import { openHouse, type Answer, type Asker, type House } from '../fixtures/server/house.ts'
import { DECLARE, plan, REPORT, reported, say, until, whole, words, type Command } from '../fixtures/server/scene.ts'
import type { Worlds } from './worlds.ts'

type Code = { readonly code: string; readonly params: Readonly<Record<string, unknown>> }
type Done = { readonly position: string | null; readonly events: readonly Recorded[] }

let app: FastifyInstance
let worlds: Worlds
let parts: House['parts']
let district: Asker, unit: Asker, city: Asker, hebei: Asker, reporter: Asker
let ask: House['ask'], leave: House['leave']

before(async () => {
  ;({ app, worlds, parts, district, unit, city, hebei, reporter, ask, leave } = await openHouse())
})
after(() => leave())

const codeOf = ({ status, body }: Answer): string => `${status} ${(body as Code).code}`
const paramsOf = ({ body }: Answer): Readonly<Record<string, unknown>> => (body as Code).params

const REPORTED = (): Command => ({
  ...REPORT,
  unitInvolved: parts.unit,
  place: { name: '3号库', lat: 38.9652, lon: 117.7446 },
  reportedBy: undefined,
})
/** Reported by the warehouse, verified and declared by the district, over HTTP: and what the linkage made owed. */
async function underway(): Promise<{ incident: string; duty: string; declaredAt: string }> {
  const incident = randomUUID()
  for (const [who, command] of [
    [unit, REPORTED()],
    [district, { type: 'incident.verify', text: '属实' }],
    [district, DECLARE],
  ] as const) {
    const answer = await who.tell('incident', incident, command)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
  }
  await worlds.real.settled()
  const events = (await whole(worlds.real)).filter((event) => event.incidentId === incident)
  const owed = events.find((event) => event.type === 'obligation.owed') ?? assert.fail('nothing is owed')
  return {
    incident,
    duty: owed.stream.slice('obligation/'.length),
    declaredAt: events.find((event) => event.type === 'incident.declared')?.occurredAt ?? '',
  }
}

describe('whoever is not signed in', () => {
  test('is answered nothing but 401', async () => {
    const id = randomUUID()
    for (const url of [
      'desk',
      'incidents',
      `incidents/${id}`,
      `incidents/${id}/timeline`,
      'obligations',
      `obligations/${id}`,
      'instruments',
      'instruments/test-plan',
      'directory',
      'exercises',
      'live',
      'log/export',
      'log/checkpoint',
    ])
      assert.equal(codeOf(await ask('GET', `/api/${url}`, {})), '401 session.missing', url)
    for (const room of ['incident', 'sitrep', 'obligation', 'instrument', 'organization', 'post'])
      assert.equal(
        codeOf(await ask('POST', `/api/${room}/${id}`, { 'content-type': 'application/json', 'idempotency-key': randomUUID() }, '{}')),
        '401 session.missing',
        room,
      )
  })
})

describe('a command over HTTP', () => {
  test('is done, and answered with where and what was recorded', async () => {
    const incident = randomUUID()
    const key = randomUUID()
    const answer = await unit.tell('incident', incident, REPORTED(), key)
    assert.equal(answer.status, 200)
    const { position, events } = answer.body as Done
    const [event, ...more] = events
    assert.deepEqual(
      [more, event?.position, event?.stream, event?.version, event?.type, event?.commandId, event?.incidentId],
      [[], position, `incident/${incident}`, 1, 'incident.reported', key, incident],
    )
    const data = event?.data as { number: string; reportedBy: string }
    assert.match(data.number, new RegExp(`^${new Date().getUTCFullYear()}-120116-\\d{4}$`))
    assert.equal(data.reportedBy, parts.unit, 'the organization of the post speaks')
    assert.match(event?.actor ?? '', new RegExp(`^post/[0-9a-f-]{36}/${parts.unit}$`))
    assert.deepEqual(await unit.tell('incident', incident, REPORTED(), key), answer, 'sent again it is answered the same')
  })

  test('that its law refuses is 422 with code and parameters', async () => {
    const incident = await reported(worlds.real)
    assert.deepEqual(await district.tell('incident', incident, DECLARE), {
      status: 422,
      body: { code: 'incident.not-verified', params: {} },
    })
    assert.deepEqual(await district.tell('incident', incident, { type: 'incident.fill-position', code: 'x', organization: null }), {
      status: 422,
      body: { code: 'incident.no-headquarters', params: {} },
    })
  })

  test('that authority refuses is 403 and names what is missing', async () => {
    const incident = await reported(worlds.real)
    assert.deepEqual(await unit.tell('incident', incident, { type: 'incident.verify', text: 'x' }), {
      status: 403,
      body: { code: 'authority.no-power', params: { power: 'incident.verify' } },
    })
    const above = await reported(worlds.real, { jurisdiction: '120000' })
    assert.deepEqual(await district.tell('incident', above, { type: 'incident.verify', text: 'x' }), {
      status: 403,
      body: { code: 'authority.outside-jurisdiction', params: { jurisdiction: '120000' } },
    })
    assert.equal(codeOf(await district.tell('obligation', randomUUID(), { type: 'obligation.lapse' })), '403 authority.system-only')
  })

  test('that is malformed is 400 with the place, and nothing is applied', async () => {
    const before = (await whole(worlds.real)).length
    const id = randomUUID()
    for (const [command, path] of [
      [{ ...REPORTED(), title: '' }, 'title'],
      [{ ...REPORTED(), place: { name: 'x', lat: 91, lon: 0 } }, 'place.lat'],
      [{ ...REPORTED(), jurisdiction: '12' }, 'jurisdiction'],
      [{ ...REPORTED(), text: 'x'.repeat(4001) }, 'text'],
      [{ type: 'incident.explode' }, 'type'],
      [{}, 'type'],
    ] as const) {
      const answer = await unit.tell('incident', id, command)
      assert.deepEqual([codeOf(answer), paramsOf(answer).path], ['400 request.malformed', path])
    }
    assert.equal(codeOf(await unit.tell('incident', id, { ...REPORTED(), surprise: 1 })), '400 request.malformed')
    assert.equal(codeOf(await unit.tell('incident', id, '{"type":')), '400 request.malformed')
    assert.equal(codeOf(await unit.tell('incident', id, 'null')), '400 request.malformed')
    assert.equal(codeOf(await unit.tell('incident', id, '[]')), '400 request.malformed')
    assert.equal(codeOf(await unit.tell('incident', 'not-an-id', REPORTED())), '400 request.malformed')
    assert.equal((await whole(worlds.real)).length, before)
  })

  test('without an id of its own is 400 and says which header', async () => {
    for (const key of [null, 'x', '00000000-0000-0000-0000-000000000000']) {
      const answer = await unit.tell('incident', randomUUID(), REPORTED(), key)
      assert.deepEqual([codeOf(answer), paramsOf(answer).path], ['400 request.malformed', 'Idempotency-Key'])
    }
  })

  test('with an id that another thing has used is refused', async () => {
    const key = randomUUID()
    assert.equal((await unit.tell('incident', randomUUID(), REPORTED(), key)).status, 200)
    assert.equal(codeOf(await unit.tell('incident', randomUUID(), REPORTED(), key)), '422 command.id-reused')
  })

  test('with text that cannot be kept is refused, and other writing is kept as it is', async () => {
    const incident = randomUUID()
    const told = (title: string): Promise<Answer> =>
      unit.tell('incident', incident, JSON.stringify({ ...REPORTED(), title: '@' }).replace('@', title))
    for (const title of ['a\\u0000b', '\\ud800', 'x\\udc00', '\\udc00\\ud800'])
      assert.equal(codeOf(await told(title)), '422 text.unstorable', title)
    assert.equal((await told('𠮷野家 \\ud842\\udfb7 “引号” \\u2028 ع')).status, 200)
    assert.equal((await district.get<IncidentView>(`/api/incidents/${incident}`)).title, '𠮷野家 𠮷 “引号” \u2028 ع')
  })

  test('that is too large is 413, a path that is not there 404', async () => {
    assert.equal(
      codeOf(await unit.tell('incident', randomUUID(), { ...REPORTED(), text: 'x'.repeat(1024 * 1024) })),
      '413 request.too-large',
    )
    assert.equal(codeOf(await district.ask('/api/nothing')), '404 request.unknown-path')
    assert.equal(codeOf(await district.tell('division', randomUUID(), {})), '404 request.unknown-path')
  })

  test('adopts an instrument under its own name only', async () => {
    const clause = { id: 'scope', kind: 'text', article: words('第一条'), words: words('适用于全区'), wording: 'summary' } as const
    const other = { ...plan({ id: 'other-plan' }), clauses: [clause] }
    const answer = await district.tell('instrument', 'assumed-name', { type: 'instrument.adopt', instrument: other })
    assert.ok(answer.status === 400 || answer.status === 422, `${answer.status}`)
  })
})

describe('an obligation over HTTP', () => {
  test('is shown to its debtor whole, with what may be done and why not the rest', async () => {
    const { incident, duty, declaredAt } = await underway()
    const shown = await unit.get<ObligationDetail>(`/api/obligations/${duty}`)
    const { clause, history, triggeredBy, actions, ...view } = shown
    const ref = (id: string, name: string) => ({ id, name: words(name), verified: true })
    // How it is negotiated, handed on and confirmed is told by the room's own tests.
    assert.partialDeepStrictEqual(view, {
      id: duty,
      incidentId: incident,
      incidentTitle: '仓库起火',
      act: words('提供物质清单'),
      actCode: 'provide-substance-list',
      function: 'substance-information',
      debtor: ref(parts.unit, '仓储企业'),
      creditor: ref(parts.district, '滨海新区人民政府'),
      status: 'owed',
      lapsed: false,
      owedAt: declaredAt,
      dueAt: later(declaredAt, 'PT30M'),
      dischargedAt: null,
      lateBy: null,
      basis: {
        instrumentId: 'test-plan',
        instrumentVersion: 1,
        clauseId: 'list',
        instrumentTitle: words('试验预案'),
        article: words('第一条'),
        limitConfirmed: false,
      },
      escalatedTo: null,
      evidence: null,
      declineReason: null,
      waiveReason: null,
      ladder: [{ at: later(declaredAt, 'PT1H30M'), to: ref(parts.city, '天津市人民政府'), done: false }],
    })
    assert.partialDeepStrictEqual(Object.fromEntries(actions.map((one) => [one.command, one.refusal?.code ?? null])), {
      'obligation.accept': null,
      'obligation.discharge': null,
      'obligation.decline': null,
      'obligation.waive': 'authority.no-power',
    })
    assert.deepEqual(
      [clause?.id, triggeredBy?.type, triggeredBy?.occurredAt, history.map((entry) => [entry.type, entry.actor.system, entry.basis])],
      ['list', 'incident.declared', declaredAt, [['obligation.owed', 'linkage', 'test-plan@1#list']]],
    )
  })

  test('is accepted and discharged by its debtor alone, and the desks show it', async () => {
    const { duty } = await underway()
    assert.deepEqual(await district.tell('obligation', duty, { type: 'obligation.accept' }), {
      status: 403,
      body: { code: 'authority.not-debtor', params: { debtor: parts.unit } },
    })
    const needs = async (): Promise<boolean> =>
      (await unit.get<{ needsYou: { id: string }[] }>('/api/desk')).needsYou.some((one) => one.id === duty)
    const listed = async (who: Asker, query: string): Promise<boolean> =>
      (await who.get<{ id: string }[]>(`/api/obligations?${query}`)).some((one) => one.id === duty)
    assert.deepEqual(
      [await listed(unit, 'whose=mine&status=open'), await listed(district, 'whose=mine'), await listed(district, 'whose=owed-to-us')],
      [true, false, true],
    )
    assert.equal((await unit.tell('obligation', duty, { type: 'obligation.accept', note: '已安排' })).status, 200)
    assert.equal(codeOf(await unit.tell('obligation', duty, { type: 'obligation.accept' })), '422 obligation.already-accepted')
    assert.equal(codeOf(await unit.tell('obligation', duty, { type: 'obligation.discharge', evidence: '  ' })), '400 request.malformed')
    assert.equal((await unit.tell('obligation', duty, { type: 'obligation.discharge', evidence: '清单已送达' })).status, 200)
    const shown = await city.get<ObligationDetail>(`/api/obligations/${duty}`)
    assert.deepEqual(
      [shown.status, shown.lateBy, shown.evidence, shown.history.map((entry) => entry.type)],
      [
        'discharged',
        null,
        { text: '清单已送达', eventPosition: null, by: null },
        ['obligation.owed', 'obligation.accepted', 'obligation.discharged'],
      ],
    )
    assert.deepEqual([await listed(unit, 'status=open'), await listed(unit, 'status=done'), await needs()], [false, true, false])
    assert.equal(codeOf(await unit.ask('/api/obligations?status=whatever')), '400 request.malformed')
  })
})

describe('what the asker may not see', () => {
  test('is answered as what is not there: incidents, obligations, timelines, lists', async () => {
    const { incident, duty } = await underway()
    const same = async (url: (id: string) => string, id: string): Promise<void> =>
      assert.deepEqual(await hebei.ask(url(id)), await hebei.ask(url(randomUUID())), url(id))
    assert.deepEqual(await hebei.ask(`/api/obligations/${duty}`), { status: 404, body: { code: 'obligation.unknown', params: {} } })
    assert.deepEqual(await hebei.ask(`/api/incidents/${incident}`), { status: 404, body: { code: 'incident.unknown', params: {} } })
    await same((id) => `/api/incidents/${id}/timeline`, incident)
    await same((id) => `/api/obligations?incident=${id}`, incident)
    const { body } = await hebei.ask('/api/desk')
    assert.ok(!JSON.stringify(body).includes(incident) && !JSON.stringify(body).includes(duty))
    assert.ok(!JSON.stringify((await hebei.ask('/api/incidents')).body).includes(incident))
    assert.equal((await city.ask(`/api/obligations/${duty}`)).status, 200, 'the city above sees it')
  })

  test('is answered so to a command too', async () => {
    const { duty } = await underway()
    for (const command of [
      { type: 'obligation.accept' },
      { type: 'obligation.discharge', evidence: 'x' },
      { type: 'obligation.waive', reason: 'x' },
    ])
      assert.deepEqual(await hebei.tell('obligation', duty, command), await hebei.tell('obligation', randomUUID(), command), command.type)
  })

  test('is not in an export either', async () => {
    const { incident } = await underway()
    assert.equal((await district.ask(`/api/log/export?incident=${incident}`)).status, 200)
    const answer = await hebei.ask(`/api/log/export?incident=${incident}`)
    assert.ok(
      answer.status === 403 || answer.status === 404 || !String(answer.body).includes('仓库冒烟'),
      'another province exported the incident',
    )
    assert.equal(codeOf(await reporter.ask('/api/log/export')), '403 authority.no-power')
  })
})

describe('an incident over HTTP', () => {
  test('is shown with its facts, duties, reports, gaps and actions', async () => {
    const { incident, duty } = await underway()
    await district.tell('incident', incident, { type: 'incident.set-response', level: 3, text: '启动三级响应' })
    await district.tell('incident', incident, {
      type: 'incident.activate-headquarters',
      name: words('现场指挥部'),
      lead: parts.district,
      members: [parts.unit],
      positions: [{ code: 'commander', words: words('总指挥'), organization: null }],
    })
    await district.tell('sitrep', randomUUID(), {
      type: 'sitrep.file',
      incidentId: incident,
      kind: 'initial',
      to: parts.city,
      summary: '首报',
      facts: [{ key: 'injured', value: 2, unit: null, source: '医院' }],
    })
    const shown = await district.get<IncidentView>(`/api/incidents/${incident}`)
    assert.deepEqual(
      [shown.status, shown.class, shown.severity, shown.responseLevel, shown.title, shown.hazard, shown.zone],
      ['declared', 'accident', 3, 3, '仓库起火', 'hazardous-chemicals', 'Asia/Shanghai'],
    )
    assert.deepEqual(
      [shown.jurisdiction.code, shown.place, shown.closedAt, shown.merged, shown.gaps],
      ['120116', { name: '3号库', lat: 38.9652, lon: 117.7446 }, null, [], []],
    )
    assert.deepEqual(shown.obligations, { open: 1, late: 0, discharged: 0, accepted: 0 })
    assert.deepEqual(
      shown.duties.map((one) => one.id),
      [duty],
    )
    assert.deepEqual(
      [
        shown.headquarters?.lead.id,
        shown.headquarters?.members.map((one) => one.id),
        shown.headquarters?.positions.map((one) => [one.code, one.organization, one.suggestion?.id]),
      ],
      [parts.district, [parts.district, parts.unit], [['commander', null, parts.district]]],
    )
    const [sitrep] = shown.sitreps
    assert.deepEqual(
      [sitrep?.number, sitrep?.kind, sitrep?.from.id, sitrep?.to?.id, sitrep?.facts.map((one) => [one.key, one.value, one.replaced])],
      [1, 'initial', parts.district, parts.city, [['injured', 2, []]]],
    )
    const refusals = new Map(shown.actions.map((one) => [one.command, one.refusal?.code ?? null]))
    assert.deepEqual(
      ['incident.verify', 'incident.set-response', 'incident.activate-headquarters', 'incident.note', 'incident.close'].map((name) =>
        refusals.get(name),
      ),
      ['incident.already-verified', null, 'incident.headquarters-already-active', null, null],
    )
    assert.equal(codeOf(await district.ask('/api/incidents/not-an-id')), '404 incident.unknown')
  })

  test('has a timeline, the newest first, in pages', async () => {
    const { incident } = await underway()
    for (let i = 0; i < 5; i++) await unit.tell('incident', incident, { type: 'incident.note', kind: 'arrive', text: `第${i}队到场` })
    const all = await district.get<TimelineEntry[]>(`/api/incidents/${incident}/timeline`)
    assert.deepEqual(all.map((entry) => entry.type).toReversed(), [
      'incident.reported',
      'incident.verified',
      'incident.declared',
      'obligation.owed',
      ...Array.from({ length: 5 }, () => 'incident.noted'),
    ])
    assert.ok(all.every((entry, i) => i === 0 || Number(entry.position) < Number(all[i - 1]?.position)))
    const paged: TimelineEntry[] = []
    for (let before = ''; ; before = `&before=${paged.at(-1)?.position}`) {
      const page = await district.get<TimelineEntry[]>(`/api/incidents/${incident}/timeline?limit=4${before}`)
      if (page.length === 0) break
      assert.ok(page.length <= 4)
      paged.push(...page)
    }
    assert.deepEqual(paged, all)
    assert.deepEqual([all[0]?.actor.kind, all[0]?.actor.organization?.id, all[0]?.actor.title], ['post', parts.unit, words('应急值班员')])
    for (const query of ['limit=x', 'before=-1', 'limit=1e3'])
      assert.equal(codeOf(await district.ask(`/api/incidents/${incident}/timeline?${query}`)), '400 request.malformed', query)
  })
})

describe('instruments and the directory over HTTP', () => {
  test('an instrument is listed with its counts and opened with its clauses', async () => {
    const [listed] = (await unit.get<{ id: string }[]>('/api/instruments')).filter((one) => one.id === 'test-plan')
    const summary = {
      id: 'test-plan',
      kind: 'plan',
      title: words('试验预案'),
      citation: words('试验〔2026〕1号'),
      issuer: words('试验'),
      jurisdiction: { code: '120116', name: words('120116') },
      inForceFrom: '2015-01-01',
      inForceUntil: null,
      demonstration: true,
      version: 1,
      duties: 1,
      escalations: 1,
    }
    assert.partialDeepStrictEqual(listed, summary)
    const { usedBy, ...opened } = await unit.get<{ usedBy: number }>('/api/instruments/test-plan')
    assert.partialDeepStrictEqual(opened, { ...summary, source: words('为试验而写'), higher: [], clauses: plan().clauses })
    assert.ok(Number.isInteger(usedBy))
    assert.equal(codeOf(await unit.ask('/api/instruments/nothing')), '404 instrument.unknown')
  })

  test('the directory shows who stands below whom, and the common superior of any two', async () => {
    const { organizations } = await unit.get<{
      organizations: {
        id: string
        superior: { id: string } | null
        posts: { title: object; powers: string[] }[]
        jurisdiction: { code: string } | null
      }[]
    }>('/api/directory')
    const entry = organizations.find((one) => one.id === parts.district)
    assert.deepEqual(
      [
        entry?.superior?.id,
        entry?.jurisdiction?.code,
        entry?.posts.some((post) => post.powers.length === 1 && post.powers[0] === 'incident.report'),
      ],
      [parts.city, '120116', true],
    )
    const common = await unit.get<{ common: { id: string } | null; pathA: { id: string }[] }>(
      `/api/directory/common-superior?a=${parts.district}&b=${parts.city}`,
    )
    assert.deepEqual([common.common?.id, common.pathA.map((one) => one.id)], [parts.city, [parts.district, parts.city, parts.nation]])
    assert.equal(
      (await unit.get<{ common: object | null }>(`/api/directory/common-superior?a=${parts.district}&b=${parts.hebei}`)).common,
      null,
    )
    assert.equal(codeOf(await unit.ask(`/api/directory/common-superior?a=${parts.district}&b=x`)), '404 organization.unknown')
  })
})

describe('the world of an exercise', () => {
  test('is looked into whole by whoever is signed in, and changed by nobody', async () => {
    const id = randomUUID()
    const world = await worlds.make(id, Date.parse('2015-08-12T14:51:00Z'))
    const theirs = await reported(world, { jurisdiction: '120116' })
    worlds.release(id)
    const shown = await hebei.get<IncidentView>(`/api/incidents/${theirs}?world=${id}`)
    assert.equal(shown.reportedAt, '2015-08-12T14:51:00.000Z')
    assert.ok(shown.actions.length > 0 && shown.actions.every((one) => one.refusal?.code === 'exercise.read-only'))
    assert.equal(
      codeOf(await district.tell('incident', theirs, { type: 'incident.verify', text: 'x' }, randomUUID(), `?world=${id}`)),
      '422 exercise.read-only',
    )
    assert.equal(codeOf(await hebei.ask(`/api/incidents/${theirs}`)), '404 incident.unknown')
    assert.equal(codeOf(await district.ask(`/api/incidents/${theirs}`)), '404 incident.unknown')
    assert.equal((await whole(world)).length, 1)
  })

  test('that is not there is 404, whatever it is called', async () => {
    for (const name of [randomUUID(), 'nothing', 'world_real', 'real;drop', '../node'])
      assert.equal(codeOf(await district.ask(`/api/desk?world=${encodeURIComponent(name)}`)), '404 exercise.unknown', name)
  })
})

describe('live over HTTP', () => {
  test('a browser is greeted, hears at once, and resumes by Last-Event-ID', async () => {
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    const open = async (more: Readonly<Record<string, string>> = {}) => {
      const stop = new AbortController()
      const response = await fetch(`${address}/api/live`, { headers: { cookie: district.cookie, ...more }, signal: stop.signal })
      assert.deepEqual(
        [response.status, response.headers.get('content-type'), response.headers.get('cache-control')],
        [200, 'text/event-stream; charset=utf-8', 'no-store'],
      )
      let text = ''
      void (async () => {
        for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString('utf8')
      })().catch(() => {})
      return { stop: () => stop.abort(), text: () => text }
    }
    const first = await open()
    await until('it is greeted', () => first.text().includes('\n\n'))
    assert.match(first.text(), /^retry: \d+\nid: \d+\nevent: hello\ndata: \{"position":"\d+","serverTime":"\d{4}-\d\d-\d\dT[\d:.]+Z"\}\n\n/)
    const incident = await reported(worlds.real)
    await until('it hears', () => first.text().includes(incident))
    const ids = [...first.text().matchAll(/^id: (\d+)$/gm)].map((found) => found[1] ?? '')
    first.stop()
    await say(worlds.real, 'incident', incident, { type: 'incident.note', kind: 'arrive', text: '断线期间' })
    const second = await open({ 'last-event-id': ids.at(-1) ?? '' })
    await until('it hears what it missed', () => second.text().includes('断线期间'))
    assert.ok(!second.text().includes('仓库冒烟'), 'and nothing twice')
    second.stop()
  })
})
