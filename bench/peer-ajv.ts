/** The peer of the `lint` bench: the same files read by the same YAML parser and held against the published JSON Schema by ajv; shape only. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { load } from 'js-yaml'

const [folder = '', schemaFile = ''] = process.argv.slice(2)
const validate = new Ajv2020({ strict: false, allErrors: true }).compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object)
let wrong = 0
for (const name of readdirSync(folder).filter((one) => one.endsWith('.yaml')))
  if (!validate(load(readFileSync(join(folder, name), 'utf8')))) wrong++
process.stdout.write(`${wrong} file(s) of the wrong shape\n`)
process.exitCode = wrong === 0 ? 0 : 1
