import { useState } from 'react'
import { SHELTER_OPEN } from '#core/risk.ts'
import type { RiskDetail } from '#core/view/risk.ts'
import type { Command } from '../api.ts'
import { written } from '../form.ts'
import { Chips, CommandForm, Dialog, Field } from '../kit/index.ts'
import { useWords } from '../words.ts'
import { countOf, newWhence, whenceOf, WhenceFields } from './provenance.tsx'
import { readSubstances, substancesText } from './substances.ts'

type Props = { readonly of: RiskDetail; readonly onClose: () => void }

/** All that is stored there, anew; what is not known is written as such. */
export function StoreDialog({ of, onClose }: Props) {
  const { t, code, words } = useWords()
  const [text, setText] = useState(() => (of.store === null ? '' : substancesText(of.store)))
  const [whence, setWhence] = useState(newWhence)
  const [wrong, setWrong] = useState<number | null>(null)
  const make = (): Command | null => {
    const [read, said] = [readSubstances(text), whenceOf(whence)]
    setWrong(typeof read === 'number' ? read : null)
    return typeof read === 'number' || said === null ? null : { type: 'risk.store', substances: read, ...said }
  }
  return (
    <Dialog title={t('kit.named', { what: code('command', 'risk.store'), of: words(of.name) })} isOpen onClose={onClose} wide>
      <CommandForm room="risk" id={of.id} label={code('command', 'risk.store')} onClose={onClose} make={make}>
        <Field
          label={t('risk.ask.substances')}
          help={t('risk.ask.substances-help')}
          lines={7}
          isRequired
          value={text}
          onChange={setText}
          maxLength={20_000}
          error={wrong === null ? null : t('risk.ask.substances-line', { line: wrong })}
        />
        <WhenceFields value={whence} onChange={setWhence} />
      </CommandForm>
    </Dialog>
  )
}

const shown = (value: number | { readonly unknown: string } | undefined): string => (typeof value === 'number' ? String(value) : '')

const OPEN = ['same', 'yes', 'no'] as const

/** People, who knows, and one fact more: only what was written is changed. */
export function StateDialog({ of, onClose }: Props) {
  const { t, code, words } = useWords()
  const [usual, setUsual] = useState(() => shown(of.people?.usual))
  const [needHelp, setNeedHelp] = useState(() => shown(of.people?.needHelp))
  const [knower, setKnower] = useState('')
  const [key, setKey] = useState('')
  const [fact, setFact] = useState('')
  const [open, setOpen] = useState<(typeof OPEN)[number]>('same')
  const [whence, setWhence] = useState(newWhence)
  const make = (): Command | null => {
    const said = whenceOf(whence)
    if (said === null) return null
    const [all, some] = [countOf(usual, said.source), countOf(needHelp, said.source)]
    const isSame = usual === shown(of.people?.usual) && needHelp === shown(of.people?.needHelp)
    const unsaid = { unknown: said.source }
    const [who, about, what] = [written(knower), written(key), written(fact)]
    const facts = [
      ...(open === 'same' ? [] : [{ key: SHELTER_OPEN.key, text: SHELTER_OPEN[open] }]),
      ...(about === null || what === null ? [] : [{ key: about, text: what }]),
    ]
    return {
      type: 'risk.state',
      ...(isSame || (all === null && some === null) ? {} : { people: { usual: all ?? unsaid, needHelp: some ?? unsaid } }),
      ...(who === null
        ? {}
        : {
            knowers: [...of.knowers.map(({ post, words: told }) => ({ post: post?.id ?? null, words: told })), { post: null, words: who }],
          }),
      ...(facts.length === 0 ? {} : { facts }),
      ...said,
    }
  }
  return (
    <Dialog title={t('kit.named', { what: code('command', 'risk.state'), of: words(of.name) })} isOpen onClose={onClose} wide>
      <CommandForm room="risk" id={of.id} label={code('command', 'risk.state')} onClose={onClose} make={make}>
        {of.siteKind === 'shelter' && (
          <div className="field">
            <span>{t('risk.shelter')}</span>
            <Chips
              label={t('risk.shelter')}
              value={open}
              onChange={setOpen}
              choices={OPEN.map((id) => ({ id, label: t(`risk.shelter.${id}`) }))}
            />
            <small className="soft">{t('risk.shelter-note')}</small>
          </div>
        )}
        <p className="soft">{t('risk.ask.people-note')}</p>
        <div className="field-pair">
          <Field label={t('risk.ask.people')} value={usual} onChange={setUsual} maxLength={40} />
          <Field label={t('risk.ask.people-help')} value={needHelp} onChange={setNeedHelp} maxLength={40} />
        </div>
        <Field label={t('risk.ask.knower')} value={knower} onChange={setKnower} maxLength={200} />
        <div className="field-pair">
          <Field label={t('risk.ask.key')} value={key} onChange={setKey} maxLength={60} />
          <Field label={t('risk.ask.fact')} value={fact} onChange={setFact} maxLength={2000} />
        </div>
        <WhenceFields value={whence} onChange={setWhence} />
      </CommandForm>
    </Dialog>
  )
}
