/** The history of exports: what left, when, with whom. */

import { pageOf } from '../contract/api/paging.ts'
import { idText, wineryParams } from '../contract/api/parts.ts'
import { pastExportSchema, pastExportsQuery } from '../contract/api/past-export.ts'
import { listPastExports } from '../crm/past-exports.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'

export function addPastExportRoutes(api: Api, { database: { db } }: Parts): void {
  api.get(
    '/wineries/:winery/exports',
    {
      config: { action: 'exports.read', wholeWinery: true },
      schema: {
        tags: ['customers'],
        operationId: 'listExports',
        summary: 'Exports of customers that were made, the latest first',
        params: wineryParams,
        querystring: pastExportsQuery,
        response: { 200: pageOf(pastExportSchema) },
      },
    },
    ({ winery, query }) =>
      pageOfList(
        query,
        ['exports', winery.winery_id, query.segment],
        { shape: idText, of: (row) => row.exportId },
        (after, limit) => listPastExports(db, winery.winery_id, { after, limit, segmentId: query.segment }),
      ),
  )
}
