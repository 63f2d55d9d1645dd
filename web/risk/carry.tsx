import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CarryBoard, CarryView } from '#core/view/risk.ts'
import type { Command } from '../api.ts'
import { useNow } from '../clock.ts'
import { written } from '../form.ts'
import { Gauge, Gauges } from '../kit/gauge.tsx'
import {
  ActionButton,
  Badge,
  Button,
  CommandForm,
  Dialog,
  Empty,
  Field,
  findAction,
  Link,
  OrganizationName,
  Panel,
  Read,
  ReasonDialog,
  SelectField,
} from '../kit/index.ts'
import { usePaths, useWorld } from '../paths.ts'
import { instrumentsQuery, riskCarryQuery, risksQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { RegisterDialog } from './form.tsx'
import { RiskHead } from './tabs.tsx'

/** What incidents showed, and what became of it: into the register, into an instrument, or refused with reason. */
export function RiskCarryPage() {
  const reading = useQuery(riskCarryQuery(useWorld()))
  return (
    <div className="risks">
      <RiskHead />
      <Read of={reading} lines={10}>
        {(board) => <Board of={board} />}
      </Read>
    </div>
  )
}

function Board({ of }: { readonly of: CarryBoard }) {
  const { t, duration } = useWords()
  return (
    <>
      <Gauges>
        <Gauge
          name={t('carry.share')}
          value={of.share === null ? '—' : `${Math.floor(of.share * 100)}%`}
          note={of.share === null ? t('carry.share-none') : t('carry.share-note', { settled: of.settled, due: of.due })}
          wrong={of.share !== null && of.share < 1}
        />
        <Gauge
          name={t('carry.waiting-median')}
          value={of.waitingMedianMs === null ? '—' : duration(of.waitingMedianMs)}
          note={t('carry.waiting-note', { count: of.due - of.settled })}
        />
        <Gauge name={t('carry.median')} value={of.medianMs === null ? '—' : duration(of.medianMs)} note={t('carry.median-note')} />
        <Gauge name={t('carry.refused-count')} value={String(of.refused)} note={t('carry.outcome.refused')} />
      </Gauges>
      <div className="carry-panels">
        <p className="soft">{t('carry.note')}</p>
        <Panel title={t('carry.waiting')} note={of.waiting.length}>
          {of.waiting.length === 0 ? (
            <Empty title={t('carry.none-waiting')} />
          ) : (
            <ul>
              {of.waiting.map((one) => (
                <CarryRow key={one.id} of={one} />
              ))}
            </ul>
          )}
        </Panel>
        <Panel title={t('carry.decided')} note={of.decided.length}>
          {of.decided.length === 0 ? (
            <Empty title={t('carry.none-decided')} />
          ) : (
            <ul>
              {of.decided.map((one) => (
                <CarryRow key={one.id} of={one} />
              ))}
            </ul>
          )}
        </Panel>
      </div>
    </>
  )
}

type Asked = 'carry.into-risk' | 'carry.into-instrument' | 'carry.refuse' | 'new'
const MEASURES = ['carry.into-risk', 'carry.into-instrument', 'carry.refuse'] as const
const NOT_OURS: ReadonlySet<string> = new Set([
  'authority.not-keeper',
  'authority.no-power',
  'authority.outside-jurisdiction',
  'carry.already-settled',
])

function CarryRow({ of }: { readonly of: CarryView }) {
  const { t, words, code, duration, date } = useWords()
  const paths = usePaths()
  const world = useWorld()
  const now = useNow()
  const [asked, setAsked] = useState<Asked | null>(null)
  const actions =
    world === null
      ? MEASURES.map((command) => findAction(of.actions, command)).filter(
          (one) => one !== null && (one.refusal === null || !NOT_OURS.has(one.refusal.code)),
        )
      : []
  const mayCarry = actions.some((one) => one?.command === 'carry.into-risk' && one.refusal === null)
  return (
    <li className="carry-row">
      <div>
        <Badge>{code('carry.source', of.source)}</Badge> <b>{words(of.words)}</b>
      </div>
      <p className="soft">
        {of.incident !== null && (
          <>
            <Link to={paths.incident(of.incident.id)}>{of.incident.title}</Link>
            {' · '}
          </>
        )}
        {of.source === 'finding' && (
          <>
            <Link to={paths.finding(of.id)}>{t('carry.source.finding')}</Link>
            {' · '}
          </>
        )}
        {of.subject !== null && (
          <>
            <OrganizationName of={of.subject} />
            {' · '}
          </>
        )}
        {t('carry.raised', { age: duration(Math.max(0, now - Date.parse(of.raisedAt))) })}
      </p>
      {of.outcome !== null && (
        <p>
          <Badge tone={of.outcome === 'refused' ? 'soon' : 'grey'}>{code('carry.outcome', of.outcome)}</Badge>{' '}
          {of.risk !== null && <Link to={paths.risk(of.risk.id)}>{words(of.risk.name)}</Link>}
          {of.instrumentId !== null && <Link to={paths.instrument(of.instrumentId)}>{of.instrumentId}</Link>} {of.text}
          <span className="soft">
            {' '}
            {of.by !== null && <OrganizationName of={of.by} />} {of.decidedAt !== null && date(of.decidedAt)}
          </span>
        </p>
      )}
      {actions.length > 0 && (
        <div className="risk-badges">
          {mayCarry && <Button onPress={() => setAsked('new')}>{t('carry.new-risk')}</Button>}
          {actions.map(
            (action) =>
              action !== null && <ActionButton key={action.command} action={action} onPress={() => setAsked(action.command as Asked)} />,
          )}
        </div>
      )}
      {asked !== null && <CarryDialog of={of} asked={asked} onClose={() => setAsked(null)} />}
    </li>
  )
}

function CarryDialog({ of, asked, onClose }: { readonly of: CarryView; readonly asked: Asked; readonly onClose: () => void }) {
  const { t, words, code } = useWords()
  switch (asked) {
    case 'new':
      return <RegisterDialog from={of.id} territory={of.jurisdiction} onClose={onClose} />
    case 'carry.into-risk':
      return <IntoRisk of={of} onClose={onClose} />
    case 'carry.into-instrument':
      return <IntoInstrument of={of} onClose={onClose} />
    case 'carry.refuse':
      return (
        <ReasonDialog
          title={t('kit.named', { what: code('command', asked), of: words(of.words) })}
          isOpen
          onClose={onClose}
          room="carry"
          id={of.id}
          label={code('command', asked)}
          ask={t('risk.ask.reason')}
          command={(reason) => ({ type: asked, reason })}
        />
      )
  }
}

type IntoProps = { readonly of: CarryView; readonly onClose: () => void }

function IntoRisk({ of, onClose }: IntoProps) {
  const { t, words, code } = useWords()
  const [q, setQ] = useState('')
  const [riskId, setRiskId] = useState<string | null>(null)
  const [text, setText] = useState('')
  const found = useQuery(risksQuery(useWorld(), q.trim() === '' ? {} : { q: q.trim() })).data?.rows ?? []
  const make = (): Command | null => {
    const said = written(text)
    return riskId === null || said === null ? null : { type: 'carry.into-risk', riskId, text: said }
  }
  return (
    <Dialog title={t('kit.named', { what: code('command', 'carry.into-risk'), of: words(of.words) })} isOpen onClose={onClose} wide>
      <CommandForm room="carry" id={of.id} label={code('command', 'carry.into-risk')} onClose={onClose} make={make}>
        <Field label={t('carry.ask.risk-find')} type="search" value={q} onChange={setQ} maxLength={100} />
        <SelectField
          label={t('carry.ask.risk')}
          choices={found.map(({ id, name }) => ({ id, label: words(name) }))}
          value={riskId}
          onChange={setRiskId}
        />
        <Field label={t('carry.ask.text')} lines={3} isRequired value={text} onChange={setText} maxLength={2000} />
      </CommandForm>
    </Dialog>
  )
}

function IntoInstrument({ of, onClose }: IntoProps) {
  const { t, words, code } = useWords()
  const instruments = useQuery(instrumentsQuery(useWorld())).data ?? []
  const [instrumentId, setInstrumentId] = useState<string | null>(null)
  const [text, setText] = useState('')
  const make = (): Command | null => {
    const said = written(text)
    return instrumentId === null || said === null ? null : { type: 'carry.into-instrument', instrumentId, text: said }
  }
  return (
    <Dialog title={t('kit.named', { what: code('command', 'carry.into-instrument'), of: words(of.words) })} isOpen onClose={onClose}>
      <CommandForm room="carry" id={of.id} label={code('command', 'carry.into-instrument')} onClose={onClose} make={make}>
        <SelectField
          label={t('carry.ask.instrument')}
          choices={instruments.map(({ id, title }) => ({ id, label: words(title) }))}
          value={instrumentId}
          onChange={setInstrumentId}
        />
        <Field label={t('carry.ask.text')} lines={3} isRequired value={text} onChange={setText} maxLength={2000} />
      </CommandForm>
    </Dialog>
  )
}
