/** Every write of eCELLAR's nouns says in the audit who did it, in its own transaction, and never a guest's data. */

import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addBrand, type Brand, findBrand } from '../../src/crm/brands.ts'
import { erasePerson } from '../../src/crm/customers-erase.ts'
import { optOutCustomer } from '../../src/crm/customers-opt-out.ts'
import { releaseCustomers } from '../../src/crm/customers-release.ts'
import { disableBrand, enableBrand } from '../../src/crm/enabling.ts'
import { resolveException } from '../../src/crm/exceptions.ts'
import { ignoreExperience, mapExperience } from '../../src/crm/experiences.ts'
import { mapLocation } from '../../src/crm/locations.ts'
import { changeSettings } from '../../src/crm/web-store-settings.ts'
import { addWinery } from '../../src/crm/wineries.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { hash, insert, newWinery } from './customers-winery.ts'

let database: TestDatabase
let wineryId: string
let brand: Brand
beforeAll(async () => {
  database = await freshDatabase()
  const added = await addWinery(database.db, { slug: 'juniper-hill', name: 'Juniper Hill' }, actor)
  wineryId = added.winery.winery_id
  const given = { code: 'JH', name: 'Juniper Hill', businessGroupId: '55', businessId: '707' }
  brand = (await addBrand(database.db, wineryId, given, actor)).brand
})
afterAll(() => database.drop())

async function audited(of = wineryId) {
  const { rows } = await sql<{ action: string; subject: string | null; details: Record<string, unknown> }>`
    select action, subject, details from ecellar.audit
    where winery_id = ${of} and actor_kind = ${actor.kind} and actor_id = ${actor.id} and actor_name = ${actor.name}
    order by audit_id`.execute(database.db)
  return rows
}

test('set-up is recorded once, with what was set', async () => {
  await addWinery(database.db, { slug: 'juniper-hill', name: 'Juniper Hill' }, actor)
  expect(await audited()).toEqual([
    {
      action: 'wineries.add',
      subject: 'juniper-hill',
      details: {
        outcome: 'added',
        name: 'Juniper Hill',
        timeZone: 'America/Los_Angeles',
        reservationContact: null,
      },
    },
    {
      action: 'brands.write',
      subject: 'JH',
      details: { outcome: 'added', name: 'Juniper Hill', business_group_id: '55', business_id: '707' },
    },
  ])
})

test('settings, mapping, exceptions, enabling and pausing are recorded; shared addresses as their number', async () => {
  const before = (await audited()).length
  const { db } = database
  const settings = {
    customerSource: 'Tock',
    create: true,
    sharedAddresses: ['concierge@hotel.example'],
    guardPercent: 20,
  }
  await changeSettings(db, wineryId, brand.brand_id, settings, actor)
  await insert(database, 'experiences', {
    winery_id: wineryId,
    brand_id: brand.brand_id,
    experience_id: '9',
    name: 'Cave Tour',
  })
  await mapExperience(
    db,
    brand,
    { experienceId: '9', reservationType: 'Tour', create: true, notAVisit: true },
    actor,
  )
  await ignoreExperience(db, brand, '9', true, actor)
  await mapLocation(db, brand, { location: 'The Barn', create: true }, actor)
  const exceptionId = await insert(
    database,
    'exceptions',
    {
      winery_id: wineryId,
      brand_id: brand.brand_id,
      pull_id: '1',
      code: 'shared_address_proposed',
      subject: 'desk@hotel.example',
      message: 'Five names use one address.',
    },
    'exception_id',
  )
  await resolveException(db, wineryId, exceptionId, { kind: 'shared' }, 'it is the hotel', actor)
  await sql`update ecellar.brand_businesses set initial_pull_id = 1 where winery_id = ${wineryId}`.execute(db)
  await enableBrand(db, brand, actor)
  await enableBrand(db, await findBrand(db, wineryId, 'JH'), actor)
  await disableBrand(db, brand, actor)
  await disableBrand(db, brand, actor)
  const rows = (await audited()).slice(before)
  expect(rows).toMatchObject([
    {
      action: 'settings.write',
      subject: 'JH',
      details: { customerSource: 'Tock', guardPercent: 20, sharedAddresses: 1 },
    },
    {
      action: 'mapping.write',
      subject: 'JH: experience 9',
      details: { reservationType: 'Tour', notAVisit: true, pastReservations: 0 },
    },
    { action: 'mapping.write', subject: 'JH: experience 9', details: { ignored: true } },
    { action: 'mapping.write', subject: 'JH: default location', details: { location: 'The Barn' } },
    {
      action: 'exceptions.decide',
      subject: `exception ${exceptionId}`,
      details: { code: 'shared_address_proposed', decision: { kind: 'shared' } },
    },
    { action: 'brands.enable', subject: 'JH', details: { experiencesUnmapped: 0 } },
    { action: 'brands.pause', subject: 'JH', details: {} },
  ])
  expect(JSON.stringify(rows)).not.toContain('hotel')
})

test('what is done to customers is recorded as numbers, without their names and addresses', async () => {
  const { wineryId: id, bring, addTockCustomer } = await newWinery(database)
  const options = { db: database.db, wineryId: id, actor }
  await bring('email,first_name\nada@example.com,Ada\nbad\n')
  const customerId = await addTockCustomer('bo@example.com', { email_consent: 'in' })
  await releaseCustomers(options, { all: true })
  await releaseCustomers(options, { all: true })
  await optOutCustomer({ ...options, why: 'bo@example.com called' }, 'bo@example.com')
  await optOutCustomer({ ...options, why: 'bo@example.com called again' }, 'bo@example.com')
  await erasePerson({ ...options, hash }, { email: 'bo@example.com' })
  const rows = await audited(id)
  expect(rows).toMatchObject([
    { action: 'customers.import', details: { rows: 2, created: 1, bad: 1 } },
    { action: 'customers.release', details: { released: 1, mayBeMailed: 1 } },
    { action: 'customers.opt-out', details: { optedOut: 1 } },
    { action: 'customers.erase', subject: `customer ${customerId}`, details: { customers: 1 } },
  ])
  expect(JSON.stringify(rows)).not.toMatch(/@example|ada|bo@/i)
})

test('what fails leaves no audit', async () => {
  const before = (await audited()).length
  await expect(
    changeSettings(database.db, wineryId, '0', { guardPercent: 30, customerType: 'Unheard of' }, actor),
  ).rejects.toMatchObject({ code: 'invalid' })
  expect(await audited()).toHaveLength(before)
})
