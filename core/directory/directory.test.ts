import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given } from '../given.ts'
import { division, type DivisionCommand, type DivisionEvent } from './division.ts'
import { organization, OrganizationCommand, type OrganizationEvent } from './organization.ts'
import { post, PostCommand, type PostEvent } from './post.ts'

const words = (text: string) => ({ 'zh-CN': text, en: text })
const SUPERIOR = '01900000-0000-7000-8000-00000000000a'
const OWNER = '01900000-0000-7000-8000-00000000000b'

const profile = {
  name: words('区应急管理局'),
  sector: 'government',
  kind: 'department',
  functions: ['emergency-management'],
  jurisdiction: '120116',
  superior: null,
  verified: false,
} as const
const register = OrganizationCommand.parse({ type: 'organization.register', ...profile })
const registered: OrganizationEvent = { type: 'organization.registered', ...profile, functions: [...profile.functions] }

test('an organization is registered once', () => {
  assert.deepEqual(given(organization).when(register), [registered])
  assert.deepEqual(given(organization, [registered]).when(register), { refused: 'organization.already-registered' })
})

test('what nobody registered is not verified, moved or entrusted', () => {
  for (const command of [
    { type: 'organization.verify' },
    { type: 'organization.subordinate', superior: SUPERIOR },
    { type: 'organization.entrust', functions: [] },
  ] as OrganizationCommand[])
    assert.deepEqual(given(organization).when(command), { refused: 'organization.unknown' })
})

test('an entry known only from a record becomes verified when somebody answers for it; twice is nothing', () => {
  const verified: OrganizationEvent = { type: 'organization.verified' }
  assert.deepEqual(given(organization, [registered]).when({ type: 'organization.verify' }), [verified])
  assert.deepEqual(given(organization, [registered, verified]).when({ type: 'organization.verify' }), [])
  assert.equal(given(organization, [registered, verified]).state?.verified, true)
})

test('a superior is given, changed and taken away; the same again is nothing', () => {
  const moved: OrganizationEvent = { type: 'organization.subordinated', superior: SUPERIOR }
  assert.deepEqual(given(organization, [registered]).when({ type: 'organization.subordinate', superior: SUPERIOR }), [moved])
  assert.deepEqual(given(organization, [registered, moved]).when({ type: 'organization.subordinate', superior: SUPERIOR }), [])
  assert.deepEqual(given(organization, [registered, moved]).when({ type: 'organization.subordinate', superior: null }), [
    { type: 'organization.subordinated', superior: null },
  ])
})

test('functions are replaced as a whole', () => {
  const entrusted: OrganizationEvent = { type: 'organization.entrusted', functions: ['flood-control'] }
  assert.deepEqual(given(organization, [registered]).when({ type: 'organization.entrust', functions: ['flood-control'] }), [entrusted])
  assert.deepEqual(given(organization, [registered, entrusted]).state?.functions, ['flood-control'])
})

test('every sector is taken, an invented one is not', () => {
  for (const sector of [
    'party',
    'government',
    'public-institution',
    'military',
    'enterprise',
    'social',
    'grass-roots',
    'command',
    'public',
  ])
    assert.ok(OrganizationCommand.safeParse({ ...register, sector }).success, sector)
  assert.ok(!OrganizationCommand.safeParse({ ...register, sector: 'other' }).success)
})

const create = PostCommand.parse({ type: 'post.create', organizationId: OWNER, title: words('值班室'), powers: ['incident.report'] })
const created: PostEvent = { type: 'post.created', organizationId: OWNER, title: words('值班室'), powers: ['incident.report'] }
const assumed = (holder: string): PostEvent => ({ type: 'post.assumed', holder })
const relinquished = (holder: string): PostEvent => ({ type: 'post.relinquished', holder })

test('a post is created once, and empty', () => {
  assert.deepEqual(given(post).when(create), [created])
  assert.deepEqual(given(post, [created]).when(create), { refused: 'post.already-created' })
  assert.deepEqual(given(post, [created]).state?.holders, [])
  assert.deepEqual(given(post).when({ type: 'post.assume', holder: '甲' }), { refused: 'post.unknown' })
})

test('a person takes a post and leaves it; several hold a duty post in turn', () => {
  const held = given(post, [created, assumed('甲'), assumed('乙')])
  assert.deepEqual(held.state?.holders, ['甲', '乙'])
  assert.deepEqual(held.when({ type: 'post.assume', holder: '甲' }), [])
  assert.deepEqual(held.when({ type: 'post.relinquish', holder: '甲' }), [{ type: 'post.relinquished', holder: '甲' }])
  assert.deepEqual(held.when({ type: 'post.relinquish', holder: '丙' }), { refused: 'post.not-held' })
  assert.deepEqual(given(post, [created, assumed('甲'), assumed('乙'), relinquished('甲')]).state?.holders, ['乙'])
})

test('fifty hold one post, a fifty-first does not', () => {
  const fifty = Array.from({ length: 50 }, (_, i) => assumed(`第${i + 1}人`))
  assert.ok(Array.isArray(given(post, [created, ...fifty.slice(1)]).when({ type: 'post.assume', holder: '甲' })))
  assert.deepEqual(given(post, [created, ...fifty]).when({ type: 'post.assume', holder: '甲' }), { refused: 'post.too-many-holders' })
})

test('the powers of a post are replaced as a whole, and only known powers are given', () => {
  const empowered: PostEvent = { type: 'post.empowered', powers: ['sitrep.file'] }
  assert.deepEqual(given(post, [created]).when({ type: 'post.empower', powers: ['sitrep.file'] }), [empowered])
  assert.deepEqual(given(post, [created, empowered]).state?.powers, ['sitrep.file'])
  assert.ok(!PostCommand.safeParse({ type: 'post.empower', powers: ['everything'] }).success)
})

const tianjin = { code: '120000', name: words('天津市') }
const binhai = { code: '120116', name: words('滨海新区') }
const imported = (source: string, ...divisions: DivisionEvent['divisions']): DivisionEvent => ({
  type: 'division.imported',
  source,
  divisions,
})

test('divisions come as a package; the same package again is nothing', () => {
  const command: DivisionCommand = { type: 'division.import', source: 'package 1', divisions: [tianjin, binhai] }
  assert.deepEqual(given(division).when(command), [imported('package 1', tianjin, binhai)])
  assert.deepEqual(given(division, [imported('package 1', tianjin, binhai)]).when(command), [])
})

test('a newer package renames and adds, and a code that it dropped stays, because old incidents carry it', () => {
  const { state } = given(division, [
    imported('package 1', tianjin, binhai),
    imported('package 2', { code: '120000', name: words('天津') }, { code: '120101', name: words('和平区') }),
  ])
  assert.deepEqual(state.divisions, [{ code: '120000', name: words('天津') }, binhai, { code: '120101', name: words('和平区') }])
  assert.equal(state.source, 'package 2')
})

test('the same package again is nothing even where an older one had more codes', () => {
  const events = [imported('package 1', tianjin, binhai), imported('package 2', tianjin)]
  assert.deepEqual(given(division, events).when({ type: 'division.import', source: 'package 2', divisions: [tianjin] }), [])
})
