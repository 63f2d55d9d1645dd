import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Checkbox, CheckboxGroup, Label } from 'react-aria-components'
import type { IncidentView } from '#core/view.ts'
import type { Command } from '../api.ts'
import { Chips, CommandForm, Dialog, Field } from '../kit/index.ts'
import { OrganizationField, OrganizationsField } from '../kit/organization-field.tsx'
import { directoryQuery, sessionQuery } from '../queries.ts'
import { useWorld } from '../paths.ts'
import { useWords } from '../words.ts'
import { en } from '../locales/en.ts'
import { zhCN } from '../locales/zh-CN.ts'
import { useOrganizations } from '../kit/organizations.ts'

export type IncidentDialogProps = { readonly incident: IncidentView; readonly onClose: () => void }

/** The positions of an on-scene headquarters and the function that usually takes each. */
const POSITIONS = [
  ['commander', 'government'],
  ['planning', 'emergency-management'],
  ['operations', 'fire-rescue'],
  ['medical', 'health'],
  ['security', 'public-security'],
  ['environment', 'ecology'],
  ['logistics', 'commerce'],
  ['transport', 'transport'],
  ['communications', 'communications'],
  ['social-forces', 'society-coordination'],
  ['information', 'publicity'],
] as const
/** The command and general staff of the Incident Command System, with the function that usually takes each here. */
const ICS_POSITIONS = [
  ['commander', 'government'],
  ['safety', 'emergency-management'],
  ['liaison', 'society-coordination'],
  ['information', 'publicity'],
  ['operations', 'fire-rescue'],
  ['planning', 'emergency-management'],
  ['logistics', 'commerce'],
  ['finance', 'finance'],
] as const
const TEMPLATES = { local: POSITIONS, ics: ICS_POSITIONS } as const
type Template = keyof typeof TEMPLATES
type Code = (typeof POSITIONS)[number][0] | (typeof ICS_POSITIONS)[number][0]

/** Who leads, who belongs to it, which positions it has. A member that holds a position's function takes it; else it stands vacant. */
export function HeadquartersDialog({ incident, onClose }: IncidentDialogProps) {
  const { t } = useWords()
  const organizations = useOrganizations()
  const world = useWorld()
  const directory = useQuery(directoryQuery(world)).data
  const session = useQuery(sessionQuery).data
  const own = session?.post?.organization.id ?? null
  const home = session?.jurisdiction?.code ?? null
  const [nameZh, setNameZh] = useState(t('incident.headquarters.default-zh', { title: incident.title }))
  const [nameEn, setNameEn] = useState(t('incident.headquarters.default-en', { number: incident.number }))
  const [lead, setLead] = useState<string | null>(own)
  const [members, setMembers] = useState<readonly string[]>(() => [
    ...new Set(
      incident.duties
        .flatMap((one) => [one.debtor, one.creditor])
        .filter((one) => one.verified)
        .map((one) => one.id),
    ),
  ])
  const { template, known, positions, setPositions, choose } = usePositions()
  const holder = (name: string): string | null => {
    const among = (lead === null ? members : [lead, ...members]).map((id) => directory?.organizations.find((one) => one.id === id))
    return among.find((one) => one?.functions.includes(name) === true)?.id ?? null
  }
  const position = ([id, name]: readonly [Code, string]) => ({
    code: id,
    words: wordsOf(id),
    organization: id === 'commander' ? lead : holder(name),
  })
  const make = (): Command | null => {
    if (lead === null || nameZh.trim() === '' || nameEn.trim() === '') return null
    const chosen = known.filter(([id]) => positions.includes(id)).map(position)
    return {
      type: 'incident.activate-headquarters',
      name: { 'zh-CN': nameZh.trim(), en: nameEn.trim() },
      lead,
      members: members.filter((id) => id !== lead),
      positions: chosen,
      // Beside headquarters that are active already, those of one's own territory.
      ...(incident.headquarters === null || home === null ? {} : { jurisdiction: home }),
    }
  }
  return (
    <Dialog title={t('incident.action.incident.activate-headquarters')} isOpen wide onClose={onClose}>
      <CommandForm room="incident" id={incident.id} label={t('incident.submit')} onClose={onClose} make={make}>
        <Field label={t('incident.headquarters.name-zh')} isRequired value={nameZh} onChange={setNameZh} maxLength={200} />
        <Field label={t('incident.headquarters.name-en')} isRequired value={nameEn} onChange={setNameEn} maxLength={200} />
        <OrganizationField
          label={t('incident.headquarters.lead')}
          organizations={organizations}
          value={lead}
          onChange={setLead}
          isRequired
        />
        <OrganizationsField
          label={t('incident.headquarters.members')}
          organizations={organizations}
          value={members}
          onChange={setMembers}
        />
        <TemplateChips value={template} onChange={choose} />
        <Positions known={known} chosen={positions} onChange={setPositions} />
      </CommandForm>
    </Dialog>
  )
}

/** Which positions a template offers, and which of them are chosen. */
function usePositions() {
  const [template, setTemplate] = useState<Template>('local')
  const known: readonly (readonly [Code, string])[] = TEMPLATES[template]
  const [positions, setPositions] = useState<readonly string[]>(POSITIONS.map(([id]) => id))
  const choose = (next: Template): void => {
    setTemplate(next)
    setPositions(TEMPLATES[next].map(([id]) => id))
  }
  return { template, known, positions, setPositions, choose }
}

function TemplateChips({ value, onChange }: { readonly value: Template; readonly onChange: (template: Template) => void }) {
  const { t } = useWords()
  return (
    <Chips
      label={t('conduct.positions-template')}
      choices={[
        { id: 'local', label: t('conduct.positions-local') },
        { id: 'ics', label: t('conduct.positions-ics') },
      ]}
      value={value}
      onChange={onChange}
    />
  )
}

function Positions({
  known,
  chosen,
  onChange,
}: {
  readonly known: readonly (readonly [Code, string])[]
  readonly chosen: readonly string[]
  readonly onChange: (codes: readonly string[]) => void
}) {
  const { t, code } = useWords()
  return (
    <CheckboxGroup className="field" value={[...chosen]} onChange={onChange}>
      <Label>{t('incident.headquarters.positions')}</Label>
      <div className="checks">
        {known.map(([id]) => (
          <Checkbox key={id} value={id} className="check">
            <span className="check-box" aria-hidden />
            {code('incident.position', id)}
          </Checkbox>
        ))}
      </div>
    </CheckboxGroup>
  )
}

const wordsOf = (id: Code) => ({ 'zh-CN': zhCN[`incident.position.${id}`], en: en[`incident.position.${id}`] })
