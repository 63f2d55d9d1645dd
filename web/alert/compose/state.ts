import { useCallback, useEffect, useRef, useState } from 'react'
import type { Draft } from '#core/alert/draft.ts'
import type { DivisionChoice } from '#core/view/compose.ts'
import { send, type Refused } from '../../api.ts'
import { settled, type Followed, type Surroundings } from './settle.ts'

/** A change waits so long for the next one before it is kept. */
const AUTOSAVE_MS = 1500

export type Saved = 'not-yet' | 'waiting' | 'saving' | 'saved' | 'refused'
/** What `alert.draft` says beside the draft itself. */
export type Beginning = {
  readonly jurisdiction: string
  readonly replaces: string | null
  readonly incidentId: string | null
  readonly proposalId: string | null
}
export type Composing = {
  readonly draft: Draft
  readonly around: Surroundings
  readonly saved: Saved
  readonly refused: Refused | null
  /** Changes the draft; texts that nobody wrote in follow. `wrote`: a field that is a person's own from now on. */
  readonly change: (patch: Partial<Draft> | ((draft: Draft) => Draft), wrote?: Followed) => void
  readonly surround: (patch: Partial<Surroundings>) => void
  readonly named: (divisions: readonly DivisionChoice[]) => void
  /** Keeps what is not kept yet; false where the server refused. */
  readonly keep: () => Promise<boolean>
}

type Start = {
  readonly id: string
  readonly draft: Draft
  readonly around: Surroundings
  readonly exists: boolean
  readonly beginning: Beginning
}

/** One draft being drawn up: kept by itself a moment after each change, and never more than one command at a time. `onFirst`: it is kept for the first time. */
export function useComposing(start: Start, onFirst: () => void): Composing {
  const [{ draft, around }, set] = useState(() => ({ draft: settled(start.draft, start.around), around: start.around }))
  const [saved, setSaved] = useState<Saved>(start.exists ? 'saved' : 'not-yet')
  const [refused, setRefused] = useState<Refused | null>(null)
  const kept = useRef({ exists: start.exists, text: start.exists ? JSON.stringify(start.draft) : '' })
  const newest = useRef(draft)
  newest.current = draft
  const running = useRef<Promise<boolean> | null>(null)
  const touched = useRef(false)
  const first = useRef(onFirst)
  first.current = onFirst

  const keep = useCallback(async (): Promise<boolean> => {
    if (running.current !== null) await running.current
    const text = JSON.stringify(newest.current)
    if (kept.current.text === text) return true
    const go = async (): Promise<boolean> => {
      setSaved('saving')
      const isFirst = !kept.current.exists
      const command = !isFirst
        ? { type: 'alert.revise', draft: newest.current }
        : { type: 'alert.draft', draft: newest.current, ...start.beginning }
      const answer = await send('alert', start.id, command)
      if (answer.ok || answer.code === 'alert.already-drafted') kept.current = { exists: true, text: answer.ok ? text : '' }
      setRefused(answer.ok ? null : answer)
      setSaved(answer.ok ? 'saved' : 'refused')
      if (answer.ok && isFirst) first.current()
      return answer.ok
    }
    running.current = go()
    const done = await running.current
    running.current = null
    return done
  }, [start.id, start.beginning])

  useEffect(() => {
    if (!touched.current || JSON.stringify(draft) === kept.current.text) return undefined
    setSaved('waiting')
    const timer = setTimeout(() => void keep(), AUTOSAVE_MS)
    return () => clearTimeout(timer)
  }, [draft, keep])

  const change = useCallback((patch: Partial<Draft> | ((before: Draft) => Draft), wrote?: Followed): void => {
    touched.current = true
    set((now) => {
      const next = typeof patch === 'function' ? patch(now.draft) : { ...now.draft, ...patch }
      const own = wrote === undefined || now.around.own.has(wrote) ? now.around.own : new Set([...now.around.own, wrote])
      const nextAround = { ...now.around, own }
      return { draft: settled(next, nextAround), around: nextAround }
    })
  }, [])
  const surround = useCallback((patch: Partial<Surroundings>): void => {
    set((now) => {
      const next = { ...now.around, ...patch }
      return { draft: settled(now.draft, next), around: next }
    })
  }, [])
  const named = useCallback(
    (divisions: readonly DivisionChoice[]): void =>
      set((now) => {
        const names = new Map([...now.around.names, ...divisions.map((one) => [one.code, one] as const)])
        const next = { ...now.around, names }
        return { draft: settled(now.draft, next), around: next }
      }),
    [],
  )
  return { draft, around, saved, refused, change, surround, named, keep }
}
