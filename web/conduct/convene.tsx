import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { Colour } from '#core/level.ts'
import { newId, type Command } from '../api.ts'
import { useNow } from '../clock.ts'
import { Button, Chips, CommandForm, Dialog, Field, SelectField } from '../kit/index.ts'
import { InstantField } from '../kit/instant-field.tsx'
import { instantOf, localText } from '../kit/times.ts'
import { usePaths } from '../paths.ts'
import { sessionQuery } from '../queries.ts'
import { HOME_ZONE, useWords } from '../words.ts'
import { ColourMark } from './colour.tsx'
import { askedOf, ParticipantsField, useSuggestions, type Chosen } from './participants-field.tsx'
import './convene.css'

const HAZARDS = [
  'rainstorm',
  'flood',
  'waterlogging',
  'typhoon',
  'landslide',
  'earthquake',
  'wildfire',
  'drought',
  'hazardous-chemicals',
  'fire',
  'infectious-disease',
  'mass-gathering',
  'power-outage',
  'other',
] as const
const COLOURS = ['red', 'orange', 'yellow', 'blue'] as const
const HOWS = ['video', 'room', 'phone'] as const
const SOON_MS = 30 * 60_000
const QUESTIONS_MAX = 20

type ConveneProps = {
  /** The incident and the warning that it is about, where there are any. */
  readonly incidentId: string | null
  readonly alertId: string | null
  readonly hazard?: string | null
  readonly jurisdiction?: string | null
  readonly colour?: Colour | null
  readonly zone?: string
  readonly onClose: () => void
}

type Convening = {
  readonly title: string | null
  readonly hazard: string
  readonly jurisdiction: string | null
  readonly colour: Colour | 'open'
  readonly starts: string
  readonly onset: string
  readonly how: (typeof HOWS)[number]
  readonly questions: string | null
}
type Change = (more: Partial<Convening>) => void
type Fields = { readonly of: Convening; readonly onChange: Change }

const begun = (given: Pick<ConveneProps, 'hazard' | 'jurisdiction' | 'colour'>, starts: string): Convening => ({
  title: null,
  hazard: given.hazard ?? HAZARDS[0],
  jurisdiction: given.jurisdiction ?? null,
  colour: given.colour ?? 'orange',
  starts,
  onset: '',
  how: 'video',
  questions: null,
})

/** Calls a consultation: about what, when, how, whom it asks and what is to be decided. Most of it is filled in already. */
export function ConveneDialog({ incidentId, alertId, zone = HOME_ZONE, onClose, ...given }: ConveneProps) {
  const { t, code } = useWords()
  const router = useRouter()
  const paths = usePaths()
  const now = useNow()
  const home = useQuery(sessionQuery).data?.jurisdiction?.code ?? ''
  const [id] = useState(newId)
  const [of, set] = useState<Convening>(() => begun(given, localText(new Date(now + SOON_MS).toISOString(), zone)))
  const change: Change = (more) => set({ ...of, ...more })
  const jurisdiction = of.jurisdiction ?? home
  const { suggestions, usual } = useSuggestions(of.hazard, jurisdiction)
  const [chosen, setChosen] = useState<readonly Chosen[] | null>(null)
  const participants = chosen ?? usual
  const word = of.colour === 'open' ? '' : code('colour', of.colour)
  const hazard = code('hazard', of.hazard)
  const usualTitle = word === '' ? t('consultation.name-open', { hazard }) : t('consultation.name-usual', { hazard, colour: word })
  const title = of.title ?? usualTitle
  const questions = of.questions ?? t('consultation.questions-usual', { colour: word })
  const make = (): Command | null => {
    const at = instantOf(of.starts, zone)
    const lines = linesOf(questions)
    if (at === null || title.trim() === '' || lines.length === 0 || participants.length === 0) return null
    return {
      type: 'consultation.convene',
      title: title.trim(),
      hazard: of.hazard,
      jurisdiction,
      colour: of.colour === 'open' ? null : of.colour,
      incidentId,
      alertId,
      at,
      onset: of.onset === '' ? null : instantOf(of.onset, zone),
      how: of.how,
      participants: askedOf(participants, t('consultation.asked-usual')),
      questions: lines,
      basis: null,
    }
  }
  const opened = (): void => router.history.push(paths.consultation(id))
  return (
    <Dialog title={t('consultation.convene')} isOpen wide onClose={onClose}>
      <CommandForm room="consultation" id={id} label={t('consultation.submit')} onClose={onClose} make={make} onRecorded={opened}>
        <Field
          label={t('consultation.name')}
          isRequired
          autoFocus
          value={title}
          onChange={(next) => change({ title: next })}
          maxLength={200}
        />
        <AboutFields of={{ ...of, jurisdiction }} onChange={change} />
        <WhenFields of={of} onChange={change} zone={zone} />
        <ParticipantsField suggestions={suggestions} value={participants} onChange={setChosen} />
        <Field
          label={t('consultation.questions')}
          help={t('consultation.questions-help')}
          lines={2}
          isRequired
          value={questions}
          onChange={(next) => change({ questions: next })}
          maxLength={4000}
        />
      </CommandForm>
    </Dialog>
  )
}

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, QUESTIONS_MAX)

function AboutFields({ of, onChange }: Fields) {
  const { t, code } = useWords()
  return (
    <>
      <div className="field-pair">
        <SelectField
          label={t('consultation.hazard')}
          choices={[...new Set([of.hazard, ...HAZARDS])].map((one) => ({ id: one, label: code('hazard', one) }))}
          value={of.hazard}
          onChange={(hazard) => onChange({ hazard })}
        />
        <Field
          label={t('consultation.jurisdiction')}
          isRequired
          value={of.jurisdiction ?? ''}
          onChange={(jurisdiction) => onChange({ jurisdiction })}
          maxLength={6}
        />
      </div>
      <div className="field">
        <span>{t('consultation.colour')}</span>
        <Chips
          label={t('consultation.colour')}
          choices={[
            ...COLOURS.map((one) => ({ id: one, label: <ColourMark colour={one} size={16} /> })),
            { id: 'open' as const, label: t('consultation.colour-open') },
          ]}
          value={of.colour}
          onChange={(colour) => onChange({ colour })}
        />
      </div>
    </>
  )
}

function WhenFields({ of, onChange, zone }: Fields & { readonly zone: string }) {
  const { t, code } = useWords()
  const now = useNow()
  const starts = (ms: number): void => onChange({ starts: localText(new Date(ms).toISOString(), zone) })
  return (
    <>
      <div className="field-pair">
        <div className="starts">
          <InstantField label={t('consultation.starts-at')} isRequired value={of.starts} onChange={(next) => onChange({ starts: next })} />
          <span className="starts-usual">
            <Button variant="quiet" onPress={() => starts(now)}>
              {t('consultation.now')}
            </Button>
            <Button variant="quiet" onPress={() => starts(now + SOON_MS)}>
              {t('consultation.in-30')}
            </Button>
          </span>
        </div>
        <InstantField
          label={t('consultation.onset')}
          help={t('consultation.onset-help')}
          value={of.onset}
          onChange={(onset) => onChange({ onset })}
        />
      </div>
      <div className="field">
        <span>{t('consultation.how')}</span>
        <Chips
          label={t('consultation.how')}
          choices={HOWS.map((one) => ({ id: one, label: code('consultation.how', one) }))}
          value={of.how}
          onChange={(how) => onChange({ how })}
        />
      </div>
    </>
  )
}
