/** Wineries: list, add, show, change. */

import { z } from 'zod'
import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { wineryParams } from '../contract/api/parts.ts'
import { newWinery, wineryChange, winerySchema } from '../contract/api/winery.ts'
import { addWinery, changeWinery, listWineries } from '../crm/wineries.ts'
import { camelCaseRow } from './camel-case.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'
import { notThere } from './problems.ts'

export function addWineryRoutes(api: Api, { database: { db } }: Parts): void {
  const shown = async (wineryId: string) => {
    const [row] = await listWineries(db, { only: wineryId })
    if (!row) throw notThere()
    return camelCaseRow(row)
  }

  api.get(
    '/wineries',
    {
      config: { action: 'wineries.read' },
      schema: {
        tags: ['wineries'],
        operationId: 'listWineries',
        summary: 'The wineries that you may see',
        querystring: pageQuery,
        response: { 200: pageOf(winerySchema) },
      },
    },
    async ({ query, principal }) =>
      pageOfList(
        query,
        ['wineries'],
        { shape: z.string(), of: (row) => row.winery },
        async (after, limit) => {
          const rows = await listWineries(db, { only: principal.wineryId, after, limit })
          return rows.map(camelCaseRow)
        },
      ),
  )

  api.post(
    '/wineries',
    {
      config: { action: 'wineries.add' },
      schema: {
        tags: ['wineries'],
        operationId: 'addWinery',
        summary: 'Add a winery',
        body: newWinery,
        response: { 200: winerySchema.describe('It was there already'), 201: winerySchema },
      },
    },
    async ({ body, principal }, reply) => {
      const { winery, outcome } = await addWinery(db, body, principal)
      return reply.code(outcome === 'added' ? 201 : 200).send(await shown(winery.winery_id))
    },
  )

  api.get(
    '/wineries/:winery',
    {
      config: { action: 'wineries.read' },
      schema: {
        tags: ['wineries'],
        operationId: 'getWinery',
        summary: 'One winery',
        params: wineryParams,
        response: { 200: winerySchema },
      },
    },
    ({ winery }) => shown(winery.winery_id),
  )

  api.patch(
    '/wineries/:winery',
    {
      config: { action: 'settings.write', wholeWinery: true },
      schema: {
        tags: ['wineries'],
        operationId: 'changeWinery',
        summary: "Change a winery's name, time zone or reservation contact",
        params: wineryParams,
        body: wineryChange,
        response: { 200: winerySchema },
      },
    },
    async ({ winery, body, principal }) => {
      await changeWinery(db, winery, body, principal)
      return shown(winery.winery_id)
    },
  )
}
