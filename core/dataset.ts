/** Data sets 数据目录: who owns which data, how fresh they are promised to be and are, who may have them and why not. */
import { z } from 'zod/mini'
import type { Thing } from './authority.ts'
import { refuse, unreachable, type Decider, type Refusal } from './decider.ts'
import { Slug, Uuid } from './id.ts'
import { DivisionCode } from './place.ts'
import { after, Duration, InstantText } from './time.ts'

const Short = z.string().check(z.trim(), z.minLength(1), z.maxLength(300))
const Long = z.string().check(z.trim(), z.minLength(1), z.maxLength(4000))

export const SharingState = z.enum(['open', 'shared', 'on-request', 'withheld'])
export type SharingState = z.infer<typeof SharingState>

const content = {
  title: Short,
  description: Long,
  owner: Uuid,
  jurisdiction: z.nullable(DivisionCode),
  /** It is updated at least so often. */
  promise: Duration,
  licence: Short,
  sharing: z.strictObject({
    state: SharingState,
    /** `shared`: with whom. */
    with: z.array(Uuid).check(z.maxLength(200)),
    /** `withheld`: why, and by which provision. */
    reason: z.nullable(Long),
    basis: z.nullable(Short),
  }),
  quality: z.nullable(Long),
  format: Short,
  /** An address, or where to ask. Shown to whom it is shared with. */
  where: z.nullable(z.string().check(z.trim(), z.minLength(1), z.maxLength(1000))),
  themes: z.array(Slug).check(z.maxLength(20)),
}

export const DatasetCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('dataset.register'), ...content, updatedAt: z.optional(z.nullable(InstantText)) }),
  z.strictObject({ type: z.literal('dataset.revise'), ...content }),
  /** The data were brought up to date; `checked`: seen at its address by the system. */
  z.strictObject({ type: z.literal('dataset.record-update'), updatedAt: InstantText, checked: z.optional(z.boolean()) }),
  z.strictObject({ type: z.literal('dataset.retire'), reason: Long }),
])
export type DatasetCommand = z.infer<typeof DatasetCommand>
export type DatasetContent = Omit<Extract<DatasetCommand, { type: 'dataset.revise' }>, 'type'>

export type DatasetEvent =
  | ({ readonly type: 'dataset.registered'; readonly updatedAt: string | null } & DatasetContent)
  | ({ readonly type: 'dataset.revised' } & DatasetContent)
  | { readonly type: 'dataset.updated'; readonly updatedAt: string; readonly checked: boolean }
  | { readonly type: 'dataset.retired'; readonly reason: string }

export type Dataset = DatasetContent & {
  readonly registeredAt: string
  readonly updatedAt: string | null
  /** How it was last known: by a person, or seen at its address. */
  readonly checked: boolean
  readonly retirement: string | null
}

/** Requirement S2-10. */
export const FRESH_TARGET = 0.95

export const dataset: Decider<Dataset | null, DatasetCommand, DatasetEvent> = {
  initial: null,

  decide(state, command, by) {
    if (command.type === 'dataset.register') {
      if (state !== null) return refuse('dataset.already-registered')
      const { type: _, updatedAt = null, ...said } = command
      if (updatedAt !== null && updatedAt > by.at) return refuse('dataset.updated-in-future', { updatedAt })
      return unreasoned(said) ?? [{ type: 'dataset.registered', ...said, updatedAt }]
    }
    if (state === null) return refuse('dataset.unknown')
    if (state.retirement !== null) return refuse('dataset.already-retired')
    switch (command.type) {
      case 'dataset.revise': {
        const { type: _, ...said } = command
        const same = Object.entries(said).every(
          ([key, value]) => JSON.stringify(value) === JSON.stringify(state[key as keyof DatasetContent]),
        )
        return same ? [] : (unreasoned(said) ?? [{ type: 'dataset.revised', ...said }])
      }
      case 'dataset.record-update':
        if (command.updatedAt > by.at) return refuse('dataset.updated-in-future', { updatedAt: command.updatedAt })
        // An address seen unchanged says nothing new.
        if (state.updatedAt !== null && command.updatedAt <= state.updatedAt)
          return command.checked === true ? [] : refuse('dataset.not-newer', { updatedAt: state.updatedAt })
        return [{ type: 'dataset.updated', updatedAt: command.updatedAt, checked: command.checked ?? false }]
      case 'dataset.retire':
        return [{ type: 'dataset.retired', reason: command.reason }]
      default:
        return unreachable(command)
    }
  },

  evolve(state, event, stamp) {
    if (event.type === 'dataset.registered') {
      const { type: _, ...said } = event
      return { ...said, registeredAt: stamp.recordedAt, checked: false, retirement: null }
    }
    if (state === null) return state
    switch (event.type) {
      case 'dataset.revised': {
        const { type: _, ...said } = event
        return { ...state, ...said }
      }
      case 'dataset.updated':
        return { ...state, updatedAt: event.updatedAt, checked: event.checked }
      case 'dataset.retired':
        return { ...state, retirement: event.reason }
      default:
        return unreachable(event)
    }
  },
}

/** Nothing is withheld without a reason and a provision, and what is shared names with whom. */
function unreasoned({ sharing }: DatasetContent): Refusal | null {
  if (sharing.state === 'withheld' && (sharing.reason === null || sharing.basis === null)) return refuse('dataset.withheld-without-reason')
  return sharing.state === 'shared' && sharing.with.length === 0 ? refuse('dataset.shared-with-nobody') : null
}

/** From when on it is older than promised; what was never updated is stale from its registration. */
export const staleAt = (state: Pick<Dataset, 'updatedAt' | 'promise' | 'registeredAt'>): string =>
  state.updatedAt === null ? state.registeredAt : after(state.updatedAt, state.promise)

/** Whether the organization may know where it lies. */
export const mayHave = (organizationId: string, { owner, sharing }: Pick<Dataset, 'owner' | 'sharing'>): boolean =>
  owner === organizationId || sharing.state === 'open' || (sharing.state === 'shared' && sharing.with.includes(organizationId))

export const datasetThing = (state: Dataset | null, command: DatasetCommand): Thing => {
  const owner = state?.owner ?? ('owner' in command ? command.owner : null)
  return {
    jurisdiction: state?.jurisdiction ?? ('jurisdiction' in command ? command.jurisdiction : null),
    owner,
    parties: owner === null ? [] : [owner],
  }
}
