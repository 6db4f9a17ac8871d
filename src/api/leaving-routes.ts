/** A winery that leaves: everything of it as one file, then its end. */

import { z } from 'zod'
import { wineryParams, winerySlug } from '../contract/api/parts.ts'
import { deleteWinery } from '../crm/winery-delete.ts'
import { exportWinery } from '../crm/winery-export.ts'
import { sendFile } from './file-answer.ts'
import type { Api, Parts } from './parts.ts'

export function addLeavingRoutes(api: Api, { database, clock }: Parts): void {
  api.get(
    '/wineries/:winery/export',
    {
      config: { action: 'wineries.export', wholeWinery: true },
      schema: {
        tags: ['wineries'],
        operationId: 'exportWinery',
        summary: 'Everything that is kept of a winery, as one ZIP file; no secrets, all guests',
        params: wineryParams,
        response: {
          200: {
            description: 'A ZIP file',
            content: { 'application/zip': { schema: z.string().meta({ format: 'binary' }) } },
          },
        },
      },
    },
    async ({ winery, principal }, reply) => {
      const { fileName, stream } = await exportWinery({ database, winery, actor: principal, now: clock() })
      return sendFile(reply, { name: fileName, type: 'application/zip', stream })
    },
  )

  api.post(
    '/wineries/:winery/delete',
    {
      config: { action: 'wineries.leave', wholeWinery: true },
      schema: {
        tags: ['wineries'],
        operationId: 'deleteWinery',
        summary: 'Delete a winery with everything that is kept of it, for good',
        params: wineryParams,
        body: z.strictObject({ confirm: winerySlug.describe("The winery's slug once more") }),
        response: {
          200: z.object({
            winery: winerySlug,
            rows: z.record(z.string(), z.int()).describe('How many were deleted, per table'),
          }),
        },
      },
    },
    ({ winery, body, principal }) =>
      deleteWinery({ db: database.db, winery, actor: principal }, body.confirm),
  )
}
