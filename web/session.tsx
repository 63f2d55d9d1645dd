import { IconKey } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { PostView, SessionView } from '#core/view.ts'
import { ask, type Refused } from './api.ts'
import { DemonstrationMark, LanguageSwitch } from './frame.tsx'
import { Button, Field, Read, Toasts, toast } from './kit/index.ts'
import { pathsIn } from './paths.ts'
import { postsQuery, queryClient, sessionQuery } from './queries.ts'
import { PostChoices } from './session/choose.tsx'
import { useWords } from './words.ts'
import './session.css'

/** Signing in: in a demonstration by choosing a post, otherwise by name and password or a passkey. */
export function SignInPage() {
  const { t } = useWords()
  const session = useQuery(sessionQuery)
  return (
    <div className="sign-in">
      <header className="sign-in-head">
        <img src="/muster.svg" alt="" width="40" height="40" />
        <div>
          <h1>{t('frame.name')}</h1>
          <p>{t('session.tagline')}</p>
        </div>
        {session.data?.mode === 'demonstration' && <DemonstrationMark />}
        <LanguageSwitch />
      </header>
      <main className="sign-in-body">
        <Read of={session}>{({ mode }) => (mode === 'demonstration' ? <ChoosePost /> : <SignInForm />)}</Read>
      </main>
      <Toasts />
    </div>
  )
}

/** A proved account with several posts must say which; the ticket goes with the choice. */
type PostChoice = { readonly choose: readonly PostView[]; readonly ticket: string }
type Entered = SessionView | PostChoice
type Answered = { readonly ok: true; readonly value: Entered } | Refused

/** Goes where the reader wanted to go, within these pages only; null when entered, else what is still in the way. */
function useEnter(): (answer: Answered) => Refused | PostChoice | null {
  const router = useRouter()
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  return (answer) => {
    if (!answer.ok) return answer
    if ('choose' in answer.value) return answer.value
    queryClient.clear()
    const to = search['to']
    router.history.push(typeof to === 'string' && /^\/(?![/\\])/.test(to) ? to : pathsIn(null).desk())
    return null
  }
}

function RefusedLine({ refused }: { readonly refused: Refused | null }) {
  const { code } = useWords()
  if (refused === null) return null
  return (
    <p className="refused" role="alert">
      {code('refusal', refused.code, refused.params)}
    </p>
  )
}

function ChoosePost() {
  const { t } = useWords()
  const posts = useQuery(postsQuery)
  const enter = useEnter()
  const [refused, setRefused] = useState<Refused | null>(null)
  const choose = async (post: PostView): Promise<void> => {
    const left = enter(await ask<SessionView>('POST', '/api/session/demonstration', { postId: post.id }))
    if (left !== null && 'ok' in left) setRefused(left)
  }
  return (
    <section className="choose-post" aria-labelledby="choose-post">
      <h2 id="choose-post">{t('session.choose-post')}</h2>
      <p className="soft">{t('session.demonstration-help')}</p>
      <RefusedLine refused={refused} />
      <Read of={posts} lines={10}>
        {(all) => <PostChoices posts={all} choose={(post) => void choose(post)} />}
      </Read>
    </section>
  )
}

function SignInForm() {
  const { t } = useWords()
  const enter = useEnter()
  const [choice, setChoice] = useState<PostChoice | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  const take = (answer: Answered): void => {
    const left = enter(answer)
    setRefused(left !== null && 'ok' in left ? left : null)
    setChoice(left !== null && 'choose' in left ? left : null)
  }
  const choose = async (ticket: string, post: PostView): Promise<void> =>
    take(await ask('POST', '/api/session/choose', { ticket, postId: post.id }))
  if (choice !== null)
    return (
      <section className="choose-post" aria-labelledby="which-post">
        <h2 id="which-post">{t('session.which-post')}</h2>
        <PostChoices posts={choice.choose} choose={(post) => void choose(choice.ticket, post)} />
      </section>
    )
  return (
    <section className="sign-in-form" aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">{t('session.title')}</h2>
      <PasswordForm refused={refused} take={take} />
      {window.PublicKeyCredential !== undefined && <PasskeyButton take={take} />}
    </section>
  )
}

function PasswordForm({ refused, take }: { readonly refused: Refused | null; readonly take: (answer: Answered) => void }) {
  const { t } = useWords()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    const answer = await ask<Entered>('POST', '/api/session/password', { name, password })
    setBusy(false)
    take(answer)
  }
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <Field label={t('session.name')} autoComplete="username" isRequired value={name} onChange={setName} />
      <Field
        label={t('session.password')}
        type="password"
        autoComplete="current-password"
        isRequired
        value={password}
        onChange={setPassword}
      />
      <RefusedLine refused={refused} />
      <Button type="submit" variant="primary" className={busy ? 'is-busy' : ''}>
        {t('session.sign-in')}
      </Button>
    </form>
  )
}

function PasskeyButton({ take }: { readonly take: (answer: Answered) => void }) {
  const { t } = useWords()
  const go = async (): Promise<void> => {
    const { passkeySignIn } = await import('./session/passkey.ts')
    const answer = await passkeySignIn<Entered>()
    if (answer === null) toast(t('session.passkey-stopped'))
    else take(answer)
  }
  return (
    <Button onPress={() => void go()}>
      <IconKey size={16} aria-hidden /> {t('session.passkey')}
    </Button>
  )
}
