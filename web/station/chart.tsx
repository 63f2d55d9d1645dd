import { colourLevel } from '#core/level.ts'
import type { SeriesView } from '#core/view/station.ts'
import { LevelGlyph } from '../level.tsx'
import { useWords } from '../words.ts'
import { useWindowWords } from './window.ts'

const [WIDTH, HEIGHT, BOTTOM] = [1000, 240, 22]
const TICKS = 6

type ChartProps = { readonly of: SeriesView; readonly name: string; readonly kind: 'amount' | 'level' }

/** The readings, what the thresholds make of them, and the limits: each line is named beside the drawing, not by colour alone. */
export function Chart({ of, name, kind }: ChartProps) {
  const { t, short, number } = useWords()
  const { points, windowed, bands, unit } = of
  const [from, to] = [Date.parse(of.from), Date.parse(of.to)]
  const lines = windowed === null ? [] : windowed.points.map(([, value]) => value)
  const all = [...points.flatMap(({ low, high }) => [low, high]), ...lines, ...bands.map((one) => one.value)]
  const [least, most] = [Math.min(...all), Math.max(...all)]
  const low = kind === 'amount' ? Math.min(0, least) : least - Math.max((most - least) * 0.1, 0.01)
  const high = most + Math.max((most - low) * 0.06, 0.01)
  const x = (at: string): number => ((Date.parse(at) - from) / (to - from)) * WIDTH
  const y = (value: number): number => (HEIGHT - BOTTOM) * (1 - (value - low) / (high - low)) + 2
  const bar = Math.max(1.5, Math.min(14, (WIDTH / Math.max(1, points.length)) * 0.7))
  const highest = Math.max(...points.map((one) => one.high))
  const ticks = Array.from({ length: TICKS }, (_, i) => from + ((to - from) * (i + 0.5)) / TICKS)
  return (
    <figure className="station-chart">
      <div className="station-plot">
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t('station.chart', { name, from: short(of.from), to: short(of.to), high: number(highest), unit })}
        >
          <line className="station-axis" x1={0} x2={WIDTH} y1={HEIGHT - BOTTOM + 2} y2={HEIGHT - BOTTOM + 2} />
          {bands.map((one) => (
            <line key={one.colour} className="station-limit" x1={0} x2={WIDTH} y1={y(one.value)} y2={y(one.value)} />
          ))}
          {kind === 'amount'
            ? points.map((one) => (
                <rect
                  key={one.at}
                  className="station-bar"
                  x={x(one.at) - bar / 2}
                  width={bar}
                  y={y(one.high)}
                  height={Math.max(0.5, HEIGHT - BOTTOM + 2 - y(one.high))}
                />
              ))
            : points.length > 0 && (
                <polyline
                  className="station-line"
                  points={points.map((one) => `${x(one.at).toFixed(1)},${y(one.high).toFixed(1)}`).join(' ')}
                />
              )}
          {windowed !== null && (
            <polyline
              className="station-windowed"
              points={windowed.points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}
            />
          )}
        </svg>
        {bands.map((one) => (
          <span key={one.colour} className="station-limit-name" style={{ top: `${(y(one.value) / HEIGHT) * 100}%` }} aria-hidden>
            <LevelGlyph level={colourLevel(one.colour)} size={13} /> {number(one.value)}
          </span>
        ))}
        <p className="station-ticks" aria-hidden>
          {ticks.map((ms) => (
            <span key={ms}>{short(new Date(ms).toISOString())}</span>
          ))}
        </p>
      </div>
      <Legend of={of} kind={kind} />
    </figure>
  )
}

/** What each line is, in words. */
function Legend({ of: { unit, windowed, bands }, kind }: Omit<ChartProps, 'name'>) {
  const { t, number, code } = useWords()
  const windowWords = useWindowWords()
  return (
    <figcaption className="soft">
      <span className={kind === 'amount' ? 'is-bar' : 'is-line'}>
        {t('station.chart-readings')} ({unit})
      </span>
      {windowed !== null && <span className="is-windowed">{windowWords(windowed)}</span>}
      {bands.map((one) => (
        <span key={one.colour}>
          <LevelGlyph level={colourLevel(one.colour)} size={13} /> {code('colour', one.colour)} {one.reach === 'at-least' ? '≥' : '≤'}{' '}
          {number(one.value)}
        </span>
      ))}
    </figcaption>
  )
}
