import { IconArrowNarrowUp } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { CommonSuperiorView, OrganizationRef, OrganizationView } from '#core/view.ts'
import { OrganizationName, Panel, Read } from '../kit/index.ts'
import { OrganizationField } from '../kit/organization-field.tsx'
import { useWorld } from '../paths.ts'
import { commonSuperiorQuery } from '../queries.ts'
import { useWords } from '../words.ts'

type Pair = readonly [string | null, string | null]
type Props = { readonly organizations: readonly OrganizationView[]; readonly pair: Pair; readonly onChange: (pair: Pair) => void }

/** Who leads when two organizations must act together: the nearest that stands above both. */
export function CommonSuperior({ organizations, pair, onChange }: Props) {
  const { t } = useWords()
  const [a, b] = pair
  return (
    <Panel title={t('directory.common')}>
      <div className="padded stack">
        <p className="soft">{t('directory.common-why')}</p>
        <OrganizationField
          key={`a${a}`}
          label={t('directory.first')}
          organizations={organizations}
          value={a}
          onChange={(id) => onChange([id, b])}
        />
        <OrganizationField
          key={`b${b}`}
          label={t('directory.second')}
          organizations={organizations}
          value={b}
          onChange={(id) => onChange([a, id])}
        />
        <div role="status">
          {a === null || b === null ? (
            <p className="soft">{t('directory.choose-two')}</p>
          ) : a === b ? (
            <p>{t('directory.same')}</p>
          ) : (
            <Answer a={a} b={b} />
          )}
        </div>
      </div>
    </Panel>
  )
}

function Answer({ a, b }: { readonly a: string; readonly b: string }) {
  const reading = useQuery(commonSuperiorQuery(useWorld(), a, b))
  return (
    <Read of={reading} lines={3}>
      {(found) => <Paths of={found} />}
    </Read>
  )
}

function Paths({ of }: { readonly of: CommonSuperiorView }) {
  const { t, words } = useWords()
  return (
    <>
      <p className={of.common === null ? 'common-none' : 'common-found'}>
        {of.common === null ? t('directory.common-none') : <b>{t('directory.common-is', { name: words(of.common.name) })}</b>}
      </p>
      <div className="paths">
        <Path from={of.a} path={of.pathA} common={of.common} />
        <Path from={of.b} path={of.pathB} common={of.common} />
      </div>
    </>
  )
}

/** The chain from the organization upward, ending at the common superior where there is one. */
function Path({
  from,
  path,
  common,
}: {
  readonly from: OrganizationRef
  readonly path: readonly OrganizationRef[]
  readonly common: OrganizationRef | null
}) {
  const { t, words } = useWords()
  const end = common === null ? path.length : path.findIndex((one) => one.id === common.id) + 1
  return (
    <ol className="path" aria-label={t('directory.path', { name: words(from.name) })}>
      {path
        .slice(0, end)
        .toReversed()
        .map((one, index) => (
          <li key={one.id} className={one.id === common?.id ? 'is-common' : ''}>
            {index > 0 && <IconArrowNarrowUp size={14} aria-hidden />}
            <OrganizationName of={one} />
          </li>
        ))}
    </ol>
  )
}
