import { useState } from 'react'
import { after } from '#core/time.ts'
import type { OrganizationView } from '#core/view.ts'
import type { Command } from '../api.ts'
import { written } from '../form.ts'
import { instantOf } from './times.ts'

type Basis = { readonly instrumentId: string; readonly version: number; readonly clauseId: string }
type Fields = {
  readonly act: string
  readonly due: string | null
  readonly answer: string | null
  readonly progress: string | null
  readonly duty: string | null
  readonly basis: Basis | null
  readonly objective: string | null
  readonly place: string
  readonly situation: string
  readonly strength: string
  readonly harmType: string
  readonly time: string
  readonly harm: string
  readonly measures: string
  readonly direct: string
}
type Form = Readonly<Record<string, string>>
export type Mode = 'order' | 'request'
type Asked = {
  readonly type: Mode
  /** From when the times are counted. */
  readonly at: string
  readonly organization: OrganizationView
  readonly incident: { readonly id: string; readonly jurisdiction: string } | undefined
  readonly military: boolean
  readonly zone: string
}
/** What an order or a request says, as it is being written. */
export type Draft = Fields & {
  readonly set: <K extends keyof Fields>(key: K) => (value: Fields[K]) => void
  /** The command, or null while something that is required is missing. */
  readonly command: (asked: Asked) => Command | null
}

const EMPTY: Omit<Fields, 'time'> = {
  act: '',
  due: 'PT2H',
  answer: null,
  progress: null,
  duty: null,
  basis: null,
  objective: null,
  place: '',
  situation: '',
  strength: '',
  harmType: '',
  harm: '',
  measures: '',
  direct: '',
}

const given = (fields: Readonly<Record<string, string>>): Form =>
  Object.fromEntries(Object.entries(fields).flatMap(([key, text]) => (written(text) === null ? [] : [[key, text.trim()]])))

/** The particulars; undefined where none were given, null where one that is required is missing. */
function formOf(fields: Fields, military: boolean, zone: string): Form | undefined | null {
  const { place, situation, strength, harmType, harm, measures, direct, time } = fields
  if (!military) {
    const general = given({ place, situation, strength })
    return Object.keys(general).length === 0 ? undefined : { type: 'general', ...general }
  }
  const six = given({ harmType, place, harm, measures, strength, time: instantOf(time, zone) ?? '' })
  return Object.keys(six).length < 6 ? null : { type: 'military', ...six, ...given({ direct }) }
}

const FUNCTION_OF_NONE = 'emergency-management'
const NATION = '100000'

function commandOf(fields: Fields, { type, at, organization, incident, military, zone }: Asked): Command | null {
  const act = written(fields.act)
  const form = formOf(fields, military, zone)
  if (act === null || form === null) return null
  const { due, answer, progress, objective } = fields
  return {
    type: `obligation.${type}`,
    incidentId: incident?.id ?? null,
    jurisdiction: incident?.jurisdiction ?? organization.jurisdiction?.code ?? NATION,
    debtor: organization.id,
    function: fields.duty ?? organization.functions[0] ?? FUNCTION_OF_NONE,
    act: type === 'order' ? 'ordered-act' : 'requested-act',
    actWords: { 'zh-CN': act, en: act },
    basis: fields.basis,
    dueAt: due === null ? null : after(at, due),
    ...(answer === null ? {} : { answerBy: after(at, answer) }),
    ...(progress === null ? {} : { progressEvery: progress }),
    ...(objective === null ? {} : { objectiveId: objective }),
    ...(form === undefined ? {} : { form }),
  }
}

export function useDraft(now: string): Draft {
  const [fields, setFields] = useState<Fields>({ ...EMPTY, time: now })
  return {
    ...fields,
    set: (key) => (value) => setFields((before) => ({ ...before, [key]: value })),
    command: (asked) => commandOf(fields, asked),
  }
}
