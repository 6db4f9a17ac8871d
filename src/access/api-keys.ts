/**
 * API keys of a winery. A key acts for the user who made it: with his present role and brands, within its scopes; it
 * ends when he is removed.
 */

import { sql } from 'kysely'
import { type Action, type Actor, actions, mayRole, type Principal, peopleOnly } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import { recordAudit } from './audit.ts'
import type { Auth } from './make-auth.ts'

export type ApiKey = {
  apiKeyId: string
  name: string
  /** How it begins, to tell keys apart. */
  start: string
  scopes: Action[]
  madeBy: { userId: string; name: string }
  createdAt: Date
  lastUsedAt: Date | null
  expiresAt: Date | null
}

export type ApiKeys = {
  /** With `madeBy` only that user's. */
  list(of: { wineryId: string; madeBy?: string }): Promise<ApiKey[]>
  /** `key` is shown this once. @throws Refusal invalid (a scope that the maker has not, or no key may have) */
  make(of: {
    principal: Principal
    name: string
    scopes: Action[]
    expiresAt: Date | null
  }): Promise<ApiKey & { key: string }>
  /** @throws Refusal not_found */
  revoke(of: { actor: Actor; wineryId: string; apiKeyId: string; madeBy?: string }): Promise<void>
}

const longestDays = 366
const dayMs = 86_400_000

export function openApiKeys(parts: { db: Db; auth: Auth; now(): Date }): ApiKeys {
  const { db } = parts
  return {
    list: (of) => listKeys(db, of),
    make: (of) => makeKey(parts, of),
    revoke: (of) =>
      db.transaction().execute(async (trx) => {
        const [key] = await listKeys(trx, of)
        if (!key) {
          throw new Refusal('not_found', 'There is no such API key.', 'Look at the list of API keys.')
        }
        await sql`delete from access.api_keys where id = ${of.apiKeyId}`.execute(trx)
        await recordAudit(trx, {
          wineryId: of.wineryId,
          actor: of.actor,
          action: 'api-keys.revoke',
          subject: key.name,
          details: { start: key.start, madeBy: key.madeBy.name },
        })
      }),
  }
}

/** What this text stands for, if it is a key in force. */
export async function findApiKey(
  auth: Auth,
  key: string,
): Promise<{ apiKeyId: string; name: string; userId: string; scopes: Action[] } | null> {
  const { valid, key: found } = await auth.api.verifyApiKey({ body: { key } })
  if (!valid || !found) return null
  return {
    apiKeyId: found.id,
    name: found.name ?? 'API key',
    userId: found.referenceId,
    scopes: knownActions(found.permissions?.[permissionName]),
  }
}

const permissionName = 'api'

async function makeKey(
  { db, auth, now }: { db: Db; auth: Auth; now(): Date },
  of: Parameters<ApiKeys['make']>[0],
): Promise<ApiKey & { key: string }> {
  const { principal } = of
  const { wineryId } = principal
  if (wineryId === null || principal.kind !== 'user') {
    throw new Refusal('invalid', 'API keys belong to a winery.', 'Let a user of the winery make it.')
  }
  const name = of.name.trim()
  if (name === '' || name.length > 80) {
    throw new Refusal('invalid', 'A key needs a name, of 80 characters at most.', 'Say what will use it.')
  }
  const scopes = checkedScopes(principal, of.scopes)
  const expiresIn = of.expiresAt === null ? null : secondsUntil(of.expiresAt, now())
  const made = await auth.api.createApiKey({
    body: { name, userId: principal.id, expiresIn, permissions: { [permissionName]: scopes } },
  })
  // Until it is recorded nobody has seen the key.
  await recordAudit(db, {
    wineryId,
    actor: { kind: 'user', id: principal.id, name: principal.name },
    action: 'api-keys.make',
    subject: name,
    details: { start: made.start, scopes, expiresAt: made.expiresAt },
  })
  const [key] = await listKeys(db, { wineryId, apiKeyId: made.id })
  if (!key) throw new Error('The key is gone.')
  return { ...key, key: made.key }
}

function checkedScopes(principal: Principal, given: Action[]): Action[] {
  const scopes = actions.filter((action) => given.includes(action))
  if (scopes.length === 0) {
    throw new Refusal('invalid', 'A key without a scope may do nothing.', 'Choose what the key may do.')
  }
  const wrong = scopes.filter(
    (scope) => !mayRole(principal.role, scope) || (peopleOnly as readonly Action[]).includes(scope),
  )
  if (wrong.length === 0) return scopes
  throw new Refusal(
    'invalid',
    `This key cannot be given: ${wrong.join(', ')}.`,
    'A key may do at most what its maker may, and never what a person has to decide.',
  )
}

function secondsUntil(expiresAt: Date, now: Date): number {
  const ms = expiresAt.getTime() - now.getTime()
  if (ms > 0 && ms <= longestDays * dayMs) return Math.ceil(ms / 1000)
  throw new Refusal(
    'invalid',
    'A key can expire within a year from now, or never.',
    'Choose a day within the next year, or none.',
  )
}

async function listKeys(
  db: Db,
  of: { wineryId: string; madeBy?: string; apiKeyId?: string },
): Promise<ApiKey[]> {
  const { rows } = await sql<Omit<ApiKey, 'scopes' | 'madeBy'> & Kept>`
    select
      k.id as "apiKeyId",
      coalesce(k.name, '') as name,
      coalesce(k.start, '') as start,
      k.permissions,
      k.reference_id as "userId",
      u.name as "userName",
      k.created_at as "createdAt",
      k.last_request as "lastUsedAt",
      k.expires_at as "expiresAt"
    from access.api_keys k
    join access.memberships m on m.user_id = k.reference_id
    join access.users u on u.id = k.reference_id
    where m.winery_id = ${of.wineryId}
      and (${of.madeBy === undefined} or k.reference_id = ${of.madeBy ?? null})
      and (${of.apiKeyId === undefined} or k.id = ${of.apiKeyId ?? null})
    order by k.created_at desc, k.id`.execute(db)
  return rows.map(({ permissions, userId, userName, ...key }) => ({
    ...key,
    scopes: knownActions((JSON.parse(permissions ?? '{}') as Record<string, unknown>)[permissionName]),
    madeBy: { userId, name: userName },
  }))
}

type Kept = { permissions: string | null; userId: string; userName: string }

/** A version that dropped an action must not fail over a key that still names it. */
function knownActions(stored: unknown): Action[] {
  return Array.isArray(stored) ? actions.filter((action) => stored.includes(action)) : []
}
