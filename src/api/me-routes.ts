/** Who am I, and what may I do; and the own name. */

import { may } from '../access/may.ts'
import { actions, type Principal } from '../contract/access.ts'
import { meChange, meSchema } from '../contract/api/me.ts'
import { namesOfPlace } from '../crm/brands.ts'
import type { Api, Parts } from './parts.ts'
import { ProblemAnswer } from './problems.ts'

export function addMeRoutes(api: Api, { database, access }: Parts): void {
  const config = { action: 'anybody signed in' } as const

  api.get(
    '/me',
    {
      config,
      schema: {
        tags: ['about'],
        operationId: 'getMe',
        summary: 'Who asks, with role, winery and what may be done',
        response: { 200: meSchema },
      },
    },
    ({ principal }) => shown(principal),
  )

  api.patch(
    '/me',
    {
      config,
      schema: {
        tags: ['about'],
        operationId: 'changeMe',
        summary: "Change one's own name; a person's to do, not a key's",
        body: meChange,
        response: { 200: meSchema },
      },
    },
    async ({ principal, body }) => {
      if (principal.kind !== 'user') {
        throw new ProblemAnswer(
          'not_allowed',
          'An API key has no account of its own.',
          'Sign in in the console: Your account.',
        )
      }
      return shown({ ...principal, ...(await access.ownAccount.rename({ userId: principal.id, ...body })) })
    },
  )

  async function shown(principal: Principal) {
    const { kind, id, name, role, wineryId, brandIds } = principal
    const place = await namesOfPlace(database.db, wineryId, brandIds)
    return {
      kind,
      id,
      name,
      role,
      winery: place.winery,
      brands: place.brands,
      actions: actions.filter((action) => may(principal, action, { wineryId })),
    }
  }
}
