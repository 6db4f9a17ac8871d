/** The mails that access asks for. Their links open an account: nobody but the recipient may see `data`. */

import type { Db } from '../database/connect.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'

export type AccessMail = { to: string; wineryId: string | null } & (
  | {
      template: 'invitation'
      data: { link: string; role: string; wineryName: string | null; invitedBy: string; expiresAt: string }
    }
  | { template: 'password-reset'; data: { link: string; name: string; expiresAt: string } }
)

/** Puts the mail into the transaction in which it is asked for, so that none is sent for what did not happen. */
export type SendMail = (mail: AccessMail, db: Db | WineryTransaction) => Promise<void>
