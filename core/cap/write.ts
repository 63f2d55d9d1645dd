import { DEFAULT_LANGUAGE, type Alert, type Area, type Info, type LonLat, type NameValue } from '../cap.ts'
import { escapeXml } from '../xml.ts'
import { pointsOf } from './geometry.ts'
import { alertMembers, CAP_NAMESPACES, type Member } from './grammar.ts'
import { tokenText } from './token.ts'

type Value = string | readonly (string | Fields)[] | undefined
type Fields = { readonly [name: string]: Value }

/**
 * The message as a CAP 1.2 document, its elements in the order of the standard, nothing empty unless the
 * standard demands it. Text is escaped; characters that XML has not are left out.
 */
export function writeCap(alert: Alert): string {
  const body = membersText(alertMembers('1.2'), fieldsOf(alert), '  ')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="${CAP_NAMESPACES['1.2']}">\n${body}</alert>\n`
}

function membersText(members: readonly Member[], fields: Fields, indent: string): string {
  return members
    .map(({ name, content, least }) => {
      const value = fields[name]
      const values = value === undefined ? [] : typeof value === 'string' ? [value] : value
      return values
        .map((one) => {
          if (typeof one === 'string')
            return one === '' && least === 0 ? '' : `${indent}<${name}>${escapeXml(one.replaceAll(NOT_XML, ''))}</${name}>\n`
          return `${indent}<${name}>\n${membersText(content as readonly Member[], one, `${indent}  `)}${indent}</${name}>\n`
        })
        .join('')
    })
    .join('')
}

/** All but `Char` of XML 1.0, 2.2; half of a surrogate pair is no character either. */
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

/** CAP 1.2, 3.3.2: universal time is written `-00:00`, never as a letter. */
function offset(time: string): string
function offset(time: string | undefined): string | undefined
function offset(time: string | undefined): string | undefined {
  return time?.replace(/Z$/, '-00:00')
}

function fieldsOf(alert: Alert): Fields {
  const { references, addresses, incidents, codes, infos, sent, ...rest } = alert
  return {
    ...rest,
    sent: offset(sent),
    code: codes,
    addresses: tokenText(addresses),
    references: references.map(({ sender, identifier, sent }) => `${sender},${identifier},${sent}`).join(' '),
    incidents: tokenText(incidents),
    info: infos.map(infoFields),
  }
}

function infoFields(info: Info): Fields {
  const { categories, responseTypes, eventCodes, parameters, resources, areas, language, effective, onset, expires, ...rest } = info
  return {
    ...rest,
    effective: offset(effective),
    onset: offset(onset),
    expires: offset(expires),
    language: language === '' ? DEFAULT_LANGUAGE : language,
    // CAP 1.0 lets a message say none, and 1.2 demands one.
    category: categories.length === 0 ? ['Other'] : categories,
    responseType: responseTypes,
    eventCode: pairFields(eventCodes),
    parameter: pairFields(parameters),
    resource: resources.map(({ size, ...one }) => ({
      ...one,
      mimeType: one.mimeType ?? '',
      size: size === undefined ? undefined : String(size),
    })),
    area: areas.map(areaFields),
  }
}

const pairFields = (pairs: readonly NameValue[]): readonly Fields[] => pairs.map(({ valueName, value }) => ({ valueName, value }))

const areaFields = ({ areaDesc, polygons, circles, geocodes, altitude, ceiling }: Area): Fields => ({
  areaDesc,
  polygon: polygons.map((corners) => pointsOf(corners).map(point).join(' ')),
  circle: circles.map(({ lon, lat, radiusKm }) => `${point([lon, lat])} ${decimal(radiusKm)}`),
  geocode: pairFields(geocodes),
  altitude,
  ceiling,
})

/** CAP writes latitude first (CAP 1.2, 3.2.4). */
const point = ([lon, lat]: LonLat): string => `${decimal(lat)},${decimal(lon)}`

/** Without an exponent, which CAP has not. */
function decimal(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text
}
