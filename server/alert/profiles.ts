import type { AlertProfile } from '#core/alert/profile.ts'
import { alertPacks } from './packs.ts'

/** The profile of that name, or null: none was chosen, or there is none of the name any more. */
export const profileOf = (id: string | null): AlertProfile | null => alertPacks().profiles.find((one) => one.id === id) ?? null
