/** Who belongs to a winery, or to the installation: list, change, remove. Every change is recorded. */

import type { Actor, Role } from '../contract/access.ts'

export type User = {
  userId: string
  name: string
  email: string
  role: Role
  wineryId: string | null
  /** Only these brands; null: all of the winery. */
  brandIds: string[] | null
  twoFactor: boolean
  lastSignedInAt: Date | null
  createdAt: Date
}

/** Whose users it is about: a winery's, or (null) the installation's. Whether the actor may is asked before: `may`. */
type Of = { actor: Actor; wineryId: string | null; userId: string }

export type Users = {
  /** Without `wineryId`: all, for Support. */
  list(of: { wineryId?: string | null }): Promise<User[]>
  /** @throws Refusal not_found, invalid (the last winery admin or Support user, a role that does not fit) */
  change(of: Of & { role?: Role; brandIds?: string[] | null }): Promise<User>
  /** Ends his sessions and the API keys that he made, at once. @throws Refusal not_found, invalid */
  remove(of: Of): Promise<{ revokedKeys: number }>
  /** For one who lost both his authenticator and his backup codes. @throws Refusal not_found */
  resetTwoFactor(of: Of): Promise<void>
  /** Ends all his sessions. @throws Refusal not_found */
  signOutEverywhere(of: Of): Promise<void>
}
