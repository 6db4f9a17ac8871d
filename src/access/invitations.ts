/** Invitations by mail, and the link for the first Support user: the only ways to become a user. */

import type { Actor, Role } from '../contract/access.ts'

export type Invitation = {
  invitationId: string
  /** null: the link for the first Support user, who tells the address. */
  email: string | null
  role: Role
  wineryId: string | null
  wineryName: string | null
  brandIds: string[] | null
  invitedBy: string
  expiresAt: Date
}

export type Invitations = {
  /** Those that are open. */
  list(of: { wineryId: string | null }): Promise<Invitation[]>
  /** Sends the mail; an earlier one to the same address is replaced. @throws Refusal invalid */
  invite(of: {
    actor: Actor
    wineryId: string | null
    email: string
    role: Role
    brandIds: string[] | null
  }): Promise<Invitation>
  /** @throws Refusal not_found */
  withdraw(of: { actor: Actor; wineryId: string | null; invitationId: string }): Promise<void>
  /** What the page behind the link shows; spends nothing. @throws Refusal not_found */
  find(token: string): Promise<Invitation>
  /** Makes the user and spends the link. Then he signs in. @throws Refusal not_found, invalid */
  join(
    token: string,
    as: { name: string; password: string; email?: string | undefined },
  ): Promise<{ userId: string; email: string }>
}
