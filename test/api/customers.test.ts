import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { insert } from '../crm/customers-winery.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'
import { person } from './people.ts'

let database: TestDatabase
let api: ApiForTests
let winery: BookedWinery
let at: string
let ada: string
let bo: string
beforeAll(async () => {
  database = await freshDatabase()
  winery = await bookedWinery(database)
  const other = await bookedWinery(database)
  await other.customer({ last_name: 'Neighbour' })
  at = `wineries/${winery.winery.slug}`
  const { wineryId, brands } = winery
  ada = await winery.customer({ first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' })
  bo = await winery.customer({
    first_name: 'Bo',
    last_name: 'Bell',
    email: 'bo@example.com',
    created_by: 'tock',
    email_consent: 'in',
    released_at: null,
  })
  for (const [customerId, brand] of [
    [ada, 0],
    [bo, 1],
  ] as const) {
    const patronId = await winery.guest(customerId, { email: 'guest@example.com' })
    await winery.reservation(
      { customerId, patronId, brand, day: '2026-05-01' },
      {
        tock_key: `r:${customerId}`,
        party_name: 'A Party',
        notes: 'a quiet table',
        guest_email: 'ada@example.com',
      },
    )
  }
  for (const [field, before, after] of [
    ['first_name', 'A.', 'Ada'],
    ['customer_id', null, ada],
  ]) {
    await insert(database, 'changes', {
      winery_id: wineryId,
      entity: 'customer',
      entity_id: ada,
      field,
      before,
      after,
      made_by: 'pull',
      pull_id: '1',
    })
  }
  const second = brands[1]?.brand_id ?? ''
  api = await apiForTests(database, {
    people: [
      ['admin', person('winery admin', { wineryId })],
      ['marketer', person('marketer', { wineryId })],
      ['of OA', person('marketer', { wineryId, brandIds: [second] })],
      ['viewer', person('viewer', { wineryId })],
      ['support', person('support')],
      ['support with a reason', { ...person('support'), guestsOf: [wineryId] }],
      ['neighbour', person('winery admin', { wineryId: other.wineryId })],
    ],
  })
})
afterAll(async () => {
  await api?.close()
  await database?.drop()
})

type Page = { items: Record<string, unknown>[]; nextCursor: string | null; total: number | null }
const get = (as: string, path: string) => api.ask<Page & Record<string, unknown>>(as, 'GET', `${at}/${path}`)
const post = (as: string, path: string, body: unknown) => api.ask(as, 'POST', `${at}/${path}`, { body })

describe('customers over HTTP', () => {
  it('are searched and paged, with how many there are on the first page', async () => {
    const first = await get('admin', 'customers?sort=name&limit=1')
    expect(first.body).toMatchObject({ items: [{ customerId: bo, lastName: 'Bell' }], total: 2 })
    const next = await get('admin', `customers?sort=name&limit=1&cursor=${first.body.nextCursor}`)
    expect(next.body).toMatchObject({
      items: [{ customerId: ada, visits: 1 }],
      total: null,
      nextCursor: null,
    })
    // No name, no address: a cursor ends up in logs of proxies.
    expect(Buffer.from(first.body.nextCursor ?? '', 'base64url').toString()).not.toMatch(/bell|example/i)
    expect((await get('admin', 'customers?released=false')).body.items).toHaveLength(1)
    expect((await get('admin', 'customers?text=lovelace&createdBy=import')).body.total).toBe(1)
    expect((await get('admin', `customers?cursor=${first.body.nextCursor}`)).body.code).toBe('invalid')
    expect((await get('admin', 'customers?released=maybe')).status).toBe(400)
    expect((await get('admin', 'customers?createdFrom=2026-02-30')).status).toBe(400)
  })

  it('have a card with origin, consent and guests, and a history', async () => {
    const card = await get('admin', `customers/${ada}`)
    expect(card.body).toMatchObject({
      email: 'ada@example.com',
      brandVisits: [{ brand: 'JH', visits: 1 }],
      origin: { createdBy: 'import', pull: null },
      guests: [{ email: 'guest@example.com' }],
      consentChanges: [],
    })
    const history = await get('admin', `customers/${ada}/changes?limit=1`)
    expect(history.body).toMatchObject({ items: [{ field: 'customer_id', after: ada, madeBy: 'pull' }] })
    const before = await get('admin', `customers/${ada}/changes?limit=1&cursor=${history.body.nextCursor}`)
    expect(before.body).toMatchObject({ items: [{ field: 'first_name', after: 'Ada' }], nextCursor: null })
    expect((await get('admin', 'customers/123456')).status).toBe(404)
  })

  it.each(['viewer', 'support'])(
    'are masked for %s, who cannot find names out by trying them',
    async (as) => {
      const { body } = await get(as, 'customers?sort=name')
      expect(body.items[1]).toMatchObject({ email: 'a…@e…', firstName: 'A…', lastName: 'L…', visits: 1 })
      expect((await get(as, 'customers?text=lovelace')).body.items).toEqual([])
      const card = JSON.stringify((await get(as, `customers/${ada}`)).body)
      expect(card).not.toMatch(/lovelace|@example/i)
      const history = await get(as, `customers/${ada}/changes`)
      expect(history.body.items).toMatchObject([
        { field: 'customer_id', after: ada },
        { field: 'first_name', before: null, after: null },
      ])
    },
  )

  it('are shown in full to Support that gave a reason', async () => {
    expect((await get('support with a reason', 'customers?text=lovelace')).body.total).toBe(1)
  })

  it('of other brands are not there for somebody limited to one', async () => {
    expect((await get('of OA', 'customers')).body).toMatchObject({ items: [{ customerId: bo }], total: 1 })
    expect((await get('of OA', `customers/${ada}`)).status).toBe(404)
    expect((await get('of OA', `customers/${ada}/changes`)).status).toBe(404)
    expect((await get('of OA', 'customers?brand=JH')).status).toBe(404)
    expect((await post('of OA', `customers/${ada}/opt-out`, { why: 'asked' })).status).toBe(404)
    expect(
      (await post('of OA', 'customers/opt-out', { why: 'x', addresses: ['ada@example.com'] })).status,
    ).toBe(403)
  })

  it('are nobody’s business next door', async () => {
    for (const path of ['customers', `customers/${ada}`, 'reservations', 'releases']) {
      expect((await get('neighbour', path)).status).toBe(404)
    }
  })
})

describe('reservations over HTTP', () => {
  it('are searched over all brands', async () => {
    const all = await get('admin', 'reservations?from=2026-05-01&to=2026-05-01&limit=1')
    expect(all.body).toMatchObject({
      total: 2,
      items: [{ localStart: '2026-05-01T14:00:00', notes: 'a quiet table' }],
    })
    const next = await get(
      'admin',
      `reservations?from=2026-05-01&to=2026-05-01&limit=1&cursor=${all.body.nextCursor}`,
    )
    expect(next.body).toMatchObject({ total: null, nextCursor: null })
    expect(next.body.items[0]?.tockKey).not.toBe(all.body.items[0]?.tockKey)
    expect((await get('admin', 'reservations?status=Completed&status=Booked&brand=OA')).body.total).toBe(1)
    expect((await get('admin', `reservations?customer=${ada}&reservationType=unmapped`)).body.total).toBe(1)
    expect((await get('admin', 'reservations?missing=true')).body.total).toBe(0)
    expect((await get('admin', 'reservations?text=quiet&visit=true')).body.total).toBe(2)
    expect((await get('admin', 'reservations?status=Nonsense')).status).toBe(400)
  })

  it('are shown one by one, with their history', async () => {
    const one = await get('admin', `brands/JH/reservations/r:${ada}`)
    expect(one.body).toMatchObject({ brand: 'JH', customerId: ada, customerEmail: 'ada@example.com' })
    await insert(database, 'changes', {
      winery_id: winery.wineryId,
      entity: 'reservation',
      entity_id: one.body.reservationId,
      field: 'notes',
      before: 'secret wish',
      after: 'a quiet table',
      made_by: 'pull',
    })
    const history = await get('admin', `brands/JH/reservations/r:${ada}/changes`)
    expect(history.body).toMatchObject({ items: [{ field: 'notes', before: 'secret wish' }] })
    expect((await get('viewer', `brands/JH/reservations/r:${ada}/changes`)).body).toMatchObject({
      items: [{ field: 'notes', before: null, after: null }],
    })
    expect((await get('admin', 'brands/OA/reservations/r:1')).status).toBe(404)
    expect((await get('of OA', `brands/JH/reservations/r:${ada}`)).status).toBe(404)
  })

  it('have no notes, and masked names and addresses, for a viewer', async () => {
    const { body } = await get('viewer', 'reservations')
    expect(body.items[0]).toMatchObject({ notes: null, partyName: 'A…', guestEmail: 'a…@e…' })
    expect((await get('viewer', 'reservations?text=quiet')).body.total).toBe(0)
  })
})

describe('what is done to customers over HTTP', () => {
  it('release: tried, done in stages, listed, taken back', async () => {
    const whom = { kind: 'all' }
    expect((await post('marketer', 'releases', { whom })).status).toBe(403)
    expect((await post('admin', 'releases', { whom, dryRun: true })).body).toMatchObject({
      releaseId: null,
      released: 1,
      mayBeMailed: 1,
    })
    const created = { kind: 'created', from: '2020-01-01' }
    const { body } = await post('admin', 'releases', { whom: created, atMost: 10 })
    expect(body).toMatchObject({ released: 1 })
    expect((await get('admin', 'releases')).body.items).toMatchObject([
      { releaseId: body.releaseId, customers: 1, releasedBy: 'Robin winery admin', takenBackAt: null },
    ])
    const back = await post('admin', `releases/${body.releaseId}/take-back`, undefined)
    expect(back.body).toEqual({ takenBack: 1, exportedSince: 0, plansStopped: 0 })
    expect((await post('admin', 'releases', { whom: { kind: 'pull', pullId: '99' } })).status).toBe(404)
    expect((await post('admin', 'releases', { whom: { kind: 'created' } })).body.code).toBe('invalid')
  })

  it('opting out, one and many, is a marketer’s too; opting in is the winery admin’s', async () => {
    expect((await post('marketer', `customers/${bo}/opt-out`, { why: 'asked' })).body).toEqual({
      optedOut: true,
    })
    expect((await post('marketer', `customers/${bo}/opt-out`, { why: 'asked' })).body).toEqual({
      optedOut: false,
    })
    const addresses = ['ada@example.com', 'nobody@example.com', 'nonsense']
    expect((await post('marketer', 'customers/opt-out', { why: 'a list', addresses })).body).toEqual({
      addresses: 3,
      optedOut: 1,
      alreadyOut: 0,
      unknown: [{ line: 2 }],
      bad: [{ line: 3, problem: 'this is not an e-mail address' }],
    })
    expect((await post('marketer', `customers/${bo}/opt-in`, { why: 'asked' })).status).toBe(403)
    expect((await post('admin', `customers/${bo}/opt-in`, { why: ' ' })).status).toBe(400)
    expect((await post('admin', `customers/${bo}/opt-in`, { why: 'signed' })).body).toEqual({ optedIn: true })
    expect((await get('admin', `customers/${bo}`)).body).toMatchObject({
      emailConsent: 'in',
      consentChanges: [{ after: 'in', reason: 'signed' }, { after: 'out' }],
    })
  })

  it('import: a CSV file as the body, once for one key, told line by line', async () => {
    const file = 'email,first_name\nmia@example.com,Mia\nnonsense,Bad\n'
    const send = (as: string, body: string, headers: Record<string, string> = {}) =>
      api.ask(as, 'POST', `${at}/customers/import`, {
        body,
        headers: { 'content-type': 'text/csv', ...headers },
      })
    expect((await send('marketer', file)).status).toBe(403)
    const key = { 'idempotency-key': 'import-1' }
    const imported = await send('admin', file, key)
    expect(imported).toMatchObject({
      status: 200,
      body: { rows: 2, created: 1, bad: [{ line: 3, problem: 'email is not an e-mail address' }] },
    })
    const again = await send('admin', file, key)
    expect(again.body).toEqual(imported.body)
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect((await send('admin', `${file}x@example.com,X\n`, key)).status).toBe(422)
    expect((await send('admin', 'PK\u0003\u0004')).body).toMatchObject({ code: 'invalid' })
    const json = await post('admin', 'customers/import', { email: 'x@example.com' })
    expect(json.status).toBe(400)
    // Only this address takes files.
    const elsewhere = await api.ask('admin', 'POST', `${at}/releases`, {
      body: file,
      headers: { 'content-type': 'text/csv' },
    })
    expect(elsewhere.status).toBe(400)
  })

  it('a person is told everything, and erased when that is confirmed; the receipt holds no person', async () => {
    const who = { email: 'mia@example.com' }
    expect((await post('marketer', 'people/export', who)).status).toBe(403)
    const told = await post('admin', 'people/export', who)
    expect(told.body).toMatchObject({ found: true, customers: [{ email: 'mia@example.com' }] })
    expect((await post('admin', 'people/export', {})).status).toBe(400)
    expect((await post('admin', 'people/export', { ...who, customerId: ada })).status).toBe(400)
    expect((await post('admin', 'people/erase', who)).status).toBe(400)
    const { body } = await post('admin', 'people/erase', { ...who, confirm: 'erase' })
    expect(body).toMatchObject({ erased: true, found: true, customers: 1 })
    expect(JSON.stringify(body)).not.toMatch(/mia/i)
    expect((await post('admin', 'people/export', who)).body).toMatchObject({ found: false })
  })

  it('a zero byte, which no text of the database holds, is refused wherever it comes', async () => {
    for (const path of [
      'customers?text=%00',
      'reservations?location=a%00b',
      'brands/J%00/reservations/r:1',
      'customers?cursor=%00',
    ]) {
      expect([400, 404, 422], path).toContain((await get('admin', path)).status)
    }
    expect((await post('admin', `customers/${bo}/opt-out`, { why: 'a\u0000b' })).status).toBe(400)
  })

  it('none of it stands in the log', () => {
    expect(api.logged()).not.toMatch(/@example|lovelace|quiet/i)
  })
})
