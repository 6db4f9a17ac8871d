/** Looks into the outbox: what waits, what was sent, what was given up. */

import { sql } from 'kysely'
import { Refusal } from '../contract/errors.ts'
import {
  type LinkTemplate,
  linkTemplates,
  type MailTemplate,
  mailData,
  mailLinkBinding,
} from '../contract/mail.ts'
import type { Db } from '../database/connect.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'
import { type RenderedMail, renderMail } from './render-mail.ts'
import type { Opener } from './send-outbox.ts'

export const mailStates = ['waiting', 'sent', 'given up'] as const
export type MailState = (typeof mailStates)[number]

export type OutboxMail = {
  mailId: string
  /** null: the installation's. */
  winery: string | null
  recipient: string
  template: MailTemplate
  state: MailState
  putAt: Date
  tries: number
  nextTryAt: Date | null
  lastError: string | null
  finishedAt: Date | null
}

/** The newest first. `before`: the last number of the page that was read; `wineryId` null: only the installation's. */
export async function readOutbox(
  db: Db | WineryTransaction,
  options: {
    wineryId?: string | null | undefined
    state?: MailState | undefined
    before?: string | undefined
    limit: number
  },
): Promise<OutboxMail[]> {
  const { wineryId, state = null, before = null, limit } = options
  const { rows } = await sql<OutboxMail>`
    select
      o.mail_id as "mailId", w.slug as winery, o.recipient, o.template, o.state, o.put_at as "putAt", o.tries,
      case when o.state = 'waiting' then o.next_try_at end as "nextTryAt",
      o.last_error as "lastError", o.finished_at as "finishedAt"
    from ecellar.outbox o
    left join ecellar.wineries w on w.winery_id = o.winery_id
    where (${wineryId === undefined} or o.winery_id = ${wineryId ?? '0'})
      and (${state}::text is null or o.state = ${state})
      and (${before}::bigint is null or o.mail_id < ${before})
    order by o.mail_id desc
    limit ${limit}`.execute(db)
  return rows
}

/**
 * One mail as it is or would be sent. Its link is told only where `secrets` are given: whoever has it may use it.
 * @throws Refusal not_found
 */
export async function readMail(
  db: Db | WineryTransaction,
  mailId: string,
  options: { wineryId?: string | null | undefined; supportContact: string; secrets?: Opener | undefined },
): Promise<RenderedMail & { to: string }> {
  const { wineryId } = options
  const found = /^\d{1,18}$/.test(mailId)
    ? await sql<{
        recipient: string
        template: MailTemplate
        data: Record<string, unknown>
        sealed_link: string | null
        time_zone: string | null
      }>`
        select
          recipient, template, data, sealed_link,
          (select w.time_zone from ecellar.wineries w where w.winery_id = o.winery_id) as time_zone
        from ecellar.outbox o
        where mail_id = ${mailId} and (${wineryId === undefined} or winery_id = ${wineryId ?? '0'})`.execute(
        db,
      )
    : { rows: [] }
  const row = found.rows[0]
  if (!row) throw new Refusal('not_found', `There is no mail ${mailId}.`, 'Look at the list of mails.')
  const link =
    options.secrets && row.sealed_link !== null
      ? await options.secrets.open(row.sealed_link, mailLinkBinding(row.recipient))
      : hiddenLink
  const data = isLinkTemplate(row.template) ? { link, ...row.data } : row.data
  const parsed = mailData[row.template]?.safeParse(data)
  if (!parsed?.success) {
    throw new Refusal(
      'invalid',
      `Mail ${mailId} was put by another version of the program and cannot be shown.`,
      'Look at it with that version.',
    )
  }
  const rendered = await renderMail(
    { template: row.template, data: parsed.data },
    { supportContact: options.supportContact, timeZone: row.time_zone ?? 'UTC' },
  )
  return { to: row.recipient, ...rendered }
}

const hiddenLink = 'https://link-known-to-its-recipient-alone.invalid/'

function isLinkTemplate(template: MailTemplate): template is LinkTemplate {
  return (linkTemplates as readonly string[]).includes(template)
}
