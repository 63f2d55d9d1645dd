import { useQuery } from '@tanstack/react-query'
import type { NetworkView } from '#core/view/matrix.ts'
import { Empty, OrganizationName, Panel, Read, Table } from '../kit/index.ts'
import { useNarrow } from '../kit/narrow.ts'
import { useWorld } from '../paths.ts'
import { networkQuery } from '../queries.ts'
import { useWords } from '../words.ts'

type Neighbour = NetworkView['neighbours'][number]
const SHOWN_MAX = 300

/** How one organization deals with each other one: what is open each way, how fast each answers, how even it is. */
export function Network({ of }: { readonly of: string }) {
  const { t, words, number } = useWords()
  const reading = useQuery(networkQuery(useWorld(), of))
  return (
    <Read of={reading} lines={10}>
      {(view) => (
        <Panel title={words(view.of.name)} note={t('network.open', { to: number(view.openTo), from: number(view.openFrom) })}>
          {view.neighbours.length === 0 ? <Empty title={t('network.none')} help={t('network.note')} /> : <Dealings of={view} />}
        </Panel>
      )}
    </Read>
  )
}

function Dealings({ of }: { readonly of: NetworkView }) {
  const { t, number } = useWords()
  const narrow = useNarrow()
  const reply = useReply()
  const share = of.mutual === null ? '—' : `${Math.floor(of.mutual * 100)}%`
  const shown = of.neighbours.slice(0, SHOWN_MAX)
  return (
    <>
      <p className="padded">
        {t('network.mutual', { share })} · {t('network.reply-to')} {reply(of.replyToMs, 1)} · {t('network.reply-from')}{' '}
        {reply(of.replyFromMs, 1)}
      </p>
      {narrow ? (
        <Cards shown={shown} />
      ) : (
        <Table
          label={t('network.view.network')}
          rows={shown}
          rowKey={(one) => one.other.id}
          columns={[
            {
              head: t('network.other'),
              cell: (one) => (
                <>
                  <OrganizationName of={one.other} /> <small className="soft">{t(`network.relation.${one.relation}`)}</small>
                </>
              ),
            },
            { head: t('network.open-to'), className: 'is-number', cell: (one) => number(one.openTo) },
            { head: t('network.open-from'), className: 'is-number', cell: (one) => number(one.openFrom) },
            { head: t('network.reply-to'), cell: (one) => reply(one.replyToMs, one.owedTo) },
            { head: t('network.reply-from'), cell: (one) => reply(one.replyFromMs, one.owedFrom) },
            { head: t('network.reciprocity'), cell: (one) => <Reciprocity of={one} /> },
          ]}
        />
      )}
      <p className="padded soft">
        {t('network.note')} · {t('network.reply-means')} · {t('network.reciprocity-means')}
      </p>
    </>
  )
}

/** Of nothing that was ever owed there is no reply to wait for. */
function useReply(): (ms: number | null, owed: number) => string {
  const { t, duration } = useWords()
  return (ms, owed) => (ms === null ? (owed === 0 ? '—' : t('network.no-reply')) : duration(ms))
}

function Reciprocity({ of }: { readonly of: Neighbour }) {
  const { t, number } = useWords()
  return (
    <span className="reciprocity">
      <b>{of.reciprocity.toFixed(2)}</b>{' '}
      <small className="soft">{t('network.owed', { to: number(of.owedTo), from: number(of.owedFrom) })}</small>
      <span className="reciprocity-bar" aria-hidden>
        <i style={{ flexGrow: of.owedTo }} />
        <i className="is-back" style={{ flexGrow: of.owedFrom }} />
      </span>
    </span>
  )
}

function Cards({ shown }: { readonly shown: readonly Neighbour[] }) {
  const { t, number } = useWords()
  const reply = useReply()
  return (
    <ul className="force-list">
      {shown.map((one) => (
        <li key={one.other.id}>
          <b>
            <OrganizationName of={one.other} />
          </b>
          <span>
            {t('network.open-to')} {number(one.openTo)} · {t('network.open-from')} {number(one.openFrom)}
          </span>
          <span className="soft">
            {t('network.reply-to')} {reply(one.replyToMs, one.owedTo)} · {t('network.reply-from')} {reply(one.replyFromMs, one.owedFrom)}
          </span>
          <Reciprocity of={one} />
        </li>
      ))}
    </ul>
  )
}
