/**
 * One CAP message (OASIS Common Alerting Protocol 1.2) as we hold it: what is absent or empty is absent here, points are
 * longitude before latitude, free text is kept as it was sent. Reading and writing: `cap/read.ts`, `cap/write.ts`.
 */
import { z } from 'zod/mini'
import type { CapFindingCode } from './cap/codes.ts'

/** Bounds of what is taken in; what is larger is refused, never cut. */
export const CAP_BOUNDS = {
  bytes: 4 * 1024 * 1024,
  depth: 32,
  /** With their attributes and CDATA. The largest feed that we know has 6,000. */
  elements: 40_000,
  attributes: 32,
  attributeLength: 4096,
  /** Alerts in one feed or envelope. */
  alerts: 500,
  infos: 200,
  areas: 2000,
  shapes: 5000,
  points: 200_000,
  list: 5000,
} as const

export const CapStatus = z.enum(['Actual', 'Exercise', 'System', 'Test', 'Draft'])
export const CapMsgType = z.enum(['Alert', 'Update', 'Cancel', 'Ack', 'Error'])
export const CapScope = z.enum(['Public', 'Restricted', 'Private'])
export const CapCategory = z.enum([
  'Geo',
  'Met',
  'Safety',
  'Security',
  'Rescue',
  'Fire',
  'Health',
  'Env',
  'Transport',
  'Infra',
  'CBRNE',
  'Other',
])
export const CapResponseType = z.enum(['Shelter', 'Evacuate', 'Prepare', 'Execute', 'Avoid', 'Monitor', 'Assess', 'AllClear', 'None'])
export const CapUrgency = z.enum(['Immediate', 'Expected', 'Future', 'Past', 'Unknown'])
export const CapSeverity = z.enum(['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'])
export const CapCertainty = z.enum(['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'])
export type CapStatus = z.infer<typeof CapStatus>
export type CapMsgType = z.infer<typeof CapMsgType>
export type CapScope = z.infer<typeof CapScope>

const text = z.string().check(z.maxLength(CAP_BOUNDS.bytes))
const list = <T extends z.core.SomeType>(of: T, most: number = CAP_BOUNDS.list): z.ZodMiniReadonly<z.ZodMiniArray<T>> =>
  z.readonly(z.array(of).check(z.maxLength(most)))
const may = z.optional(text)

export const NameValue = z.readonly(z.object({ valueName: text, value: text }))
export type NameValue = z.infer<typeof NameValue>

/** One earlier message, as `references` names it. `sent` as it was written. */
export const Reference = z.readonly(z.object({ sender: text, identifier: text, sent: text }))
export type Reference = z.infer<typeof Reference>

/** Longitude, latitude in degrees (WGS-84), as GeoJSON has them; CAP itself writes latitude first. */
export const LonLat = z.readonly(z.tuple([z.number(), z.number()]))
export type LonLat = z.infer<typeof LonLat>

export const Corners = z.readonly(z.object({ lon: z.instanceof(Float64Array), lat: z.instanceof(Float64Array) }))
export type Corners = z.infer<typeof Corners>

export const Circle = z.readonly(z.object({ lon: z.number(), lat: z.number(), radiusKm: z.number() }))
export type Circle = z.infer<typeof Circle>

/** `altitude` and `ceiling` as sent: feet above mean sea level. */
export const Area = z.readonly(
  z.object({
    areaDesc: text,
    polygons: list(Corners, CAP_BOUNDS.shapes),
    circles: list(Circle, CAP_BOUNDS.shapes),
    geocodes: list(NameValue),
    altitude: may,
    ceiling: may,
  }),
)
export type Area = z.infer<typeof Area>

export const CapResource = z.readonly(
  z.object({ resourceDesc: text, mimeType: may, size: z.optional(z.number()), uri: may, derefUri: may, digest: may }),
)
export type CapResource = z.infer<typeof CapResource>

/** One block of a message: a language, an area or a stage of the same subject. Times as sent, with their offset. */
export const Info = z.readonly(
  z.object({
    language: text,
    categories: list(CapCategory),
    event: text,
    responseTypes: list(CapResponseType),
    urgency: CapUrgency,
    severity: CapSeverity,
    certainty: CapCertainty,
    audience: may,
    eventCodes: list(NameValue),
    effective: may,
    onset: may,
    expires: may,
    senderName: may,
    headline: may,
    description: may,
    instruction: may,
    web: may,
    contact: may,
    parameters: list(NameValue),
    resources: list(CapResource),
    areas: list(Area, CAP_BOUNDS.areas),
  }),
)
export type Info = z.infer<typeof Info>

export const Alert = z.readonly(
  z.object({
    identifier: text,
    sender: text,
    sent: text,
    status: CapStatus,
    msgType: CapMsgType,
    source: may,
    scope: CapScope,
    restriction: may,
    addresses: list(text),
    codes: list(text),
    note: may,
    references: list(Reference),
    incidents: list(text),
    infos: list(Info, CAP_BOUNDS.infos),
  }),
)
export type Alert = z.infer<typeof Alert>

/** The language of a block that names none: CAP 1.2, 3.2.2. */
export const DEFAULT_LANGUAGE = 'en-US'

/** What a message and its place in the document are found wrong in. `code` is stable; its words are in the locales under `cap.<code>`. */
export type CapFinding = {
  readonly code: CapFindingCode
  /** `error`: what is meant is not certain, so it is never sent on as it stands. `warning`: it can be used. */
  readonly severity: 'error' | 'warning'
  /** Where: `info[2].area[1].polygon[1]`, counted from 1; empty for the message itself. */
  readonly at: string
  readonly params: Readonly<Record<string, string | number>>
}

const OFFSET = /(?:Z|[+-]\d{2}:\d{2})$/

/** Milliseconds of a time as CAP writes it, or null when it is none. A time without an offset is none: nobody knows when it is. */
export function capMs(time: string | undefined): number | null {
  if (time === undefined || !OFFSET.test(time)) return null
  const ms = Date.parse(time)
  return Number.isNaN(ms) ? null : ms
}
