import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { StationsView } from '#core/view/station.ts'
import { newId } from '../api.ts'
import { CommandForm, Dialog, Field, SelectField } from '../kit/index.ts'
import { useOrganizations } from '../kit/organizations.ts'
import { useWorld } from '../paths.ts'
import { sessionQuery, thresholdSetQuery } from '../queries.ts'
import { useWords } from '../words.ts'

/** Puts a set of the pack in force for a territory, on a basis that stands in the log with it. */
export function AdoptDialog({ of, onClose }: { readonly of: StationsView; readonly onClose: () => void }) {
  const { t, words, code } = useWords()
  const own = useQuery(sessionQuery).data?.post?.organization.id ?? null
  const home = useOrganizations().find((one) => one.id === own)?.jurisdiction?.code ?? ''
  const [id] = useState(newId)
  const [chosen, setChosen] = useState<string | null>(of.offered[0]?.id ?? null)
  const [territory, setTerritory] = useState('')
  const [basis, setBasis] = useState('')
  const set = useQuery({ ...thresholdSetQuery(useWorld(), chosen ?? ''), enabled: chosen !== null }).data
  return (
    <Dialog title={t('command.station.adopt-thresholds')} isOpen onClose={onClose}>
      <CommandForm
        room="threshold"
        id={id}
        label={t('command.station.adopt-thresholds')}
        onClose={onClose}
        make={() =>
          set === undefined || basis.trim() === ''
            ? null
            : { type: 'station.adopt-thresholds', set, jurisdiction: territory.trim() || home, basis: basis.trim() }
        }
      >
        <SelectField
          label={t('station.form-set')}
          value={chosen}
          onChange={setChosen}
          choices={of.offered.map((one) => ({ id: one.id, label: `${words(one.title)} · ${code('hazard', one.hazard)}` }))}
        />
        {set !== undefined && <p className="soft">{words(set.source)}</p>}
        <Field label={t('station.form-territory')} placeholder={home} inputMode="numeric" value={territory} onChange={setTerritory} />
        <Field label={t('station.form-basis')} isRequired lines={2} value={basis} onChange={setBasis} maxLength={2000} />
      </CommandForm>
    </Dialog>
  )
}
