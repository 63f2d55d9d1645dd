import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { Checkbox, CheckboxGroup, Label } from 'react-aria-components'
import { newId, type Command } from '../api.ts'
import { useOrganizations } from '../kit/organizations.ts'
import { CommandForm, Dialog, Field, SelectField } from '../kit/index.ts'
import { OrganizationField, OrganizationsField } from '../kit/organization-field.tsx'
import { usePaths } from '../paths.ts'
import { sessionQuery } from '../queries.ts'
import { useWords } from '../words.ts'

const KINDS = ['command', 'committee', 'secretariat', 'joint-conference', 'coordination-desk', 'joint-team'] as const
const POWERS = ['command', 'decide', 'coordinate', 'allocate', 'inform'] as const
/** What a body of this kind usually may do; changed by hand where its basis says otherwise. */
const USUAL: Readonly<Record<(typeof KINDS)[number], readonly string[]>> = {
  command: ['command', 'decide', 'coordinate', 'allocate'],
  committee: ['decide', 'coordinate'],
  secretariat: ['coordinate', 'inform'],
  'joint-conference': ['decide', 'coordinate', 'inform'],
  'coordination-desk': ['coordinate', 'inform'],
  'joint-team': ['coordinate'],
}

/** A body is founded: its name, who leads it, who sits in it as a member and who only listens. */
export function FoundDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, code } = useWords()
  const router = useRouter()
  const paths = usePaths()
  const session = useQuery(sessionQuery).data
  const organizations = useOrganizations()
  const [id] = useState(newId)
  const [nameZh, setNameZh] = useState('')
  const [nameEn, setNameEn] = useState('')
  const [kind, setKind] = useState<(typeof KINDS)[number]>('command')
  const [powers, setPowers] = useState<readonly string[]>(USUAL.command)
  const [jurisdiction, setJurisdiction] = useState(session?.jurisdiction?.code ?? '')
  const [lead, setLead] = useState<string | null>(session?.post?.organization.id ?? null)
  const [members, setMembers] = useState<readonly string[]>([])
  const [observers, setObservers] = useState<readonly string[]>([])
  const onlyObserving = observers.filter((one) => !members.includes(one))
  const make = (): Command | null => {
    if (lead === null || nameZh.trim() === '' || nameEn.trim() === '' || !/^[1-9]\d{5}$/.test(jurisdiction)) return null
    return {
      type: 'headquarters.found',
      name: { 'zh-CN': nameZh.trim(), en: nameEn.trim() },
      kind,
      jurisdiction,
      lead,
      members: [...seats(members, 'member', lead), ...seats(onlyObserving, 'observer', lead)],
      powers,
      sectors: [],
      basis: null,
      incidentId: null,
      organization: null,
    }
  }
  return (
    <Dialog title={t('headquarters.found')} isOpen wide onClose={onClose}>
      <CommandForm
        room="headquarters"
        id={id}
        label={t('headquarters.submit')}
        onClose={onClose}
        make={make}
        onRecorded={() => router.history.push(paths.body(id))}
      >
        <div className="field-pair">
          <Field label={t('headquarters.name-zh')} isRequired autoFocus value={nameZh} onChange={setNameZh} maxLength={200} />
          <Field label={t('headquarters.name-en')} isRequired value={nameEn} onChange={setNameEn} maxLength={200} />
        </div>
        <div className="field-pair">
          <SelectField
            label={t('headquarters.kind')}
            choices={KINDS.map((one) => ({ id: one, label: code('headquarters.kinds', one) }))}
            value={kind}
            onChange={(next) => (setKind(next), setPowers(USUAL[next]))}
          />
          <Field
            label={t('headquarters.jurisdiction')}
            help={t('headquarters.jurisdiction-help')}
            isRequired
            value={jurisdiction}
            onChange={setJurisdiction}
            maxLength={6}
          />
        </div>
        <OrganizationField label={t('headquarters.lead')} organizations={organizations} value={lead} onChange={setLead} isRequired />
        <OrganizationsField label={t('headquarters.members')} organizations={organizations} value={members} onChange={setMembers} />
        <OrganizationsField label={t('headquarters.observers')} organizations={organizations} value={observers} onChange={setObservers} />
        <PowersField value={powers} onChange={setPowers} />
      </CommandForm>
    </Dialog>
  )
}

function PowersField({ value, onChange }: { readonly value: readonly string[]; readonly onChange: (powers: readonly string[]) => void }) {
  const { t, code } = useWords()
  return (
    <CheckboxGroup className="field" value={[...value]} onChange={onChange}>
      <Label>{t('headquarters.powers')}</Label>
      <div className="checks">
        {POWERS.map((one) => (
          <Checkbox key={one} value={one} className="check">
            <span className="check-box" aria-hidden />
            {code('headquarters.power', one)}
          </Checkbox>
        ))}
      </div>
    </CheckboxGroup>
  )
}

const seats = (ids: readonly string[], seat: 'member' | 'observer', lead: string) =>
  ids.filter((one) => one !== lead).map((organization) => ({ organization, seat, sector: null }))
