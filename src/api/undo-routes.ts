/** Taking back what an initial pull brought, or the customers that a pull created. */

import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { idText, wineryParams } from '../contract/api/parts.ts'
import { pullParams } from '../contract/api/pull.ts'
import { pastUndoSchema, undoAsked, undoneSchema } from '../contract/api/undo.ts'
import { pageOfPulls } from '../pull/read-report.ts'
import { listPastUndos } from '../pull/undo/past-undos.ts'
import { undoPull } from '../pull/undo/undo-pull.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'
import { notThere } from './problems.ts'

export function addUndoRoutes(api: Api, { database: { db } }: Parts): void {
  api.post(
    '/wineries/:winery/pulls/:pull/undo',
    {
      config: { action: 'pulls.undo', wholeWinery: true },
      schema: {
        tags: ['pulls'],
        operationId: 'undoPull',
        summary: 'Take a pull back, or say what would go and what would stay',
        params: pullParams,
        body: undoAsked,
        response: { 200: undoneSchema },
      },
    },
    async ({ winery, params, body, principal }) => {
      const own = await pageOfPulls(db, winery.winery_id, {
        brandIds: null,
        pullId: params.pull,
        before: null,
        limit: 1,
      })
      if (own.length === 0) throw notThere()
      const { what, why, dryRun } = body
      return undoPull({ db, actor: principal, why, dryRun }, params.pull, what)
    },
  )

  api.get(
    '/wineries/:winery/undone-pulls',
    {
      config: { action: 'pulls.read', wholeWinery: true },
      schema: {
        tags: ['pulls'],
        operationId: 'listUndonePulls',
        summary: 'Pulls that were taken back, the latest first',
        params: wineryParams,
        querystring: pageQuery.extend({ pull: idText.optional() }),
        response: { 200: pageOf(pastUndoSchema) },
      },
    },
    ({ winery, query: { pull, ...query } }) =>
      pageOfList(
        query,
        ['undone-pulls', winery.winery_id, pull],
        { shape: idText, of: (row) => row.undoId },
        (after, limit) => listPastUndos(db, winery.winery_id, { after, limit, pullId: pull }),
      ),
  )
}
