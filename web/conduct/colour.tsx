import { colourLevel, type Colour } from '#core/level.ts'
import { LevelGlyph } from '../level.tsx'
import { useWords } from '../words.ts'
import './convene.css'

/** A warning's colour as shape and numeral, with its word. */
export function ColourMark({ colour, size = 18 }: { readonly colour: Colour | null; readonly size?: number }) {
  const { t, code } = useWords()
  if (colour === null) return <span className="soft">{t('consultation.colour-open')}</span>
  return (
    <span className="colour-mark">
      <LevelGlyph level={colourLevel(colour)} size={size} /> {code('colour', colour)}
    </span>
  )
}
