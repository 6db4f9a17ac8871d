/** Rule 22: who was erased is recognised by keyed hashes before anything of them is staged. */

import { erasureHash } from '../access/erasure-hash.ts'

export type ErasedPeople = { hashes: ReadonlySet<string>; key: Uint8Array; businessGroupId: string }

export function isErasedGuest(
  erased: ErasedPeople,
  patronId: string | null,
  emailKey: string | null,
): boolean {
  if (erased.hashes.size === 0) return false
  return (
    (patronId !== null &&
      erased.hashes.has(erasureHash(erased.key, 'patron', `${erased.businessGroupId}/${patronId}`))) ||
    (emailKey !== null && erased.hashes.has(erasureHash(erased.key, 'email', emailKey)))
  )
}
