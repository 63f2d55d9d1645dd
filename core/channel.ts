import { z } from 'zod/mini'

/** A way to reach a post outside this system. In the pages themselves a notice always stands: that is `app`. */
export const Channel = z.enum(['push', 'email', 'webhook', 'sms', 'voice'])
export type Channel = z.infer<typeof Channel>
export const CHANNELS: readonly Channel[] = Channel.options

/** How soon somebody has to know: at once and by a person; within minutes; with the next digest. */
export const Urgency = z.enum(['flash', 'urgent', 'routine'])
export type Urgency = z.infer<typeof Urgency>

/** The language that a post is written to in. */
export const Language = z.enum(['zh-CN', 'en'])
export type Language = z.infer<typeof Language>
