import { IconFileUpload, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import type { Instrument } from '#core/instrument.ts'
import type { LintAnswer, LintedView } from '#core/view/lint.ts'
import { ask, type Refused } from './api.ts'
import { ActionButton, Button, Chips, ConfirmDialog, Empty, PageHead, Panel, Skeleton, toast } from './kit/index.ts'
import { useWorld } from './paths.ts'
import { sessionQuery } from './queries.ts'
import { useWords } from './words.ts'
import { InstrumentTabs } from './instrument/tabs.tsx'
import { findingWords, FindingWords } from './lint/findings.tsx'
import { InForcePart } from './lint/in-force.tsx'
import type { Mark } from './lint/editor.tsx'
import './lint.css'

const Editor = lazy(() => import('./lint/editor.tsx').then(({ Editor: loaded }) => ({ default: loaded })))

/** After the last key: so long the text rests before it is checked again. */
const REST_MS = 400
const FILES_MAX = 20
const BYTES_MAX = 2 * 1024 * 1024
const SHOWN_MAX = 300
/** A text that another page hands over, such as a filled template. */
const HANDED_OVER = 'muster.lint.text'

type OpenFile = { readonly key: number; readonly name: string; readonly text: string }
type Place = { readonly line: number; readonly column: number }

/** Instruments as texts: opened or pasted, checked as one types, mended, and taken into force when nothing is wrong. */
export function LintPage() {
  const { t } = useWords()
  const [part, setPart] = useState<'files' | 'in-force'>('files')
  const choices = [
    { id: 'files' as const, label: t('lint-page.files') },
    { id: 'in-force' as const, label: t('lint-page.in-force') },
  ]
  return (
    <>
      <PageHead title={t('lint-page.title')} note={t('lint-page.subtitle')} />
      <InstrumentTabs on="lint" />
      <div className="lint-page">
        <Chips label={t('lint-page.title')} choices={choices} value={part} onChange={setPart} />
        {/* The texts stay while the other part is looked at. */}
        <div hidden={part !== 'files'}>
          <FilesPart />
        </div>
        {part === 'in-force' && <InForcePart />}
      </div>
    </>
  )
}

/** Kept where it was put until the page is left, so that looking twice finds it twice. */
function handedOver(name: string): readonly OpenFile[] {
  const text = sessionStorage.getItem(HANDED_OVER)
  return text === null ? [] : [{ key: 1, name, text }]
}

function FilesPart() {
  const { t, number } = useWords()
  const [files, setFiles] = useState<readonly OpenFile[]>(() => handedOver(t('lint-page.new-name', { number: 1 })))
  const [current, setCurrent] = useState(0)
  const [target, setTarget] = useState<Place | null>(null)
  const { answer, refused, busy } = useCheck(files)
  const file = files[current] ?? null
  useEffect(() => () => sessionStorage.removeItem(HANDED_OVER), [])

  const add = (added: readonly Omit<OpenFile, 'key'>[]): void => {
    const before = files.at(-1)?.key ?? 0
    const all = [...files, ...added.map((one, i) => ({ ...one, key: before + 1 + i }))].slice(0, FILES_MAX)
    setFiles(all)
    setCurrent(Math.min(files.length, all.length - 1))
    setTarget(null)
  }
  const open = async (list: FileList | null): Promise<void> => {
    const chosen = [...(list ?? [])].slice(0, FILES_MAX)
    const large = chosen.find((one) => one.size > BYTES_MAX)
    if (large !== undefined) toast(t('lint-page.too-large', { name: large.name, max: number(BYTES_MAX / 1024 / 1024) }), 'late')
    const small = chosen.filter((one) => one.size <= BYTES_MAX)
    add(await Promise.all(small.map(async (one) => ({ name: one.name, text: await one.text() }))))
  }
  const change = (text: string): void => setFiles((all) => all.map((one, i) => (i === current ? { ...one, text } : one)))
  const go = (name: string, place: Place): void => {
    const at = files.findIndex((one) => one.name === name)
    if (at >= 0 && at !== current) setCurrent(at)
    setTarget({ ...place })
  }

  return (
    <div className="lint-files">
      <div className="lint-bar">
        <FilePicker onFiles={(list) => void open(list)} />
        <Button
          onPress={() => add([{ name: t('lint-page.new-name', { number: files.length + 1 }), text: '' }])}
          isDisabled={files.length >= FILES_MAX}
        >
          <IconPlus size={17} aria-hidden /> {t('lint-page.paste')}
        </Button>
        {files.length > 1 && (
          <Chips
            label={t('lint-page.files')}
            choices={files.map((one, i) => ({ id: String(i), label: one.name }))}
            value={String(current)}
            onChange={(id) => {
              setCurrent(Number(id))
              setTarget(null)
            }}
          />
        )}
      </div>
      {file === null ? (
        <Empty title={t('lint-page.nothing')} help={t('lint-page.nothing-help')} />
      ) : (
        <div className="lint-grid">
          <Panel title={file.name} note={t('lint-page.lines', { count: file.text.split('\n').length })} className="lint-text">
            <Suspense fallback={<Skeleton lines={12} />}>
              <EditorOf key={file.key} file={file} answer={answer} target={target} onChange={change} />
            </Suspense>
          </Panel>
          <Found answer={answer} refused={refused} busy={busy} onGo={go} />
        </div>
      )}
    </div>
  )
}

function FilePicker({ onFiles }: { readonly onFiles: (list: FileList | null) => void }) {
  const { t } = useWords()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept=".yaml,.yml,.json"
        aria-label={t('lint-page.open')}
        onChange={(event) => {
          onFiles(event.target.files)
          event.target.value = ''
        }}
      />
      <Button variant="primary" onPress={() => input.current?.click()}>
        <IconFileUpload size={17} aria-hidden /> {t('lint-page.open')}
      </Button>
    </>
  )
}

