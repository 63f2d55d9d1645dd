import { useCallback, useState } from 'react'
import { send, type Answer, type Command, type Refused, type Room } from './api.ts'

/** A command from a form: whether it is on its way, and the refusal to show beside the fields. */
export type Sending = {
  readonly busy: boolean
  readonly refused: Refused | null
  readonly send: (room: Room, id: string, command: Command) => Promise<Answer>
  readonly clear: () => void
}

export function useSend(): Sending {
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const go = useCallback(async (room: Room, id: string, command: Command): Promise<Answer> => {
    setBusy(true)
    setRefused(null)
    const answer = await send(room, id, command)
    setBusy(false)
    if (!answer.ok) setRefused(answer)
    return answer
  }, [])
  const clear = useCallback(() => setRefused(null), [])
  return { busy, refused, send: go, clear }
}

/** The trimmed text, or null where nothing was written. */
export const written = (text: string): string | null => (text.trim() === '' ? null : text.trim())
