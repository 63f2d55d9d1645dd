import { IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { OrganizationName } from '../kit/index.ts'
import { useWords } from '../words.ts'
import type { Branch } from './branches.ts'

type TreeProps = {
  readonly branches: readonly Branch[]
  readonly chosen: string | null
  readonly onChoose: (id: string) => void
  readonly depth?: number
}

/** Branches stand open down to here when the page is opened. */
const OPEN_DEPTH = 3

/** Lists within lists: a reader hears how deep one is, and every branch opens by keyboard. */
export function Tree({ branches, chosen, onChoose, depth = 0 }: TreeProps) {
  return (
    <ul className={depth === 0 ? 'tree' : 'tree-below'}>
      {branches.map((branch) => (
        <Item key={branch.id} branch={branch} chosen={chosen} onChoose={onChoose} depth={depth} />
      ))}
    </ul>
  )
}

function Item({ branch, chosen, onChoose, depth }: Omit<TreeProps, 'branches'> & { readonly branch: Branch; readonly depth: number }) {
  const { t, words, code } = useWords()
  const [open, setOpen] = useState(depth < OPEN_DEPTH)
  const { organization, territory, below } = branch
  const name =
    organization !== null
      ? words(organization.name)
      : typeof territory?.name === 'string'
        ? territory.name
        : territory === null
          ? ''
          : words(territory.name)
  return (
    <li>
      <div className="tree-row">
        {below.length > 0 ? (
          <button
            type="button"
            className="tree-toggle"
            aria-expanded={open}
            aria-label={`${open ? t('directory.collapse') : t('directory.expand')} ${name}`}
            onClick={() => setOpen(!open)}
          >
            <IconChevronRight size={16} aria-hidden />
          </button>
        ) : (
          <span className="tree-toggle" />
        )}
        {organization === null ? (
          <b className="tree-territory">
            {name} <small className="soft">{territory?.code}</small>
          </b>
        ) : (
          <button
            type="button"
            className={`tree-name is-${organization.sector}`}
            aria-pressed={chosen === organization.id}
            onClick={() => onChoose(organization.id)}
          >
            <OrganizationName of={organization} /> <small className="soft">{code('sector', organization.sector)}</small>
          </button>
        )}
        {below.length > 0 && !open && <small className="soft">{t('directory.below', { count: below.length })}</small>}
      </div>
      {open && below.length > 0 && <Tree branches={below} chosen={chosen} onChoose={onChoose} depth={depth + 1} />}
    </li>
  )
}
