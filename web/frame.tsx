import {
  IconAlertTriangle,
  IconBellRinging,
  IconBuildingCommunity,
  IconChecklist,
  IconClockPlay,
  IconDots,
  IconFileInfo,
  IconGavel,
  IconMap2,
  IconMoon,
  IconPhoneIncoming,
  IconPlus,
  IconScale,
  IconShieldExclamation,
  IconSitemap,
  IconTarget,
  IconSun,
  IconUser,
  IconWifiOff,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { type ComponentType, lazy, Suspense, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { SessionView } from '#core/view.ts'
import { onAnswered, onWaiting, resumeWaiting, waitingCount } from './api.ts'
import { useNow, useWallClock } from './clock.ts'
import { Button, Dialog, Link, toast, Toasts } from './kit/index.ts'
import { useNarrow } from './kit/narrow.ts'
import { useLive, useLiveFeed } from './live.ts'
import { pathsIn, usePaths, useWorld, WorldContext, type Paths } from './paths.ts'
import { sessionQuery } from './queries.ts'
import { setTheme, useTheme } from './theme.ts'
import { HOME_ZONE, setLanguage, useWords } from './words.ts'
import './frame.css'

const ReportDialog = lazy(() => import('./report.tsx'))
const AccountDialog = lazy(() => import('./session/account.tsx'))

type Place = {
  readonly key:
    | 'frame.desk'
    | 'frame.alerts'
    | 'frame.risks'
    | 'frame.obligations'
    | 'frame.findings'
    | 'frame.objectives'
    | 'frame.instruments'
    | 'frame.headquarters'
    | 'frame.notices'
    | 'frame.intake'
    | 'frame.information'
    | 'frame.directory'
    | 'frame.exercises'
  readonly icon: ComponentType<{ size?: number; stroke?: number }>
  readonly to: (paths: Paths) => string
  /** On a phone it stands in the bar itself; the others are one press further. */
  readonly first?: true
}
const PLACES: readonly Place[] = [
  { key: 'frame.desk', icon: IconMap2, to: (paths) => paths.desk(), first: true },
  { key: 'frame.alerts', icon: IconAlertTriangle, to: (paths) => paths.alerts(), first: true },
  { key: 'frame.intake', icon: IconPhoneIncoming, to: (paths) => paths.intakes() },
  { key: 'frame.obligations', icon: IconChecklist, to: (paths) => paths.obligations(), first: true },
  { key: 'frame.findings', icon: IconGavel, to: (paths) => paths.findings() },
  { key: 'frame.risks', icon: IconShieldExclamation, to: (paths) => paths.risks() },
  { key: 'frame.objectives', icon: IconTarget, to: (paths) => paths.objectives() },
  { key: 'frame.instruments', icon: IconScale, to: (paths) => paths.instruments() },
  { key: 'frame.headquarters', icon: IconSitemap, to: (paths) => paths.headquarters() },
  { key: 'frame.notices', icon: IconBellRinging, to: (paths) => paths.notices() },
  { key: 'frame.information', icon: IconFileInfo, to: (paths) => paths.information() },
  { key: 'frame.directory', icon: IconBuildingCommunity, to: (paths) => paths.directory() },
  { key: 'frame.exercises', icon: IconClockPlay, to: (paths) => paths.exercises() },
]

/** The frame around every page but the sign-in: where one is, as whom, whether the line stands, and the way to report. */
export function Frame() {
  const { t } = useWords()
  const session = useQuery(sessionQuery).data
  const world = useWorld()
  const [reporting, setReporting] = useState(false)
  const post = session?.post ?? null
  useLiveFeed(world, post !== null)
  useEffect(() => {
    resumeWaiting(post?.id ?? null)
    return () => resumeWaiting(null)
  }, [post?.id])
  useLateAnswers()
  useSignedOut(session ?? null)
  useReportKey(() => setReporting(true))
  useFocusOnPage()
  return (
    <div className="frame">
      <a className="skip" href="#page">
        {t('frame.skip')}
      </a>
      <Rail session={session ?? null} onReport={() => setReporting(true)} />
      <div className="frame-column">
        <header>
          <TopBar session={session ?? null} onReport={() => setReporting(true)} />
          <Banners />
        </header>
        <main id="page" className="page" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      {reporting && session?.post != null && (
        <Suspense fallback={null}>
          <ReportDialog session={session} onClose={() => setReporting(false)} />
        </Suspense>
      )}
      <Toasts />
    </div>
  )
}

/** A command that waited through a cut is answered when its dialog is long closed: said once, in a corner. */
function useLateAnswers(): void {
  const { t, code } = useWords()
  useEffect(
    () =>
      onAnswered((_room, _id, answer, delayed) => {
        if (delayed)
          toast(
            answer.ok ? t('frame.sent-after-cut') : t('frame.refused-after-cut', { reason: code('refusal', answer.code, answer.params) }),
          )
      }),
    [t, code],
  )
}

/** The session ended elsewhere: back to the sign-in, and from there to this page again. */
function useSignedOut(session: SessionView | null): void {
  const router = useRouter()
  const out = session !== null && session.post === null
  useEffect(() => {
    if (out) router.history.push(pathsIn(null).signIn(router.state.location.href))
  }, [out, router])
}

/** What led to another page is gone with the old one: reading and tabbing go on at the top of the new one. */
function useFocusOnPage(): void {
  const here = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const last = useRef(here)
  useEffect(() => {
    const moved = last.current !== undefined && last.current !== here
    last.current = here
    if (moved && document.activeElement === document.body) document.getElementById('page')?.focus({ preventScroll: true })
  }, [here])
}

/** Alt+N reports from anywhere; a bare letter would fire while somebody speaks to the machine (WCAG 2.1.4). */
function useReportKey(report: () => void): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== 'KeyN') return
      event.preventDefault()
      report()
    }
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  })
}

