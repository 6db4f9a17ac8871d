/** One principal per role, of two wineries, as access would find them: what an `Authorization: Bearer` names here. */

import type { Principal, Role } from '../../src/contract/access.ts'

type Of = { wineryId: string; brandIds?: string[] }

/** What stands in for sign-in where a test is not about sign-in: the bearer is the name of somebody known. */
export function standInAccess(people: Map<string, Principal>) {
  return {
    principalOf: async (headers: Headers) =>
      people.get(headers.get('authorization')?.replace(/^Bearer /, '') ?? '') ?? null,
    isOwnOrigin: (headers: Headers) => headers.get('origin') === 'http://localhost:4000',
    handler: async () =>
      new Response('{"from":"access"}', { headers: { 'content-type': 'application/json' } }),
  }
}

export function person(role: Role, of: Of | null = null): Principal {
  return {
    kind: 'user',
    id: `${role}-${of?.wineryId ?? 'all'}`,
    name: `Robin ${role}`,
    role,
    wineryId: of?.wineryId ?? null,
    brandIds: of?.brandIds ?? null,
    scopes: null,
    guestsOf: [],
  }
}
