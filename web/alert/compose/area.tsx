import { useQuery } from '@tanstack/react-query'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Draft } from '#core/alert/draft.ts'
import { ringFault, type Position } from '#core/alert/ring.ts'
import type { BufferView } from '#core/view/compose.ts'
import { ask, type Refused } from '../../api.ts'
import { Button, Chips, Field, Panel } from '../../kit/index.ts'
import { useWorld } from '../../paths.ts'
import { reachQuery } from './queries.ts'
import { useWords } from '../../words.ts'
import { closed, pointsIn, pointsText } from './coordinates.ts'
import { DivisionField } from './division-field.tsx'
import { DrawMap } from './draw-map.tsx'
import type { Composing } from './state.ts'

export type Nearby = { readonly name: string; readonly lon: number; readonly lat: number } | null
type Tool = 'divisions' | 'polygon' | 'circle' | 'buffer'
const TOOLS: readonly Tool[] = ['divisions', 'polygon', 'circle', 'buffer']

/** Where: by territories, by corners, by a circle or by a distance; drawn on the map or typed beside it. */
export function AreaPanel({ of, home, nearby }: { readonly of: Composing; readonly home: string | null; readonly nearby: Nearby }) {
  const { t } = useWords()
  const world = useWorld()
  const { draft, around, change, named } = of
  const [tool, setTool] = useState<Tool>('divisions')
  const [text, setText] = useState('')
  const { divisions, polygons, circles } = draft
  const reach = useQuery(reachQuery(world, { divisions, polygons, circles }))
  const pending = pointsIn(text) ?? []
  const draws = tool !== 'divisions'
  const add = (at: Position): void => setText(tool === 'circle' ? pointsText([at]) : pointsText([...pending, at]))
  return (
    <Panel title={t('compose.area')} className="compose-area-panel">
      <div className="padded compose-area">
        <div className="form compose-tools">
          <Chips
            label={t('compose.tool')}
            choices={TOOLS.map((id) => ({ id, label: t(`compose.tool.${id}`) }))}
            value={tool}
            onChange={(next) => {
              setTool(next)
              setText('')
            }}
          />
          {tool === 'divisions' && (
            <DivisionField
              home={home}
              chosen={divisions}
              names={around.names}
              onChange={(codes, found) => {
                named(found)
                change({ divisions: [...codes] })
              }}
            />
          )}
          {tool !== 'divisions' && <DrawingTool of={of} tool={tool} nearby={nearby} text={text} onText={setText} />}
          <ShapeList of={of} />
        </div>
        <DrawMap
          polygons={polygons}
          circles={circles}
          outlines={reach.data?.outlines ?? []}
          around={reach.data?.around ?? []}
          pending={pending}
          onPoint={draws ? add : null}
        />
      </div>
    </Panel>
  )
}

type DrawingToolProps = Pick<ToolProps, 'text' | 'onText'> & {
  readonly of: Composing
  readonly tool: Exclude<Tool, 'divisions'>
  readonly nearby: Nearby
}

/** One shape at a time; finished, it joins the area and the field is empty again. */
function DrawingTool({ of, tool, nearby, text, onText }: DrawingToolProps) {
  const { polygons, circles } = of.draft
  const points = pointsIn(text) ?? []
  const place = (patch: Partial<Draft>): void => {
    of.change(patch)
    onText('')
  }
  const props = { text, points, onText }
  if (tool === 'polygon') return <PolygonTool {...props} onDone={(ring) => place({ polygons: [...polygons, ring] })} />
  if (tool === 'circle') return <CircleTool {...props} nearby={nearby} onDone={(circle) => place({ circles: [...circles, circle] })} />
  const took = (made: BufferView): void =>
    place({
      circles: [...circles, ...made.circles],
      polygons: [...polygons, ...made.polygons.map((ring) => ring.map(([lon, lat]): [number, number] => [lon, lat]))],
    })
  return <BufferTool {...props} nearby={nearby} onDone={took} />
}

type ToolProps = { readonly text: string; readonly points: readonly Position[]; readonly onText: (text: string) => void }

function PointsField({ text, onText, label }: Pick<ToolProps, 'text' | 'onText'> & { readonly label: string }) {
  const { t } = useWords()
  const wrong = text.trim() !== '' && pointsIn(text) === null
  return (
    <Field
      label={label}
      help={t('compose.points-help')}
      lines={4}
      value={text}
      onChange={onText}
      {...(wrong ? { error: t('compose.points-wrong') } : {})}
      placeholder={'39.05, 117.60\n39.05, 117.85'}
    />
  )
}

function PolygonTool({ text, points, onText, onDone }: ToolProps & { readonly onDone: (ring: [number, number][]) => void }) {
  const { t } = useWords()
  const ring = closed(points)
  const fault = points.length < 3 ? null : ringFault(ring)
  return (
    <>
      <PointsField text={text} onText={onText} label={t('compose.polygon-points')} />
      {fault !== null && (
        <p className="refused" role="alert">
          {t(`compose.fault.${fault}`)}
        </p>
      )}
      <div className="compose-row">
        <Button isDisabled={points.length === 0} onPress={() => onText(pointsText(points.slice(0, -1)))}>
          {t('compose.undo-point')}
        </Button>
        <Button variant="primary" isDisabled={points.length < 3 || fault !== null} onPress={() => onDone(ring)}>
          {t('compose.polygon-add')}
        </Button>
      </div>
    </>
  )
}

