import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod/mini'
import { Sector } from '#core/directory/organization.ts'
import { Power } from '#core/directory/post.ts'
import { Words } from '#core/event.ts'
import { Slug } from '#core/id.ts'
import { Instrument, type DutyClause } from '#core/instrument.ts'
import { covers, DivisionCode } from '#core/place.ts'
import { durationMs } from '#core/time.ts'
import { CommandsFile } from '#server/pack.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const LAW = fileURLToPath(new URL('../../shared/data/china/law/', import.meta.url))

const Directory = z.strictObject({
  schema: z.literal('muster/directory/1'),
  organizations: z.array(
    z.strictObject({
      key: Slug,
      name: Words,
      sector: Sector,
      kind: Slug,
      functions: z.array(Slug),
      jurisdiction: DivisionCode,
      superior: z.nullable(Slug),
      posts: z.array(z.strictObject({ key: Slug, title: Words, powers: z.array(Power).check(z.minLength(1)) })).check(z.maxLength(3)),
    }),
  ),
})

/** Every function that a clause or an organization may name: a misspelt one would bind nobody. */
const FUNCTIONS = new Set([
  'emergency-management', 'fire-rescue', 'public-security', 'health', 'ecology', 'transport', 'housing', 'water', 'meteorology', 'publicity', 'civil-affairs', 'commerce',
  'port', 'power', 'communications', 'natural-resources', 'military', 'armed-police', 'society-coordination', 'social-rescue', 'volunteers', 'work-safety',
  'hazardous-goods-storage', 'government', 'community',
  'public', 'neighbouring-regions', 'education', 'rail-transit', 'port-fire', 'medical-rescue', 'information-reporting', 'supervision',
])

const read = (path: string): unknown => parse(readFileSync(join(here, path), 'utf8'))
const filesOf = (folder: string): string[] => readdirSync(join(here, folder)).filter((name) => name.endsWith('.yaml')).map((name) => join(folder, name))
const isInstrument = (path: string): boolean => (read(path) as { schema?: unknown }).schema === 'muster/instrument/1'
const paths = [...filesOf('cn'), ...filesOf('demonstration')]
const instruments = paths.filter(isInstrument).map((path) => ({ path, file: Instrument.parse(read(path)) }))
const directory = Directory.parse(read('demonstration/directory.yaml')).organizations
const commands = CommandsFile.parse(read('demonstration/incidents.yaml')).commands

const duties = instruments.flatMap(({ file }) => file.clauses.filter((clause) => clause.kind === 'duty').map((clause) => ({ file, clause })))
const partiesOf = (clause: DutyClause): string[] => [clause.owes, clause.to, ...[...clause.when, ...clause.evidence].flatMap((one) => (one.by === undefined || one.by === 'anyone' ? [] : [one.by]))]
const repeated = (ids: readonly string[]): string[] => ids.filter((id, i) => ids.indexOf(id) !== i)

describe('instruments of the packs', () => {
  it('each carry the id of their file, and no id stands twice', () => {
    for (const { path, file } of instruments) assert.equal(file.id, basename(path, '.yaml'))
    assert.deepEqual(repeated(instruments.map(({ file }) => file.id)), [])
    for (const { file } of instruments) assert.deepEqual(repeated(file.clauses.map((clause) => clause.id)), [], file.id)
  })

  it('stand below instruments that are in the pack and whose territory contains theirs', () => {
    for (const { file } of instruments)
      for (const id of file.higher) {
        const higher = instruments.find((one) => one.file.id === id)?.file
        assert.ok(higher, `${file.id}: ${id}`)
        assert.ok(covers(higher.jurisdiction, file.jurisdiction))
      }
  })

  it('name in an escalation only duties that the instrument lays down, and climb as time goes on', () => {
    for (const { file } of instruments) {
      const known = new Set(file.clauses.filter((clause) => clause.kind === 'duty').map((clause) => clause.id))
      for (const clause of file.clauses) {
        if (clause.kind !== 'escalation') continue
        for (const id of clause.of === 'all' ? [] : clause.of) assert.ok(known.has(id), `${file.id}#${clause.id}: ${id}`)
        const waits = clause.steps.map((step) => durationMs(step.after))
        assert.deepEqual(waits, waits.toSorted((a, b) => a - b), `${file.id}#${clause.id}`)
      }
    }
  })

  it('have a figure in the law only where the source of the figure is named, and mark every figure of a demonstration plan as unconfirmed', () => {
    for (const { file, clause } of duties) {
      if (clause.limit.confirmed) assert.ok(clause.limit.source, `${file.id}#${clause.id}`)
      if (file.demonstration) assert.equal(clause.limit.confirmed, false, `${file.id}#${clause.id}`)
    }
  })

  it('give the work-safety reporting times of Order 493: the unit 1 hour (art. 9), every level 2 hours (art. 11)', () => {
    const of = (id: string): string | null | undefined => duties.find(({ file, clause }) => file.id === 'cn-accident-report-493' && clause.id === id)?.clause.limit.within
    assert.equal(of('art-9-1'), 'PT1H')
    for (const id of ['art-11-county', 'art-11-prefecture', 'art-11-province', 'art-10-2-government']) assert.equal(of(id), 'PT2H', id)
  })

  it('put no figure on a provision of the Emergency Response Law, which says at once or in time', () => {
    for (const { file, clause } of duties) if (file.id === 'cn-erl-2024') assert.equal(clause.limit.within, null, clause.id)
  })

  it('use only functions of the list, each held by an organization of the demonstration directory', () => {
    const held = new Set(directory.flatMap((one) => one.functions))
    for (const { file, clause } of duties) {
      assert.ok(FUNCTIONS.has(clause.function), clause.function)
      for (const party of partiesOf(clause)) {
        const name = /^function:([a-z-]+)/.exec(party)?.[1]
        if (name !== undefined) assert.ok(held.has(name), `${file.id}#${clause.id}: ${party}`)
      }
    }
  })
})

