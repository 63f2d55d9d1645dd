/** One question of fact as a page shows it to one asker. */
import type { Thing } from '#core/authority.ts'
import {
  agrees,
  contradictionsOf,
  information,
  informationThing,
  latestDeliveries,
  partsOf,
  reconciledOf,
  scopesOf,
  settledOf,
  sidesOf,
  type Assertion,
  type Delivered,
  type Information,
  type InformationCommand,
} from '#core/information.ts'
import type { ActionView } from '#core/view.ts'
import type { AssertionView, DeliveryView, QuestionView } from '#core/view/information.ts'
import { actionsOf, maybe, reference, type Scene } from '../present.ts'

export type QuestionRow = { readonly id: string; readonly state: Information }

const ASSERTIONS_SHOWN = 60
const DELIVERIES_SHOWN = 60
const ORDER: Readonly<Record<Assertion['status'], number>> = { current: 0, struck: 1, superseded: 2, withdrawn: 3 }

export function questionView(scene: Scene, { id, state }: QuestionRow, own: string, about: Partial<Thing>): QuestionView {
  const settled = settledOf(state)
  const contradictions = contradictionsOf(state)
  const tried = (command: InformationCommand): readonly ActionView[] => {
    const thing = informationThing(state, command)
    const parties = [...new Set([...thing.parties, ...(about.parties ?? []), own])]
    return actionsOf(scene, information, state, { ...thing, ...about, parties }, [command])
  }
  const assertions = state.assertions.toSorted((a, b) => ORDER[a.status] - ORDER[b.status] || (a.heardAt < b.heardAt ? 1 : -1))
  const given = latestDeliveries(state)
  return {
    id,
    incidentId: state.incidentId,
    key: state.key,
    words: state.words,
    contradictions,
    settled:
      settled === null || contradictions.some((one) => one.scope === null)
        ? null
        : { value: settled.value, unit: settled.unit, asOf: settled.asOf, reconciled: reconciledOf(state, null) !== null },
    parts: partsOf(state),
    assertions: assertions.slice(0, ASSERTIONS_SHOWN).map((one) => assertionView(scene, one, tried)),
    reconciliations: state.reconciliations.map(({ by, ...one }) => ({ ...one, by: maybe(scene, by) })).toReversed(),
    deliveries: [...given.values()]
      .toReversed()
      .slice(0, DELIVERIES_SHOWN)
      .map((one) => deliveryView(scene, state, one)),
    awaitsReceipt: state.deliveries.some((one) => one.to === own && one.receiptAt === null),
    stated: state.stated.map(({ release, value, outdated }) => ({ release, value, outdated })),
    actions: [
      ...tried({ type: 'information.reconcile', value: settled === null ? 'x' : `${settled.value} x`, unit: null, reason: 'x' }),
      // To the post's own organization nothing can be given: what is asked is whether it may give at all.
      ...tried({ type: 'information.deliver', to: [NOBODY], complete: true }),
      ...tried({ type: 'information.receipt' }),
    ],
  }
}
const NOBODY = '00000000-0000-4000-8000-000000000000'

function assertionView(scene: Scene, one: Assertion, tried: (command: InformationCommand) => readonly ActionView[]): AssertionView {
  const { saidBy, enteredBy, ...rest } = one
  return {
    ...rest,
    saidBy: maybe(scene, saidBy),
    enteredBy: maybe(scene, enteredBy),
    actions:
      one.status === 'withdrawn' || one.status === 'superseded'
        ? []
        : [
            ...tried({
              type: 'information.correct',
              assertion: one.id,
              value: `${one.value} x`,
              unit: null,
              source: 'x',
              confidence: 'reported',
              reason: 'x',
            }),
            ...tried({ type: 'information.withdraw', assertion: one.id, reason: 'x' }),
          ],
  }
}

const valueText = ({ scope, value, unit }: Pick<Delivered, 'scope' | 'value' | 'unit'>): string =>
  `${scope === null ? '' : `${scope} `}${value}${unit === null ? '' : ` ${unit}`}`

function deliveryView(scene: Scene, state: Information, one: Information['deliveries'][number]): DeliveryView {
  const now = scopesOf(state).flatMap((scope) => sidesOf(state, scope))
  const outdated = now.length !== one.said.length || now.some((side, i) => !agrees(side, one.said[i] ?? side))
  return {
    to: reference(scene, one.to),
    from: maybe(scene, one.from),
    at: one.at,
    cause: one.cause,
    said: [...new Set(one.said.map(valueText))].join(' / '),
    complete: one.complete,
    receiptAt: one.receiptAt,
    outdated,
  }
}
