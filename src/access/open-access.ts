/** Sign-in, users, API keys: better-auth behind the program's own rules. Several processes may hold it open at once. */

import type { Config } from '../config.ts'
import type { Principal } from '../contract/access.ts'
import type { Database } from '../database/connect.ts'
import type { Log } from '../log.ts'
import type { SendMail } from './access-mail.ts'
import type { ApiKeys } from './api-keys.ts'
import type { GuestAccess } from './guest-access.ts'
import type { Invitations } from './invitations.ts'
import type { Secrets } from './secrets.ts'
import type { Users } from './users.ts'

export type Access = {
  /**
   * Answers what is under `/api/auth/`: sign-in, sign-out, two-factor, passwords, sessions. Nothing else of better-auth
   * can be reached. `ip` is the client's, for the rate limits; headers that claim one are not believed.
   */
  handler(request: Request, client: { ip: string }): Promise<Response>
  /** By session cookie, or by `Authorization: Bearer <API key>`; null: nobody who is known. */
  principalOf(headers: Headers): Promise<Principal | null>
  /** Whether a page of this program sent the request: to be asked for whatever writes and comes with a cookie. */
  isOwnOrigin(headers: Headers): boolean
  users: Users
  invitations: Invitations
  apiKeys: ApiKeys
  guestAccess: GuestAccess
  /** A new link for the first Support user, valid 24 hours; null once there is a Support user. */
  firstSupportLink(): Promise<string | null>
}

export async function openAccess(_parts: {
  database: Database
  secrets: Secrets
  config: Config
  log: Log
  sendMail: SendMail
  now?: () => Date
}): Promise<Access> {
  throw new Error('to come')
}
