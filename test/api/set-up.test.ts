/** A winery set up over HTTP, from nothing to nightly pulls, with a worker and a Tock. */

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeTockKey } from '../../src/access/tock-keys.ts'
import type { PullProgress } from '../../src/contract/pull-request.ts'
import { findBrand } from '../../src/crm/brands.ts'
import { findWinery } from '../../src/crm/wineries.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { jobsForTests, type TestJobs } from '../jobs/worker-for-tests.ts'
import { openSecrets } from '../pull/open-secrets.ts'
import { person as guest, june20, type TockPlace, tockPlace } from '../pull/tock-place.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'
import { person } from './people.ts'

let database: TestDatabase
let place: TockPlace
let jobs: TestJobs
let api: ApiForTests
beforeAll(async () => {
  database = await freshDatabase()
  // Its Tock serves; its winery stays aside.
  place = await tockPlace(database, ['N'])
  await sql`update ecellar.brands set business_id = '1' where code = 'N'`.execute(database.db)
  jobs = await jobsForTests(database, place.simulator.url)
  await jobs.startWorker()
  api = await apiForTests(database, {
    parts: { queue: jobs.queue },
    people: [
      ['support', person('support')],
      ['operator', person('operator')],
    ],
  })
})
afterAll(async () => {
  await api?.close()
  await jobs?.close()
  await place?.close()
  await database?.drop()
})

const winery = 'wineries/hill'
const brand = `${winery}/brands/H`
type Asked = { requestId: string }

/** Asks and waits until it is over. */
async function pulled(as: string, path: string) {
  const asked = await api.ask<Asked>(as, 'POST', path)
  expect(asked.status).toBe(202)
  return jobs.over(asked.body.requestId)
}

describe('a winery', () => {
  it('and its brand are added by Support, once', async () => {
    await api.ask('support', 'POST', 'wineries', { body: { slug: 'hill', name: 'Hill' } })
    const found = await findWinery(database.db, 'hill')
    api.people.set('admin', person('winery admin', { wineryId: found.winery_id }))
    const body = {
      code: 'H',
      name: 'Hill',
      businessGroupId: place.businessGroupId,
      businessId: place.businessId('N'),
    }
    expect(await api.ask('support', 'POST', `${winery}/brands`, { body })).toMatchObject({
      status: 201,
      body: { winery: 'hill', brand: 'H', enabledAt: null, initialPullId: null },
    })
    expect((await api.ask('support', 'POST', `${winery}/brands`, { body })).status).toBe(200)
    const other = { ...body, name: 'Something else' }
    expect(await api.ask('support', 'POST', `${winery}/brands`, { body: other })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('There is a brand H already') },
    })
    expect((await api.ask('support', 'PATCH', brand, { body: { name: 'The Hill' } })).body).toMatchObject({
      name: 'The Hill',
      businessId: body.businessId,
    })
  })

  it('gets no pull before its settings and its key are there, and is told what lacks', async () => {
    const asked = await api.ask('support', 'POST', `${brand}/previews`)
    expect(asked).toMatchObject({ status: 409, body: { code: 'settings_missing' } })
    const settings = await api.ask('admin', 'PATCH', `${winery}/settings`, {
      body: { customerSource: 'Tock', customerType: 'Visitor', create: true, guardPercent: 20 },
    })
    expect(settings.body).toMatchObject({
      guardPercent: 20,
      defaults: { customerSource: 'Tock', customerType: 'Visitor', allocationTier: null },
      brands: [{ brand: 'H', effective: { customerSource: 'Tock' } }],
    })
    const without = await pulled('support', `${brand}/previews`)
    expect(without).toMatchObject({ state: 'failed', error: { code: 'no_key' } })
    const { winery_id: wineryId } = await findWinery(database.db, 'hill')
    await storeTockKey(database.db, openSecrets, {
      wineryId,
      brandId: (await findBrand(database.db, wineryId, 'H')).brand_id,
      key: place.simulator.businesses[0]?.apiKey ?? '',
      actor,
    })
  })
})

