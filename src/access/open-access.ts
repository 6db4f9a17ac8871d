/** Sign-in, users, API keys: better-auth behind the program's own rules. Several processes may hold it open at once. */

import type { Config } from '../config.ts'
import type { Principal } from '../contract/access.ts'
import type { Database } from '../database/connect.ts'
import type { Log } from '../log.ts'
import type { SendMail } from './access-mail.ts'
import { openAuthHandler } from './answer-auth.ts'
import { type ApiKeys, openApiKeys } from './api-keys.ts'
import { recordAuthEvent } from './auth-events.ts'
import { findPrincipal } from './find-principal.ts'
import { type GuestAccess, openGuestAccess } from './guest-access.ts'
import { type Invitations, makeFirstSupportLink, openInvitations } from './invitations.ts'
import { isOwnOrigin } from './is-own-origin.ts'
import { makeAuth, resetMinutes } from './make-auth.ts'
import { findMembership } from './membership.ts'
import { linkTo } from './one-time-token.ts'
import { type OwnAccount, openOwnAccount } from './own-account.ts'
import type { Secrets } from './secrets.ts'
import { forgetTries } from './tries.ts'
import { openUsers, type Users } from './users.ts'

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
  ownAccount: OwnAccount
  /** A new link for the first Support user, valid 24 hours; null once there is a Support user. */
  firstSupportLink(): Promise<string | null>
}

/** @param parts.now for what is ours; better-auth goes by the machine's clock */
export async function openAccess(parts: {
  database: Pick<Database, 'db'>
  secrets: Pick<Secrets, 'signInKey'>
  config: Config
  log: Log
  sendMail: SendMail
  now?: () => Date
}): Promise<Access> {
  const { config, log, sendMail, now = () => new Date() } = parts
  const { db } = parts.database
  const secret = Buffer.from(await parts.secrets.signInKey()).toString('base64')
  const auth = makeAuth({
    db,
    secret,
    config,
    log,
    sendReset: async ({ userId, email, token }) => {
      const member = await findMembership(db, userId)
      if (!member) return
      const at = now()
      await sendMail(
        {
          to: email,
          wineryId: member.wineryId,
          template: 'password-reset',
          data: {
            link: linkTo(config, 'reset-password', token),
            expiresAt: new Date(at.getTime() + resetMinutes * 60_000).toISOString(),
            name: member.name,
          },
          putAt: at,
        },
        db,
      )
      await recordAuthEvent(db, { action: 'password.reset-asked', subjectId: userId })
    },
    wasReset: async ({ userId, email }) => {
      // Who has shown that the mailbox is his need not wait.
      await forgetTries(db, 'sign-in', email)
      await recordAuthEvent(db, { action: 'password.reset', userId })
    },
  })
  const { password } = await auth.$context
  const ours = { db, auth, config, log, sendMail, now, hashPassword: password.hash }
  return {
    handler: openAuthHandler(ours),
    principalOf: (headers) => findPrincipal(ours, headers),
    isOwnOrigin: (headers) => isOwnOrigin(headers, config.publicUrl),
    users: openUsers(ours),
    invitations: openInvitations(ours),
    apiKeys: openApiKeys(ours),
    guestAccess: openGuestAccess(ours),
    ownAccount: openOwnAccount(ours),
    firstSupportLink: () => makeFirstSupportLink(ours),
  }
}
