/** The CAP message of a draft: one block a language, the same facts in each. Pure, so that the page shows what the server will sign. */
import { STATUS_PREFIX } from './words.ts'
import type { Alert, CapMsgType, Info, NameValue, Reference } from '../cap.ts'
import { CHINA_GEOCODE } from '../cap/china.ts'
import { columnsOf } from '../place.ts'
import type { Instant } from '../time.ts'
import type { Draft } from './draft.ts'
import type { AlertProfile } from './profile.ts'

/** What a draft does not say of itself. */
export type Envelope = {
  readonly identifier: string
  readonly sender: string
  readonly sent: Instant
  /** The earlier messages that it updates, cancels or ends. */
  readonly references: readonly Reference[]
  /** The incident's number, or left out. */
  readonly incidents?: readonly string[]
  /** Minutes east of Greenwich of the clock that its readers go by; 480 left out. */
  readonly offsetMinutes?: number
  readonly profile?: AlertProfile | null
}

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
/** So that another installation of this program reads the colour and the hazard without guessing. */
export const COLOUR_PARAMETER = 'muster:colour'
export const HAZARD_PARAMETER = 'muster:hazard'

const BEIJING_MINUTES = 480
const MSG_TYPE: Readonly<Record<Draft['kind'], CapMsgType>> = {
  warning: 'Alert',
  update: 'Update',
  cancel: 'Cancel',
  'all-clear': 'Update',
}

/** CAP 1.2, 3.3.2: whole seconds and a numeric offset, never the letter Z. */
export function capTime(at: Instant, offsetMinutes: number = BEIJING_MINUTES): string {
  const local = new Date(Date.parse(at) + offsetMinutes * 60_000).toISOString().slice(0, 19)
  const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60]
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}

/**
 * The message of a draft. What is no Actual says so at the beginning of headline and description, too: a reader who drops
 * `status` still reads it. An all-clear is an Update of which every block says AllClear (CAP 1.2, 3.2.2).
 */
export function messageOf(draft: Draft, envelope: Envelope): Alert {
  const { identifier, sender, sent, references, incidents = [], offsetMinutes = BEIJING_MINUTES, profile = null } = envelope
  return {
    identifier,
    sender,
    sent: capTime(sent, offsetMinutes),
    status: draft.status,
    msgType: MSG_TYPE[draft.kind],
    scope: draft.scope,
    ...(draft.scope === 'Restricted' && draft.restriction !== undefined ? { restriction: draft.restriction } : {}),
    addresses: draft.scope === 'Private' ? (draft.addresses ?? []) : [],
    codes: profile?.code == null ? [] : [profile.code],
    references,
    incidents,
    infos: LANGUAGES.map((language) => infoOf(draft, language, envelope)),
  }
}

function infoOf(draft: Draft, language: Language, { sent, offsetMinutes, profile = null }: Envelope): Info {
  const said = (name: 'event' | 'headline' | 'description' | 'precautions' | 'measures' | 'senderName' | 'areaDesc'): string =>
    draft[name][language].trim()
  const marked = (text: string): string =>
    text === '' || draft.status === 'Actual' ? text : `${STATUS_PREFIX[draft.status][language]}${text}`
  const instruction = [said('precautions'), said('measures')].filter((text) => text !== '').join('\n')
  const [headline, description, senderName] = [marked(said('headline')), marked(said('description')), said('senderName')]
  const contact = draft.contact.trim()
  const web = draft.web.trim()
  return {
    language: profile?.languages.find((one) => one.of === language)?.code ?? language,
    categories: [draft.category],
    event: said('event'),
    responseTypes: draft.kind === 'all-clear' ? ['AllClear'] : draft.responseTypes,
    urgency: draft.urgency,
    severity: draft.severity,
    certainty: draft.certainty,
    eventCodes: draft.eventCode === null ? [] : [draft.eventCode],
    effective: capTime(sent, offsetMinutes),
    ...(draft.onset === null ? {} : { onset: capTime(draft.onset, offsetMinutes) }),
    ...(draft.expires === null ? {} : { expires: capTime(draft.expires, offsetMinutes) }),
    ...(senderName === '' ? {} : { senderName }),
    ...(headline === '' ? {} : { headline }),
    ...(description === '' ? {} : { description }),
    ...(instruction === '' ? {} : { instruction }),
    ...(web === '' ? {} : { web }),
    ...(contact === '' ? {} : { contact }),
    parameters: parametersOf(draft, profile),
    resources: [],
    areas: [
      {
        areaDesc: said('areaDesc'),
        polygons: draft.polygons.map(columnsOf),
        circles: draft.circles,
        geocodes: draft.divisions.map((code) => ({ valueName: CHINA_GEOCODE, value: `${code}000000` })),
      },
    ],
  }
}

const parametersOf = ({ colour, hazard }: Draft, profile: AlertProfile | null): readonly NameValue[] => [
  ...(colour === null ? [] : [{ valueName: COLOUR_PARAMETER, value: colour }]),
  { valueName: HAZARD_PARAMETER, value: hazard },
  ...(profile?.parameters ?? []),
]
