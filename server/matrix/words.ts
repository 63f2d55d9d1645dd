/** The words of what is printed: those of the pages, so that a file says what the screen said. */
import type { Words } from '#core/event.ts'
import type { Speaker } from '#core/matrix.ts'
import { en } from '../../web/locales/en.ts'
import { zhCN } from '../../web/locales/zh-CN.ts'

const CATALOGUES: Readonly<Record<keyof Words, Readonly<Record<string, string>>>> = { 'zh-CN': zhCN, en }

export type Saying = Speaker & { readonly lang: keyof Words }

export function speaker(lang: keyof Words): Saying {
  const catalogue = CATALOGUES[lang]
  const of =
    (prefix: string) =>
    (code: string): string =>
      catalogue[`${prefix}.${code}`] ?? code
  const [functionWords, base, level] = [of('function'), of('obligation.party'), of('obligation.party-at')]
  return {
    lang,
    words: (both) => both[lang],
    label: of('matrix.label'),
    function: functionWords,
    hazard: of('hazard'),
    part: of('matrix.part'),
    problem: of('matrix.problem'),
    change: of('matrix.change'),
    party: (party) => {
      const [named = party, at] = party.split('@')
      const [kind = named, name = ''] = named.split(':')
      const said = base(kind).replace('{function}', functionWords(name))
      return at === undefined ? said : level(at).replace('{party}', said)
    },
    list: (all) => all.join(lang === 'zh-CN' ? '、' : ', '),
  }
}
