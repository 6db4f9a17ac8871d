/**
 * Works on a listing, and on a new one where the first proved useless: a link had expired, or Tock was replacing its
 * files. At most three listings are asked for.
 */

import type { Budget } from './budget.ts'
import type { TockConnection } from './connection.ts'
import { type Listing, listSnapshot } from './list-snapshot.ts'
import { incompleteSnapshot } from './refusals.ts'

const mostListings = 3

/** Thrown by the work when only a new listing can help. */
export class ListAgain extends Error {
  /** Part of a sentence, for when it does not help. */
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.name = 'ListAgain'
    this.reason = reason
  }
}

/** @throws Refusal when Tock gives no listing, or none that helps */
export async function withListing<T>(options: {
  connection: TockConnection
  budget: Budget
  work: (listing: Listing) => Promise<T>
  onRestart?: () => Promise<void>
  signal?: AbortSignal | undefined
}): Promise<T> {
  for (let listings = 1; ; listings += 1) {
    const listing = await listSnapshot(options.connection, options.budget, options.signal)
    try {
      return await options.work(listing)
    } catch (error) {
      if (!(error instanceof ListAgain)) throw error
      if (listings === mostListings) throw incompleteSnapshot(error.reason)
    }
    await options.onRestart?.()
  }
}
