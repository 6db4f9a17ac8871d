/** Doubtful matches: the queue with both sides, one of them. What is decided goes by the exceptions' routes. */

import { doubtfulMatchSchema, doubtfulQuery } from '../contract/api/doubtful-match.ts'
import { exceptionParams } from '../contract/api/exception.ts'
import { pageOf } from '../contract/api/paging.ts'
import { idText, wineryParams } from '../contract/api/parts.ts'
import { type DoubtfulMatch, pageOfMatches, readMatch } from '../crm/doubtful-matches/list-matches.ts'
import { brandsAsked, brandsSeen } from './authorize.ts'
import { camelCaseRow } from './camel-case.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'

export function addDoubtfulMatchRoutes(api: Api, { database: { db } }: Parts): void {
  api.get(
    '/wineries/:winery/doubtful-matches',
    {
      config: { action: 'exceptions.read' },
      schema: {
        tags: ['exceptions'],
        operationId: 'listDoubtfulMatches',
        summary:
          'Matches that need a person, with both sides; or those that were decided, with what came of it',
        params: wineryParams,
        querystring: doubtfulQuery,
        response: { 200: pageOf(doubtfulMatchSchema) },
      },
    },
    async (request) => {
      const { winery, query } = request
      const { code, state } = query
      const viewer = { brandIds: brandsSeen(request) }
      const brandIds = await brandsAsked(request, db, query.brand)
      return pageOfList(
        query,
        ['doubtful matches', winery.winery_id, brandIds, code, state],
        { shape: idText, of: (row) => row.exceptionId },
        async (before, limit) => {
          const codes = code && [code]
          const part = { brandIds, codes, state, before, limit }
          return (await pageOfMatches(db, winery.winery_id, viewer, part)).map(shownMatch)
        },
      )
    },
  )

  api.get(
    '/wineries/:winery/doubtful-matches/:exception',
    {
      config: { action: 'exceptions.read' },
      schema: {
        tags: ['exceptions'],
        operationId: 'getDoubtfulMatch',
        summary: 'One doubtful match, with both sides',
        params: exceptionParams,
        response: { 200: doubtfulMatchSchema },
      },
    },
    async (request) => {
      const viewer = { brandIds: brandsSeen(request) }
      const { winery, params } = request
      return shownMatch(await readMatch(db, winery.winery_id, params.exception, viewer))
    },
  )
}

function shownMatch({ sides, partyNames, decisions, ...row }: DoubtfulMatch) {
  return { ...camelCaseRow(row), sides, partyNames, decisions: [...decisions] }
}
