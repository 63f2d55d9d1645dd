import type { ReactNode } from 'react'
import './gauge.css'

/** Measures beside each other over what they are taken of; two in a row on a phone. */
export function Gauges({ label, children }: { readonly label?: string; readonly children: ReactNode }) {
  return (
    <dl className="gauges" {...(label === undefined ? {} : { 'aria-label': label })}>
      {children}
    </dl>
  )
}

type GaugeProps = { readonly name: string; readonly value: string; readonly note: string; readonly wrong?: boolean }

export function Gauge({ name, value, note, wrong = false }: GaugeProps) {
  return (
    <div className={`gauge ${wrong ? 'is-wrong' : ''}`}>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        <span className="soft">{note}</span>
      </dd>
    </div>
  )
}

/** A share in per cent; a small one with a decimal. */
export const shareText = (share: number | null): string =>
  share === null ? '—' : `${(share * 100).toFixed(share < 0.1 && share > 0 ? 1 : 0)}%`
