/** Imports of eCELLAR's customers: when, by whom, how many. */

import { importSchema } from '../contract/api/customer-writes.ts'
import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { idText, wineryParams } from '../contract/api/parts.ts'
import { pageOfImports } from '../crm/imports-list.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'

export function addImportRoutes(api: Api, { database: { db } }: Parts): void {
  api.get(
    '/wineries/:winery/imports',
    {
      config: { action: 'customers.read' },
      schema: {
        tags: ['customers'],
        operationId: 'listImports',
        summary: "When eCELLAR's customers were imported, the newest first",
        params: wineryParams,
        querystring: pageQuery,
        response: { 200: pageOf(importSchema) },
      },
    },
    ({ winery, query }) =>
      pageOfList(
        query,
        ['imports', winery.winery_id],
        { shape: idText, of: (row) => row.importId },
        (before, limit) => pageOfImports(db, winery.winery_id, { before, limit }),
      ),
  )
}
