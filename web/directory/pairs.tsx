import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PairsView } from '#core/view/matrix.ts'
import { Badge, Chips, Empty, OrganizationName, Panel, Read, Table } from '../kit/index.ts'
import { useNarrow } from '../kit/narrow.ts'
import { useWorld } from '../paths.ts'
import { pairsQuery } from '../queries.ts'
import { useWords } from '../words.ts'

const FILTERS = ['peers', 'all', 'commands', 'is-commanded', 'same-superior', 'none'] as const
type Filter = (typeof FILTERS)[number]
type Pair = PairsView['pairs'][number]
const SHOWN_MAX = 300

const WAYS = { commands: 'order', 'is-commanded': 'obey', 'same-superior': 'request', none: 'request' } as const
const isPeer = (one: Pair): boolean => one.sameLevel && (one.relation === 'same-superior' || one.relation === 'none')

/** How one organization stands to every other: whom it may order, and whom it can only ask. */
export function Pairs({ of }: { readonly of: string }) {
  const { t, words } = useWords()
  const [filter, setFilter] = useState<Filter>('peers')
  const reading = useQuery(pairsQuery(useWorld(), of))
  return (
    <Read of={reading} lines={10}>
      {(view) => {
        const matching = (one: Filter): readonly Pair[] =>
          view.pairs.filter((pair) => one === 'all' || (one === 'peers' ? isPeer(pair) : pair.relation === one))
        const name = (one: Filter): string =>
          one === 'all' ? t('network.pairs.all') : one === 'peers' ? t('network.pairs.peers') : t(`network.relation.${one}`)
        const choices = FILTERS.map((id) => ({ id, label: `${name(id)} ${matching(id).length}` }))
        return (
          <Panel title={words(view.of.name)} note={t('network.pairs.note')}>
            <div className="padded">
              <Chips label={t('network.pairs.filter')} choices={choices} value={filter} onChange={setFilter} />
            </div>
            <List pairs={matching(filter).slice(0, SHOWN_MAX)} />
          </Panel>
        )
      }}
    </Read>
  )
}

function List({ pairs }: { readonly pairs: readonly Pair[] }) {
  const { t, words } = useWords()
  const narrow = useNarrow()
  if (pairs.length === 0) return <Empty title={t('directory.none')} />
  const way = (one: Pair) => (
    <Badge tone={one.relation === 'commands' ? 'accent' : 'grey'}>{t(`network.pairs.${WAYS[one.relation]}`)}</Badge>
  )
  if (narrow)
    return (
      <ul className="force-list">
        {pairs.map((one) => (
          <li key={one.other.id}>
            <b>
              <OrganizationName of={one.other} />
            </b>
            <span>
              {way(one)} <span className="soft">{t(`network.relation-means.${one.relation}`)}</span>
            </span>
          </li>
        ))}
      </ul>
    )
  return (
    <Table
      label={t('network.view.pairs')}
      rows={pairs}
      rowKey={(one) => one.other.id}
      columns={[
        { head: t('network.pairs.other'), cell: (one) => <OrganizationName of={one.other} /> },
        { head: t('network.pairs.way'), cell: way },
        {
          head: t('network.pairs.relation'),
          cell: (one) => (
            <>
              {t(`network.relation.${one.relation}`)} <span className="soft">{t(`network.relation-means.${one.relation}`)}</span>
            </>
          ),
        },
        { head: t('network.pairs.common'), cell: (one) => (one.common === null ? '—' : words(one.common.name)) },
      ]}
    />
  )
}
