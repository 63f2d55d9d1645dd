import { colourLevel } from '#core/level.ts'
import type { GaugeView } from '#core/view/station.ts'
import { LevelGlyph } from '../level.tsx'
import { useWords } from '../words.ts'
import { useWindowWords } from './window.ts'

/** The value among the thresholds: a bar, a sign at each limit, and the same in words. */
export function Band({ of }: { readonly of: GaugeView }) {
  const { t, code, number } = useWords()
  const windowWords = useWindowWords()
  const { watched, bands, unit } = of
  if (watched === null || bands.length === 0) return <span className="soft">{t('station.no-band')}</span>
  const limits = bands.map((band) => `${code('colour', band.colour)} ${band.reach === 'at-least' ? '≥' : '≤'} ${number(band.value)}`)
  const value = watched.value
  const [low, high] = rangeOf(
    bands.map((band) => band.value),
    value,
    of.kind === 'amount',
  )
  const place = (number: number): string => `${Math.min(100, Math.max(0, ((number - low) / (high - low)) * 100)).toFixed(1)}%`
  return (
    <div className="station-band">
      <p>
        <b>{value === null ? '—' : `${number(value)} ${unit}`}</b> <span className="soft">{windowWords(watched)}</span>
      </p>
      <div className="station-track" aria-hidden>
        {value !== null && <i style={{ width: place(value) }} />}
        {bands.map((band) => (
          <span key={band.colour} style={{ left: place(band.value) }}>
            <LevelGlyph level={colourLevel(band.colour)} size={13} />
          </span>
        ))}
      </div>
      <p className="soft station-limits">{limits.join(' · ')}</p>
    </div>
  )
}

/** Where the bar begins and ends: amounts at nothing, levels a little below the least. */
function rangeOf(limits: readonly number[], value: number | null, fromZero: boolean): readonly [number, number] {
  const all = value === null ? limits : [...limits, value]
  const [least, most] = [Math.min(...all), Math.max(...all)]
  const room = Math.max((most - least) * 0.25, Math.abs(most) * 0.02, 0.01)
  return [fromZero ? Math.min(0, least) : least - room, most + room / 2]
}

const [WIDTH, HEIGHT] = [120, 32]

/** The last readings: bars of what fell, a line of what stands. */
export function Sparkline({ of }: { readonly of: GaugeView }) {
  const { t, number } = useWords()
  const values = of.trend.map(([, value]) => value)
  if (values.length < 2) return null
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const bottom = of.kind === 'amount' ? Math.min(0, low) : low
  const height = (value: number): number => (high === bottom ? 0.5 : (value - bottom) / (high - bottom)) * (HEIGHT - 4)
  const step = WIDTH / values.length
  const label = t('station.trend', { count: values.length, low: number(low), high: number(high), unit: of.unit })
  return (
    <svg className="station-spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
      {of.kind === 'amount' ? (
        values.map((value, i) => (
          <rect
            key={i}
            x={i * step}
            width={Math.max(1, step - 0.6)}
            y={HEIGHT - Math.max(height(value), 0.6)}
            height={Math.max(height(value), 0.6)}
          />
        ))
      ) : (
        <polyline
          points={values.map((value, i) => `${((i + 0.5) * step).toFixed(1)},${(HEIGHT - 2 - height(value)).toFixed(1)}`).join(' ')}
        />
      )}
    </svg>
  )
}
