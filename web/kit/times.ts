/** `2026-11-22T03:40` of the clock on the wall in a zone, for a field of date and time. */
export function localText(at: string, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(Date.parse(at))
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`
}

/** The instant that a wall clock in the zone shows as `2026-11-22T03:40`; null where the text is no such time. */
export function instantOf(local: string, zone: string): string | null {
  const wanted = Date.parse(`${local}:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local) || Number.isNaN(wanted)) return null
  // The offset at the guess may differ from that at the answer across a change of the clocks; a second step settles it.
  let guess = wanted
  for (let step = 0; step < 2; step++) guess += wanted - Date.parse(`${localText(new Date(guess).toISOString(), zone)}:00Z`)
  return new Date(guess).toISOString()
}
