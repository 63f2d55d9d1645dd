/** The thread that sets a printed page. The texts come in as data and are never read as markup. */
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import type { Printed, Sheet } from './pdf.ts'

/** So many columns stand beside the first one on a sheet of A3; a wider table goes on below. */
const COLUMNS_MAX = 13
const PAGE = `
#let data = json(bytes(sys.inputs.data))
#set document(title: data.heading)
#set page(paper: "a3", flipped: true, margin: 14mm, footer: context [
  #set text(size: 8pt, fill: rgb("#4c5c69"))
  #data.heading #h(1fr) #counter(page).display("1 / 1", both: true)
])
#set text(font: "Noto Sans S Chinese", size: 8.5pt, lang: data.lang)
#text(size: 15pt, weight: "bold", data.heading)
#for part in data.parts [
  #v(3mm)
  #text(size: 11pt, weight: "bold", part.title)
  #if part.rows.len() == 0 [#linebreak() #data.none] else {
    table(
      columns: part.widths.map(one => one * 1fr),
      inset: 4pt,
      stroke: 0.4pt + rgb("#81909c"),
      fill: (x, y) => if y == 0 { rgb("#e2eef5") } else if calc.even(y) { rgb("#f5f7f9") },
      table.header(..part.head.map(one => text(weight: "bold", one))),
      ..part.rows.flatten().map(one => text(one)),
    )
  }
]
`

function partsOf({ tables }: Sheet): readonly object[] {
  return tables.flatMap((table): readonly object[] => {
    if (table.sheet !== 'matrix') return [{ ...table, widths: table.head.map((_, index) => (index === table.head.length - 1 ? 2 : 1)) }]
    const blocks = Math.max(1, Math.ceil((table.head.length - 1) / COLUMNS_MAX))
    return Array.from({ length: blocks }, (_, block) => {
      const cut = (row: readonly string[]): readonly string[] => [
        row[0] ?? '',
        ...row.slice(1 + block * COLUMNS_MAX, 1 + (block + 1) * COLUMNS_MAX),
      ]
      const head = cut(table.head)
      const title = blocks === 1 ? table.title : `${table.title} ${block + 1}/${blocks}`
      return { title, head, rows: table.rows.map(cut), widths: head.map((_, index) => (index === 0 ? 1.4 : 1)) }
    })
  })
}

function print(sheet: Sheet): Printed {
  const fonts = new URL('../fonts/', import.meta.resolve('@embedpdf/fonts-sc'))
  const blob = (weight: string): Buffer => readFileSync(new URL(`NotoSansHans-${weight}.otf`, fonts))
  const compiler = NodeCompiler.create({ fontArgs: [{ fontBlobs: [blob('Regular'), blob('Bold')] }] })
  const { lang, heading, none } = sheet
  const data = JSON.stringify({ lang: lang === 'en' ? 'en' : 'zh', heading, none, parts: partsOf(sheet) })
  return { ok: true, pdf: compiler.pdf({ mainFileContent: PAGE, inputs: { data } }) }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- to a thread, not to a window
parentPort?.postMessage(print(workerData as Sheet))
