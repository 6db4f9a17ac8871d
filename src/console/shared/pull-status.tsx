/** How a pull ended, in words. */

import type { PullStatus } from '../../contract/pull-report.ts'
import { type Look, StatusBadge } from './status-badge.tsx'

const words: Record<PullStatus, { text: string; look: Look }> = {
  applied: { text: 'Applied', look: 'good' },
  waiting: { text: 'Waiting for approval', look: 'waits' },
  refused: { text: 'Refused', look: 'bad' },
  previewed: { text: 'Preview', look: 'plain' },
  failed: { text: 'Failed', look: 'bad' },
  rejected: { text: 'Rejected', look: 'plain' },
  superseded: { text: 'Superseded', look: 'plain' },
}

export function pullStatusText(status: PullStatus): string {
  return words[status].text
}

export function PullStatusBadge({ status }: { status: PullStatus }) {
  const { text, look } = words[status]
  return <StatusBadge look={look}>{text}</StatusBadge>
}
