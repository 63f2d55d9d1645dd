import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { IncidentView, ObligationView } from '#core/view.ts'
import { useNow } from '../clock.ts'
import { byUrgency } from '../deadline.tsx'
import { Button, Empty, LinkButton, Panel } from '../kit/index.ts'
import { OrderDialog } from '../kit/obligation-order.tsx'
import { isLate, isOwed, ObligationRow } from '../kit/obligation.tsx'
import { usePaths, useWorld } from '../paths.ts'
import { sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'

const HOUR_MS = 3_600_000
/** Rows of a group drawn at once. */
const GROUP_MAX = 60

const GROUPS = ['late', 'hour', 'later', 'undated', 'done'] as const
type Group = (typeof GROUPS)[number]

function groupOf(one: ObligationView, now: number): Group {
  if (!isOwed(one)) return 'done'
  if (one.dueAt === null) return 'undated'
  return isLate(one, now) ? 'late' : Date.parse(one.dueAt) - now <= HOUR_MS ? 'hour' : 'later'
}

/** What is owed in this incident: late first and red, then by deadline, settled last. */
export function DutiesPanel({ incident }: { readonly incident: IncidentView }) {
  const { t, code } = useWords()
  const paths = usePaths()
  const now = useNow()
  const open = incident.duties.filter(isOwed).length
  const groups = GROUPS.map((id) => ({ id, duties: incident.duties.filter((one) => groupOf(one, now) === id).toSorted(byUrgency) })).filter(
    ({ duties }) => duties.length > 0,
  )
  return (
    <Panel
      title={t('incident.duties')}
      note={t('incident.duties-count', { open, done: incident.duties.length - open })}
      actions={
        <>
          <OrderButton incident={incident} />
          <LinkButton to={paths.obligations()} aria-label={t('incident.duties-all')}>
            {t('kit.all')}
          </LinkButton>
        </>
      }
      className="room-duties"
      scrolls
    >
      {groups.length === 0 && <Empty title={t('incident.duties-none')} />}
      {groups.map(({ id, duties }) => (
        <section key={id} aria-label={code('incident.group', id)}>
          <h3 className={`group-head is-${id}`}>
            {code('incident.group', id)} <span>{duties.length}</span>
          </h3>
          <ul>
            {duties.slice(0, GROUP_MAX).map((duty) => (
              <ObligationRow key={duty.id} of={duty} zone={incident.zone} />
            ))}
          </ul>
          {duties.length > GROUP_MAX && <p className="padded soft">{t('incident.duties-more', { count: duties.length - GROUP_MAX })}</p>}
        </section>
      ))}
    </Panel>
  )
}

/** To order or request something of an organization, for this incident. */
function OrderButton({ incident }: { readonly incident: IncidentView }) {
  const { t } = useWords()
  const [asking, setAsking] = useState(false)
  const powers = useQuery(sessionQuery).data?.post?.powers ?? []
  if (useWorld() !== null || incident.closedAt !== null || !powers.includes('obligation.order')) return null
  const { id, jurisdiction, zone } = incident
  return (
    <>
      <Button onPress={() => setAsking(true)}>{t('obligation.ask')}</Button>
      {asking && <OrderDialog incident={{ id, jurisdiction: jurisdiction.code, zone }} onClose={() => setAsking(false)} />}
    </>
  )
}
