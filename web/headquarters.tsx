import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BodiesView, BodySummary } from '#core/view/headquarters.ts'
import { Badge, Button, Empty, Link, OrganizationName, PageHead, Panel, Read, Table, type Tone } from './kit/index.ts'
import { FoundDialog } from './headquarters/found.tsx'
import { useNarrow } from './kit/narrow.ts'
import { usePaths, useWorld } from './paths.ts'
import { headquartersQuery, sessionQuery } from './queries.ts'
import { useWords } from './words.ts'
import './headquarters.css'

export { BodyPage } from './headquarters/page.tsx'

/** The standing bodies: who sits in them, whether they could command now, and whether social organizations have a say. */
export function HeadquartersListPage() {
  const { t } = useWords()
  const world = useWorld()
  const reading = useQuery(headquartersQuery(world))
  const may = useQuery(sessionQuery).data?.post?.powers.includes('headquarters.keep') === true
  const [founding, setFounding] = useState(false)
  return (
    <>
      <PageHead
        title={t('headquarters.title')}
        note={t('headquarters.subtitle')}
        actions={
          world === null &&
          may && (
            <Button variant="primary" onPress={() => setFounding(true)}>
              {t('headquarters.found')}
            </Button>
          )
        }
      />
      <Read of={reading} lines={8}>
        {(shown) => <Bodies of={shown} />}
      </Read>
      {founding && <FoundDialog onClose={() => setFounding(false)} />}
    </>
  )
}

function Bodies({ of }: { readonly of: BodiesView }) {
  const { t } = useWords()
  if (of.bodies.length === 0) return <Empty title={t('headquarters.none')} help={t('headquarters.none-help')} />
  return (
    <div className="bodies-parts">
      <CoGovernance of={of.coGovernance} />
      <Panel title={t('headquarters.list')} note={of.bodies.length}>
        <BodyTable bodies={of.bodies} />
      </Panel>
    </div>
  )
}

const TONES: Readonly<Record<BodySummary['status'], Tone>> = { founded: 'grey', active: 'accent', 'stood-down': 'grey' }

export function BodyBadge({ status }: { readonly status: BodySummary['status'] }) {
  const { code } = useWords()
  return <Badge tone={TONES[status]}>{code('status.headquarters', status)}</Badge>
}

/** On a phone, where a table would be cut. */
function BodyCards({ bodies }: { readonly bodies: readonly BodySummary[] }) {
  const { t, words, code } = useWords()
  const paths = usePaths()
  return (
    <ul className="body-cards">
      {bodies.map((one) => (
        <li key={one.id}>
          <Link to={paths.body(one.id)}>{words(one.name)}</Link>
          <span className="soft">
            {code('headquarters.kinds', one.kind)} · {words(one.jurisdiction.name)} · {t('headquarters.lead')} {words(one.lead.name)}
          </span>
          <span className="soft">
            {t('headquarters.members-count', { members: one.members, observers: one.observers })} ·{' '}
            {t('headquarters.joined-count', { joined: one.joined, count: one.members })}
          </span>
          <Readiness of={one} />
        </li>
      ))}
    </ul>
  )
}

function BodyTable({ bodies }: { readonly bodies: readonly BodySummary[] }) {
  const { t, words, code, duration } = useWords()
  const paths = usePaths()
  const narrow = useNarrow()
  if (narrow) return <BodyCards bodies={bodies} />
  return (
    <Table
      label={t('headquarters.list')}
      rows={bodies}
      rowKey={(one) => one.id}
      columns={[
        {
          head: t('headquarters.name'),
          cell: (one) => (
            <span className="body-name">
              <Link to={paths.body(one.id)}>{words(one.name)}</Link>
              <span className="soft">
                {code('headquarters.kinds', one.kind)} · {words(one.jurisdiction.name)}
              </span>
            </span>
          ),
        },
        { head: t('headquarters.lead'), cell: (one) => <OrganizationName of={one.lead} /> },
        {
          head: t('headquarters.seats'),
          cell: (one) => (
            <span className="body-name">
              {t('headquarters.members-count', { members: one.members, observers: one.observers })}
              {one.socialSeats > 0 && (
                <span className="soft">
                  {t('headquarters.social')} {one.socialSeats}
                </span>
              )}
            </span>
          ),
        },
        {
          head: t('headquarters.time-to-form'),
          cell: (one) =>
            one.timeToForm === null ? t('headquarters.joined-count', { joined: one.joined, count: one.members }) : duration(one.timeToForm),
        },
        { head: t('headquarters.readiness'), cell: (one) => <Readiness of={one} /> },
      ]}
    />
  )
}

/** Whether it could be activated now, and why not. */
export function Readiness({ of }: { readonly of: BodySummary }) {
  const { t, code } = useWords()
  if (of.status === 'active') return <Badge tone="accent">{t('headquarters.active-in', { count: of.incidents })}</Badge>
  if (of.notReady === null) return <Badge tone="good">{t('headquarters.ready')}</Badge>
  if (of.notReady.code === 'headquarters.cannot-command') return <span className="soft">{t('headquarters.coordinates-only')}</span>
  if (of.status === 'stood-down') return <BodyBadge status={of.status} />
  return <span className="soft">{code('refusal', of.notReady.code, of.notReady.params)}</span>
}

/** 共治: where social organizations sit as members, and where they may only listen. Each number by itself. */
function CoGovernance({ of }: { readonly of: BodiesView['coGovernance'] }) {
  const { t, number } = useWords()
  const figures = [
    [t('headquarters.co-governance-share'), t('headquarters.of', { part: of.withSocialMember, whole: of.bodies })],
    [t('headquarters.co-governance-seats'), number(of.socialSeats)],
    [t('headquarters.co-governance-observers'), number(of.withSocialObserver)],
  ] as const
  return (
    <section className="co-governance" aria-label={t('headquarters.co-governance')}>
      {figures.map(([name, value]) => (
        <dl key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </dl>
      ))}
    </section>
  )
}
