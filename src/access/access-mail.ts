/** The mails that access asks for. */

import type { Mail } from '../contract/mail.ts'
import type { Db } from '../database/connect.ts'

export type AccessMail = Mail<'invitation' | 'password-reset' | 'two-factor-reset'>

/** Puts the mail into the transaction in which it is asked for, so that none is sent for what did not happen. */
export type SendMail = (mail: AccessMail, db: Db) => Promise<void>
