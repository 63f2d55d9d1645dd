/** `bin/muster cap`: files in, one verdict a file out. Two passes, so that a chain may lie over any number of files and none is held. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { pointsOf } from '#core/cap/geometry.ts'
import { profileFindings, type AlertProfile, type ProfileFinding } from '#core/alert/profile.ts'
import { CAP_BOUNDS, type Alert } from '#core/cap.ts'
import { chainsOf, statesAt, type ChainState, type Linked, type Message, type Resolution } from '#core/cap/chain.ts'
import { cap as english } from '../../web/locales/en/cap.ts'
import { cap as chinese } from '../../web/locales/zh-CN/cap.ts'
import { identitiesIn, readCap, type CapAlertVerdict, type CapVerdict } from '../cap.ts'
import { readTrust, NO_TRUST } from './trust.ts'

export type CapCommand = {
  readonly files: readonly string[]
  /** Milliseconds: the instant for which states are said. */
  readonly at: number
  /** A file of certificates and public keys in PEM, or null. */
  readonly trust: string | null
  /** What the messages are judged by beside CAP itself, or null. */
  readonly profile?: AlertProfile | null
  readonly json: boolean
  readonly out: (text: string) => void
}

/** Prints a verdict for each file. Answers the exit code: 0, or 1 where something was found. Throws when the trust list cannot be read. */
export async function capCommand({ files, at, trust, profile = null, json, out }: CapCommand): Promise<number> {
  const believed = trust === null ? NO_TRUST : readTrust(readFileSync(trust, 'utf8'), at)
  const chains = chainsIn(files, at)
  let found = false
  for (const [i, file] of files.entries()) {
    const began = performance.now()
    const bytes = bytesOf(file)
    const verdict: CapVerdict = typeof bytes === 'string' ? unreadable(bytes) : await readCap(bytes, { trust: believed })
    const milliseconds = Math.round((performance.now() - began) * 10) / 10
    const alerts = verdict.alerts.map((alert, nth) => ({
      alert,
      place: chains.get(keyOf(i, nth)),
      byProfile: profile === null || alert.alert === null ? null : profileFindings(alert.alert, profile),
    }))
    const lacking = alerts.some(({ byProfile }) => byProfile?.some(({ severity }) => severity === 'error'))
    const ok = verdict.refused === null && !lacking && verdict.alerts.every((one) => fine(one, trust !== null))
    found ||= !ok
    if (json) out(JSON.stringify(lineOf(file, verdict, alerts, files, { ok, milliseconds })))
    else print(file, verdict, alerts, files, out)
  }
  return found ? 1 : 0
}

const keyOf = (file: number, nth: number): string => `${file}:${nth}`
const fileOf = (key: string, files: readonly string[]): string => {
  const [file = '', nth = '0'] = key.split(':')
  return `${files[Number(file)] ?? ''}${nth === '0' ? '' : `#${Number(nth) + 1}`}`
}

const fine = ({ xsdValid, findings, signature }: CapAlertVerdict, trusting: boolean): boolean =>
  xsdValid && findings.length === 0 && signature.verdict !== 'invalid' && (!trusting || signature.verdict !== 'valid-untrusted')

