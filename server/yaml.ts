/** YAML and JSON texts, read once and fast; the place of any member is found only when somebody asks for it. */
import { constructFromEvents, CORE_SCHEMA, EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException, type Event } from 'js-yaml'

export type Place = { readonly line: number; readonly column: number }
export type Path = readonly PropertyKey[]

export type Yaml =
  | { readonly ok: true; readonly value: unknown; readonly placeOf: (path: Path) => Place }
  | { readonly ok: false; readonly problem: string; readonly place: Place }

const ALIASES_MAX = 100
const DEPTH_MAX = 50

/** Reads a text of one document by the YAML 1.2 core schema: a date stays a text. Lines and columns count from 1. */
export function readYaml(text: string): Yaml {
  try {
    const events = parseEvents(text, { maxDepth: DEPTH_MAX })
    const documents = constructFromEvents(events, { source: text, schema: CORE_SCHEMA, maxAliases: ALIASES_MAX })
    if (documents.length !== 1)
      return { ok: false, problem: `one document expected, ${documents.length} found`, place: { line: 1, column: 1 } }
    let places: ((path: Path) => Place) | null = null
    // Read again for places: most files are never asked for one, and events kept would weigh ten times the text.
    return {
      ok: true,
      value: documents[0],
      placeOf: (path) => (places ??= placesOf(parseEvents(text, { maxDepth: DEPTH_MAX }), text))(path),
    }
  } catch (error) {
    const { mark, reason } = error instanceof YAMLException ? error : { mark: undefined, reason: (error as Error).message }
    return { ok: false, problem: reason, place: { line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1 } }
  }
}

/** `start` is where the eye looks for it: the value itself, or the key of what goes over several lines. */
type Node = { readonly start: number; readonly members: ReadonlyMap<string, Node> | null }

function placesOf(events: readonly Event[], text: string): (path: Path) => Place {
  const root = treeOf(events, text)
  const lines = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.push(at + 1)
  return (path) => {
    let node = root
    for (const part of path) {
      const next = node.members?.get(String(part))
      if (next === undefined) break
      node = next
    }
    let [low, high] = [0, lines.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((lines[middle] ?? 0) <= node.start) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: node.start - (lines[low] ?? 0) + 1 }
  }
}

function treeOf(events: readonly Event[], text: string): Node {
  let at = events.findIndex((event) => event.type !== EVENT_ID.DOCUMENT)
  /** `keyAt`: where the key of this value stands, or less than 0 for an item. */
  const read = (keyAt: number): Node => {
    const event = events[at++]
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return { start: 0, members: null }
    if (event.type === EVENT_ID.ALIAS) return { start: event.anchorStart, members: null }
    if (event.type === EVENT_ID.SCALAR) return { start: scalarStart(event, keyAt), members: null }
    const members = new Map<string, Node>()
    for (let i = 0; events[at] !== undefined && events[at]?.type !== EVENT_ID.POP; i++) {
      if (event.type === EVENT_ID.SEQUENCE) {
        members.set(String(i), read(-1))
        continue
      }
      const key = events[at]
      const keyStart = read(-1).start
      const name = key?.type === EVENT_ID.SCALAR ? getScalarValue(text, key) : ''
      members.set(name, read(keyStart))
    }
    at++
    return { start: event.style === BLOCK && keyAt >= 0 ? keyAt : event.start, members }
  }
  return read(-1)
}

const BLOCK = 1

type Scalar = Extract<Event, { readonly type: typeof EVENT_ID.SCALAR }>
function scalarStart({ style, valueStart }: Scalar, keyAt: number): number {
  if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED) return valueStart - 1
  const overLines = style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK || valueStart < 0
  return overLines && keyAt >= 0 ? keyAt : Math.max(0, valueStart)
}
