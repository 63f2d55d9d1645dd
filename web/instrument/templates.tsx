import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { FilledTemplate, RegisteredView, TemplateSummary } from '#core/view/instrument.ts'
import { ask, type Refused } from '../api.ts'
import { useSend } from '../form.ts'
import { Badge, Button, Empty, Field, LinkButton, PageHead, Panel, Read, toast } from '../kit/index.ts'
import { OrganizationField } from '../kit/organization-field.tsx'
import { usePaths, useWorld } from '../paths.ts'
import { InstrumentTabs } from './tabs.tsx'
import { directoryQuery, sessionQuery, templatesQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import './templates.css'

/** The checker reads the text to check from here. */
const HANDED_OVER = 'muster.lint.text'

type Answers = Readonly<Record<string, string>>

/** Models to start from: choose one, answer what it asks, and get clauses to check, edit and take over. */
export function TemplatesPage() {
  const { t } = useWords()
  const world = useWorld()
  const reading = useQuery(templatesQuery(world))
  const [chosen, setChosen] = useState<string | null>(null)
  return (
    <>
      <PageHead title={t('template.title')} note={t('template.subtitle')} />
      <InstrumentTabs on="templates" />
      <Read of={reading} lines={8}>
        {(all) => {
          const template = all.find((one) => one.id === chosen)
          if (all.length === 0) return <Empty />
          return template === undefined ? (
            <List all={all} onChoose={setChosen} />
          ) : (
            <Filling key={template.id} of={template} onBack={() => setChosen(null)} />
          )
        }}
      </Read>
    </>
  )
}

function List({ all, onChoose }: { readonly all: readonly TemplateSummary[]; readonly onChoose: (id: string) => void }) {
  const { t, words, code } = useWords()
  return (
    <ul className="templates">
      {all.map((one) => (
        <li key={one.id} className="panel template-card">
          <h2>{words(one.title)}</h2>
          <p>
            <Badge tone="accent">{code('instrument', one.kind)}</Badge>{' '}
            <span className="soft">
              {t('template.clauses', { count: one.clauses })}
              {one.organizations > 0 && ` · ${t('template.organizations', { count: one.organizations })}`}
            </span>
          </p>
          <p>{words(one.words)}</p>
          <p className="soft">{t('template.source', { source: words(one.source) })}</p>
          <Button onPress={() => onChoose(one.id)} aria-label={`${t('template.choose')}: ${words(one.title)}`}>
            {t('template.choose')}
          </Button>
        </li>
      ))}
    </ul>
  )
}

function Filling({ of, onBack }: { readonly of: TemplateSummary; readonly onBack: () => void }) {
  const { t, words, code } = useWords()
  const world = useWorld()
  const home = useQuery(sessionQuery).data?.jurisdiction?.code ?? ''
  const organizations = useQuery(directoryQuery(world)).data?.organizations ?? []
  const [answers, setAnswers] = useState<Answers>(() => Object.fromEntries(of.asks.map((one) => [one.key, startOf(one, home)])))
  const [made, setMade] = useState<FilledTemplate | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [busy, setBusy] = useState(false)
  const set = (key: string, value: string): void => {
    setAnswers({ ...answers, [key]: value })
    setMade(null)
  }
  const missing = of.asks.some((one) => (answers[one.key] ?? '').trim() === '')
  const fill = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (missing) {
      toast(t('template.incomplete'))
      return
    }
    setBusy(true)
    const answer = await ask<FilledTemplate>('POST', `/api/templates/${encodeURIComponent(of.id)}/fill`, { answers })
    setBusy(false)
    setRefused(answer.ok ? null : answer)
    if (answer.ok) setMade(answer.value)
  }
  return (
    <div className="template-page">
      <Panel title={words(of.title)} actions={<Button onPress={onBack}>{t('template.back')}</Button>}>
        <form className="form padded" onSubmit={(event) => void fill(event)}>
          <p>{words(of.words)}</p>
          {of.asks.map((one) =>
            one.kind === 'organization' ? (
              <OrganizationField
                key={one.key}
                label={words(one.words)}
                organizations={organizations}
                value={answers[one.key] === '' ? null : (answers[one.key] ?? null)}
                onChange={(id) => set(one.key, id ?? '')}
                isRequired
              />
            ) : (
              <Field
                key={one.key}
                label={words(one.words)}
                isRequired
                type={one.kind === 'date' ? 'date' : 'text'}
                inputMode={one.kind === 'number' || one.kind === 'jurisdiction' ? 'numeric' : 'text'}
                value={answers[one.key] ?? ''}
                onChange={(value) => set(one.key, value)}
                {...(one.example === null ? {} : { help: t('template.example', { example: one.example }) })}
              />
            ),
          )}
          {refused !== null && (
            <p className="refused" role="alert">
              {code('refusal', refused.code, { ...refused.params, key: wordsOfKey(of, refused.params.key, words) })}
            </p>
          )}
          <footer className="template-foot">
            <Button type="submit" variant="primary" className={busy ? 'is-busy' : ''}>
              {t('template.fill')}
            </Button>
          </footer>
        </form>
      </Panel>
      {made !== null && <Made of={made} template={of} answers={answers} />}
    </div>
  )
}