/** The dark rail on the left; on a phone the bar below, with the large button to report in its middle. */
function Rail({ session, onReport }: { readonly session: SessionView | null; readonly onReport: () => void }) {
  const { t } = useWords()
  const paths = usePaths()
  const real = useWorld() === null
  const here = useRouterState({ select: (state) => state.location.pathname })
  const narrow = useNarrow()
  const isOn = ({ key, to }: Place): boolean => {
    const address = to(paths)
    if (address === '/') return here === '/' || here.startsWith('/incidents')
    return here === address || (here.startsWith(`${address}/`) && (real || key !== 'frame.exercises'))
  }
  const shown = narrow ? PLACES.filter((one) => one.first === true) : PLACES
  return (
    <nav className="rail" aria-label={t('frame.navigation')}>
      <Link className="rail-mark" to={pathsIn(null).desk()} aria-label={t('frame.name')}>
        <img src="/muster.svg" alt="" width="36" height="36" />
      </Link>
      <ul className="rail-places">
        {shown.map((place) => (
          <li key={place.key}>
            <PlaceLink of={place} on={isOn(place)} />
          </li>
        ))}
        {narrow && (
          <li>
            <MorePlaces places={PLACES.filter((one) => one.first !== true)} isOn={isOn} />
          </li>
        )}
      </ul>
      <Button variant="primary" className="rail-report" aria-label={t('frame.report')} onPress={onReport}>
        <IconPlus size={28} aria-hidden />
      </Button>
      <div className="rail-foot">
        <ThemeButton />
        <Account session={session} />
      </div>
    </nav>
  )
}

type PlaceLinkProps = { readonly of: Place; readonly on: boolean; readonly onPress?: () => void }

function PlaceLink({ of: { key, icon: Icon, to }, on, onPress }: PlaceLinkProps) {
  const { t } = useWords()
  const paths = usePaths()
  return (
    <Link
      className={`rail-place ${on ? 'is-on' : ''}`}
      to={to(paths)}
      aria-current={on ? 'page' : undefined}
      {...(onPress === undefined ? {} : { onClick: onPress })}
    >
      <Icon size={21} stroke={1.6} />
      <span>{t(key)}</span>
    </Link>
  )
}

