import type { ChainLink, ObligationDetail } from '#core/view/obligation.ts'
import { Badge, Link, OrganizationName, Panel } from '../kit/index.ts'
import { usePaths } from '../paths.ts'
import { useWords } from '../words.ts'

type Props = { readonly of: ObligationDetail; readonly zone?: string }

/** The whole, its parts and their parts: where it went, and how each stands. */
export function ChainPanel({ of, zone }: Props) {
  const { t } = useWords()
  if (of.chain.length === 0) return null
  const known = new Set(of.chain.map((one) => one.id))
  const top = of.chain.filter((one) => one.parentId === null || !known.has(one.parentId))
  return (
    <Panel title={t('obligation.chain')} note={of.chain.length - 1}>
      <div className="padded stack">
        <p className="soft">{t('obligation.chain-note')}</p>
        <Branches of={of} links={top} {...(zone === undefined ? {} : { zone })} />
      </div>
    </Panel>
  )
}

/** As deep as the server reads a chain. */
const DEPTH_MAX = 20

function Branches({ of, links, zone, depth = 0 }: Props & { readonly links: readonly ChainLink[]; readonly depth?: number }) {
  if (links.length === 0 || depth > DEPTH_MAX) return null
  return (
    <ul className="chain">
      {links.map((link) => (
        <li key={link.id}>
          <ChainItem of={of} link={link} {...(zone === undefined ? {} : { zone })} />
          <Branches
            of={of}
            links={of.chain.filter((one) => one.parentId === link.id)}
            depth={depth + 1}
            {...(zone === undefined ? {} : { zone })}
          />
        </li>
      ))}
    </ul>
  )
}

function ChainItem({ of, link, zone }: Props & { readonly link: ChainLink }) {
  const { t, code, words, short } = useWords()
  const paths = usePaths()
  const own = link.id === of.id
  return (
    <div className={own ? 'chain-link is-own' : 'chain-link'} aria-current={own ? 'true' : undefined}>
      <p>
        {own ? <b>{words(link.act)}</b> : <Link to={paths.obligation(link.id)}>{words(link.act)}</Link>}{' '}
        <Badge tone={link.lapsed ? 'late' : link.status === 'owed' || link.status === 'requested' ? 'soon' : 'grey'}>
          {code('status.obligation', link.status)}
        </Badge>
        {own && <span className="soft"> {t('obligation.this-one')}</span>}
      </p>
      <p className="soft">
        <OrganizationName of={link.debtor} /> → <OrganizationName of={link.creditor} />
        {link.dueAt !== null && ` · ${t('obligation.due')} ${short(link.dueAt, zone)}`}
      </p>
    </div>
  )
}
