import { IconChevronDown, IconChevronRight, IconLink, IconLinkOff } from '@tabler/icons-react'
import { useState } from 'react'
import type { MoneyText } from '#core/money.ts'
import type { ObjectiveView } from '#core/view/objective.ts'
import { useWords, type WordsApi } from '../words.ts'
import { ActionButton, findAction } from './action.tsx'
import { Badge, OrganizationName } from './badge.tsx'
import { DataList } from './data-list.tsx'
import { ReasonDialog } from './dialog.tsx'
import { LinkObjectiveDialog, ObjectiveDialog } from './objective-dialog.tsx'
import { useOrganizations } from './organizations.ts'
import './objective.css'

type All = readonly ObjectiveView[]

/** Objectives as an indented list: each after its parent, what is linked to nothing marked, its particulars and actions folded away. */
export function ObjectiveTree({ all, territories = false }: { readonly all: All; readonly territories?: boolean }) {
  return (
    <ul className="objective-tree">
      {all.map((one) => (
        <Row key={one.id} of={one} all={all} territories={territories} />
      ))}
    </ul>
  )
}

function Row({ of, all, territories }: { readonly of: ObjectiveView; readonly all: All; readonly territories: boolean }) {
  const { t, code, words, number } = useWords()
  const [open, setOpen] = useState(false)
  const Mark = open ? IconChevronDown : IconChevronRight
  const dropped = of.status === 'dropped'
  const apart = !dropped && !of.linked && !of.shared
  return (
    <li className={`objective is-${of.status} ${apart ? 'is-apart' : ''}`} style={{ '--depth': Math.min(of.depth, 7) } as object}>
      <div className="objective-line">
        <button type="button" className="objective-open" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Mark size={16} aria-hidden />
          <span>{of.title}</span>
          <span className="for-readers">{t('objective.more')}</span>
        </button>
        <span className="objective-marks">
          {of.shared && (
            <Badge tone="accent">
              <IconLink size={13} aria-hidden /> {t('objective.shared')}
            </Badge>
          )}
          {apart && (
            <Badge tone="soon">
              <IconLinkOff size={13} aria-hidden /> {t('objective.unlinked')}
            </Badge>
          )}
          {of.status !== 'open' && <Badge tone={of.status === 'achieved' ? 'good' : 'grey'}>{code('status.objective', of.status)}</Badge>}
        </span>
      </div>
      <p className="objective-facts">
        <OrganizationName of={of.owner} />
        {territories && <span>{words(of.jurisdiction.name)}</span>}
        <span>{t('objective.weight-of', { weight: number(of.weight) })}</span>
        {of.schedule !== null && <span>{t('objective.schedule-of', of.schedule)}</span>}
        {of.period !== null && <span>{t('objective.period', { number: of.period.number })}</span>}
        <Serving of={of} />
      </p>
      {open && <Particulars of={of} all={all} />}
    </li>
  )
}

function Serving({ of: { serving, incidentId } }: { readonly of: ObjectiveView }) {
  const { t } = useWords()
  if (incidentId === null && serving.open + serving.done === 0) return null
  return (
    <span>
      {serving.open + serving.done === 0 ? t('objective.serving-none') : t('objective.serving', { open: serving.open, done: serving.done })}
      {serving.late > 0 && <b className="late-words"> {t('objective.serving-late', { late: serving.late })}</b>}
    </span>
  )
}

/** An amount in minor units, as people write it. */
export function moneyWords({ amount, currency }: MoneyText, { lang }: Pick<WordsApi, 'lang'>): string {
  const format = new Intl.NumberFormat(lang, { style: 'currency', currency })
  return format.format(Number(amount) / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

function Particulars({ of, all }: { readonly of: ObjectiveView; readonly all: All }) {
  const words = useWords()
  const { t, code, number } = words
  const organizations = useOrganizations()
  const titleOf = (id: string): string => all.find((one) => one.id === id)?.title ?? '—'
  const needOf = (need: string): string => {
    const found = organizations.find((one) => one.id === need)
    return found === undefined ? code('resource', need) : words.words(found.name)
  }
  const listed = (some: readonly string[]): string | null => (some.length === 0 ? null : some.join(t('objective.list')))
  return (
    <div className="objective-particulars">
      <DataList
        rows={[
          [t('objective.measure'), of.measure],
          [t('objective.target'), of.target === null ? null : `${number(of.target.value)} ${of.target.unit}`],
          [t('objective.functions'), listed(of.functions.map((one) => code('function', one)))],
          [t('objective.budget'), of.budget === null ? null : moneyWords(of.budget, words)],
          [t('objective.fund'), of.fund],
          [t('objective.needs'), listed(of.needs.map(needOf))],
          [t('objective.depends-on'), listed(of.dependsOn.map(titleOf))],
        ]}
      />
      {of.ending !== null && of.status !== 'open' && <p className="soft">{code('objective.ending', of.status, { text: of.ending })}</p>}
      <Actions of={of} all={all} />
    </div>
  )
}

const COMMANDS = ['objective.revise', 'objective.link', 'objective.achieve', 'objective.drop'] as const
type Asked = (typeof COMMANDS)[number]

function Actions({ of, all }: { readonly of: ObjectiveView; readonly all: All }) {
  const { t, code } = useWords()
  const [asked, setAsked] = useState<Asked | null>(null)
  const onClose = () => setAsked(null)
  const asking = { isOpen: true, onClose, room: 'objective', id: of.id, label: t('objective.submit'), maxLength: 4000 } as const
  return (
    <div className="objective-actions">
      {COMMANDS.map((command) => {
        const action = findAction(of.actions, command)
        return action === null ? null : <ActionButton key={command} action={action} onPress={() => setAsked(command)} />
      })}
      {asked === 'objective.revise' && (
        <ObjectiveDialog
          all={all}
          incidentId={of.incidentId}
          year={of.year}
          jurisdiction={of.jurisdiction.code}
          of={of}
          onClose={onClose}
        />
      )}
      {asked === 'objective.link' && <LinkObjectiveDialog of={of} all={all} onClose={onClose} />}
      {asked === 'objective.achieve' && (
        <ReasonDialog
          {...asking}
          title={code('command', asked)}
          ask={t('objective.achieve.evidence')}
          command={(evidence) => ({ type: asked, evidence })}
        />
      )}
      {asked === 'objective.drop' && (
        <ReasonDialog
          {...asking}
          title={code('command', asked)}
          ask={t('objective.drop.reason')}
          command={(reason) => ({ type: asked, reason })}
        />
      )}
    </div>
  )
}
