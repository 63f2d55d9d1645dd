import { IconCamera, IconX } from '@tabler/icons-react'
import { FileTrigger } from 'react-aria-components'
import type { PictureView } from '#core/view/intake.ts'
import { newId, send, upload, type Refused } from '../api.ts'
import { Button, toast } from '../kit/index.ts'
import { useWords } from '../words.ts'

/** Of one report or addition, as the server takes them. */
const PHOTOS_MAX = 3
const KINDS = ['image/jpeg', 'image/png', 'image/webp']

/** A chosen picture: given to the server at once, so that the report itself waits for nothing. */
export type Photo = {
  readonly key: string
  readonly name: string
  readonly given: Promise<PictureView | Refused>
  /** Null while it is on its way. */
  readonly answer: PictureView | Refused | null
}
export type Photos = readonly Photo[]

const isGiven = (answer: Photo['answer']): answer is PictureView => answer !== null && 'voucher' in answer
export const vouchersOf = (photos: Photos): readonly string[] => photos.flatMap(({ answer }) => (isGiven(answer) ? [answer.voucher] : []))

/** What was still on its way when the report was sent is added to it; what is lost is said. */
export async function addLater(id: string, photos: Photos, words: { readonly text: string; readonly lost: string }): Promise<void> {
  const late = photos.filter((one) => one.answer === null)
  const pictures = (await Promise.all(late.map((one) => one.given))).flatMap((answer) => (isGiven(answer) ? [answer.voucher] : []))
  if (pictures.length < late.length) toast(words.lost)
  if (pictures.length > 0) await send('intake', id, { type: 'intake.add', text: words.text, pictures })
}

type PhotoFieldProps = {
  readonly value: Photos
  readonly onChange: (change: (now: Photos) => Photos) => void
}

/** Up to three photos, from the camera or the device. */
export function PhotoField({ value, onChange }: PhotoFieldProps) {
  const { t, code } = useWords()
  const choose = (files: FileList | null): void => {
    const left = [...(files ?? [])].slice(0, Math.max(0, PHOTOS_MAX - value.length))
    for (const file of left) {
      const key = newId()
      const given = upload<PictureView>('/api/intakes/media', file)
      onChange((now) => [...now, { key, name: file.name, given, answer: null }])
      void given.then((answer) => onChange((now) => now.map((one) => (one.key === key ? { ...one, answer } : one))))
    }
  }
  const said = (answer: Photo['answer']): string =>
    answer === null
      ? t('intake.photo-sending')
      : isGiven(answer)
        ? t('intake.photo-given')
        : t('intake.photo-failed', { reason: code('refusal', answer.code, answer.params) })
  return (
    <div className="intake-photos">
      {value.length < PHOTOS_MAX && (
        <FileTrigger acceptedFileTypes={KINDS} allowsMultiple onSelect={choose}>
          <Button>
            <IconCamera size={16} aria-hidden /> {t('intake.photo-add', { max: PHOTOS_MAX })}
          </Button>
        </FileTrigger>
      )}
      <div role="status">
        <ul>
          {value.map(({ key, name, answer }) => (
            <li key={key}>
              <span className={answer === null || isGiven(answer) ? '' : 'field-error'}>
                {name} · {said(answer)}
              </span>
              <Button
                variant="quiet"
                className="is-icon"
                aria-label={t('intake.photo-remove', { name })}
                onPress={() => onChange((now) => now.filter((one) => one.key !== key))}
              >
                <IconX size={16} aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
