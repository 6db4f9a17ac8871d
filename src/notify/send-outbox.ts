/**
 * Sends what waits in the outbox. Any number of processes may do so at once: each holds the mail that it sends under
 * a row lock, which dies with it. What fails is tried again, later and later, and is given up after some days.
 */

import { sql } from 'kysely'
import { createTransport } from 'nodemailer'
import { type MailTemplate, mailData, mailLinkBinding } from '../contract/mail.ts'
import type { Db } from '../database/connect.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'
import type { Log } from '../log.ts'
import { supportAddress } from './mail-address.ts'
import { type MailFailure, mailFailure } from './mail-failure.ts'
import { renderMail } from './render-mail.ts'

/** Of `access`: opens the links that were sealed when the mail was put. */
export type Opener = { open(sealed: string, boundTo: string): Promise<string> }

export type SendOptions = {
  db: Db
  /** Without one nothing is sent, and all stays in the outbox. */
  smtpUrl: string | undefined
  /** `MAIL_FROM`. */
  from: string
  /** `SUPPORT_CONTACT`: at the foot of every mail, and where an answer goes to. */
  supportContact: string
  secrets: Opener
  log: Log
  now: Date
  signal?: AbortSignal | undefined
}

export type SendOutcome = { sent: number; failed: number; givenUp: number }

/** Whoever calls has other things to do each minute; what is left then is sent by the next call. */
const longestMs = 30_000
/** Then a mail is no longer news, and its link has expired. */
const giveUpAfterMs = 4 * 86_400_000
const longestBackOffMs = 3 * 3_600_000
/** One mail, from the connection to the server's last word. */
const patienceMs = 60_000

export async function sendOutbox(options: SendOptions): Promise<SendOutcome> {
  const outcome = { sent: 0, failed: 0, givenUp: 0 }
  const { smtpUrl } = options
  const startedMs = performance.now()
  if (!smtpUrl || !(await isAnythingDue(options))) return outcome
  const server = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 1,
    maxRequeues: 0,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const deliver: Deliver = async (message) => {
    await server.sendMail({ ...message, signal: AbortSignal.timeout(patienceMs) })
  }
  try {
    while (!options.signal?.aborted && performance.now() - startedMs < longestMs) {
      const step = await options.db.transaction().execute((trx) => sendNext(trx, options, deliver))
      if (step === null) break
      outcome[step.became] += 1
      // The next mail would fare the same; it keeps its turn.
      if (step.serverFailed) break
    }
  } finally {
    server.close({ force: true })
  }
  return outcome
}

type WaitingMail = {
  winery_id: string
  mail_id: string
  recipient: string
  template: MailTemplate
  data: Record<string, unknown>
  sealed_link: string | null
  put_at: Date
  tries: number
  time_zone: string | null
}

type Message = NonNullable<Parameters<ReturnType<typeof createTransport>['sendMail']>[0]>
type Deliver = (message: Message) => Promise<void>

async function isAnythingDue({ db, now }: SendOptions): Promise<boolean> {
  const due = await sql`
    select from ecellar.outbox where state = 'waiting' and next_try_at <= ${now} limit 1`.execute(db)
  return due.rows.length > 0
}

