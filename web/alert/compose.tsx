import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { emptyDraft, replacing } from '#core/alert/compose.ts'
import { missingParticulars, type Draft } from '#core/alert/draft.ts'
import type { AlertDetail } from '#core/view/alert.ts'
import type { AlertPacksView, DivisionChoice } from '#core/view/compose.ts'
import type { IncidentView, SessionView } from '#core/view.ts'
import type { ProposalDetail } from '#core/view/station.ts'
import { newId } from '../api.ts'
import { serverNow } from '../clock.ts'
import { useSend } from '../form.ts'
import { Button, Empty, ErrorState, LinkButton, PageHead, Skeleton, toast } from '../kit/index.ts'
import { useParam, usePaths, useWorld } from '../paths.ts'
import { incidentQuery, sessionQuery } from '../queries.ts'
import { HOME_ZONE, useWords } from '../words.ts'
import { AreaPanel, type Nearby } from './compose/area.tsx'
import { DifferencesPanel, FindingsPanel, findingsOf, particularKey, ParticularsPanel, ReachPanel } from './compose/checks.tsx'
import { KeepState, KindPanel, StatusBanner } from './compose/kind.tsx'
import { PreviewPanel } from './compose/preview.tsx'
import { alertPacksQuery, divisionsQuery, draftQuery, proposedQuery } from './compose/queries.ts'
import { chosen, ownTexts, templateOf, usualMeasures, type Measured } from './compose/settle.ts'
import { useComposing, type Beginning } from './compose/state.ts'
import { LegalPanel, TextsPanel } from './compose/texts.tsx'
import { CapPanel, TimesPanel } from './compose/times.tsx'
import './compose/compose.css'

/** What the address says of a new one; it stays in the address, so that a reload begins the same. */
const SAID = ['replaces', 'kind', 'proposal', 'incident', 'hazard', 'colour'] as const

/** A new warning has its name at once: the page is the same before it is kept, after it, and after a reload. */
export function AlertNewPage() {
  const router = useRouter()
  const paths = usePaths()
  useEffect(() => {
    const search = new URLSearchParams(location.search)
    const said = new URLSearchParams(SAID.flatMap((name) => (search.get(name) === null ? [] : [[name, search.get(name) ?? '']])))
    said.set('new', '1')
    router.history.replace(`${paths.alertEdit(newId())}?${said.toString()}`)
  }, [router, paths])
  return <Skeleton lines={8} />
}

const searched = (name: (typeof SAID)[number] | 'new'): string | null => new URLSearchParams(location.search).get(name)

export function AlertEditPage() {
  const id = useParam('id')
  return <Editing key={id} id={id} />
}

function Editing({ id }: { readonly id: string }) {
  const { t } = useWords()
  const world = useWorld()
  const paths = usePaths()
  const packs = useQuery(alertPacksQuery(world))
  const session = useQuery(sessionQuery).data
  // A new one is nowhere yet; once it is kept the address says no more that it is new (state.ts).
  const [isNew] = useState(() => searched('new') !== null)
  const kept = useQuery({ ...draftQuery(world, id), enabled: !isNew })
  if (packs.error) return <ErrorState error={packs.error} retry={() => void packs.refetch()} />
  if (packs.data === undefined || session === undefined || (!isNew && kept.isPending)) return <Skeleton lines={10} />
  if (kept.error !== null) return <ErrorState error={kept.error} retry={() => void kept.refetch()} />
  const detail = kept.data
  if (detail !== undefined && (detail.status !== 'draft' || detail.draft === null))
    return (
      <Empty title={t('compose.not-draft')} help={t('compose.not-draft-help')}>
        <LinkButton to={paths.alert(id)}>{t('compose.to-alert')}</LinkButton>
      </Empty>
    )
  return <Gathering key={id} id={id} packs={packs.data} session={session} kept={detail ?? null} />
}

type GatheringProps = {
  readonly id: string
  readonly packs: AlertPacksView
  readonly session: SessionView
  readonly kept: AlertDetail | null
}