type Checked = { readonly answer: LintAnswer | null; readonly refused: Refused | null; readonly busy: boolean }

/** Checks all open files together once typing rests; an answer to an older text is thrown away. */
function useCheck(files: readonly OpenFile[]): Checked {
  const world = useWorld()
  const [checked, setChecked] = useState<Checked>({ answer: null, refused: null, busy: false })
  useEffect(() => {
    const written = files.filter((one) => one.text.trim() !== '')
    if (written.length === 0) {
      setChecked({ answer: null, refused: null, busy: false })
      return undefined
    }
    let stale = false
    setChecked((before) => ({ ...before, busy: true }))
    const timer = setTimeout(() => {
      const path = `/api/lint${world === null ? '' : `?world=${encodeURIComponent(world)}`}`
      void ask<LintAnswer>('POST', path, { files: written.map(({ name, text }) => ({ name, text })) }).then((answer) => {
        if (stale) return
        setChecked(answer.ok ? { answer: answer.value, refused: null, busy: false } : { answer: null, refused: answer, busy: false })
      })
    }, REST_MS)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [files, world])
  return checked
}

type EditorOfProps = {
  readonly file: OpenFile
  readonly answer: LintAnswer | null
  readonly target: Place | null
  readonly onChange: (text: string) => void
}

function EditorOf({ file, answer, target, onChange }: EditorOfProps) {
  const api = useWords()
  const marks = useMemo(
    (): readonly Mark[] => [
      ...(answer?.problems ?? [])
        .filter((one) => one.file === file.name)
        .map((one): Mark => ({ ...one, severity: 'error', message: `${one.path} ${one.problem}` })),
      ...(answer?.findings ?? [])
        .filter((one) => one.file === file.name)
        .map((one): Mark => {
          const { says, mend } = findingWords(api, one, answer?.names ?? {})
          return { line: one.line, column: one.column, severity: one.severity, message: `${says}\n${api.t('lint-page.mend')} ${mend}` }
        }),
    ],
    [answer, api, file.name],
  )
  return (
    <Editor label={api.t('lint-page.text-of', { name: file.name })} text={file.text} marks={marks} target={target} onChange={onChange} />
  )
}

type FoundProps = Checked & { readonly onGo: (file: string, place: Place) => void }

function Found({ answer, refused, busy, onGo }: FoundProps) {
  const { t, code } = useWords()
  const count = answer === null ? 0 : answer.problems.length + answer.findings.length
  const title = answer === null ? t('lint-page.found') : t('lint-page.found-count', { count })
  return (
    <Panel title={title} note={busy ? t('lint-page.checking') : undefined} className="lint-found" scrolls>
      <p className="for-readers" role="status">
        {answer === null ? '' : t('lint-page.found-count', { count })}
      </p>
      {refused !== null && (
        <p className="padded lint-refused" role="alert">
          {code('refusal', refused.code, refused.params)}
        </p>
      )}
      {answer !== null && <Adopting answer={answer} />}
      <ul className="lint-list">
        {(answer?.problems ?? []).slice(0, SHOWN_MAX).map((one, index) => (
          <li key={`problem-${index}`}>
            <PlaceButton of={one} many={answer?.read.length !== 1} onGo={onGo} />
            <span className="lint-words">
              <span>
                {t('lint-page.malformed')} <code>{one.path}</code> {one.problem}
              </span>
            </span>
          </li>
        ))}
        {(answer?.findings ?? []).slice(0, SHOWN_MAX).map((one, index) => (
          <li key={`${one.code}-${index}`}>
            <PlaceButton of={one} many={answer?.read.length !== 1} onGo={onGo} />
            <FindingWords of={one} names={answer?.names ?? {}} />
          </li>
        ))}
        {(answer?.accepted ?? []).map((one, index) => (
          <li key={`accepted-${index}`} className="is-accepted">
            <PlaceButton of={one} many={answer?.read.length !== 1} onGo={onGo} />
            <span className="lint-words">
              <span>{t('lint-page.accepted', { reason: one.accepted ?? '' })}</span>
              <code className="soft">{one.code}</code>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

type At = Pick<LintedView, 'file' | 'line' | 'column'>

function PlaceButton({ of, many, onGo }: { readonly of: At; readonly many: boolean; readonly onGo: FoundProps['onGo'] }) {
  const { t } = useWords()
  const { file, line, column } = of
  return (
    <Button variant="quiet" className="lint-place" onPress={() => onGo(file, { line, column })}>
      {many ? `${file}:${line}` : `${line}:${column}`}
      <span className="for-readers"> {t('lint-page.go', { file, line, column })}</span>
    </Button>
  )
}

/** What was read whole and has no error can be taken into force; a warning stays somebody's to answer for. */
function Adopting({ answer }: { readonly answer: LintAnswer }) {
  const { t, words } = useWords()
  const powers = useQuery(sessionQuery).data?.post?.powers ?? []
  const [adopting, setAdopting] = useState<Instrument | null>(null)
  const errors = answer.problems.length + answer.findings.filter((one) => one.severity === 'error').length
  if (answer.read.length === 0) return null
  const refusal = powers.includes('instrument.keep') ? null : { code: 'authority.no-power', params: { power: 'instrument.keep' } }
  return (
    <div className="padded lint-adopt">
      <p className={errors === 0 ? 'is-clean' : 'soft'}>
        {answer.ok
          ? t('lint-page.clean')
          : errors === 0
            ? t('lint-page.warnings-only', { count: answer.findings.length })
            : t('lint-page.mend-first', { count: errors })}
      </p>
      {errors === 0 &&
        answer.read.map(({ instrument }) => (
          <ActionButton
            key={instrument.id}
            action={{ command: 'instrument.adopt', refusal }}
            label={t('lint-page.adopt', { title: words(instrument.title) })}
            variant="primary"
            onPress={() => setAdopting(instrument)}
          />
        ))}
      {adopting !== null && (
        <ConfirmDialog
          title={t('lint-page.adopt', { title: words(adopting.title) })}
          isOpen
          onClose={() => setAdopting(null)}
          room="instrument"
          id={adopting.id}
          label={t('lint-page.adopt-now')}
          command={{ type: 'instrument.adopt', instrument: adopting }}
          onRecorded={() => toast(t('lint-page.adopted', { title: words(adopting.title) }))}
        >
          <p>{t('lint-page.adopt-help', { from: adopting.inForceFrom })}</p>
        </ConfirmDialog>
      )}
    </div>
  )
}
