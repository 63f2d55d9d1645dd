import { IconMail, IconPhone, IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { SHELTER_OPEN } from '#core/risk.ts'
import type { ReactNode } from 'react'
import { isUnknown, type Substance, type Unknown } from '#core/risk.ts'
import type { KnowerView, ProvenanceView, RiskDetail } from '#core/view/risk.ts'
import { useNow } from '../clock.ts'
import { Badge, Button, DataList, Empty, OrganizationName, PageHead, Panel, Read } from '../kit/index.ts'
import { useParam, useWorld } from '../paths.ts'
import { riskQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { FirstActions, OtherActions } from './actions.tsx'
import { History, Looked, Dangers, Plans } from './record.tsx'
import { KindWords, toneOf } from './row.tsx'

/** One item as whoever stands before it in the rain needs it: what is stored, who knows, how old each fact is. */
export function RiskPage() {
  const id = useParam('id')
  const reading = useQuery(riskQuery(useWorld(), id))
  return (
    <Read of={reading} lines={12}>
      {(risk) => <Item of={risk} />}
    </Read>
  )
}

type Props = { readonly of: RiskDetail }

function Item({ of }: Props) {
  const { t, words, code } = useWords()
  return (
    <article className="risk-page">
      <PageHead
        title={words(of.name)}
        note={
          <>
            <Badge>
              <KindWords of={of} />
            </Badge>{' '}
            {of.status === 'closed' && <Badge tone="soon">{t('status.risk.closed')}</Badge>} {of.address} · {words(of.jurisdiction.name)}
          </>
        }
        actions={<FirstActions of={of} />}
      />
      {of.gaps.length > 0 && (
        <ul className="risk-gaps" aria-label={t('risk.tab.coverage')}>
          {of.gaps.map((gap) => (
            <li key={gap}>
              <Badge tone={toneOf(gap)}>{code('risk.gap', gap)}</Badge>
            </li>
          ))}
        </ul>
      )}
      <div className="risk-first">
        <Contents of={of} />
        <Knowers of={of} />
        <Facts of={of} />
        <Answerable of={of} />
      </div>
      <Dangers of={of} />
      <Plans of={of} />
      <Looked of={of} />
      <OtherActions of={of} />
      <History of={of} />
      <p className="risk-print">
        <Button onPress={() => window.print()}>
          <IconPrinter size={17} aria-hidden /> {t('risk.print')}
        </Button>
      </p>
    </article>
  )
}

/** What nobody knows says so in a shape of its own, never as a blank. */
function UnknownMark({ of }: { readonly of: Unknown }) {
  const { t } = useWords()
  return <span className="risk-unknown">{t('risk.unknown-by', { who: of.unknown })}</span>
}
const known = (value: string | number | Unknown, shown: (value: string | number) => ReactNode): ReactNode =>
  isUnknown(value) ? <UnknownMark of={value} /> : shown(value)

/** Since when it is so, by whom, and whether the promise still holds. */
function Age({ of }: { readonly of: ProvenanceView | undefined }) {
  const { t, code, duration } = useWords()
  const now = useNow()
  if (of === undefined) return null
  const late = now - Date.parse(of.freshUntil)
  return (
    <p className={`risk-age ${late > 0 ? 'is-stale' : ''}`}>
      {t('risk.as-of', { age: duration(Math.max(0, now - Date.parse(of.asOfAt))), source: of.source })} ·{' '}
      {code('risk.confidence', of.confidence)} ·{' '}
      <b>{late > 0 ? t('risk.stale-since', { age: duration(late) }) : t('risk.fresh-for', { age: duration(-late) })}</b>
    </p>
  )
}

function Contents({ of }: Props) {
  const { t } = useWords()
  const { store, contents } = of
  const isWrong = contents === 'unsaid' || contents === 'unknown'
  return (
    <Panel title={t('risk.contents')} className={`risk-contents ${isWrong ? 'is-wrong' : ''}`}>
      <div className="padded">
        {!of.storeShown ? (
          <>
            {isWrong && <p className="risk-warn">{t(contents === 'unsaid' ? 'risk.contents.unsaid' : 'risk.contents.hidden-unknown')}</p>}
            {contents !== 'none' && <p className="soft">{t('risk.contents.hidden')}</p>}
            {contents === 'none' && <p className="soft">{t('risk.contents.not-asked')}</p>}
          </>
        ) : store === null ? (
          <p className={contents === 'unsaid' ? 'risk-warn' : 'soft'}>
            {t(contents === 'unsaid' ? 'risk.contents.unsaid' : 'risk.contents.not-asked')}
          </p>
        ) : store.length === 0 ? (
          <p>{t('risk.contents.none')}</p>
        ) : (
          <ul className="risk-store">
            {store.map((one, index) => (
              <SubstanceLine key={index} of={one} />
            ))}
          </ul>
        )}
        <Age of={of.provenance['contents']} />
      </div>
    </Panel>
  )
}

function SubstanceLine({ of }: { readonly of: Substance }) {
  const { code, number } = useWords()
  const { quantity } = of
  return (
    <li>
      <strong>{known(of.name, String)}</strong>
      <span className="risk-quantity">
        {isUnknown(quantity) ? (
          <UnknownMark of={quantity} />
        ) : (
          `${number(quantity.value)} ${code('risk.unit', quantity.unit.replace(/^\{(.+)\}$/, '$1'))}`
        )}
      </span>
      <span className="soft">
        {[of.un === undefined ? '' : `UN ${of.un}`, of.cas === undefined ? '' : `CAS ${of.cas}`, of.where ?? '']
          .filter((part) => part !== '')
          .join(' · ')}
      </span>
    </li>
  )
}

function Knowers({ of }: Props) {
  const { t } = useWords()
  return (
    <Panel title={t('risk.knowers')}>
      <div className="padded">
        {of.knowers.length === 0 ? (
          <p className="risk-warn">{t('risk.knowers-none')}</p>
        ) : (
          <ul className="risk-knowers">
            {of.knowers.map((one, index) => (
              <Knower key={index} of={one} />
            ))}
          </ul>
        )}
        <Age of={of.provenance['knowers']} />
      </div>
    </Panel>
  )
}

const HREF: Readonly<Record<string, string>> = { sms: 'tel:', voice: 'tel:', email: 'mailto:' }

function Knower({ of }: { readonly of: KnowerView }) {
  const { t, words, duration } = useWords()
  const now = useNow()
  return (
    <li>
      {of.post !== null && (
        <strong>
          {words(of.post.title)} · <OrganizationName of={of.post.organization} />
        </strong>
      )}
      {of.words !== null && <span>{of.words}</span>}
      {of.post !== null && of.contacts === null && <span className="soft">{t('risk.contacts-hidden')}</span>}
      {of.contacts !== null && of.contacts.length === 0 && <span className="soft">{t('risk.contacts-none')}</span>}
      {of.contacts?.map((one) => (
        <a key={one.channel} className="button is-plain risk-call" href={`${HREF[one.channel] ?? ''}${one.address}`}>
          {one.channel === 'email' ? <IconMail size={18} aria-hidden /> : <IconPhone size={18} aria-hidden />} {one.address}
          <small className={one.standing === 'lost' ? 'late-words' : 'soft'}>
            {one.confirmedAt === null
              ? t('risk.contact-never')
              : t('risk.contact-confirmed', { age: duration(Math.max(0, now - Date.parse(one.confirmedAt))) })}
            {one.roundTheClock && ` · ${t('risk.round-the-clock')}`}
          </small>
        </a>
      ))}
    </li>
  )
}

function Facts({ of }: Props) {
  const { t, code, number } = useWords()
  const { people } = of
  return (
    <Panel title={t('risk.people')}>
      <div className="padded">
        {people === null ? (
          <p className="soft">{t('risk.people-unsaid')}</p>
        ) : (
          <dl className="risk-people">
            <div>
              <dt>{t('risk.people-usual')}</dt>
              <dd>{known(people.usual, (value) => number(Number(value)))}</dd>
            </div>
            <div>
              <dt>{t('risk.people-help')}</dt>
              <dd>{known(people.needHelp, (value) => number(Number(value)))}</dd>
            </div>
          </dl>
        )}
        <Age of={of.provenance['people']} />
        {of.hazards.length > 0 && <p>{t('risk.hazards', { what: of.hazards.map((hazard) => code('hazard', hazard)).join(' · ') })}</p>}
        {of.facts.map(({ key, text }) => (
          <div key={key} className="risk-fact">
            <p>
              <b>{code('risk.fact', key)}</b> {of.siteKind === 'shelter' && key === SHELTER_OPEN.key ? code('risk.shelter', text) : text}
            </p>
            <Age of={of.provenance[key]} />
          </div>
        ))}
      </div>
    </Panel>
  )
}

function Answerable({ of }: Props) {
  const { t, duration } = useWords()
  const nobody = <Badge tone="soon">{t('risk.nobody')}</Badge>
  return (
    <Panel title={t('risk.answerable')}>
      <div className="padded">
        <DataList
          rows={[
            [t('risk.owner'), of.owner === null ? nobody : <OrganizationName key="owner" of={of.owner} />],
            [t('risk.regulator'), of.regulator === null ? nobody : <OrganizationName key="regulator" of={of.regulator} />],
            [t('risk.responder'), of.responder === null ? nobody : <OrganizationName key="responder" of={of.responder} />],
            [t('risk.promise'), t('risk.promise-words', { every: duration(of.promise) })],
            [
              t('risk.position'),
              of.point === null ? (
                nobody
              ) : (
                <span key="point">
                  {of.point.lat.toFixed(5)}, {of.point.lon.toFixed(5)} {of.point.accuracy ?? ''}
                </span>
              ),
            ],
          ]}
        />
        {of.contents === 'none' && of.owner === null && <Empty title={t('risk.gap.no-owner')} help={t('risk.next.no-owner')} />}
      </div>
    </Panel>
  )
}
