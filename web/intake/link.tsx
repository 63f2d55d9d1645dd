import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { IntakeDetail } from '#core/view/intake.ts'
import { newId } from '../api.ts'
import { useSend, written } from '../form.ts'
import { Dialog, DialogFoot, Field, SelectField, toast } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { incidentsQuery } from '../queries.ts'
import { HOME_ZONE, useWords } from '../words.ts'

const NEW = 'new'

/** Part of an incident that runs, or the report of a new one, which then says where it comes from. */
export function LinkDialog({ of, onClose }: { readonly of: IntakeDetail; readonly onClose: () => void }) {
  const { t, code, dateTime } = useWords()
  const world = useWorld()
  const running = (useQuery(incidentsQuery(world)).data ?? []).filter((one) => one.closedAt === null)
  const { busy, refused, send } = useSend()
  const [chosen, setChosen] = useState<string>(NEW)
  const [title, setTitle] = useState(of.text.slice(0, 60))
  const label = code('command', 'intake.link')
  const open = async (): Promise<string | null> => {
    const id = newId()
    const { name, lat, lon } = of.place
    const text = t('intake.incident-text', {
      number: of.number,
      channel: code('channel', of.channel),
      at: dateTime(of.originalAt, of.zone),
      text: of.words,
    })
    const answer = await send('incident', id, {
      type: 'incident.report',
      title: written(title) ?? of.number,
      place: lat === null || lon === null ? null : { name: name ?? of.number, lat, lon },
      jurisdiction: of.jurisdiction,
      hazard: of.hazard ?? 'other',
      class: null,
      unitInvolved: null,
      text: text.slice(0, 4000),
      zone: HOME_ZONE,
      reportedBy: of.takenBy?.id ?? null,
    })
    return answer.ok ? id : null
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    const incidentId = chosen === NEW ? await open() : chosen
    if (incidentId === null) return
    // Opened and then refused, the new incident stands in the list and is chosen the next time.
    if (chosen === NEW) setChosen(incidentId)
    const answer = await send('intake', of.id, { type: 'intake.link', incidentId })
    if (!answer.ok) return
    onClose()
    toast(t('kit.done'))
  }
  return (
    <Dialog title={`${label} · ${of.number}`} isOpen onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <SelectField
          label={t('intake.which-incident')}
          value={chosen}
          onChange={setChosen}
          choices={[
            { id: NEW, label: t('intake.open-incident') },
            ...running.map((one) => ({ id: one.id, label: `${one.number} ${one.title}` })),
          ]}
        />
        {chosen === NEW && <Field label={t('intake.incident-title')} isRequired value={title} onChange={setTitle} maxLength={200} />}
        <DialogFoot busy={busy} refused={refused} label={label} onBack={onClose} />
      </form>
    </Dialog>
  )
}
