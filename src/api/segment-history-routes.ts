/** A segment over time: who entered and left it and why, its size, and the entries that wait for a person. */

import { pageOf } from '../contract/api/paging.ts'
import { idText } from '../contract/api/parts.ts'
import {
  entriesConfirmed,
  entriesToConfirm,
  segmentHistoryQuery,
  segmentHistorySchema,
  segmentMoveSchema,
  segmentMovesQuery,
  segmentParams,
} from '../contract/api/segment-history.ts'
import { confirmEntries, listMoves, readSegmentHistory } from '../segments/segment-history.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'

export function addSegmentHistoryRoutes(api: Api, { database: { db }, clock }: Parts): void {
  api.get(
    '/wineries/:winery/segments/:segment/history',
    {
      config: { action: 'segments.read', wholeWinery: true },
      schema: {
        tags: ['segments'],
        operationId: 'getSegmentHistory',
        summary: 'How many entered and left lately and why, how many wait, and the size over time',
        params: segmentParams,
        querystring: segmentHistoryQuery,
        response: { 200: segmentHistorySchema },
      },
    },
    ({ winery, params, query }) => {
      const now = clock()
      const since = new Date(now.getTime() - query.days * 86_400_000)
      return readSegmentHistory(db, winery.winery_id, params.segment, { since, now })
    },
  )

  api.get(
    '/wineries/:winery/segments/:segment/moves',
    {
      config: { action: 'segments.read', wholeWinery: true },
      schema: {
        tags: ['segments'],
        operationId: 'listSegmentMoves',
        summary: 'Who entered a segment and who left it, and why; the latest first',
        params: segmentParams,
        querystring: segmentMovesQuery,
        response: { 200: pageOf(segmentMoveSchema) },
      },
    },
    ({ winery, params, query }) => {
      const { entered, waiting, because } = query
      const is = (flag: 'true' | 'false' | undefined) => (flag === undefined ? undefined : flag === 'true')
      return pageOfList(
        query,
        ['moves', winery.winery_id, params.segment, entered, waiting, because],
        { shape: idText, of: (row) => row.moveId },
        (after, limit) =>
          listMoves(
            db,
            winery.winery_id,
            params.segment,
            { after, limit },
            { entered: is(entered), waiting: is(waiting), because },
          ),
      )
    },
  )

  api.post(
    '/wineries/:winery/segments/:segment/confirm',
    {
      config: { action: 'segments.write', wholeWinery: true },
      schema: {
        tags: ['segments'],
        operationId: 'confirmSegmentEntries',
        summary: 'Let scheduled exports carry who entered by an initial pull, a mapping or a decision',
        params: segmentParams,
        body: entriesToConfirm,
        response: { 200: entriesConfirmed },
      },
    },
    ({ winery, params, body, principal }) =>
      confirmEntries(
        { db, wineryId: winery.winery_id, actor: principal, now: clock() },
        { segmentId: params.segment },
        body.upTo,
      ),
  )
}
