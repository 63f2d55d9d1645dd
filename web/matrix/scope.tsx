import type { MatrixScopeView } from '#core/view/matrix.ts'
import { Field, SelectField } from '../kit/index.ts'
import { useWords } from '../words.ts'
import type { PartProps } from './part.ts'

const ALL = 'all'
const isDay = (text: string): boolean => text === '' || /^\d{4}-\d{2}-\d{2}$/.test(text)

/** The pickers above every table: hazard, territory, day, and the day to compare with. */
export function Scope({
  of,
  fields,
  change,
  compares = false,
  onlyDay = false,
}: Omit<PartProps, 'world'> & { readonly of: MatrixScopeView; readonly compares?: boolean; readonly onlyDay?: boolean }) {
  const { t, code, words } = useWords()
  const hazards = [
    { id: ALL, label: t('matrix.label.all-hazards') },
    ...of.choices.hazards.map((id) => ({ id, label: code('hazard', id) })),
  ]
  const areas = of.choices.areas.map((area) => ({ id: area.code, label: `${words(area.name)} ${area.code}` }))
  return (
    <div className="panel matrix-scope" role="group" aria-label={t('matrix.scope')}>
      {!onlyDay && (
        <SelectField
          label={t('matrix.hazard')}
          choices={hazards}
          value={of.hazard ?? ALL}
          onChange={(id) => change({ hazard: id === ALL ? null : id })}
        />
      )}
      {!onlyDay && <SelectField label={t('matrix.area')} choices={areas} value={of.area.code} onChange={(id) => change({ area: id })} />}
      <Field label={t('matrix.on')} type="date" value={fields.on ?? of.on} onChange={(on) => isDay(on) && change({ on })} />
      {compares && (
        <Field
          label={t('matrix.against')}
          type="date"
          value={fields.against ?? ''}
          onChange={(against) => isDay(against) && change({ against })}
        />
      )}
    </div>
  )
}
