import type { Level } from '../level.tsx'
import { INKS } from '../level.tsx'

const TOKENS = [
  'map-land',
  'map-water',
  'map-border',
  'map-label',
  'map-foreign',
  'surface',
  'ink',
  'ink-soft',
  'line',
  'accent',
  'late',
] as const

/** Colours of the theme in force as rgb() text, since a WebGL style understands neither tokens nor newer colour spaces. */
export type Colours = Readonly<Record<(typeof TOKENS)[number], string>> & {
  readonly level: Readonly<Record<Level, string>>
  readonly levelInk: Readonly<Record<Level, string>>
}

/** Reads the tokens as they apply to `host` now. Colours the browser cannot resolve come out as black. */
export function readColours(host: HTMLElement): Colours {
  const probe = document.createElement('span')
  probe.hidden = true
  host.append(probe)
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const resolve = (css: string): string => {
    probe.style.color = ''
    probe.style.color = css
    if (!pen) return getComputedStyle(probe).color
    pen.clearRect(0, 0, 1, 1)
    pen.fillStyle = getComputedStyle(probe).color
    pen.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0, alpha = 255] = pen.getImageData(0, 0, 1, 1).data
    return `rgba(${red},${green},${blue},${(alpha / 255).toFixed(3)})`
  }
  const tokens = Object.fromEntries(TOKENS.map((name) => [name, resolve(`var(--${name})`)])) as Record<(typeof TOKENS)[number], string>
  const each = (css: (level: Level) => string): Record<Level, string> => ({
    1: resolve(css(1)),
    2: resolve(css(2)),
    3: resolve(css(3)),
    4: resolve(css(4)),
  })
  const colours = { ...tokens, level: each((level) => `var(--level-${level})`), levelInk: each((level) => INKS[level]) }
  probe.remove()
  return colours
}
