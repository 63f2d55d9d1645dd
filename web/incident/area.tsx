import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Area } from '#core/incident/area.ts'
import type { AffectedView, AreaView } from '#core/view/objective.ts'
import type { IncidentView } from '#core/view.ts'
import type { Command } from '../api.ts'
import { written } from '../form.ts'
import { ActionButton, CommandForm, Dialog, Field, OrganizationName, Panel, Read } from '../kit/index.ts'
import { useNarrow } from '../kit/narrow.ts'
import { useWorld } from '../paths.ts'
import { areaQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import { AreaSketch } from './area-sketch.tsx'
import './course.css'

/** How far it reaches: the territories in it, whose government leads them all, and who is to be told. */
export function AreaPanel({ incident }: { readonly incident: IncidentView }) {
  const { t } = useWords()
  const narrow = useNarrow()
  const world = useWorld()
  const reading = useQuery(areaQuery(world, incident.id))
  const [marking, setMarking] = useState(false)
  const view = reading.data
  return (
    <Panel
      title={t('area.title')}
      actions={
        view && world === null ? <ActionButton action={view.action} label={t('area.mark')} onPress={() => setMarking(true)} /> : undefined
      }
      className="room-area"
      {...(narrow ? {} : { folded: true })}
    >
      <Read of={reading} lines={2}>
        {(area) => (area.marked === null ? <p className="padded soft">{t('area.none')}</p> : <Reach of={area} zone={incident.zone} />)}
      </Read>
      {marking && <MarkDialog incident={incident} onClose={() => setMarking(false)} />}
    </Panel>
  )
}

function Reach({ of, zone }: { readonly of: AreaView; readonly zone: string }) {
  const { t, dateTime } = useWords()
  if (of.marked === null) return null
  const several = of.affected.length > 1
  return (
    <div className="padded area">
      <p className="soft">{t('area.marked', { source: of.marked.source, at: dateTime(of.marked.markedAt, zone) })}</p>
      <AreaSketch area={of.marked.area} />
      <div className="area-lead">
        <span>{several ? t('area.lead') : t('objective.owner')}</span>
        <b>{of.lead === null ? t('area.lead-none') : <OrganizationName of={of.lead} />}</b>
        <span className="soft">{several ? t('area.lead-why') : t('area.single-why')}</span>
      </div>
      <h3>{t('area.affected', { count: of.affected.length })}</h3>
      {several && <p className="soft">{t('area.inform-why')}</p>}
      <ul className="area-affected">
        {of.affected.map((one) => (
          <Affected key={one.code} of={one} />
        ))}
      </ul>
    </div>
  )
}

function Affected({ of }: { readonly of: AffectedView }) {
  const { t, words, number } = useWords()
  return (
    <li>
      <span>
        <b>{words(of.name)}</b> <span className="soft">{of.code}</span>
      </span>
      <span className="soft">{t('area.km2', { km2: number(Math.round(of.km2 * 10) / 10) })}</span>
      <span className="area-government">
        {of.government === null ? (
          t('area.no-government')
        ) : of.own ? (
          <OrganizationName of={of.government} />
        ) : (
          `${t('area.no-government')} · ${t('area.stands-for', { government: words(of.government.name) })}`
        )}
      </span>
    </li>
  )
}

/** A polygon as GeoJSON, alone or as the geometry of a feature; null where it is none. */
function areaFrom(text: string): Area | null {
  try {
    const read: unknown = JSON.parse(text)
    const geometry = typeof read === 'object' && read !== null && 'geometry' in read ? read.geometry : read
    const parsed = Area.safeParse(geometry)
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function MarkDialog({ incident, onClose }: { readonly incident: IncidentView; readonly onClose: () => void }) {
  const { t } = useWords()
  const [source, setSource] = useState('')
  const [codes, setCodes] = useState('')
  const [text, setText] = useState('')
  const wrong = text.trim() !== '' && areaFrom(text) === null
  const make = (): Command | null => {
    const said = written(source)
    const divisions = codes.split(/[\s,，、]+/).filter((one) => one !== '')
    if (said === null || wrong || (text.trim() === '' && divisions.length === 0)) return null
    const command = { type: 'incident.mark-area', area: areaFrom(text), source: said }
    return divisions.length === 0 ? command : { ...command, divisions }
  }
  return (
    <Dialog title={t('area.mark')} isOpen onClose={onClose}>
      <CommandForm room="incident" id={incident.id} label={t('incident.submit')} onClose={onClose} make={make}>
        <Field
          label={t('area.source')}
          help={t('area.source-help')}
          isRequired
          autoFocus
          value={source}
          onChange={setSource}
          maxLength={400}
        />
        <Field label={t('area.divisions')} help={t('area.divisions-help')} inputMode="numeric" value={codes} onChange={setCodes} />
        <Field label={t('area.geojson')} lines={5} value={text} onChange={setText} error={wrong ? t('area.bad-geojson') : undefined} />
      </CommandForm>
    </Dialog>
  )
}
