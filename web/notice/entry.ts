import type { Channel } from '#core/channel.ts'
import type { ContactView } from '#core/view/notice.ts'

export type Entry = { readonly channel: Channel; readonly address: string; readonly note?: string; readonly roundTheClock?: boolean }
/** As the command takes it back. */
export const entryOf = ({ channel, address, note, roundTheClock }: ContactView): Entry => ({
  channel,
  address,
  roundTheClock,
  ...(note === null ? {} : { note }),
})
