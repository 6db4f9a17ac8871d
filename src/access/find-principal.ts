/** Who asks, found out from a request's headers: a user by the session's cookie, or an API key. */

import type { Principal } from '../contract/access.ts'
import type { Db } from '../database/connect.ts'
import { findApiKey } from './api-keys.ts'
import { guestsOf } from './guest-access.ts'
import type { Auth } from './make-auth.ts'
import { findMembership } from './membership.ts'

export async function findPrincipal(
  parts: { db: Db; auth: Auth; now(): Date },
  headers: Headers,
): Promise<Principal | null> {
  const authorization = headers.get('authorization')
  // Who sends a key means the key, even where a browser adds a cookie.
  if (authorization !== null) return ofKey(parts, authorization)
  return ofSession(parts, headers)
}

async function ofSession(
  { db, auth, now }: { db: Db; auth: Auth; now(): Date },
  headers: Headers,
): Promise<Principal | null> {
  if (!headers.has('cookie')) return null
  const session = await auth.api.getSession({ headers, query: { disableRefresh: true } })
  if (!session) return null
  const member = await findMembership(db, session.user.id)
  if (!member) return null
  return {
    kind: 'user',
    id: member.userId,
    name: member.name,
    role: member.role,
    wineryId: member.wineryId,
    brandIds: member.brandIds,
    scopes: null,
    guestsOf: member.role === 'support' ? await guestsOf(db, member.userId, now()) : [],
  }
}

async function ofKey({ db, auth }: { db: Db; auth: Auth }, authorization: string): Promise<Principal | null> {
  const [, text] = /^Bearer +(etk_\w+)$/i.exec(authorization) ?? []
  if (text === undefined) return null
  const key = await findApiKey(auth, text)
  const maker = key ? await findMembership(db, key.userId) : undefined
  if (!key || !maker) return null
  return {
    kind: 'api-key',
    id: key.apiKeyId,
    name: `${key.name} (key of ${maker.name})`,
    role: maker.role,
    wineryId: maker.wineryId,
    brandIds: maker.brandIds,
    scopes: key.scopes,
    guestsOf: [],
  }
}
