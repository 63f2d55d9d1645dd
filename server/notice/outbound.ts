/** How notices leave by HTTP: through the shared guard of `server/outbound.ts`, never redirected, with the answer as text. */
import { callOut, Forbidden, type Call } from '../outbound.ts'
import { SEND_TIMEOUT_MS } from './channel.ts'

export { Forbidden, isPrivate } from '../outbound.ts'

/** One HTTP call. Throws Forbidden for an address in the own network, an Error when there is no answer in time or it is too long. */
export async function call(
  address: string,
  { timeoutMs = SEND_TIMEOUT_MS, ...rest }: Omit<Call, 'redirects' | 'maxBytes'>,
): Promise<{ readonly status: number; readonly body: string }> {
  const { status, body } = await callOut(address, { timeoutMs, ...rest })
  return { status, body: body.toString('utf8') }
}

/** Why a call came to nothing, as the log says it, and whether to try again. */
export const whyNot = (error: unknown): { readonly reason: string; readonly again: boolean } =>
  error instanceof Forbidden ? { reason: 'address-forbidden', again: false } : { reason: 'no-connection', again: true }

/** What an HTTP status means for another try. */
export const whyStatus = (status: number): { readonly reason: string; readonly again: boolean } => ({
  reason: `http-${status}`,
  again: status >= 500 || status === 429 || status === 408,
})
