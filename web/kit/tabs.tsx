import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components'

type Pane = { readonly id: string; readonly label: ReactNode; readonly content: ReactNode }

/** Panes of which one is in sight. */
export function Tabs({
  label,
  panes,
  selected,
  onSelect,
}: {
  readonly label: string
  readonly panes: readonly Pane[]
  readonly selected?: string
  readonly onSelect?: (id: string) => void
}) {
  return (
    <AriaTabs
      className="tabs"
      {...(selected === undefined ? {} : { selectedKey: selected })}
      onSelectionChange={(id) => onSelect?.(String(id))}
    >
      <TabList className="tab-list" aria-label={label}>
        {panes.map((pane) => (
          <Tab key={pane.id} id={pane.id} className="tab">
            {pane.label}
          </Tab>
        ))}
      </TabList>
      {panes.map((pane) => (
        <TabPanel key={pane.id} id={pane.id} className="tab-panel">
          {pane.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
