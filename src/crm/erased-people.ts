/** What is known of people who were erased (rule 22): keyed hashes, nothing else. */

import type { Id } from '../database/rows.ts'

/** Made with the installation's erasure key, which this room never sees. */
export type ErasureHash = (what: 'email' | 'patron', value: string) => string

/** A guest of Tock. */
export function hashOfPatron(hash: ErasureHash, businessGroupId: string, patronId: string): string {
  return hash('patron', `${businessGroupId}/${patronId}`)
}

/**
 * eCELLAR's number of an erased customer, so that a file without e-mail addresses cannot bring the name back.
 * It shares the patrons' kind of hash: business groups are numbers, so that none is called `ecellar`.
 */
export function hashOfEcellarId(hash: ErasureHash, ecellarCustomerId: string): string {
  return hash('patron', `ecellar/${ecellarCustomerId}`)
}

/** All hashes of a winery, read on a connection that already works inside it or owns the tables. */
export async function readErasedHashes(
  client: { query(text: string, values: unknown[]): Promise<{ rows: { hash: string }[] }> },
  wineryId: Id,
): Promise<Set<string>> {
  const { rows } = await client.query('select hash from ecellar.erasures where winery_id = $1', [wineryId])
  return new Set(rows.map((row) => row.hash))
}
