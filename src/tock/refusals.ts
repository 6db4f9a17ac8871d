/**
 * What is told when Tock cannot be read (rule 10). Sentences of this program alone: no key, no link, no answer's text
 * and no error's cause finds its way into them.
 */

import { Refusal } from '../contract/errors.ts'
import type { RequestFailure } from './request.ts'

export function keyRefused(message: string): Refusal {
  return new Refusal(
    'key_refused',
    message,
    "Check the brand's plan: Tock gives access with PRO, sold today as Premium or Premium Unlimited: Plan & Billing in Tock; an account owner asks Tock for the key. Then store the key again.",
  )
}

/** Why there is no listing. */
export function listingRefused(failure: RequestFailure): Refusal {
  const { status } = failure
  if (status === 401 || status === 403) {
    return keyRefused(`Tock refused the key of this brand (HTTP ${status}).`)
  }
  if (status === 503) {
    return new Refusal(
      'tock_unavailable',
      'Tock is down, or does not accept this key: it answers both in the same way (HTTP 503).',
      'If Tock itself works in a browser, check the key: it may be wrong, or not yet provisioned by Tock. Otherwise the next pull tries again.',
    )
  }
  if (status !== null && status < 500 && status !== 429 && status !== 408) {
    return new Refusal(
      'tock_unavailable',
      `What answers at TOCK_API_URL is not Tock's Data Exports API (HTTP ${status}).`,
      'Check TOCK_API_URL, and that the Business Group ID and the Business ID of the brand are numbers.',
    )
  }
  return new Refusal(
    'tock_unavailable',
    `Tock cannot be reached: ${failure.reason}.`,
    'Check the connection to the internet and TOCK_API_URL. The next pull tries again.',
  )
}

export function incompleteSnapshot(reason: string): Refusal {
  return new Refusal(
    'incomplete_snapshot',
    `Tock's snapshot is incomplete: ${reason}. Nothing was changed.`,
    'Wait for the next pull, or pull again later: Tock makes a new snapshot twice a day. If it stays so, ask Tock.',
  )
}
