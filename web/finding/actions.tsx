import { useState } from 'react'
import { durationMs } from '#core/time.ts'
import type { FindingView } from '#core/view/finding.ts'
import type { Command } from '../api.ts'
import { serverNow } from '../clock.ts'
import { written } from '../form.ts'
import { ActionButton, CommandForm, Dialog, Field, findAction, SelectField, type Variant } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { useWords } from '../words.ts'

/** In the order in which they are offered: first what the subject says, then what is done to it, light steps first. */
const MEASURES = [
  'finding.answer',
  'finding.rectify',
  'finding.object',
  'finding.urge',
  'finding.order-rectification',
  'finding.interview',
  'finding.propose-sanction',
  'finding.check',
  'finding.verify',
  'finding.close',
] as const
type Measure = (typeof MEASURES)[number]

/** Refused for these reasons it is not this post's business at all, and is left out instead of shown disabled. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'authority.not-subject',
  'authority.not-supervisor',
  'authority.not-a-third-party',
  'authority.no-power',
  'finding.unknown',
  'finding.already-closed',
  'finding.no-objection',
])

/** What the asking post may do in a finding; what the law of the thing refuses now stays in sight with the reason. */
export function FindingActions({ of }: { readonly of: FindingView }) {
  const [asked, setAsked] = useState<Measure | null>(null)
  const world = useWorld()
  const offered = world === null ? MEASURES.map((command) => findAction(of.actions, command)).filter((action) => action !== null) : []
  const shown = offered.filter((action) => action.refusal === null || !NOT_OURS.has(action.refusal.code))
  const next = shown.find((action) => action.refusal === null && NEXT.has(action.command))
  return (
    <>
      {shown.map((action) => (
        <ActionButton
          key={action.command}
          action={action}
          variant={variantOf(action.command, next?.command)}
          onPress={() => setAsked(action.command as Measure)}
        />
      ))}
      {asked !== null && <MeasureDialog key={asked} of={of} command={asked} onClose={() => setAsked(null)} />}
    </>
  )
}

const NEXT: ReadonlySet<string> = new Set(['finding.check', 'finding.verify', 'finding.rectify', 'finding.urge'])
const variantOf = (command: string, next: string | undefined): Variant => (command === next ? 'primary' : 'plain')

const WITHIN = ['PT2H', 'PT12H', 'P1D', 'P3D', 'P7D'] as const
type Within = (typeof WITHIN)[number]

type Filled = { readonly text: string | null; readonly article: string | null; readonly within: Within; readonly yes: 'yes' | 'no' | null }

/** Null while something that the measure needs is missing. */
function commandOf(command: Measure, { text, article, within, yes }: Filled): Command | null {
  if (text === null) return null
  switch (command) {
    case 'finding.object':
    case 'finding.close':
      return { type: command, reason: text }
    case 'finding.rectify':
      return { type: command, evidence: text }
    case 'finding.order-rectification':
      return { type: command, text, dueAt: new Date(serverNow() + durationMs(within)).toISOString() }
    case 'finding.propose-sanction':
      return article === null ? null : { type: command, text, article }
    case 'finding.check':
      return yes === null ? null : { type: command, outcome: yes === 'yes' ? 'upheld' : 'dismissed', text }
    case 'finding.verify':
      return yes === null ? null : { type: command, accepted: yes === 'yes', text }
    default:
      return { type: command, text }
  }
}

type MeasureProps = { readonly of: FindingView; readonly command: Measure; readonly onClose: () => void }

/** Asks for the words, and for what else the measure needs. */
function MeasureDialog({ of, command, onClose }: MeasureProps) {
  const { t, code, words, duration } = useWords()
  const [text, setText] = useState('')
  const [article, setArticle] = useState('')
  const [within, setWithin] = useState<Within>('P1D')
  const [yes, setYes] = useState<'yes' | 'no' | null>(null)
  const make = (): Command | null => commandOf(command, { text: written(text), article: written(article), within, yes })
  const asks = ASKS[command]
  return (
    <Dialog title={`${code('command', command)}：${words(of.act)}`} isOpen onClose={onClose}>
      <CommandForm room="finding" id={of.id} label={code('command', command)} onClose={onClose} make={make}>
        {command === 'finding.object' && <p className="soft">{t('finding.object-note')}</p>}
        {(command === 'finding.check' || command === 'finding.verify') && <YesOrNo of={command} value={yes} onChange={setYes} />}
        {command === 'finding.propose-sanction' && (
          <Field
            label={t('finding.ask.article')}
            help={t('finding.ask.article-help')}
            isRequired
            value={article}
            onChange={setArticle}
            maxLength={200}
          />
        )}
        <Field label={t(asks)} lines={4} isRequired autoFocus value={text} onChange={setText} maxLength={4000} />
        {command === 'finding.order-rectification' && (
          <SelectField<Within>
            label={t('finding.ask.due-at')}
            choices={WITHIN.map((id) => ({ id, label: t('finding.in', { time: duration(id) }) }))}
            value={within}
            onChange={setWithin}
          />
        )}
      </CommandForm>
    </Dialog>
  )
}

const RESULTS = {
  'finding.check': ['finding.ask.outcome', 'finding.ask.upheld', 'finding.ask.dismissed'],
  'finding.verify': ['finding.ask.accepted', 'finding.ask.accepted-yes', 'finding.ask.accepted-no'],
} as const
type YesOrNoProps = {
  readonly of: keyof typeof RESULTS
  readonly value: 'yes' | 'no' | null
  readonly onChange: (value: 'yes' | 'no') => void
}

function YesOrNo({ of, value, onChange }: YesOrNoProps) {
  const { t } = useWords()
  const [label, yes, no] = RESULTS[of]
  const choices = [
    { id: 'yes', label: t(yes) },
    { id: 'no', label: t(no) },
  ] as const
  return <SelectField<'yes' | 'no'> label={t(label)} choices={choices} value={value} onChange={onChange} />
}

const ASKS = {
  'finding.answer': 'finding.ask.answer',
  'finding.rectify': 'finding.ask.rectify',
  'finding.object': 'finding.ask.object',
  'finding.urge': 'finding.ask.urge',
  'finding.order-rectification': 'finding.ask.order-rectification',
  'finding.interview': 'finding.ask.interview',
  'finding.propose-sanction': 'finding.ask.propose-sanction',
  'finding.check': 'finding.ask.check',
  'finding.verify': 'finding.ask.verify',
  'finding.close': 'finding.ask.close',
} as const
