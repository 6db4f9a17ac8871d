/** Exceptions: list, groups, decide, try again. */

import { z } from 'zod'
import {
  exceptionGroupSchema,
  exceptionParams,
  exceptionSchema,
  resolvedSchema,
  resolving,
} from '../contract/api/exception.ts'
import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { brandCode, idText, wineryParams } from '../contract/api/parts.ts'
import { exceptionStates } from '../contract/exception-decisions.ts'
import { exceptionCodes } from '../contract/vocabulary.ts'
import { assertSidesSeen } from '../crm/doubtful-matches/list-matches.ts'
import {
  brandOfException,
  exceptionGroups,
  pageOfExceptions,
  retryExceptions,
} from '../crm/exception-lists.ts'
import { resolveException } from '../crm/exceptions.ts'
import { requestPull } from '../jobs/request-pull.ts'
import { brandsAsked, type brandsSeen, seesBrand } from './authorize.ts'
import { camelCaseRow } from './camel-case.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'
import { notThere } from './problems.ts'

const retried = z.object({
  exceptions: z.int().describe('How many are tried again'),
  requests: z.array(z.object({ brand: brandCode, requestId: idText })).describe('The pulls that do it'),
})

export function addExceptionRoutes(api: Api, { database: { db }, queue }: Parts): void {
  api.get(
    '/wineries/:winery/exceptions',
    {
      config: { action: 'exceptions.read' },
      schema: {
        tags: ['exceptions'],
        operationId: 'listExceptions',
        summary: 'What pulls could not decide, the newest first',
        params: wineryParams,
        querystring: pageQuery.extend({
          brand: brandCode.optional(),
          code: z.enum(exceptionCodes).optional(),
          state: z.enum(exceptionStates).default('open'),
        }),
        response: { 200: pageOf(exceptionSchema) },
      },
    },
    async (request) => {
      const { winery, query } = request
      const { code, state } = query
      const brandIds = await brandsAsked(request, db, query.brand)
      return pageOfList(
        query,
        ['exceptions', winery.winery_id, brandIds, code, state],
        { shape: idText, of: (row) => row.exceptionId },
        async (before, limit) => {
          const codes = code && [code]
          const rows = await pageOfExceptions(db, winery.winery_id, { brandIds, codes, state, before, limit })
          return rows.map(camelCaseRow)
        },
      )
    },
  )

  api.get(
    '/wineries/:winery/exceptions/groups',
    {
      config: { action: 'exceptions.read' },
      schema: {
        tags: ['exceptions'],
        operationId: 'listExceptionGroups',
        summary: 'The open exceptions, counted by brand and code',
        params: wineryParams,
        querystring: z.strictObject({ brand: brandCode.optional() }),
        response: { 200: z.object({ items: z.array(exceptionGroupSchema) }) },
      },
    },
    async (request) => {
      const brandIds = await brandsAsked(request, db, request.query.brand)
      const groups = await exceptionGroups(db, request.winery.winery_id, brandIds)
      return { items: groups.map(camelCaseRow) }
    },
  )

  api.post(
    '/wineries/:winery/exceptions/:exception/resolve',
    {
      config: { action: 'exceptions.decide' },
      schema: {
        tags: ['exceptions'],
        operationId: 'resolveException',
        summary: 'Decide on an exception; it stays closed from then on. Or ask first what that would do',
        params: exceptionParams,
        body: resolving,
        response: { 200: resolvedSchema },
      },
    },
    async (request) => {
      await assertSeen(request)
      const { winery, params, body, principal } = request
      const { decision, why, dryRun } = body
      if (principal.brandIds !== null) {
        await assertSidesSeen(db, winery.winery_id, { brandIds: principal.brandIds }, params.exception)
      }
      return resolveException(db, winery.winery_id, params.exception, decision, why, principal, { dryRun })
    },
  )

  api.post(
    '/wineries/:winery/exceptions/:exception/retry',
    {
      config: { action: 'exceptions.decide' },
      schema: {
        tags: ['exceptions'],
        operationId: 'retryException',
        summary:
          'Work an exception out anew, with a pull of its brand: after a correction in Tock or eCELLAR',
        params: exceptionParams,
        response: { 202: retried },
      },
    },
    async (request, reply) => {
      await assertSeen(request)
      return reply
        .code(202)
        .send(await retry(request, { exceptionId: request.params.exception, brandIds: null }))
    },
  )

  api.post(
    '/wineries/:winery/exceptions/retry',
    {
      config: { action: 'exceptions.decide' },
      schema: {
        tags: ['exceptions'],
        operationId: 'retryExceptions',
        summary: 'Work all open exceptions out anew, with a pull of each brand that has any',
        params: wineryParams,
        body: z.strictObject({ brand: brandCode.optional() }).optional(),
        response: { 202: retried },
      },
    },
    async (request, reply) => {
      const brandIds = await brandsAsked(request, db, request.body?.brand)
      return reply.code(202).send(await retry(request, { brandIds }))
    },
  )

  type Asking = Pick<Parameters<typeof brandsSeen>[0], 'winery' | 'principal'>

  async function assertSeen(request: Asking & { params: { exception: string } }): Promise<void> {
    const brandId = await brandOfException(db, request.winery.winery_id, request.params.exception)
    if (brandId === null || !seesBrand(request.principal, brandId)) throw notThere()
  }

  async function retry(
    { winery, principal }: Asking,
    which: { exceptionId?: string; brandIds: string[] | null },
  ): Promise<z.infer<typeof retried>> {
    const { brands, exceptions } = await retryExceptions(db, winery.winery_id, which, principal)
    const requests = []
    for (const brand of brands) {
      const asked = { winery: winery.slug, brand, kind: 'manual', requestedBy: principal } as const
      requests.push({ brand, requestId: await requestPull(queue, asked) })
    }
    return { exceptions, requests }
  }
}
