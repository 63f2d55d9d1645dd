/** The body of a form with files (RFC 7578), read strictly and within bounds; nothing is written to a disk. */

export type Form = { readonly fields: ReadonlyMap<string, string>; readonly files: readonly Buffer[] }

const PARTS_MAX = 30
const FIELD_MAX_BYTES = 20_000
const HEAD_MAX_BYTES = 4_000

/** `type` is the Content-Type. Null where it is no such form, or is broken or has too many parts. */
export function readForm(type: string, body: Buffer): Form | null {
  const found = /^multipart\/form-data;.*\bboundary=(?:"(?<quoted>[^"]{1,70})"|(?<plain>[^\s;"]{1,70}))/i.exec(type)?.groups
  const boundary = found?.quoted ?? found?.plain
  if (boundary === undefined) return null
  const mark = Buffer.from(`\r\n--${boundary}`)
  const fields = new Map<string, string>()
  const files: Buffer[] = []
  const opening = mark.subarray(2)
  if (!body.subarray(0, opening.length).equals(opening)) return null
  let at = opening.length
  for (let parts = 0; parts < PARTS_MAX; parts++) {
    if (body.toString('latin1', at, at + 2) === '--') return { fields, files }
    if (body.toString('latin1', at, at + 2) !== '\r\n') return null
    const head = body.indexOf('\r\n\r\n', at)
    if (head === -1 || head - at > HEAD_MAX_BYTES) return null
    const end = body.indexOf(mark, head + 2)
    if (end === -1) return null
    // An empty part ends where its head ends.
    const content = body.subarray(Math.min(head + 4, end), end)
    const part = disposition(body.toString('utf8', at + 2, head))
    if (part === null) return null
    if (part.isFile) files.push(content)
    else if (content.length > FIELD_MAX_BYTES) return null
    else if (!fields.has(part.name)) fields.set(part.name, content.toString('utf8').replaceAll('\r\n', '\n'))
    at = end + mark.length
  }
  return null
}

function disposition(head: string): { readonly name: string; readonly isFile: boolean } | null {
  const line = head.split('\r\n').find((one) => /^content-disposition:/i.test(one)) ?? ''
  const name = /;\s*name="(?<name>[^"]{0,100})"/i.exec(line)?.groups?.name
  return name === undefined ? null : { name, isFile: /;\s*filename\*?=/i.test(line) }
}
