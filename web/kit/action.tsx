import { type ReactNode, useId } from 'react'
import { Focusable, Tooltip, TooltipTrigger } from 'react-aria-components'
import type { ActionView } from '#core/view.ts'
import { useWorld } from '../paths.ts'
import { useWords } from '../words.ts'
import { Button, type Variant } from './button.tsx'
import { toast } from './toast.tsx'

type ActionButtonProps = {
  readonly action: ActionView
  readonly onPress: () => void
  /** Left out: the words of `command.<code>`. */
  readonly label?: ReactNode
  readonly variant?: Variant
}

const READ_ONLY = { code: 'exercise.read-only', params: {} } as const

/** What a post may do, as the server's own table says. Refused, it stays in sight and says why: on hover, on focus, on touch, to a reader. */
export function ActionButton({ action, onPress, label, variant = 'plain' }: ActionButtonProps) {
  const { code, t } = useWords()
  const world = useWorld()
  const id = useId()
  const shown = label ?? code('command', action.command)
  const refusal = world === null ? action.refusal : READ_ONLY
  if (refusal === null)
    return (
      <Button variant={variant} onPress={onPress}>
        {shown}
      </Button>
    )
  const reason = t('kit.not-allowed', { reason: code('refusal', refusal.code, refusal.params) })
  return (
    <TooltipTrigger delay={200} closeDelay={0}>
      <Focusable>
        <button
          type="button"
          className="button is-plain is-refused"
          aria-disabled="true"
          aria-describedby={id}
          onClick={() => toast(reason)}
        >
          {shown}
          <span id={id} className="for-readers">
            {reason}
          </span>
        </button>
      </Focusable>
      <Tooltip className="tooltip" offset={6}>
        {reason}
      </Tooltip>
    </TooltipTrigger>
  )
}

/** The action of a command among those a view offers, or null. */
export const findAction = (actions: readonly ActionView[], command: string): ActionView | null =>
  actions.find((action) => action.command === command) ?? null
