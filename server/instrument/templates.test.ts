import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { parse } from 'yaml'
import { binds, Instrument, standingOn, type Clause } from '#core/instrument.ts'
import { placesOf } from '#core/instrument/template.ts'
import { lint } from '#core/lint.ts'
import type { FilledTemplate, InstrumentDetail, RegisteredView, ScalesView, TemplateSummary } from '#core/view/instrument.ts'
import type { IncidentView } from '#core/view.ts'
import { openHouse, type Answer, type House } from '../../fixtures/server/house.ts'
import { organization, reported, say } from '../../fixtures/server/scene.ts'
import { projectRoot } from '../config.ts'
import { templates } from './templates.ts'

const FIVE_MINUTES_MS = 5 * 60_000
const fromPack = (name: string): Instrument =>
  Instrument.parse(parse(readFileSync(join(projectRoot, 'packs', 'cn', `${name}.yaml`), 'utf8')))
const LAWS = ['cn-erl-2024', 'cn-accident-report-493', 'cn-work-safety-emergency-708'].map(fromPack)

/** What only signing and approving can mend: a template is a draft. */
const STILL_TO_DO = new Set(['lint.unsigned', 'lint.unapproved'])
const wrongIn = (files: readonly Instrument[], id: string): readonly string[] =>
  lint({ instruments: [...files, ...LAWS] }, { on: '2026-08-01' })
    .filter((one) => one.instrument === id && !STILL_TO_DO.has(one.code))
    .map((one) => `${one.code} ${one.path}`)

