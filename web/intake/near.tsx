import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Reason } from '#core/intake.ts'
import type { ProposalView } from '#core/view/intake.ts'
import { Link } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { intakeNearQuery } from '../queries.ts'
import { useWords, type WordsApi } from '../words.ts'
import { StatusBadge } from './badges.tsx'
import type { Draft } from './draft.ts'

/** Asked after so long a pause in typing, with no more than the beginning of the words. */
const PAUSE_MS = 500
const TEXT_LEAST = 3
const TEXT_MAX = 200

/** Reports that may be the same as the one being typed, so that the operator can add to one instead. */
export function Near({ draft }: { readonly draft: Draft }) {
  const { t } = useWords()
  const world = useWorld()
  const [text, place] = [draft.what.trim().slice(0, TEXT_MAX), draft.where.trim().slice(0, TEXT_MAX)]
  const asked = usePaused(`${text}\n${place}\n${draft.hazard ?? ''}\n${draft.point?.lat ?? ''}\n${draft.point?.lon ?? ''}`)
  const [what = '', where = '', hazard = '', lat = '', lon = ''] = asked.split('\n')
  const isEnough = what.length >= TEXT_LEAST && (where !== '' || lat !== '')
  const or = (value: string): string | undefined => (value === '' ? undefined : value)
  const found = useQuery({
    ...intakeNearQuery(world, { text: what, place: or(where), hazard: or(hazard), lat: or(lat), lon: or(lon) }),
    enabled: isEnough,
  }).data
  const shown = isEnough && text !== '' ? (found ?? []) : []
  return (
    <section className="intake-near" aria-label={t('intake.like')} aria-live="polite">
      <h3>{t('intake.like')}</h3>
      {shown.length === 0 ? (
        <p className="soft">{t(isEnough && text !== '' && found !== undefined ? 'intake.like-none' : 'intake.like-wait')}</p>
      ) : (
        <ul>
          {shown.map((one) => (
            <NearReport key={one.report.id} of={one} />
          ))}
        </ul>
      )}
    </section>
  )
}

function usePaused(value: string): string {
  const [paused, setPaused] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return paused
}

function NearReport({ of }: { readonly of: ProposalView }) {
  const words = useWords()
  const paths = usePaths()
  const { report } = of
  return (
    <li>
      <Link to={paths.intake(report.id)}>{report.text}</Link> <StatusBadge of={report} />
      <p className="soft">
        {report.number} · {words.short(report.originalAt)} · {reasonsText(of.reasons, words)}
      </p>
    </li>
  )
}

/** `380 m away, 6 min apart, same words: 塌方`. */
export function reasonsText(reasons: readonly Reason[], { t, lang }: WordsApi): string {
  const said = reasons.map((one) => {
    switch (one.kind) {
      case 'distance':
        return t('intake.reason-distance', { metres: one.metres })
      case 'minutes':
        return t('intake.reason-minutes', { minutes: one.minutes })
      case 'words':
        return t('intake.reason-words', { words: one.words.join(t('kit.and')) })
      case 'hazard':
        return t('intake.reason-hazard')
      default:
        return t('intake.reason-place')
    }
  })
  return said.join(lang === 'zh-CN' ? '，' : ', ')
}
