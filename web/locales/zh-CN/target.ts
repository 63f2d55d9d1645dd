export const target = {
  'refusal.target.pole': '多边形绕过了极点，在地图上没有内外之分：请在 180° 经线处断开，并沿极点补边。',
  'refusal.target.too-wide': '多边形绕地球超过一圈。',
  'refusal.target.too-intricate': '多边形并排的边太多，无法作为范围使用。',
  'refusal.target.too-large': '范围太大：这样的组成部分最多 {most} 个。',
  'refusal.target.ring-short': '多边形的每一圈至少要有三个点。',
  'refusal.target.out-of-range': '坐标不在地球上：经度 −180 至 180，纬度 −90 至 90。',
  'refusal.target.radius': '圆的半径须为 0 至 {most} 公里。',
} as const
