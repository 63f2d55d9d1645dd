import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { NoticesView } from '#core/view/notice.ts'
import { Badge, Chips, PageHead, Panel, Read } from './kit/index.ts'
import { Coverage } from './notice/coverage.tsx'
import { NoticeList } from './notice/list.tsx'
import { OwnPost } from './notice/post.tsx'
import { useWorld } from './paths.ts'
import { noticesQuery } from './queries.ts'
import { useWords } from './words.ts'
import './notice.css'

/** Who can be reached by what and how fast; what the organization was told; how the own post is told. */
export function NoticesPage() {
  const { t } = useWords()
  const reading = useQuery(noticesQuery(useWorld()))
  return (
    <>
      <PageHead title={t('notice.title')} note={t('notice.subtitle')} />
      <Read of={reading} lines={12}>
        {(view) => <Notices of={view} />}
      </Read>
    </>
  )
}

type Pane = 'coverage' | 'list' | 'post'

function Notices({ of }: { readonly of: NoticesView }) {
  const { t } = useWords()
  const [pane, setPane] = useState<Pane>('list')
  const choices: readonly { readonly id: Pane; readonly label: string }[] = [
    { id: 'list', label: t('notice.tab-list') },
    { id: 'coverage', label: t('notice.tab-coverage') },
    ...(of.own === null ? [] : [{ id: 'post' as const, label: t('notice.tab-post') }]),
  ]
  return (
    <div className="notices">
      <Figures of={of} />
      <Chips label={t('notice.view')} choices={choices} value={pane} onChange={setPane} />
      {pane === 'list' && <NoticeList notices={of.notices} />}
      {pane === 'coverage' && <Coverage of={of} />}
      {pane === 'post' && of.own !== null && <OwnPost of={of.own} view={of} />}
    </div>
  )
}

/** The share that the requirement asks for; below it the figure is no longer grey. */
const SHARE_WANTED = 0.95

function Figures({ of: { coverage, tests, channels } }: { readonly of: NoticesView }) {
  const { t, code } = useWords()
  const all = coverage.length
  const count = (has: (row: NoticesView['coverage'][number]) => boolean): string =>
    t('notice.of', { some: coverage.filter(has).length, all })
  const share = tests.ended === 0 ? null : tests.reached / tests.ended
  return (
    <Panel title={t('notice.channels')} note={channels.every((one) => !one.setUp) ? t('notice.none-set-up') : undefined}>
      <ul className="notice-channels padded">
        {channels.map(({ channel, setUp }) => (
          <li key={channel}>
            <span>{code('channel', channel)}</span>{' '}
            <Badge tone={setUp ? 'good' : 'grey'}>{t(setUp ? 'notice.set-up' : 'notice.not-set-up')}</Badge>
          </li>
        ))}
      </ul>
      <dl className="notice-figures padded">
        <div className={share !== null && share < SHARE_WANTED ? 'is-late' : ''}>
          <dt>{t('notice.share')}</dt>
          <dd>
            {share === null ? '—' : `${Math.floor(share * 100)}%`}{' '}
            <small>
              {share === null ? t('notice.share-none') : t('notice.share-note', { reached: tests.reached, ended: tests.ended })}
            </small>
          </dd>
        </div>
        <div>
          <dt>{t('notice.reachable')}</dt>
          <dd>{count((row) => row.reachable)}</dd>
        </div>
        <div>
          <dt>{t('notice.reachable-night')}</dt>
          <dd>{count((row) => row.reachableAtNight === true)}</dd>
        </div>
        <div>
          <dt>{t('notice.liaisons')}</dt>
          <dd>{count((row) => row.liaison !== null)}</dd>
        </div>
      </dl>
    </Panel>
  )
}
