import { StartupProblem } from '../config.ts'

/** Whether sources inside of the own network may be read: `MUSTER_FEED_ALLOW_PRIVATE`. Refused otherwise, when entered and when called. */
export function readFeedConfig(environment: Readonly<Record<string, string | undefined>> = process.env): {
  readonly allowPrivate: boolean
} {
  const text = environment.MUSTER_FEED_ALLOW_PRIVATE || '0'
  if (text !== '0' && text !== '1')
    throw new StartupProblem(
      'config.invalid',
      'The environment variable MUSTER_FEED_ALLOW_PRIVATE must be 0 or 1.',
      'export MUSTER_FEED_ALLOW_PRIVATE=1    # or: unset MUSTER_FEED_ALLOW_PRIVATE',
    )
  return { allowPrivate: text === '1' }
}