/** What does not fit into a phone's bar. */
function MorePlaces({ places, isOn }: { readonly places: readonly Place[]; readonly isOn: (place: Place) => boolean }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <>
      <AriaButton className={`rail-place ${places.some(isOn) ? 'is-on' : ''}`} onPress={() => setOpen(true)}>
        <IconDots size={21} stroke={1.6} aria-hidden />
        <span>{t('frame.more')}</span>
      </AriaButton>
      <Dialog title={t('frame.navigation')} isOpen={open} onClose={() => setOpen(false)}>
        <ul className="more-places">
          {places.map((place) => (
            <li key={place.key}>
              <PlaceLink of={place} on={isOn(place)} onPress={() => setOpen(false)} />
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  )
}

function ThemeButton() {
  const { t } = useWords()
  const now = useTheme()
  const Icon = now === 'day' ? IconMoon : IconSun
  return (
    <AriaButton
      className="rail-place"
      onPress={() => setTheme(now === 'day' ? 'night' : 'day')}
      aria-label={t(now === 'day' ? 'frame.to-night' : 'frame.to-day')}
    >
      <Icon size={20} stroke={1.6} aria-hidden />
      <span>{t(now === 'day' ? 'frame.night' : 'frame.day')}</span>
    </AriaButton>
  )
}

/** Who one is here; pressed, what belongs to a post and to this browser. */
function Account({ session }: { readonly session: SessionView | null }) {
  const { t, words } = useWords()
  const [open, setOpen] = useState(false)
  if (session?.post == null) return null
  const { organization, title } = session.post
  return (
    <>
      <AriaButton
        className="account"
        aria-label={`${t('frame.account')}: ${words(organization.name)} · ${words(title)}`}
        onPress={() => setOpen(true)}
      >
        <IconUser size={18} aria-hidden />
      </AriaButton>
      {open && (
        <Suspense fallback={null}>
          <AccountDialog session={session} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

function TopBar({ session, onReport }: { readonly session: SessionView | null; readonly onReport: () => void }) {
  const { t, words } = useWords()
  const post = session?.post ?? null
  return (
    <div className="bar">
      <div className="bar-who">
        <strong>{post === null ? t('frame.name') : words(post.organization.name)}</strong>
        {post !== null && <span>{words(post.title)}</span>}
      </div>
      {session?.mode === 'demonstration' && <DemonstrationMark />}
      <LineMark />
      <LanguageSwitch />
      <WallClock />
      <Button variant="primary" className="bar-report" onPress={onReport} aria-keyshortcuts="Alt+N">
        <IconPlus size={17} aria-hidden /> {t('frame.report')}
        <kbd>Alt N</kbd>
      </Button>
      <div className="bar-account">
        <Account session={session} />
      </div>
    </div>
  )
}

/** Stands on every page of a demonstration, so that no screenshot passes for the real thing. */
export function DemonstrationMark() {
  const { t } = useWords()
  return <span className="demonstration">{t('frame.demonstration')}</span>
}

export function LanguageSwitch() {
  const { t, lang } = useWords()
  return (
    <span className="language" role="group" aria-label={t('frame.language')}>
      <AriaButton lang="zh-CN" aria-pressed={lang === 'zh-CN'} onPress={() => setLanguage('zh-CN')}>
        中文
      </AriaButton>
      <AriaButton lang="en" aria-pressed={lang === 'en'} onPress={() => setLanguage('en')}>
        EN
      </AriaButton>
    </span>
  )
}

function LineMark() {
  const { t, duration } = useWords()
  const { status, cutAt } = useLive()
  useWallClock()
  return (
    <span className={`line-mark is-${status}`}>
      <i aria-hidden />
      <span>
        {status === 'cut'
          ? t('frame.cut', { time: duration(Date.now() - (cutAt ?? Date.now())) })
          : t(status === 'live' ? 'frame.live' : 'frame.connecting')}
      </span>
    </span>
  )
}

function WallClock() {
  const { time, zone, t } = useWords()
  const now = useWallClock()
  const at = new Date(now).toISOString()
  return (
    <time className="wall-clock" title={t('frame.zone', { zone: zone(HOME_ZONE) })}>
      {time(at)}
      <small>:{at.slice(17, 19)}</small> <small className="wall-clock-zone">{zone(HOME_ZONE)}</small>
    </time>
  )
}

/** What must be said in plain words: the line is cut and what waits, or what was caught up; and that this is an exercise. */
function Banners() {
  const { t, duration, dateTime } = useWords()
  const { status, cutAt, caughtUp } = useLive()
  const waiting = useSyncExternalStore(onWaiting, waitingCount)
  const world = useContext(WorldContext)
  const now = useNow()
  useWallClock()
  return (
    <>
      {world !== null && (
        <div className="banner is-exercise">
          <span>{t('frame.exercise-banner', { title: world.title })}</span>
          {world.clock !== null && <span>{t('frame.exercise-clock', { at: dateTime(new Date(now).toISOString()) })}</span>}
          <Link to={pathsIn(null).exercise(world.id)}>{t('frame.exercise-report')}</Link>
          <Link to={pathsIn(null).desk()}>{t('frame.exercise-leave')}</Link>
        </div>
      )}
      {status === 'cut' && (
        <div className="banner is-cut">
          <IconWifiOff size={18} aria-hidden />
          <span>
            {t('frame.cut-banner', { time: duration(Date.now() - (cutAt ?? Date.now())) })}
            {waiting > 0 && ` ${t('frame.waiting-banner', { count: waiting })}`}
          </span>
        </div>
      )}
      <div role="status" className="banner-status">
        {caughtUp !== null && (
          <div className="banner is-mended">
            {caughtUp.records === null
              ? t('frame.reread', { seconds: caughtUp.seconds })
              : t('frame.caught-up', { seconds: caughtUp.seconds, records: caughtUp.records })}
          </div>
        )}
      </div>
    </>
  )
}
