import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ExceptionCode } from '../../src/contract/vocabulary.ts'
import { addBrand, type Brand } from '../../src/crm/brands.ts'
import { type Decision, listExceptions, resolveException } from '../../src/crm/exceptions.ts'
import { addWinery, findWinery } from '../../src/crm/wineries.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'

let database: TestDatabase
let number = 0
let brand: Brand

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** Every test has a winery with two customers of one address and a guest with another. */
beforeEach(async () => {
  number += 1
  const { winery } = await addWinery(database.db, { slug: `winery-${number}`, name: 'Winery' }, actor)
  const given = { code: 'A', name: 'A', businessGroupId: '55', businessId: String(number) }
  brand = (await addBrand(database.db, winery.winery_id, given, actor)).brand
})

const wineryId = () => brand.winery_id

async function customer(email: string): Promise<string> {
  const { customer_id } = await database.db
    .insertInto('customers')
    .values({ winery_id: wineryId(), email, email_key: email, created_by: 'import' })
    .returning('customer_id')
    .executeTakeFirstOrThrow()
  return customer_id
}

async function guest(patronId: string, email: string, customerId: string | null): Promise<void> {
  await sql`insert into ecellar.patrons (winery_id, business_group_id, patron_id, email, email_key, customer_id)
    values (${wineryId()}, '55', ${patronId}, ${email}, ${email}, ${customerId})`.execute(database.db)
  await sql`insert into ecellar.reservations (winery_id, brand_id, business_id, tock_key, starts_at, local_start,
      time_zone, first_seen_pull, changed_in_pull, is_cancelled, status, guest_patron_id, customer_id)
    values (${wineryId()}, ${brand.brand_id}, ${brand.business_id}, ${`r:${patronId}`}, now(), now()::timestamp,
      'UTC', 1, 1, false, 'Booked', ${patronId}, ${customerId})`.execute(database.db)
}

async function exception(
  code: ExceptionCode,
  subject: string,
  sides: { customer_id?: string; other_customer_id?: string } = {},
): Promise<string> {
  const { exception_id } = await database.db
    .insertInto('exceptions')
    .values({
      winery_id: wineryId(),
      brand_id: brand.brand_id,
      business_id: null,
      pull_id: '1',
      code,
      subject,
      tock_key: null,
      message: 'Something needs a person.',
      resolved_at: null,
      closed_because: null,
      ...(/^\d+\/\d+$/.test(subject)
        ? { business_group_id: subject.split('/')[0] ?? '', patron_id: subject.split('/')[1] ?? '' }
        : {}),
      ...sides,
    })
    .returning('exception_id')
    .executeTakeFirstOrThrow()
  return exception_id
}

const resolve = (id: string, decision: Decision, why = 'asked them') =>
  resolveException(database.db, wineryId(), id, decision, why, actor)

async function patron(patronId: string) {
  const { rows } = await sql<{ customer_id: string | null; kept_email_key: string | null; visits: string[] }>`
    select p.customer_id, p.kept_email_key, array(
      select r.customer_id::text from ecellar.reservations r
      where r.winery_id = p.winery_id and r.guest_patron_id = p.patron_id) as visits
    from ecellar.patrons p where winery_id = ${wineryId()} and patron_id = ${patronId}`.execute(database.db)
  return rows[0]
}

async function changes() {
  const { rows } = await sql<Record<string, unknown>>`
    select entity, field, before, after, made_by from ecellar.changes where winery_id = ${wineryId()}
    order by change_id`.execute(database.db)
  return rows
}

const sharedList = async () =>
  database.db
    .selectFrom('shared_addresses')
    .select(['email_key', 'is_shared'])
    .where('winery_id', '=', wineryId())
    .execute()

