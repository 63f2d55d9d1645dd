import { Refusal, type By, type Decider } from './decider.ts'
import { systemActor, type Actor } from './event.ts'

const AT = '2026-07-01T00:00:00.000Z'

export type Circumstances = { readonly at?: string; readonly occurredAt?: string; readonly actor?: Actor }

const by = ({ at = AT, occurredAt = at, actor = systemActor('setup') }: Circumstances): By => ({
  actor,
  at,
  occurredAt,
  commandId: '00000000-0000-7000-8000-000000000000',
})

/** given(decider, past).when(command) → what the decider says. The only test vocabulary core needs. */
export const given = <S, C, E>(decider: Decider<S, C, E>, past: readonly E[] = [], stamp: Circumstances = {}) => {
  const { at, occurredAt, commandId } = by(stamp)
  const state = past.reduce(
    (s, event) => decider.evolve(s, event, { occurredAt, recordedAt: at, actor: 'system/setup', commandId }),
    decider.initial,
  )
  return {
    state,
    when(command: C, circumstances: Circumstances = {}): readonly E[] | { readonly refused: string } {
      const outcome = decider.decide(state, command, by(circumstances))
      return outcome instanceof Refusal ? { refused: outcome.code } : outcome
    },
  }
}
