/** What handing over a key takes, and its rows as the steps of it share them. */

import type { Secrets } from '../../access/secrets.ts'
import type { Config } from '../../config.ts'
import type { ErrorCode } from '../../contract/errors.ts'
import type { Mail } from '../../contract/mail.ts'
import type { Db } from '../../database/connect.ts'
import type { WineryTransaction } from '../../database/tenant-session.ts'

/** Puts a mail into the outbox in that transaction; `notify` does it, which the pull does not know. */
export type TellByMail = (
  trx: WineryTransaction,
  mail: Mail<'hand-over-link' | 'key-works' | 'key-not-accepted-yet'>,
) => Promise<unknown>

export type KeyParts = {
  db: Db
  secrets: Secrets
  tock: { apiUrl: string; allowLoopbackHttp: boolean; retry?: { tries: number; totalMs: number } }
  config: Pick<Config, 'publicUrl' | 'port'>
  tell: TellByMail
  now: Date
  signal?: AbortSignal | undefined
}

export const handedKeyStates = ['trying', 'tested', 'confirmed', 'failed', 'dropped'] as const
export type HandedKeyState = (typeof handedKeyStates)[number]

/** A brand of a hand-over, without the key. */
export type HandedKey = {
  handOverId: string
  brandId: string
  brand: string
  brandName: string
  businessGroupId: string
  businessId: string
  state: HandedKeyState
  /** What Tock calls the business; null while it has no reservations, or was not told yet. */
  businessName: string | null
  timeZone: string | null
  /** The brand has other ids now: confirming makes its next pull an initial one. */
  changesBusiness: boolean
  /** Why Tock does not accept the key. */
  diagnosis: { code: ErrorCode; message: string; nextStep: string } | null
  triedAt: Date
  nextTryAt: Date | null
  tryUntil: Date
  closedAt: Date | null
}

export type HandOver = {
  wineryId: string
  handOverId: string
  linkId: string
  askedBy: string
  tellWinery: string | null
  tellSupport: string | null
  wineryName: string
  winery: string
}
