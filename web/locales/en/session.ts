import type { session as zh } from '../zh-CN/session.ts'

export const session = {
  'session.title': 'Sign in',
  'session.choose-post': 'Choose a post',
  'session.demonstration-help':
    'This is a demonstration: no password; choose any post and act with its powers. All data are invented. Do not enter real information.',
  'session.filter': 'Filter by organization or post',
  'session.none-found': 'No post matches “{text}”',
  'session.enter-as': 'Enter as {post}',
  'session.name': 'Name',
  'session.password': 'Password',
  'session.sign-in': 'Sign in',
  'session.passkey': 'Sign in with a passkey',
  'session.passkey-stopped': 'No passkey was used',
  'session.which-post': 'You hold several posts. Enter as which?',
  'session.tagline': 'Who owes what to whom, by when, on what basis, and what came of it',
} satisfies Record<keyof typeof zh, string>