describe('templates', () => {
  let house: House
  before(async () => {
    house = await openHouse()
    for (const law of LAWS) await say(house.worlds.real, 'instrument', law.id, { type: 'instrument.adopt', instrument: law })
  })
  after(() => house.leave())

  const post = (url: string, body: unknown): Promise<Answer> =>
    house.ask('POST', url, { cookie: house.city.cookie, 'content-type': 'application/json' }, JSON.stringify(body))
  const answersFor = ({ asks }: TemplateSummary, more: Readonly<Record<string, string>> = {}): Record<string, string> => {
    const { city, hebei, district } = house.parts
    const organizations = [city, hebei, district]
    return Object.fromEntries(
      asks.map(({ key, kind, example }) => {
        if (kind === 'organization') return [key, organizations.shift() ?? city]
        if (kind === 'jurisdiction') return [key, key === 'common' ? '120000' : '120116']
        return [key, example ?? 'x']
      }),
    ) as Record<string, string> & typeof more
  }
  const listed = (): Promise<readonly TemplateSummary[]> => house.city.get('/api/templates')
  const find = async (id: string): Promise<TemplateSummary> => {
    const found = (await listed()).find((one) => one.id === id)
    assert.ok(found, id)
    return found
  }
  const filledFrom = async (id: string, more: Readonly<Record<string, string>> = {}): Promise<FilledTemplate> => {
    const { status, body } = await post(`/api/templates/${id}/fill`, { answers: { ...answersFor(await find(id)), ...more } })
    assert.equal(status, 200, `${id}: ${JSON.stringify(body)}`)
    return body as FilledTemplate
  }

  it('are there for every model that the requirements name', async () => {
    const ids = (await listed()).map((one) => one.id)
    const wanted = [
      'reform-2018',
      'county-city',
      'esf-15',
      'ics-positions',
      'japan-mutual-support',
      'emac',
      'shanghai-linkage-centre',
      'jing-jin-ji',
      'voad-meeting',
      'regional-cooperation',
      'social-team',
      'township-rules',
    ]
    assert.deepEqual(
      wanted.filter((id) => !ids.includes(id)),
      [],
    )
  })

  it('ask for every place that they hold, and for nothing else', () => {
    for (const { id, asks, instrument, organizations } of templates().values())
      assert.deepEqual([...placesOf([instrument, organizations ?? []])].toSorted(), asks.map((one) => one.key).toSorted(), id)
  })

  it('each become an instrument without a finding of the linter, and are taken over, in far less than five minutes', async () => {
    const made: Instrument[] = []
    for (const { id } of await listed()) {
      const began = performance.now()
      const { instrument, yaml } = await filledFrom(id)
      assert.deepEqual(parse(yaml), instrument, 'the text to edit is the instrument')
      made.push(instrument)
      // The reform's own map is the nation's: the city may take over what binds in its territory.
      const own = { ...instrument, jurisdiction: instrument.jurisdiction === '100000' ? '120000' : instrument.jurisdiction }
      const answer = await house.city.tell('instrument', instrument.id, { type: 'instrument.adopt', instrument: own })
      assert.equal(answer.status, 200, `${id}: ${JSON.stringify(answer.body)}`)
      assert.ok(performance.now() - began < FIVE_MINUTES_MS)
    }
    for (const { id } of made)
      assert.deepEqual(
        wrongIn(
          made.filter((one) => one.id === id || one.id.startsWith('county-city-plan')),
          id,
        ),
        [],
        id,
      )
  })

  it('bind nobody as drafts: nothing is owed by a template before it is signed or approved', async () => {
    const { instrument } = await filledFrom('emac', { serial: '77' })
    assert.equal(standingOn({ version: 1, instrument }, '2026-08-01'), 'unsigned')
    const plan = (await filledFrom('county-city')).instrument
    assert.equal(standingOn({ version: 1, instrument: plan }, '2026-08-01'), 'unapproved')
  })

  it('refuse an answer that is missing or is none', async () => {
    const { asks } = await find('county-city')
    const answers = answersFor({ asks } as TemplateSummary)
    const { place: _, ...without } = answers
    const code = ({ body }: Answer): unknown => (body as { code?: unknown }).code
    assert.equal(code(await post('/api/templates/county-city/fill', { answers: without })), 'template.answer-missing')
    assert.equal(
      code(await post('/api/templates/county-city/fill', { answers: { ...answers, place: 'Binhai' } })),
      'template.answer-malformed',
    )
    assert.equal(
      code(await post('/api/templates/county-city/fill', { answers: { ...answers, above: '00000000-0000-7000-8000-00000000ffff' } })),
      'template.answer-malformed',
    )
    assert.equal(code(await post('/api/templates/nothing/fill', { answers })), 'template.unknown')
  })

  it('register the departments of a county-level city, twelve at least, by commands of the asking post, and only once', async () => {
    const answers = { ...answersFor(await find('county-city')), place: '120118', above: house.parts.city }
    const first = await post('/api/templates/county-city/organizations', { answers })
    const { registered } = first.body as RegisteredView
    assert.deepEqual(
      registered.filter((one) => one.refusal !== null),
      [],
    )
    const relations = await house.worlds.real.relations()
    const departments = registered.filter(
      (one) => relations.find(one.id)?.jurisdiction === '120118' && !relations.find(one.id)?.functions.includes('government'),
    )
    assert.ok(departments.length >= 12, String(departments.length))
    const government = registered.find((one) => relations.find(one.id)?.functions.includes('government'))
    assert.equal(relations.superior(government?.id ?? '')?.id, house.parts.city)
    const again = await post('/api/templates/county-city/organizations', { answers })
    assert.deepEqual(
      (again.body as RegisteredView).registered.map((one) => one.id),
      registered.map((one) => one.id),
    )
    assert.equal([...(await house.worlds.real.relations()).all()].filter((one) => one.jurisdiction === '120118').length, registered.length)
    const { instrument } = await filledFrom('county-city', { place: '120118' })
    const owing = new Set(instrument.clauses.filter(binds).map((clause) => clause.owes.replace(/^function:/, '')))
    for (const one of ['health', 'housing', 'public-security', 'meteorology', 'transport', 'commerce'])
      assert.ok(owing.has(one), `${one} has a list of duties`)
  })

  it('register nothing where authority refuses: another territory', async () => {
    const answers = { ...answersFor(await find('county-city')), place: '310115', above: house.parts.city }
    const { body } = await post('/api/templates/county-city/organizations', { answers })
    assert.ok((body as RegisteredView).registered.every((one) => one.refusal?.code === 'authority.outside-jurisdiction'))
  })

  it('run: the linkage centre owes to verify at once what is reported, and answers are owed to its instructions', async () => {
    const { real } = house.worlds
    const police = await organization(real, { jurisdiction: '120116', functions: ['public-security'], name: '公安分局' })
    const health = await organization(real, { jurisdiction: '120116', functions: ['health'], name: '卫健委' })
    const { instrument } = await filledFrom('shanghai-linkage-centre', { from: '2026-01-01' })
    await say(real, 'instrument', instrument.id, { type: 'instrument.adopt', instrument })
    await say(real, 'instrument', instrument.id, { type: 'instrument.approve', note: '常务会' })
    const incident = await reported(real)
    await real.settled()
    await say(real, 'incident', incident, {
      type: 'incident.note',
      kind: 'order',
      text: '派救护车',
      organization: police,
      target: [health],
    })
    await real.settled()
    const { duties } = await house.city.get<IncidentView>(`/api/incidents/${incident}`)
    const own = duties.filter((one) => one.basis?.instrumentId === instrument.id)
    assert.deepEqual(own.map((one) => [one.basis?.clauseId, one.debtor.id, one.creditor.id]).toSorted(), [
      ['feedback', health, police],
      ['verify', police, house.parts.district],
    ])
    await say(real, 'incident', incident, { type: 'incident.note', kind: 'arrive', text: '到场', organization: health })
    await real.settled()
    const after = await house.city.get<IncidentView>(`/api/incidents/${incident}`)
    assert.equal(after.duties.find((one) => one.basis?.clauseId === 'feedback')?.status, 'discharged')
  })

  it('turn what the sharing meeting agrees into an obligation of who takes it', async () => {
    const { real } = house.worlds
    const coordinator = await organization(real, {
      jurisdiction: '120116',
      functions: ['society-coordination'],
      name: '红十字会',
      sector: 'social',
    })
    const team = await organization(real, { jurisdiction: '120116', functions: ['social-rescue'], name: '救援队', sector: 'social' })
    const { instrument } = await filledFrom('voad-meeting', { from: '2026-01-01' })
    await say(real, 'instrument', instrument.id, { type: 'instrument.adopt', instrument })
    await say(real, 'instrument', instrument.id, { type: 'instrument.approve', note: '常务会' })
    const incident = await reported(real)
    await say(real, 'incident', incident, {
      type: 'incident.note',
      kind: 'decision',
      text: '由救援队送水',
      organization: coordinator,
      target: [team],
    })
    await real.settled()
    const { duties } = await house.city.get<IncidentView>(`/api/incidents/${incident}`)
    assert.deepEqual(
      duties.filter((one) => one.basis?.clauseId === 'meeting-item').map((one) => [one.debtor.id, one.creditor.id]),
      [[team, coordinator]],
    )
  })

  it('keep a township stricter than its county: a looser figure is found', async () => {
    const county = (await filledFrom('county-city')).instrument
    const township = (await filledFrom('township-rules')).instrument
    assert.deepEqual(wrongIn([county, township], township.id), [])
    const looser: Instrument = {
      ...township,
      clauses: township.clauses.map((clause): Clause =>
        clause.id === 'report' && clause.kind === 'duty' ? { ...clause, limit: { ...clause.limit, within: 'PT45M' } } : clause,
      ),
    }
    assert.notDeepEqual(wrongIn([county, looser], looser.id), [])
  })

  it('are shown after adoption as drafts, with who has to sign', async () => {
    const { instrument } = await filledFrom('japan-mutual-support', { serial: '9' })
    await say(house.worlds.real, 'instrument', instrument.id, { type: 'instrument.adopt', instrument })
    const shown = await house.city.get<InstrumentDetail>(`/api/instruments/${instrument.id}`)
    assert.deepEqual([shown.standing, shown.signatories.map((one) => one.signedOn)], ['unsigned', [null, null]])
  })

  it('have scales whose levels are mapped or say that they are not, and terms of which 95 of 100 are mapped', async () => {
    const { scales, vocabularies } = await house.city.get<ScalesView>('/api/scales')
    for (const id of [
      'national-response',
      'national-severity',
      'national-warning',
      'earthquake',
      'earthquake-service',
      'geological-hazard',
      'housing-earthquake',
      'national-relief',
      'shanghai',
      'japan-alert-level',
      'us-incident-type',
    ])
      assert.ok(
        scales.some((one) => one.id === id),
        id,
      )
    for (const one of vocabularies) assert.ok(one.mapped >= 0.95, `${one.id}: ${one.mapped}`)
  })
})

