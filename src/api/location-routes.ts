/** Tock's seating areas: list, map to locations, undo; without an area it is the brand's default. */

import { z } from 'zod'
import {
  dryRun,
  locationMapping,
  locationSchema,
  mappedLocation,
  mappingStates,
  seatingAreaParams,
} from '../contract/api/mapping.ts'
import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { brandCode, brandParams, wineryParams } from '../contract/api/parts.ts'
import { similarEntries } from '../crm/list-entries.ts'
import { mapLocation, pageOfLocations } from '../crm/locations.ts'
import { brandsAsked } from './authorize.ts'
import { camelCaseRow } from './camel-case.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'

const undoQuery = z.strictObject({
  dryRun: z
    .stringbool()
    .optional()
    .describe(dryRun.description ?? ''),
})

export function addLocationRoutes(api: Api, { database: { db } }: Parts): void {
  api.get(
    '/wineries/:winery/locations',
    {
      config: { action: 'mapping.read' },
      schema: {
        tags: ['mapping'],
        operationId: 'listLocations',
        summary: "The seating areas that pulls have seen, by brand and id; each brand's default comes first",
        params: wineryParams,
        querystring: pageQuery.extend({
          brand: brandCode.optional(),
          state: z.enum(mappingStates).exclude(['ignored']).optional(),
        }),
        response: { 200: pageOf(locationSchema) },
      },
    },
    async (request) => {
      const { winery, query } = request
      const brandIds = await brandsAsked(request, db, query.brand)
      return pageOfList(
        query,
        ['locations', winery.winery_id, brandIds, query.state],
        {
          shape: z.tuple([z.string(), z.string()]),
          of: (row): [string, string] => [row.brand, row.seatingAreaId ?? ''],
        },
        async (after, limit) => {
          const part = { brandIds, state: query.state, after, limit }
          const rows = await pageOfLocations(db, winery.winery_id, part)
          const names = rows.map((row) => (row.own_location === null ? row.seating_area : null))
          const similar = await similarEntries(db, winery.winery_id, 'location', names)
          return rows.map((row, index) => ({ ...camelCaseRow(row), suggestions: similar[index] ?? [] }))
        },
      )
    },
  )

  api.put(
    '/wineries/:winery/brands/:brand/seating-areas/:seatingArea/location',
    {
      config: { action: 'mapping.write' },
      schema: {
        tags: ['mapping'],
        operationId: 'mapSeatingArea',
        summary: 'Give a seating area its location; past reservations get it too',
        params: seatingAreaParams,
        body: locationMapping,
        response: { 200: mappedLocation },
      },
    },
    async ({ brand, params, body, principal }) => {
      const { create = false, dryRun = false, location } = body
      const asked = { seatingAreaId: params.seatingArea, location, create, dryRun }
      return { ...(await mapLocation(db, brand, asked, principal)), dryRun }
    },
  )

  api.delete(
    '/wineries/:winery/brands/:brand/seating-areas/:seatingArea/location',
    {
      config: { action: 'mapping.write' },
      schema: {
        tags: ['mapping'],
        operationId: 'unmapSeatingArea',
        summary: "Undo: the seating area has the brand's default again",
        params: seatingAreaParams,
        querystring: undoQuery,
        response: { 200: mappedLocation },
      },
    },
    async ({ brand, params, query: { dryRun = false }, principal }) => {
      const asked = { seatingAreaId: params.seatingArea, location: null, create: false, dryRun }
      return { ...(await mapLocation(db, brand, asked, principal)), dryRun }
    },
  )

  api.put(
    '/wineries/:winery/brands/:brand/location',
    {
      config: { action: 'mapping.write' },
      schema: {
        tags: ['mapping'],
        operationId: 'mapDefaultLocation',
        summary: "Set the brand's default: the location of whatever has none of its own",
        params: brandParams,
        body: locationMapping,
        response: { 200: mappedLocation },
      },
    },
    async ({ brand, body, principal }) => {
      const { create = false, dryRun = false, location } = body
      return { ...(await mapLocation(db, brand, { location, create, dryRun }, principal)), dryRun }
    },
  )

  api.delete(
    '/wineries/:winery/brands/:brand/location',
    {
      config: { action: 'mapping.write' },
      schema: {
        tags: ['mapping'],
        operationId: 'unmapDefaultLocation',
        summary: 'Undo: the brand has no default location again',
        params: brandParams,
        querystring: undoQuery,
        response: { 200: mappedLocation },
      },
    },
    async ({ brand, query: { dryRun = false }, principal }) => {
      const asked = { location: null, create: false, dryRun }
      return { ...(await mapLocation(db, brand, asked, principal)), dryRun }
    },
  )
}
