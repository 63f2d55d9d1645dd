import type { Words } from '#core/event.ts'
import type { ObligationView, OrganizationRef, SitrepView, TimelineEntry } from '#core/view.ts'
import { partyWords } from '../kit/party.ts'
import { tellFinding } from './finding.ts'
import type { WordsApi } from '../words.ts'
import { tellActivation } from './activation.ts'
import { tellConduct } from './conduct.ts'
import { tellConsultation } from './consultation.ts'
import { tellCourse } from './course.ts'
import { tellInformation } from './information.ts'
import { tellRisk } from './risk.ts'

/** What the reader needs to know besides the entry to say it in a sentence. */
export type Known = {
  readonly organizations: ReadonlyMap<string, OrganizationRef>
  readonly duties: ReadonlyMap<string, ObligationView>
  readonly sitreps: ReadonlyMap<string, SitrepView>
  /** What was missed, by finding. */
  readonly missed?: ReadonlyMap<string, Words>
  readonly zone?: string
}

export type Told = {
  readonly text: string
  /** Stands small before the text: what kind of fact it is. */
  readonly kind: string | null
  readonly mark:
    | 'report'
    | 'decision'
    | 'headquarters'
    | 'sitrep'
    | 'correction'
    | 'owed'
    | 'done'
    | 'late'
    | 'climb'
    | 'fact'
    | 'warning'
    | 'end'
  readonly tone: 'grey' | 'accent' | 'soon' | 'late'
  /** Among the key moments. */
  readonly key: boolean
  readonly notes: readonly string[]
  readonly correction: { readonly was: string | null; readonly now: string; readonly reason: string } | null
}

type Data = Readonly<Record<string, unknown>>
const text = (data: Data, name: string): string | null => (typeof data[name] === 'string' ? data[name] : null)
const level = (data: Data, name: string): string | null => (typeof data[name] === 'number' ? String(data[name]) : null)
const both = (value: unknown): Words | null =>
  typeof value === 'object' &&
  value !== null &&
  'zh-CN' in value &&
  'en' in value &&
  typeof value.en === 'string' &&
  typeof value['zh-CN'] === 'string'
    ? { 'zh-CN': value['zh-CN'], en: value.en }
    : null

/** The id of the thing whose stream this is: `obligation/<id>`. */
export const idOf = (stream: string): string => stream.slice(stream.indexOf('/') + 1)

const plain = { kind: null, mark: 'fact', tone: 'grey', key: false, notes: [], correction: null } as const

/** An entry of the log in a sentence of the reader's language. An unknown type is shown as it is, never left out. */
export function tell(entry: TimelineEntry, known: Known, words: WordsApi): Told {
  const course = tellCourse(entry, words)
  if (course !== null) return course
  if (entry.type.startsWith('obligation.')) return tellObligation(entry, known, words)
  if (entry.type.startsWith('finding.')) {
    const [act, zone] = [both(entry.data['actWords']), known.zone === undefined ? {} : { zone: known.zone }]
    const names = { act: act === null ? null : words.words(act), nameOf: (id: unknown) => nameOf(id, known, words), ...zone }
    const told = tellFinding(entry, names, words)
    if (told === null) return { ...plain, text: entry.type }
    const missed = known.missed?.get(idOf(entry.stream))
    return { ...plain, ...told, notes: act === null && missed !== undefined ? [words.words(missed)] : [] }
  }
  if (entry.type.startsWith('sitrep.')) return tellSitrep(entry, known, words)
  if (entry.type.startsWith('intake.')) return { ...plain, text: words.code('event', entry.type, entry.data), mark: 'report' }
  const risk = tellRisk(entry, words)
  if (risk !== null) return { ...plain, ...risk }
  const informed = tellInformation(entry, (id) => nameOf(id, known, words), words)
  if (informed !== null) return { ...plain, ...informed }
  if (entry.type === 'incident.noted') return tellNoted(entry, known, words)
  const conducted = tellConduct(entry, (id) => nameOf(id, known, words), words)
  if (conducted !== null) return { ...plain, ...conducted }
  const consulted = tellConsultation(entry, (id) => nameOf(id, known, words), words)
  if (consulted !== null) return { ...plain, ...consulted }
  const activation = tellActivation(entry, words)
  if (activation !== null) return { ...plain, ...activation }
  return tellIncident(entry, known, words)
}

