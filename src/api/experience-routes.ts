/** The Tock Experiences List: list, map to reservation types, ignore, undo. */

import { z } from 'zod'
import {
  dryRun,
  experienceMapping,
  experienceParams,
  experienceSchema,
  ignoredExperience,
  ignoring,
  mappedExperience,
  mappingStates,
} from '../contract/api/mapping.ts'
import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { brandCode, wineryParams } from '../contract/api/parts.ts'
import { ignoreExperience, mapExperience, pageOfExperiences, unmapExperience } from '../crm/experiences.ts'
import { similarEntries } from '../crm/list-entries.ts'
import { brandsAsked } from './authorize.ts'
import { camelCaseRow } from './camel-case.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'

export function addExperienceRoutes(api: Api, { database: { db } }: Parts): void {
  api.get(
    '/wineries/:winery/experiences',
    {
      config: { action: 'mapping.read' },
      schema: {
        tags: ['mapping'],
        operationId: 'listExperiences',
        summary: 'The Tock Experiences List: what pulls have seen, by brand and id',
        params: wineryParams,
        querystring: pageQuery.extend({
          brand: brandCode.optional(),
          state: z.enum(mappingStates).optional(),
        }),
        response: { 200: pageOf(experienceSchema) },
      },
    },
    async (request) => {
      const { winery, query } = request
      const brandIds = await brandsAsked(request, db, query.brand)
      return pageOfList(
        query,
        ['experiences', winery.winery_id, brandIds, query.state],
        {
          shape: z.tuple([z.string(), z.string()]),
          of: (row): [string, string] => [row.brand, row.experienceId],
        },
        async (after, limit) => {
          const part = { brandIds, state: query.state, after, limit }
          const rows = await pageOfExperiences(db, winery.winery_id, part)
          const names = rows.map((row) => (row.reservation_type === null ? row.name : null))
          const similar = await similarEntries(db, winery.winery_id, 'reservation type', names)
          return rows.map((row, index) => ({ ...camelCaseRow(row), suggestions: similar[index] ?? [] }))
        },
      )
    },
  )

  api.put(
    '/wineries/:winery/brands/:brand/experiences/:experience/mapping',
    {
      config: { action: 'mapping.write' },
      schema: {
        tags: ['mapping'],
        operationId: 'mapExperience',
        summary: 'Give an experience its reservation type; past reservations get it too',
        params: experienceParams,
        body: experienceMapping,
        response: { 200: mappedExperience },
      },
    },
    async ({ brand, params, body, principal }) => {
      const { create = false, dryRun = false, ...given } = body
      const asked = { ...given, create, dryRun, experienceId: params.experience }
      return { ...(await mapExperience(db, brand, asked, principal)), dryRun }
    },
  )

  api.delete(
    '/wineries/:winery/brands/:brand/experiences/:experience/mapping',
    {
      config: { action: 'mapping.write' },
      schema: {
        tags: ['mapping'],
        operationId: 'unmapExperience',
        summary: 'Undo: the experience has no reservation type again',
        params: experienceParams,
        querystring: z.strictObject({
          dryRun: z
            .stringbool()
            .optional()
            .describe(dryRun.description ?? ''),
        }),
        response: { 200: mappedExperience },
      },
    },
    async ({ brand, params, query: { dryRun = false }, principal }) => {
      const undone = await unmapExperience(db, brand, { experienceId: params.experience, dryRun }, principal)
      return { ...undone, reservationType: null, notAVisit: false, sharedWith: 0, dryRun }
    },
  )

  api.put(
    '/wineries/:winery/brands/:brand/experiences/:experience/ignored',
    {
      config: { action: 'mapping.write' },
      schema: {
        tags: ['mapping'],
        operationId: 'ignoreExperience',
        summary:
          'Take an experience off the to-do list, or put it back; its reservations are kept all the same',
        params: experienceParams,
        body: ignoring,
        response: { 200: ignoredExperience },
      },
    },
    ({ brand, params, body, principal }) =>
      ignoreExperience(db, brand, params.experience, body.ignored, principal),
  )
}
