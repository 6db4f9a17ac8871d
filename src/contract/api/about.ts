/** What anybody may know of this installation, signed in or not. */

import { z } from 'zod'

export const aboutSchema = z
  .object({
    supportContact: z.string().describe('Whom "Still need help? Contact us" names: SUPPORT_CONTACT'),
    sendsMail: z
      .boolean()
      .describe('Whether a mail server is set (SMTP_URL); without one mails wait in the outbox'),
  })
  .meta({ id: 'About' })
