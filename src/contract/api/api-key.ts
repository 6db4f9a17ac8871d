/** API keys of a winery, and an analyst's login to the database. */

import { z } from 'zod'
import { actions } from '../access.ts'
import { instant, winerySlug } from './parts.ts'

const apiKeyId = z.string().min(1).max(100)
const scopes = z.array(z.enum(actions)).describe('What the key may do, at most')

export const apiKeyParams = z.object({ winery: winerySlug, apiKey: apiKeyId })

const facts = {
  apiKeyId,
  name: z.string(),
  start: z.string().describe('How the key begins, to tell keys apart'),
  scopes,
  madeBy: z.object({ userId: z.string(), name: z.string() }),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  expiresAt: instant.nullable(),
}
export const apiKeySchema = z.object(facts).meta({ id: 'ApiKey' })
export const madeApiKeySchema = z
  .object({ ...facts, key: z.string().describe('Shown this once') })
  .meta({ id: 'MadeApiKey' })

export const makingApiKey = z.strictObject({
  name: z.string().max(80),
  scopes: scopes.min(1).max(actions.length),
  expiresAt: instant.nullable().default(null),
})

export const sqlLoginSchema = z
  .object({ url: z.string().describe('A connection string: a secret. It reads the schema `reporting`') })
  .meta({ id: 'SqlLogin' })
