import {
  startAuthentication,
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { ask, type Refused } from '../api.ts'

type Done<T> = { readonly ok: true; readonly value: T } | Refused

/** Signs in with what the device keeps: a session, or the posts to choose from. Null where the person turned back. */
export async function passkeySignIn<T>(): Promise<Done<T> | null> {
  const options = await ask<PublicKeyCredentialRequestOptionsJSON>('POST', '/api/session/passkey/sign-in-options', {})
  if (!options.ok) return options
  const response = await startAuthentication({ optionsJSON: options.value }).catch(() => null)
  return response === null ? null : ask<T>('POST', '/api/session/passkey/sign-in', { response })
}

/** Registers this device's passkey for the account that is signed in. Null where the person turned back. */
export async function registerPasskey(): Promise<Done<unknown> | null> {
  const options = await ask<PublicKeyCredentialCreationOptionsJSON>('POST', '/api/session/passkey/register-options', {})
  if (!options.ok) return options
  const response = await startRegistration({ optionsJSON: options.value }).catch(() => null)
  return response === null ? null : ask('POST', '/api/session/passkey/register', { response })
}
