import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nProvider } from 'react-aria-components'
import './tokens.css'
import './kit/kit.css'
import './kit/form.css'
import { queryClient } from './queries.ts'
import { router } from './routes.tsx'
import { startTheme } from './theme.ts'
import { useWords } from './words.ts'

/** The reader's language for the built-in strings of dialogs, selects and lists. */
function Language({ children }: { readonly children: ReactNode }) {
  return <I18nProvider locale={useWords().lang}>{children}</I18nProvider>
}

/** A part of a page that a newer version no longer has: the page is read anew, once, since nothing else can show it. */
const REREAD = 'muster.reread'
window.addEventListener('vite:preloadError', () => {
  if (sessionStorage.getItem(REREAD) === location.pathname) return
  sessionStorage.setItem(REREAD, location.pathname)
  location.reload()
})

startTheme()
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Language>
        <RouterProvider router={router} />
      </Language>
    </QueryClientProvider>
  </StrictMode>,
)
