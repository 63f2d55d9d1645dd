/** The templates, profiles and measures of the law that warnings are drawn up with: packs/alerts, packs/profiles, packs/measures. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { AlertProfile } from '#core/alert/profile.ts'
import { AlertTemplate, LegalMeasures } from '#core/alert/template.ts'
import { projectRoot } from '../config.ts'
import { readFileAs } from '../pack.ts'

const FILES_MAX = 200

export type AlertPacks = {
  readonly templates: readonly AlertTemplate[]
  readonly profiles: readonly AlertProfile[]
  readonly legal: LegalMeasures
}

let known: AlertPacks | null = null

/** Read once: they change with the program. Throws where one is malformed, with its place. */
export function alertPacks(): AlertPacks {
  if (known !== null) return known
  const [legal] = all('measures', LegalMeasures)
  if (legal === undefined) throw new Error('packs/measures holds no measures of the law')
  known = { templates: all('alerts', AlertTemplate), profiles: all('profiles', AlertProfile), legal }
  return known
}

function all<T>(folder: string, schema: Parameters<typeof readFileAs<T>>[1]): readonly T[] {
  const path = join(projectRoot, 'packs', folder)
  return readdirSync(path)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .slice(0, FILES_MAX)
    .map((name) => {
      const loaded = readFileAs(join(path, name), schema)
      if (loaded.ok) return loaded.value
      throw new Error(loaded.problems.map(({ file, line, path: at, problem }) => `${file}:${line} ${at} ${problem}`).join('\n'))
    })
}