const kmIn = (text: string): number | null => {
  const km = Number(text.replace(',', '.'))
  return text.trim() !== '' && Number.isFinite(km) && km > 0 && km <= 500 ? km : null
}

function NearbyButton({ nearby, onText }: { readonly nearby: Nearby; readonly onText: (text: string) => void }) {
  const { t } = useWords()
  return nearby === null ? null : (
    <Button onPress={() => onText(pointsText([[nearby.lon, nearby.lat]]))}>{t('compose.around', { place: nearby.name })}</Button>
  )
}

type CircleToolProps = ToolProps & { readonly nearby: Nearby; readonly onDone: (circle: Draft['circles'][number]) => void }

function CircleTool({ text, points, onText, nearby, onDone }: CircleToolProps) {
  const { t } = useWords()
  const [radius, setRadius] = useState('5')
  const km = kmIn(radius)
  const [at] = points
  return (
    <>
      <Field
        label={t('compose.circle-centre')}
        help={t('compose.circle-help')}
        value={text}
        onChange={onText}
        placeholder="39.00, 117.74"
      />
      <NearbyButton nearby={nearby} onText={onText} />
      <Field
        label={t('compose.radius')}
        inputMode="decimal"
        value={radius}
        onChange={setRadius}
        {...(km === null ? { error: t('compose.radius-wrong') } : {})}
      />
      <Button
        variant="primary"
        isDisabled={at === undefined || km === null}
        onPress={() => at !== undefined && km !== null && onDone({ lon: at[0], lat: at[1], radiusKm: km })}
      >
        {t('compose.circle-add')}
      </Button>
    </>
  )
}

type BufferToolProps = ToolProps & { readonly nearby: Nearby; readonly onDone: (made: BufferView) => void }

/** Around one point, along a line, or around a polygon whose first corner stands again at its end. */
function BufferTool({ text, points, onText, nearby, onDone }: BufferToolProps) {
  const { t, code } = useWords()
  const [radius, setRadius] = useState('2')
  const [refused, setRefused] = useState<Refused | null>(null)
  const [busy, setBusy] = useState(false)
  const km = kmIn(radius)
  const make = async (): Promise<void> => {
    const [first] = points
    if (first === undefined || km === null) return
    const last = points.at(-1)
    const ring = points.length > 3 && last !== undefined && first[0] === last[0] && first[1] === last[1]
    const shape =
      points.length === 1 ? { type: 'point', at: first } : ring ? { type: 'polygon', ring: points } : { type: 'line', along: points }
    setBusy(true)
    const answer = await ask<BufferView>('POST', '/api/alerts/buffer', { shape, km })
    setBusy(false)
    setRefused(answer.ok ? null : answer)
    if (answer.ok) onDone(answer.value)
  }
  return (
    <>
      <PointsField text={text} onText={onText} label={t('compose.buffer-points')} />
      <NearbyButton nearby={nearby} onText={onText} />
      <Field
        label={t('compose.buffer-km')}
        inputMode="decimal"
        value={radius}
        onChange={setRadius}
        {...(km === null ? { error: t('compose.radius-wrong') } : {})}
      />
      {refused !== null && (
        <p className="refused" role="alert">
          {code('refusal', refused.code, refused.params)}
        </p>
      )}
      <Button
        variant="primary"
        className={busy ? 'is-busy' : ''}
        isDisabled={points.length === 0 || km === null}
        onPress={() => void make()}
      >
        {t('compose.buffer-add')}
      </Button>
    </>
  )
}

/** What is drawn, in words, each to be taken away again. */
function ShapeList({ of: { draft, change } }: { readonly of: Composing }) {
  const { t, number } = useWords()
  const { polygons, circles } = draft
  if (polygons.length + circles.length === 0) return null
  const without = <T,>(all: readonly T[], i: number): T[] => all.filter((_, other) => other !== i)
  return (
    <ul className="compose-tags" aria-label={t('compose.shapes')}>
      {polygons.map((ring, i) => (
        <Shape
          key={`p${i}.${ring.length}`}
          words={t('compose.shape.polygon', { nth: i + 1, corners: ring.length - 1 })}
          onRemove={() => change({ polygons: without(polygons, i) })}
        />
      ))}
      {circles.map(({ lon, lat, radiusKm }, i) => (
        <Shape
          key={`c${i}.${lon}.${lat}`}
          words={t('compose.shape.circle', { place: `${lat}, ${lon}`, km: number(radiusKm) })}
          onRemove={() => change({ circles: without(circles, i) })}
        />
      ))}
    </ul>
  )
}

function Shape({ words, onRemove }: { readonly words: string; readonly onRemove: () => void }) {
  const { t } = useWords()
  return (
    <li>
      <span>{words}</span>
      <Button variant="quiet" className="is-icon" aria-label={t('compose.remove', { what: words })} onPress={onRemove}>
        <IconX size={14} aria-hidden />
      </Button>
    </li>
  )
}
