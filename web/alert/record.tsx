import { IconDownload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { AlertDetail, StepView } from '#core/view/alert.ts'
import { DataList, Link, OrganizationName, Panel } from '../kit/index.ts'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'
import { AlertBadges, AlertGlyph, SaidText } from './parts.tsx'

type Of = { readonly of: AlertDetail }

/** Who did what when, and how long each step took; for whoever asks two years later. */
export function StepsPanel({ of }: Of) {
  const { t, dateTime, duration } = useWords()
  const { latencies } = of
  const took = (value: string | null): ReactNode => (value === null ? null : duration(value))
  const lead =
    latencies.lead === null ? null : latencies.lead.startsWith('-') ? (
      <b className="late-words">{t('alert.late-by', { time: duration(latencies.lead) })}</b>
    ) : (
      duration(latencies.lead)
    )
  return (
    <Panel title={t('alert.steps')}>
      <div className="padded">
        <DataList
          rows={[
            [t('alert.step.drafted'), of.drafted === null ? null : <Step key="drafted" of={of.drafted} />],
            [t('alert.step.submitted'), of.submittedAt === null ? null : dateTime(of.submittedAt)],
            [t('alert.step.received'), of.source === null ? null : dateTime(of.draftedAt)],
            [
              t(of.source === null ? 'alert.step.approved' : 'alert.step.adopted'),
              of.approved === null ? null : <Step key="approved" of={of.approved} />,
            ],
            [t('alert.path'), of.path === null ? null : t(`alert.path.${of.path}`)],
            [t('alert.path-reason'), of.reason],
            [t('alert.consulted'), of.consultation === null ? null : t(`alert.consulted.${of.consultation}`)],
            [t('alert.latency.drawn-up'), took(latencies.drawnUp)],
            [t('alert.latency.approved'), took(latencies.approved)],
            [t('alert.latency.lead'), of.kind === 'warning' || of.kind === 'update' ? lead : null],
            [t('alert.step.ended'), of.endedAt === null ? null : dateTime(of.endedAt)],
          ]}
        />
      </div>
    </Panel>
  )
}

function Step({ of }: { readonly of: StepView }) {
  const { words, dateTime } = useWords()
  return (
    <>
      {of.organization !== null && <OrganizationName of={of.organization} />}
      {of.title !== null && ` · ${words(of.title)}`} · <time dateTime={of.at}>{dateTime(of.at)}</time>
    </>
  )
}

/** All messages of the chain, the first sent first. */
export function ChainPanel({ of }: Of) {
  const { t, code, short } = useWords()
  const paths = usePaths()
  if (of.chain.length < 2 && !(of.replaces !== null && of.chain.length > 0)) return null
  return (
    <Panel title={t('alert.chain')} note={of.chain.length}>
      <ol className="alert-chain">
        {of.chain.map((one) => (
          <li key={one.id} aria-current={one.id === of.id ? 'step' : undefined}>
            <AlertGlyph of={one} size={20} />
            <span>
              {one.id === of.id ? (
                <b>{t('alert.chain-this')}</b>
              ) : (
                <Link to={paths.alert(one.id)}>
                  <SaidText of={one.headline} otherwise={one.identifier} />
                </Link>
              )}{' '}
              <span className="soft">
                {t(`alert.kind.${one.kind}`)} · {one.issuedAt === null ? '' : short(one.issuedAt)}
              </span>{' '}
              <AlertBadges of={{ status: one.status, kind: 'warning', capStatus: 'Actual', scope: 'Public' }} />
              <span className="for-readers">{code('status.alert', one.status)}</span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

/** The message as it went out: its identity, its signature in words, its bytes. */
export function MessagePanel({ of }: Of) {
  const { t } = useWords()
  if (of.identifier === null) return null
  return (
    <Panel title={t('alert.message')}>
      <div className="padded">
        <DataList
          rows={[
            [
              t('alert.signature'),
              <span key="signature" className={of.signature === 'invalid' ? 'late-words' : ''}>
                {t(`alert.signature.${of.signature}`)}
              </span>,
            ],
            [
              t('alert.identifier'),
              <code key="identifier" className="alert-code">
                {of.identifier}
              </code>,
            ],
            [
              t('alert.sender'),
              <code key="sender" className="alert-code">
                {of.sender}
              </code>,
            ],
            [
              t('alert.sha256'),
              <code key="sha256" className="alert-code">
                {of.sha256}
              </code>,
            ],
            [
              t('alert.references'),
              of.references.length === 0 ? null : (
                <code key="references" className="alert-code">
                  {of.references.map(({ identifier }) => identifier).join(' ')}
                </code>
              ),
            ],
          ]}
        />
        <p>
          <a className="button is-plain" href={`/api/alerts/${of.id}/cap.xml`} download>
            <IconDownload size={16} aria-hidden /> {t('alert.cap-xml')}
          </a>
        </p>
      </div>
    </Panel>
  )
}
