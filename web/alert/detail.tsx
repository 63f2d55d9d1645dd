import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Words } from '#core/event.ts'
import type { AlertDetail, BlockView, ReachedSiteView } from '#core/view/alert.ts'
import { ConveneDialog } from '../conduct/convene.tsx'
import { Badge, Button, DataList, Link, OrganizationName, PageHead, Panel, Read, Table } from '../kit/index.ts'
import { useParam, usePaths, useWorld } from '../paths.ts'
import { alertQuery, sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { AlertActions, WhatHappens } from './actions.tsx'
import { AreaMap } from './area-map.tsx'
import { Answers } from './list.tsx'
import { AlertBadges, AlertGlyph, Expiry, SaidText } from './parts.tsx'
import { ChainPanel, MessagePanel, StepsPanel } from './record.tsx'
import '../kit/obligation.css'
import '../alert.css'

const DIVISIONS_SHOWN = 60

/** One warning: what it says, to whom it goes, how it came about, and what this post may do. */
export function AlertPage() {
  const reading = useQuery(alertQuery(useWorld(), useParam('id')))
  return (
    <Read of={reading} lines={14}>
      {(alert) => <Warning of={alert} />}
    </Read>
  )
}

type Of = { readonly of: AlertDetail }

function Warning({ of }: Of) {
  const { code, t, lang } = useWords()
  const hazard = of.hazard === null ? t('alert.title') : code('hazard', of.hazard)
  const own = blockFor(of.blocks, lang)
  const others = of.blocks.filter((block) => block !== own)
  return (
    <div className="alert-page">
      <PageHead
        mark={<AlertGlyph of={of} size={38} />}
        title={<SaidText of={of.headline.length > 0 ? of.headline : of.event} otherwise={hazard} />}
        note={<Note of={of} />}
        actions={<AlertActions of={of} />}
      />
      {of.capStatus !== 'Actual' && (
        <p className="alert-banner is-exercise" role="note">
          {t('alert.not-actual', { status: t(`alert.cap.${of.capStatus}`) })}
        </p>
      )}
      <div className="page-grid">
        <div className="stack">
          <Waiting of={of} />
          {own !== undefined && (
            <Panel title={t('alert.text')}>
              <Block of={own} />
            </Panel>
          )}
          <Particulars of={of} />
          <Sites of={of} />
          {others.length > 0 && (
            <Panel title={t('alert.other-languages')} note={others.length} folded>
              {others.map((block, i) => (
                <Block key={i} of={block} />
              ))}
            </Panel>
          )}
        </div>
        <div className="stack">
          <Area of={of} />
          <StepsPanel of={of} />
          <ChainPanel of={of} />
          <MessagePanel of={of} />
        </div>
      </div>
    </div>
  )
}

function Note({ of }: Of) {
  const { t } = useWords()
  const paths = usePaths()
  return (
    <span className="alert-note">
      <AlertBadges of={of} />
      {(of.status === 'in-force' || of.status === 'shown' || of.endedAt !== null) && <Expiry of={of} />}
      <Answers of={of} />
      {of.incident !== null && (
        <span>
          {t('alert.to-incident')} <Link to={paths.incident(of.incident.id)}>{of.incident.title}</Link>
        </span>
      )}
    </span>
  )
}

/** A draft says what approving it will do, what it still lacks, and why it was sent back. */
function Waiting({ of }: Of) {
  const { t, code } = useWords()
  const { preview } = of
  if (preview === null) return null
  const missing = preview.missing.ordinary
  return (
    <Panel title={code('status.alert', of.status)} className="alert-waiting">
      <div className="padded alert-says">
        {of.returned !== null && <p className="late-words">{t('alert.returned', { reason: of.returned })}</p>}
        <WhatHappens of={of} />
        {missing.length > 0 && (
          <p className="late-words">
            {t('alert.preview-missing', { particulars: missing.map((one) => t(`particular.${one}`)).join(t('objective.list')) })}
          </p>
        )}
        {preview.consultation !== 'not-needed' && (
          <p className={preview.consultation === 'held' ? '' : 'late-words'}>
            {t('alert.consulted')}：{t(`alert.consulted.${preview.consultation}`)}
          </p>
        )}
        <Consulting of={of} />
        {of.status === 'submitted' && <p className="soft">{t('alert.waits-second')}</p>}
      </div>
    </Panel>
  )
}

/** Where a consultation stands in the way of the ordinary path: called from here, or looked up where it is. */
function Consulting({ of }: Of) {
  const { t } = useWords()
  const paths = usePaths()
  const real = useWorld() === null
  const may = useQuery(sessionQuery).data?.post?.powers.includes('consultation.hold') === true
  const [convening, setConvening] = useState(false)
  const state = of.preview?.consultation
  if (!real || (state !== 'missing' && state !== 'called')) return null
  return (
    <>
      <p className="soft">{t('alert.consult-first')}</p>
      <p>
        {state === 'called' ? (
          <Link to={paths.consultations()}>{t('alert.consult-see')}</Link>
        ) : (
          may && <Button onPress={() => setConvening(true)}>{t('alert.consult')}</Button>
        )}
      </p>
      {convening && (
        <ConveneDialog
          alertId={of.id}
          incidentId={of.incident?.id ?? null}
          hazard={of.hazard}
          jurisdiction={of.jurisdiction}
          colour={of.colour}
          onClose={() => setConvening(false)}
        />
      )}
    </>
  )
}

const blockFor = (blocks: readonly BlockView[], lang: string): BlockView | undefined =>
  blocks.find(({ language }) => language.toLowerCase().startsWith(lang.slice(0, 2).toLowerCase())) ?? blocks[0]

/** A language by its name; a code that nobody knows as it stands. */
function languageName(code: string, lang: string): string {
  try {
    return new Intl.DisplayNames([lang], { type: 'language', languageDisplay: 'standard' }).of(code.slice(0, 2)) ?? code
  } catch {
    return code
  }
}

/** The words of one block, in its own language, lines kept. */
function Block({ of }: { readonly of: BlockView }) {
  const { t, code, dateTime, lang } = useWords()
  const text = (name: string | null) =>
    name === null ? null : (
      <span className="alert-text" lang={of.language}>
        {name}
      </span>
    )
  return (
    <div className="padded">
      <p className="alert-block-head">
        <Badge>{languageName(of.language, lang)}</Badge> {of.state !== 'in-force' && <Badge>{t(`alert.block-state.${of.state}`)}</Badge>}
      </p>
      <DataList
        rows={[
          [t('alert.headline'), text(of.headline)],
          [t('alert.area'), of.areas.length === 0 ? null : text(of.areas.join('；'))],
          [t('alert.description'), text(of.description)],
          [t('alert.instruction'), text(of.instruction)],
          [t('alert.issuer'), text(of.senderName)],
          [t('particular.onset'), of.onset === null ? null : dateTime(of.onset)],
          [t('particular.expires'), of.expires === null ? null : dateTime(of.expires)],
          [t('alert.contact'), text(of.contact)],
          [t('alert.web'), text(of.web)],
          [t('alert.urgency'), code('compose.urgency', of.urgency)],
          [t('alert.severity'), code('compose.severity', of.severity)],
          [t('alert.certainty'), code('compose.certainty', of.certainty)],
          [
            t('alert.response'),
            of.responseTypes.length === 0 ? null : of.responseTypes.map((one) => code('compose.response', one)).join(' · '),
          ],
        ]}
      />
    </div>
  )
}

/** The eight particulars of Emergency Response Law art. 64, in the order of the law. */
function Particulars({ of }: Of) {
  const { t, code, dateTime } = useWords()
  const missing = new Set<string>(of.preview?.missing.ordinary ?? [])
  const gap = (name: string) => (missing.has(name) ? <b className="late-words">—</b> : '—')
  return (
    <Panel title={t('alert.particulars')} folded={of.preview === null}>
      <div className="padded">
        <DataList
          rows={[
            [t('particular.class'), of.hazard === null ? gap('class') : code('hazard', of.hazard)],
            [t('particular.level'), of.colour === null ? gap('level') : t(`colour.${of.colour}`)],
            [t('particular.onset'), of.onset === null ? gap('onset') : dateTime(of.onset)],
            [t('particular.area'), <SaidText key="area" of={of.area} otherwise="—" />],
            [
              t('particular.precautions'),
              of.draft === null ? null : <Lines key="precautions" of={of.draft.precautions} missing={missing.has('precautions')} />,
            ],
            [
              t('particular.measures'),
              of.draft === null ? null : <Lines key="measures" of={of.draft.measures} missing={missing.has('measures')} />,
            ],
            [
              t('particular.issuer'),
              of.owner === null ? (
                <SaidText key="issuer" of={of.senderName} otherwise="—" />
              ) : (
                <OrganizationName key="issuer" of={of.owner} />
              ),
            ],
            [t('particular.time'), of.sent === null ? '—' : dateTime(of.sent)],
            [t('particular.expires'), of.expires === null ? t('alert.no-expiry') : dateTime(of.expires)],
            [t('alert.restriction'), of.restriction],
            [t('alert.addresses'), of.addresses.length === 0 ? null : of.addresses.join('；')],
          ]}
        />
      </div>
    </Panel>
  )
}

function Lines({ of, missing }: { readonly of: Words; readonly missing: boolean }) {
  const { words } = useWords()
  const said = words(of).trim()
  return said === '' ? <b className={missing ? 'late-words' : ''}>—</b> : <span className="alert-text">{said}</span>
}

function Area({ of }: Of) {
  const { t, words } = useWords()
  const { geometry, reached, colour, id } = of
  return (
    <Panel title={t('alert.divisions')} note={reached.length}>
      {geometry !== null && <AreaMap shapes={[{ id, colour, geometry }]} label={t('alert.map')} />}
      {of.isCoarse && <p className="padded soft">{t('alert.map-coarse')}</p>}
      <div className="padded">
        {reached.length === 0 ? (
          <p className="soft">{t('alert.divisions-none')}</p>
        ) : (
          <ul className="alert-divisions">
            {reached.slice(0, DIVISIONS_SHOWN).map((one) => (
              <li key={one.code}>
                {words(one.name)}{' '}
                <span className="soft">
                  {one.code}
                  {one.share === 'part' && ` · ${t('alert.division-part')}`}
                </span>
              </li>
            ))}
            {reached.length > DIVISIONS_SHOWN && (
              <li className="soft">{t('alert.divisions-more', { count: reached.length - DIVISIONS_SHOWN })}</li>
            )}
          </ul>
        )}
      </div>
    </Panel>
  )
}

/** Every special site under it by name: who answers for it is to be asked. */
function Sites({ of: { sitesUnder } }: Of) {
  const { t, code, words } = useWords()
  const whom = (one: ReachedSiteView['owner']) =>
    one === null ? <b className="late-words">{t('alert.site-nobody')}</b> : <OrganizationName of={one} />
  return (
    <Panel title={t('alert.sites')} note={sitesUnder.length}>
      {sitesUnder.length === 0 ? (
        <p className="padded soft">{t('alert.sites-none')}</p>
      ) : (
        <Table
          label={t('alert.sites')}
          rows={sitesUnder}
          rowKey={(one) => one.id}
          columns={[
            {
              head: t('alert.site'),
              cell: (one) => (
                <>
                  <b>{one.name}</b> <span className="soft">{code('site-kind', one.kind)}</span>
                </>
              ),
            },
            { head: t('alert.site-where'), cell: (one) => words(one.division) },
            { head: t('alert.site-owner'), cell: (one) => whom(one.owner) },
            { head: t('alert.site-regulator'), cell: (one) => whom(one.regulator) },
            { head: t('alert.site-responder'), cell: (one) => whom(one.responder) },
          ]}
        />
      )}
    </Panel>
  )
}
