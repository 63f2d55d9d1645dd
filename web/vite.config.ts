import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Where `vite` finds the server while developing; the built pages are served by the server itself. */
const SERVER = process.env['MUSTER_SERVER'] ?? 'http://127.0.0.1:8080'

/** The parts come with words in thirty languages; the pages speak two. */
const OTHER_LANGUAGE =
  /[\\/]react-(?:aria|stately|aria-components)[\\/]dist[\\/].*[\\/]intl[\\/](?:.*[\\/])?(?!zh-CN|en-US)[a-z]{2}-[A-Z]{2}\.m?js$/
const twoLanguages: Plugin = {
  name: 'two-languages',
  enforce: 'pre',
  load: (id) => (OTHER_LANGUAGE.test(id) ? 'export default {}' : null),
}

const PARTS = /[\\/]web[\\/]kit[\\/][\w-]+\.tsx?$/

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [twoLanguages, react()],
  // Nothing is inlined, so that the pages live under a content security policy without exceptions.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The map's renderer is one lazy megabyte and cannot be split.
    chunkSizeWarningLimit: 1200,
    // The parts do nothing by being imported, so a page takes only those that it shows.
    rolldownOptions: { treeshake: { moduleSideEffects: (id) => !PARTS.test(id) } },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': SERVER } },
})
