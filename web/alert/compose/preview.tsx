import { useState } from 'react'
import { messageOf } from '#core/alert/message.ts'
import { colourLevel } from '#core/level.ts'
import { serverNow } from '../../clock.ts'
import { Chips, Panel } from '../../kit/index.ts'
import { LevelGlyph } from '../../level.tsx'
import { useWords } from '../../words.ts'
import type { Composing } from './state.ts'

const LANGS = ['zh-CN', 'en'] as const

/** The message itself as a phone or a public page shows it, made by the same function as the one that is signed. */
export function PreviewPanel({ of: { draft, around } }: { readonly of: Composing }) {
  const { t, lang, dateTime } = useWords()
  const [shown, setShown] = useState<(typeof LANGS)[number]>(lang)
  const at = new Date(serverNow()).toISOString()
  const { infos } = messageOf(draft, { identifier: 'draft', sender: 'muster', sent: at, references: [] })
  const info = infos[LANGS.indexOf(shown)]
  if (info === undefined) return null
  return (
    <Panel
      title={t('compose.preview')}
      actions={
        <Chips
          label={t('compose.preview-lang')}
          choices={LANGS.map((id) => ({ id, label: t(`compose.lang.${id}`) }))}
          value={shown}
          onChange={setShown}
        />
      }
    >
      <article className="compose-preview" lang={shown} data-actual={draft.status === 'Actual'}>
        <header>
          <LevelGlyph level={draft.colour === null ? null : colourLevel(draft.colour)} size={30} />
          <h3>{info.headline ?? t('compose.no-headline')}</h3>
        </header>
        <p className="soft">
          {[
            info.senderName,
            info.onset === undefined
              ? null
              : `${dateTime(info.onset, around.zone)} → ${info.expires === undefined ? '…' : dateTime(info.expires, around.zone)}`,
          ]
            .filter((part) => part !== null && part !== undefined)
            .join(' · ')}
        </p>
        {info.areas.map((area) => area.areaDesc !== '' && <p key={area.areaDesc}>{area.areaDesc}</p>)}
        {info.description !== undefined && <p className="compose-lines">{info.description}</p>}
        {info.instruction !== undefined && <p className="compose-lines">{info.instruction}</p>}
        {info.contact !== undefined && <p className="soft">{info.contact}</p>}
      </article>
    </Panel>
  )
}
