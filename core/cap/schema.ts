import { alertMembers, CAP_NAMESPACES, SIGNATURE_NAMESPACE, type CapVersion, type Content, type Member } from './grammar.ts'

/** The XML Schema of a version of CAP, written from the table of its elements; it accepts and refuses what the published one does. */
export function capSchema(version: CapVersion): string {
  // CAP 1.2 alone lets signatures stand at the end.
  const signature =
    version === '1.2' ? `<xs:any minOccurs="0" maxOccurs="unbounded" namespace="${SIGNATURE_NAMESPACE}" processContents="lax"/>` : ''
  return `<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="${CAP_NAMESPACES[version]}" targetNamespace="${CAP_NAMESPACES[version]}" elementFormDefault="qualified">
<xs:simpleType name="offsetTime"><xs:restriction base="xs:dateTime"><xs:pattern value="\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}[-+]\\d{2}:\\d{2}"/></xs:restriction></xs:simpleType>
<xs:simpleType name="strings"><xs:list itemType="xs:string"/></xs:simpleType>
<xs:element name="alert"><xs:complexType><xs:sequence>
${alertMembers(version).map(elementOf).join('\n')}
${signature}
</xs:sequence></xs:complexType></xs:element>
${version === '1.0' ? '' : '<xs:element name="valueName" type="xs:string"/>\n<xs:element name="value" type="xs:string"/>'}
</xs:schema>
`
}

function elementOf(member: Member): string {
  const { name, least, most, content } = member
  const often = `${least === 0 ? ' minOccurs="0"' : ''}${most === 'many' ? ' maxOccurs="unbounded"' : ''}`
  const preset = member.default === undefined ? '' : ` default="${member.default}"`
  if (typeof content !== 'string') return `<xs:element name="${name}"${often}>${bodyOf(content)}</xs:element>`
  const type = content === 'offsetTime' || content === 'strings' ? content : `xs:${content}`
  return `<xs:element name="${name}" type="${type}"${preset}${often}/>`
}

function bodyOf(content: Exclude<Content, string>): string {
  const [first] = content
  if (typeof first === 'string') {
    const values = (content as readonly string[]).map((value) => `<xs:enumeration value="${value}"/>`).join('')
    return `<xs:simpleType><xs:restriction base="xs:string">${values}</xs:restriction></xs:simpleType>`
  }
  return `<xs:complexType><xs:sequence>${(content as readonly Member[]).map(elementOf).join('')}</xs:sequence></xs:complexType>`
}
