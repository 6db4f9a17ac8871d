/** Brands: list, add, show, change; whether they are pulled every night. */

import { z } from 'zod'
import { brandChange, brandSchema, enabling, newBrand, nightlySchema } from '../contract/api/brand.ts'
import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { brandParams, wineryParams } from '../contract/api/parts.ts'
import { addBrand, type Brand, listBrands } from '../crm/brands.ts'
import { disableBrand, enableBrand, nightlyState } from '../crm/enabling.ts'
import { brandsSeen } from './authorize.ts'
import { camelCaseRow } from './camel-case.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'
import { notThere } from './problems.ts'

export function addBrandRoutes(api: Api, { database: { db } }: Parts): void {
  const shown = async (brand: Pick<Brand, 'winery_id' | 'brand_id'>) => {
    const [row] = await listBrands(db, brand.winery_id, { only: [brand.brand_id] })
    if (!row) throw notThere()
    return camelCaseRow(row)
  }

  api.get(
    '/wineries/:winery/brands',
    {
      config: { action: 'wineries.read' },
      schema: {
        tags: ['brands'],
        operationId: 'listBrands',
        summary: "The winery's brands, by Brand Code",
        params: wineryParams,
        querystring: pageQuery,
        response: { 200: pageOf(brandSchema) },
      },
    },
    async (request) =>
      pageOfList(
        request.query,
        ['brands', request.winery.winery_id],
        { shape: z.string(), of: (row) => row.brand },
        async (after, limit) => {
          const only = brandsSeen(request)
          const rows = await listBrands(db, request.winery.winery_id, { only, after, limit })
          return rows.map(camelCaseRow)
        },
      ),
  )

  api.post(
    '/wineries/:winery/brands',
    {
      config: { action: 'brands.write', wholeWinery: true },
      schema: {
        tags: ['brands'],
        operationId: 'addBrand',
        summary: 'Add a brand',
        params: wineryParams,
        body: newBrand,
        response: { 200: brandSchema.describe('It was there already, the very same'), 201: brandSchema },
      },
    },
    async ({ winery, body, principal }, reply) => {
      const { brand, outcome } = await addBrand(db, winery.winery_id, { ...body, mustBeNew: true }, principal)
      return reply.code(outcome === 'added' ? 201 : 200).send(await shown(brand))
    },
  )

  api.get(
    '/wineries/:winery/brands/:brand',
    {
      config: { action: 'wineries.read' },
      schema: {
        tags: ['brands'],
        operationId: 'getBrand',
        summary: 'One brand',
        params: brandParams,
        response: { 200: brandSchema },
      },
    },
    ({ brand }) => shown(brand),
  )

  api.patch(
    '/wineries/:winery/brands/:brand',
    {
      config: { action: 'brands.write' },
      schema: {
        tags: ['brands'],
        operationId: 'changeBrand',
        summary: "Change a brand's name or its ids",
        params: brandParams,
        body: brandChange,
        response: { 200: brandSchema },
      },
    },
    async ({ brand, body, principal }) => {
      const given = {
        code: brand.code,
        name: body.name ?? brand.name,
        businessGroupId: body.businessGroupId ?? brand.business_group_id,
        businessId: body.businessId ?? brand.business_id,
      }
      const changed = await addBrand(db, brand.winery_id, given, principal)
      return shown(changed.brand)
    },
  )

  const nightly = async (brand: Brand) => {
    const [state, row] = await Promise.all([nightlyState(db, brand), shown(brand)])
    return {
      ...state,
      winery: row.winery,
      brand: row.brand,
      enabledAt: row.enabledAt,
      hadInitialPull: row.initialPullId !== null,
      unmapped: state.experiencesUnmapped + state.locationsUnmapped,
    }
  }

  api.get(
    '/wineries/:winery/brands/:brand/nightly',
    {
      config: { action: 'settings.read' },
      schema: {
        tags: ['brands'],
        operationId: 'getNightly',
        summary: 'Whether the brand is pulled every night, and what is left to do before',
        params: brandParams,
        response: { 200: nightlySchema },
      },
    },
    ({ brand }) => nightly(brand),
  )

  api.post(
    '/wineries/:winery/brands/:brand/enable',
    {
      config: { action: 'brands.enable' },
      schema: {
        tags: ['brands'],
        operationId: 'enableBrand',
        summary: 'Pull the brand every night, after its initial pull',
        description:
          "Refused unless `unmapped` is what is unmapped at this moment: whoever enables has seen it. `nightlyRelease` is the winery's.",
        params: brandParams,
        body: enabling,
        response: { 200: nightlySchema },
      },
    },
    async ({ brand, body, principal }) => {
      await enableBrand(db, brand, principal, body)
      return nightly(brand)
    },
  )

  api.post(
    '/wineries/:winery/brands/:brand/pause',
    {
      config: { action: 'brands.pause' },
      schema: {
        tags: ['brands'],
        operationId: 'pauseBrand',
        summary: 'No nightly pulls until it is enabled again; nothing stored is changed',
        params: brandParams,
        response: { 200: nightlySchema },
      },
    },
    async ({ brand, principal }) => {
      await disableBrand(db, brand, principal)
      return nightly(brand)
    },
  )
}
