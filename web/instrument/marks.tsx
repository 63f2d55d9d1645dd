import { inForceOn } from '#core/instrument.ts'
import type { InstrumentSummary } from '#core/view.ts'
import { useNow } from '../clock.ts'
import { Badge } from '../kit/index.ts'
import { useWords } from '../words.ts'

/** Whether it binds today, and whether anybody ever issued it. Grey is usual: only what is off stands out. */
export function Marks({ of }: { readonly of: InstrumentSummary }) {
  const { t, date } = useWords()
  const today = date(new Date(useNow()).toISOString())
  const state = inForceOn(of, today) ? 'in-force' : of.inForceFrom > today ? 'future' : 'repealed'
  return (
    <span className="marks">
      <Badge tone={state === 'in-force' ? 'good' : 'grey'}>{t(`instrument.mark.${state}`)}</Badge>
      {of.demonstration && <Badge tone="soon">{t('instrument.mark.demonstration')}</Badge>}
    </span>
  )
}
