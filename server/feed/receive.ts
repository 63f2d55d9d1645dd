import type { Alert } from '#core/alert.ts'
import { systemActor } from '#core/event.ts'
import { receiveAlert } from '../alert/receive.ts'
import { readCap } from '../cap.ts'
import { idFrom } from '../clock.ts'
import { readState } from '../keeping.ts'
import type { World } from '../world.ts'
import type { Receive } from './poll.ts'

/** What a source says goes into the log of this world, one message at a time. */
export const receiving =
  (world: World): Receive =>
  async (bytes, from) => {
    const { source, effect, trust, strict } = from
    const [one] = await receiveAlert(world, bytes, { source, effect, trust, strict })
    if (one === undefined) return { outcome: 'refused', code: 'cap.no-alert', detail: '' }
    const { outcome, refusal, signature, id, status } = one
    if (outcome === 'refused')
      return { outcome, code: refusal?.code ?? 'alert.unreadable', detail: Object.values(refusal?.params ?? {}).join(' ') }
    if (id !== null && status === 'shown') await believe(world, id, bytes, from)
    return { outcome, signature }
  }

/**
 * A warning that came first from somebody who is not believed and now from somebody who is takes effect all the same: which
 * of two lines was quicker decides nothing. Not when it is unsound or past, as if it had come from him alone.
 */
async function believe(world: World, id: string, bytes: Uint8Array, { source, effect, trust }: Parameters<Receive>[1]): Promise<void> {
  const state = await readState<Alert>(world.sql, 'alert', id)
  if (state === null || state.source?.id === source.id) return
  const { colour, hazard, made } = state
  if (colour === null || hazard === null || made === null) return
  const { expires } = made.message
  const [read] = (await readCap(bytes, { trust })).alerts
  const verdict = read?.signature.verdict
  const believed = verdict === 'valid-trusted' || (effect === 'act' && verdict !== 'invalid')
  const sound = read !== undefined && read.xsdValid && !read.findings.some(({ severity }) => severity === 'error')
  if (!believed || !sound || (expires !== null && expires <= world.now())) return
  await world.handle({
    room: 'alert',
    id,
    command: { type: 'alert.adopt', colour, hazard } as { readonly type: string },
    commandId: idFrom(`believed|${id}`),
    doer: { actor: systemActor('linkage'), powers: [] },
  })
}
