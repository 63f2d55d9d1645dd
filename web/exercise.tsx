import { IconFileImport, IconPlayerPlay } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import type { ActionView, ExerciseListView, ExerciseSummary, ScenarioSummary } from '#core/view.ts'
import { ask, type Refused } from './api.ts'
import { ActionButton, Badge, Button, Chips, Empty, Link, PageHead, Panel, Read } from './kit/index.ts'
import { usePaths } from './paths.ts'
import { exercisesQuery, queryClient, sessionQuery } from './queries.ts'
import { useWords } from './words.ts'
import './kit/obligation.css'
import './exercise.css'

export { ExercisePage } from './exercise/page.tsx'

const SPEEDS = ['max', '600', '60'] as const
type Speed = (typeof SPEEDS)[number]
const RUNNING_REFRESH_MS = 2000
/** A scenario file larger than this is none. */
const FILE_MAX_BYTES = 20_000_000

/** The scenarios at hand, each one click from its replay, and the runs made so far. */
export function ExerciseListPage() {
  const { t } = useWords()
  const reading = useQuery({
    ...exercisesQuery,
    refetchInterval: (one) => (one.state.data?.exercises.some((run) => run.status === 'running') === true ? RUNNING_REFRESH_MS : false),
  })
  return (
    <>
      <PageHead title={t('exercise.title')} note={t('exercise.subtitle')} />
      <Read of={reading} lines={8}>
        {(list) => <Lists of={list} />}
      </Read>
    </>
  )
}

/** Starts a run and goes to its page, or says why not. */
function useStart(): {
  readonly busy: string | null
  readonly refused: Refused | null
  readonly start: (key: string, body: object) => Promise<void>
} {
  const [busy, setBusy] = useState<string | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  const router = useRouter()
  const paths = usePaths()
  const start = async (key: string, body: object): Promise<void> => {
    setBusy(key)
    setRefused(null)
    const answer = await ask<ExerciseSummary>('POST', '/api/exercises', body)
    setBusy(null)
    if (!answer.ok) return setRefused(answer)
    void queryClient.invalidateQueries({ queryKey: exercisesQuery.queryKey })
    router.history.push(paths.exercise(answer.value.id))
  }
  return { busy, refused, start }
}

function useRunAction(): ActionView {
  const powers = useQuery(sessionQuery).data?.post?.powers ?? []
  return {
    command: 'exercise.run',
    refusal: powers.includes('exercise.run') ? null : { code: 'authority.no-power', params: { power: 'exercise.run' } },
  }
}

function Lists({ of }: { readonly of: ExerciseListView }) {
  const { t, code } = useWords()
  const [speed, setSpeed] = useState<Speed>('max')
  const { busy, refused, start } = useStart()
  const run = useRunAction()
  const at = speed === 'max' ? 'max' : Number(speed)
  return (
    <div className="page-grid exercise-grid">
      <Panel
        title={t('exercise.scenarios')}
        note={of.scenarios.length}
        actions={
          <Chips
            label={t('exercise.speed')}
            choices={SPEEDS.map((id) => ({ id, label: code('exercise.speed', id) }))}
            value={speed}
            onChange={setSpeed}
          />
        }
      >
        <p className="padded soft">{t('exercise.apart')}</p>
        {refused !== null && (
          <p className="refused" role="alert">
            {code('refusal', refused.code, refused.params)}
          </p>
        )}
        {of.scenarios.length === 0 && <Empty title={t('exercise.scenarios-none')} />}
        <ul className="scenarios">
          {of.scenarios.map((scenario) => (
            <Scenario
              key={scenario.id}
              of={scenario}
              run={run}
              busy={busy === scenario.id}
              onRun={() => void start(scenario.id, { scenarioId: scenario.id, speed: at })}
            />
          ))}
        </ul>
        <OwnFile run={run} onFile={(scenario) => void start('file', { scenario, speed: at })} />
      </Panel>
      <Panel title={t('exercise.runs')} note={of.exercises.length}>
        {of.exercises.length === 0 ? <Empty title={t('exercise.runs-none')} /> : <Runs of={of.exercises} />}
      </Panel>
    </div>
  )
}

type ScenarioProps = { readonly of: ScenarioSummary; readonly run: ActionView; readonly busy: boolean; readonly onRun: () => void }

function Scenario({ of, run, busy, onRun }: ScenarioProps) {
  const { t, words, date } = useWords()
  return (
    <li className="scenario">
      <div>
        <h3>{words(of.title)}</h3>
        <p className="soft">
          {[
            of.startsAt === '' ? '' : date(of.startsAt),
            t('exercise.entries', { count: of.entries }),
            t('exercise.organizations', { count: of.organizations }),
            t('exercise.failures-count', { count: of.failures }),
          ]
            .filter((one) => one !== '')
            .join(' · ')}
        </p>
      </div>
      <ActionButton
        action={run}
        variant="primary"
        onPress={busy ? () => {} : onRun}
        label={
          <>
            <IconPlayerPlay size={16} aria-hidden /> {busy ? t('exercise.starting') : t('exercise.replay')}
            <span className="for-readers"> {words(of.title)}</span>
          </>
        }
      />
    </li>
  )
}

/** A scenario file of one's own; the server refuses a malformed one and says where. */
function OwnFile({ run, onFile }: { readonly run: ActionView; readonly onFile: (scenario: unknown) => void }) {
  const { t } = useWords()
  const [problem, setProblem] = useState(false)
  if (run.refusal !== null) return null
  const read = async (files: FileList | null): Promise<void> => {
    const file = files?.[0]
    if (file === undefined) return
    const scenario: unknown =
      file.size > FILE_MAX_BYTES
        ? null
        : await file
            .text()
            .then(JSON.parse)
            .catch(() => null)
    setProblem(scenario === null)
    if (scenario !== null) onFile(scenario)
  }
  return (
    <div className="own-file">
      <FileTrigger acceptedFileTypes={['application/json', '.json']} onSelect={(files) => void read(files)}>
        <Button>
          <IconFileImport size={16} aria-hidden /> {t('exercise.own-file')}
        </Button>
      </FileTrigger>
      <span className={problem ? 'late-words' : 'soft'} role="status">
        {problem ? t('exercise.own-file-bad') : t('exercise.own-file-help')}
      </span>
    </div>
  )
}

function Runs({ of }: { readonly of: readonly ExerciseSummary[] }) {
  const { t, words, code, short } = useWords()
  const paths = usePaths()
  return (
    <ul className="runs">
      {of.map((one) => (
        <li key={one.id}>
          <Link to={paths.exercise(one.id)}>{words(one.title)}</Link>
          <span className="soft">
            <Badge tone={one.status === 'failed' ? 'late' : one.status === 'running' ? 'accent' : 'grey'}>
              {code('exercise.status', one.status)}
            </Badge>{' '}
            {t('exercise.applied', { applied: one.applied, entries: one.entries })} ·{' '}
            {t('exercise.started-at', { at: short(one.startedAt) })}
          </span>
        </li>
      ))}
    </ul>
  )
}
