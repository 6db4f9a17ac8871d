import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addBrand, type Brand } from '../../src/crm/brands.ts'
import { confirmedPreview, confirmPreview, lastConfirmation } from '../../src/crm/preview-confirmations.ts'
import { changeSettings } from '../../src/crm/web-store-settings.ts'
import { addWinery } from '../../src/crm/wineries.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { insert, query } from './customers-winery.ts'

let database: TestDatabase
let brand: Brand
let number = 0
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  number += 1
  const { winery } = await addWinery(
    database.db,
    { slug: `winery-${number}`, name: `Winery ${number}` },
    actor,
  )
  const given = { code: 'JH', name: 'Juniper Hill', businessGroupId: '55', businessId: String(700 + number) }
  brand = (await addBrand(database.db, winery.winery_id, given, actor)).brand
  const defaults = { customerSource: 'Tock', customerType: 'Visitor', create: true }
  await changeSettings(database.db, brand.winery_id, '0', defaults, actor)
})

const preview = (figures: Record<string, number> = {}, more: Record<string, unknown> = {}) =>
  insert(
    database,
    'pulls',
    {
      winery_id: brand.winery_id,
      brand_id: brand.brand_id,
      business_id: brand.business_id,
      kind: 'preview',
      status: 'previewed',
      started_at: '2026-03-01T00:00:00Z',
      finished_at: '2026-03-01T00:00:09Z',
      reservations_in_snapshot: 1200,
      customers_created: 300,
      ...figures,
      ...more,
    },
    'pull_id',
  )
const confirm = (pullId: string) => confirmPreview({ db: database.db, brand, actor }, pullId)
const confirmed = () => confirmedPreview(database.db, brand.winery_id, brand.brand_id)
const whyVoid = async () =>
  (await lastConfirmation(database.db, brand.winery_id, brand.brand_id))?.voidBecause

test('a confirmation says who, when, and which figures of which preview', async () => {
  expect(await confirmed()).toBeNull()
  const pullId = await preview({ duration_ms: 1234, snapshot_files: 9 })
  const now = new Date('2026-03-02T10:00:00Z')
  await confirmPreview({ db: database.db, brand, actor, now }, pullId)
  const held = await confirmed()
  expect(held).toMatchObject({
    pullId,
    figures: { reservations_in_snapshot: 1200, customers_created: 300, reservations_missing: 0 },
    confirmedAt: now,
    confirmedById: actor.id,
    confirmedByName: actor.name,
  })
  expect(Object.keys(held?.figures ?? {})).not.toContain('snapshot_files')
  const audit = await query(
    database,
    `select actor_name, subject, details->>'customers_created' as created from ecellar.audit
    where winery_id = $1 and action = 'pulls.confirm'`,
    [brand.winery_id],
  )
  expect(audit).toEqual([{ actor_name: actor.name, subject: `pull ${pullId}`, created: '300' }])
})

test('a later preview with the same figures leaves it standing, one with others makes it void', async () => {
  const first = await preview()
  await confirm(first)
  await preview({ duration_ms: 77 })
  expect((await confirmed())?.pullId).toBe(first)
  const other = await preview({ customers_created: 301 })
  expect(await confirmed()).toBeNull()
  expect(await whyVoid()).toBe('newer preview')
  await expect(confirm(first)).rejects.toMatchObject({ code: 'invalid' })
  await confirm(other)
  expect((await confirmed())?.pullId).toBe(other)
})

test('other Web Store Settings make it void; confirming the same preview again makes it hold', async () => {
  const pullId = await preview()
  await confirm(pullId)
  await changeSettings(database.db, brand.winery_id, '0', { historyDays: 30 }, actor)
  expect(await confirmed()).not.toBeNull()
  const change = { customerType: 'Member', create: true }
  await changeSettings(database.db, brand.winery_id, brand.brand_id, change, actor)
  expect(await confirmed()).toBeNull()
  expect(await whyVoid()).toBe('settings changed')
  await confirm(pullId)
  expect((await confirmed())?.pullId).toBe(pullId)
  await changeSettings(database.db, brand.winery_id, '0', { allocationTier: 'A', create: true }, actor)
  expect(await whyVoid()).toBe('settings changed')
})

test('another Business ID makes it void', async () => {
  await confirm(await preview())
  number += 1
  const given = { code: 'JH', name: 'Juniper Hill', businessGroupId: '55', businessId: String(9000 + number) }
  await addBrand(database.db, brand.winery_id, given, actor)
  expect(await confirmed()).toBeNull()
  expect(await whyVoid()).toBe('another business')
})

test('only a preview of this brand that came through can be confirmed, and only before the initial pull', async () => {
  const refused = await preview({}, { status: 'refused' })
  const manual = await preview({}, { kind: 'manual', status: 'applied' })
  const elsewhere = await preview({}, { brand_id: Number(brand.brand_id) + 1000 })
  for (const pullId of [refused, manual, elsewhere, '999999', 'latest']) {
    await expect(confirm(pullId)).rejects.toMatchObject({ code: 'not_found' })
  }
  const pullId = await preview()
  await sql`
    update ecellar.brand_businesses set initial_pull_id = 5 where winery_id = ${brand.winery_id}`.execute(
    database.db,
  )
  await expect(confirm(pullId)).rejects.toMatchObject({ code: 'invalid' })
  expect(await confirmed()).toBeNull()
})
