import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FeedsView, FeedSourceView } from '#core/view/feed.ts'
import { AlertTabs } from './kit/alert-tabs.tsx'
import { KeyDialog, RemoveDialog, SourceDialog } from './feed/dialogs.tsx'
import { SourceCard, useProblem } from './feed/source.tsx'
import { ActionButton, Empty, PageHead, Panel, Read } from './kit/index.ts'
import { useWorld } from './paths.ts'
import { feedsQuery } from './queries.ts'
import { useWords } from './words.ts'
import './feed.css'

const DUE_EVERY_MS = 2000
const EVERY_MS = 30_000
const isDue = ({ url, status, nextAt }: FeedSourceView, at: string): boolean =>
  url !== null && status !== 'paused' && nextAt !== null && nextAt <= at

type Open = { readonly kind: 'source' | 'key' | 'remove'; readonly of: FeedSourceView | null }

/** Where warnings come from and how that goes; where ours go out. */
export function FeedsPage() {
  const { t } = useWords()
  // How a source does is no event: it is asked for, often only while one is being read.
  const reading = useQuery({
    ...feedsQuery(useWorld()),
    refetchInterval: ({ state: { data } }) => (data?.sources.some((one) => isDue(one, data.at)) === true ? DUE_EVERY_MS : EVERY_MS),
  })
  const [open, setOpen] = useState<Open | null>(null)
  const view = reading.data
  const close = (): void => {
    setOpen(null)
    void reading.refetch()
  }
  return (
    <>
      <PageHead
        title={t('feed.title')}
        note={t('feed.subtitle')}
        actions={view && <ActionButton action={view.keep} variant="primary" onPress={() => setOpen({ kind: 'source', of: null })} />}
      />
      <AlertTabs on="feeds" />
      <Read of={reading} lines={10}>
        {(shown) => (
          <div className="feeds">
            <Findings of={shown} />
            <Panel title={t('feed.sources')} note={shown.sources.length}>
              {shown.sources.length === 0 ? (
                <Empty title={t('feed.none')} help={t('feed.none-help')} />
              ) : (
                <ul className="feed-sources">
                  {shown.sources.map((one) => (
                    <SourceCard
                      key={one.id}
                      of={one}
                      keep={shown.keep}
                      onOpen={(kind) => setOpen({ kind, of: one })}
                      onDone={() => void reading.refetch()}
                    />
                  ))}
                </ul>
              )}
            </Panel>
            <Out of={shown} />
          </div>
        )}
      </Read>
      {view && open?.kind === 'source' && <SourceDialog of={open.of} believe={view.believe} onClose={close} />}
      {open?.kind === 'key' && open.of !== null && <KeyDialog of={open.of} onClose={close} />}
      {open?.kind === 'remove' && open.of !== null && <RemoveDialog of={open.of} onClose={close} />}
    </>
  )
}

/** Whose silence or failure somebody has to see to. */
function Findings({ of: { sources, at } }: { readonly of: FeedsView }) {
  const { t, duration } = useWords()
  const problemWords = useProblem()
  const wrong = sources.filter(({ status }) => status === 'silent' || status === 'failing')
  if (wrong.length === 0) return null
  return (
    <Panel title={t('feed.findings')} note={wrong.length}>
      <ul className="feed-findings padded">
        {wrong.map(({ id, name, status, successAt, promiseSeconds, failures, problem }) => (
          <li key={id}>
            {status === 'silent'
              ? t('feed.finding-silent', {
                  name,
                  duration: successAt === null ? t('feed.heard-never') : duration(Date.parse(at) - Date.parse(successAt)),
                  promise: duration(promiseSeconds * 1000),
                })
              : t('feed.finding-failing', { name, failures, problem: problemWords(problem) })}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Out({ of: { out } }: { readonly of: FeedsView }) {
  const { t } = useWords()
  return (
    <Panel title={t('feed.out')}>
      <div className="padded">
        <p className="soft">{t('feed.out-note')}</p>
        <ul className="feed-out">
          {out.map(({ kind, path }) => (
            <li key={kind}>
              <a href={path} target="_blank" rel="noreferrer">
                {t(`feed.out.${kind}`)}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  )
}
