import type { Recorded } from '../event.ts'
import { basisText } from '../instrument.ts'
import type { Obligation, ObligationCommand } from '../obligation.ts'
import type { LinkageView, Reaction } from './view.ts'

type Opening = Extract<ObligationCommand, { type: 'obligation.owe' | 'obligation.ask' }>

/** Opens an obligation, once for its id; in the log it rests on what its terms rest on. */
export const opening = (id: string, command: Opening, { occurredAt }: Recorded, { idFrom }: LinkageView): Reaction => ({
  room: 'obligation',
  id,
  commandId: idFrom(`command|${id}`),
  command,
  basis: command.basis === null ? null : basisText(command.basis),
  occurredAt,
})

/** What made it owed, as its terms keep it. */
export const triggerOf = ({ position, type, occurredAt }: Recorded): Obligation['trigger'] => ({ position, type, occurredAt })
