/** Invitations by mail, and the link for the first Support user: the only ways to become a user. */

import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Config } from '../config.ts'
import type { Actor, Role } from '../contract/access.ts'
import { emailKey } from '../contract/email-address.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { SendMail } from './access-mail.ts'
import { recordAudit } from './audit.ts'
import { passwordLength } from './make-auth.ts'
import { checkedName, checkRole } from './membership.ts'
import { linkTo, newToken, tokenHash } from './one-time-token.ts'

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

export const invitationDays = 7
const firstSupportHours = 24
const hourMs = 3_600_000

type Parts = {
  db: Db
  config: Config
  sendMail: SendMail
  hashPassword(password: string): Promise<string>
  now(): Date
}

export function openInvitations(parts: Parts): Invitations {
  const { db, now } = parts
  return {
    list: ({ wineryId }) =>
      readInvitations(
        db,
        sql`i.email is not null and i.winery_id is not distinct from ${wineryId}::bigint`,
        now(),
      ),
    invite: (of) => invite(parts, of),
    withdraw: ({ actor, wineryId, invitationId }) =>
      db.transaction().execute(async (trx) => {
        const { numAffectedRows } = await sql`
          delete from access.invitations
          where invitation_id::text = ${invitationId}
            and winery_id is not distinct from ${wineryId}::bigint`.execute(trx)
        if (numAffectedRows === 0n) {
          throw new Refusal(
            'not_found',
            'There is no such invitation, or it was used.',
            'Look at the list of users.',
          )
        }
        const subject = `invitation ${invitationId}`
        await recordAudit(trx, { wineryId, actor, action: 'users.withdraw-invitation', subject })
      }),
    find: (token) => findOpen(db, token, now()),
    join: (token, as) => join(parts, token, as),
  }
}

/** A new link for the first Support user; null once there is one. Earlier links stay good until one of them is used. */
export async function makeFirstSupportLink(parts: Parts): Promise<string | null> {
  const token = newToken()
  const at = parts.now()
  return parts.db.transaction().execute(async (trx) => {
    if (await hasSupport(trx)) return null
    await sql`
      insert into access.invitations (token_hash, email, role, winery_id, invited_by, created_at, expires_at)
      values (${tokenHash(token)}, null, 'support', null, 'first start', ${at}, ${inHours(at, firstSupportHours)})`.execute(
      trx,
    )
    const actor: Actor = { kind: 'program', id: 'first start', name: 'first start' }
    await recordAudit(trx, { wineryId: null, actor, action: 'first-support-link' })
    return linkTo(parts.config, 'join', token)
  })
}

async function invite(parts: Parts, of: Parameters<Invitations['invite']>[0]): Promise<Invitation> {
  const email = checkedAddress(of.email)
  const at = parts.now()
  const token = newToken()
  return parts.db.transaction().execute(async (trx) => {
    await oneAfterAnother(trx)
    await checkRole(trx, of)
    await refuseKnownAddress(trx, email)
    // Also what has expired: it would keep the address.
    await sql`delete from access.invitations where email = ${email} or expires_at <= ${at}`.execute(trx)
    await sql`
      insert into access.invitations
        (token_hash, email, role, winery_id, brand_ids, invited_by, created_at, expires_at)
      values (${tokenHash(token)}, ${email}, ${of.role}, ${of.wineryId}, ${of.brandIds}::bigint[], ${of.actor.name},
        ${at}, ${inHours(at, invitationDays * 24)})`.execute(trx)
    const made = await findOpen(trx, token, at)
    await parts.sendMail(
      {
        to: email,
        wineryId: of.wineryId,
        template: 'invitation',
        data: {
          wineryName: made.wineryName,
          invitedBy: made.invitedBy,
          role: made.role,
          link: linkTo(parts.config, 'join', token),
          expiresAt: made.expiresAt.toISOString(),
        },
        putAt: at,
      },
      trx,
    )
    await recordAudit(trx, {
      wineryId: of.wineryId,
      actor: of.actor,
      action: 'users.invite',
      // No address: it may be a guest's as well. Who joins with it is recorded by name.
      subject: `invitation ${made.invitationId}`,
      details: { role: of.role, brandIds: of.brandIds },
    })
    return made
  })
}