describe('a decision', () => {
  it('closes an exception for good, with its reason, and has guests matched anew', async () => {
    const id = await exception('invalid_email', '55/1')
    const slug = `winery-${number}`
    const before = Number((await findWinery(database.db, slug)).identity_revision)
    expect(await listExceptions(database.db, wineryId(), { all: false })).toHaveLength(1)
    await resolve(id, { kind: 'close' }, 'nothing to be done')
    expect(await listExceptions(database.db, wineryId(), { all: false })).toEqual([])
    const all = await listExceptions(database.db, wineryId(), { all: true, brandCode: 'A' })
    expect(all).toMatchObject([{ winery: slug, exception_id: id, resolved_at: expect.any(Date) }])
    const row = await database.db
      .selectFrom('exceptions')
      .select(['closed_by_person', 'closed_because'])
      .where('exception_id', '=', id)
      .executeTakeFirst()
    expect(row).toEqual({ closed_by_person: true, closed_because: 'nothing to be done' })
    expect(Number((await findWinery(database.db, slug)).identity_revision)).toBe(before + 1)
  })

  it('says which of several customers a guest is; the reservations follow, remembered', async () => {
    const [one, two] = [await customer('ann@example.com'), await customer('ann@example.com')]
    await guest('1', 'ann@example.com', null)
    await guest('2', 'ben@example.com', null)
    const id = await exception('several_customers', 'ann@example.com')
    await resolve(id, { kind: 'customer', customerId: two })
    expect(await patron('1')).toMatchObject({ customer_id: two, visits: [two] })
    expect(await patron('2')).toMatchObject({ customer_id: null })
    expect(one).not.toBe(two)
    expect(await changes()).toEqual([
      { entity: 'reservation', field: 'customer_id', before: null, after: two, made_by: 'staff' },
    ])
  })

  it('moves a guest to the customer to whom the new address belongs', async () => {
    const [one, two] = [await customer('ann@example.com'), await customer('new@example.com')]
    await guest('1', 'new@example.com', one)
    await resolve(await exception('email_of_another', '55/1'), { kind: 'customer', customerId: two })
    expect(await patron('1')).toMatchObject({ customer_id: two, visits: [two] })
  })

  it("has the customer take over the guest's new address", async () => {
    const one = await customer('ann@example.com')
    await guest('1', 'new@example.com', one)
    await resolve(await exception('email_changed', '55/1'), { kind: 'take' })
    const row = await database.db
      .selectFrom('customers')
      .selectAll()
      .where('customer_id', '=', one)
      .executeTakeFirst()
    expect(row).toMatchObject({
      email: 'new@example.com',
      email_key: 'new@example.com',
      edited_at: expect.any(Date),
    })
    expect(await changes()).toEqual([
      {
        entity: 'customer',
        field: 'email',
        before: 'ann@example.com',
        after: 'new@example.com',
        made_by: 'staff',
      },
    ])
  })

  it('takes over no address that another customer has meanwhile', async () => {
    const one = await customer('ann@example.com')
    await customer('new@example.com')
    await guest('1', 'new@example.com', one)
    const id = await exception('email_changed', '55/1')
    await expect(resolve(id, { kind: 'take' })).rejects.toMatchObject({ code: 'invalid' })
    expect(await listExceptions(database.db, wineryId(), { all: false })).toHaveLength(1)
  })

  it('leaves the customer its old address, for this new one', async () => {
    const one = await customer('ann@example.com')
    await guest('1', 'new@example.com', one)
    await resolve(await exception('email_changed', '55/1'), { kind: 'close' })
    expect(await patron('1')).toMatchObject({ customer_id: one, kept_email_key: 'new@example.com' })
  })

  it('puts a proposed address on the shared-address list, or says that it is one person', async () => {
    await resolve(await exception('shared_address_proposed', 'desk@example.com'), { kind: 'shared' })
    await resolve(await exception('shared_address_proposed', 'ann@example.com'), { kind: 'one person' })
    expect((await sharedList()).sort((a, b) => a.email_key.localeCompare(b.email_key))).toEqual([
      { email_key: 'ann@example.com', is_shared: false },
      { email_key: 'desk@example.com', is_shared: true },
    ])
  })

  it('that does not fit, or names nobody, is refused and changes nothing', async () => {
    const one = await customer('ann@example.com')
    const id = await exception('email_changed', '55/1')
    const several = await exception('several_customers', 'ann@example.com')
    await expect(resolve(id, { kind: 'one person' })).rejects.toMatchObject({
      code: 'invalid',
      nextStep: expect.stringContaining('"take"'),
    })
    await expect(resolve(id, { kind: 'close' }, ' ')).rejects.toMatchObject({ code: 'invalid' })
    await expect(resolve(several, { kind: 'customer', customerId: '999999' })).rejects.toMatchObject({
      code: 'not_found',
    })
    for (const unknown of ['999999', 'x', "1' or true"]) {
      await expect(resolve(unknown, { kind: 'close' })).rejects.toMatchObject({ code: 'not_found' })
    }
    expect(await listExceptions(database.db, wineryId(), { all: false })).toHaveLength(2)
    expect(one).toBeTruthy()
  })

  it("reaches neither another winery's exceptions nor its customers", async () => {
    const theirs = await exception('invalid_email', '55/1')
    const theirCustomer = await customer('ann@example.com')
    const { winery } = await addWinery(database.db, { slug: `winery-${number}-b`, name: 'Winery' }, actor)
    const close = resolveException(database.db, winery.winery_id, theirs, { kind: 'close' }, 'x', actor)
    await expect(close).rejects.toMatchObject({ code: 'not_found' })
    const given = { code: 'B', name: 'B', businessGroupId: '55', businessId: String(9000 + number) }
    brand = (await addBrand(database.db, winery.winery_id, given, actor)).brand
    const ours = await exception('several_customers', 'ann@example.com')
    await expect(resolve(ours, { kind: 'customer', customerId: theirCustomer })).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