/** Everything that a draft begins with is read before the first field is shown, so that nothing jumps under the hand. */
function Gathering({ id, packs, session, kept }: GatheringProps) {
  const world = useWorld()
  const replaces = kept === null ? searched('replaces') : kept.replaces
  const before = useQuery({ ...draftQuery(world, replaces ?? ''), enabled: replaces !== null })
  const proposalId = kept === null ? searched('proposal') : null
  const proposal = useQuery({ ...proposedQuery(world, proposalId ?? ''), enabled: proposalId !== null })
  const incidentId = kept === null ? (searched('incident') ?? before.data?.incidentId ?? null) : kept.incidentId
  const incident = useQuery({ ...incidentQuery(world, incidentId ?? ''), enabled: incidentId !== null, retry: false })
  const home = session.jurisdiction?.code ?? null
  const codes = [
    ...new Set([
      ...(kept?.draft?.divisions ?? []),
      ...(before.data?.draft?.divisions ?? []),
      ...(proposal.data?.divisions ?? []),
      ...(home === null ? [] : [home]),
    ]),
  ].toSorted()
  const waits =
    (replaces !== null && before.isPending) || (proposalId !== null && proposal.isPending) || (incidentId !== null && incident.isPending)
  const names = useQuery({ ...divisionsQuery(world, { codes }), enabled: !waits && codes.length > 0 })
  const failed = before.error ?? proposal.error
  if (failed) return <ErrorState error={failed} retry={() => void (before.error ? before.refetch() : proposal.refetch())} />
  if (waits || (codes.length > 0 && names.isPending)) return <Skeleton lines={10} />
  return (
    <Sheet
      id={id}
      packs={packs}
      session={session}
      kept={kept}
      before={before.data ?? null}
      proposal={proposal.data ?? null}
      incident={incident.data ?? null}
      incidentId={incidentId}
      names={names.data?.divisions ?? []}
    />
  )
}

type SheetProps = GatheringProps & {
  readonly before: AlertDetail | null
  readonly proposal: ProposalDetail | null
  readonly incident: IncidentView | null
  readonly incidentId: string | null
  readonly names: readonly DivisionChoice[]
}

const KINDS = ['update', 'cancel', 'all-clear'] as const

/** The draft as the page opens: kept, following from the earlier one, from what the stations proposed, or empty. */
function openingDraft({ packs, session, kept, before, proposal, incident }: SheetProps): Draft {
  if (kept?.draft) return kept.draft
  const issuer = session.post?.organization.name ?? null
  const kind = KINDS.find((one) => one === searched('kind')) ?? 'update'
  if (before?.draft) return replacing(kind, before.draft)
  const home = session.jurisdiction?.code
  const empty: Draft = {
    ...emptyDraft(issuer),
    divisions: proposal === null ? (home === undefined ? [] : [home]) : [...proposal.divisions],
  }
  const hazard = proposal?.hazard ?? searched('hazard') ?? incident?.hazard ?? empty.hazard
  const template = templateOf(packs, hazard)
  if (template === null) return empty
  const colour = template.colours.find((one) => one.colour === (proposal?.now ?? proposal?.colour ?? searched('colour')))?.colour ?? null
  return chosen({ ...empty, hazard }, template, colour, new Date(serverNow()).toISOString())
}

const measuredBy = (proposal: ProposalDetail | null): Measured =>
  proposal === null ? null : { station: proposal.station.name, value: `${proposal.value} ${proposal.unit}` }

