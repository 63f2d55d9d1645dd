import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'

export type Mark = {
  readonly line: number
  readonly column: number
  readonly severity: 'error' | 'warning'
  readonly message: string
}
type EditorProps = {
  readonly label: string
  /** The text to begin with; afterwards the editor's own text counts. */
  readonly text: string
  readonly marks: readonly Mark[]
  /** Where to go; a new object goes there again. */
  readonly target: { readonly line: number; readonly column: number } | null
  readonly onChange: (text: string) => void
}

const THEME = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--surface)', fontSize: 'var(--size-2)' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: "ui-monospace, 'Noto Sans Mono CJK SC', 'DejaVu Sans Mono', Consolas, monospace", lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--surface-2)', color: 'var(--ink-soft)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent-soft) 45%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft)',
  },
  '.cm-lint-marker': { content: 'normal', width: '10px', height: '10px', marginTop: '5px' },
  '.cm-lint-marker-error': { content: 'normal', background: 'var(--late)', borderRadius: '2px' },
  '.cm-lint-marker-warning': { content: 'normal', background: 'var(--soon)', borderRadius: '50%' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--late) 1px', textUnderlineOffset: '3px' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--soon) 1px', textUnderlineOffset: '3px' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--ink)', border: '1px solid var(--line-strong)', maxWidth: '520px' },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap', fontFamily: 'var(--font)' },
})

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--ink-soft)', fontStyle: 'italic' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: [tags.keyword, tags.number, tags.bool], color: 'var(--soon)' },
])

/**
 * The text of one file with its line numbers and marks. It stands in a shadow root: there its styles are constructed
 * sheets, which the content security policy of the pages allows, while style tags are not.
 */
export function Editor({ label, text, marks, target, onChange }: EditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const changed = useRef(onChange)
  changed.current = onChange
  // Read once: another file is another editor (its key).
  const begun = useRef({ label, text })

  useEffect(() => {
    if (host.current === null) return undefined
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: begun.current.text,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          yaml(),
          syntaxHighlighting(COLOURS),
          lintGutter(),
          EditorView.lineWrapping,
          // The tabulator leaves the editor, as everywhere on the page.
          keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': begun.current.label, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current(update.state.doc.toString())
          }),
          THEME,
        ],
      }),
    })
    view.current = made
    return () => {
      view.current = null
      made.destroy()
    }
  }, [])

  useEffect(() => {
    const { current } = view
    if (current === null) return
    const { doc } = current.state
    const diagnostics = marks.flatMap(({ line, column, severity, message }): Diagnostic[] => {
      if (line < 1 || line > doc.lines) return []
      const at = doc.line(line)
      const from = Math.min(at.from + column - 1, at.to)
      return [{ from, to: Math.max(from, at.to), severity, message }]
    })
    current.dispatch(setDiagnostics(current.state, diagnostics))
  }, [marks])

  useEffect(() => {
    const { current } = view
    if (current === null || target === null || target.line < 1 || target.line > current.state.doc.lines) return
    const at = current.state.doc.line(target.line)
    const anchor = Math.min(at.from + target.column - 1, at.to)
    current.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) })
    current.focus()
  }, [target])

  return <div ref={host} className="lint-editor" />
}