describe('the initial pull', () => {
  const reservations = [1, 2, 3].map((id) => ({
    id,
    serviceDateTimestamp: june20(id),
    experience: { id: 100 + (id % 2), name: `Tasting ${id % 2}` },
    seatingOption: { id: 9, name: 'Terrace', isOutdoors: true },
    dinerPatron: guest(id, `guest${id}@example.com`, 'Ada', `Example${id}`),
  }))

  it("is Support's alone, and only once a winery admin has confirmed a preview's numbers", async () => {
    place.show('N', { reservations })
    expect((await api.ask('admin', 'POST', `${brand}/initial-pulls`)).status).toBe(403)
    const early = await api.ask('support', 'POST', `${brand}/initial-pulls`)
    expect(early).toMatchObject({
      status: 422,
      body: { code: 'invalid', detail: expect.stringContaining('No winery admin has confirmed') },
    })
    const preview = await pulled('admin', `${brand}/previews`)
    expect(preview.report).toMatchObject({ status: 'previewed', customers: { created: 3 } })
    const confirm = `${winery}/pulls/${preview.pullId}/confirm`
    expect((await api.ask('support', 'POST', confirm)).status).toBe(403)
    expect(await api.ask('admin', 'POST', confirm)).toMatchObject({
      status: 200,
      body: { pullId: preview.pullId, confirmedBy: 'Robin winery admin', voidBecause: null },
    })
  })

  it('asks again when the numbers have changed since', async () => {
    place.show('N', { reservations: reservations.slice(0, 2) })
    const newer = await pulled('admin', `${brand}/previews`)
    const changed = await api.ask('support', 'POST', `${brand}/initial-pulls`)
    expect(changed).toMatchObject({
      status: 422,
      body: { detail: 'A later preview has other numbers than the ones that were confirmed.' },
    })
    const told = await api.ask('support', 'GET', `${brand}/preview-confirmation`)
    expect(told.body).toMatchObject({ confirmation: { voidBecause: 'newer preview' } })
    await api.ask('admin', 'POST', `${winery}/pulls/${newer.pullId}/confirm`)
    place.show('N', { reservations })
    const unseen = await pulled('support', `${brand}/initial-pulls`)
    expect(unseen).toMatchObject({ state: 'failed', error: { code: 'invalid' } })
  })

  it('runs in a worker, whose progress can be followed', async () => {
    const preview = await pulled('admin', `${brand}/previews`)
    await api.ask('admin', 'POST', `${winery}/pulls/${preview.pullId}/confirm`)
    const asked = await api.ask<Asked>('support', 'POST', `${brand}/initial-pulls`)
    const request = `${winery}/pull-requests/${asked.body.requestId}`
    expect(asked.headers.location).toBe(`/api/v1/${request}`)
    const stream = await api.ask<string>('admin', 'GET', `${request}/events`)
    expect(stream.headers['content-type']).toContain('text/event-stream')
    const events = read(stream.body)
    expect(events.at(-1)).toMatchObject({ id: 'end', event: 'end', data: { state: 'done' } })
    expect(events.slice(0, -1).every((one) => one.event === 'progress')).toBe(true)
    expect((await api.ask('operator', 'GET', request)).body).toMatchObject({
      state: 'done',
      report: { status: 'applied', kind: 'initial', customers: { created: 3 } },
    })
    const heard = await api.ask('admin', 'GET', `${request}/events`, { headers: { 'last-event-id': 'end' } })
    expect(heard).toMatchObject({ status: 204, body: '' })
    const late = await api.ask<string>('admin', 'GET', `${request}/events`)
    expect(read(late.body)).toMatchObject([{ event: 'end', data: { state: 'done' } }])
  })

  it('is listed with its report, and what it changed field by field', async () => {
    const page = await api.ask<{ items: { pullId: string; kind: string }[]; nextCursor: string }>(
      'admin',
      'GET',
      `${winery}/pulls?kind=initial&status=applied&limit=1`,
    )
    expect(page.body.items).toMatchObject([{ brand: 'H', kind: 'initial', reservations: { added: 3 } }])
    expect(page.body.nextCursor).toBeNull()
    const pull = `${winery}/pulls/${page.body.items[0]?.pullId}`
    expect((await api.ask('operator', 'GET', pull)).body).toMatchObject({ kind: 'initial' })
    expect((await api.ask('admin', 'GET', `${pull}/changes`)).body).toMatchObject({ items: [] })
    expect((await api.ask('admin', 'GET', `${winery}/pulls/99999`)).status).toBe(404)
  })
})

