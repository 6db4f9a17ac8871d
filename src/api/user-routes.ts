/** Users: a winery's, and those of the installation. */

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { User } from '../access/users.ts'
import { wineryParams } from '../contract/api/parts.ts'
import {
  removedSchema,
  userChange,
  userOfWineryParams,
  userParams,
  userSchema,
} from '../contract/api/user.ts'
import { namesOfPlace } from '../crm/brands.ts'
import { brandAsked } from './authorize.ts'
import type { Api, Parts } from './parts.ts'

/** The same routes twice: whose users they are about is told by the address. */
export const places = [
  { root: '/wineries/:winery', isWinery: true, of: 'of a winery', suffix: '' },
  { root: '', isWinery: false, of: 'of the installation: Support and operators', suffix: 'OfInstallation' },
] as const
export type Place = (typeof places)[number]

/** null: the installation. */
export function wineryOf(request: FastifyRequest, place: Place): string | null {
  return place.isWinery ? request.winery.winery_id : null
}

/** Their ids, for brands named by their codes. @throws not_found */
export async function brandIdsAsked(
  request: FastifyRequest,
  db: Parts['database']['db'],
  codes: string[] | null,
): Promise<string[] | null> {
  if (codes === null) return null
  const brands = await Promise.all(codes.map((code) => brandAsked(request, db, code)))
  return brands.map((brand) => brand.brand_id)
}

export function addUserRoutes(api: Api, parts: Parts): void {
  for (const place of places) addRoutes(api, parts, place)
}

function addRoutes(api: Api, { access, database: { db } }: Parts, place: Place): void {
  const { root, of, suffix, isWinery } = place
  const params = isWinery ? userOfWineryParams : userParams
  const config = (action: 'users.read' | 'users.write') => ({
    action,
    wholeWinery: isWinery,
    installation: !isWinery,
  })
  const shown = async ({ wineryId, brandIds, ...user }: User) => ({
    ...user,
    brands: (await namesOfPlace(db, wineryId, brandIds)).brands,
  })
  const about = (request: FastifyRequest) => ({
    actor: request.principal,
    wineryId: wineryOf(request, place),
    userId: (request.params as { user: string }).user,
  })

  api.get(
    `${root}/users`,
    {
      config: config('users.read'),
      schema: {
        tags: ['users'],
        operationId: `listUsers${suffix}`,
        summary: `Users ${of}`,
        ...(isWinery ? { params: wineryParams } : {}),
        response: { 200: z.object({ items: z.array(userSchema) }) },
      },
    },
    async (request) => {
      const users = await access.users.list({ wineryId: wineryOf(request, place) })
      return { items: await Promise.all(users.map(shown)) }
    },
  )

  api.patch(
    `${root}/users/:user`,
    {
      config: config('users.write'),
      schema: {
        tags: ['users'],
        operationId: `changeUser${suffix}`,
        summary: `Give a user ${of} another role${isWinery ? ' or other brands' : ''}`,
        params,
        body: isWinery ? userChange : userChange.omit({ brands: true }),
        response: { 200: userSchema },
      },
    },
    async (request) => {
      const { role, brands }: z.infer<typeof userChange> = request.body
      const brandIds = brands === undefined ? undefined : await brandIdsAsked(request, db, brands)
      const change = {
        ...(role === undefined ? {} : { role }),
        ...(brandIds === undefined ? {} : { brandIds }),
      }
      return shown(await access.users.change({ ...about(request), ...change }))
    },
  )

  api.delete(
    `${root}/users/:user`,
    {
      config: config('users.write'),
      schema: {
        tags: ['users'],
        operationId: `removeUser${suffix}`,
        summary: `Remove a user ${of}, with sessions and API keys, at once`,
        params,
        response: { 200: removedSchema },
      },
    },
    (request) => access.users.remove(about(request)),
  )

  const doings = [
    ['reset-two-factor', 'resetTwoFactor', 'Take the second factor off a user who has lost it'],
    ['sign-out', 'signOutEverywhere', 'End all sessions of a user'],
  ] as const
  for (const [word, does, summary] of doings) {
    api.post(
      `${root}/users/:user/${word}`,
      {
        config: config('users.write'),
        schema: {
          tags: ['users'],
          operationId: `${does}${suffix}`,
          summary: `${summary} ${of}`,
          params,
          response: { 204: z.undefined().describe('Done') },
        },
      },
      async (request, reply) => {
        await access.users[does](about(request))
        return reply.code(204).send()
      },
    )
  }
}