/** At most one byte more than is taken in; what is wrong with the file as a text. */
function bytesOf(file: string): Uint8Array | string {
  let handle: number | undefined
  try {
    handle = openSync(file, 'r')
    const parts: Buffer[] = []
    let all = 0
    while (all <= CAP_BOUNDS.bytes) {
      const part = Buffer.allocUnsafe(Math.min(1 << 18, CAP_BOUNDS.bytes + 1 - all))
      const read = part.length === 0 ? 0 : readSync(handle, part)
      if (read === 0) break
      parts.push(part.subarray(0, read))
      all += read
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
  } catch (error) {
    return (error as Error).message
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

const unreadable = (detail: string): CapVerdict => ({
  bytes: 0,
  sha256: null,
  encoding: null,
  bom: false,
  wellFormed: null,
  refused: { code: 'cap.unreadable', line: 0, detail },
  alerts: [],
})

type Chained = { readonly id: string; readonly size: number; readonly state: ChainState }

/** The first pass: of each message only what chains and states need. */
function chainsIn(files: readonly string[], at: number): ReadonlyMap<string, Chained> {
  const messages = files.flatMap((file, i) => {
    const bytes = bytesOf(file)
    if (typeof bytes === 'string') return []
    return identitiesIn(bytes).map(({ identity, alert }, nth): Message => ({
      key: keyOf(i, nth),
      identity,
      alert: alert === null ? null : slim(alert),
    }))
  })
  const states = statesAt(messages, at)
  const found = new Map<string, Chained>()
  for (const chain of chainsOf(messages)) {
    const id = idOf(chain)
    for (const { key } of chain) {
      const state = states.get(key)
      if (state !== undefined) found.set(key, { id, size: chain.length, state })
    }
  }
  return found
}

/** A chain is called by the identifier of its first message. */
const idOf = (chain: readonly Linked[]): string => chain[0]?.identity.identifier ?? ''

const slim = (alert: Alert): Alert => ({
  ...alert,
  addresses: [],
  codes: [],
  infos: alert.infos.map(({ responseTypes, effective, onset, expires, language, urgency, severity, certainty }) => ({
    language,
    urgency,
    severity,
    certainty,
    responseTypes,
    event: '',
    categories: [],
    eventCodes: [],
    parameters: [],
    resources: [],
    areas: [],
    ...(effective === undefined ? {} : { effective }),
    ...(onset === undefined ? {} : { onset }),
    ...(expires === undefined ? {} : { expires }),
  })),
})

type Placed = {
  readonly alert: CapAlertVerdict
  readonly place: Chained | undefined
  /** Null: no profile was asked for, or there is nothing that it could judge. */
  readonly byProfile: readonly ProfileFinding[] | null
}

function lineOf(
  file: string,
  { alerts: _, ...whole }: CapVerdict,
  alerts: readonly Placed[],
  files: readonly string[],
  more: object,
): object {
  return {
    schema: 'muster/cap/1',
    file,
    ...whole,
    ...more,
    alerts: alerts.map(({ alert: { identity, alert, ...verdict }, place, byProfile }) => {
      const { identifier, sender, sent, msgType } = identity
      const judged = byProfile === null ? {} : { profile: byProfile }
      return {
        identifier,
        sender,
        sent,
        msgType,
        ...verdict,
        alert: alert && drawn(alert),
        ...judged,
        chain: place === undefined ? null : chainOf(place, files),
      }
    }),
  }
}

/** As whoever reads the line expects a ring: a list of points. */
const drawn = (alert: Alert): object => ({
  ...alert,
  infos: alert.infos.map((info) => ({ ...info, areas: info.areas.map((area) => ({ ...area, polygons: area.polygons.map(pointsOf) })) })),
})

const chainOf = ({ id, size, state }: Chained, files: readonly string[]): object => ({
  id,
  size,
  state: state.state,
  blocks: state.blocks,
  by: state.by.map((key) => fileOf(key, files)),
  foreign: state.foreign,
  references: state.resolutions.map(({ reference, keys, by }) => ({ ...reference, by, files: keys.map((key) => fileOf(key, files)) })),
})

type Params = Readonly<Record<string, string | number>>
function say(out: (text: string) => void, code: keyof typeof chinese, params: Params, head: string): void {
  const filled = (text: string): string => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
  out(`  ${head} ${code}`)
  out(`      ${filled(chinese[code])}。 ${filled(english[code])}.`)
}

function print(
  file: string,
  { refused, wellFormed }: CapVerdict,
  alerts: readonly Placed[],
  files: readonly string[],
  out: (text: string) => void,
): void {
  const form = wellFormed === null ? 'not examined 未检查' : wellFormed ? 'well-formed 格式良好' : 'not well-formed 格式不良'
  out(`${file}: ${form}`)
  if (refused !== null)
    say(out, refused.code, { detail: refused.detail, line: refused.line }, `refused 拒收${refused.line > 0 ? ` ${refused.line}` : ''}`)
  for (const { alert, place, byProfile } of alerts) {
    const { identity, capVersion, xsdValid, schemaErrors, findings, signature } = alert
    out(
      `  ${identity.identifier} · ${identity.sender} · ${identity.sent} · ${alert.alert?.status ?? '?'} ${identity.msgType} ${alert.alert?.scope ?? '?'}`,
    )
    out(`    CAP ${capVersion ?? '?'} · schema ${xsdValid ? 'valid 有效' : 'invalid 无效'} · signature 签名 ${signature.verdict}`)
    for (const one of schemaErrors) out(`    line ${one.line}: ${one.detail}`)
    for (const one of findings) say(out, one.code, one.params, `  ${one.severity}${one.at === '' ? '' : ` ${one.at}`}`)
    for (const code of signature.codes) say(out, code, {}, '  signature')
    for (const { code, severity, at, words } of byProfile ?? []) {
      out(`    profile 规范 ${severity}${at === '' ? '' : ` ${at}`} ${code}`)
      out(`      ${words['zh-CN']}。 ${words.en}.`)
    }
    if (place === undefined) continue
    out(
      `    ${place.state.state} · chain 消息链 ${place.id} (${place.size})${place.state.by.length === 0 ? '' : ` · by ${place.state.by.map((key) => fileOf(key, files)).join(', ')}`}`,
    )
    for (const one of place.state.resolutions) out(`    → ${resolved(one, files)}`)
  }
}

const resolved = ({ reference, keys, by }: Resolution, files: readonly string[]): string =>
  `${reference.sender},${reference.identifier},${reference.sent}: ${by === null ? 'not among these files 不在所给文件中' : `${keys.map((key) => fileOf(key, files)).join(', ')} (${by})`}`
