import type { InstrumentEntry } from '#core/view/instrument.ts'
import { Badge } from '../kit/index.ts'
import { useWords } from '../words.ts'

/** An end so near is shown. */
const NEAR_DAYS = 90

/** Whether it binds today, and why not; how near its end is; whether anybody ever issued it. Grey is usual: only what is off stands out. */
export function Marks({ of }: { readonly of: Pick<InstrumentEntry, 'standing' | 'daysLeft' | 'binding' | 'version' | 'demonstration'> }) {
  const { t, code } = useWords()
  const { standing, daysLeft, binding, version } = of
  const near = standing === 'binding' && daysLeft !== null && daysLeft <= NEAR_DAYS
  const waits = standing === 'unsigned' || standing === 'unapproved'
  return (
    <span className="marks">
      <Badge tone={standing === 'binding' ? 'good' : waits ? 'soon' : 'grey'}>{code('instrument.standing', standing)}</Badge>
      {near && <Badge tone={daysLeft <= 7 ? 'late' : 'soon'}>{t('instrument.ends-in', { days: daysLeft })}</Badge>}
      {binding !== null && binding !== version && <Badge tone="soon">{t('instrument.older-binds', { version: binding })}</Badge>}
      {of.demonstration && <Badge tone="soon">{t('instrument.mark.demonstration')}</Badge>}
    </span>
  )
}
