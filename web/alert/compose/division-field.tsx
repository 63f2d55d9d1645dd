import { useQuery } from '@tanstack/react-query'
import { IconX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { Button as AriaButton, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components'
import type { DivisionChoice } from '#core/view/compose.ts'
import { useWorld } from '../../paths.ts'
import { divisionsQuery } from './queries.ts'
import { useWords } from '../../words.ts'

const WAIT_MS = 150

type DivisionFieldProps = {
  readonly home: string | null
  readonly chosen: readonly string[]
  readonly names: ReadonlyMap<string, DivisionChoice>
  readonly onChange: (codes: readonly string[], named: readonly DivisionChoice[]) => void
}

/** Territories by a part of their name or code; each that is chosen joins the row below. */
export function DivisionField({ home, chosen, names, onChange }: DivisionFieldProps) {
  const { t, words } = useWords()
  const world = useWorld()
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  const [round, setRound] = useState(0)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), WAIT_MS)
    return () => clearTimeout(timer)
  }, [text])
  const found = useQuery(divisionsQuery(world, asked === '' && home !== null ? { under: home } : { q: asked })).data?.divisions ?? []
  const items = found.filter(({ code }) => !chosen.includes(code)).map((one) => ({ ...one, id: one.code }))
  return (
    <div className="compose-divisions">
      <ComboBox
        key={round}
        className="field"
        items={items}
        inputValue={text}
        onInputChange={setText}
        selectedKey={null}
        onSelectionChange={(id) => {
          const one = found.find(({ code }) => code === id)
          if (one === undefined) return
          onChange([...chosen, one.code], [one])
          setText('')
          setRound(round + 1)
        }}
        menuTrigger="focus"
        allowsEmptyCollection
      >
        <Label>{t('compose.division-add')}</Label>
        <Input placeholder={t('compose.division-hint')} />
        <Popover className="popover">
          <ListBox className="list-box" renderEmptyState={() => <p className="padded soft">{t('compose.division-none')}</p>}>
            {(item: DivisionChoice & { readonly id: string }) => (
              <ListBoxItem id={item.code} textValue={words(item.name)}>
                <span>
                  {words(item.name)}{' '}
                  <span className="soft">{[item.above === null ? null : words(item.above), item.code].filter(Boolean).join(' · ')}</span>
                </span>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
      <Chosen
        chosen={chosen}
        names={names}
        onRemove={(code) =>
          onChange(
            chosen.filter((other) => other !== code),
            [],
          )
        }
      />
    </div>
  )
}

type ChosenProps = Pick<DivisionFieldProps, 'chosen' | 'names'> & { readonly onRemove: (code: string) => void }

function Chosen({ chosen, names, onRemove }: ChosenProps) {
  const { t, words } = useWords()
  if (chosen.length === 0) return null
  return (
    <ul className="compose-tags" aria-label={t('compose.divisions')}>
      {chosen.map((code) => {
        const one = names.get(code)
        const name = one === undefined ? code : words(one.name)
        return (
          <li key={code}>
            <span>
              {name}
              {one?.outline === false && <span className="soft"> · {t('compose.no-outline')}</span>}
            </span>
            <AriaButton aria-label={t('compose.remove', { what: name })} onPress={() => onRemove(code)}>
              <IconX size={14} aria-hidden />
            </AriaButton>
          </li>
        )
      })}
    </ul>
  )
}