async function join(
  parts: Parts,
  token: string,
  as: { name: string; password: string; email?: string | undefined },
): Promise<{ userId: string; email: string }> {
  const at = parts.now()
  const name = checkedName(as.name)
  checkPassword(as.password)
  // Before the transaction: hashing takes a while, on purpose.
  await findOpen(parts.db, token, at)
  const password = await parts.hashPassword(as.password)
  return parts.db.transaction().execute(async (trx) => {
    await oneAfterAnother(trx)
    const found = await findOpen(trx, token, at)
    const email = found.email ?? checkedAddress(as.email ?? '')
    await refuseKnownAddress(trx, email)
    await sql`delete from access.invitations where token_hash = ${tokenHash(token)}`.execute(trx)
    const userId = randomUUID()
    await sql`
      insert into access.users (id, name, email, email_verified, created_at, updated_at)
      values (${userId}, ${name}, ${email}, ${found.email !== null}, ${at}, ${at})`.execute(trx)
    await sql`
      insert into access.accounts (id, account_id, provider_id, user_id, password, created_at, updated_at)
      values (${randomUUID()}, ${userId}, 'credential', ${userId}, ${password}, ${at}, ${at})`.execute(trx)
    await sql`
      insert into access.memberships (user_id, role, winery_id, brand_ids)
      values (${userId}, ${found.role}, ${found.wineryId}, ${found.brandIds}::bigint[])`.execute(trx)
    await recordAudit(trx, {
      wineryId: found.wineryId,
      actor: { kind: 'user', id: userId, name },
      action: 'users.join',
      subject: `invitation ${found.invitationId}`,
      details: { role: found.role, brandIds: found.brandIds },
    })
    return { userId, email }
  })
}

/** @throws Refusal not_found: not known, used, withdrawn, expired, or a first Support link that came too late */
async function findOpen(db: Db, token: string, at: Date): Promise<Invitation> {
  const [found] = await readInvitations(db, sql`i.token_hash = ${tokenHash(token)}`, at)
  if (found && (found.email !== null || !(await hasSupport(db)))) return found
  throw new Refusal(
    'not_found',
    'This link is not good any more: it was used, withdrawn, replaced by a newer one, or it expired.',
    'If you have an account, sign in. Otherwise ask for a new link.',
  )
}

async function readInvitations(
  db: Db,
  which: ReturnType<typeof sql<boolean>>,
  at: Date,
): Promise<Invitation[]> {
  const { rows } = await sql<Invitation>`
    select
      i.invitation_id as "invitationId",
      i.email,
      i.role,
      i.winery_id as "wineryId",
      w.name as "wineryName",
      i.brand_ids as "brandIds",
      i.invited_by as "invitedBy",
      i.expires_at as "expiresAt"
    from access.invitations i
    left join ecellar.wineries w on w.winery_id = i.winery_id
    where ${which}
      and i.expires_at > ${at}
    order by i.invitation_id desc`.execute(db)
  return rows
}

/** Two that use first Support links at once: one becomes Support. Two invitations to one address: one stays. */
async function oneAfterAnother(trx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('ecellar invitations'))`.execute(trx)
}

async function hasSupport(db: Db): Promise<boolean> {
  const { rows } = await sql`select from access.memberships where role = 'support' limit 1`.execute(db)
  return rows.length > 0
}

async function refuseKnownAddress(trx: Db, email: string): Promise<void> {
  const { rows } = await sql`select from access.users where email = ${email}`.execute(trx)
  if (rows.length === 0) return
  throw new Refusal(
    'invalid',
    'This address has an account already. One address has one role in one winery.',
    'Change the role of that user, or use another address.',
  )
}

function checkedAddress(given: string): string {
  const email = emailKey(given)
  // Signing in takes only what this check takes.
  if (email !== null && z.email().safeParse(email).success) return email
  throw new Refusal('invalid', 'This is no e-mail address.', 'Give one like anna@winery.example.')
}

function checkPassword(password: string): void {
  const { min, max } = passwordLength
  if (password.length >= min && password.length <= max) return
  throw new Refusal(
    'invalid',
    `A password has ${min} to ${max} characters.`,
    'Take a few words that do not belong together.',
  )
}

function inHours(from: Date, hours: number): Date {
  return new Date(from.getTime() + hours * hourMs)
}
