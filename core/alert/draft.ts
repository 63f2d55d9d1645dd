/** What a person draws up before it is a CAP message: said once, in both languages. */
import { z } from 'zod/mini'
import { CapCategory, CapCertainty, CapResponseType, CapScope, CapSeverity, CapStatus, CapUrgency } from '../cap.ts'
import { Slug } from '../id.ts'
import { Colour } from '../level.ts'
import { DivisionCode } from '../place.ts'
import { InstantText } from '../time.ts'

const VERTICES_MAX = 10_000
const Lon = z.number().check(z.gte(-180), z.lte(180))
const Lat = z.number().check(z.gte(-90), z.lte(90))
const Ring = z.array(z.tuple([Lon, Lat])).check(z.minLength(4), z.maxLength(VERTICES_MAX))

/** Both languages, either still empty while it is a draft. */
const Both = (most: number): z.ZodMiniObject<{ 'zh-CN': z.ZodMiniString; en: z.ZodMiniString }> =>
  z.strictObject({ 'zh-CN': z.string().check(z.maxLength(most)), en: z.string().check(z.maxLength(most * 2)) })

export const Draft = z.strictObject({
  kind: z.enum(['warning', 'update', 'cancel', 'all-clear']),
  status: CapStatus,
  scope: CapScope,
  /** For `Restricted`: who may see it. */
  restriction: z.optional(z.string().check(z.maxLength(1000))),
  /** For `Private`: to whom it goes. */
  addresses: z.optional(z.array(z.string().check(z.maxLength(400))).check(z.maxLength(500))),
  hazard: Slug,
  /** Null where the hazard is not warned of in colours. */
  colour: z.nullable(Colour),
  category: CapCategory,
  urgency: CapUrgency,
  severity: CapSeverity,
  certainty: CapCertainty,
  responseTypes: z.array(CapResponseType).check(z.maxLength(9)),
  eventCode: z.nullable(z.strictObject({ valueName: z.string().check(z.maxLength(100)), value: z.string().check(z.maxLength(100)) })),
  /** The profile that it is written by: `cn`, `ipaws`, `cap-cp`, or none. */
  profile: z.nullable(Slug),
  onset: z.nullable(InstantText),
  expires: z.nullable(InstantText),
  event: Both(100),
  headline: Both(200),
  /** What is coming and what it may do: the extent. */
  description: Both(4000),
  /** What to beware of. */
  precautions: Both(4000),
  /** What is to be done. */
  measures: Both(4000),
  senderName: Both(200),
  contact: z.string().check(z.maxLength(200)),
  web: z.string().check(z.maxLength(400)),
  areaDesc: Both(1000),
  divisions: z.array(DivisionCode).check(z.maxLength(500)),
  /** Closed rings, longitude before latitude, WGS-84. */
  polygons: z.array(Ring).check(z.maxLength(100)),
  circles: z.array(z.strictObject({ lon: Lon, lat: Lat, radiusKm: z.number().check(z.gt(0), z.lte(2000)) })).check(z.maxLength(100)),
})
export type Draft = z.infer<typeof Draft>

/** Emergency Response Law art. 64 para. 2: class, level, beginning, extent, what to beware of, measures, issuer, time (given when it is issued). */
export const PARTICULARS = ['class', 'level', 'onset', 'area', 'precautions', 'measures', 'issuer', 'time'] as const
export type Particular = (typeof PARTICULARS)[number]

/**
 * Which particulars are missing, in the order of the law. On the urgent path the level, the beginning and what to beware of
 * may follow, which is our rule and stands in no article: class, area, measures and issuer may not. What ends a warning (art. 70)
 * needs its reason (`measures`) and the issuer.
 */
export function missingParticulars(draft: Draft, path: 'ordinary' | 'urgent'): readonly Particular[] {
  const said = ({ 'zh-CN': zh, en }: { readonly 'zh-CN': string; readonly en: string }): boolean => zh.trim() !== '' && en.trim() !== ''
  const ends = draft.kind === 'cancel' || draft.kind === 'all-clear'
  const placed = draft.divisions.length + draft.polygons.length + draft.circles.length > 0 && said(draft.areaDesc)
  const has: Readonly<Record<Particular, boolean>> = {
    class: said(draft.event),
    level: ends || path === 'urgent' || draft.colour !== null,
    onset: ends || path === 'urgent' || draft.onset !== null,
    area: placed,
    precautions: ends || path === 'urgent' || said(draft.precautions),
    measures: said(draft.measures),
    issuer: said(draft.senderName),
    time: true,
  }
  return PARTICULARS.filter((one) => !has[one])
}
