import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { DatasetsView, DatasetView, SharingState } from '#core/view/information.ts'
import { newId } from '../api.ts'
import { useNow } from '../clock.ts'
import { Gauge, Gauges } from '../kit/gauge.tsx'
import { ActionButton, Badge, Button, Chips, Empty, OrganizationName, ReasonDialog, type Tone } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { DatasetDialog, RequestDialog, UpdateDialog } from './dataset-dialogs.tsx'
import { InformationFrame } from './frame.tsx'
import { percent } from './parts.tsx'

const SHOWN = ['all', 'stale', 'open', 'shared', 'on-request', 'withheld'] as const
const TONES: Readonly<Record<SharingState, Tone>> = { open: 'good', shared: 'accent', 'on-request': 'grey', withheld: 'soon' }

/** Which data there are, whose, how fresh, and who may have them. */
export function Catalogue({ view }: { readonly view: DatasetsView }) {
  const { t, code } = useWords()
  const real = useWorld() === null
  const [shown, setShown] = useState<(typeof SHOWN)[number]>('all')
  const [registering, setRegistering] = useState(false)
  const matches = (one: DatasetView, wanted: (typeof SHOWN)[number]): boolean =>
    wanted === 'all' || (wanted === 'stale' ? one.stale : one.sharing.state === wanted)
  const { fresh } = view
  const datasets = view.datasets.filter((one) => matches(one, shown))
  return (
    <InformationFrame
      on="datasets"
      actions={
        <>
          <a className="button is-plain" href="/api/datasets.jsonld" download="datasets.jsonld">
            <IconDownload size={16} aria-hidden /> {t('dataset.export')}
          </a>
          {real && <ActionButton action={view.register} variant="primary" onPress={() => setRegistering(true)} />}
        </>
      }
    >
      <Gauges>
        <Gauge
          name={t('dataset.gauge.fresh', { target: percent(fresh.target) })}
          value={percent(fresh.share)}
          note={t('dataset.gauge.fresh-note', { fresh: fresh.fresh, total: fresh.total })}
          wrong={fresh.share !== null && fresh.share < fresh.target}
        />
        {(['open', 'on-request', 'withheld'] as const).map((state) => (
          <Gauge
            key={state}
            name={code('sharing', state)}
            value={String(view.datasets.filter((one) => matches(one, state)).length)}
            note={t(`dataset.gauge.${state}`)}
          />
        ))}
      </Gauges>
      <div className="information-filters is-bare">
        <Chips
          label={t('dataset.shown')}
          choices={SHOWN.map((id) => ({
            id,
            label: `${code('dataset.show', id)} ${view.datasets.filter((one) => matches(one, id)).length}`,
          }))}
          value={shown}
          onChange={setShown}
        />
      </div>
      {datasets.length === 0 ? (
        <Empty title={t('dataset.none')} help={t('dataset.none-help')} />
      ) : (
        <ul className="dataset-list">
          {datasets.map((one) => (
            <DatasetCard key={one.id} of={one} />
          ))}
        </ul>
      )}
      {registering && <DatasetDialog id={newId()} of={null} onClose={() => setRegistering(false)} />}
    </InformationFrame>
  )
}

type Asked = 'revise' | 'update' | 'retire' | 'request'

function DatasetCard({ of }: { readonly of: DatasetView }) {
  const { t, code } = useWords()
  const real = useWorld() === null
  return (
    <li className={`dataset ${of.stale ? 'is-stale' : ''}`}>
      <header>
        <h2>{of.title}</h2>
        <Badge tone={TONES[of.sharing.state]}>{code('sharing', of.sharing.state)}</Badge>
        {of.stale && <Badge tone="late">{t('dataset.stale')}</Badge>}
      </header>
      <DatasetFacts of={of} />
      {real && <DatasetActions of={of} />}
    </li>
  )
}

function DatasetFacts({ of }: { readonly of: DatasetView }) {
  const { t, words, duration } = useWords()
  const now = useNow()
  const promise = duration(of.promise)
  const isLink = of.where !== null && /^https?:\/\//.test(of.where)
  return (
    <>
      <p className="dataset-owner">
        <OrganizationName of={of.owner} /> · {of.format} · {of.licence}
      </p>
      <p>{of.description}</p>
      <p className={of.stale ? 'late-words' : 'soft'}>
        {of.updatedAt === null
          ? t('dataset.never-updated', { promise })
          : t('dataset.updated', { age: duration(Math.max(0, now - Date.parse(of.updatedAt))), promise })}
        {of.checked && ` · ${t('dataset.checked')}`}
      </p>
      {of.sharing.state === 'withheld' && (
        <p className="dataset-why">{t('dataset.withheld-why', { reason: of.sharing.reason ?? '—', basis: of.sharing.basis ?? '—' })}</p>
      )}
      {of.sharing.state === 'shared' && (
        <p className="soft">{t('dataset.shared-with', { list: of.sharing.with.map((one) => words(one.name)).join(t('kit.and')) })}</p>
      )}
      {of.quality !== null && <p className="soft">{t('dataset.quality', { note: of.quality })}</p>}
      {of.where !== null && (
        <p className="dataset-where">
          {isLink ? (
            <a href={of.where} rel="noreferrer noopener" target="_blank">
              {of.where}
            </a>
          ) : (
            of.where
          )}
        </p>
      )}
    </>
  )
}

function DatasetActions({ of }: { readonly of: DatasetView }) {
  const { t } = useWords()
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  const [asked, setAsked] = useState<Asked | null>(null)
  const may = (command: string): boolean => of.actions.some((action) => action.command === command && action.refusal === null)
  const close = (): void => setAsked(null)
  return (
    <div className="release-actions">
      {may('dataset.record-update') && <Button onPress={() => setAsked('update')}>{t('command.dataset.record-update')}</Button>}
      {may('dataset.revise') && <Button onPress={() => setAsked('revise')}>{t('command.dataset.revise')}</Button>}
      {may('dataset.retire') && <Button onPress={() => setAsked('retire')}>{t('command.dataset.retire')}</Button>}
      {own !== null && own !== of.owner.id && of.sharing.state !== 'open' && of.where === null && (
        <Button onPress={() => setAsked('request')}>{t('dataset.request')}</Button>
      )}
      {asked === 'revise' && <DatasetDialog id={of.id} of={of} onClose={close} />}
      {asked === 'update' && <UpdateDialog of={of} onClose={close} />}
      {asked === 'request' && <RequestDialog of={of} onClose={close} />}
      {asked === 'retire' && (
        <ReasonDialog
          title={t('kit.named', { what: t('command.dataset.retire'), of: of.title })}
          isOpen
          onClose={close}
          room="dataset"
          id={of.id}
          label={t('command.dataset.retire')}
          ask={t('information.reason')}
          command={(reason) => ({ type: 'dataset.retire', reason })}
        />
      )}
    </div>
  )
}