/** @returns null when nothing is left that is due and that nobody else is sending */
async function sendNext(
  trx: WineryTransaction,
  options: SendOptions,
  deliver: Deliver,
): Promise<{ became: keyof SendOutcome; serverFailed: boolean } | null> {
  const { now, log } = options
  const next = await sql<WaitingMail>`
    select
      winery_id, mail_id, recipient, template, data, sealed_link, put_at, tries,
      (select w.time_zone from ecellar.wineries w where w.winery_id = o.winery_id) as time_zone
    from ecellar.outbox o
    where state = 'waiting' and next_try_at <= ${now}
    order by next_try_at, mail_id
    limit 1
    for update skip locked`.execute(trx)
  const mail = next.rows[0]
  if (!mail) return null
  const facts = { mailId: mail.mail_id, wineryId: mail.winery_id, template: mail.template }
  const isTooOld = now.getTime() - mail.put_at.getTime() > giveUpAfterMs
  if (isTooOld && mail.tries === 0) {
    // A mail server that is set later does not bring the mails of months.
    await finish(trx, mail, {
      state: 'given up',
      tried: 0,
      error: 'It was put before there was a mail server.',
      now,
    })
    log.warn(facts, 'mail is too old to be sent')
    return { became: 'givenUp', serverFailed: false }
  }
  const failure = await attempt(mail, options, deliver)
  if (failure === null) {
    await finish(trx, mail, { state: 'sent', tried: 1, error: null, now })
    log.info(facts, 'mail sent')
    return { became: 'sent', serverFailed: false }
  }
  const { words, serverFailed } = failure
  if (failure.isFinal || isTooOld) {
    await finish(trx, mail, { state: 'given up', tried: 1, error: words, now })
    log.error({ ...facts, reason: words, tries: mail.tries + 1 }, 'mail given up')
    return { became: 'givenUp', serverFailed }
  }
  await sql`
    update ecellar.outbox
    set tries = tries + 1, last_error = ${words}, next_try_at = ${new Date(now.getTime() + backOffMs(mail.tries))}
    where winery_id = ${mail.winery_id} and mail_id = ${mail.mail_id}`.execute(trx)
  log.warn({ ...facts, reason: words, tries: mail.tries + 1 }, 'mail not sent, to be tried again')
  return { became: 'failed', serverFailed }
}

async function attempt(
  mail: WaitingMail,
  options: SendOptions,
  deliver: Deliver,
): Promise<MailFailure | null> {
  let message: Message
  try {
    message = await messageOf(mail, options)
  } catch {
    // A newer program names its data otherwise, or the key of the link is gone: no later try is better.
    const words =
      'It cannot be written: it was put by another version of the program, or its link no longer opens.'
    return { words, isFinal: true, serverFailed: false }
  }
  try {
    await deliver(message)
    return null
  } catch (error) {
    return mailFailure(error)
  }
}

async function messageOf(mail: WaitingMail, options: SendOptions): Promise<Message> {
  const { recipient, template } = mail
  const link =
    mail.sealed_link === null
      ? {}
      : { link: await options.secrets.open(mail.sealed_link, mailLinkBinding(recipient)) }
  const data = mailData[template].parse({ ...mail.data, ...link })
  const { subject, text, html } = await renderMail(
    { template, data },
    { supportContact: options.supportContact, timeZone: mail.time_zone ?? 'UTC' },
  )
  const replyTo = supportAddress(options.supportContact)
  return {
    from: options.from,
    to: recipient,
    ...(replyTo === null ? {} : { replyTo }),
    subject,
    text,
    html,
    // The same at every try: when the server took it and the news of it was lost, mailboxes show it once.
    messageId: `<mail-${mail.winery_id}-${mail.mail_id}-${mail.put_at.getTime().toString(36)}@${domainOf(options.from)}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  }
}

async function finish(
  trx: WineryTransaction,
  mail: WaitingMail,
  end: { state: 'sent' | 'given up'; tried: 0 | 1; error: string | null; now: Date },
): Promise<void> {
  await sql`
    update ecellar.outbox
    set
      state = ${end.state},
      tries = tries + ${end.tried},
      last_error = ${end.error},
      finished_at = ${end.now},
      sealed_link = null
    where winery_id = ${mail.winery_id} and mail_id = ${mail.mail_id}`.execute(trx)
}

/** 1, 2, 4 … minutes, then every three hours. */
function backOffMs(tries: number): number {
  return Math.min(60_000 * 2 ** Math.min(tries, 20), longestBackOffMs)
}

function domainOf(from: string): string {
  return /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
}
