/** Writes `packs/*.schema.json`: the shapes of the files of a pack for editors, made from the program's own schemas. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toJSONSchema, type core } from 'zod/mini'
import { AlertProfile } from '#core/alert/profile.ts'
import { AlertTemplate, LegalMeasures } from '#core/alert/template.ts'
import { Instrument } from '#core/instrument.ts'
import { Scale, Vocabulary } from '#core/scale.ts'
import { IndicatorsFile, ThresholdSet } from '#core/station.ts'
import { DirectoryFile } from '#server/pack.ts'

const FILES: Readonly<Record<string, core.$ZodType>> = {
  instrument: Instrument,
  scale: Scale,
  vocabulary: Vocabulary,
  directory: DirectoryFile,
  threshold: ThresholdSet,
  indicators: IndicatorsFile,
  'alert-template': AlertTemplate,
  'alert-profile': AlertProfile,
  'legal-measures': LegalMeasures,
}
export const SCHEMA_NAMES = Object.keys(FILES)

export const schemaFile = (name: string): string => join(import.meta.dirname, '..', 'packs', `${name}.schema.json`)

/** JSON Schema, draft 2020-12. What JSON Schema cannot say (a date that the calendar has) is left to the program. */
export function schemaText(name: string): string {
  const schema = FILES[name]
  if (schema === undefined) throw new Error(`no schema ${name}`)
  const { $schema, ...rest } = toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' })
  return `${JSON.stringify({ $schema, $id: `urn:muster:${name}:1`, title: `Muster ${name} file, version 1`, ...rest }, null, 2)}\n`
}

if (import.meta.main) for (const name of SCHEMA_NAMES) writeFileSync(schemaFile(name), schemaText(name))
