/** Who am I, and what may I do. */

import { may } from '../access/may.ts'
import { actions } from '../contract/access.ts'
import { meSchema } from '../contract/api/me.ts'
import { namesOfPlace } from '../crm/brands.ts'
import type { Api, Parts } from './parts.ts'

export function addMeRoutes(api: Api, { database }: Parts): void {
  api.get(
    '/me',
    {
      config: { action: 'anybody signed in' },
      schema: {
        tags: ['about'],
        operationId: 'getMe',
        summary: 'Who asks, with role, winery and what may be done',
        response: { 200: meSchema },
      },
    },
    async ({ principal }) => {
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
    },
  )
}
