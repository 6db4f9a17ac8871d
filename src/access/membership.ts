/** What a user is: one role in one winery, or a role of the installation; and the rules that keep it sensible. */

import { sql } from 'kysely'
import { installationRoles, type Role } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'

export type Membership = {
  userId: string
  name: string
  email: string
  role: Role
  wineryId: string | null
  brandIds: string[] | null
}

export async function findMembership(db: Db, userId: string): Promise<Membership | undefined> {
  const { rows } = await sql<Membership>`
    select
      m.user_id as "userId",
      u.name,
      u.email,
      m.role,
      m.winery_id as "wineryId",
      m.brand_ids as "brandIds"
    from access.memberships m
    join access.users u on u.id = m.user_id
    where m.user_id = ${userId}`.execute(db)
  return rows[0]
}

/**
 * The user, one of that winery's (null: the installation's). All of them are locked, so that two who remove each other
 * do not leave nobody.
 * @throws Refusal not_found
 */
export async function lockMembership(
  trx: Db,
  of: { wineryId: string | null; userId: string },
): Promise<Membership> {
  await sql`
    select from access.memberships
    where winery_id is not distinct from ${of.wineryId}::bigint
    order by user_id
    for update`.execute(trx)
  const found = await findMembership(trx, of.userId)
  if (found && found.wineryId === of.wineryId) return found
  throw new Refusal(
    'not_found',
    of.wineryId === null ? 'The installation has no such user.' : 'This winery has no such user.',
    'Look at the list of users.',
  )
}

/** @throws Refusal invalid when this is the last winery admin, or the last Support user of the installation */
export async function refuseToLoseLast(trx: Db, member: Membership): Promise<void> {
  if (member.role !== 'winery admin' && member.role !== 'support') return
  const { rows } = await sql`
    select from access.memberships
    where winery_id is not distinct from ${member.wineryId}::bigint
      and role = ${member.role}
      and user_id <> ${member.userId}
    limit 1`.execute(trx)
  if (rows.length > 0) return
  throw new Refusal(
    'invalid',
    member.role === 'support'
      ? 'This is the last Support user: nobody could set anything up any more.'
      : 'This is the last winery admin: nobody in the winery could manage it any more.',
    'Give somebody else this role first.',
  )
}

/** @throws Refusal invalid when the role belongs elsewhere, or the brands are not the winery's */
export async function checkRole(
  db: Db,
  given: { wineryId: string | null; role: Role; brandIds: string[] | null },
): Promise<void> {
  const { wineryId, role, brandIds } = given
  const isOfInstallation = (installationRoles as readonly Role[]).includes(role)
  if (isOfInstallation !== (wineryId === null)) {
    throw new Refusal(
      'invalid',
      isOfInstallation
        ? `The role ${role} stands over all wineries: it cannot be given inside one.`
        : `The role ${role} belongs to a winery.`,
      `Roles of a winery: winery admin, marketer, analyst, viewer. Roles over all: ${installationRoles.join(', ')}.`,
    )
  }
  if (brandIds === null) return
  if (isOfInstallation || role === 'winery admin') {
    throw new Refusal(
      'invalid',
      `The role ${role} cannot be limited to brands.`,
      'Leave the brands out, or give the role marketer, analyst or viewer.',
    )
  }
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ecellar.brands
    where winery_id = ${wineryId}
      and brand_id = any(${brandIds}::bigint[])`.execute(db)
  if (brandIds.length > 0 && rows[0]?.count === new Set(brandIds).size) return
  throw new Refusal(
    'invalid',
    'These are no brands of this winery.',
    'Name at least one of its brands, or leave them out for all.',
  )
}

/** @throws Refusal invalid */
export function checkedName(given: string): string {
  const name = given.trim()
  if (name !== '' && name.length <= 100) return name
  throw new Refusal(
    'invalid',
    'A name is needed, of 100 characters at most.',
    'Give the name that others know you by.',
  )
}