function nameOf(id: unknown, known: Known, words: WordsApi): string {
  const found = typeof id === 'string' ? known.organizations.get(id) : undefined
  return found === undefined ? '—' : words.words(found.name)
}

function tellIncident({ type, data }: TimelineEntry, known: Known, words: WordsApi): Told {
  const { t, code } = words
  const said = (name: string): string => text(data, name) ?? ''
  switch (type) {
    case 'incident.reported':
      return {
        ...plain,
        text: t('event.incident.reported', { title: said('title') }),
        mark: 'report',
        key: true,
        notes: said('text') === '' ? [] : [said('text')],
      }
    case 'incident.occurred':
      return { ...plain, text: t('event.incident.occurred', { text: said('text') }), mark: 'decision', key: true }
    case 'incident.verified':
      return { ...plain, text: t('event.incident.verified', { text: said('text') }), mark: 'decision', key: true }
    case 'incident.refuted':
      return { ...plain, text: t('event.incident.refuted', { reason: said('reason') }), mark: 'end', key: true }
    case 'incident.declared': {
      const severity = level(data, 'severity')
      const params = {
        title: said('title'),
        class: code('class', said('class')),
        severity: severity === null ? t('incident.no-severity') : code('severity', severity),
      }
      return { ...plain, text: t('event.incident.declared', params), mark: 'decision', tone: 'accent', key: true }
    }
    case 'incident.response-set': {
      const [from, to] = [level(data, 'from'), code('response', level(data, 'level') ?? '')]
      const sentence =
        from === null
          ? t('event.incident.response-set', { level: to, text: said('text') })
          : t('event.incident.response-changed', { from: code('response', from), level: to, text: said('text') })
      return { ...plain, text: sentence, mark: 'decision', tone: 'accent', key: true }
    }
    case 'incident.headquarters-activated': {
      const name = both(data['name'])
      const count = Array.isArray(data['members']) ? data['members'].length : 1
      const params = {
        name: name === null ? t('incident.headquarters') : words.words(name),
        lead: nameOf(data['lead'], known, words),
        count,
      }
      return { ...plain, text: t('event.incident.headquarters-activated', params), mark: 'headquarters', tone: 'accent', key: true }
    }
    case 'incident.position-filled': {
      const position = code('incident.position', said('code'))
      const taken = data['organization'] !== null && data['organization'] !== undefined
      const sentence = taken
        ? t('event.incident.position-filled', { code: position, organization: nameOf(data['organization'], known, words) })
        : t('event.incident.position-vacated', { code: position })
      return { ...plain, text: sentence, mark: 'headquarters', tone: taken ? 'grey' : 'soon' }
    }
    case 'incident.merged':
      return { ...plain, text: t('event.incident.merged'), mark: 'end', key: true }
    case 'incident.closed':
      return { ...plain, text: t('event.incident.closed', { reason: said('reason') }), mark: 'end', key: true }
    case 'incident.gap-marked': {
      const act = both(data['act'])
      const params = { act: act === null ? '' : words.words(act), party: partyWords(said('party'), words) }
      return { ...plain, text: t('event.incident.gap-marked', params), mark: 'late', tone: 'soon', key: true }
    }
    default:
      return { ...plain, text: said('text') === '' ? type : said('text'), kind: said('text') === '' ? null : type }
  }
}

const GRAVE_KINDS: ReadonlySet<string> = new Set([
  'warning',
  'incident-start',
  'secondary-event',
  'decision',
  'casualty-report',
  'order',
  'close',
])

function tellNoted({ data }: TimelineEntry, known: Known, words: WordsApi): Told {
  const { t, code } = words
  const kind = text(data, 'kind') ?? ''
  const targets = Array.isArray(data['target']) ? data['target'].map((id) => nameOf(id, known, words)) : []
  const sources = Array.isArray(data['sources']) ? data['sources'].filter((one) => typeof one === 'string') : []
  const colour = text(data, 'colour')
  const subject = text(data, 'subject')
  const notes = [
    // The subject of a rumour is only its number.
    subject === null || subject.startsWith('rumour-')
      ? null
      : `${code('subject', subject)}${data['complete'] === true ? ` · ${t('timeline.complete')}` : data['complete'] === false ? ` · ${t('timeline.incomplete')}` : ''}`,
    targets.length === 0 ? null : t('timeline.to', { who: targets.join(t('instrument.list')) }),
    sources.length === 0 ? null : t('timeline.sources', { sources: sources.join(t('instrument.list')) }),
  ].filter((note) => note !== null)
  const shown = code('noted', kind) + (colour === null ? '' : ` · ${code('colour', colour)}`)
  const warning = kind === 'warning'
  return {
    ...plain,
    text: text(data, 'text') ?? '',
    kind: shown,
    mark: warning ? 'warning' : 'fact',
    tone: warning ? 'soon' : 'grey',
    key: GRAVE_KINDS.has(kind),
    notes,
  }
}

