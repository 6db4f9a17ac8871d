/** Audiences of campaigns that are scheduled elsewhere: marked, unmarked, and what would happen to them. */

import { campaignMark, campaignsSchema } from '../contract/api/campaign.ts'
import { wineryParams } from '../contract/api/parts.ts'
import { savedSegmentSchema } from '../contract/api/segment.ts'
import { segmentParams } from '../contract/api/segment-history.ts'
import { listCampaigns } from '../segments/campaigns.ts'
import { markCampaign } from '../segments/saved-segments.ts'
import type { Api, Parts } from './parts.ts'

export function addCampaignRoutes(api: Api, { database: { db }, clock }: Parts): void {
  api.get(
    '/wineries/:winery/campaigns',
    {
      config: { action: 'segments.read', wholeWinery: true },
      schema: {
        tags: ['segments'],
        operationId: 'listCampaigns',
        summary: 'Segments that are audiences of scheduled campaigns: who gets their mail, and who waits',
        params: wineryParams,
        response: { 200: campaignsSchema },
      },
    },
    async ({ winery }) => ({ items: await listCampaigns(db, winery.winery_id, clock()) }),
  )

  api.put(
    '/wineries/:winery/segments/:segment/campaign',
    {
      config: { action: 'segments.write', wholeWinery: true },
      schema: {
        tags: ['segments'],
        operationId: 'markCampaign',
        summary: 'Mark a segment as the audience of a campaign that is scheduled elsewhere',
        params: segmentParams,
        body: campaignMark,
        response: { 200: savedSegmentSchema },
      },
    },
    ({ winery, params, body, principal }) =>
      markCampaign(
        { db, wineryId: winery.winery_id, actor: principal },
        { segmentId: params.segment },
        { name: body.name, at: body.at },
      ),
  )

  api.delete(
    '/wineries/:winery/segments/:segment/campaign',
    {
      config: { action: 'segments.write', wholeWinery: true },
      schema: {
        tags: ['segments'],
        operationId: 'unmarkCampaign',
        summary: 'The segment is the audience of no campaign any more',
        params: segmentParams,
        response: { 200: savedSegmentSchema },
      },
    },
    ({ winery, params, principal }) =>
      markCampaign({ db, wineryId: winery.winery_id, actor: principal }, { segmentId: params.segment }, null),
  )
}
