import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { Colour } from '#core/level.ts'
import type { AlertDetail } from '#core/view/alert.ts'
import { ActionButton, Chips, CommandForm, ConfirmDialog, Dialog, Field, findAction, ReasonDialog } from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { useWords } from '../words.ts'
import { readIn } from './parts.tsx'

type Of = { readonly of: AlertDetail }
const COMMANDS = [
  'alert.approve',
  'alert.approve-urgent',
  'alert.return',
  'alert.submit',
  'alert.revise',
  'alert.discard',
  'alert.adopt',
  'alert.update',
  'alert.all-clear',
  'alert.cancel',
] as const
type Asked = (typeof COMMANDS)[number]
/** These are drawn up on a page of their own. */
const KIND: Partial<Record<Asked, 'update' | 'all-clear' | 'cancel'>> = {
  'alert.update': 'update',
  'alert.all-clear': 'all-clear',
  'alert.cancel': 'cancel',
}
const FIRST: ReadonlySet<Asked> = new Set<Asked>(['alert.approve', 'alert.submit', 'alert.adopt', 'alert.update'])

/** What the asker may do, the weightiest first; what is refused says why. */
export function AlertActions({ of }: Of) {
  const { code } = useWords()
  const paths = usePaths()
  const router = useRouter()
  const real = useWorld() === null
  const [asked, setAsked] = useState<Asked | null>(null)
  if (!real) return null
  const press = (command: Asked): void => {
    const kind = KIND[command]
    if (kind !== undefined) router.history.push(paths.alertNew({ replaces: of.id, kind }))
    else if (command === 'alert.revise') router.history.push(paths.alertEdit(of.id))
    else setAsked(command)
  }
  return (
    <>
      {COMMANDS.map((command) => {
        const action = findAction(of.actions, command)
        if (action === null) return null
        const variant = FIRST.has(command) && action.refusal === null ? 'primary' : 'plain'
        return (
          <ActionButton key={command} action={action} label={code('command', command)} variant={variant} onPress={() => press(command)} />
        )
      })}
      {asked !== null && <Asking of={of} asked={asked} onClose={() => setAsked(null)} />}
    </>
  )
}

type AskingProps = Of & { readonly asked: Asked; readonly onClose: () => void }

function Asking({ of, asked, onClose }: AskingProps) {
  const { t, code } = useWords()
  const common = { title: code('command', asked), isOpen: true, onClose, room: 'alert', id: of.id, label: t('alert.submit') } as const
  switch (asked) {
    case 'alert.approve':
    case 'alert.approve-urgent':
      return <ApproveDialog of={of} path={asked === 'alert.approve' ? 'ordinary' : 'urgent'} onClose={onClose} />
    case 'alert.return':
      return (
        <ReasonDialog {...common} ask={t('alert.return-ask')} maxLength={4000} command={(reason) => ({ type: 'alert.return', reason })} />
      )
    case 'alert.discard':
      return (
        <ReasonDialog {...common} ask={t('alert.discard-ask')} maxLength={4000} command={(reason) => ({ type: 'alert.discard', reason })} />
      )
    case 'alert.adopt':
      return <AdoptDialog of={of} onClose={onClose} />
    default:
      return (
        <ConfirmDialog {...common} command={{ type: asked }}>
          <p>{t('alert.waits-second')}</p>
        </ConfirmDialog>
      )
  }
}

/** What will happen, in words, before it does. */
export function WhatHappens({ of }: Of) {
  const { t, code } = useWords()
  const { preview } = of
  if (preview === null) return null
  const ends = of.kind === 'cancel' || of.kind === 'all-clear'
  const { divisions, organizations, sites } = preview
  if (of.capStatus !== 'Actual') return <p>{t('alert.what-happens-not-actual', { status: t(`alert.cap.${of.capStatus}`) })}</p>
  return (
    <>
      <p className="alert-happens">
        {ends ? t('alert.what-happens-end', { divisions, organizations }) : t('alert.what-happens', { divisions, organizations, sites })}
      </p>
      {organizations === 0 && <p className="late-words">{t('alert.what-happens-none')}</p>}
      {preview.refusal !== null && (
        <p className="refused" role="alert">
          {code('refusal', preview.refusal.code, preview.refusal.params)}
        </p>
      )}
    </>
  )
}

function ApproveDialog({ of, path, onClose }: Of & { readonly path: 'ordinary' | 'urgent'; readonly onClose: () => void }) {
  const { t, lang } = useWords()
  const [reason, setReason] = useState('')
  const headline = readIn(of.headline, lang)?.text ?? ''
  const said = reason.trim()
  const make = () =>
    path === 'ordinary' ? { type: 'alert.approve', path } : said === '' ? null : { type: 'alert.approve', path, reason: said }
  return (
    <Dialog title={t('alert.approve-title', { headline })} isOpen onClose={onClose}>
      <CommandForm room="alert" id={of.id} label={t('alert.approve-label')} onClose={onClose} make={make}>
        <WhatHappens of={of} />
        {path === 'urgent' && (
          <>
            <p className="soft">{t('alert.urgent-help')}</p>
            <Field label={t('alert.urgent-reason')} lines={3} isRequired autoFocus value={reason} onChange={setReason} maxLength={4000} />
          </>
        )}
      </CommandForm>
    </Dialog>
  )
}

function AdoptDialog({ of, onClose }: Of & { readonly onClose: () => void }) {
  const { t, code } = useWords()
  const [colour, setColour] = useState<Colour>(of.colour ?? 'yellow')
  const [hazard, setHazard] = useState(of.hazard ?? '')
  const said = hazard.trim()
  const make = () => (said === '' ? null : { type: 'alert.adopt', colour, hazard: said })
  return (
    <Dialog title={t('alert.adopt-title')} isOpen onClose={onClose}>
      <CommandForm room="alert" id={of.id} label={code('command', 'alert.adopt')} onClose={onClose} make={make}>
        <p>{t('alert.adopt-help')}</p>
        <p>{t(`alert.signature.${of.signature}`)}</p>
        {of.colour === null ? (
          <Chips
            label={t('alert.adopt-colour')}
            choices={Colour.options.map((id) => ({ id, label: t(`colour.${id}`) }))}
            value={colour}
            onChange={setColour}
          />
        ) : (
          <p>
            {t('alert.adopt-colour')}：<b>{t(`colour.${of.colour}`)}</b>
          </p>
        )}
        {of.hazard === null ? (
          <Field
            label={t('alert.adopt-hazard')}
            help="rainstorm, typhoon, flood …"
            isRequired
            value={hazard}
            onChange={setHazard}
            maxLength={60}
          />
        ) : (
          <p>
            {t('alert.adopt-hazard')}：<b>{code('hazard', of.hazard)}</b>
          </p>
        )}
      </CommandForm>
    </Dialog>
  )
}
