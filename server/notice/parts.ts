/** Long messages come in parts (3GPP TS 23.040, 9.2.3.24.1), in any order, some twice; together they are one. */

/** What of a message says that it is a part: an element of its user data header, `[identifier, length, …]`. */
type Part = { readonly reference: number; readonly total: number; readonly place: number }
type Gathering = { readonly total: number; readonly texts: Map<number, string> }

const GATHERED_MAX = 500
const PARTS_MAX = 20

function partOf(elements: readonly Buffer[]): Part | null {
  for (const one of elements) {
    if (one[0] === 0x00 && one.length >= 5) return { reference: one[2] ?? 0, total: one[3] ?? 0, place: one[4] ?? 0 }
    if (one[0] === 0x08 && one.length >= 6) return { reference: one.readUInt16BE(2), total: one[4] ?? 0, place: one[5] ?? 0 }
  }
  return null
}

/** Parts in memory, the latest few senders' only: what stays incomplete is lost with the process, as in a telephone. */
export class Parts {
  readonly #gathered = new Map<string, Gathering>()

  /** The whole text once its last part is here; null while parts are missing. */
  put(from: string, elements: readonly Buffer[] | undefined, text: string): string | null {
    const part = elements === undefined ? null : partOf(elements)
    if (part === null || part.total < 2 || part.total > PARTS_MAX || part.place < 1 || part.place > part.total) return text
    const key = `${from} ${part.reference} ${part.total}`
    const known = this.#gathered.get(key) ?? { total: part.total, texts: new Map<number, string>() }
    known.texts.set(part.place, text)
    this.#gathered.delete(key)
    if (known.texts.size === known.total) return Array.from({ length: known.total }, (_, i) => known.texts.get(i + 1) ?? '').join('')
    this.#gathered.set(key, known)
    const [oldest] = this.#gathered.keys()
    if (this.#gathered.size > GATHERED_MAX && oldest !== undefined) this.#gathered.delete(oldest)
    return null
  }
}
