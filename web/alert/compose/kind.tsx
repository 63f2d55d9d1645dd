import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { colourOf } from '#core/alert/template.ts'
import { Colour, colourLevel } from '#core/level.ts'
import { Button, Chips, Field, Panel, SelectField } from '../../kit/index.ts'
import { LevelGlyph } from '../../level.tsx'
import { serverNow } from '../../clock.ts'
import { useWords } from '../../words.ts'
import { chosen, isEnding, templateOf, usualMeasures } from './settle.ts'
import type { Composing } from './state.ts'

const STATUSES = ['Actual', 'Exercise', 'Test'] as const
const SCOPES = ['Public', 'Restricted', 'Private'] as const
/** The usual ones in one row, the others in the list. */
const NONE = 'none'

/** What it warns of, how gravely, whether it is real, and who may read it. */
export function KindPanel({ of }: { readonly of: Composing }) {
  const { t, words } = useWords()
  const { draft, around, change, surround } = of
  const template = templateOf(around.packs, draft.hazard)
  const at = template === null ? null : colourOf(template, draft.colour)
  const choose = (hazard: string, colour: Colour | null): void => {
    const next = templateOf(around.packs, hazard)
    if (next === null) return
    const fitting = colour !== null && colourOf(next, colour) === null ? null : colour
    change((before) => {
      // A time that only followed the last colour follows the new one as well.
      const old = templateOf(around.packs, before.hazard)
      const followed =
        old !== null && old.id === next.id && before.colour === fitting
          ? before
          : { ...before, expires: before.kind === 'warning' || before.colour !== fitting ? null : before.expires }
      return chosen(followed, next, fitting, new Date(serverNow()).toISOString())
    })
    const evacuates = colourOf(next, fitting)?.responseTypes.includes('Evacuate') ?? false
    surround({ legal: usualMeasures(around.packs.legal.measures, fitting, evacuates) })
  }
  return (
    <Panel title={t('compose.kind')}>
      <div className="padded compose-kind">
        <SelectField
          label={t('compose.hazard')}
          choices={around.packs.templates.map(({ id, title }) => ({ id, label: words(title) }))}
          value={draft.hazard}
          onChange={(hazard) => choose(hazard, draft.colour)}
        />
        <ColourField of={of} onChoose={(colour) => choose(draft.hazard, colour)} />
        {at !== null && (
          <p className="compose-criterion soft">
            {words(at.criterion)} {!at.confirmed && <span>({t('compose.unconfirmed')})</span>}
          </p>
        )}
        <Audience of={of} />
      </div>
    </Panel>
  )
}

function ColourField({ of: { draft, around }, onChoose }: { readonly of: Composing; readonly onChoose: (colour: Colour) => void }) {
  const { t } = useWords()
  const template = templateOf(around.packs, draft.hazard)
  return (
    <div className="compose-colours">
      <span className="compose-label" id="compose-colour">
        {t('compose.colour')}
      </span>
      <ToggleButtonGroup
        aria-labelledby="compose-colour"
        className="compose-colour-row"
        isDisabled={isEnding(draft)}
        selectedKeys={draft.colour === null ? [] : [draft.colour]}
        disallowEmptySelection={draft.colour !== null}
        onSelectionChange={(keys) => {
          const [first] = keys
          const colour = Colour.safeParse(first)
          if (colour.success) onChoose(colour.data)
        }}
      >
        {Colour.options.map((colour) => (
          <ToggleButton
            key={colour}
            id={colour}
            className="compose-colour"
            isDisabled={template !== null && colourOf(template, colour) === null}
          >
            <LevelGlyph level={colourLevel(colour)} size={26} />
            <span>{t(`colour.${colour}`)}</span>
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  )
}

/** Whether it is real, who may read it, and by which profile it is written. */
function Audience({ of: { draft, around, change } }: { readonly of: Composing }) {
  const { t, words } = useWords()
  return (
    <>
      <div>
        <span className="compose-label">{t('compose.status')}</span>
        <Chips
          label={t('compose.status')}
          choices={STATUSES.map((id) => ({ id, label: t(`compose.status.${id}`) }))}
          value={draft.status === 'System' || draft.status === 'Draft' ? 'Test' : draft.status}
          onChange={(status) => change({ status })}
        />
      </div>
      <div>
        <span className="compose-label">{t('compose.scope')}</span>
        <Chips
          label={t('compose.scope')}
          choices={SCOPES.map((id) => ({ id, label: t(`compose.scope.${id}`) }))}
          value={draft.scope}
          onChange={(scope) => change({ scope })}
        />
      </div>
      {draft.scope === 'Restricted' && (
        <Field
          label={t('compose.restriction')}
          help={t('compose.restriction-help')}
          isRequired
          value={draft.restriction ?? ''}
          onChange={(restriction) => change({ restriction })}
          maxLength={1000}
        />
      )}
      {draft.scope === 'Private' && (
        <Field
          label={t('compose.addresses')}
          help={t('compose.addresses-help')}
          isRequired
          lines={3}
          value={(draft.addresses ?? []).join('\n')}
          onChange={(text) =>
            change({
              addresses: text
                .split(/[\n,，;；]+/)
                .map((one) => one.trim())
                .filter((one) => one !== '')
                .slice(0, 500),
            })
          }
        />
      )}
      <SelectField
        label={t('compose.profile')}
        choices={[
          { id: NONE, label: t('compose.profile-none') },
          ...around.packs.profiles.map(({ id, title }) => ({ id, label: words(title) })),
        ]}
        value={draft.profile ?? NONE}
        onChange={(id) => change({ profile: id === NONE ? null : id })}
      />
      {draft.eventCode !== null && (
        <p className="soft compose-code">{t('compose.event-code', { name: draft.eventCode.valueName, value: draft.eventCode.value })}</p>
      )}
    </>
  )
}

/** Whoever sends a test or an exercise sees at every moment that it is one; whoever sends the real thing, too. */
export function StatusBanner({ of: { draft } }: { readonly of: Composing }) {
  const { t } = useWords()
  if (draft.status === 'Actual') return null
  return (
    <p className="compose-banner" role="status">
      <b>{t(`compose.status.${draft.status === 'Exercise' ? 'Exercise' : 'Test'}`)}</b> {t('compose.not-actual')}
    </p>
  )
}

export function KeepState({ of: { saved, refused, keep } }: { readonly of: Composing }) {
  const { t, code } = useWords()
  return (
    <p className="compose-saved soft" role="status">
      {t(`compose.saved.${saved}`)}
      {saved === 'refused' && refused !== null && (
        <>
          {' '}
          <span className="refused">{code('refusal', refused.code, refused.params)}</span>{' '}
          <Button onPress={() => void keep()}>{t('compose.save-again')}</Button>
        </>
      )}
    </p>
  )
}
