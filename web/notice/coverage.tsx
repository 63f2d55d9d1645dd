import { IconMoonStars } from '@tabler/icons-react'
import { useState } from 'react'
import type { Channel } from '#core/channel.ts'
import type { CoverageCell, CoverageRow, NoticesView, TestView } from '#core/view/notice.ts'
import { newId } from '../api.ts'
import { useSend } from '../form.ts'
import { ActionButton, Badge, Chips, Empty, OrganizationName, Panel, Table, toast } from '../kit/index.ts'
import { useWords, type WordsApi } from '../words.ts'

type Filter = 'all' | 'unreachable' | 'night' | 'liaison'
const FILTERS: readonly Filter[] = ['all', 'unreachable', 'night', 'liaison']
const WANTED: Readonly<Record<Filter, (row: CoverageRow) => boolean>> = {
  all: () => true,
  unreachable: (row) => !row.reachable,
  night: (row) => row.reachableAtNight !== true,
  liaison: (row) => row.liaison === null,
}

/** Organizations and channels: when each contact was last confirmed, how its last test went, and whether anybody answers at 3 a.m. */
export function Coverage({ of }: { readonly of: NoticesView }) {
  const { t, code } = useWords()
  const [filter, setFilter] = useState<Filter>('all')
  const rows = of.coverage.filter(WANTED[filter])
  const label = (id: Filter): string => `${code('notice', `filter-${id}`)} ${of.coverage.filter(WANTED[id]).length}`
  // A channel that nobody has and that is not set up is a column of nothing.
  const channels = of.channels.filter(
    ({ channel, setUp }) => setUp || of.coverage.some((row) => row.cells.some((cell) => cell.channel === channel)),
  )
  return (
    <Panel
      title={t('notice.tab-coverage')}
      actions={
        <Chips label={t('notice.filter')} choices={FILTERS.map((id) => ({ id, label: label(id) }))} value={filter} onChange={setFilter} />
      }
    >
      <p className="padded soft">{t('notice.coverage-note')}</p>
      {rows.length === 0 ? (
        <Empty title={t('notice.none-found')} />
      ) : (
        <Table
          label={t('notice.tab-coverage')}
          rows={rows}
          rowKey={(row) => row.organization.id}
          columns={[
            { head: t('notice.organization'), cell: (row) => <Organization of={row} /> },
            { head: t('notice.night'), cell: (row) => <Night of={row} /> },
            ...channels.map(({ channel }) => ({
              head: code('channel', channel),
              cell: (row: CoverageRow) => <Cell row={row} channel={channel} />,
            })),
          ]}
        />
      )}
    </Panel>
  )
}

function Organization({ of }: { readonly of: CoverageRow }) {
  const { t, words } = useWords()
  return (
    <div className="coverage-organization">
      <OrganizationName of={of.organization} />
      <small className="soft">{of.liaison === null ? t('notice.liaison-none') : `${t('notice.liaison')} · ${words(of.liaison)}`}</small>
    </div>
  )
}

function Night({ of }: { readonly of: CoverageRow }) {
  const { t } = useWords()
  const { reachableAtNight: night } = of
  return (
    <span className="coverage-night">
      <IconMoonStars size={15} aria-hidden />
      {night === null ? (
        <span className="soft">{t('notice.night-unknown')}</span>
      ) : (
        <Badge tone={night ? 'good' : 'late'}>{t(night ? 'notice.night-yes' : 'notice.night-no')}</Badge>
      )}
    </span>
  )
}

function testWords(test: TestView | null, nextAt: string, { t, short, duration }: WordsApi): string {
  if (test === null) return t('notice.not-tested', { at: short(nextAt) })
  const at = short(test.at)
  if (test.outcome === 'waiting') return t('notice.test-waiting', { at })
  return test.outcome === 'missed'
    ? t('notice.test-missed', { at })
    : t('notice.tested', { at, delay: duration((test.delaySeconds ?? 0) * 1000) })
}

function Cell({ row, channel }: { readonly row: CoverageRow; readonly channel: Channel }) {
  const words = useWords()
  const { t, code, short } = words
  const { send, busy } = useSend()
  const cell = row.cells.find((one) => one.channel === channel)
  if (cell === undefined) return <span className="soft">{t('notice.no-contact')}</span>
  const tryNow = async (): Promise<void> => {
    if (busy) return
    const answer = await send('notice', newId(), { type: 'notice.test', toPost: cell.postId, toOrganization: row.organization.id, channel })
    toast(answer.ok ? t('notice.test-started') : code('refusal', answer.code, answer.params))
  }
  const name = t('notice.test-now-of', { organization: words.words(row.organization.name), channel: code('channel', channel) })
  return (
    <div className="coverage-cell">
      <span>
        <Badge tone={toneOf(cell)}>{code('standing', cell.standing)}</Badge>{' '}
        <small className="soft">
          {cell.confirmedAt === null ? t('notice.never-confirmed') : t('notice.confirmed', { at: short(cell.confirmedAt) })}
        </small>
      </span>
      <small className={cell.test?.outcome === 'missed' ? 'late-words' : 'soft'}>{testWords(cell.test, cell.nextTestAt, words)}</small>
      <ActionButton
        action={cell.tryNow}
        variant="quiet"
        label={
          <>
            <span aria-hidden>{t('notice.test-now')}</span>
            <span className="for-readers">{name}</span>
          </>
        }
        onPress={() => void tryNow()}
      />
    </div>
  )
}

const toneOf = (cell: CoverageCell): 'grey' | 'soon' | 'late' =>
  cell.standing === 'lost' ? 'late' : cell.test?.outcome === 'missed' ? 'soon' : 'grey'
