/** Writes `packs/instrument.schema.json`: the shape of an instrument file for editors, made from core's own schema. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toJSONSchema } from 'zod/mini'
import { Instrument } from '#core/instrument.ts'

export const SCHEMA_FILE = join(import.meta.dirname, '..', 'packs', 'instrument.schema.json')

/** JSON Schema, draft 2020-12. What JSON Schema cannot say (a date that the calendar has) is left to the program. */
export function instrumentSchema(): string {
  const { $schema, ...schema } = toJSONSchema(Instrument, { target: 'draft-2020-12', io: 'input' })
  return `${JSON.stringify({ $schema, $id: 'urn:muster:instrument:1', title: 'Muster instrument file, version 1', ...schema }, null, 2)}\n`
}

if (import.meta.main) writeFileSync(SCHEMA_FILE, instrumentSchema())
