/** Who belongs to a winery, or to the installation: list, change, remove. Every change is recorded. */

import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { Config } from '../config.ts'
import type { Actor, Role } from '../contract/access.ts'
import type { Db } from '../database/connect.ts'
import type { SendMail } from './access-mail.ts'
import { recordAudit } from './audit.ts'
import { checkRole, lockMembership, type Membership, refuseToLoseLast } from './membership.ts'
import { publicUrl } from './one-time-token.ts'

export type User = {
  userId: string
  name: string
  email: string
  role: Role
  wineryId: string | null
  /** Only these brands; null: all of the winery. */
  brandIds: string[] | null
  twoFactor: boolean
  lastSignedInAt: Date | null
  createdAt: Date
}

/** Whose users it is about: a winery's, or (null) the installation's. Whether the actor may is asked before: `may`. */
type Of = { actor: Actor; wineryId: string | null; userId: string }

export type Users = {
  /** Without `wineryId`: all, for Support. */
  list(of: { wineryId?: string | null }): Promise<User[]>
  /** @throws Refusal not_found, invalid (the last winery admin or Support user, a role that does not fit) */
  change(of: Of & { role?: Role; brandIds?: string[] | null }): Promise<User>
  /** Ends his sessions and the API keys that he made, at once. @throws Refusal not_found, invalid */
  remove(of: Of): Promise<{ revokedKeys: number }>
  /** For one who lost both his authenticator and his backup codes. @throws Refusal not_found */
  resetTwoFactor(of: Of): Promise<void>
  /** Ends all his sessions. @throws Refusal not_found */
  signOutEverywhere(of: Of): Promise<void>
}

export function openUsers(parts: { db: Db; sendMail: SendMail; config: Config; now(): Date }): Users {
  const { db } = parts
  /** Finds the user, does the work, and records it, all or nothing. */
  const onUser = <T>(of: Of, work: (trx: Db, member: Membership) => Promise<T>) =>
    db.transaction().execute(async (trx) => work(trx, await lockMembership(trx, of)))
  const record = (trx: Db, of: Of, member: Membership, action: string, details?: Record<string, unknown>) =>
    recordAudit(trx, {
      wineryId: of.wineryId,
      actor: of.actor,
      action,
      subject: member.name,
      details: { userId: member.userId, ...details },
    })

  return {
    list: (of) => listUsers(db, of),
    change: (of) =>
      onUser(of, async (trx, member) => {
        const role = of.role ?? member.role
        const brandIds = of.brandIds === undefined ? brandsFor(role, member) : of.brandIds
        await checkRole(trx, { wineryId: of.wineryId, role, brandIds })
        const before = { role: member.role, brandIds: member.brandIds }
        const after = { role, brandIds }
        if (isDeepStrictEqual(before, after)) return one(await listUsers(trx, of))
        if (role !== member.role) await refuseToLoseLast(trx, member)
        await sql`
          update access.memberships set role = ${role}, brand_ids = ${brandIds}::bigint[]
          where user_id = ${of.userId}`.execute(trx)
        await record(trx, of, member, 'users.change', { before, after })
        return one(await listUsers(trx, of))
      }),
    remove: (of) =>
      onUser(of, async (trx, member) => {
        await refuseToLoseLast(trx, member)
        const { rows } = await sql<{ revoked: number }>`
          select count(*)::int as revoked from access.api_keys where reference_id = ${of.userId}`.execute(trx)
        const revokedKeys = rows[0]?.revoked ?? 0
        await endWhatIsOpen(trx, of.userId)
        // Memberships, sessions, keys and second factors go with the user.
        await sql`delete from access.users where id = ${of.userId}`.execute(trx)
        await record(trx, of, member, 'users.remove', { role: member.role, revokedKeys })
        return { revokedKeys }
      }),
    resetTwoFactor: (of) =>
      onUser(of, async (trx, member) => {
        await sql`delete from access.two_factors where user_id = ${of.userId}`.execute(trx)
        await sql`update access.users set two_factor_enabled = false where id = ${of.userId}`.execute(trx)
        await endWhatIsOpen(trx, of.userId)
        await record(trx, of, member, 'two-factor.reset')
        // It takes a lock off his door: he shall hear of it.
        const at = parts.now()
        await parts.sendMail(
          {
            to: member.email,
            wineryId: of.wineryId,
            template: 'two-factor-reset',
            data: {
              resetBy: of.actor.name,
              at: at.toISOString(),
              signInUrl: publicUrl(parts.config),
            },
            putAt: at,
          },
          trx,
        )
      }),
    signOutEverywhere: (of) =>
      onUser(of, async (trx, member) => {
        await endWhatIsOpen(trx, of.userId)
        await record(trx, of, member, 'users.sign-out')
      }),
  }
}

/** A role that cannot be limited to brands loses the limit. */
function brandsFor(role: Role, member: Membership): string[] | null {
  return role === 'winery admin' ? null : member.brandIds
}

/** Sessions, half-done sign-ins, trusted devices, reset links. */
async function endWhatIsOpen(trx: Db, userId: string): Promise<void> {
  await sql`delete from access.sessions where user_id = ${userId}`.execute(trx)
  await sql`delete from access.verifications where value = ${userId}`.execute(trx)
}

async function listUsers(db: Db, of: { wineryId?: string | null; userId?: string }): Promise<User[]> {
  const { rows } = await sql<User>`
    select
      m.user_id as "userId",
      u.name,
      u.email,
      m.role,
      m.winery_id as "wineryId",
      m.brand_ids as "brandIds",
      coalesce(u.two_factor_enabled, false) as "twoFactor",
      m.last_signed_in_at as "lastSignedInAt",
      u.created_at as "createdAt"
    from access.memberships m
    join access.users u on u.id = m.user_id
    where (${of.wineryId === undefined} or m.winery_id is not distinct from ${of.wineryId ?? null}::bigint)
      and (${of.userId === undefined} or m.user_id = ${of.userId ?? null})
    order by m.winery_id nulls first, lower(u.name), u.id`.execute(db)
  return rows
}

function one<T>(rows: T[]): T {
  const [row] = rows
  if (row === undefined) throw new Error('The user is gone.')
  return row
}