describe('every file of the packs', () => {
  /** Texts in pairs, and what stands in them: the records of posts (incidents.yaml) have one language, as posts write. */
  const pairs = (value: unknown, at: string): readonly (readonly [at: string, en: unknown])[] => {
    if (Array.isArray(value)) return value.flatMap((one, i) => pairs(one, `${at}[${i}]`))
    if (typeof value !== 'object' || value === null) return []
    return 'zh-CN' in value ? [[at, 'en' in value ? value.en : undefined]] : Object.entries(value).flatMap(([key, one]) => pairs(one, `${at}.${key}`))
  }

  it('says in English what it says in Chinese, and without a Chinese character', () => {
    const files = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'))
    const found = files.flatMap((path) => pairs(read(path), path))
    assert.ok(found.length > 2000, String(found.length))
    for (const [at, en] of found) assert.ok(typeof en === 'string' && en !== '' && !/\p{Script=Han}/u.test(en), `${at}: ${String(en)}`)
  })
})

describe('provisions quoted as text', () => {
  const quoted = [
    ['cn-erl-2024', '行政法/突发事件应对法(2024-06-28).md'],
    ['cn-accident-report-493', '行政法规/生产安全事故报告和调查处理条例(2007-04-09).md'],
    ['cn-work-safety-emergency-708', '行政法规/生产安全事故应急条例(2019-02-17).md'],
  ] as const
  const bare = (text: string): string => text.replaceAll(/\s/g, '')

  for (const [id, path] of quoted) {
    it(`stand word for word in their article: ${id}`, (context) => {
      if (!existsSync(join(LAW, path))) return context.skip('the texts of the laws are not at hand (../shared/data/china/law)')
      const articles = articlesOf(readFileSync(join(LAW, path), 'utf8'))
      const file = instruments.find((one) => one.file.id === id)?.file
      assert.ok(file)
      for (const clause of file.clauses) {
        assert.equal(clause.wording, 'text', clause.id)
        const number = /^第[一二三四五六七八九十百零]+条/.exec(clause.article['zh-CN'])?.[0]
        assert.ok(number, clause.id)
        assert.ok(bare(articles.get(number) ?? '').includes(bare(clause.words['zh-CN'])), `${clause.id} is not in ${number}`)
        const paragraph = PARAGRAPHS.indexOf(/第([一二三四五])款$/.exec(clause.article['zh-CN'])?.[1] ?? '')
        if (paragraph >= 0) assert.ok(bare(paragraphsOf(articles.get(number) ?? '')[paragraph] ?? '').includes(bare(clause.words['zh-CN'])), `${clause.id} is not in paragraph ${paragraph + 1} of ${number}`)
      }
    })
  }

  it('give the article number in English that the Chinese gives', () => {
    for (const [id] of quoted)
      for (const clause of instruments.find((one) => one.file.id === id)?.file.clauses ?? []) {
        const chinese = /^第([一二三四五六七八九十]+)条/.exec(clause.article['zh-CN'])?.[1] ?? ''
        assert.equal(/^Art\. (\d+)/.exec(clause.article.en)?.[1], String(numeral(chinese)), clause.id)
        assert.ok(clause.id.startsWith(`art-${numeral(chinese)}`), clause.id)
      }
  })
})

