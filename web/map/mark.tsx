import type { JSX } from 'react'
import { LevelGlyph, NUMERALS } from '../level.tsx'
import type { Size, Spot } from './plane.ts'
import { roomFor, textWidth } from './plane.ts'
import type { MapMark } from './types.ts'

export const GLYPH_SIZE = 26
const PILL_HEIGHT = 28
const PILL_PADDING = 22
/** A longer label ends in an ellipsis. */
const PILL_MAX = 260

/** What a screen reader says for a mark: numeral, label, then the rest. */
export function nameOf({ level, label, sub }: MapMark): string {
  return [level === null ? '' : NUMERALS[level], label, sub ?? ''].filter((part) => part !== '').join(' ')
}

/** A mark as a button: the glyph's centre is the place; the label steps back when there is no room for it. */
export function MarkButton(props: {
  readonly mark: MapMark
  readonly selected: boolean
  readonly bare: boolean
  readonly onSelect: ((id: string) => void) | undefined
}): JSX.Element {
  const { mark, selected, bare, onSelect } = props
  return (
    <button
      type="button"
      className="map-mark"
      aria-label={nameOf(mark)}
      aria-pressed={selected}
      data-bare={bare && !selected}
      data-tone={mark.tone ?? 'normal'}
      onClick={(event) => {
        event.stopPropagation()
        onSelect?.(mark.id)
      }}
    >
      <LevelGlyph level={mark.level} size={GLYPH_SIZE} />
      <span className="map-pill">
        <span>{mark.label}</span>
        {mark.sub === undefined ? null : <small> {mark.sub}</small>}
      </span>
    </button>
  )
}

/** Marks that stand closer than this would cover one another's button. */
const APART = 32
const RINGS = 4
const TURNS = 12

/**
 * How far each mark steps aside so that none covers another, in CSS pixels; the graver stays, the other goes to the
 * nearest free place on a ring around it. Only those who move are in the answer. For at most a few hundred marks.
 */
export function asides(marks: readonly MapMark[], spotOf: (mark: MapMark) => Spot): ReadonlyMap<string, Spot> {
  const placed: Spot[] = []
  const moved = new Map<string, Spot>()
  const free = ({ x, y }: Spot): boolean => placed.every((other) => Math.hypot(other.x - x, other.y - y) >= APART)
  for (const mark of marks.toSorted((a, b) => (a.level ?? 5) - (b.level ?? 5))) {
    const spot = spotOf(mark)
    const step = around(spot).find(free) ?? spot
    placed.push(step)
    if (step !== spot) moved.set(mark.id, { x: step.x - spot.x, y: step.y - spot.y })
  }
  return moved
}

function around(spot: Spot): readonly Spot[] {
  const rings = Array.from({ length: RINGS * TURNS }, (_, i) => {
    const radius = APART * (1 + Math.floor(i / TURNS) * 0.5)
    const angle = ((i % TURNS) * 2 * Math.PI) / TURNS
    return { x: spot.x + radius * Math.cos(angle), y: spot.y - radius * Math.sin(angle) }
  })
  return [spot, ...rings]
}

export const shifted = (spot: Spot, aside: Spot | undefined): Spot =>
  aside === undefined ? spot : { x: spot.x + aside.x, y: spot.y + aside.y }

export type Tag = { readonly id: string; readonly text: string; readonly spot: Spot }

const PILL_TEXT = 13
const SMALL_TEXT = 11.5
const TAG_HEIGHT = 24
const TAG_PADDING = 20

/**
 * Ids of marks and tags (the labels of arcs) whose text has no room at the given spots. The graver a mark,
 * the sooner it gets its label; tags come last. Nothing covers a mark or one of the `blocks`.
 */
export function crowded(
  marks: readonly MapMark[],
  spotOf: (mark: MapMark) => Spot,
  tags: readonly Tag[],
  size: Size,
  selected: string | null,
  blocks: readonly Spot[] = [],
): ReadonlySet<string> {
  const order = marks.toSorted((a, b) => Number(b.id === selected) - Number(a.id === selected) || (a.level ?? 5) - (b.level ?? 5))
  const half = GLYPH_SIZE / 2
  const spots = order.map(spotOf)
  const around = ({ x, y }: Spot): { left: number; top: number; right: number; bottom: number }[] => [
    { left: x - half, top: y - half, right: x + half, bottom: y + half },
  ]
  const taken = [...spots.map(around), ...tags.map(() => []), ...blocks.map(around)]
  const pills = order.map((mark, i) => {
    const { x, y } = spots[i] ?? { x: 0, y: 0 }
    const text = PILL_PADDING + textWidth(mark.label, PILL_TEXT) + (mark.sub === undefined ? 0 : textWidth(mark.sub, SMALL_TEXT) + 6)
    const width = Math.min(text, PILL_MAX)
    return { left: x + half, top: y - PILL_HEIGHT / 2, right: x + half + width, bottom: y + PILL_HEIGHT / 2 }
  })
  const banners = tags.map(({ text, spot: { x, y } }) => {
    const width = TAG_PADDING + textWidth(text, SMALL_TEXT)
    return { left: x - width / 2, top: y - TAG_HEIGHT / 2, right: x + width / 2, bottom: y + TAG_HEIGHT / 2 }
  })
  const fits = roomFor([...pills, ...banners], taken)
  const inside = ({ x, y }: Spot): boolean => x > -half && y > -half && x < size.width + half && y < size.height + half
  const ids = [...order.map(({ id }) => id), ...tags.map(({ id }) => id)]
  const places = [...spots, ...tags.map(({ spot }) => spot)]
  return new Set(ids.filter((_, i) => !fits.has(i) && inside(places[i] ?? { x: 0, y: 0 })))
}

export type Cluster = { readonly marks: readonly MapMark[]; readonly spot: Spot }

/** Gathers marks that stand closer than `radius` pixels around the gravest of them. */
export function gather(marks: readonly MapMark[], spotOf: (mark: MapMark) => Spot, radius: number): readonly Cluster[] {
  const clusters: { marks: MapMark[]; spot: Spot }[] = []
  for (const mark of marks.toSorted((a, b) => (a.level ?? 5) - (b.level ?? 5))) {
    const spot = spotOf(mark)
    const home = clusters.find((one) => Math.hypot(one.spot.x - spot.x, one.spot.y - spot.y) < radius)
    if (home) home.marks.push(mark)
    else clusters.push({ marks: [mark], spot })
  }
  return clusters
}