/** Emergency Response Law art. 17: which levels a report passed over, and why. */
function skippedWords(data: Data, known: Known, words: WordsApi): string | null {
  const skips = Array.isArray(data['skips']) ? data['skips'] : []
  if (skips.length === 0) return null
  const who = skips.map((id) => nameOf(id, known, words)).join(words.t('instrument.list'))
  return words.t('timeline.skipped', { who, reason: text(data, 'skipReason') ?? '—' })
}

function tellSitrep({ type, data, stream, recordedAt }: TimelineEntry, known: Known, words: WordsApi): Told {
  const { t, code } = words
  if (type === 'sitrep.filed') {
    const params = {
      kind: code('sitrep', text(data, 'kind') ?? ''),
      number: level(data, 'number') ?? '',
      summary: text(data, 'summary') ?? '',
    }
    return {
      ...plain,
      text: t('event.sitrep.filed', params),
      mark: 'sitrep',
      key: true,
      notes: [
        data['to'] == null ? null : t('timeline.to', { who: nameOf(data['to'], known, words) }),
        skippedWords(data, known, words),
      ].filter((note) => note !== null),
    }
  }
  if (type !== 'sitrep.corrected') return { ...plain, text: type }
  const key = text(data, 'key') ?? ''
  const fact = known.sitreps.get(idOf(stream))?.facts.find((one) => one.key === key)
  const unit = text(data, 'unit')
  const shown = (value: unknown): string =>
    `${typeof value === 'number' ? words.number(value) : String(value)}${unit === null ? '' : ` ${unit}`}`
  // The old value that this correction replaced: the one followed by a value recorded at the very same instant.
  const after = fact === undefined ? [] : [...fact.replaced.slice(1).map((one) => one.recordedAt), fact.recordedAt]
  const was = fact?.replaced[after.indexOf(recordedAt)] ?? fact?.replaced.at(-1)
  const correction = { was: was === undefined ? null : shown(was.value), now: shown(data['value']), reason: text(data, 'reason') ?? '' }
  return {
    ...plain,
    text: code('fact', key),
    kind: t('timeline.corrects'),
    mark: 'correction',
    key: true,
    correction,
    notes: [text(data, 'source') ?? ''].filter((one) => one !== ''),
  }
}

function tellObligation({ type, data, stream }: TimelineEntry, known: Known, words: WordsApi): Told {
  const { t } = words
  const duty = known.duties.get(idOf(stream))
  const said = (name: string): string => text(data, name) ?? ''
  const own = both(data['actWords'])
  const act = own !== null ? words.words(own) : duty === undefined ? t('event.an-obligation') : words.words(duty.act)
  const owedBy = duty === undefined ? [] : [words.words(duty.debtor.name)]
  switch (type) {
    case 'obligation.owed':
    case 'obligation.requested': {
      const debtor = duty === undefined ? nameOf(data['debtor'], known, words) : words.words(duty.debtor.name)
      const due = text(data, 'dueAt')
      if (type === 'obligation.requested' || data['origin'] === 'order') {
        const sentence = type === 'obligation.requested' ? 'event.obligation.requested' : 'event.obligation.ordered'
        return { ...plain, text: t(sentence, { debtor, act }), mark: 'owed', key: true }
      }
      const sentence =
        due === null
          ? t('event.obligation.owed', { debtor, act })
          : t('event.obligation.owed-due', { debtor, act, due: words.time(due, known.zone) })
      return { ...plain, text: sentence, mark: 'owed' }
    }
    case 'obligation.accepted':
      return {
        ...plain,
        text: t('event.obligation.accepted', { act }),
        mark: 'owed',
        notes: [...owedBy, said('note')].filter((one) => one !== ''),
      }
    case 'obligation.declined':
      return {
        ...plain,
        text: t('event.obligation.declined', { act, reason: said('reason') }),
        mark: 'late',
        tone: 'soon',
        key: true,
        notes: owedBy,
      }
    case 'obligation.discharged': {
      const late = text(data, 'lateBy')
      const evidence = said('evidence')
      const sentence =
        late === null
          ? t('event.obligation.discharged', { act, evidence })
          : t('event.obligation.discharged-late', { late: words.duration(late), act, evidence })
      return { ...plain, text: sentence, mark: 'done', tone: late === null ? 'grey' : 'soon', key: true, notes: owedBy }
    }
    case 'obligation.waived':
      return { ...plain, text: t('event.obligation.waived', { act, reason: said('reason') }), mark: 'done', notes: owedBy }
    case 'obligation.lapsed':
      return { ...plain, text: t('event.obligation.lapsed', { act }), mark: 'late', tone: 'late', key: true, notes: owedBy }
    case 'obligation.escalated':
      return {
        ...plain,
        text: t('event.obligation.escalated', { to: nameOf(data['to'], known, words), act }),
        mark: 'climb',
        tone: 'late',
        key: true,
        notes: owedBy,
      }
    default:
      return tellNegotiation(type, data, act, known, words) ?? { ...plain, text: type }
  }
}

