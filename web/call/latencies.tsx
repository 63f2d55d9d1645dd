import { useQuery } from '@tanstack/react-query'
import { colourLevel } from '#core/level.ts'
import type { Latency } from '#core/view/call.ts'
import { OrganizationName, Panel, Read, Table } from '../kit/index.ts'
import { LevelGlyph } from '../level.tsx'
import { useWorld } from '../paths.ts'
import { latenciesQuery } from '../queries.ts'
import { useWords } from '../words.ts'

/** From the warning to the answer, the decision and the act: by colour, by organization, by place. */
export function Latencies() {
  const { t, code, words } = useWords()
  const latencies = useQuery(latenciesQuery(useWorld()))
  const figures = useFigures()
  return (
    <Panel title={t('call.latencies')} note={t('call.latencies-note')} folded>
      <Read of={latencies} lines={6}>
        {({ byColour, byOrganization, byPlace }) =>
          byColour.length === 0 ? (
            <p className="soft padded">{t('call.no-latencies')}</p>
          ) : (
            <div className="call-latencies">
              <Table
                label={t('call.by-colour')}
                rows={byColour}
                rowKey={(row) => `${row.colour} ${row.stage}`}
                columns={[
                  {
                    head: t('call.by-colour'),
                    cell: (row) => (
                      <span className="call-warning">
                        <LevelGlyph level={colourLevel(row.colour)} size={18} title={code('colour', row.colour)} />{' '}
                        {code('call-stage', row.stage)}
                      </span>
                    ),
                  },
                  ...figures,
                ]}
              />
              <Table
                label={t('call.by-organization')}
                rows={byOrganization}
                rowKey={(row) => row.organization.id}
                columns={[{ head: t('call.by-organization'), cell: (row) => <OrganizationName of={row.organization} /> }, ...figures]}
              />
              <Table
                label={t('call.by-place')}
                rows={byPlace}
                rowKey={(row) => row.place.code}
                columns={[{ head: t('call.by-place'), cell: (row) => words(row.place.name) }, ...figures]}
              />
            </div>
          )
        }
      </Read>
    </Panel>
  )
}

type Figure = { readonly head: string; readonly cell: (row: Latency) => string; readonly className?: string }

function useFigures(): readonly Figure[] {
  const { t, duration, number } = useWords()
  const long = (ms: number | null): string => (ms === null ? '—' : duration(ms))
  return [
    { head: t('call.done'), cell: (row) => number(row.done), className: 'is-number' },
    { head: t('call.open'), cell: (row) => number(row.open), className: 'is-number' },
    { head: t('call.p50'), cell: (row) => long(row.p50), className: 'is-number' },
    { head: t('call.p90'), cell: (row) => long(row.p90), className: 'is-number' },
  ]
}
