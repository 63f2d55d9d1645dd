import { useState } from 'react'
import { newId, type Command } from '../api.ts'
import { useNow } from '../clock.ts'
import { written } from '../form.ts'
import { CommandForm, Dialog, Field } from '../kit/index.ts'
import { InstantField } from '../kit/instant-field.tsx'
import { instantOf, localText } from '../kit/times.ts'
import { HOME_ZONE, useWords } from '../words.ts'

type RumourProps = { readonly incidentId: string; readonly zone?: string | undefined; readonly onClose: () => void }

/** A rumour as it goes about: its words, where it was seen, when. */
export function RumourDialog({ incidentId, zone = HOME_ZONE, onClose }: RumourProps) {
  const { t } = useWords()
  const now = useNow()
  const [id] = useState(newId)
  const [text, setText] = useState('')
  const [where, setWhere] = useState('')
  const [seen, setSeen] = useState(() => localText(new Date(now).toISOString(), zone))
  const make = (): Command | null => {
    const [said, place, at] = [written(text), written(where), instantOf(seen, zone)]
    return said === null || place === null || at === null
      ? null
      : { type: 'release.note-rumour', incidentId, text: said, whereSeen: place, seenAt: at }
  }
  return (
    <Dialog title={t('command.release.note-rumour')} isOpen onClose={onClose}>
      <CommandForm room="release" id={id} label={t('command.release.note-rumour')} onClose={onClose} make={make}>
        <Field label={t('release.field.rumour')} lines={3} isRequired autoFocus value={text} onChange={setText} maxLength={4000} />
        <Field label={t('release.field.where-seen')} isRequired value={where} onChange={setWhere} maxLength={300} />
        <InstantField label={t('release.field.seen-at')} value={seen} onChange={setSeen} isRequired />
      </CommandForm>
    </Dialog>
  )
}
