/** What stays of an erased person (rule 22): hashes that only this installation can make again. */

import { createHmac } from 'node:crypto'

/**
 * @param key the installation's erasure key
 * @param value for `email` the address's key (`emailKey`), for `patron` `${businessGroupId}/${patronId}`
 */
export function erasureHash(key: Uint8Array, what: 'email' | 'patron', value: string): string {
  return createHmac('sha256', key).update(`${what}:${value}`).digest('base64url')
}
