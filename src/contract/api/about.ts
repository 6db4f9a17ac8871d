/** What anybody may know of this installation, signed in or not. */

import { z } from 'zod'

export const aboutSchema = z
  .object({
    supportContact: z.string().describe('Whom "Still need help? Contact us" names: SUPPORT_CONTACT'),
  })
  .meta({ id: 'About' })
