/** Support sees guests masked, unless it gives a reason: then in full, one winery, one hour, recorded. */

import type { Principal } from '../contract/access.ts'

export type GuestAccess = {
  /** @throws Refusal invalid (no reason) */
  give(of: { principal: Principal; wineryId: string; reason: string }): Promise<{ until: Date }>
  /** Until when this principal sees that winery's guests in full; null: masked. */
  until(of: { principal: Principal; wineryId: string }): Promise<Date | null>
}
