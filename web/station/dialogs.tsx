import { useState } from 'react'
import type { StationsView } from '#core/view/station.ts'
import { ActionButton, Button, findAction } from '../kit/index.ts'
import { useWords } from '../words.ts'
import { AdoptDialog } from './adopt-dialog.tsx'
import { SourceDialog } from './source-dialog.tsx'
import { StationDialog } from './station-dialog.tsx'
import { UploadDialog } from './upload-dialog.tsx'

type Shown = 'station' | 'source' | 'thresholds' | 'upload' | null

/** What one can begin here: a station, a source, thresholds, readings of a file. */
export function Beginnings({ of }: { readonly of: StationsView }) {
  const { t } = useWords()
  const [shown, setShown] = useState<Shown>(null)
  const close = (): void => setShown(null)
  const action = (command: string, what: Shown) => {
    const found = findAction(of.actions, command)
    return found === null ? null : <ActionButton action={found} onPress={() => setShown(what)} />
  }
  const mayKeep = findAction(of.actions, 'station.add-source')?.refusal === null
  return (
    <>
      {mayKeep && <Button onPress={() => setShown('upload')}>{t('station.upload')}</Button>}
      {action('station.register', 'station')}
      {action('station.add-source', 'source')}
      {action('station.adopt-thresholds', 'thresholds')}
      {shown === 'station' && <StationDialog of={of} onClose={close} />}
      {shown === 'source' && <SourceDialog onClose={close} />}
      {shown === 'thresholds' && <AdoptDialog of={of} onClose={close} />}
      {shown === 'upload' && <UploadDialog onClose={close} />}
    </>
  )
}