/** State Council, explanation of the reform plan, 13 March 2018: who gave each of the thirteen duties. */
const GAVE = [
  'saws',
  'general-office',
  'mps',
  'mca',
  'mlr',
  'mwr',
  'moa',
  'sfa',
  'cea',
  'flood-hq',
  'reduction-commission',
  'earthquake-hq',
  'forest-fire-hq',
]
/** The hazards that an incident can have. */
const HAZARDS = [
  'flood',
  'rainstorm',
  'typhoon',
  'earthquake',
  'landslide',
  'wildfire',
  'drought',
  'fire',
  'explosion',
  'hazardous-chemicals',
  'production-accident',
  'traffic',
  'mine',
  'building-collapse',
  'power-outage',
  'infectious-disease',
  'food-poisoning',
  'mass-gathering',
  'other',
]

describe('the map of the 2018 reform', () => {
  const template = templates().get('reform-2018')
  const file = Instrument.parse({ ...template?.instrument, inForceFrom: '2018-04-16', reviewOn: '2030-01-01' })
  const duties = file.clauses.filter((clause) => clause.topics?.includes('reform-2018') === true)

  it('has all thirteen duties, each with its former and its present holder', () => {
    assert.deepEqual(
      duties.map((clause) => clause.topics?.find((one) => one.startsWith('from-'))?.slice('from-'.length)),
      GAVE,
    )
    for (const clause of duties) {
      assert.ok(binds(clause) && clause.part === 'lead' && /^party:(?:mem|nfra)$/.test(clause.owes), clause.id)
      assert.ok(
        file.parties?.some((party) => clause.topics?.includes(`from-${party.key}`)),
        clause.id,
      )
    }
  })

  it('has the duties that stayed with health, police, ecology, transport, housing, weather, water and natural resources', () => {
    const residual = file.clauses.filter((clause) => clause.topics?.includes('residual') === true)
    assert.deepEqual(
      residual
        .filter(binds)
        .map((clause) => clause.function)
        .toSorted(),
      ['ecology', 'health', 'housing', 'meteorology', 'natural-resources', 'public-security', 'transport', 'water'],
    )
  })

  it('maps every hazard to one present holder, or shows the gap', () => {
    for (const hazard of HAZARDS) {
      const led = new Set(
        file.clauses
          .filter(binds)
          .filter((clause) => clause.part === 'lead' && clause.hazards?.includes(hazard) === true)
          .map((clause) => clause.owes),
      )
      const gap = file.clauses.some(
        (clause) => clause.kind === 'text' && clause.topics?.includes('gap') === true && clause.hazards?.includes(hazard) === true,
      )
      assert.equal(led.size + (gap ? 1 : 0), 1, `${hazard}: ${[...led].join()}`)
    }
  })
})