describe('mapping', () => {
  it('says how many reservations it touches before it does anything', async () => {
    const listed = await api.ask('admin', 'GET', `${winery}/experiences?state=unmapped&limit=1`)
    expect(listed.body).toMatchObject({ items: [{ experienceId: '100', reservations: 1 }] })
    const rest = await api.ask(
      'admin',
      'GET',
      `${winery}/experiences?state=unmapped&limit=1&cursor=${listed.body.nextCursor}`,
    )
    expect(rest.body).toMatchObject({ items: [{ experienceId: '101', reservations: 2 }], nextCursor: null })
    const mapping = `${brand}/experiences/101/mapping`
    const body = { reservationType: 'Estate Tasting', create: true }
    const would = await api.ask('admin', 'PUT', mapping, { body: { ...body, dryRun: true } })
    expect(would.body).toMatchObject({ reservations: 2, reservationType: 'Estate Tasting', dryRun: true })
    expect((await api.ask('admin', 'GET', `${winery}/lists/reservation-types`)).body).toMatchObject({
      items: [],
    })
    const did = await api.ask('admin', 'PUT', mapping, { body })
    expect(did.body).toEqual({ ...would.body, dryRun: false })
    expect((await api.ask('admin', 'GET', `${winery}/experiences?state=mapped`)).body).toMatchObject({
      items: [{ experienceId: '101', reservationType: 'Estate Tasting' }],
    })
  })

  it('takes no name by a typo, and offers near ones', async () => {
    const refused = await api.ask('admin', 'PUT', `${brand}/experiences/100/mapping`, {
      body: { reservationType: 'Estate Tastin' },
    })
    expect(refused).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('Did you mean "Estate Tasting"?') },
    })
    const near = await api.ask('admin', 'GET', `${winery}/lists/reservation-types?near=estat`)
    expect(near.body).toMatchObject({ items: [{ name: 'Estate Tasting', notAVisit: false }] })
  })

  it('is undone, and an experience is ignored and taken back', async () => {
    const mapping = `${brand}/experiences/101/mapping`
    expect((await api.ask('admin', 'DELETE', `${mapping}?dryRun=true`)).body).toMatchObject({
      reservations: 2,
      dryRun: true,
    })
    expect((await api.ask('admin', 'GET', `${winery}/experiences?state=mapped`)).body).toMatchObject({
      items: [{}],
    })
    expect((await api.ask('admin', 'DELETE', mapping)).body).toMatchObject({
      reservationType: null,
      dryRun: false,
    })
    expect((await api.ask('admin', 'GET', `${winery}/experiences?state=mapped`)).body).toMatchObject({
      items: [],
    })
    for (const ignored of [true, false]) {
      await api.ask('admin', 'PUT', `${brand}/experiences/100/ignored`, { body: { ignored } })
      const state = (
        await api.ask<{ items: unknown[] }>('admin', 'GET', `${winery}/experiences?state=ignored`)
      ).body
      expect(state.items).toHaveLength(ignored ? 1 : 0)
    }
  })

  it('of seating areas goes the same way, with the default of the brand behind it', async () => {
    const body = { location: 'Terrace', create: true }
    const area = `${brand}/seating-areas/9/location`
    expect((await api.ask('admin', 'PUT', area, { body: { ...body, dryRun: true } })).body).toMatchObject({
      reservations: 3,
      location: 'Terrace',
    })
    expect((await api.ask('admin', 'GET', `${winery}/locations?state=unmapped`)).body).toMatchObject({
      items: [{ seatingAreaId: null }, { seatingAreaId: '9', seatingArea: 'Terrace' }],
    })
    await api.ask('admin', 'PUT', area, { body })
    await api.ask('admin', 'PUT', `${brand}/location`, { body: { location: 'House', create: true } })
    const first = await api.ask('admin', 'GET', `${winery}/locations?limit=1`)
    expect(first.body).toMatchObject({ items: [{ seatingAreaId: null, location: 'House' }] })
    const second = await api.ask(
      'admin',
      'GET',
      `${winery}/locations?limit=1&cursor=${first.body.nextCursor}`,
    )
    expect(second.body).toMatchObject({
      items: [{ seatingAreaId: '9', location: 'Terrace' }],
      nextCursor: null,
    })
    await api.ask('admin', 'DELETE', `${brand}/location`)
    await api.ask('admin', 'DELETE', area)
    expect((await api.ask('admin', 'GET', `${winery}/locations?state=mapped`)).body).toMatchObject({
      items: [],
    })
  })
})

