/* Shows a pushed notice when no page is open, and says that it was shown, or touched. It keeps nothing and answers no other request. */
const tell = (code, by) =>
  fetch('/api/notices/receipts', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, by }),
  }).catch(() => {})

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('push', (event) => {
  const { id, title, text, link, code, urgency } = event.data.json()
  const shown = self.registration.showNotification(title, {
    body: text,
    tag: id,
    icon: '/muster.svg',
    requireInteraction: urgency === 'flash',
    data: { link, code },
  })
  event.waitUntil(shown.then(() => tell(code, 'device')))
})

self.addEventListener('notificationclick', (event) => {
  const { link, code } = event.notification.data
  event.notification.close()
  // Only to pages of our own, whatever the notice says.
  const to = new URL(link, self.location.origin)
  const address = self.location.origin + to.pathname
  event.waitUntil(Promise.all([tell(code, 'person'), self.clients.openWindow(address)]))
})
