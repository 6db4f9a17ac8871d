/** Users and invitations. */

import { z } from 'zod'
import { roleSchema } from '../access.ts'
import { brandCode, idText, instant, winerySlug } from './parts.ts'

const userId = z.string().min(1).max(100)
const brands = z.array(brandCode).max(500).nullable().describe('Only these brands; null: all of the winery')
const email = z.string().min(3).max(320)

export const userParams = z.object({ user: userId })
export const userOfWineryParams = userParams.extend({ winery: winerySlug })
export const invitationParams = z.object({ invitation: idText })
export const invitationOfWineryParams = invitationParams.extend({ winery: winerySlug })

export const userSchema = z
  .object({
    userId,
    name: z.string(),
    email: z.string(),
    role: roleSchema,
    brands,
    twoFactor: z.boolean(),
    lastSignedInAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'User' })

export const userChange = z.strictObject({ role: roleSchema.optional(), brands: brands.optional() })

export const removedSchema = z.object({ revokedKeys: z.int().describe('API keys that the user had made') })

export const invitationSchema = z
  .object({
    invitationId: idText,
    email: z.string().nullable().describe('null: the link for the first Support user'),
    role: roleSchema,
    winery: z.string().nullable().describe("The winery's name; null: the installation"),
    brands,
    invitedBy: z.string(),
    expiresAt: instant,
  })
  .meta({ id: 'Invitation' })

export const inviting = z.strictObject({ email, role: roleSchema, brands: brands.default(null) })

const token = z.string().min(1).max(200).describe('Of the link in the mail')
export const invitationShown = z.strictObject({ token })
export const joining = z.strictObject({
  token,
  name: z.string().trim().min(1).max(200),
  password: z.string().min(1).max(1000),
  email: email.optional().describe('Where the invitation names none'),
})
export const joinedSchema = z.object({ userId, email: z.string() })
