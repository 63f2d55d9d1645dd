import { IconDownload } from '@tabler/icons-react'
import { matrixFile, type MatrixFields } from '../queries.ts'
import { useWords } from '../words.ts'

const FILES = ['csv', 'xlsx', 'pdf'] as const

/** What is shown, as a file. */
export function ExportLinks({ fields, world }: { readonly fields: MatrixFields; readonly world: string | null }) {
  const { t, lang } = useWords()
  return (
    <span className="matrix-export" role="group" aria-label={t('matrix.export')}>
      {FILES.map((ending) => (
        <a key={ending} className="button is-plain" href={matrixFile(ending, world, fields, lang)} download>
          <IconDownload size={16} aria-hidden /> {ending.toUpperCase()}
          <span className="for-readers"> {t('matrix.export')}</span>
        </a>
      ))}
    </span>
  )
}
