import { z } from 'zod/mini'
import { refuse, unreachable, type Decider } from '../decider.ts'
import { Words } from '../event.ts'
import { Uuid } from '../id.ts'

/** What a post may do by itself; what it may do in an incident follows from its organization's part in it. */
export const Power = z.enum([
  'incident.report',
  'incident.verify',
  'incident.declare',
  'incident.command',
  'sitrep.file',
  'obligation.answer',
  'obligation.waive',
  'directory.keep',
  'instrument.keep',
  'exercise.run',
  'log.export',
])
export type Power = z.infer<typeof Power>

const Holder = z.string().check(z.minLength(1), z.maxLength(100))

export const PostCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('post.create'), organizationId: Uuid, title: Words, powers: z.array(Power).check(z.maxLength(20)) }),
  /** A person takes the post; several may hold a duty post in turn. */
  z.strictObject({ type: z.literal('post.assume'), holder: Holder }),
  z.strictObject({ type: z.literal('post.relinquish'), holder: Holder }),
  z.strictObject({ type: z.literal('post.empower'), powers: z.array(Power).check(z.maxLength(20)) }),
])
export type PostCommand = z.infer<typeof PostCommand>

export type PostEvent =
  | { readonly type: 'post.created'; readonly organizationId: string; readonly title: Words; readonly powers: readonly Power[] }
  | { readonly type: 'post.assumed'; readonly holder: string }
  | { readonly type: 'post.relinquished'; readonly holder: string }
  | { readonly type: 'post.empowered'; readonly powers: readonly Power[] }

export type PostState = {
  readonly organizationId: string
  readonly title: Words
  readonly powers: readonly Power[]
  readonly holders: readonly string[]
} | null

const HOLDERS_MAX = 50

export const post: Decider<PostState, PostCommand, PostEvent> = {
  initial: null,
  decide(state, command) {
    if (command.type === 'post.create')
      return state === null
        ? [{ type: 'post.created', organizationId: command.organizationId, title: command.title, powers: command.powers }]
        : refuse('post.already-created')
    if (state === null) return refuse('post.unknown')
    switch (command.type) {
      case 'post.assume':
        if (state.holders.includes(command.holder)) return []
        return state.holders.length >= HOLDERS_MAX
          ? refuse('post.too-many-holders', { max: HOLDERS_MAX })
          : [{ type: 'post.assumed', holder: command.holder }]
      case 'post.relinquish':
        return state.holders.includes(command.holder)
          ? [{ type: 'post.relinquished', holder: command.holder }]
          : refuse('post.not-held', { holder: command.holder })
      case 'post.empower':
        return [{ type: 'post.empowered', powers: command.powers }]
      default:
        return unreachable(command)
    }
  },
  evolve(state, event) {
    if (event.type === 'post.created')
      return { organizationId: event.organizationId, title: event.title, powers: event.powers, holders: [] }
    if (state === null) return state
    switch (event.type) {
      case 'post.assumed':
        return { ...state, holders: [...state.holders, event.holder] }
      case 'post.relinquished':
        return { ...state, holders: state.holders.filter((holder) => holder !== event.holder) }
      case 'post.empowered':
        return { ...state, powers: event.powers }
      default:
        return unreachable(event)
    }
  },
}
