import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { ConsultationDetail, ConsultationSummary } from '#core/view/consultation.ts'
import type { Colour } from '#core/level.ts'
import type { Command } from '../api.ts'
import { ColourMark } from '../conduct/colour.tsx'
import { askedOf, ParticipantsField, useSuggestions, type Chosen } from '../conduct/participants-field.tsx'
import { useSend } from '../form.ts'
import { ActionButton, Button, Chips, CommandForm, ConfirmDialog, Dialog, Field, findAction, ReasonDialog, toast } from '../kit/index.ts'
import { useWorld } from '../paths.ts'
import { sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'

type Props = { readonly of: ConsultationSummary; readonly detail: ConsultationDetail }

/** Whoever is asked answers at once: to come is one press. */
export function Asked({ of, detail }: Props) {
  const { t } = useWords()
  const real = useWorld() === null
  const { busy, send } = useSend()
  const [asked, setAsked] = useState<'view' | 'decline' | null>(null)
  const own = useQuery(sessionQuery).data?.post?.organization.id
  const mine = detail.participants.find((one) => one.organization.id === own)
  const attend = findAction(detail.actions, 'consultation.attend')
  if (!real || of.endedAt !== null || of.mine === null || of.mine === 'convener' || attend === null) return null
  const come = async (): Promise<void> => {
    const answer = await send('consultation', of.id, { type: 'consultation.attend' })
    if (answer.ok) toast(t('kit.done'))
  }
  const close = (): void => setAsked(null)
  return (
    <section className={`asked ${of.mine === 'asked' ? 'is-open' : ''}`} aria-label={t('consultation.answer')}>
      <p>{of.mine === 'answered' ? t('consultation.you-answered') : t('consultation.you-are-asked', { asked: mine?.asked ?? of.title })}</p>
      <div className="asked-actions">
        <ActionButton
          action={attend}
          variant={of.mine === 'asked' ? 'primary' : 'plain'}
          label={busy ? t('kit.sending') : t('consultation.attend')}
          onPress={() => void come()}
        />
        <Button onPress={() => setAsked('view')}>{t('consultation.state-view')}</Button>
        <Button variant="quiet" onPress={() => setAsked('decline')}>
          {t('consultation.cannot')}
        </Button>
      </div>
      {asked === 'view' && <ViewDialog of={of} onClose={close} />}
      {asked === 'decline' && (
        <ReasonDialog
          title={t('consultation.cannot')}
          isOpen
          onClose={close}
          room="consultation"
          id={of.id}
          label={t('consultation.submit')}
          ask={t('consultation.decline-reason')}
          command={(reason) => ({ type: 'consultation.decline', reason })}
        />
      )}
    </section>
  )
}

const VIEWS = ['issue', 'raise', 'hold', 'lower', 'lift', 'none'] as const
const COLOURS = ['red', 'orange', 'yellow', 'blue'] as const
const CONFIDENCES = ['high', 'medium', 'low'] as const
const LEVELS = ['1', '2', '3', '4'] as const

/** What one's own organization thinks should be done, to which colour, how sure it is, and why. */
function ViewDialog({ of, onClose }: { readonly of: ConsultationSummary; readonly onClose: () => void }) {
  const { t, code } = useWords()
  const [view, setView] = useState<(typeof VIEWS)[number]>('issue')
  const [colour, setColour] = useState<Colour | 'none'>(of.colour ?? 'none')
  const [level, setLevel] = useState<(typeof LEVELS)[number] | 'none'>('none')
  const [confidence, setConfidence] = useState<(typeof CONFIDENCES)[number]>('medium')
  const [text, setText] = useState('')
  const coloured = view !== 'none' && view !== 'lift'
  const make = (): Command | null =>
    text.trim() === ''
      ? null
      : {
          type: 'consultation.state-view',
          view,
          colour: coloured && colour !== 'none' ? colour : null,
          level: level === 'none' ? null : Number(level),
          confidence,
          text: text.trim(),
        }
  const none = { id: 'none' as const, label: t('consultation.no-colour') }
  return (
    <Dialog title={t('consultation.state-view')} isOpen onClose={onClose}>
      <CommandForm room="consultation" id={of.id} label={t('consultation.submit')} onClose={onClose} make={make}>
        <Labelled label={t('consultation.view')}>
          <Chips
            label={t('consultation.view')}
            choices={VIEWS.map((id) => ({ id, label: code('consultation.view', id) }))}
            value={view}
            onChange={setView}
          />
        </Labelled>
        {coloured && (
          <Labelled label={t('consultation.view-colour')}>
            <Chips
              label={t('consultation.view-colour')}
              choices={[...COLOURS.map((id) => ({ id, label: <ColourMark colour={id} size={16} /> })), none]}
              value={colour}
              onChange={setColour}
            />
          </Labelled>
        )}
        <Labelled label={t('consultation.view-level')}>
          <Chips
            label={t('consultation.view-level')}
            choices={[none, ...LEVELS.map((id) => ({ id, label: code('level', id) }))]}
            value={level}
            onChange={setLevel}
          />
        </Labelled>
        <Field label={t('consultation.view-text')} lines={3} isRequired autoFocus value={text} onChange={setText} maxLength={4000} />
        <Labelled label={t('consultation.confidence')}>
          <Chips
            label={t('consultation.confidence')}
            choices={CONFIDENCES.map((id) => ({ id, label: t(`consultation.confidence.${id}`) }))}
            value={confidence}
            onChange={setConfidence}
          />
        </Labelled>
      </CommandForm>
    </Dialog>
  )
}

export function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="field">
      <span>{label}</span>
      {children}
    </div>
  )
}