describe('nightly pulls', () => {
  it('are enabled by Support, who says how many are unmapped and how newcomers are released', async () => {
    const state = await api.ask('admin', 'GET', `${brand}/nightly`)
    expect(state.body).toMatchObject({
      enabledAt: null,
      hadInitialPull: true,
      experiencesUnmapped: 2,
      locationsUnmapped: 1,
      unmapped: 3,
      customersUnreleased: 3,
    })
    const body = { unmapped: 3, nightlyRelease: 'after:7' }
    expect((await api.ask('admin', 'POST', `${brand}/enable`, { body })).status).toBe(403)
    const unseen = await api.ask('support', 'POST', `${brand}/enable`, { body: { ...body, unmapped: 0 } })
    expect(unseen).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('2 experiences and 1 seating areas, 3 together') },
    })
    expect((await api.ask('support', 'GET', `${winery}/settings`)).body).toMatchObject({
      nightlyRelease: 'with-pull',
    })
    const enabled = await api.ask('support', 'POST', `${brand}/enable`, { body })
    expect(enabled).toMatchObject({
      status: 200,
      body: { enabledAt: expect.any(String), nightlyRelease: 'after:7' },
    })
  })

  it('are paused by the winery admin as well', async () => {
    const paused = await api.ask('admin', 'POST', `${brand}/pause`)
    expect(paused).toMatchObject({ status: 200, body: { enabledAt: null } })
  })
})

describe('a pull that waits', () => {
  it('is approved or rejected by a person', async () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      id: 100 + index,
      serviceDateTimestamp: june20(index),
      dinerPatron: guest(100 + index, `many${index}@example.com`, 'Bo', `Example${index}`),
    }))
    place.show('N', { reservations: many })
    expect((await pulled('admin', `${brand}/pulls`)).report).toMatchObject({ status: 'applied' })
    place.show('N', { reservations: many.slice(0, 1) })
    const first = await pulled('admin', `${brand}/pulls`)
    expect(first.report).toMatchObject({ status: 'waiting' })
    const rejected = await api.ask('admin', 'POST', `${winery}/pulls/${first.pullId}/reject`)
    expect(rejected).toMatchObject({ status: 200, body: { status: 'rejected' } })
    const again = await pulled('admin', `${brand}/pulls`)
    const approved = await api.ask('support', 'POST', `${winery}/pulls/${again.pullId}/approve`)
    expect(approved).toMatchObject({
      status: 200,
      body: { status: 'applied', reservations: { missing: 29 } },
    })
    expect(await api.ask('support', 'POST', `${winery}/pulls/${again.pullId}/approve`)).toMatchObject({
      status: 422,
      body: { code: 'invalid' },
    })
  })

  it('has changes that are masked for Support without a reason', async () => {
    place.show('N', {
      reservations: [
        {
          id: 100,
          sequenceId: 2,
          serviceDateTimestamp: june20(0),
          partySize: 7,
          note: [{ noteType: 'BOOKING_GENERAL_NOTE', text: 'Likes shade' }],
          dinerPatron: guest(100, 'many0@example.com', 'Bo', 'Example0'),
        },
      ],
    })
    const { pullId } = await pulled('admin', `${brand}/pulls`)
    const changes = async (as: string) => {
      const page = await api.ask<{ items: { field: string; after: string }[] }>(
        as,
        'GET',
        `${winery}/pulls/${pullId}/changes?limit=200`,
      )
      return Object.fromEntries(page.body.items.map((one) => [one.field, one.after]))
    }
    expect(await changes('admin')).toMatchObject({ notes: 'Likes shade', party_size: '7' })
    expect(await changes('support')).toMatchObject({ notes: null, party_size: '7' })
  })
})

