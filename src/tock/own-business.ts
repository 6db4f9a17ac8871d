/** Every row of a snapshot is about the brand's own business (rule 2). */

import { Refusal } from '../contract/errors.ts'
import type { TockConnection } from './connection.ts'

/** @throws Refusal `wrong_business` when one of them is another */
export function assertOwnBusiness(
  businessIds: string[],
  { businessId }: Pick<TockConnection, 'businessId'>,
): void {
  const others = businessIds.filter((id) => id !== businessId)
  if (others.length === 0) return
  throw new Refusal(
    'wrong_business',
    `Tock's rows belong to business ${others.slice(0, 3).join(', ')}, the brand is set up for business ${businessId}. Nothing was changed.`,
    'Check the Business ID and the key of the brand: a key may be that of another brand.',
  )
}
