import { useState } from 'react'
import type { Words } from '#core/event.ts'
import type { TimelineEntry } from '#core/view.ts'
import { Button, OrganizationName, Panel } from '../kit/index.ts'
import { tellConsultation } from '../timeline/consultation.ts'
import { useWords } from '../words.ts'

const SHOWN = 12

/** Who said what when, as the log has it: what a reader two years later asks for. */
export function Record({ of, zone }: { readonly of: readonly TimelineEntry[]; readonly zone?: string }) {
  const { t } = useWords()
  const [all, setAll] = useState(false)
  const newest = of.toReversed()
  const shown = all ? newest : newest.slice(0, SHOWN)
  return (
    <Panel title={t('consultation.record')} note={of.length} folded={of.length <= 1}>
      <ol className="decision-list consultation-record">
        {shown.map((one) => (
          <Line key={one.position} of={one} {...(zone === undefined ? {} : { zone })} />
        ))}
      </ol>
      {shown.length < newest.length && (
        <div className="padded">
          <Button variant="quiet" onPress={() => setAll(true)}>
            {t('consultation.more')} {newest.length - shown.length}
          </Button>
        </div>
      )}
    </Panel>
  )
}

function Line({ of, zone }: { readonly of: TimelineEntry; readonly zone?: string }) {
  const api = useWords()
  const names = (of.data['names'] ?? {}) as Readonly<Record<string, Words | undefined>>
  const nameOf = (id: unknown): string => {
    const found = typeof id === 'string' ? names[id] : undefined
    return found === undefined ? '—' : api.words(found)
  }
  const told = tellConsultation(of, nameOf, api)
  const { organization, title } = of.actor
  return (
    <li className="decision-row">
      <span>{told?.text ?? of.type}</span>
      <span className="soft">
        {api.short(of.occurredAt, zone)}
        {organization !== null && (
          <>
            {' '}
            · <OrganizationName of={organization} />
          </>
        )}
        {title !== null && ` ${api.words(title)}`}
      </span>
    </li>
  )
}