const CONVENERS = ['consultation.open', 'consultation.invite', 'consultation.state-view', 'consultation.cancel'] as const
type Command1 = (typeof CONVENERS)[number] | 'consultation.supplement'

/** What the convener does, and what anyone who took part adds afterwards. */
export function Actions({ of, detail }: Props) {
  const { t, code } = useWords()
  const real = useWorld() === null
  const [asked, setAsked] = useState<Command1 | null>(null)
  if (!real || of.mine === null || of.status === 'cancelled') return null
  const offered: readonly Command1[] =
    of.status === 'concluded'
      ? ['consultation.supplement']
      : of.mine === 'convener'
        ? CONVENERS.filter((one) => one !== 'consultation.open' || of.status === 'planned')
        : []
  const close = (): void => setAsked(null)
  const common = {
    title: code('command', asked ?? ''),
    isOpen: true,
    onClose: close,
    room: 'consultation',
    id: of.id,
    label: t('consultation.submit'),
  } as const
  return (
    <>
      {offered.map((command) => {
        const action = findAction(detail.actions, command)
        return action === null ? null : <ActionButton key={command} action={action} onPress={() => setAsked(command)} />
      })}
      {asked === 'consultation.open' && <ConfirmDialog {...common} command={{ type: asked }} />}
      {asked === 'consultation.cancel' && (
        <ReasonDialog {...common} ask={t('consultation.reason')} command={(reason) => ({ type: 'consultation.cancel', reason })} />
      )}
      {asked === 'consultation.supplement' && (
        <ReasonDialog
          {...common}
          ask={t('consultation.supplement-text')}
          maxLength={20_000}
          command={(text) => ({ type: 'consultation.supplement', text })}
        />
      )}
      {asked === 'consultation.state-view' && <ViewDialog of={of} onClose={close} />}
      {asked === 'consultation.invite' && <InviteDialog of={of} detail={detail} onClose={close} />}
    </>
  )
}

function InviteDialog({ of, detail, onClose }: Props & { readonly onClose: () => void }) {
  const { t } = useWords()
  const [chosen, setChosen] = useState<readonly Chosen[]>([])
  const { suggestions } = useSuggestions(of.hazard, of.jurisdiction.code)
  const make = (): Command | null =>
    chosen.length === 0 ? null : { type: 'consultation.invite', participants: askedOf(chosen, t('consultation.asked-usual')) }
  return (
    <Dialog title={t('consultation.invite')} isOpen wide onClose={onClose}>
      <CommandForm room="consultation" id={of.id} label={t('consultation.submit')} onClose={onClose} make={make}>
        <ParticipantsField
          suggestions={suggestions}
          value={chosen}
          onChange={setChosen}
          without={[of.convener.id, ...detail.participants.map((one) => one.organization.id)]}
        />
      </CommandForm>
    </Dialog>
  )
}
