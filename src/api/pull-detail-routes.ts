/** What people look at beside a pull's report: its files, what a preview found, and, as a file, whom. */

import { z } from 'zod'
import { recordAudit } from '../access/audit.ts'
import { detailsSchema, peopleQuery, pullParams } from '../contract/api/pull.ts'
import { previewPeopleCsv } from '../pull/preview-people.ts'
import { readDetails } from '../pull/pull-details.ts'
import { pageOfPulls } from '../pull/read-report.ts'
import { brandsSeen } from './authorize.ts'
import type { Api, Parts } from './parts.ts'
import { notThere } from './problems.ts'

export function addPullDetailRoutes(api: Api, { database: { db } }: Parts): void {
  /** @throws not_found for one of another winery, or of a brand that is not to be seen */
  const pullAsked = async (request: Parameters<typeof brandsSeen>[0] & { params: { pull: string } }) => {
    const { winery_id: wineryId } = request.winery
    const { pull: pullId } = request.params
    const part = { brandIds: brandsSeen(request), pullId, before: null, limit: 1 }
    if ((await pageOfPulls(db, wineryId, part)).length === 0) throw notThere()
    return { wineryId, pullId }
  }

  api.get(
    '/wineries/:winery/pulls/:pull/details',
    {
      config: { action: 'pulls.read' },
      schema: {
        tags: ['pulls'],
        operationId: 'getPullDetails',
        summary: "A pull's files, what the guard looked at, and what a preview found",
        params: pullParams,
        response: { 200: detailsSchema },
      },
    },
    async (request) => ({ details: await readDetails(db, await pullAsked(request)) }),
  )

  api.get(
    '/wineries/:winery/pulls/:pull/people.csv',
    {
      config: { action: 'guests.in-full' },
      schema: {
        tags: ['pulls'],
        operationId: 'downloadPreviewPeople',
        summary:
          'Whom a preview found: who would be created, who is a customer already, who is left out and why',
        description: "Of a brand's latest preview, for a week; of others only the first line.",
        params: pullParams,
        querystring: peopleQuery,
        response: {
          200: { description: 'A CSV file', content: { 'text/csv': { schema: z.string() } } },
        },
      },
    },
    async (request, reply) => {
      const pull = await pullAsked(request)
      const outcome = request.query.outcome ?? null
      await recordAudit(db, {
        wineryId: pull.wineryId,
        actor: request.principal,
        action: 'guests.in-full',
        subject: `pull ${pull.pullId}`,
        details: { downloaded: outcome ?? 'all guests' },
      })
      return reply
        .type('text/csv; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="preview-${pull.pullId}-guests.csv"`)
        .send(previewPeopleCsv(db, pull, outcome) as never)
    },
  )
}
