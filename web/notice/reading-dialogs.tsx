import { useState } from 'react'
import type { Language } from '#core/channel.ts'
import { IncidentClass } from '#core/level.ts'
import type { OwnPostView } from '#core/view/notice.ts'
import { CommandForm, Dialog, Field, SelectField } from '../kit/index.ts'
import { newId } from '../api.ts'
import { useWords } from '../words.ts'

type Props = { readonly of: OwnPostView; readonly onClose: () => void }
const LANGUAGES: readonly { readonly id: Language; readonly label: string }[] = [
  { id: 'zh-CN', label: '简体中文' },
  { id: 'en', label: 'English' },
]

/** When the post is left in peace and in which language it reads. */
export function HoursDialog({ of, onClose }: Props) {
  const { t } = useWords()
  const [from, setFrom] = useState(of.hours.quiet?.from ?? '')
  const [until, setUntil] = useState(of.hours.quiet?.until ?? '')
  const [language, setLanguage] = useState<Language>(of.hours.language)
  const make = () => ({
    type: 'post.set-hours',
    zone: of.hours.zone,
    language,
    quiet: from === '' || until === '' ? null : { from, until },
  })
  return (
    <Dialog title={t('notice.hours')} isOpen onClose={onClose}>
      <CommandForm room="post" id={of.postId} label={t('notice.save')} onClose={onClose} make={make}>
        <fieldset className="notice-range">
          <legend>{t('notice.quiet')}</legend>
          <Field label={t('notice.quiet-from')} type="time" value={from} onChange={setFrom} />
          <Field label={t('notice.quiet-until')} type="time" value={until} onChange={setUntil} />
        </fieldset>
        <p className="soft">{t('notice.quiet-note')}</p>
        <SelectField label={t('notice.language')} choices={LANGUAGES} value={language} onChange={setLanguage} />
      </CommandForm>
    </Dialog>
  )
}

/** `120116, 120000` → both; nothing written is no condition. */
const listed = (text: string): readonly string[] =>
  text
    .split(/[,，、\s]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
const LEVELS = ['any', '1', '2', '3', '4'] as const
type LevelChoice = (typeof LEVELS)[number]
type ClassChoice = 'any' | (typeof IncidentClass.options)[number]

/** A subscription: every condition that is filled in must hold. */
export function SubscriptionDialog({ of, onClose }: Props) {
  const { t, code } = useWords()
  const [areas, setAreas] = useState('')
  const [hazards, setHazards] = useState('')
  const [functions, setFunctions] = useState('')
  const [level, setLevel] = useState<LevelChoice>('any')
  const [kind, setKind] = useState<ClassChoice>('any')
  const make = () => {
    const [inAreas, ofHazards, ofFunctions] = [listed(areas), listed(hazards), listed(functions)]
    const conditions = {
      ...(inAreas.length === 0 ? {} : { areas: inAreas }),
      ...(ofHazards.length === 0 ? {} : { hazards: ofHazards }),
      ...(ofFunctions.length === 0 ? {} : { functions: ofFunctions }),
      ...(kind === 'any' ? {} : { classes: [kind] }),
      ...(level === 'any' ? {} : { level: Number(level) }),
    }
    return Object.keys(conditions).length === 0 ? null : { type: 'post.subscribe', subscription: newId(), conditions }
  }
  const any = t('notice.any')
  return (
    <Dialog title={t('notice.subscribe')} isOpen onClose={onClose}>
      <CommandForm room="post" id={of.postId} label={t('notice.save')} onClose={onClose} make={make}>
        <p className="soft">
          {t('notice.subscriptions-note')} {t('notice.one-condition')}
        </p>
        <Field label={t('notice.condition-area')} help={t('notice.condition-area-help')} value={areas} onChange={setAreas} />
        <Field label={t('notice.condition-hazard')} help={t('notice.condition-hazard-help')} value={hazards} onChange={setHazards} />
        <Field
          label={t('notice.condition-function')}
          help={t('notice.condition-function-help')}
          value={functions}
          onChange={setFunctions}
        />
        <SelectField
          label={t('notice.condition-class')}
          choices={[{ id: 'any', label: any }, ...IncidentClass.options.map((id) => ({ id: id as ClassChoice, label: code('class', id) }))]}
          value={kind}
          onChange={setKind}
        />
        <SelectField
          label={t('notice.condition-level')}
          choices={LEVELS.map((id) => ({ id, label: id === 'any' ? any : code('level', id) }))}
          value={level}
          onChange={setLevel}
        />
      </CommandForm>
    </Dialog>
  )
}
