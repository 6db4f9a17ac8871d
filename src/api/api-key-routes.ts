/** API keys of a winery; an analyst's login to the database. */

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { analystUrl } from '../access/analyst-login.ts'
import { recordAudit } from '../access/audit.ts'
import {
  apiKeyParams,
  apiKeySchema,
  madeApiKeySchema,
  makingApiKey,
  sqlLoginSchema,
} from '../contract/api/api-key.ts'
import { wineryParams } from '../contract/api/parts.ts'
import type { Api, Parts } from './parts.ts'

export function addApiKeyRoutes(api: Api, { access, database, secrets }: Parts): void {
  /** An analyst, and whoever is limited to brands, sees and ends his own; Support and the winery admin everybody's. */
  const keysOf = ({ winery, principal }: FastifyRequest) => ({
    wineryId: winery.winery_id,
    ...(principal.role === 'analyst' || principal.brandIds !== null ? { madeBy: principal.id } : {}),
  })

  api.get(
    '/wineries/:winery/api-keys',
    {
      config: { action: 'api-keys.read' },
      schema: {
        tags: ['users'],
        operationId: 'listApiKeys',
        summary: 'API keys of a winery; an analyst sees his own',
        params: wineryParams,
        response: { 200: z.object({ items: z.array(apiKeySchema) }) },
      },
    },
    async (request) => ({ items: await access.apiKeys.list(keysOf(request)) }),
  )

  api.post(
    '/wineries/:winery/api-keys',
    {
      config: { action: 'api-keys.write' },
      schema: {
        tags: ['users'],
        operationId: 'makeApiKey',
        summary: 'Make an API key; it acts for you, within its scopes, and is shown this once',
        params: wineryParams,
        body: makingApiKey,
        response: { 201: madeApiKeySchema },
      },
    },
    async ({ body, principal }, reply) =>
      reply.code(201).send(await access.apiKeys.make({ principal, ...body })),
  )

  api.delete(
    '/wineries/:winery/api-keys/:apiKey',
    {
      config: { action: 'api-keys.revoke' },
      schema: {
        tags: ['users'],
        operationId: 'revokeApiKey',
        summary: 'End an API key, at once; an analyst ends his own',
        params: apiKeyParams,
        response: { 204: z.undefined().describe('Done') },
      },
    },
    async (request, reply) => {
      const { params, principal } = request
      await access.apiKeys.revoke({ actor: principal, apiKeyId: params.apiKey, ...keysOf(request) })
      return reply.code(204).send()
    },
  )

  api.get(
    '/wineries/:winery/sql-login',
    {
      config: { action: 'sql-login.read', wholeWinery: true },
      schema: {
        tags: ['users'],
        operationId: 'getSqlLogin',
        summary: "The analysts' login to the database: one per winery, it sees that winery alone",
        params: wineryParams,
        response: { 200: sqlLoginSchema },
      },
    },
    async ({ winery, principal }) => {
      const wineryId = winery.winery_id
      const { db, url: ownerUrl } = database
      const url = await analystUrl({ db, secrets, ownerUrl, wineryId })
      await recordAudit(db, { wineryId, actor: principal, action: 'sql-login.read' })
      return { url }
    },
  )
}
