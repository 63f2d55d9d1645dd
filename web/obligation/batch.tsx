import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { BatchView } from '#core/view/obligation.ts'
import type { ObligationView } from '#core/view.ts'
import { ask, newId } from '../api.ts'
import { Button, findAction, toast } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { keyOf } from '../queries.ts'
import { useWords } from '../words.ts'

/** As many as the server takes at once. */
const BATCH_MAX = 200
const WHY_MAX = 3

const can = (one: ObligationView, command: string): boolean => findAction(one.actions, command)?.refusal === null
export const isAnswerable = (one: ObligationView): boolean => can(one, 'obligation.accept') || can(one, 'obligation.confirm')

type Props = {
  readonly answerable: readonly ObligationView[]
  readonly selected: ReadonlySet<string>
  readonly onSelect: (ids: ReadonlySet<string>) => void
}

/** Several at once: what can be accepted of the chosen is accepted, what can be confirmed is confirmed; each stands for itself. */
export function BatchBar({ answerable, selected, onSelect }: Props) {
  const { t, code, words } = useWords()
  const world = useWorld()
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const chosen = answerable.filter((one) => selected.has(one.id))
  const of = (command: string): readonly ObligationView[] => chosen.filter((one) => can(one, command)).slice(0, BATCH_MAX)
  const say = async (command: 'obligation.accept' | 'obligation.confirm'): Promise<void> => {
    if (busy) return
    setBusy(true)
    const items = of(command).map(({ id }) => ({ id, commandId: newId(), command: { type: command } }))
    const answer = await ask<BatchView>('POST', '/api/obligations/batch', { items })
    setBusy(false)
    if (!answer.ok) return toast(t('kit.not-allowed', { reason: code('refusal', answer.code, answer.params) }))
    const refused = answer.value.outcomes.flatMap(({ id, refusal }) => (refusal === null ? [] : [{ id, refusal }]))
    toast(t('obligation.batch-done', { done: items.length - refused.length, refused: refused.length }))
    for (const { id, refusal } of refused.slice(0, WHY_MAX)) {
      const found = chosen.find((one) => one.id === id)
      toast(
        t('obligation.batch-why', {
          act: found === undefined ? id : words(found.act),
          reason: code('refusal', refusal.code, refusal.params),
        }),
      )
    }
    onSelect(new Set(refused.map((one) => one.id)))
    await client.invalidateQueries({ queryKey: keyOf(world, 'obligations') })
  }
  if (answerable.length === 0) return null
  const [toAccept, toConfirm] = [of('obligation.accept').length, of('obligation.confirm').length]
  return (
    <div className="batch-bar" role="group" aria-label={t('obligation.selected', { count: chosen.length })}>
      <Button variant="quiet" onPress={() => onSelect(chosen.length > 0 ? new Set() : new Set(answerable.map((one) => one.id)))}>
        {chosen.length > 0 ? t('obligation.select-none') : t('obligation.select-all', { count: answerable.length })}
      </Button>
      {chosen.length > 0 && <span role="status">{t('obligation.selected', { count: chosen.length })}</span>}
      {toAccept > 0 && (
        <Button variant="primary" onPress={() => void say('obligation.accept')}>
          {t('obligation.batch-accept')} {toAccept}
        </Button>
      )}
      {toConfirm > 0 && (
        <Button variant={toAccept > 0 ? 'plain' : 'primary'} onPress={() => void say('obligation.confirm')}>
          {t('obligation.batch-confirm')} {toConfirm}
        </Button>
      )}
    </div>
  )
}
