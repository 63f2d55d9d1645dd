import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { durationMs } from '#core/time.ts'
import type { RiskDetail } from '#core/view/risk.ts'
import type { Command } from '../api.ts'
import { serverNow } from '../clock.ts'
import { written } from '../form.ts'
import { CommandForm, Dialog, Field, SelectField, type Choice } from '../kit/index.ts'
import { InstantField } from '../kit/instant-field.tsx'
import { OrganizationField } from '../kit/organization-field.tsx'
import { useOrganizations } from '../kit/organizations.ts'
import { instantOf, localText } from '../kit/times.ts'
import { useWorld } from '../paths.ts'
import { instrumentsQuery } from '../queries.ts'
import { HOME_ZONE, useWords } from '../words.ts'
import { StateDialog, StoreDialog } from './fact-dialogs.tsx'
import { newWhence, whenceOf, WhenceFields } from './provenance.tsx'

export type RiskMeasure =
  | 'risk.check'
  | 'risk.confirm'
  | 'risk.store'
  | 'risk.state'
  | 'risk.inspect'
  | 'risk.mend'
  | 'risk.verify'
  | 'risk.appoint'
  | 'risk.rehearse'
  | 'risk.link-plan'
  | 'risk.involve'
  | 'risk.close'
  | 'risk.reopen'

export type RiskDialogProps = { readonly of: RiskDetail; readonly onClose: () => void }
type AskProps = RiskDialogProps & { readonly command: RiskMeasure; readonly make: () => Command | null; readonly children: ReactNode }

/** A dialog that gives one command to the item. */
export function Ask({ of, command, onClose, make, children }: AskProps) {
  const { t, code, words } = useWords()
  return (
    <Dialog title={t('kit.named', { what: code('command', command), of: words(of.name) })} isOpen onClose={onClose}>
      <CommandForm room="risk" id={of.id} label={code('command', command)} onClose={onClose} make={make}>
        {children}
      </CommandForm>
    </Dialog>
  )
}

export function RiskDialog({ command, ...rest }: RiskDialogProps & { readonly command: RiskMeasure }) {
  switch (command) {
    case 'risk.check':
      return <CheckDialog {...rest} />
    case 'risk.confirm':
      return <ConfirmFacts {...rest} />
    case 'risk.store':
      return <StoreDialog {...rest} />
    case 'risk.state':
      return <StateDialog {...rest} />
    case 'risk.inspect':
      return <InspectDialog {...rest} />
    case 'risk.mend':
    case 'risk.verify':
      return <MendDialog {...rest} command={command} />
    case 'risk.appoint':
      return <AppointDialog {...rest} />
    case 'risk.rehearse':
    case 'risk.link-plan':
      return <PlanDialog {...rest} command={command} />
    case 'risk.involve':
      return <InvolveDialog {...rest} />
    case 'risk.close':
    case 'risk.reopen':
      return <CloseDialog {...rest} command={command} />
  }
}

const RESULTS = ['safe', 'moving', 'needs-help', 'unreachable'] as const
type Result = (typeof RESULTS)[number]

const incidentChoices = (of: RiskDetail): readonly Choice[] =>
  of.incidents.map(({ id, number, title }) => ({ id, label: `${title} ${number}` }))

/** Asked after by name in an incident: the answer becomes a fact of the incident. */
function CheckDialog({ of, onClose }: RiskDialogProps) {
  const { t, code } = useWords()
  // Of several the wrong one is soon taken: then it is asked, unless the address says in which one (the call list does).
  const [incident, setIncident] = useState<string | null>(() => {
    const said = new URLSearchParams(location.search).get('incident')
    const [only] = of.incidents.length === 1 ? of.incidents : of.incidents.filter(({ id }) => id === said)
    return only?.id ?? null
  })
  const [result, setResult] = useState<Result | null>(null)
  const [people, setPeople] = useState('')
  const [text, setText] = useState('')
  const make = (): Command | null => {
    const said = written(text)
    if (incident === null || result === null || said === null) return null
    return {
      type: 'risk.check',
      incidentId: incident,
      result,
      people: /^\d+$/.test(people.trim()) ? Number(people) : null,
      text: said,
      sources: [],
    }
  }
  return (
    <Ask of={of} command="risk.check" onClose={onClose} make={make}>
      <SelectField label={t('risk.ask.incident')} choices={incidentChoices(of)} value={incident} onChange={setIncident} />
      <SelectField<Result>
        label={t('risk.ask.check-result')}
        choices={RESULTS.map((id) => ({ id, label: code('risk.check', id) }))}
        value={result}
        onChange={setResult}
      />
      <Field label={t('risk.ask.check-people')} inputMode="numeric" value={people} onChange={setPeople} maxLength={8} />
      <Field label={t('risk.ask.check-text')} lines={3} isRequired value={text} onChange={setText} maxLength={2000} />
    </Ask>
  )
}

