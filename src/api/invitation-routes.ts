/** Invitations: the only way to become a user. Whoever holds one looks at it, and joins. */

import { z } from 'zod'
import type { Invitation } from '../access/invitations.ts'
import { wineryParams } from '../contract/api/parts.ts'
import {
  invitationOfWineryParams,
  invitationParams,
  invitationSchema,
  invitationShown,
  inviting,
  joinedSchema,
  joining,
} from '../contract/api/user.ts'
import { namesOfPlace } from '../crm/brands.ts'
import type { Api, Parts } from './parts.ts'
import { brandIdsAsked, type Place, places, wineryOf } from './user-routes.ts'

export function addInvitationRoutes(api: Api, parts: Parts): void {
  for (const place of places) addRoutes(api, parts, place)
  addJoining(api, parts)
}

async function shown(db: Parts['database']['db'], invitation: Invitation) {
  const { wineryId, wineryName, brandIds, ...rest } = invitation
  return { ...rest, winery: wineryName, brands: (await namesOfPlace(db, wineryId, brandIds)).brands }
}

function addRoutes(api: Api, { access, database: { db } }: Parts, place: Place): void {
  const { root, of, suffix, isWinery } = place
  const config = (action: 'users.read' | 'users.write') => ({
    action,
    wholeWinery: isWinery,
    installation: !isWinery,
  })

  api.get(
    `${root}/invitations`,
    {
      config: config('users.read'),
      schema: {
        tags: ['users'],
        operationId: `listInvitations${suffix}`,
        summary: `Open invitations ${of}`,
        ...(isWinery ? { params: wineryParams } : {}),
        response: { 200: z.object({ items: z.array(invitationSchema) }) },
      },
    },
    async (request) => {
      const open = await access.invitations.list({ wineryId: wineryOf(request, place) })
      return { items: await Promise.all(open.map((one) => shown(db, one))) }
    },
  )

  api.post(
    `${root}/invitations`,
    {
      config: config('users.write'),
      schema: {
        tags: ['users'],
        operationId: `inviteUser${suffix}`,
        summary: `Invite somebody by mail as a user ${of}; an earlier invitation to the address is replaced`,
        ...(isWinery ? { params: wineryParams } : {}),
        body: isWinery ? inviting : inviting.omit({ brands: true }),
        response: { 201: invitationSchema },
      },
    },
    async (request, reply) => {
      const { email, role, brands = null }: z.input<typeof inviting> = request.body
      const brandIds = await brandIdsAsked(request, db, brands)
      const wineryId = wineryOf(request, place)
      const made = await access.invitations.invite({
        actor: request.principal,
        wineryId,
        email,
        role,
        brandIds,
      })
      return reply.code(201).send(await shown(db, made))
    },
  )

  api.delete(
    `${root}/invitations/:invitation`,
    {
      config: config('users.write'),
      schema: {
        tags: ['users'],
        operationId: `withdrawInvitation${suffix}`,
        summary: `Withdraw an invitation ${of}: its link is good no more`,
        params: isWinery ? invitationOfWineryParams : invitationParams,
        response: { 204: z.undefined().describe('Done') },
      },
    },
    async (request, reply) => {
      const { invitation: invitationId }: z.infer<typeof invitationParams> = request.params
      const wineryId = wineryOf(request, place)
      await access.invitations.withdraw({ actor: request.principal, wineryId, invitationId })
      return reply.code(204).send()
    },
  )
}

/** Tokens come in bodies: addresses stand in logs of proxies. */
function addJoining(api: Api, { access, database: { db } }: Parts): void {
  const config = { action: 'anybody', guessable: true } as const

  api.post(
    '/invitations/show',
    {
      config,
      schema: {
        tags: ['users'],
        operationId: 'showInvitation',
        summary: 'What an invitation is for; looking spends nothing',
        body: invitationShown,
        response: { 200: invitationSchema },
      },
    },
    async ({ body }) => shown(db, await access.invitations.find(body.token)),
  )

  api.post(
    '/invitations/join',
    {
      config,
      schema: {
        tags: ['users'],
        operationId: 'join',
        summary: 'Become a user, once; then sign in',
        body: joining,
        response: { 201: joinedSchema },
      },
    },
    async ({ body: { token, ...as } }, reply) =>
      reply.code(201).send(await access.invitations.join(token, as)),
  )
}
