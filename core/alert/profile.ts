/**
 * CAP profiles 消息规范 as data: China's, IPAWS, CAP-CP. What a profile demands beyond CAP itself is a list of rules, each with
 * its words and whether a source says so; a rule tests the values at a path and knows nothing else of any country.
 */
import { z } from 'zod/mini'
import { CapMsgType, CapScope, CapStatus, type Alert, type Area, type Info, type NameValue } from '../cap.ts'
import { Words } from '../event.ts'
import { Slug } from '../id.ts'

const Name = z.string().check(z.minLength(1), z.maxLength(120))
const Pattern = z.string().check(z.minLength(1), z.maxLength(200), z.refine(isPattern, 'not a regular expression'))
function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== ''
  } catch {
    return false
  }
}

/** Members of the message, of a block or of an area. `eventCodes:SAME` are the values of that name alone. */
const Path = z.string().check(z.regex(/^[a-zA-Z]+(?::.{1,100})?$/))

/**
 * `has`: between `least` and `most` values match. `same`: every block has the same ones. `languages`: blocks in each of them.
 * `length`: no value is longer. `offset`: no time stands on the offset zero, which is an unset clock rather than a place.
 */
const ProfileTest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('has'),
    path: Path,
    matching: z.optional(Pattern),
    least: z.int().check(z.gte(0), z.lte(1000)),
    most: z.optional(z.int().check(z.gte(0), z.lte(1000))),
  }),
  z.strictObject({ kind: z.literal('all'), path: Path, matching: Pattern }),
  z.strictObject({ kind: z.literal('same'), path: Path }),
  z.strictObject({ kind: z.literal('languages'), of: z.array(z.string().check(z.maxLength(20))).check(z.minLength(1), z.maxLength(10)) }),
  z.strictObject({ kind: z.literal('length'), path: Path, most: z.int().check(z.gte(1), z.lte(100_000)) }),
  z.strictObject({ kind: z.literal('offset'), path: Path }),
])
export type ProfileTest = z.infer<typeof ProfileTest>

const ProfileRule = z.strictObject({
  /** `cap-cp.expires`: stable, the profile's name first. */
  code: z.string().check(z.regex(/^[a-z0-9-]+\.[a-z0-9-]+$/)),
  /** `error`: who reads by the profile may refuse the message. `warning`: recommended only. */
  severity: z.enum(['error', 'warning']),
  /** Whether the source beside it says so; false: widely done, and not found in a source. */
  confirmed: z.boolean(),
  source: z.string().check(z.minLength(1), z.maxLength(300)),
  words: Words,
  /** Of the message once, of each block, of each area of each block. */
  each: z.enum(['alert', 'info', 'area']),
  when: z.optional(
    z.strictObject({
      msgTypes: z.optional(z.array(CapMsgType).check(z.maxLength(5))),
      statuses: z.optional(z.array(CapStatus).check(z.maxLength(5))),
      scopes: z.optional(z.array(CapScope).check(z.maxLength(3))),
    }),
  ),
  test: ProfileTest,
})
export type ProfileRule = z.infer<typeof ProfileRule>

export const AlertProfile = z.strictObject({
  schema: z.literal('muster/alert-profile/1'),
  id: Slug,
  title: Words,
  /** Where it stands, and what of it was read. */
  source: Words,
  /** What a message written by it says in `code`; null: nothing. */
  code: z.nullable(Name),
  /** Which block of ours goes out under which language of its own. */
  languages: z.array(z.strictObject({ of: z.enum(['zh-CN', 'en']), code: z.string().check(z.maxLength(20)) })).check(z.maxLength(10)),
  /** Its name for the kind of event, and its value for each hazard that we know. */
  events: z.strictObject({
    valueName: Name,
    values: z
      .array(z.strictObject({ hazard: Slug, value: Name, words: z.optional(Words), confirmed: z.boolean() }))
      .check(z.maxLength(300)),
  }),
  /** Its name for the code of a place. */
  geocode: z.nullable(z.strictObject({ valueName: Name, words: Words })),
  /** Put into every block that is written by it. */
  parameters: z.array(z.strictObject({ valueName: Name, value: z.string().check(z.maxLength(400)) })).check(z.maxLength(20)),
  rules: z.array(ProfileRule).check(z.maxLength(100)),
})
export type AlertProfile = z.infer<typeof AlertProfile>