describe('exceptions', () => {
  it('are listed, grouped, tried again and decided', async () => {
    place.show('N', {
      reservations: [
        {
          id: 100,
          sequenceId: 3,
          serviceDateTimestamp: june20(0),
          dinerPatron: guest(100, 'no address', 'Bo', 'E'),
        },
        { id: undefined, sequenceId: 3, serviceDateTimestamp: june20(0), dinerPatron: guest(101, null) },
      ],
    })
    await pulled('admin', `${brand}/pulls`)
    const groups = await api.ask('admin', 'GET', `${winery}/exceptions/groups`)
    expect(groups.body).toMatchObject({ items: [{ brand: 'H', code: 'row_without_id', open: 1 }] })
    const list = await api.ask<{ items: { exceptionId: string }[] }>(
      'admin',
      'GET',
      `${winery}/exceptions?code=row_without_id&brand=h`,
    )
    expect(list.body.items).toMatchObject([{ brand: 'H', address: null, resolvedAt: null }])
    const exception = `${winery}/exceptions/${list.body.items[0]?.exceptionId}`

    place.show('N', {
      reservations: [
        {
          id: 100,
          sequenceId: 3,
          serviceDateTimestamp: june20(0),
          dinerPatron: guest(100, 'many0@example.com', 'Bo', 'E'),
        },
      ],
    })
    const retried = await api.ask<{ requests: Asked[] }>('admin', 'POST', `${exception}/retry`)
    expect(retried).toMatchObject({ status: 202, body: { exceptions: 1, requests: [{ brand: 'H' }] } })
    await jobs.over(retried.body.requests[0]?.requestId ?? '')
    expect((await api.ask('admin', 'GET', `${winery}/exceptions?state=resolved`)).body).toMatchObject({
      items: [{ code: 'row_without_id', resolvedAt: expect.any(String) }],
    })
    expect(await api.ask('admin', 'POST', `${winery}/exceptions/retry`, { body: {} })).toMatchObject({
      status: 422,
      body: { detail: 'No exception is open.' },
    })
  })

  it('are closed with a decision that fits, and its reason', async () => {
    const { winery_id: wineryId } = await findWinery(database.db, 'hill')
    const { brand_id: brandId } = await findBrand(database.db, wineryId, 'H')
    const { rows } = await sql<{ id: string }>`
      insert into ecellar.exceptions (winery_id, brand_id, pull_id, code, subject, message)
      values (${wineryId}, ${brandId}, 1, 'shared_address_proposed', 'desk@hotel.example', 'Many names.')
      returning exception_id as id`.execute(database.db)
    const resolve = `${winery}/exceptions/${rows[0]?.id}/resolve`
    const why = 'A concierge'
    expect(
      await api.ask('admin', 'POST', resolve, { body: { decision: { kind: 'take' }, why } }),
    ).toMatchObject({
      status: 422,
      body: { code: 'invalid' },
    })
    const addresses = async (as: string) =>
      (
        await api.ask<{ items: { address: string }[] }>(as, 'GET', `${winery}/exceptions?state=all`)
      ).body.items.map((one) => one.address)
    expect(await addresses('admin')).toContain('desk@hotel.example')
    expect(await addresses('support')).toContain('d…@h…')
    expect(
      (await api.ask('admin', 'POST', resolve, { body: { decision: { kind: 'shared' }, why } })).body,
    ).toMatchObject({
      code: 'shared_address_proposed',
    })
    const shared = `${winery}/shared-addresses`
    expect((await api.ask('admin', 'GET', shared)).body).toMatchObject({
      items: [{ address: 'desk@hotel.example' }],
    })
    const change = { add: ['@hill.example'], remove: ['Desk@Hotel.example'] }
    expect((await api.ask('admin', 'PATCH', shared, { body: change })).body).toEqual({ added: 1, removed: 1 })
    expect((await api.ask('admin', 'GET', shared)).body).toMatchObject({
      items: [{ address: '@hill.example' }],
    })
  })
})

type Event = { id: string; event: string; data: PullProgress }

function read(stream: string): Event[] {
  return stream
    .split('\n\n')
    .filter((block) => block.includes('data:'))
    .map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
      return { id: field('id'), event: field('event'), data: JSON.parse(field('data')) }
    })
}
