/** Support sees guests masked, until it gives a reason: then in full, that winery's, for an hour. */

import { guestAccessSchema, reasonGiving } from '../contract/api/operation.ts'
import { wineryParams } from '../contract/api/parts.ts'
import type { Api, Parts } from './parts.ts'

export function addGuestAccessRoutes(api: Api, { access }: Parts): void {
  const path = '/wineries/:winery/guest-access'

  api.get(
    path,
    {
      config: { action: 'guests.ask' },
      schema: {
        tags: ['guests'],
        operationId: 'getGuestAccess',
        summary: "Until when you see the winery's guests in full",
        params: wineryParams,
        response: { 200: guestAccessSchema },
      },
    },
    async ({ principal, winery }) => ({
      until: await access.guestAccess.until({ principal, wineryId: winery.winery_id }),
    }),
  )

  api.post(
    path,
    {
      config: { action: 'guests.ask' },
      schema: {
        tags: ['guests'],
        operationId: 'askForGuestAccess',
        summary: "See the winery's guests in full for an hour; the reason is recorded",
        params: wineryParams,
        body: reasonGiving,
        response: { 200: guestAccessSchema },
      },
    },
    ({ principal, winery, body }) =>
      access.guestAccess.give({ principal, wineryId: winery.winery_id, reason: body.reason }),
  )
}
