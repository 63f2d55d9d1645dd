import { useState } from 'react'
import { colourLevel } from '#core/level.ts'
import type { ThresholdView } from '#core/view/station.ts'
import { ActionButton, Badge, findAction, Panel, ReasonDialog } from '../kit/index.ts'
import { LevelGlyph } from '../level.tsx'
import { useWords } from '../words.ts'
import { useWindowWords } from './window.ts'

/** What is in force here, with each figure's source; what is only a target says so. */
export function Thresholds({ all }: { readonly all: readonly ThresholdView[] }) {
  const { t } = useWords()
  return (
    <Panel title={t('station.thresholds')} note={all.length === 0 ? undefined : all.length} folded={all.length > 0}>
      {all.length === 0 ? (
        <p className="padded soft">{t('station.thresholds-none')}</p>
      ) : (
        <ul>
          {all.map((one) => (
            <ThresholdRow key={one.id} of={one} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function ThresholdRow({ of }: { readonly of: ThresholdView }) {
  const { t, code, words, number } = useWords()
  const windowWords = useWindowWords()
  const [asking, setAsking] = useState(false)
  const { set } = of
  const withdraw = findAction(of.actions, 'station.withdraw-thresholds')
  return (
    <li className="source-row">
      <p className="source-head">
        <b>{words(set.title)}</b>
        {set.binding && <Badge>{t('station.binding')}</Badge>}
        <span className="source-actions">{withdraw !== null && <ActionButton action={withdraw} onPress={() => setAsking(true)} />}</span>
      </p>
      <p className="soft">{t('station.adopted-for', { place: of.jurisdiction, basis: of.basis })}</p>
      <ul className="threshold-steps">
        {set.steps.map((step, i) => (
          <li key={i}>
            <LevelGlyph level={colourLevel(step.colour)} size={15} />
            <span>
              {code('colour', step.colour)} · {step.indicator} {windowWords({ of: step.of, over: step.over ?? null })}{' '}
              {step.reach === 'at-least' ? '≥' : '≤'} {number(step.value)} {step.unit}
              {step.stations === undefined ? '' : ` · ${step.stations.join(' ')}`}
              {!step.confirmed && <small className="soft"> {t('station.unconfirmed')}</small>}
            </span>
          </li>
        ))}
      </ul>
      {of.basis !== set.source['zh-CN'] && <p className="soft">{words(set.source)}</p>}
      <ReasonDialog
        title={t('command.station.withdraw-thresholds')}
        isOpen={asking}
        onClose={() => setAsking(false)}
        room="threshold"
        id={of.id}
        label={t('command.station.withdraw-thresholds')}
        ask={t('station.withdraw-ask')}
        command={(reason) => ({ type: 'station.withdraw-thresholds', reason })}
      />
    </li>
  )
}
