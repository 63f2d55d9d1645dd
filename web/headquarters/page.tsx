import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BodyView } from '#core/view/headquarters.ts'
import { useNow } from '../clock.ts'
import { DecisionsPanel } from '../conduct/decisions.tsx'
import { ActionButton, Badge, Button, DataList, findAction, Link, OrganizationName, PageHead, Panel, Read, Table } from '../kit/index.ts'
import { BasisLink, ObligationRow } from '../kit/obligation.tsx'
import { useParam, usePaths, useWorld } from '../paths.ts'
import { bodyQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { BodyDialog } from './dialogs.tsx'
import '../headquarters.css'

/** One standing body: seats, what it is for, what it commands, what it decided and met about. */
export function BodyPage() {
  const id = useParam('id')
  const reading = useQuery(bodyQuery(useWorld(), id))
  return (
    <Read of={reading} lines={12}>
      {(body) => <Body of={body} />}
    </Read>
  )
}

type Of = { readonly of: BodyView }

function Body({ of }: Of) {
  const { words, code } = useWords()
  return (
    <div className="body-page">
      <PageHead
        title={words(of.name)}
        note={
          <>
            <Badge tone={of.status === 'active' ? 'accent' : 'grey'}>{code('status.headquarters', of.status)}</Badge>{' '}
            {code('headquarters.kinds', of.kind)} · {words(of.jurisdiction.name)} · <OrganizationName of={of.lead} />
          </>
        }
        actions={<Actions of={of} />}
      />
      <div className="page-grid">
        <div className="stack">
          <Purpose of={of} />
          <Seats of={of} />
          <Meetings of={of} />
        </div>
        <div className="stack">
          <Facts of={of} />
          <Activations of={of} />
          <DecisionsPanel
            incidentId={null}
            headquartersId={of.id}
            asked={of.seats.filter((one) => one.seat === 'member' && one.organization.id !== of.lead.id).map((one) => one.organization.id)}
            emergency={false}
          />
        </div>
      </div>
    </div>
  )
}

const USUAL = [
  'headquarters.join',
  'headquarters.set-purpose',
  'headquarters.activate',
  'headquarters.deactivate',
  'headquarters.meet',
] as const
const RARE = ['headquarters.admit', 'headquarters.release', 'headquarters.change-lead', 'headquarters.stand-down'] as const

function Actions({ of }: Of) {
  const { t } = useWords()
  const real = useWorld() === null
  const [asked, setAsked] = useState<string | null>(null)
  const [more, setMore] = useState(false)
  if (!real || of.status === 'stood-down') return null
  const joined = of.seats.every((one) => one.joinedAt !== null)
  const hidden = (command: string): boolean =>
    (command === 'headquarters.join' && joined) || (command === 'headquarters.deactivate' && of.activations.length === 0)
  const offered = (commands: readonly string[]) =>
    commands.filter((one) => !hidden(one)).flatMap((command) => findAction(of.actions, command) ?? [])
  return (
    <div className="body-actions">
      {offered(more ? [...USUAL, ...RARE] : USUAL).map((action) => (
        <ActionButton
          key={action.command}
          action={action}
          variant={action.command === 'headquarters.activate' && action.refusal === null ? 'primary' : 'plain'}
          onPress={() => setAsked(action.command)}
        />
      ))}
      <Button variant="quiet" aria-expanded={more} onPress={() => setMore(!more)}>
        {t('conduct.more')}
      </Button>
      {asked !== null && <BodyDialog key={asked} command={asked} of={of} onClose={() => setAsked(null)} />}
    </div>
  )
}

/** What it is for: objectives as a tree, one lead for each function, the words that its members agree on. */
function Purpose({ of }: Of) {
  const { t, words, code } = useWords()
  const bare = of.objectives.length === 0 && of.functions.length === 0
  return (
    <Panel title={t('headquarters.purpose')}>
      <div className="padded purpose">
        {of.notReady !== null && of.powers.includes('command') && of.status !== 'stood-down' && (
          <p className="late-words" role="status">
            {code('refusal', of.notReady.code, of.notReady.params)}
          </p>
        )}
        {bare && <p className="soft">{t('headquarters.purpose-none')}</p>}
        {of.objectives.length > 0 && (
          <section aria-label={t('headquarters.objectives')}>
            <h3>{t('headquarters.objectives')}</h3>
            <Aims all={of.objectives} under={null} />
          </section>
        )}
        {of.functions.length > 0 && (
          <section aria-label={t('headquarters.functions')}>
            <h3>{t('headquarters.functions')}</h3>
            <DataList
              rows={of.functions.map((one) => [
                code('function', one.function),
                one.lead === null ? (
                  <Badge key={one.function} tone="late">
                    {t('headquarters.no-lead')}
                  </Badge>
                ) : (
                  <OrganizationName key={one.function} of={one.lead} />
                ),
              ])}
            />
          </section>
        )}
        {of.terms.length > 0 && (
          <section aria-label={t('headquarters.terms')}>
            <h3>{t('headquarters.terms')}</h3>
            <DataList rows={of.terms.map((one) => [one.term, words(one.means)])} />
          </section>
        )}
      </div>
    </Panel>
  )
}

/** Each stands under one before it, so the tree ends. */
function Aims({ all, under }: { readonly all: BodyView['objectives']; readonly under: string | null }) {
  const { words } = useWords()
  const here = all.filter((one) => one.parent === under)
  if (here.length === 0) return null
  return (
    <ul className="aims">
      {here.map((one) => (
        <li key={one.code}>
          <span>{words(one.words)}</span>
          <Aims all={all} under={one.code} />
        </li>
      ))}
    </ul>
  )
}

function Seats({ of }: Of) {
  const { t, code, short, words } = useWords()
  const sector = (id: string | null): string => {
    const found = of.sectors.find((one) => one.code === id)
    return found === undefined ? '—' : words(found.words)
  }
  return (
    <Panel
      title={t('headquarters.seats')}
      note={`${t('headquarters.members-count', { members: of.members, observers: of.observers })} · ${t('headquarters.joined-count', { joined: of.joined, count: of.members })}`}
    >
      <Table
        label={t('headquarters.seats')}
        rows={of.seats}
        rowKey={(one) => one.organization.id}
        columns={[
          {
            head: t('decision.organization'),
            cell: (one) => (
              <>
                <OrganizationName of={one.organization} />{' '}
                {one.organization.id === of.lead.id && <Badge tone="accent">{t('headquarters.lead')}</Badge>}
                {one.social && <Badge>{t('headquarters.social')}</Badge>}
              </>
            ),
          },
          { head: t('headquarters.seat'), cell: (one) => <span className="nowrap">{code('headquarters.seat', one.seat)}</span> },
          ...(of.sectors.length === 0
            ? []
            : [{ head: t('headquarters.sector'), cell: (one: BodyView['seats'][number]) => sector(one.sector) }]),
          {
            head: t('headquarters.joined-at'),
            cell: (one) => (one.joinedAt === null ? t('headquarters.not-joined') : short(one.joinedAt)),
          },
        ]}
      />
    </Panel>
  )
}

function Meetings({ of }: Of) {
  const { t, dateTime } = useWords()
  return (
    <Panel title={t('headquarters.meetings')} note={of.meetings.length === 0 ? undefined : of.meetings.length}>
      {of.meetings.length === 0 ? (
        <p className="padded soft">{t('headquarters.meetings-none')}</p>
      ) : (
        <ul className="meeting-list">
          {of.meetings.map((one) => (
            <li key={one.at}>
              <p className="soft">
                {dateTime(one.at)} · {t('headquarters.meeting-attended', { count: one.attended.length })}
              </p>
              <p>{one.text}</p>
              {one.obligations.length > 0 && (
                <ul>
                  {one.obligations.map((owed) => (
                    <ObligationRow key={owed.id} of={owed} />
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Facts({ of }: Of) {
  const { t, code, dateTime, duration, words } = useWords()
  const now = useNow()
  const forming = Math.max(0, Math.floor((now - Date.parse(of.foundedAt)) / 60_000)) * 60_000
  return (
    <Panel title={t('headquarters.basis')}>
      <div className="padded">
        <DataList
          rows={[
            [
              t('headquarters.basis'),
              of.basis === null ? t('headquarters.basis-none') : <BasisLink key="basis" basis={of.basis} dated={false} />,
            ],
            [t('headquarters.powers'), of.powers.map((one) => code('headquarters.power', one)).join(t('instrument.list'))],
            [t('headquarters.founded-at'), dateTime(of.foundedAt)],
            [
              t('headquarters.time-to-form'),
              of.timeToForm === null ? t('headquarters.forming', { time: duration(forming) }) : duration(of.timeToForm),
            ],
            ...of.sectors.map((one) => [words(one.words), <OrganizationName key={one.code} of={one.lead} />] as const),
          ]}
        />
        {of.kind === 'joint-team' && <p className="soft">{t('headquarters.time-help')}</p>}
      </div>
    </Panel>
  )
}

function Activations({ of }: Of) {
  const { t, short } = useWords()
  const paths = usePaths()
  return (
    <Panel title={t('headquarters.activations')}>
      {of.activations.length === 0 ? (
        <p className="padded soft">{t('headquarters.activations-none')}</p>
      ) : (
        <ul className="padded">
          {of.activations.map((one) => (
            <li key={one.id}>
              <Link to={paths.incident(one.id)}>{one.title}</Link> <span className="soft">{short(one.at)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
