/** The OpenAPI 3.1 document, made from the very schemas that check requests and answers. */

import { readFileSync } from 'node:fs'
import swagger from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { cookiePrefix } from '../access/make-auth.ts'
import type { Action } from '../contract/access.ts'
import type { Api } from './parts.ts'

export async function addOpenApi(api: Api): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: {
        title: 'eCELLAR Tock Integration',
        version: programVersion(),
        description:
          "A winery's Tock reservations and guests in its eCELLAR database. How to begin, paging, problems, idempotency, live progress: docs/api.md.",
        license: { name: 'Proprietary', url: 'https://example.com/license' },
      },
      servers: [{ url: '/' }],
      security: [{ session: [] }, { apiKey: [] }],
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: `${cookiePrefix}.session_token`,
            description: 'The cookie that sign-in under `/api/auth/` sets',
          },
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key of a winery; it may do what its scopes name',
          },
        },
      },
      tags: tags.map(([name, description]) => ({ name, description })),
    },
    transform: (document) => {
      const transformed = jsonSchemaTransform(document as Parameters<typeof jsonSchemaTransform>[0])
      const action = document.route.config?.action
      return { ...transformed, schema: { ...transformed.schema, ...accessOf(action) } }
    },
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  })
}

export function addOpenApiRoute(api: Api): void {
  api.get(
    '/openapi.json',
    {
      config: { action: 'anybody' },
      schema: {
        tags: ['about'],
        operationId: 'getOpenApi',
        summary: 'This document',
        response: { 200: z.looseObject({ openapi: z.string() }).describe('OpenAPI 3.1') },
      },
    },
    async () => api.swagger() as { openapi: string },
  )
}

const tags = [
  ['about', 'The API and whoever asks'],
  ['wineries', 'Wineries, one customer base each'],
  ['brands', 'Brands, each with its one business in Tock; their nightly pulls'],
  ['settings', 'Web Store Settings, shared addresses, lists of names'],
  ['pulls', 'Pulls: ask for them, follow them, decide on them'],
  ['mapping', 'Tock experiences to reservation types, seating areas to locations'],
  ['exceptions', 'What needs a person'],
  ['segments', 'Customers by what they are and did: count, explain, export'],
  ['customers', 'Customers: search, card, release, consent, import; what is kept of a person, and its end'],
  ['reservations', 'Reservations over all brands'],
  ['keys', 'The Tock key: asked for, tested, confirmed, revoked; never shown'],
  ['hand-over', 'For the holder of a one-time link'],
  ['guests', 'Who sees guests in full'],
  ['operation', 'Mails, alerts, the queue'],
  ['users', 'Users, invitations, API keys, the SQL login'],
  ['audit', 'Who did what when'],
] as const

/** Who may, for readers of the document. */
function accessOf(action: Action | 'anybody' | 'anybody signed in' | undefined) {
  if (action === 'anybody') return { security: [] }
  return { 'x-action': action }
}

type Document = { components?: { schemas?: Record<string, unknown> } }

/** Each named shape comes as one that is sent and one that is received; most are only one of the two. */
function withoutUnused<Whole extends object>(document: Whole): Whole {
  const { components } = document as Document
  const isUsed = (name: string) => JSON.stringify(document).includes(`"#/components/schemas/${name}"`)
  for (;;) {
    const unused = Object.keys(components?.schemas ?? {}).filter((name) => !isUsed(name))
    if (unused.length === 0) return document
    for (const name of unused) delete components?.schemas?.[name]
  }
}

function programVersion(): string {
  return String(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version)
}
