import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { type ReactNode, useId, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'

type PanelProps = {
  readonly title: ReactNode
  /** Stands small beside the title: a count, a range of time. */
  readonly note?: ReactNode
  readonly actions?: ReactNode
  readonly className?: string
  /** The panel's body scrolls by itself on a wide screen. */
  readonly scrolls?: boolean
  /** It can be folded up to its head: whether it is at first. What is secondary beside other panels. */
  readonly folded?: boolean
  readonly children: ReactNode
}

/** A titled part of a page. */
export function Panel({ title, note, actions, className = '', scrolls = false, folded, children }: PanelProps) {
  const id = useId()
  const [shut, setShut] = useState(folded === true)
  const Chevron = shut ? IconChevronRight : IconChevronDown
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        {folded === undefined ? (
          <h2 id={id}>{title}</h2>
        ) : (
          <h2 id={id}>
            <AriaButton className="panel-fold" aria-expanded={!shut} onPress={() => setShut(!shut)}>
              <Chevron size={16} aria-hidden /> {title}
            </AriaButton>
          </h2>
        )}
        {note !== undefined && <span className="panel-note">{note}</span>}
        {actions !== undefined && <div className="panel-actions">{actions}</div>}
      </header>
      {shut ? null : scrolls ? (
        <div className="panel-body is-scrolling" role="group" tabIndex={0} aria-labelledby={id}>
          {children}
        </div>
      ) : (
        <div className="panel-body">{children}</div>
      )}
    </section>
  )
}

/** The head of a page: its one `h1`, what it is about, and its actions. */
export function PageHead({
  title,
  note,
  mark,
  actions,
}: {
  readonly title: ReactNode
  readonly note?: ReactNode
  readonly mark?: ReactNode
  readonly actions?: ReactNode
}) {
  return (
    <header className="page-head">
      {mark}
      <div className="page-head-words">
        <h1>{title}</h1>
        {note !== undefined && <div className="page-head-note">{note}</div>}
      </div>
      {actions !== undefined && <div className="page-head-actions">{actions}</div>}
    </header>
  )
}
