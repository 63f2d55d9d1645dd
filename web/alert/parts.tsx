import type { AlertSummary, Said } from '#core/view/alert.ts'
import { colourLevel } from '#core/level.ts'
import { useNow } from '../clock.ts'
import { Badge, type Tone } from '../kit/index.ts'
import { LevelGlyph } from '../level.tsx'
import { useWords, type Lang } from '../words.ts'

/** The text that is read best: the reader's own language, else the first. */
export function readIn(said: Said, lang: Lang): { readonly language: string; readonly text: string } | null {
  const wanted = lang.slice(0, 2).toLowerCase()
  return said.find(({ language }) => language.toLowerCase().startsWith(wanted)) ?? said[0] ?? null
}

/** A text of the message, marked with its language where that is not the page's, so that it is spoken rightly. */
export function SaidText({ of, otherwise }: { readonly of: Said; readonly otherwise: string }) {
  const { lang } = useWords()
  const found = readIn(of, lang)
  return found === null ? <>{otherwise}</> : <span lang={found.language}>{found.text}</span>
}

const TONES: Readonly<Record<AlertSummary['status'], Tone>> = {
  draft: 'grey',
  submitted: 'accent',
  discarded: 'grey',
  'in-force': 'late',
  shown: 'soon',
  notice: 'grey',
  replaced: 'grey',
  cancelled: 'grey',
  lifted: 'good',
  expired: 'grey',
}

type BadgesProps = {
  readonly of: Pick<AlertSummary, 'status' | 'capStatus' | 'scope' | 'kind'>
  /** Its status is said beside it already. */
  readonly isPlain?: boolean
}

export function AlertBadges({ of, isPlain = false }: BadgesProps) {
  const { code, t } = useWords()
  return (
    <>
      {!isPlain && <Badge tone={TONES[of.status]}>{code('status.alert', of.status)}</Badge>}
      {of.kind !== 'warning' && (
        <>
          {' '}
          <Badge>{t(`alert.kind.${of.kind}`)}</Badge>
        </>
      )}
      {of.capStatus !== 'Actual' && (
        <>
          {' '}
          <Badge tone="accent">{t(`alert.cap.${of.capStatus}`)}</Badge>
        </>
      )}
      {of.scope !== 'Public' && (
        <>
          {' '}
          <Badge tone="soon">{t(`alert.scope.${of.scope}`)}</Badge>
        </>
      )}
    </>
  )
}

/** Colour, shape and numeral of a warning; a hollow ring where it has none. Faded once it is over. */
export function AlertGlyph({ of, size = 26 }: { readonly of: Pick<AlertSummary, 'colour' | 'status'>; readonly size?: number }) {
  const { t, code } = useWords()
  const title = of.colour === null ? t('alert.colour-none') : code('colour', of.colour)
  const over = of.status !== 'in-force' && of.status !== 'submitted' && of.status !== 'draft' && of.status !== 'shown'
  return (
    <span className={`alert-glyph ${over ? 'is-over' : ''}`}>
      <LevelGlyph level={of.colour === null ? null : colourLevel(of.colour)} size={size} title={title} />
    </span>
  )
}

/** How long it still warns, or how it ended. */
export function Expiry({ of }: { readonly of: Pick<AlertSummary, 'expires' | 'endedAt' | 'status'> }) {
  const { t, duration, dateTime, short } = useWords()
  const now = useNow()
  if (of.endedAt !== null) return <time dateTime={of.endedAt}>{t('alert.ended-at', { at: short(of.endedAt) })}</time>
  if (of.expires === null) return <span>{t('alert.no-expiry')}</span>
  const left = Date.parse(of.expires) - now
  return (
    <time
      dateTime={of.expires}
      title={dateTime(of.expires)}
      className={left > 0 && left < 3_600_000 && of.status === 'in-force' ? 'soon-words' : ''}
    >
      {left > 0
        ? t('alert.expires-in', { time: duration(Math.floor(left / 60_000) * 60_000 || 60_000) })
        : t('alert.expired-since', { time: duration(-left) })}
    </time>
  )
}
