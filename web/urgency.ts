import type { ObligationView } from '#core/view.ts'

/** Where the bar turns from grey to orange: this share of the time is used up. */
const SOON_SHARE = 0.75

export type Dated = Pick<ObligationView, 'status' | 'owedAt' | 'dueAt' | 'dischargedAt' | 'lateBy' | 'lapsed'>
export type Urgency = 'late' | 'soon' | 'calm' | 'settled'

/** As in core: declined in time it is answered; declined late it is late until it is discharged or somebody lets it off. */
export const isOpen = ({ status, lapsed }: Pick<Dated, 'status' | 'lapsed'>): boolean =>
  status !== 'discharged' && status !== 'waived' && (status !== 'declined' || lapsed)

/** What was only asked for is not owed, and never late. */
export const isLate = (one: Pick<Dated, 'status' | 'lapsed' | 'dueAt'>, now: number): boolean =>
  isOpen(one) && one.status !== 'requested' && one.dueAt !== null && Date.parse(one.dueAt) < now

/** Share of the time used up, 0 to 1; null without a deadline. */
export function usedShare(one: Dated, now: number): number | null {
  if (one.dueAt === null) return null
  const [start, end] = [Date.parse(one.owedAt), Date.parse(one.dueAt)]
  return end <= start ? 1 : Math.min(1, Math.max(0, (now - start) / (end - start)))
}

export function urgency(one: Dated, now: number): Urgency {
  if (!isOpen(one)) return 'settled'
  if (isLate(one, now)) return 'late'
  return (usedShare(one, now) ?? 0) >= SOON_SHARE ? 'soon' : 'calm'
}

/** Late first, then by deadline, those without one after, what is settled last. */
export function byUrgency(a: Dated, b: Dated): number {
  if (isOpen(a) !== isOpen(b)) return isOpen(a) ? -1 : 1
  if (a.dueAt === null || b.dueAt === null) return a.dueAt === b.dueAt ? 0 : a.dueAt === null ? 1 : -1
  return Date.parse(a.dueAt) - Date.parse(b.dueAt)
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Below an hour `mm:ss`, below two days hours and minutes, else days and hours. */
export function countdownText(ms: number, lang: 'zh-CN' | 'en'): string {
  const seconds = Math.floor(Math.abs(ms) / 1000)
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600), Math.floor(seconds / 60)]
  const zh = lang === 'zh-CN'
  if (minutes < 60) return `${two(minutes)}:${two(seconds % 60)}`
  if (hours < 48) return zh ? `${hours} 小时 ${two(minutes % 60)} 分` : `${hours} h ${two(minutes % 60)} min`
  return zh ? `${days} 天 ${hours % 24} 小时` : `${days} d ${hours % 24} h`
}
