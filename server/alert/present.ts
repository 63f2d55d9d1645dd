/** From warnings as they are kept to warnings as they are shown. */
import { alert, type Alert, type AlertCommand } from '#core/alert.ts'
import type { Draft } from '#core/alert/draft.ts'
import { alertThing, isDrawing, scopeOf } from '#core/alert/thing.ts'
import { may, mayApproveAlert } from '#core/authority.ts'
import type { Alert as CapAlert } from '#core/cap.ts'
import { capMs } from '#core/cap.ts'
import { blockState } from '#core/cap/chain.ts'
import { areaGeometry, type CapGeometry } from '#core/cap/geometry.ts'
import { areaIn } from '#core/alert/facts.ts'
import { refuse, type Refusal } from '#core/decider.ts'
import { actorFrom, actorText } from '#core/event.ts'
import { covers } from '#core/place.ts'
import { durationText, fromMs, toMs } from '#core/time.ts'
import type { ActionView } from '#core/view.ts'
import type { AlertDetail, AlertSummary, AnswersView, BlockView, Said, StepView } from '#core/view/alert.ts'
import { installedBoundaries } from '../boundaries.ts'
import { actionsOf, maybe, reference, type Scene } from '../present.ts'

/** Without the reach of `state`, which may be long. */
export type SummaryRow = {
  readonly id: string
  readonly state: Alert
  /** As the row has them: with the sites that are left out of `state`. */
  readonly parties: readonly string[]
  readonly divisions: number
  readonly sites: number
}

const KIND = { Alert: 'warning', Update: 'update', Cancel: 'cancel', Ack: 'update', Error: 'update' } as const

/** Both languages of a draft, or what each block of the message says; nothing empty, each text once. */
function saidBy(
  state: Alert,
  ofDraft: (draft: Draft) => Draft['headline'],
  ofBlock: (block: NonNullable<Alert['made']>['message']['blocks'][number]) => string | undefined,
): Said {
  const all =
    state.made === null
      ? Object.entries(state.draft === null ? {} : ofDraft(state.draft)).map(([language, text]) => ({ language, text }))
      : state.made.message.blocks.map((block) => ({ language: block.language, text: ofBlock(block) ?? '' }))
  const first = new Map(all.filter(({ text }) => text.trim() !== '').map((one) => [`${one.language} ${one.text}`, one]))
  return [...first.values()]
}

export function summaryOf(scene: Scene, { id, state, parties, divisions, sites }: SummaryRow, answers: AnswersView | null): AlertSummary {
  const { made, draft } = state
  const message = made?.message ?? null
  return {
    id,
    chainId: made?.chainId ?? null,
    incidentId: state.status === 'shown' ? null : state.incidentId,
    status: state.status,
    capStatus: message?.status ?? draft?.status ?? 'Draft',
    msgType: message?.msgType ?? (draft?.kind === 'warning' ? 'Alert' : draft?.kind === 'cancel' ? 'Cancel' : 'Update'),
    kind:
      draft?.kind ??
      (message?.msgType === 'Update' && message.blocks.every(({ allClear }) => allClear) ? 'all-clear' : KIND[message?.msgType ?? 'Alert']),
    scope: scopeOf(state),
    colour: state.colour,
    hazard: state.hazard,
    headline: saidBy(
      state,
      (one) => one.headline,
      (block) => block.headline,
    ),
    event: saidBy(
      state,
      (one) => one.event,
      (block) => block.event,
    ),
    area: saidBy(
      state,
      (one) => one.areaDesc,
      (block) => block.areaDesc,
    ),
    owner: maybe(scene, state.owner),
    senderName:
      draft === null
        ? []
        : saidBy(
            { ...state, made: null },
            (one) => one.senderName,
            () => '',
          ),
    source: state.source,
    jurisdiction: state.jurisdiction,
    draftedAt: state.draftedAt,
    issuedAt: state.issuedAt,
    onset: message?.onset ?? draft?.onset ?? null,
    expires: message?.expires ?? draft?.expires ?? null,
    endedAt: state.endedAt,
    divisions,
    sites,
    signature: made?.signature ?? 'none',
    answers,
    needs: needsOf(scene, state, parties),
  }
}

function needsOf(scene: Scene, state: Alert, parties: readonly string[]): AlertSummary['needs'] {
  const { doer, relations } = scene
  if (scene.readOnly || doer.actor.kind !== 'post') return null
  const allowed = (command: AlertCommand['type']): boolean => may(doer, command, { ...alertThing(state), parties }, relations) === null
  if (state.status === 'submitted') return state.drafter !== actorText(doer.actor) && allowed('alert.approve') ? 'approve' : null
  if (state.status === 'draft') return state.returned !== null && allowed('alert.revise') ? 'mend' : null
  return state.status === 'shown' && allowed('alert.adopt') ? 'adopt' : null
}

type Consulted = 'held' | 'called' | 'missing' | 'not-needed'
type Refused = NonNullable<ActionView['refusal']>
const actionOf = (command: string, no: Refusal | null): ActionView => ({
  command,
  refusal: no === null ? null : ({ code: no.code, params: no.params } satisfies Refused),
})

/** What the asker may do with it now. What only the server puts in is not missing here. */
export function alertActions(scene: Scene, state: Alert, consultation: Consulted): readonly ActionView[] {
  if (isDrawing(state)) return drawingActions(scene, state, consultation)
  const thing = alertThing(state)
  if (state.owner === null)
    return actionsOf(scene, alert, state, thing, [
      { type: 'alert.adopt', colour: state.colour ?? 'blue', hazard: state.hazard ?? 'other', reach: { divisions: [], sites: [] } },
    ])
  const over =
    state.status !== 'in-force' &&
    !(state.status === 'notice' && state.made?.message.status !== 'Actual' && state.made?.message.msgType !== 'Cancel')
  if (over) return []
  return ['alert.update', 'alert.all-clear', 'alert.cancel'].map((command) => actionOf(command, replacing(scene, state)))
}

