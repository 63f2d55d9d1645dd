import { useQuery } from '@tanstack/react-query'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import type { OrganizationView } from '#core/view.ts'
import type { Suggestion } from '#core/view/consultation.ts'
import { Field } from '../kit/index.ts'
import { OrganizationsField } from '../kit/organization-field.tsx'
import { useOrganizations } from '../kit/organizations.ts'
import { useWorld } from '../paths.ts'
import { sessionQuery, suggestionsQuery } from '../queries.ts'
import { useWords } from '../words.ts'

/** Who is asked, as what, and for what; an empty text asks for the usual. */
export type Chosen = { readonly organization: string; readonly function: string | null; readonly asked: string }

/** As the command takes them. */
export const askedOf = (chosen: readonly Chosen[], usual: string): readonly object[] =>
  chosen.map((one) => ({ ...one, asked: one.asked.trim() === '' ? usual : one.asked.trim() }))

const chooses = ({ organization, function: name }: Suggestion): Chosen => ({ organization: organization.id, function: name, asked: '' })

const NOBODY: readonly Suggestion[] = []

/** Whom clauses and functions suggest; `usual`: those whom one asks as a rule, chosen until somebody chooses otherwise. */
export function useSuggestions(hazard: string, jurisdiction: string) {
  const read = useQuery(suggestionsQuery(useWorld(), hazard, jurisdiction)).data
  const suggestions = read?.suggestions ?? NOBODY
  return { suggestions, usual: suggestions.filter((one) => one.why === 'clause' || one.why === 'function').map(chooses) }
}

type ParticipantsProps = {
  readonly suggestions: readonly Suggestion[]
  readonly value: readonly Chosen[]
  readonly onChange: (chosen: readonly Chosen[]) => void
  /** Organizations that are asked already. */
  readonly without?: readonly string[]
}

/** Whom to ask: what is suggested is one press each, every other organization is found by its name. */
export function ParticipantsField({ value, onChange, without = [], ...given }: ParticipantsProps) {
  const { t } = useWords()
  const own = useQuery(sessionQuery).data?.post?.organization.id
  const organizations = useOrganizations().filter((one) => one.id !== own && !without.includes(one.id))
  const suggestions = given.suggestions.filter((one) => !without.includes(one.organization.id))
  const offered = new Map(suggestions.map((one) => [one.organization.id, one]))
  const picked = value.map((one) => one.organization)
  const pick = (ids: readonly string[]): void =>
    onChange(
      ids.map((id) => {
        const known = value.find((one) => one.organization === id)
        const suggested = offered.get(id)
        if (known !== undefined) return known
        if (suggested !== undefined) return chooses(suggested)
        return { organization: id, function: organizations.find((one) => one.id === id)?.functions[0] ?? null, asked: '' }
      }),
    )
  return (
    <fieldset className="participants">
      <legend>
        {t('consultation.participants')} <small className="soft">{t('consultation.participants-count', { count: value.length })}</small>
      </legend>
      {suggestions.length > 0 && (
        <SuggestionChips
          of={suggestions}
          value={picked.filter((id) => offered.has(id))}
          onChange={(ids) => pick([...picked.filter((id) => !offered.has(id)), ...ids])}
        />
      )}
      <OrganizationsField
        label={t('consultation.others')}
        organizations={organizations.filter((one) => !offered.has(one.id))}
        value={picked.filter((id) => !offered.has(id))}
        onChange={(ids) => pick([...picked.filter((id) => offered.has(id)), ...ids])}
      />
      {value.length > 0 && <AskedOf organizations={organizations} value={value} onChange={onChange} />}
    </fieldset>
  )
}

type ChipsProps = {
  readonly of: readonly Suggestion[]
  readonly value: readonly string[]
  readonly onChange: (ids: readonly string[]) => void
}

function SuggestionChips({ of, value, onChange }: ChipsProps) {
  const { t, words, code } = useWords()
  return (
    <>
      <p className="field-help">{t('consultation.suggested-help')}</p>
      <ToggleButtonGroup
        className="chips suggestions"
        aria-label={t('consultation.suggested')}
        selectionMode="multiple"
        selectedKeys={value}
        onSelectionChange={(keys) => onChange([...keys].map(String))}
      >
        {of.map((one) => (
          <ToggleButton key={one.organization.id} id={one.organization.id} className="chip">
            {words(one.organization.name)}
            <small>
              {one.why === 'function' && one.function !== null ? code('function', one.function) : t(`consultation.why.${one.why}`)}
            </small>
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </>
  )
}

type AskedProps = Pick<ParticipantsProps, 'value' | 'onChange'> & { readonly organizations: readonly OrganizationView[] }

/** For what each is asked, where it is not the usual. */
function AskedOf({ organizations, value, onChange }: AskedProps) {
  const { t, words } = useWords()
  const nameOf = (id: string): string => {
    const found = organizations.find((one) => one.id === id)
    return found === undefined ? id : words(found.name)
  }
  return (
    <details className="asked-of">
      <summary>{t('consultation.asked-of')}</summary>
      {value.map((one) => (
        <Field
          key={one.organization}
          label={nameOf(one.organization)}
          value={one.asked === '' ? t('consultation.asked-usual') : one.asked}
          onChange={(asked) => onChange(value.map((other) => (other.organization === one.organization ? { ...other, asked } : other)))}
          maxLength={500}
        />
      ))}
    </details>
  )
}
