/** Every row of a snapshot is about the brand's own business (rule 2). */

import { Refusal } from '../contract/errors.ts'
import type { TockConnection } from './connection.ts'

/** @throws Refusal `wrong_business` when one of them is another, or is not told: then nobody knows whose the row is */
export function assertOwnBusiness(
  businessIds: (string | null)[],
  { businessId }: Pick<TockConnection, 'businessId'>,
): void {
  const others = businessIds.filter((id) => id !== businessId)
  if (others.length === 0) return
  const named = others.filter((id) => id !== null)
  if (named.length === 0) {
    throw new Refusal(
      'wrong_business',
      `Some of Tock's rows name no business, so that they may be another's than business ${businessId}. Nothing was changed.`,
      'Pull again after the next snapshot (Tock makes two a day). If it stays, tell eCELLAR Support: it is for Tock to mend.',
    )
  }
  throw new Refusal(
    'wrong_business',
    `Tock's rows belong to business ${named.slice(0, 3).join(', ')}, the brand is set up for business ${businessId}. Nothing was changed.`,
    'Check the Business ID and the key of the brand: a key may be that of another brand.',
  )
}
