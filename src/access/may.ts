/** The one question that is asked before anything is done: may this principal do this, for this winery and brand? */

import { type Action, mayRole, type Principal, withReason } from '../contract/access.ts'

/**
 * @param of `wineryId: null` for what is the installation's; `brandId` where it is about one brand
 */
export function may(
  principal: Principal,
  action: Action,
  of: { wineryId: string | null; brandId?: string | null },
): boolean {
  const { role, wineryId, brandIds, scopes } = principal
  if (!mayRole(role, action)) return false
  if (scopes !== null && !scopes.includes(action)) return false
  if (wineryId !== null && wineryId !== of.wineryId) return false
  if (brandIds !== null && of.brandId != null && !brandIds.includes(of.brandId)) return false
  // An analyst's login sees the whole winery; whoever is limited to brands must not get it.
  if (brandIds !== null && action === 'sql-login.read') return false
  if (role === 'support' && (withReason as readonly Action[]).includes(action)) {
    return of.wineryId !== null && principal.guestsOf.includes(of.wineryId)
  }
  return true
}
