import type { target as zh } from '../zh-CN/target.ts'

export const target = {
  'refusal.target.pole': 'The polygon goes round a pole and has no inside on the map: cut it at 180° and close it along the pole.',
  'refusal.target.too-wide': 'The polygon goes round the globe more than once.',
  'refusal.target.too-intricate': 'The polygon has too many edges side by side to be used as an area.',
  'refusal.target.too-large': 'The area is too large: at most {most} such parts.',
  'refusal.target.ring-short': 'Each ring of a polygon needs three points at least.',
  'refusal.target.out-of-range': 'The coordinates are no place on Earth: longitude −180 to 180, latitude −90 to 90.',
  'refusal.target.radius': 'The radius of a circle is 0 to {most} km.',
} satisfies Record<keyof typeof zh, string>
