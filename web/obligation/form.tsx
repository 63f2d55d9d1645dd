import { useQuery } from '@tanstack/react-query'
import { IconPrinter } from '@tabler/icons-react'
import type { Form, ObligationDetail } from '#core/view/obligation.ts'
import { Button, DataList, Empty, Link, LinkButton, Panel, Read } from '../kit/index.ts'
import { useParam, usePaths, useWorld } from '../paths.ts'
import { incidentsQuery, obligationQuery } from '../queries.ts'
import { useWords } from '../words.ts'

type Props = { readonly of: ObligationDetail; readonly zone?: string }
type Rows = readonly (readonly [name: string, value: string])[]

const SIX = ['harmType', 'time', 'place', 'harm', 'measures', 'strength', 'direct'] as const
const GENERAL = ['place', 'situation', 'strength'] as const

function useRows(form: Form | null, zone: string | undefined): Rows {
  const { t, dateTime } = useWords()
  if (form === null) return []
  if (form.type === 'general')
    return GENERAL.flatMap((key) => {
      const value = form[key]
      return value === undefined ? [] : [[t(`obligation.form.${key}`), value] as const]
    })
  return SIX.flatMap((key) => {
    const value = form[key]
    return value === undefined ? [] : [[t(`obligation.form.${key}`), key === 'time' ? dateTime(value, zone) : value] as const]
  })
}

/** What the order or request says beside the act. */
export function FormPanel({ of, zone }: Props) {
  const { t } = useWords()
  const paths = usePaths()
  const rows = useRows(of.form, zone)
  if (of.form === null || rows.length === 0) return null
  return (
    <Panel
      title={t('obligation.form')}
      actions={
        of.form.type === 'military' ? <LinkButton to={paths.obligationForm(of.id)}>{t('obligation.form-open')}</LinkButton> : undefined
      }
    >
      <div className="padded">
        <DataList rows={rows} />
      </div>
    </Panel>
  )
}

/** The request to the armed forces as a sheet of paper: State Council and CMC Order 436, articles 4 and 5. */
export function ObligationFormPage() {
  const id = useParam('id')
  const reading = useQuery(obligationQuery(useWorld(), id))
  return (
    <Read of={reading} lines={12}>
      {(of) => <Sheet of={of} />}
    </Read>
  )
}

function Sheet({ of }: { readonly of: ObligationDetail }) {
  const { t, words, dateTime } = useWords()
  const paths = usePaths()
  const zone = useQuery(incidentsQuery(useWorld())).data?.find((one) => one.id === of.incidentId)?.zone
  const rows = useRows(of.form, zone)
  if (of.form?.type !== 'military') return <Empty title={t('obligation.form-none')} />
  const head: Rows = [
    [t('obligation.form-to'), words(of.debtor.name)],
    [t('obligation.form-from'), words((of.by ?? of.creditor).name)],
    [t('obligation.form-asked-at'), dateTime(of.owedAt, zone)],
    ...(of.incidentTitle === null ? [] : [[t('obligation.incident'), of.incidentTitle] as const]),
    [t('obligation.ask-act'), words(of.act)],
    ...(of.dueAt === null ? [] : [[t('obligation.due'), dateTime(of.dueAt, zone)] as const]),
  ]
  return (
    <article className="sheet">
      <div className="sheet-actions">
        <Link to={paths.obligation(of.id)}>{t('obligation.form-back')}</Link>
        <Button variant="primary" onPress={() => window.print()}>
          <IconPrinter size={16} aria-hidden /> {t('obligation.form-print')}
        </Button>
      </div>
      <h1>{t('obligation.form-title')}</h1>
      <table>
        <tbody>
          {[...head, ...rows].map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="soft">{t('obligation.form-law')}</p>
      <p className="sheet-sign">{t('obligation.form-sign')}</p>
    </article>
  )
}
