import type { Channel, Haste } from '#core/intake.ts'
import { CODE_BYTES, followUpCode } from '#core/intake/code.ts'
import type { Command } from '../api.ts'
import { serverNow } from '../clock.ts'
import { written } from '../form.ts'
import { instantOf } from '../kit/times.ts'
import { HOME_ZONE } from '../words.ts'

export type Draft = {
  readonly where: string
  readonly what: string
  readonly who: string
  readonly people: string
  /** Null: as the people field says. */
  readonly haste: Haste | null
  /** Null: now, at the moment of sending. */
  readonly when: string | null
  readonly channel: Channel
  readonly hazard: string | null
  readonly point: { readonly lat: number; readonly lon: number } | null
}
export const EMPTY: Draft = {
  where: '',
  what: '',
  who: '',
  people: '',
  haste: null,
  when: null,
  channel: 'phone',
  hazard: null,
  point: null,
}

const NOBODY = /^(?:无|没有|没|不|0|no|none)/i

/** Whoever names people in danger need not say that it is urgent, too. */
export const hasteOf = ({ haste, people }: Draft): Haste =>
  haste ?? (written(people) === null || NOBODY.test(people.trim()) ? 'soon' : 'now')

export type Wrong = 'where' | 'what' | 'when'
export const wrongIn = (draft: Draft): readonly Wrong[] => [
  ...(written(draft.where) === null && draft.point === null ? (['where'] as const) : []),
  ...(written(draft.what) === null ? (['what'] as const) : []),
  ...(draft.when !== null && instantOf(draft.when, HOME_ZONE) === null ? (['when'] as const) : []),
]

/** The command, and the follow-up code to read out: made here, so that there is one without a network, too. */
export function commandOf(draft: Draft, pictures: readonly string[] = []): { readonly command: Command; readonly code: string } {
  const code = followUpCode(crypto.getRandomValues(new Uint8Array(CODE_BYTES)))
  const at = draft.when === null ? null : instantOf(draft.when, HOME_ZONE)
  return {
    code,
    command: {
      type: 'intake.take-down',
      text: draft.what.trim(),
      place: { name: written(draft.where), lat: draft.point?.lat ?? null, lon: draft.point?.lon ?? null },
      hazard: draft.hazard,
      haste: hasteOf(draft),
      people: written(draft.people),
      channel: draft.channel,
      originalAt: at ?? new Date(serverNow()).toISOString(),
      zone: HOME_ZONE,
      contact: written(draft.who),
      code,
      pictures,
    },
  }
}