function ConfirmFacts({ of, onClose }: RiskDialogProps) {
  const [whence, setWhence] = useState(newWhence)
  const make = (): Command | null => {
    const said = whenceOf(whence)
    return said === null ? null : { type: 'risk.confirm', ...said }
  }
  return (
    <Ask of={of} command="risk.confirm" onClose={onClose} make={make}>
      <WhenceFields value={whence} onChange={setWhence} />
    </Ask>
  )
}

const WITHIN = ['P1D', 'P3D', 'P7D', 'P15D', 'P30D', 'P90D'] as const
type Within = (typeof WITHIN)[number]
const FOUND = ['sound', 'dangers', 'stopped'] as const
type Found = (typeof FOUND)[number]

function InspectDialog({ of, onClose }: RiskDialogProps) {
  const { t, code, duration } = useWords()
  const [result, setResult] = useState<Found>('sound')
  const [text, setText] = useState('')
  const [danger, setDanger] = useState('')
  const [grade, setGrade] = useState<'general' | 'major'>('general')
  const [within, setWithin] = useState<Within>('P7D')
  const make = (): Command | null => {
    const [said, wrong] = [written(text), written(danger)]
    if (said === null || (result === 'dangers' && wrong === null)) return null
    const dueAt = new Date(serverNow() + durationMs(within)).toISOString()
    return {
      type: 'risk.inspect',
      result,
      text: said,
      dangers: result === 'sound' || wrong === null ? [] : [{ text: wrong, grade, dueAt }],
    }
  }
  return (
    <Ask of={of} command="risk.inspect" onClose={onClose} make={make}>
      <SelectField<Found>
        label={t('risk.ask.result')}
        choices={FOUND.map((id) => ({ id, label: code('risk.result', id) }))}
        value={result}
        onChange={setResult}
      />
      <Field label={t('risk.ask.text')} lines={3} isRequired value={text} onChange={setText} maxLength={2000} />
      {result !== 'sound' && (
        <>
          <Field
            label={t('risk.ask.danger')}
            lines={3}
            isRequired={result === 'dangers'}
            value={danger}
            onChange={setDanger}
            maxLength={2000}
          />
          <div className="field-pair">
            <SelectField<'general' | 'major'>
              label={t('risk.ask.grade')}
              choices={(['general', 'major'] as const).map((id) => ({ id, label: code('risk.grade', id) }))}
              value={grade}
              onChange={setGrade}
            />
            <SelectField<Within>
              label={t('risk.ask.within')}
              choices={WITHIN.map((id) => ({ id, label: duration(id) }))}
              value={within}
              onChange={setWithin}
            />
          </div>
        </>
      )}
    </Ask>
  )
}

function MendDialog({ of, onClose, command }: RiskDialogProps & { readonly command: 'risk.mend' | 'risk.verify' }) {
  const { t } = useWords()
  const open = of.dangers.filter(({ status }) => status === (command === 'risk.mend' ? 'open' : 'mended'))
  const [danger, setDanger] = useState<string | null>(open[0]?.id ?? null)
  const [accepted, setAccepted] = useState<'yes' | 'no' | null>(null)
  const [text, setText] = useState('')
  const make = (): Command | null => {
    const said = written(text)
    if (danger === null || said === null) return null
    if (command === 'risk.mend') return { type: command, danger, evidence: said }
    return accepted === null ? null : { type: command, danger, accepted: accepted === 'yes', text: said }
  }
  return (
    <Ask of={of} command={command} onClose={onClose} make={make}>
      <SelectField
        label={t('risk.ask.which-danger')}
        choices={open.map(({ id, text: label }) => ({ id, label }))}
        value={danger}
        onChange={setDanger}
      />
      {command === 'risk.verify' && (
        <SelectField<'yes' | 'no'>
          label={t('risk.ask.accepted')}
          choices={[
            { id: 'yes', label: t('risk.ask.yes') },
            { id: 'no', label: t('risk.ask.no') },
          ]}
          value={accepted}
          onChange={setAccepted}
        />
      )}
      <Field label={t('risk.ask.evidence')} lines={3} isRequired value={text} onChange={setText} maxLength={2000} />
    </Ask>
  )
}

