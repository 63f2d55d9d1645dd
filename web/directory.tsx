import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useState } from 'react'
import type { DirectoryView, OrganizationView } from '#core/view.ts'
import { Chips, Empty, Field, PageHead, Panel, Read } from './kit/index.ts'
import { useWorld } from './paths.ts'
import { directoryQuery, sessionQuery } from './queries.ts'
import { useWords } from './words.ts'
import { CommonSuperior } from './directory/common.tsx'
import { DirectoryViews, type DirectoryViewName } from './directory/views.tsx'
import { OrganizationDetails } from './directory/details.tsx'
import { bySuperior, byTerritory, type Branch } from './directory/branches.ts'
import { Tree } from './directory/tree.tsx'
import './kit/obligation.css'
import './directory.css'

/** Who there is: organizations, who stands above whom, who answers where, which posts may do what. */
export function DirectoryPage() {
  const { t, number } = useWords()
  const reading = useQuery(directoryQuery(useWorld()))
  const data = reading.data
  return (
    <>
      <PageHead
        title={t('directory.title')}
        note={
          data === undefined
            ? t('directory.subtitle')
            : `${t('directory.count', { count: data.organizations.length })} · ${t('directory.divisions', { count: number(data.divisions) })} · ${t('directory.sources', { sources: data.sources.join(t('instrument.list')) })}`
        }
      />
      <Read of={reading} lines={12}>
        {(directory) => <Views of={directory} />}
      </Read>
    </>
  )
}

/** The directory itself, or what is read off it: forces, relations, dealings. One organization stays chosen throughout. */
function Views({ of }: { readonly of: DirectoryView }) {
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  const [view, setView] = useState<DirectoryViewName>('directory')
  const [chosen, setChosen] = useState<string | null>(null)
  const show = (id: string): void => {
    setChosen(id)
    setView('directory')
  }
  return (
    <>
      <DirectoryViews
        view={view}
        onView={setView}
        organizations={of.organizations}
        chosen={chosen ?? own}
        onChoose={setChosen}
        onShow={show}
      />
      {view === 'directory' && <Directory of={of} chosen={chosen} setChosen={setChosen} />}
    </>
  )
}

type Arrangement = 'superior' | 'territory'
/** Organizations that a search draws at once. */
const FOUND_MAX = 200

type DirectoryProps = { readonly of: DirectoryView; readonly chosen: string | null; readonly setChosen: (id: string | null) => void }

function Directory({ of, chosen, setChosen }: DirectoryProps) {
  const words = useWords()
  const { t } = words
  const [arrangement, setArrangement] = useState<Arrangement>('superior')
  const [search, setSearch] = useState('')
  const [pair, setPair] = useState<readonly [string | null, string | null]>([null, null])
  const wanted = useDeferredValue(search.trim().toLowerCase())
  const branches = useMemo(
    () => (arrangement === 'superior' ? bySuperior(of.organizations) : byTerritory(of.organizations, t('directory.no-jurisdiction'))),
    [of, arrangement, t],
  )
  const found: readonly Branch[] = useMemo(
    () =>
      wanted === ''
        ? branches
        : of.organizations
            .filter((one) => matches(one, wanted, words.code))
            .slice(0, FOUND_MAX)
            .map((organization) => ({ id: organization.id, organization, territory: null, below: [] })),
    [branches, of, wanted, words],
  )
  const choices = [
    { id: 'superior' as Arrangement, label: t('directory.by-superior') },
    { id: 'territory' as Arrangement, label: t('directory.by-jurisdiction') },
  ]
  const organization = of.organizations.find((one) => one.id === chosen) ?? null
  return (
    <div className="page-grid directory-grid">
      <Panel
        title={t('directory.arrange')}
        actions={<Chips label={t('directory.arrange')} choices={choices} value={arrangement} onChange={setArrangement} />}
      >
        <div className="padded">
          <Field label={t('directory.search')} placeholder={t('directory.search-hint')} value={search} onChange={setSearch} type="search" />
        </div>
        {found.length === 0 ? (
          <Empty title={t('directory.none')} />
        ) : (
          <Tree key={arrangement} branches={found} chosen={chosen} onChoose={setChosen} />
        )}
      </Panel>
      <div className="stack">
        <Panel title={organization === null ? t('directory.details') : words.words(organization.name)}>
          {organization === null ? (
            <p className="padded soft">{t('directory.choose')}</p>
          ) : (
            <OrganizationDetails
              of={organization}
              onChoose={setChosen}
              onCompare={(place) => setPair(place === 0 ? [organization.id, pair[1]] : [pair[0], organization.id])}
            />
          )}
        </Panel>
        <CommonSuperior organizations={of.organizations} pair={pair} onChange={setPair} />
      </div>
    </div>
  )
}

function matches(one: OrganizationView, wanted: string, code: (prefix: string, code: string) => string): boolean {
  const said = [
    one.name['zh-CN'],
    one.name.en,
    one.jurisdiction?.name['zh-CN'] ?? '',
    one.jurisdiction?.name.en ?? '',
    one.jurisdiction?.code ?? '',
    code('sector', one.sector),
    ...one.functions.flatMap((name) => [name, code('function', name)]),
  ]
  return said.some((text) => text.toLowerCase().includes(wanted))
}