function Sheet(props: SheetProps) {
  const { id, packs, session, kept, before, proposal, incident, incidentId, names } = props
  const { t, words } = useWords()
  const jurisdiction = session.jurisdiction?.code ?? '100000'
  // Once: what the page began with; what comes afterwards is the draft's own.
  const [start] = useState(() => {
    const draft = openingDraft(props)
    const measured = measuredBy(proposal)
    const measures = packs.legal.measures
    const found = measures.filter((one) => draft.measures['zh-CN'].includes(one.words['zh-CN'])).map((one) => one.id)
    const legal = kept === null && before === null ? usualMeasures(measures, draft.colour, draft.responseTypes.includes('Evacuate')) : found
    const around = { packs, names: new Map(names.map((one) => [one.code, one])), measured, legal, zone: incident?.zone ?? HOME_ZONE }
    const own = kept === null && before === null ? new Set<never>() : ownTexts(draft, around, kept === null)
    const beginning: Beginning = { jurisdiction, replaces: before?.id ?? null, incidentId, proposalId: proposal?.id ?? null }
    return { id, draft, around: { ...around, own }, exists: kept !== null, beginning }
  })
  const router = useRouter()
  const paths = usePaths()
  const of = useComposing(start, () => router.history.replace(paths.alertEdit(id)))
  const { draft } = of
  const [tried, setTried] = useState(false)
  // Nobody is told of gaps before anything is filled: the first thing asked for is the colour.
  const calm = !tried && draft.kind === 'warning' && draft.colour === null
  const nearby: Nearby =
    incident === null || incident.place === null ? null : { name: incident.place.name, lon: incident.place.lon, lat: incident.place.lat }
  return (
    <div className="compose" data-status={draft.status}>
      <PageHead title={t(`compose.title.${draft.kind}`)} note={<KeepState of={of} />} />
      <StatusBanner of={of} />
      {proposal !== null && (
        <p className="compose-from">
          {t('compose.from-proposal', { station: words(proposal.station.name), value: `${proposal.value} ${proposal.unit}` })}
        </p>
      )}
      {kept?.returned && (
        <p className="compose-from is-returned" role="status">
          {t('compose.returned', { reason: kept.returned })}
        </p>
      )}
      <div className="compose-grid">
        <div className="compose-main">
          <KindPanel of={of} />
          <AreaPanel of={of} home={session.jurisdiction?.code ?? null} nearby={nearby} />
          <TimesPanel of={of} />
          <TextsPanel of={of} calm={calm} />
          <LegalPanel of={of} />
          <CapPanel of={of} />
        </div>
        <div className="compose-side">
          <ParticularsPanel of={of} calm={calm} />
          <FindingsPanel of={of} before={before?.draft ?? null} jurisdiction={jurisdiction} calm={calm} />
          <ReachPanel of={of} />
          <DifferencesPanel of={of} before={before?.draft ?? null} />
          <PreviewPanel of={of} />
        </div>
        <SubmitBar id={id} of={of} before={before?.draft ?? null} calm={calm} tried={tried} onTry={() => setTried(true)} />
      </div>
    </div>
  )
}

type SubmitBarProps = {
  readonly id: string
  readonly of: ReturnType<typeof useComposing>
  readonly before: Draft | null
  readonly calm: boolean
  readonly tried: boolean
  readonly onTry: () => void
}

/** Keeps what is there and hands it to the second person; what still stands in the way is said beside the button. */
function SubmitBar({ id, of, before, calm, tried, onTry }: SubmitBarProps) {
  const { t, code } = useWords()
  const router = useRouter()
  const paths = usePaths()
  const { busy, refused, send } = useSend()
  const missing = missingParticulars(of.draft, 'urgent')
  const late = missingParticulars(of.draft, 'ordinary').filter((one) => !missing.includes(one))
  const errors = findingsOf(of.draft, before).filter((one) => one.severity === 'error')
  const blocked = missing.length > 0 || errors.some((one) => one.code !== 'expires-missing')
  const submit = async (): Promise<void> => {
    onTry()
    if (blocked || busy || !(await of.keep())) return
    const answer = await send('alert', id, { type: 'alert.submit' })
    if (!answer.ok) return
    toast(t('compose.submitted'))
    router.history.push(paths.alert(id))
  }
  return (
    <footer className="compose-bar">
      <div aria-live="polite">
        {refused !== null ? (
          <p className="refused" role="alert">
            {t('kit.not-allowed', { reason: code('refusal', refused.code, refused.params) })}
          </p>
        ) : calm ? (
          <p className="soft">{t('compose.choose-first')}</p>
        ) : missing.length > 0 ? (
          <p className={tried ? 'refused' : 'soft'}>
            {t('compose.still-missing', { what: missing.map((one) => t(particularKey(of.draft, one))).join(t('compose.list')) })}
          </p>
        ) : errors.length > 0 ? (
          <p className={tried ? 'refused' : 'soft'}>{t('compose.still-wrong', { count: errors.length })}</p>
        ) : late.length > 0 ? (
          <p className="soft">
            {t('compose.urgent-only', { what: late.map((one) => t(`compose.particular.${one}`)).join(t('compose.list')) })}
          </p>
        ) : (
          <p className="soft">{t('compose.second-person')}</p>
        )}
      </div>
      <Button variant="primary" className={busy ? 'is-busy' : ''} onPress={() => void submit()}>
        {of.draft.status === 'Actual' ? t('compose.submit') : t('compose.submit-not-actual')}
      </Button>
    </footer>
  )
}
