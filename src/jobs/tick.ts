/** What is done each minute. Everything in it is a question to what is stored and to the instant, so it may come late or twice. */

import type { Secrets } from '../access/secrets.ts'
import { releaseDueCustomers } from '../crm/customers-release-due.ts'
import { putMail } from '../notify/put-mail.ts'
import { type SendOptions, sendOutbox } from '../notify/send-outbox.ts'
import type { KeyParts } from '../pull/key-hand-over/key-parts.ts'
import { retryPendingKeys } from '../pull/key-hand-over/retry-pending-keys.ts'
import { releaseStages } from '../segments/release-stages.ts'
import type { MailTo } from './alert-mails.ts'
import { reportNights } from './night-reports.ts'
import { sendAgain } from './pull-requests.ts'
import type { Queue } from './queue.ts'
import { requestNightly } from './request-nightly.ts'
import { requestExports, requestRecordings } from './segment-jobs.ts'
import { watchOver } from './watch-over.ts'

export type TickParts = {
  queue: Queue
  secrets: Secrets
  mail: Pick<SendOptions, 'smtpUrl' | 'from' | 'supportContact'> & MailTo
  /** Where keys are tried, and where whoever handed one over confirms it. */
  keys: Pick<KeyParts, 'tock' | 'config'>
  signal?: AbortSignal
}

/** A step that fails is logged, and holds up none of the others. @returns the names of those that failed */
export async function tick(parts: TickParts, now: Date): Promise<string[]> {
  const { queue, mail } = parts
  const { db } = queue.database
  const exports = { queue, consoleUrl: mail.consoleUrl ?? null }
  const steps: [name: string, step: () => Promise<unknown>][] = [
    ['ask for nightly pulls', () => requestNightly(queue, now)],
    ['try pulls again', () => sendAgain(queue, now)],
    [
      'try keys again',
      () =>
        retryPendingKeys({
          ...parts.keys,
          db,
          secrets: parts.secrets,
          tell: (trx, letter) => putMail(trx, letter, parts.secrets),
          now,
          signal: parts.signal,
        }),
    ],
    ['ask for recordings of segments', () => requestRecordings(queue, now)],
    ['ask for scheduled exports', () => requestExports(exports, now)],
    ['release customers', () => releaseDueCustomers(db, now)],
    ['release in stages', () => releaseStages(db, now)],
    ['watch over', () => watchOver(queue, mail, now)],
    ['report nights', () => reportNights(queue, mail.consoleUrl ?? undefined, now)],
    [
      'send mail',
      () => sendOutbox({ db, ...mail, secrets: parts.secrets, log: queue.log, now, signal: parts.signal }),
    ],
  ]
  const failed: string[] = []
  for (const [name, step] of steps) {
    try {
      await step()
    } catch (error) {
      failed.push(name)
      queue.log.error({ err: error, step: name }, 'A step of the minute tick failed')
    }
  }
  return failed
}
