import type { OrganizationView } from '#core/view.ts'
import { Chips } from '../kit/index.ts'
import { OrganizationField } from '../kit/organization-field.tsx'
import { useWords } from '../words.ts'
import { Forces } from './forces.tsx'
import { Network } from './network.tsx'
import { Pairs } from './pairs.tsx'

const VIEWS = ['directory', 'forces', 'pairs', 'network'] as const
export type DirectoryViewName = (typeof VIEWS)[number]

type Props = {
  readonly view: DirectoryViewName
  readonly onView: (view: DirectoryViewName) => void
  readonly organizations: readonly OrganizationView[]
  /** Whose relations and dealings are shown. */
  readonly chosen: string | null
  readonly onChoose: (id: string | null) => void
  /** Opens an organization in the directory. */
  readonly onShow: (id: string) => void
}

/** The row above the directory, and what it shows in the directory's place. */
export function DirectoryViews({ view, onView, organizations, chosen, onChoose, onShow }: Props) {
  const { t } = useWords()
  const choices = VIEWS.map((id) => ({ id, label: t(`network.view.${id}`) }))
  return (
    <div className="directory-views">
      <Chips label={t('network.view')} choices={choices} value={view} onChange={onView} />
      {view === 'forces' && <Forces onChoose={onShow} />}
      {(view === 'pairs' || view === 'network') && (
        <div className="panel forces-scope">
          <OrganizationField label={t('network.of')} organizations={organizations} value={chosen} onChange={onChoose} />
        </div>
      )}
      {view === 'pairs' && chosen !== null && <Pairs of={chosen} />}
      {view === 'network' && chosen !== null && <Network of={chosen} />}
    </div>
  )
}
