import { useEffect, useRef } from 'react'
import { Link } from './button.tsx'
import './page-tabs.css'

export type PageTab<Key extends string> = { readonly key: Key; readonly to: string; readonly label: string }
type PageTabsProps<Key extends string> = { readonly label: string; readonly tabs: readonly PageTab<Key>[]; readonly on: Key }

/** The pages of one matter, side by side below the head; on a phone the one that is shown is scrolled into sight. */
export function PageTabs<Key extends string>({ label, tabs, on }: PageTabsProps<Key>) {
  const bar = useRef<HTMLElement>(null)
  useEffect(() => {
    const shown = bar.current?.querySelector<HTMLElement>('[aria-current]')
    if (bar.current && shown) bar.current.scrollLeft = shown.offsetLeft + shown.offsetWidth - bar.current.clientWidth
  }, [on])
  return (
    <nav ref={bar} className="page-tabs" aria-label={label}>
      {tabs.map(({ key, to, label: name }) => (
        <Link key={key} to={to} aria-current={key === on ? 'page' : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  )
}
