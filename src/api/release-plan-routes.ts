/** Releases of so many a day: planned after a look, listed, stopped. */

import { wineryParams } from '../contract/api/parts.ts'
import {
  releasePlannedSchema,
  releasePlanning,
  releasePlanParams,
  releasePlanSchema,
  releasePlansSchema,
} from '../contract/api/release-plan.ts'
import { listReleasePlans, planRelease, stopReleasePlan } from '../segments/release-plans.ts'
import type { Api, Parts } from './parts.ts'

export function addReleasePlanRoutes(api: Api, { database: { db }, clock }: Parts): void {
  api.post(
    '/wineries/:winery/release-plans',
    {
      config: { action: 'customers.release', wholeWinery: true },
      schema: {
        tags: ['customers'],
        operationId: 'planRelease',
        summary: 'Release so many customers a day until all are released, or say what that would do',
        params: wineryParams,
        body: releasePlanning,
        response: { 200: releasePlannedSchema },
      },
    },
    ({ winery, body: { dryRun, expected, ...given }, principal }) =>
      planRelease(
        { db, wineryId: winery.winery_id, actor: principal, now: clock(), dryRun, expected },
        given,
      ),
  )

  api.get(
    '/wineries/:winery/release-plans',
    {
      config: { action: 'customers.read', wholeWinery: true },
      schema: {
        tags: ['customers'],
        operationId: 'listReleasePlans',
        summary: 'Planned releases, with what is done and what is to come; the latest first',
        params: wineryParams,
        response: { 200: releasePlansSchema },
      },
    },
    async ({ winery }) => ({ items: await listReleasePlans(db, winery.winery_id, clock()) }),
  )

  api.post(
    '/wineries/:winery/release-plans/:plan/stop',
    {
      config: { action: 'customers.release', wholeWinery: true },
      schema: {
        tags: ['customers'],
        operationId: 'stopReleasePlan',
        summary: 'Stop a planned release; who was released by it stays released',
        params: releasePlanParams,
        response: { 200: releasePlanSchema },
      },
    },
    ({ winery, params, principal }) =>
      stopReleasePlan({ db, wineryId: winery.winery_id, actor: principal, now: clock() }, params.plan),
  )
}
