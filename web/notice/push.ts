import { ask } from '../api.ts'

/** Asks the browser's leave, subscribes it with the node's public key, and tells the server where to push to. */
export async function subscribeBrowser(key: string): Promise<'done' | 'denied' | 'unable'> {
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || key === '') return 'unable'
  try {
    const registration = await navigator.serviceWorker.register('/notice-worker.js')
    const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
    const { endpoint, keys } = subscription.toJSON()
    const answer = await ask('POST', '/api/notices/browsers', { endpoint, keys: { p256dh: keys?.p256dh, auth: keys?.auth } })
    return answer.ok ? 'done' : 'unable'
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotAllowedError' ? 'denied' : 'unable'
  }
}
