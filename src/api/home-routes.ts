/** What the first pages of the console show: one winery, its charts, and for Support all wineries. */

import { z } from 'zod'
import {
  chartsQuery,
  chartsSchema,
  homeSchema,
  wineryStateSchema,
  wineryStatesQuery,
} from '../contract/api/home.ts'
import { pageOf } from '../contract/api/paging.ts'
import { wineryParams } from '../contract/api/parts.ts'
import { readHomeCharts } from '../crm/home-charts.ts'
import { readHomeFigures } from '../crm/home-figures.ts'
import { listWineryStates, type WineryState } from '../crm/winery-states.ts'
import { readAlerts } from '../jobs/read-alerts.ts'
import { brandAsked, brandCodesSeen, brandsSeen } from './authorize.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'

const placeOfState = z.object({ sortedBy: z.string().max(300), winery: z.string() })

export function addHomeRoutes(api: Api, { database: { db }, clock }: Parts): void {
  api.get(
    '/wineries/:winery/home',
    {
      config: { action: 'pulls.read' },
      schema: {
        tags: ['wineries'],
        operationId: 'getHome',
        summary: 'How the winery stands: last pulls, what waits for a person, the next seven days',
        params: wineryParams,
        response: { 200: homeSchema },
      },
    },
    async (request) => {
      const { winery } = request
      const codes = await brandCodesSeen(request, db)
      const alerts = await openAlerts(winery.winery_id)
      return {
        winery: winery.slug,
        ...(await readHomeFigures(db, winery.winery_id, brandsSeen(request), clock())),
        alerts: alerts.filter(({ brand }) => codes === null || codes.includes(brand)),
      }
    },
  )

  api.get(
    '/wineries/:winery/charts',
    {
      config: { action: 'reservations.read' },
      schema: {
        tags: ['wineries'],
        operationId: 'getCharts',
        summary: 'Reservations, guests and visits per week; experiences by status',
        params: wineryParams,
        querystring: chartsQuery,
        response: { 200: chartsSchema },
      },
    },
    async (request) => {
      const { winery, query } = request
      const brands =
        query.brand === undefined
          ? await brandCodesSeen(request, db)
          : [(await brandAsked(request, db, query.brand)).code]
      return readHomeCharts(db, winery.winery_id, {
        winery: winery.slug,
        brands,
        weeks: query.weeks,
        now: clock(),
      })
    },
  )

  api.get(
    '/winery-states',
    {
      config: { action: 'health.read', installation: true },
      schema: {
        tags: ['wineries'],
        operationId: 'listWineryStates',
        summary: 'All wineries, and what is wrong where',
        querystring: wineryStatesQuery,
        response: { 200: pageOf(wineryStateSchema) },
      },
    },
    async ({ query }) => {
      const { q: text, state, sort } = query
      const alerts = await openAlerts()
      const alerted = [...new Set(alerts.map(({ winery }) => winery))]
      const page = await pageOfList<WineryState, z.output<typeof placeOfState>>(
        query,
        ['winery-states', text, state, sort],
        { shape: placeOfState, of: ({ sortedBy, winery }) => ({ sortedBy, winery }) },
        (after, limit) => listWineryStates(db, { text, state, sort, alerted, after, limit }),
      )
      const items = page.items.map((one) => ({
        ...one,
        alerts: alerts.filter(({ winery }) => winery === one.winery),
      }))
      return { ...page, items }
    },
  )

  async function openAlerts(wineryId?: string) {
    const found = await readAlerts(db, { openOnly: true, limit: 1000, ...(wineryId ? { wineryId } : {}) })
    return found.map((alert) => ({ ...alert, raisedAt: new Date(alert.raisedAt) }))
  }
}
