/** Who asked to be told of a warning: every condition of a subscription holds at once, the more quickly the graver its colour. */
import { isWarning, type Alert, type AlertEvent } from '#core/alert.ts'
import { alertThing } from '#core/alert/thing.ts'
import { may, maySeeAlert } from '#core/authority.ts'
import type { Urgency } from '#core/channel.ts'
import type { Relations } from '#core/directory/relations.ts'
import type { Recorded, Words } from '#core/event.ts'
import { colourLevel, type Colour } from '#core/level.ts'
import type { Telling } from '#core/notice/telling.ts'
import { divisionPath } from '#core/place.ts'
import { proposalThing, type Proposal, type ProposalEvent } from '#core/station.ts'
import { subscribed } from '#core/target.ts'
import { readState } from '../keeping.ts'
import { speaker } from '../matrix/words.ts'
import type { World } from '../world.ts'
import { doerOf, type Book, type Desk } from './book.ts'

const URGENCY: Readonly<Record<Colour, Urgency>> = { red: 'flash', orange: 'flash', yellow: 'urgent', blue: 'routine' }
const BEGINS: ReadonlySet<string> = new Set(['alert.issued', 'alert.received', 'alert.adopted'] satisfies AlertEvent['type'][])
const TEXT_MAX = 300

const PROPOSES: ProposalEvent['type'] = 'station.crossed'
export const isOfWarning = (type: string): boolean => BEGINS.has(type) || type === 'alert.submitted' || type === PROPOSES

export type Told = { readonly desk: Desk; readonly telling: Telling }

/**
 * What takes effect here is told to its subscribers; a draft that was sent up, to the posts of its owner that may approve it;
 * what readings propose, to the posts that decide on it.
 */
export async function warningTellings(event: Recorded, world: World, book: Book): Promise<readonly Told[]> {
  if (event.type === PROPOSES) return proposalTellings(event, world, book)
  const id = event.stream.slice('alert/'.length)
  const state = await readState<Alert>(world.sql, 'alert', id)
  if (state === null) return []
  const [desks, relations] = await Promise.all([book.all(), world.relations()])
  const all = [...desks.values()]
  if (event.type === 'alert.submitted') {
    if (state.status !== 'submitted') return []
    const approvers = all.filter(
      (desk) =>
        desk.organizationId === state.owner &&
        desk.powers.includes('alert.approve') &&
        state.drafter !== `post/${desk.id}/${desk.organizationId}`,
    )
    return approvers.map((desk) => ({
      desk,
      telling: tellingOf(desk, state, 'alert-submitted', state.colour === null ? 'urgent' : URGENCY[state.colour]),
    }))
  }
  const { made, hazard, colour } = state
  if (state.status !== 'in-force' || made === null || !isWarning(made.message)) return []
  const about = { hazard, class: null, level: colour === null ? null : colourLevel(colour), functions: [] }
  const wishes = all.flatMap((desk) => desk.subscriptions.map(({ conditions }) => ({ to: desk.id, conditions })))
  const thing = alertThing(state)
  return subscribed(wishes, about, made.reach.divisions).flatMap((to): readonly Told[] => {
    const desk = desks.get(to)
    if (desk === undefined || !maySeeAlert(desk.organizationId, thing, relations)) return []
    return [{ desk, telling: tellingOf(desk, state, 'alert-issued', colour === null ? 'urgent' : URGENCY[colour]) }]
  })
}

/** A colour reached and not answered yet: red and orange wait for nobody to wake up by himself (Emergency Response Law art. 63, 64). */
async function proposalTellings(event: Recorded, world: World, book: Book): Promise<readonly Told[]> {
  const [row] = await world.sql<{ state: Proposal; station: Words | null }[]>`
    select p.state, s.state -> 'name' as station from proposal p left join station s on s.id = p.station_id
    where p.id = ${event.stream.slice('proposal/'.length)}`
  if (row === undefined || row.state.status !== 'proposed') return []
  const { state, station } = row
  const { colour, value, unit, limit } = event.data as Extract<ProposalEvent, { type: 'station.crossed' }>
  const nobody = { 'zh-CN': '—', en: '—' }
  const params = {
    colour,
    hazard: { 'zh-CN': speaker('zh-CN').hazard(state.hazard), en: speaker('en').hazard(state.hazard) },
    station: station ?? nobody,
    value: `${value} ${unit}`,
    limit: `${limit} ${unit}`,
  }
  const urgency = colour === 'red' || colour === 'orange' ? 'flash' : 'urgent'
  const [desks, relations] = await Promise.all([book.all(), world.relations()])
  return deciders(state, [...desks.values()], relations).map((desk) => ({
    desk,
    telling: { organization: desk.organizationId, urgency, code: 'station-crossed', params, dueAt: null },
  }))
}

/**
 * The posts that may issue the warning: those of the station's owner and of the territories that it warns; where there are
 * none, those of the nearest territory above. Everybody else who may has enough of his own.
 */
function deciders(state: Proposal, desks: readonly Desk[], relations: Relations): readonly Desk[] {
  const thing = proposalThing(state)
  const able = desks.filter((desk) => may(doerOf(desk), 'station.take-up', thing, relations) === null)
  const within = (codes: readonly string[]): readonly Desk[] =>
    able.filter(({ organizationId }) => codes.includes(relations.find(organizationId)?.jurisdiction ?? ''))
  const near = [
    ...new Set([
      ...able.filter(({ organizationId }) => organizationId === state.owner),
      ...within([state.jurisdiction, ...state.divisions]),
    ]),
  ]
  const above = divisionPath(state.jurisdiction).find((code) => within([code]).length > 0)
  return near.length > 0 || above === undefined ? near : within([above])
}

function tellingOf({ organizationId }: Desk, { made, draft, colour }: Alert, code: string, urgency: Urgency): Telling {
  const blocks = made?.message.blocks ?? []
  const said = (language: string, of: 'headline' | 'areaDesc'): string | undefined => {
    const block = blocks.find((one) => one.language.toLowerCase().startsWith(language)) ?? blocks[0]
    return block?.[of]
  }
  const chinese = said('zh', 'headline') ?? draft?.headline['zh-CN'] ?? ''
  const english = said('en', 'headline') ?? draft?.headline.en ?? chinese
  const place = {
    'zh-CN': said('zh', 'areaDesc') ?? draft?.areaDesc['zh-CN'] ?? '',
    en: said('en', 'areaDesc') ?? draft?.areaDesc.en ?? '',
  }
  const cut = (text: string): string => (text === '' ? '—' : text.slice(0, TEXT_MAX))
  return {
    organization: organizationId,
    urgency,
    code,
    params: {
      headline: { 'zh-CN': cut(chinese), en: cut(english) },
      area: { 'zh-CN': cut(place['zh-CN']), en: cut(place.en) },
      until: made?.message.expires ?? draft?.expires ?? '',
      ...(colour === null ? {} : { colour }),
    },
    dueAt: null,
  }
}
