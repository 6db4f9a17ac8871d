/** Releasing customers for marketing: looked at first, done, listed, taken back. */

import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { idText, wineryParams } from '../contract/api/parts.ts'
import {
  releasedSchema,
  releaseParams,
  releaseSchema,
  releasing,
  takenBackSchema,
} from '../contract/api/release.ts'
import { releaseCustomers } from '../crm/customers-release.ts'
import { listReleases, takeBackRelease } from '../crm/customers-take-back.ts'
import { effectsOfReleasing, whomToRelease } from '../segments/release-effects.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'

export function addReleaseRoutes(api: Api, { database: { db }, clock }: Parts): void {
  api.post(
    '/wineries/:winery/releases',
    {
      config: { action: 'customers.release', wholeWinery: true },
      schema: {
        tags: ['customers'],
        operationId: 'releaseCustomers',
        summary: 'Release customers for marketing, or say how many it would be and what campaigns would do',
        params: wineryParams,
        body: releasing,
        response: { 200: releasedSchema },
      },
    },
    async ({ winery, body, principal }) => {
      const place = { db, wineryId: winery.winery_id, now: clock() }
      const { atMost, dryRun, expected } = body
      const whom = await whomToRelease(place, body.whom)
      // Before it: afterwards they are in the audience already.
      const campaigns = await effectsOfReleasing(place, whom, { atMost })
      const released = await releaseCustomers({ ...place, actor: principal, atMost, dryRun, expected }, whom)
      return { ...released, campaigns }
    },
  )

  api.get(
    '/wineries/:winery/releases',
    {
      config: { action: 'customers.read', wholeWinery: true },
      schema: {
        tags: ['customers'],
        operationId: 'listReleases',
        summary: 'Past releases for marketing, the latest first',
        params: wineryParams,
        querystring: pageQuery,
        response: { 200: pageOf(releaseSchema) },
      },
    },
    ({ winery, query }) =>
      pageOfList(
        query,
        ['releases', winery.winery_id],
        { shape: idText, of: (row) => row.releaseId },
        (after, limit) => listReleases(db, winery.winery_id, { after, limit }),
      ),
  )

  api.post(
    '/wineries/:winery/releases/:release/take-back',
    {
      config: { action: 'customers.release', wholeWinery: true },
      schema: {
        tags: ['customers'],
        operationId: 'takeBackRelease',
        summary: 'Take a release back; whom an export has carried since stays released',
        params: releaseParams,
        response: { 200: takenBackSchema },
      },
    },
    ({ winery, params, principal }) =>
      takeBackRelease({ db, wineryId: winery.winery_id, actor: principal }, params.release),
  )
}
