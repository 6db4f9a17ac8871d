/** Web Store Settings, shared addresses, and the lists of names behind them. */

import { z } from 'zod'
import { may } from '../access/may.ts'
import { pageOf, pageQuery } from '../contract/api/paging.ts'
import { brandParams, wineryParams, winerySlug } from '../contract/api/parts.ts'
import {
  brandSettingsChange,
  listEntrySchema,
  listSlugs,
  mailPolicyEffects,
  settingsChange,
  settingsSchema,
  sharedAddressesChange,
  sharedAddressesChanged,
  sharedAddressSchema,
} from '../contract/api/settings.ts'
import { Refusal } from '../contract/errors.ts'
import type { ListName } from '../contract/vocabulary.ts'
import { nearEntries, pageOfEntries } from '../crm/list-entries.ts'
import { mailPolicyCounts } from '../crm/mail-policy-counts.ts'
import { changeSettings, pageOfSharedAddresses, showSettings } from '../crm/web-store-settings.ts'
import { brandCodesSeen } from './authorize.ts'
import { camelCaseRow } from './camel-case.ts'
import { pageOfList } from './paging.ts'
import type { Api, Parts } from './parts.ts'

export function addSettingsRoutes(api: Api, { database: { db } }: Parts): void {
  const shown = async (request: Parameters<typeof brandCodesSeen>[0]) => {
    const settings = await showSettings(db, request.winery)
    const seen = await brandCodesSeen(request, db)
    return {
      ...settings,
      brands: settings.brands.filter(({ brand }) => seen === null || seen.includes(brand)),
    }
  }

  api.get(
    '/wineries/:winery/settings',
    {
      config: { action: 'settings.read' },
      schema: {
        tags: ['settings'],
        operationId: 'getSettings',
        summary: "The winery's settings, each brand's own, and what holds in the end",
        params: wineryParams,
        response: { 200: settingsSchema },
      },
    },
    (request) => shown(request),
  )

  api.patch(
    '/wineries/:winery/settings',
    {
      config: { action: 'settings.write', wholeWinery: true },
      schema: {
        tags: ['settings'],
        operationId: 'changeSettings',
        summary: 'Change settings of the winery; what is not named stays as it is',
        params: wineryParams,
        body: settingsChange,
        response: { 200: settingsSchema },
      },
    },
    async (request) => {
      const { winery, body, principal } = request
      const mayAllow = may(principal, 'exports.allow-notes', { wineryId: winery.winery_id })
      if (body.exportNotes !== undefined && !mayAllow) {
        throw new Refusal(
          'invalid',
          'Whether notes may leave in exports is decided by a winery admin.',
          'Leave exportNotes out, or ask a winery admin.',
        )
      }
      await changeSettings(db, winery.winery_id, '0', body, principal)
      return shown(request)
    },
  )

  api.patch(
    '/wineries/:winery/brands/:brand/settings',
    {
      config: { action: 'settings.write' },
      schema: {
        tags: ['settings'],
        operationId: 'changeBrandSettings',
        summary: "What a brand's new customers get, where it is not what the winery's get",
        params: brandParams,
        body: brandSettingsChange,
        response: { 200: settingsSchema },
      },
    },
    async (request) => {
      const { brand, body, principal } = request
      await changeSettings(db, brand.winery_id, brand.brand_id, body, principal)
      return shown(request)
    },
  )

  api.get(
    '/wineries/:winery/mail-policies',
    {
      config: { action: 'settings.read', wholeWinery: true },
      schema: {
        tags: ['settings'],
        operationId: 'getMailPolicyEffects',
        summary: 'How many customers may be mailed under either mail policy, now',
        params: wineryParams,
        response: { 200: mailPolicyEffects },
      },
    },
    ({ winery }) => mailPolicyCounts(db, winery.winery_id),
  )

  api.get(
    '/wineries/:winery/shared-addresses',
    {
      config: { action: 'settings.read' },
      schema: {
        tags: ['settings'],
        operationId: 'listSharedAddresses',
        summary: 'Addresses and domains that become and match no customer',
        params: wineryParams,
        querystring: pageQuery,
        response: { 200: pageOf(sharedAddressSchema) },
      },
    },
    ({ query, winery }) =>
      pageOfList(
        query,
        ['shared-addresses', winery.winery_id],
        { shape: z.string(), of: (row) => row.address ?? '' },
        (after, limit) => pageOfSharedAddresses(db, winery.winery_id, { after, limit }),
      ),
  )

  api.patch(
    '/wineries/:winery/shared-addresses',
    {
      config: { action: 'settings.write', wholeWinery: true },
      schema: {
        tags: ['settings'],
        operationId: 'changeSharedAddresses',
        summary: 'Put addresses and domains on the shared-address list, or take them off',
        params: wineryParams,
        body: sharedAddressesChange,
        response: { 200: sharedAddressesChanged },
      },
    },
    async ({ winery, body: { add = [], remove = [] }, principal }) => {
      const change = { sharedAddresses: add, unsharedAddresses: remove }
      await changeSettings(db, winery.winery_id, '0', change, principal)
      return { added: add.length, removed: remove.length }
    },
  )

  api.get(
    '/wineries/:winery/lists/:list',
    {
      config: { action: 'settings.read' },
      schema: {
        tags: ['settings'],
        operationId: 'listNames',
        summary: 'Customer sources, types, tiers, locations, reservation types: the names that there are',
        params: z.object({ winery: winerySlug, list: z.enum(listSlugs) }),
        querystring: pageQuery.extend({
          near: z
            .string()
            .max(200)
            .optional()
            .describe('Only those that somebody may have meant by this, best first'),
        }),
        response: { 200: pageOf(listEntrySchema) },
      },
    },
    async ({ query: { near, ...query }, params, winery }) => {
      const list = listNameOf[params.list]
      if (near !== undefined) {
        const items = await nearEntries(db, winery.winery_id, list, near)
        return { items: items.map(camelCaseRow), nextCursor: null }
      }
      return pageOfList(
        query,
        ['list', list, winery.winery_id],
        { shape: z.string(), of: (row) => row.name },
        async (after, limit) => {
          const rows = await pageOfEntries(db, winery.winery_id, list, { after, limit })
          return rows.map(camelCaseRow)
        },
      )
    },
  )
}

const listNameOf: Record<(typeof listSlugs)[number], ListName> = {
  'customer-sources': 'customer source',
  'customer-types': 'customer type',
  'allocation-tiers': 'allocation tier',
  locations: 'location',
  'reservation-types': 'reservation type',
}