/** What debtor and creditor say to each other, and what their silence does. */
function tellNegotiation(type: string, data: Data, act: string, known: Known, words: WordsApi): Told | null {
  const { t } = words
  const said = (name: string): string => text(data, name) ?? ''
  const at = (name: string): string => words.short(said(name), known.zone)
  const note = (sentence: string, more: Partial<Told> = {}): Told => ({ ...plain, text: sentence, ...more })
  switch (type) {
    case 'obligation.doer-named': {
      const { doer } = data as { readonly doer?: { readonly words?: string } }
      return note(t('event.obligation.doer-named', { words: doer?.words ?? '', act }))
    }
    case 'obligation.progress-reported':
      return note(t('event.obligation.progress-reported', { text: said('text') }), { notes: [act] })
    case 'obligation.extension-asked':
      return note(t('event.obligation.extension-asked', { until: at('until'), reason: said('reason') }), { notes: [act] })
    case 'obligation.extension-granted':
      return note(t('event.obligation.extension-granted', { from: at('from'), until: at('until') }), { mark: 'correction', notes: [act] })
    case 'obligation.extension-refused':
      return note(t('event.obligation.extension-refused', { until: at('until'), reason: said('reason') }), { notes: [act] })
    case 'obligation.help-asked': {
      const helpers = Array.isArray(data['of']) ? data['of'] : []
      const who = helpers.map((id) => nameOf(id, known, words)).join(t('instrument.list'))
      return note(t('event.obligation.help-asked', { who, text: said('text') }), { mark: 'owed', notes: [act] })
    }
    case 'obligation.handed-on':
      return note(t('event.obligation.handed-on', { to: nameOf(data['to'], known, words), part: said('part') }), {
        mark: 'owed',
        notes: [act],
      })
    case 'obligation.called': {
      const how = t('event.obligation.called', {
        by: nameOf(data['by'], known, words),
        way: words.code('call-way', said('way')),
        outcome: words.code('call-outcome', said('outcome')),
      })
      return note(how, {
        notes: [said('text'), act].filter((one) => one !== ''),
        ...(said('outcome') === 'answered' ? {} : { tone: 'soon' as const }),
      })
    }
    case 'obligation.confirmed':
      return note(t('event.obligation.confirmed', { act }), { mark: 'done' })
    case 'obligation.disputed':
      return note(t('event.obligation.disputed', { act, reason: said('reason') }), { mark: 'late', tone: 'soon', key: true })
    case 'obligation.insisted':
      return note(t('event.obligation.insisted', { act, reason: said('reason') }), { mark: 'owed', key: true })
    case 'obligation.released':
      return note(t('event.obligation.released', { act, reason: words.code('release', said('reason')) }), { mark: 'done' })
    case 'obligation.unanswered':
      return note(t('event.obligation.unanswered', { act }), { mark: 'late', tone: 'late', key: true })
    case 'obligation.unaccepted':
      return note(t('event.obligation.unaccepted', { act, every: words.duration(said('every')) }), {
        mark: 'late',
        tone: 'late',
        key: true,
      })
    default:
      return null
  }
}
