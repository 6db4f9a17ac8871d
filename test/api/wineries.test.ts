import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addBrand } from '../../src/crm/brands.ts'
import { addWinery } from '../../src/crm/wineries.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'
import { person } from './people.ts'

let database: TestDatabase
let api: ApiForTests
beforeAll(async () => {
  database = await freshDatabase()
  const { winery } = await addWinery(database.db, { slug: 'juniper-hill', name: 'Juniper Hill' }, actor)
  await addWinery(database.db, { slug: 'other', name: 'Other' }, actor)
  const { brand } = await addBrand(
    database.db,
    winery.winery_id,
    { code: 'JH', name: 'Juniper Hill', businessGroupId: '55', businessId: '707' },
    actor,
  )
  api = await apiForTests(database, {
    people: [
      ['support', person('support')],
      ['admin', person('winery admin', { wineryId: winery.winery_id })],
      ['marketer', person('marketer', { wineryId: winery.winery_id, brandIds: [brand.brand_id] })],
    ],
  })
})
afterAll(async () => {
  await api.close()
  await database.drop()
})

describe('wineries over HTTP', () => {
  it('are all shown to Support, page by page, and their own to everybody else', async () => {
    const first = await api.ask('support', 'GET', 'wineries?limit=1')
    expect(first).toMatchObject({ status: 200, body: { items: [{ winery: 'juniper-hill', brands: 1 }] } })
    const second = await api.ask('support', 'GET', `wineries?limit=1&cursor=${first.body.nextCursor}`)
    expect(second.body).toMatchObject({ items: [{ winery: 'other' }], nextCursor: null })
    const own = await api.ask('admin', 'GET', 'wineries')
    expect(own.body).toMatchObject({ items: [{ winery: 'juniper-hill' }], nextCursor: null })
  })

  it('are of an installation that says whom to ask, and that its mails wait', async () => {
    expect((await api.ask('admin', 'GET', 'about')).body).toEqual({
      supportContact: 'eCELLAR Support',
      sendsMail: false,
    })
  })

  it('are added by Support, once', async () => {
    const body = { slug: 'third', name: 'Third', timeZone: 'europe/rome' }
    expect(await api.ask('support', 'POST', 'wineries', { body })).toMatchObject({
      status: 201,
      body: { winery: 'third', timeZone: 'Europe/Rome', brands: 0 },
    })
    expect(await api.ask('support', 'POST', 'wineries', { body })).toMatchObject({ status: 200 })
    expect(await api.ask('admin', 'POST', 'wineries', { body })).toMatchObject({
      status: 403,
      body: { code: 'not_allowed' },
    })
  })

  it('are found by Support at a glance: by name, by state, in either order, page by page', async () => {
    const found = async (query: string) => {
      const { status, body } = await api.ask('support', 'GET', `winery-states?${query}`)
      expect(status).toBe(200)
      return body as unknown as { items: { winery: string; state: string }[]; nextCursor: string | null }
    }
    const slugs = async (query: string) => (await found(query)).items.map(({ winery }) => winery)
    expect(await slugs('')).toEqual(['juniper-hill', 'other', 'third'])
    expect(await slugs('q=JÚNIPER hill')).toEqual(['juniper-hill'])
    expect(await slugs('q=nobody')).toEqual([])
    expect(await slugs('sort=-name')).toEqual(['third', 'other', 'juniper-hill'])
    expect(await slugs('state=set-up')).toEqual(['juniper-hill', 'other', 'third'])
    expect(await slugs('state=well')).toEqual([])
    const first = await found('sort=-lastGoodPullAt&limit=2')
    const second = await found(`sort=-lastGoodPullAt&limit=2&cursor=${first.nextCursor}`)
    expect([...first.items, ...second.items].map(({ winery }) => winery)).toEqual([
      'third',
      'other',
      'juniper-hill',
    ])
    expect(await api.ask('support', 'GET', `winery-states?q=x&cursor=${first.nextCursor}`)).toMatchObject({
      status: 422,
      body: { code: 'invalid' },
    })
  })

  it('are changed by their admin', async () => {
    const body = { reservationContact: 'desk@example.com' }
    expect(await api.ask('admin', 'PATCH', 'wineries/juniper-hill', { body })).toMatchObject({
      status: 200,
      body: { reservationContact: 'desk@example.com', name: 'Juniper Hill' },
    })
    const gone = await api.ask('admin', 'PATCH', 'wineries/juniper-hill', {
      body: { reservationContact: null },
    })
    expect(gone.body).toMatchObject({ reservationContact: null })
  })
})

describe('whoever asks', () => {
  it('is told who he is and what he may do', async () => {
    const me = await api.ask('marketer', 'GET', 'me')
    expect(me.body).toMatchObject({ role: 'marketer', winery: 'juniper-hill', brands: ['JH'] })
    expect(me.body.actions).toContain('segments.write')
    expect(me.body.actions).not.toContain('brands.enable')
  })
})