export type ProfileFinding = Pick<ProfileRule, 'code' | 'severity' | 'confirmed' | 'source' | 'words'> & {
  /** `info[2].area[1]`, counted from 1; empty for the message itself. */
  readonly at: string
}

/** No more are said of one message: the first ones tell what is wrong. */
const PROFILE_FINDINGS_MAX = 200

/** What a message lacks by a profile, in the order of the rules. A message of another profile is judged all the same: the caller asks. */
export function profileFindings(alert: Alert, profile: AlertProfile): readonly ProfileFinding[] {
  const findings: ProfileFinding[] = []
  for (const rule of profile.rules) {
    const { code, severity, confirmed, source, words, when } = rule
    if (when?.msgTypes?.includes(alert.msgType) === false) continue
    if (when?.statuses?.includes(alert.status) === false || when?.scopes?.includes(alert.scope) === false) continue
    for (const at of failing(alert, rule)) {
      if (findings.length >= PROFILE_FINDINGS_MAX) return findings
      findings.push({ code, severity, confirmed, source, words, at })
    }
  }
  return findings
}

/** Where the rule does not hold. */
function failing(alert: Alert, { each, test }: ProfileRule): readonly string[] {
  if (each === 'alert') return holdsFor(alert, test) ? [] : ['']
  return alert.infos.flatMap((info, i) => {
    const at = `info[${i + 1}]`
    if (each === 'info') return holds(valuesOf(info, 'path' in test ? test.path : ''), test) ? [] : [at]
    return info.areas.flatMap((area, j) => (holds(valuesOf(area, 'path' in test ? test.path : ''), test) ? [] : [`${at}.area[${j + 1}]`]))
  })
}

function holdsFor(alert: Alert, test: ProfileTest): boolean {
  if (test.kind === 'languages') {
    const languages = new Set(alert.infos.map(({ language }) => language.toLowerCase()))
    return test.of.every((one) => languages.has(one.toLowerCase()))
  }
  if (test.kind === 'same') {
    const [first, ...others] = alert.infos.map((info) => [...new Set(valuesOf(info, test.path))].toSorted().join('\u0000'))
    return others.every((one) => one === first)
  }
  return holds(valuesOf(alert, test.path), test)
}

function holds(values: readonly string[], test: ProfileTest): boolean {
  switch (test.kind) {
    case 'has': {
      const matching = test.matching === undefined ? null : new RegExp(test.matching, 'u')
      const count = values.filter((value) => matching === null || matching.test(value)).length
      return count >= test.least && (test.most === undefined || count <= test.most)
    }
    case 'all': {
      const matching = new RegExp(test.matching, 'u')
      return values.every((value) => matching.test(value))
    }
    case 'length':
      return values.every((value) => [...value].length <= test.most)
    case 'offset':
      return values.every((value) => !/(?:Z|[+-]00:00)$/.test(value))
    default:
      return true
  }
}

/** The values at a path, blank ones left out; a member that is no text is there once for each of its own: `areas` has one for each area. */
function valuesOf(of: Alert | Info | Area, path: string): readonly string[] {
  const colon = path.indexOf(':')
  const [name, only] = colon < 0 ? [path, null] : [path.slice(0, colon), path.slice(colon + 1)]
  const found: unknown = (of as Readonly<Record<string, unknown>>)[name]
  const all: readonly unknown[] = Array.isArray(found) ? found : found === undefined ? [] : [found]
  return all.flatMap((one): readonly string[] => {
    if (typeof one === 'string') return one.trim() === '' ? [] : [one.trim()]
    if (typeof one !== 'object' || one === null) return [String(one)]
    if (!isPair(one)) return ['·']
    if (only !== null) return one.valueName.trim() === only ? [one.value.trim()] : []
    return [`${one.valueName.trim()}=${one.value.trim()}`]
  })
}
const isPair = (one: object): one is NameValue => 'valueName' in one && 'value' in one

/** The profiles that a message says it was written by: their `code` stands among its codes. */
export const profilesOf = (alert: Pick<Alert, 'codes'>, profiles: readonly AlertProfile[]): readonly AlertProfile[] =>
  profiles.filter(({ code }) => code !== null && alert.codes.includes(code))
