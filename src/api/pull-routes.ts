/** Pulls of the past: list, show, what they changed; confirm a preview, approve or reject one that waits. */

import { z } from 'zod'
import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { brandParams, idText, wineryParams } from '../contract/api/parts.ts'
import {
  confirmationSchema,
  pullChangeSchema,
  pullFilters,
  pullParams,
  pullSchema,
} from '../contract/api/pull.ts'
import { confirmPreview, lastConfirmation } from '../crm/preview-confirmations.ts'
import { approvePull, rejectPull } from '../pull/decide-waiting.ts'
import { pageOfPullChanges } from '../pull/pull-changes.ts'
import { type ListedPull, pageOfPulls } from '../pull/read-report.ts'
import { brandAsked, brandsAsked, brandsSeen } from './authorize.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'
import { notThere } from './problems.ts'

export function addPullRoutes(api: Api, { database, clock }: Parts): void {
  const { db } = database

  /** @throws not_found for one of another winery, or of a brand that is not to be seen */
  const pullAsked = async (
    request: Parameters<typeof brandsSeen>[0] & { params: { pull: string } },
  ): Promise<ListedPull> => {
    const [pull] = await pageOfPulls(db, request.winery.winery_id, {
      brandIds: brandsSeen(request),
      pullId: request.params.pull,
      before: null,
      limit: 1,
    })
    if (!pull) throw notThere()
    return pull
  }

  api.get(
    '/wineries/:winery/pulls',
    {
      config: { action: 'pulls.read' },
      schema: {
        tags: ['pulls'],
        operationId: 'listPulls',
        summary: 'Pulls of the past with their reports, the newest first',
        params: wineryParams,
        querystring: pageQuery.extend(pullFilters),
        response: { 200: pageOf(pullSchema) },
      },
    },
    async (request) => {
      const { winery, query } = request
      const { kind, status } = query
      const brandIds = await brandsAsked(request, db, query.brand)
      return pageOfList(
        query,
        ['pulls', winery.winery_id, brandIds, kind, status],
        { shape: idText, of: (pull) => pull.pullId },
        (before, limit) => pageOfPulls(db, winery.winery_id, { brandIds, kind, status, before, limit }),
      )
    },
  )

  api.get(
    '/wineries/:winery/pulls/:pull',
    {
      config: { action: 'pulls.read' },
      schema: {
        tags: ['pulls'],
        operationId: 'getPull',
        summary: 'One pull with its report',
        params: pullParams,
        response: { 200: pullSchema },
      },
    },
    (request) => pullAsked(request),
  )

  api.get(
    '/wineries/:winery/pulls/:pull/changes',
    {
      config: { action: 'pulls.changes' },
      schema: {
        tags: ['pulls'],
        operationId: 'listPullChanges',
        summary: 'What a pull changed, field by field',
        params: pullParams,
        querystring: pageQuery.extend({ entity: z.enum(['reservation', 'customer']).optional() }),
        response: { 200: pageOf(pullChangeSchema) },
      },
    },
    async (request) => {
      const { winery, query } = request
      const { pullId } = await pullAsked(request)
      return pageOfList(
        query,
        ['changes', pullId, query.entity],
        { shape: idText, of: (change) => change.changeId },
        (after, limit) =>
          pageOfPullChanges(
            db,
            { wineryId: winery.winery_id, pullId },
            { entity: query.entity, after, limit },
          ),
      )
    },
  )

  api.get(
    '/wineries/:winery/brands/:brand/preview-confirmation',
    {
      config: { action: 'pulls.read' },
      schema: {
        tags: ['pulls'],
        operationId: 'getPreviewConfirmation',
        summary: 'Who confirmed which preview, and whether that still holds',
        params: brandParams,
        response: { 200: z.object({ confirmation: confirmationSchema.nullable() }) },
      },
    },
    async ({ winery, brand }) => {
      const last = await lastConfirmation(db, brand.winery_id, brand.brand_id)
      if (!last) return { confirmation: null }
      const { pullId, confirmedAt, confirmedByName: confirmedBy, voidBecause } = last
      return {
        confirmation: {
          winery: winery.slug,
          brand: brand.code,
          pullId,
          confirmedAt,
          confirmedBy,
          voidBecause,
        },
      }
    },
  )

  api.post(
    '/wineries/:winery/pulls/:pull/confirm',
    {
      config: { action: 'pulls.confirm' },
      schema: {
        tags: ['pulls'],
        operationId: 'confirmPreview',
        summary: "Confirm a preview's numbers: Support may run the initial pull with them then",
        params: pullParams,
        response: { 200: confirmationSchema },
      },
    },
    async (request) => {
      const { principal, winery } = request
      const preview = await pullAsked(request)
      const brand = await brandAsked(request, db, preview.brand)
      const confirmed = await confirmPreview({ db, brand, actor: principal, now: clock() }, preview.pullId)
      return {
        winery: winery.slug,
        brand: brand.code,
        pullId: confirmed.pullId,
        confirmedAt: confirmed.confirmedAt,
        confirmedBy: confirmed.confirmedByName,
        voidBecause: null,
      }
    },
  )

  const decisions = [
    ['approve', 'approvePull', 'Apply a waiting pull: its very snapshot, to the data of today', approvePull],
    ['reject', 'rejectPull', 'Drop a waiting pull', rejectPull],
  ] as const
  for (const [word, operationId, summary, decide] of decisions) {
    api.post(
      `/wineries/:winery/pulls/:pull/${word}`,
      {
        config: { action: 'pulls.decide' },
        schema: {
          tags: ['pulls'],
          operationId,
          summary,
          params: pullParams,
          response: { 200: pullSchema },
        },
      },
      async (request) => {
        const { pullId } = await pullAsked(request)
        await decide(database, pullId, request.principal)
        return pullAsked(request)
      },
    )
  }
}