/** Whether the asker may draw up what updates or ends it. */
function replacing(scene: Scene, state: Alert): Refusal | null {
  const { doer, relations } = scene
  if (scene.readOnly) return refuse('exercise.read-only')
  const no = may(doer, 'alert.draft', { jurisdiction: state.jurisdiction, parties: [] }, relations)
  if (no !== null || doer.actor.kind !== 'post') return no
  return mayApproveAlert(doer.actor.organizationId, alertThing(state), relations) ? null : refuse('alert.not-own', { owner: state.owner })
}

function drawingActions(scene: Scene, state: Alert, consultation: Consulted): readonly ActionView[] {
  if (state.status === 'discarded' || state.draft === null) return []
  const thing = alertThing(state)
  const consulted = consultation === 'not-needed' ? {} : { consultation }
  const approve = (path: 'ordinary' | 'urgent'): ActionView => {
    const [tried] = actionsOf(scene, alert, state, thing, [{ type: 'alert.approve', path, reason: 'x', ...consulted }])
    const refusal = tried === undefined || tried.refusal?.code === 'alert.not-made' ? null : tried.refusal
    return { command: path === 'urgent' ? 'alert.approve-urgent' : 'alert.approve', refusal }
  }
  const own = actionsOf(scene, alert, state, thing, [
    { type: 'alert.revise', draft: state.draft },
    { type: 'alert.submit' },
    { type: 'alert.return', reason: 'x' },
    { type: 'alert.discard', reason: 'x' },
  ])
  const wanted = state.status === 'draft' ? ['alert.revise', 'alert.submit', 'alert.discard'] : ['alert.return', 'alert.discard']
  const shown = own.filter(({ command }) => wanted.includes(command))
  return state.status === 'submitted' ? [approve('ordinary'), approve('urgent'), ...shown] : shown
}

export function stepOf(scene: Scene, actor: string | null, at: string | null): StepView | null {
  if (actor === null || at === null) return null
  const who = actorFrom(actor)
  return who.kind === 'post'
    ? { organization: reference(scene, who.organizationId), title: scene.titles.get(who.postId) ?? null, at }
    : { organization: null, title: null, at }
}

export function latenciesOf({ draft, draftedAt, submittedAt, issuedAt, made }: Alert): AlertDetail['latencies'] {
  const between = (from: string | null, to: string | null): string | null => {
    if (from === null || to === null) return null
    const ms = toMs(to) - toMs(from)
    return ms < 0 ? `-${durationText(-ms)}` : durationText(ms)
  }
  const own = draft !== null
  return {
    drawnUp: own ? between(draftedAt, submittedAt) : null,
    approved: own ? between(submittedAt, issuedAt) : null,
    lead: between(issuedAt, made?.message.onset ?? null),
  }
}

const instantOf = (time: string | undefined): string | null => {
  const ms = capMs(time)
  return ms === null ? null : fromMs(ms)
}

/** Every block, in its own language, with its state at an instant. */
export const blocksOf = ({ infos, sent }: CapAlert, now: string): readonly BlockView[] =>
  infos.map((info) => ({
    language: info.language,
    state: blockState(info, sent, toMs(now)),
    categories: info.categories,
    event: info.event,
    responseTypes: info.responseTypes,
    urgency: info.urgency,
    severity: info.severity,
    certainty: info.certainty,
    effective: instantOf(info.effective),
    onset: instantOf(info.onset),
    expires: instantOf(info.expires),
    senderName: info.senderName ?? null,
    headline: info.headline ?? null,
    description: info.description ?? null,
    instruction: info.instruction ?? null,
    web: info.web ?? null,
    contact: info.contact ?? null,
    codes: [...info.eventCodes, ...info.parameters],
    areas: info.areas.map(({ areaDesc }) => areaDesc),
  }))

/** Outlines of more divisions than these are not drawn. */
const OUTLINES_MAX = 400

export type Drawn = { readonly geometry: CapGeometry | null; readonly isCoarse: boolean }

/** What it draws, and the outlines of the divisions that it names; where one has no outline here, of the smallest around it. */
export function geometryOf(message: Pick<CapAlert, 'infos'>): Drawn {
  const { corners, circles, divisions } = areaIn(message)
  const drawn = areaGeometry({ polygons: corners, circles })
  const known = installedBoundaries()?.units ?? []
  const named = known.filter(({ code }) => divisions.some((one) => covers(one, code)))
  const bare = divisions.filter((one) => !named.some(({ code }) => covers(one, code)))
  const around = drawn === null ? bare.flatMap((one) => known.filter(({ code }) => covers(code, one)).at(-1) ?? []) : []
  const units = [...new Set([...named, ...around])].slice(0, OUTLINES_MAX)
  const own = drawn === null ? [] : drawn.type === 'Polygon' ? [drawn.coordinates] : drawn.coordinates
  const all = [...own, ...units.flatMap((unit) => unit.polygons)]
  return { geometry: all.length === 0 ? null : { type: 'MultiPolygon', coordinates: all }, isCoarse: around.length > 0 }
}

const POINTS_SHOWN = 200

/** The same with few points a ring, for a map of many. */
export function coarser(geometry: CapGeometry): CapGeometry {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  const thin = <P>(ring: readonly P[]): readonly P[] => {
    const step = Math.ceil(ring.length / POINTS_SHOWN)
    return step <= 1 ? ring : ring.filter((_, i) => i % step === 0 || i === ring.length - 1)
  }
  return { type: 'MultiPolygon', coordinates: polygons.map((rings) => rings.map(thin)) }
}