const PARAGRAPHS = ['一', '二', '三', '四', '五']
const DIGITS = '零一二三四五六七八九'

/** A Chinese numeral below 100. */
function numeral(text: string): number {
  const [tens, ones] = text.includes('十') ? text.split('十') : ['', text]
  const digit = (one: string | undefined): number => (one === undefined || one === '' ? 0 : DIGITS.indexOf(one))
  return (text.includes('十') ? (tens === '' ? 1 : digit(tens)) * 10 : 0) + digit(ones)
}

/** The text of each article by its number: from the line that begins with it to the line before the next article or heading. */
function articlesOf(text: string): Map<string, string> {
  const articles = new Map<string, string>()
  let current: string | null = null
  for (const line of text.split('\n')) {
    const number: string | undefined = /^(第[一二三四五六七八九十百零]+条)\s/.exec(line)?.[1]
    if (number !== undefined) current = number
    else if (line.startsWith('#')) current = null
    if (current !== null) articles.set(current, `${articles.get(current) ?? ''}\n${number === undefined ? line : line.slice(number.length)}`)
  }
  return articles
}

/** Paragraphs 款 of an article: an item (（一）…) belongs to the paragraph before it. */
function paragraphsOf(article: string): string[] {
  const paragraphs: string[] = []
  for (const line of article.split('\n').map((one) => one.trim())) {
    if (line === '') continue
    if (/^[（(][一二三四五六七八九十]+[）)]/.test(line)) paragraphs[paragraphs.length - 1] += line
    else paragraphs.push(line)
  }
  return paragraphs
}

describe('the demonstration directory', () => {
  it('names every organization and post once', () => {
    assert.deepEqual(repeated(directory.map((one) => one.key)), [])
    assert.deepEqual(repeated(directory.map((one) => one.name['zh-CN'])), [])
    assert.deepEqual(repeated(directory.flatMap((one) => one.posts.map((post) => post.key))), [])
  })

  it('names the superior of each before it, so that every chain ends and loading in order works', () => {
    const seen = new Set<string>()
    for (const one of directory) {
      if (one.superior !== null) assert.ok(seen.has(one.superior), `${one.key} below ${one.superior}`)
      seen.add(one.key)
    }
  })

  it('uses only functions of the list', () => {
    for (const one of directory) for (const name of one.functions) assert.ok(FUNCTIONS.has(name), `${one.key}: ${name}`)
  })

  it('has at least twelve departments at the level of the district, and somebody who can use every power', () => {
    const departments = directory.filter((one) => one.jurisdiction === '120116' && (one.sector === 'government' || one.sector === 'party' || one.kind === 'meteorology') && one.kind !== 'government')
    assert.ok(departments.length >= 12, String(departments.length))
    const powers = new Set(directory.flatMap((one) => one.posts.flatMap((post) => post.powers)))
    assert.deepEqual([...Power.options].filter((power) => !powers.has(power)), [])
  })

  it('holds one government for each level above the district, because duties name it', () => {
    for (const code of ['100000', '120000', '120116']) assert.equal(directory.filter((one) => one.jurisdiction === code && one.functions.includes('government')).length, 1, code)
  })
})

describe('the demonstration incidents', () => {
  // That every command is understood and allowed, server/setup.test.ts shows by giving them.
  it('are given by posts of the directory', () => {
    const posts = new Set(directory.flatMap((one) => one.posts.map((post) => post.key)))
    for (const one of commands) assert.ok(posts.has(one.as), one.as)
  })

  it('begin each incident with its report, and go forward in time within it', () => {
    const last = new Map<string, number>()
    for (const one of commands.filter(({ room }) => room === 'incident' || room === 'sitrep')) {
      const name = one.room === 'incident' ? one.thing : String(one.command.incidentId)
      const ago = durationMs(one.ago)
      if (!last.has(name)) assert.equal(one.command.type, 'incident.report', name)
      assert.ok(ago <= (last.get(name) ?? ago), `${name} ${String(one.command.type)}`)
      last.set(name, ago)
    }
    assert.ok(last.size >= 2 && last.size <= 3)
  })

  it('cite plans of the pack', () => {
    for (const one of commands) if (typeof one.command.plan === 'string') assert.ok(instruments.some(({ file }) => file.id === one.command.plan))
  })
})
