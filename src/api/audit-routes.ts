/** The audit: searched, and as a CSV file; a winery's, and for Support that of all. */

import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { recordAudit } from '../access/audit.ts'
import { exportAudit } from '../access/export-audit.ts'
import { type AuditRecord, searchAudit } from '../access/search-audit.ts'
import { auditFilters, auditSchema } from '../contract/api/audit.ts'
import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { idText, wineryParams } from '../contract/api/parts.ts'
import { sendFile } from './file-answer.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'
import { type Place, places } from './user-routes.ts'

export function addAuditRoutes(api: Api, parts: Parts): void {
  for (const place of places) addRoutes(api, parts, place)
}

function addRoutes(api: Api, { database: { db } }: Parts, place: Place): void {
  const { root, suffix, isWinery } = place
  const config = { action: 'audit.read', wholeWinery: isWinery, installation: !isWinery } as const
  const params = isWinery ? { params: wineryParams } : {}
  const whose = isWinery ? 'of a winery' : 'of all wineries and of the installation'
  const scope = (request: FastifyRequest) => (isWinery ? { wineryId: request.winery.winery_id } : {})

  api.get(
    `${root}/audit`,
    {
      config,
      schema: {
        tags: ['audit'],
        operationId: `searchAudit${suffix}`,
        summary: `The audit ${whose}, the latest first`,
        ...params,
        querystring: pageQuery.extend(auditFilters),
        response: { 200: pageOf(auditSchema) },
      },
    },
    async (request) => {
      const { limit: _, cursor: __, ...filters } = request.query
      const query = { ...scope(request), ...filters }
      return pageOfList<AuditRecord, string>(
        request.query,
        ['audit', query],
        { shape: idText, of: (record) => record.auditId },
        async (after, limit) => (await searchAudit(db, query, { limit, cursor: after ?? undefined })).records,
      )
    },
  )

  api.get(
    `${root}/audit.csv`,
    {
      config,
      schema: {
        tags: ['audit'],
        operationId: `exportAudit${suffix}`,
        summary: `The same as a CSV file, all of it`,
        ...params,
        querystring: z.strictObject(auditFilters),
        response: {
          200: { description: 'A CSV file', content: { 'text/csv': { schema: z.string() } } },
        },
      },
    },
    async (request, reply) => {
      const query = { ...scope(request), ...request.query }
      const wineryId = query.wineryId ?? null
      await recordAudit(db, { wineryId, actor: request.principal, action: 'audit.export' })
      const name = isWinery ? `audit-${request.winery.slug}.csv` : 'audit.csv'
      return sendFile(reply, { name, type: 'text/csv; charset=utf-8', stream: exportAudit(db, query) })
    },
  )
}
