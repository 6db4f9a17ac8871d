/** The Tock key, for those who are signed in: test, ask for it, see how it stands, confirm, revoke. */

import { z } from 'zod'
import {
  askedForKey,
  askingForKey,
  confirmedKeys,
  connectionSchema,
  keyConfirmation,
  keyStatusSchema,
  revokedKeys,
} from '../contract/api/key.ts'
import { brandParams, wineryParams } from '../contract/api/parts.ts'
import { listBrandRows } from '../crm/brands.ts'
import { supportAddress } from '../notify/mail-address.ts'
import { askForKey } from '../pull/key-hand-over/ask-for-key.ts'
import { confirmKeys } from '../pull/key-hand-over/confirm-key.ts'
import { readKeyStatus } from '../pull/key-hand-over/key-status.ts'
import { type RevokedKeys, revokeKeys } from '../pull/key-hand-over/revoke-keys.ts'
import { testBrandConnection } from '../pull/test-brand-connection.ts'
import { brandAsked, seesBrand } from './authorize.ts'
import { clientGone } from './client-gone.ts'
import { keyPartsOf, tockOf } from './key-parts.ts'
import type { Api, Parts } from './parts.ts'

export function addKeyRoutes(api: Api, parts: Parts): void {
  const { db } = parts.database

  api.post(
    '/wineries/:winery/brands/:brand/connection-test',
    {
      config: { action: 'connection.test' },
      schema: {
        tags: ['keys'],
        operationId: 'testConnection',
        summary: 'Ask Tock whether key and ids are right, and what it calls the business',
        params: brandParams,
        response: { 200: connectionSchema },
      },
    },
    async ({ winery, brand }, reply) => {
      const found = await testBrandConnection({
        db,
        secrets: parts.secrets,
        winery: winery.slug,
        brand: {
          wineryId: brand.winery_id,
          brandId: brand.brand_id,
          code: brand.code,
          businessId: brand.business_id,
          businessGroupId: brand.business_group_id,
        },
        tock: tockOf(parts),
        signal: clientGone(reply),
      })
      return { winery: winery.slug, brand: brand.code, businessId: brand.business_id, ...found }
    },
  )

  api.get(
    '/wineries/:winery/keys',
    {
      config: { action: 'connection.test' },
      schema: {
        tags: ['keys'],
        operationId: 'listKeys',
        summary: 'How each brand stands with its Tock key',
        params: wineryParams,
        response: { 200: z.object({ items: z.array(keyStatusSchema) }) },
      },
    },
    async ({ winery, principal }) => {
      const keys = await readKeyStatus(db, winery.winery_id, parts.clock())
      return { items: keys.filter(({ brandId }) => seesBrand(principal, brandId)) }
    },
  )

  api.post(
    '/wineries/:winery/key-requests',
    {
      config: { action: 'key.ask', wholeWinery: true },
      schema: {
        tags: ['keys'],
        operationId: 'askForKey',
        summary: 'Ask the winery for its key: makes a one-time link, and mails it',
        params: wineryParams,
        body: askingForKey,
        response: { 201: askedForKey },
      },
    },
    async (request, reply) => {
      const { winery, body, principal } = request
      const all = await listBrandRows(db, winery.winery_id)
      const named = body.brands?.map((code) => brandAsked(request, db, code))
      const brands = named === undefined ? all : await Promise.all(named)
      const asked = await askForKey(keyPartsOf(parts), {
        winery: { wineryId: winery.winery_id, name: winery.name },
        brands: brands.map(({ brand_id: brandId, code, name }) => ({ brandId, code, name })),
        to: body.mailTo === undefined ? winery.reservation_contact : body.mailTo,
        supportMail: supportAddress(parts.config.supportContact),
        actor: principal,
      })
      return reply.code(201).send(asked)
    },
  )

  api.post(
    '/wineries/:winery/keys/confirm',
    {
      config: { action: 'key.hand-over', wholeWinery: true },
      schema: {
        tags: ['keys'],
        operationId: 'confirmKeys',
        summary: 'Confirm keys that were handed over: the businesses are the right ones',
        params: wineryParams,
        body: keyConfirmation,
        response: { 200: confirmedKeys },
      },
    },
    ({ winery, body, principal }) =>
      confirmKeys(keyPartsOf(parts), {
        wineryId: winery.winery_id,
        seen: body.seen,
        actor: principal,
      }),
  )

  api.delete(
    '/wineries/:winery/keys',
    {
      config: { action: 'key.revoke', wholeWinery: true },
      schema: {
        tags: ['keys'],
        operationId: 'revokeKeys',
        summary:
          'Revoke all keys of the winery, stored or on their way, and open links; mapping and history stay',
        params: wineryParams,
        response: { 200: revokedKeys },
      },
    },
    async ({ winery, principal }) =>
      counted(
        await revokeKeys(db, {
          wineryId: winery.winery_id,
          brand: null,
          actor: principal,
          now: parts.clock(),
        }),
      ),
  )

  api.delete(
    '/wineries/:winery/brands/:brand/key',
    {
      config: { action: 'key.revoke' },
      schema: {
        tags: ['keys'],
        operationId: 'revokeKey',
        summary: "Revoke a brand's own key, stored or on its way; mapping and history stay",
        params: brandParams,
        response: { 200: revokedKeys },
      },
    },
    async ({ brand, principal }) =>
      counted(
        await revokeKeys(db, {
          wineryId: brand.winery_id,
          brand: { brandId: brand.brand_id, code: brand.code },
          actor: principal,
          now: parts.clock(),
        }),
      ),
  )
}

function counted({ stored, ...rest }: RevokedKeys): z.infer<typeof revokedKeys> {
  return { ...rest, stored: stored.length }
}
