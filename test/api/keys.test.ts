/** The key on its way over HTTP: asked for, handed over without sign-in, confirmed, tested, revoked. Never told again. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type KeyPlace, keyPlace } from '../pull/key-hand-over/key-place.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'
import { person } from './people.ts'

let database: TestDatabase
let place: KeyPlace
let api: ApiForTests
let apiKey: string
let token: string
let receipt: string
beforeAll(async () => {
  database = await freshDatabase()
  place = await keyPlace(database)
  apiKey = place.simulator.businesses[0]?.apiKey ?? ''
  api = await apiForTests(database, {
    parts: {
      config: {
        port: 4000,
        trustedProxies: [],
        publicUrl: 'https://tock.example',
        tockApiUrl: place.simulator.url,
        tockApiUrlIsSet: true,
        supportContact: 'support@example.com',
      },
    },
    people: [
      ['support', person('support')],
      ['admin', person('winery admin', { wineryId: place.wineryId })],
    ],
  })
})
afterAll(async () => {
  await api?.close()
  await place?.close()
  await database?.drop()
})

const winery = () => `wineries/${place.slug}`
const seen = () => [
  { brand: 'CR', businessId: place.cr, businessName: 'Creekside Cellar' },
  { brand: 'JH', businessId: place.jh, businessName: 'Juniper Hill Estate' },
]
const submission = (more: Record<string, unknown> = {}) => ({
  token,
  apiKey,
  businessGroupId: place.groupId,
  businesses: seen().map(({ brand, businessId }) => ({ brand, businessId })),
  ...more,
})

describe('the Tock key', () => {
  it('is asked for by Support, with a link that is told once and mailed', async () => {
    const asked = await api.ask<{ link: string }>('support', 'POST', `${winery()}/key-requests`, {
      body: { mailTo: 'admin@example.com' },
      headers: { 'idempotency-key': 'ask' },
    })
    expect(asked).toMatchObject({ status: 201, body: { mailedTo: 'admin@example.com' } })
    expect(asked.body.link).toMatch(/^https:\/\/tock\.example\/hand-over#/)
    token = new URL(asked.body.link).hash.slice(1)
    const again = await api.ask('support', 'POST', `${winery()}/key-requests`, {
      body: { mailTo: 'admin@example.com' },
      headers: { 'idempotency-key': 'ask' },
    })
    expect(again.body).toEqual(asked.body)
    expect((await api.ask('admin', 'POST', `${winery()}/key-requests`, { body: {} })).status).toBe(403)
    expect((await api.ask('admin', 'GET', `${winery()}/keys`)).body).toMatchObject({
      items: [
        { brand: 'CR', storedFor: null, linkExpiresAt: expect.any(String), handedOver: null },
        { brand: 'JH' },
      ],
    })
  })

  it('is handed over by whoever has the link, tested at once, and what is wrong is told without what was sent', async () => {
    const form = await api.ask(null, 'POST', 'hand-over/open', { body: { token } })
    expect(form).toMatchObject({
      status: 200,
      body: { winery: place.slug, brands: [{ brand: 'CR' }, { brand: 'JH' }] },
    })
    const wrong = await api.ask(null, 'POST', 'hand-over/submit', {
      body: submission({ businessGroupId: apiKey }),
    })
    expect(wrong).toMatchObject({ status: 422, body: { code: 'invalid' } })
    expect(JSON.stringify(wrong.body)).not.toContain(apiKey)
    const sent = await api.ask<{ receipt: string }>(null, 'POST', 'hand-over/submit', { body: submission() })
    expect(sent).toMatchObject({
      status: 200,
      body: {
        brands: [
          { brand: 'CR', state: 'tested', businessName: 'Creekside Cellar' },
          { brand: 'JH', state: 'tested', businessName: 'Juniper Hill Estate' },
        ],
      },
    })
    receipt = sent.body.receipt
    const spent = await api.ask(null, 'POST', 'hand-over/open', { body: { token } })
    expect(spent).toMatchObject({ status: 404, body: { detail: expect.stringContaining('used') } })
  })

  it('is used once a person confirms what Tock calls the businesses', async () => {
    const state = await api.ask(null, 'POST', 'hand-over/state', { body: { receipt } })
    expect(state.body).toMatchObject({ brands: [{ state: 'tested' }, { state: 'tested' }] })
    const other = [{ ...seen()[0], businessName: 'Somebody else' }]
    const stale = await api.ask(null, 'POST', 'hand-over/confirm', { body: { receipt, seen: other } })
    expect(stale).toMatchObject({ status: 422, body: { detail: expect.stringContaining('has changed') } })
    const first = await api.ask(null, 'POST', 'hand-over/confirm', {
      body: { receipt, seen: seen().slice(0, 1) },
    })
    expect(first.body).toMatchObject({ brands: ['CR'], otherBusiness: [] })
    const second = await api.ask('admin', 'POST', `${winery()}/keys/confirm`, {
      body: { seen: seen().slice(1) },
    })
    expect(second.body).toMatchObject({ brands: ['JH'] })
    expect((await api.ask('support', 'GET', `${winery()}/keys`)).body).toMatchObject({
      items: [
        { storedFor: 'brand', handedOver: { state: 'confirmed' } },
        { storedFor: 'brand', handedOver: { state: 'confirmed' } },
      ],
    })
  })

  it('is tested at Tock on demand, with the diagnosis in words', async () => {
    const test = `${winery()}/brands/JH/connection-test`
    expect((await api.ask('admin', 'POST', test)).body).toMatchObject({
      brand: 'JH',
      businessId: place.jh,
      businessName: 'Juniper Hill Estate',
    })
    place.simulator.setFault('down_503')
    expect(await api.ask('admin', 'POST', test)).toMatchObject({
      status: 502,
      body: { code: 'tock_unavailable', detail: expect.stringContaining('does not accept this key') },
    })
    place.simulator.setFault(null)
  })

  it('is revoked for a brand, or for all', async () => {
    const one = await api.ask('admin', 'DELETE', `${winery()}/brands/JH/key`)
    expect(one.body).toEqual({ stored: 1, onTheirWay: 0, links: 0, goesByWinerysKey: false })
    expect((await api.ask('support', 'DELETE', `${winery()}/keys`)).body).toMatchObject({ stored: 1 })
    expect(await api.ask('support', 'DELETE', `${winery()}/keys`)).toMatchObject({
      status: 404,
      body: { detail: 'There is no key to revoke.' },
    })
    expect(await api.ask('admin', 'POST', `${winery()}/brands/JH/connection-test`)).toMatchObject({
      status: 409,
      body: { code: 'no_key' },
    })
  })

  it('stands in no log, and neither do the link and the receipt', () => {
    for (const secret of [apiKey, token, receipt]) expect(api.logged()).not.toContain(secret)
  })
})
