/** Asks Tock whether it accepts a key for a business, and puts the answer into words. */

import { type ErrorCode, Refusal } from '../../contract/errors.ts'
import { testConnection } from '../../tock/test-connection.ts'
import type { KeyParts } from './key-parts.ts'

export type KeyTrial =
  | { outcome: 'accepted'; businessName: string | null; timeZone: string | null }
  /** It may do so later: Tock is setting the key up, or is down, or makes its files just now. */
  | { outcome: 'not yet'; code: ErrorCode; message: string; nextStep: string }
  /** No waiting helps: the files are another business's. */
  | { outcome: 'wrong'; code: ErrorCode; message: string; nextStep: string }

/** @throws Refusal invalid when no address is set that a key may be sent to */
export async function tryKey(
  parts: Pick<KeyParts, 'tock' | 'signal'>,
  of: { apiKey: string; businessId: string; businessGroupId: string },
): Promise<KeyTrial> {
  try {
    const { businessName, timeZone } = await testConnection({ ...parts.tock, ...of }, parts.signal)
    return { outcome: 'accepted', businessName, timeZone }
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'invalid') throw error
    return { outcome: error.code === 'wrong_business' ? 'wrong' : 'not yet', ...error.toShape() }
  }
}
