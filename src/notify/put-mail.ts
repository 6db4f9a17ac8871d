/**
 * Puts a mail into the outbox, in the caller's transaction: it is sent exactly when what it tells was committed. One
 * that is put under the same words a second time is not put.
 */

import { sql } from 'kysely'
import { emailKey } from '../contract/email-address.ts'
import {
  type LinkTemplate,
  linkTemplates,
  type Mail,
  type MailTemplate,
  mailData,
  mailLinkBinding,
} from '../contract/mail.ts'
import type { Db } from '../database/connect.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'

/** Of `access`: links that open something lie sealed in the outbox. */
export type Sealer = { seal(text: string, boundTo: string): Promise<string> }

/**
 * A mail that carries a link needs the sealer.
 * @returns its number, or null where it had been put before
 * @throws when the data have anything that the template does not name, or the address is none
 */
export async function putMail(
  db: Db | WineryTransaction,
  mail: Mail<Exclude<MailTemplate, LinkTemplate>>,
): Promise<string | null>
export async function putMail(db: Db | WineryTransaction, mail: Mail, secrets: Sealer): Promise<string | null>
export async function putMail(
  db: Db | WineryTransaction,
  mail: Mail,
  secrets?: Sealer,
): Promise<string | null> {
  const { to, template, wineryId, oncePer = null, putAt = new Date() } = mail
  const recipient = to.trim()
  const key = emailKey(recipient)
  if (key === null) throw new Error(`A mail ${template} goes to what is no e-mail address.`)
  const checked: Record<string, unknown> = mailData[template].parse(mail.data)
  const { data, link } = withoutLink(template, checked)
  if (link !== null && !secrets) throw new Error(`A mail ${template} carries a link, which must be sealed.`)
  const sealed = link === null ? null : ((await secrets?.seal(link, mailLinkBinding(recipient))) ?? null)
  const put = await sql<{ id: string }>`
    insert into ecellar.outbox (winery_id, recipient, recipient_key, template, data, sealed_link, once_per, put_at, next_try_at)
    values (${wineryId ?? '0'}, ${recipient}, ${key}, ${template}, ${JSON.stringify(data)}::jsonb, ${sealed}, ${oncePer}, ${putAt}, ${putAt})
    on conflict (winery_id, once_per) where once_per is not null do nothing
    returning mail_id as id`.execute(db)
  return put.rows[0]?.id ?? null
}

function withoutLink(template: MailTemplate, checked: Record<string, unknown>) {
  const { link, ...data } = checked
  const isSecret = (linkTemplates as readonly string[]).includes(template)
  return isSecret && typeof link === 'string' ? { data, link } : { data: checked, link: null }
}