function AppointDialog({ of, onClose }: RiskDialogProps) {
  const { t } = useWords()
  const organizations = useOrganizations()
  const [owner, setOwner] = useState<string | null>(of.owner?.id ?? null)
  const [regulator, setRegulator] = useState<string | null>(of.regulator?.id ?? null)
  const [responder, setResponder] = useState<string | null>(of.responder?.id ?? null)
  const [reason, setReason] = useState('')
  const make = (): Command | null => {
    const said = written(reason)
    return said === null ? null : { type: 'risk.appoint', owner, regulator, responder, reason: said }
  }
  return (
    <Ask of={of} command="risk.appoint" onClose={onClose} make={make}>
      <p className="soft">{t('risk.appoint-note')}</p>
      {organizations.length > 0 && (
        <>
          <OrganizationField label={t('risk.owner')} organizations={organizations} value={owner} onChange={setOwner} />
          <OrganizationField label={t('risk.regulator')} organizations={organizations} value={regulator} onChange={setRegulator} />
          <OrganizationField label={t('risk.responder')} organizations={organizations} value={responder} onChange={setResponder} />
        </>
      )}
      <Field label={t('risk.ask.reason')} lines={2} isRequired value={reason} onChange={setReason} maxLength={2000} />
    </Ask>
  )
}

function PlanDialog({ of, onClose, command }: RiskDialogProps & { readonly command: 'risk.rehearse' | 'risk.link-plan' }) {
  const { t, words } = useWords()
  const instruments = useQuery(instrumentsQuery(useWorld())).data ?? []
  const plans = instruments.filter(({ kind }) => kind === 'plan').map(({ id, title }) => ({ id, label: words(title) }))
  const [plan, setPlan] = useState<string | null>(of.plans[0]?.id ?? null)
  const [heldAt, setHeldAt] = useState(() => localText(new Date(serverNow()).toISOString(), HOME_ZONE))
  const [text, setText] = useState('')
  const make = (): Command | null => {
    const [said, at] = [written(text), instantOf(heldAt, HOME_ZONE)]
    if (said === null) return null
    if (command === 'risk.link-plan') return plan === null ? null : { type: command, plan, text: said }
    return at === null ? null : { type: command, plan, exerciseId: null, heldAt: at, text: said }
  }
  return (
    <Ask of={of} command={command} onClose={onClose} make={make}>
      <SelectField label={t('risk.ask.plan')} choices={plans} value={plan} onChange={setPlan} />
      {command === 'risk.rehearse' && <InstantField label={t('risk.ask.held-at')} isRequired value={heldAt} onChange={setHeldAt} />}
      <Field label={t('risk.ask.text')} lines={3} isRequired value={text} onChange={setText} maxLength={2000} />
    </Ask>
  )
}

function InvolveDialog({ of, onClose }: RiskDialogProps) {
  const { t } = useWords()
  const [incident, setIncident] = useState<string | null>(of.incidents[0]?.id ?? null)
  const [reason, setReason] = useState('')
  const make = (): Command | null => {
    const said = written(reason)
    return incident === null || said === null ? null : { type: 'risk.involve', incidentId: incident, reason: said }
  }
  return (
    <Ask of={of} command="risk.involve" onClose={onClose} make={make}>
      <SelectField label={t('risk.ask.incident')} choices={incidentChoices(of)} value={incident} onChange={setIncident} />
      <Field label={t('risk.ask.reason')} lines={3} isRequired value={reason} onChange={setReason} maxLength={2000} />
    </Ask>
  )
}

function CloseDialog({ of, onClose, command }: RiskDialogProps & { readonly command: 'risk.close' | 'risk.reopen' }) {
  const { t } = useWords()
  const [reason, setReason] = useState('')
  const [evidence, setEvidence] = useState('')
  const make = (): Command | null => {
    const [said, shown] = [written(reason), written(evidence)]
    if (said === null) return null
    if (command === 'risk.reopen') return { type: command, reason: said }
    return shown === null ? null : { type: command, reason: said, evidence: shown }
  }
  return (
    <Ask of={of} command={command} onClose={onClose} make={make}>
      <Field label={t('risk.ask.reason')} lines={3} isRequired autoFocus value={reason} onChange={setReason} maxLength={2000} />
      {command === 'risk.close' && (
        <Field label={t('risk.ask.evidence')} lines={2} isRequired value={evidence} onChange={setEvidence} maxLength={2000} />
      )}
    </Ask>
  )
}
