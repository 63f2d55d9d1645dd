import type { IntakeSummary } from '#core/view/intake.ts'
import { Badge, type Tone } from '../kit/index.ts'
import { useWords } from '../words.ts'

const TONES: Readonly<Record<IntakeSummary['status'], Tone>> = {
  received: 'soon',
  verified: 'good',
  forwarded: 'soon',
  linked: 'accent',
  merged: 'grey',
  unfounded: 'grey',
  closed: 'grey',
}

export function StatusBadge({ of }: { readonly of: Pick<IntakeSummary, 'status'> }) {
  const { code } = useWords()
  return <Badge tone={TONES[of.status]}>{code('status.intake', of.status)}</Badge>
}

/** Stands on every report, whatever else it is: whether somebody has checked it (requirement S3-21). */
export function VerificationBadge({ of }: { readonly of: Pick<IntakeSummary, 'verification'> }) {
  const { code } = useWords()
  return <Badge tone={of.verification === 'verified' ? 'good' : 'grey'}>{code('status.verification', of.verification)}</Badge>
}
