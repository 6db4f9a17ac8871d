/** Whether and when a pull that did not succeed is tried again: a rule about codes and times, and nothing else. */

import type { PullKind } from '../contract/pull-report.ts'
import type { PullRequestError } from '../contract/pull-request.ts'

const minuteMs = 60_000

/** Tock is down, or in the middle of publishing; or something here went wrong that may pass. */
const mayPass = new Set<PullRequestError['code']>([
  'tock_unavailable',
  'incomplete_snapshot',
  'older_snapshot',
  'failed',
])

// Brands begin some minutes apart, and these are counted from each one's own failure, so they stay apart.
const waitMinutes = [2, 5, 10, 20, 40, 60]

/** From when the pull was first due. What has not come by then is told, and comes the next night. */
const nightMs = 5 * 60 * minuteMs

// Somebody runs a pull of the brand by hand: soon it is over.
const busyMs = minuteMs
const busyAtMostMs = 2 * 60 * minuteMs

/** @returns null: it is over, and has failed */
export function whenAgain(of: {
  kind: PullKind
  code: PullRequestError['code']
  /** The one that has just ended; 1 the first time. */
  attempt: number
  requestedAt: Date
  now: Date
}): Date | null {
  const { kind, code, attempt, requestedAt, now } = of
  const within = (waitMs: number, atMostMs: number) => {
    const again = now.getTime() + waitMs
    return again <= requestedAt.getTime() + atMostMs ? new Date(again) : null
  }
  if (code === 'pull_running') return within(busyMs, busyAtMostMs)
  // A person who asked sees what happened and decides.
  if (kind !== 'nightly' || !mayPass.has(code)) return null
  return within((waitMinutes[attempt - 1] ?? waitMinutes.at(-1) ?? 60) * minuteMs, nightMs)
}
