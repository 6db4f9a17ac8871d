/** What anybody may know of this installation: every page ends with whom to ask. */

import { aboutSchema } from '../contract/api/about.ts'
import type { Api, Parts } from './parts.ts'

export function addAboutRoutes(api: Api, { config }: Parts): void {
  api.get(
    '/about',
    {
      config: { action: 'anybody' },
      schema: {
        tags: ['about'],
        operationId: 'getAbout',
        summary: 'Whom to ask for help, and whether mails go out',
        response: { 200: aboutSchema },
      },
    },
    async () => ({ supportContact: config.supportContact, sendsMail: config.smtpUrl !== undefined }),
  )
}