function startOf({ kind, example, key }: TemplateSummary['asks'][number], home: string): string {
  if (kind === 'jurisdiction' && key !== 'common') return home
  return kind === 'organization' ? '' : (example ?? '')
}

const wordsOfKey = (of: TemplateSummary, key: unknown, words: (both: TemplateSummary['words']) => string): unknown => {
  const asked = of.asks.find((one) => one.key === key)
  return asked === undefined ? key : words(asked.words)
}

type MadeProps = { readonly of: FilledTemplate; readonly template: TemplateSummary; readonly answers: Answers }

/** The clauses as a file: to the checker, or straight into the register. */
function Made({ of, template, answers }: MadeProps) {
  const { t, words, code } = useWords()
  const paths = usePaths()
  const router = useRouter()
  const adopting = useSend()
  const [adopted, setAdopted] = useState(false)
  const [registered, setRegistered] = useState<RegisteredView['registered'] | null>(null)
  const check = (): void => {
    sessionStorage.setItem(HANDED_OVER, of.yaml)
    router.history.push(paths.lint())
  }
  const adopt = async (): Promise<void> => {
    const answer = await adopting.send('instrument', of.id, { type: 'instrument.adopt', instrument: of.instrument })
    if (answer.ok) setAdopted(true)
  }
  const register = async (): Promise<void> => {
    const answer = await ask<RegisteredView>('POST', `/api/templates/${encodeURIComponent(template.id)}/organizations`, { answers })
    if (answer.ok) setRegistered(answer.value.registered)
    else toast(code('refusal', answer.code, answer.params))
  }
  const not = registered?.filter((one) => one.refusal !== null) ?? []
  const [first] = not
  return (
    <Panel title={words(of.instrument.title)} note={t('template.clauses', { count: of.instrument.clauses.length })}>
      <div className="padded stack">
        <p>{t('template.filled-note')}</p>
        <div className="template-foot">
          {template.organizations > 0 && (
            <Button onPress={() => void register()}>{t('template.register', { count: template.organizations })}</Button>
          )}
          <Button onPress={check}>{t('template.check')}</Button>
          {adopted ? (
            <LinkButton to={paths.instrument(of.id)} variant="primary">
              {t('template.adopted')}
            </LinkButton>
          ) : (
            <Button variant="primary" className={adopting.busy ? 'is-busy' : ''} onPress={() => void adopt()}>
              {t('template.adopt')}
            </Button>
          )}
        </div>
        {adopting.refused !== null && (
          <p className="refused" role="alert">
            {t('kit.not-allowed', { reason: code('refusal', adopting.refused.code, adopting.refused.params) })}
          </p>
        )}
        {registered !== null && (
          <p role="status">
            {t('template.registered', { done: registered.length - not.length, refused: not.length })}
            {first !== undefined && first.refusal !== null && ` ${code('refusal', first.refusal.code, first.refusal.params)}`}
          </p>
        )}
        <pre className="template-yaml" tabIndex={0} aria-label={t('template.yaml')}>
          {of.yaml}
        </pre>
      </div>
    </Panel>
  )
}
