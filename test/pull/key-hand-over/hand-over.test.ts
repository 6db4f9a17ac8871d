import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readTockKey, storeTockKey } from '../../../src/access/tock-keys.ts'
import { addBrand } from '../../../src/crm/brands.ts'
import { addWinery } from '../../../src/crm/wineries.ts'
import { readMail, readOutbox } from '../../../src/notify/read-outbox.ts'
import { confirmByReceipt, confirmKeys } from '../../../src/pull/key-hand-over/confirm-key.ts'
import { openHandOver, readHandOver } from '../../../src/pull/key-hand-over/read-hand-over.ts'
import { revokeKeys } from '../../../src/pull/key-hand-over/revoke-keys.ts'
import { actor } from '../../actor.ts'
import { freshDatabase, type TestDatabase } from '../../database-for-tests.ts'
import { hoursLater, type KeyPlace, keyPlace, start } from './key-place.ts'

let database: TestDatabase
let place: KeyPlace

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  place = await keyPlace(database)
})
afterEach(() => place.close())

const both = () => [
  { brand: 'CR', businessId: place.cr, businessName: 'Creekside Cellar' },
  { brand: 'JH', businessId: place.jh, businessName: 'Juniper Hill Estate' },
]
const confirm = (receipt: string, seen = both(), now = start) =>
  confirmByReceipt(place.parts(now), receipt, seen)
const dump = async () => {
  const tables = [
    'tock_keys',
    'handed_keys',
    'key_hand_overs',
    'hand_over_links',
    'brands',
    'brand_businesses',
    'outbox',
  ]
  const read = tables.map((table) =>
    sql.raw(`select * from ecellar.${table} order by 1, 2, 3`).execute(database.db),
  )
  return (await Promise.all(read)).map(({ rows }) => rows)
}

describe('a link', () => {
  it('is mailed to the winery, and shows which brands with which ids it is for', async () => {
    const token = await place.ask()
    const [mail] = await place.mails()
    expect(mail).toMatchObject({ template: 'hand-over-link', to: 'admin@example.com' })
    expect(mail?.text).toContain(`https://tock.example/hand-over#${token}`)
    expect(mail?.text).toContain('Robin Example asks')
    expect(await openHandOver(database.db, token, start)).toMatchObject({
      winery: place.slug,
      askedBy: 'Robin Example',
      brands: [
        { brand: 'CR', businessGroupId: place.groupId, businessId: place.cr },
        { brand: 'JH', businessGroupId: place.groupId, businessId: place.jh },
      ],
    })
  })

  it('that mail scanners open is still good; sending the form spends it', async () => {
    const token = await place.ask()
    for (let n = 0; n < 3; n += 1) await openHandOver(database.db, token, start)
    await place.submit(token)
    await expect(openHandOver(database.db, token, start)).rejects.toMatchObject({ code: 'not_found' })
    await expect(place.submit(token)).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('used'),
    })
  })

  it('is good for 72 hours, and until a newer one comes', async () => {
    const token = await place.ask()
    expect((await openHandOver(database.db, token, hoursLater(71.9))).brands).toHaveLength(2)
    await expect(place.submit(token, {}, hoursLater(72.1))).rejects.toMatchObject({ code: 'not_found' })
    const newer = await place.ask()
    await expect(openHandOver(database.db, token, start)).rejects.toMatchObject({ code: 'not_found' })
    expect((await place.submit(newer)).brands).toHaveLength(2)
  })

  it('that two submit at once is spent by one of them', async () => {
    const token = await place.ask()
    const both = await Promise.allSettled([place.submit(token), place.submit(token)])
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await place.status()).JH?.handedOver?.state).toBe('tested')
  })

  it('is nowhere in clear: not in the database, not in the audit', async () => {
    const token = await place.ask()
    const { receipt } = await place.submit(token)
    const stored = JSON.stringify([await dump(), await place.audit()])
    expect(stored).not.toContain(token)
    expect(stored).not.toContain(receipt)
    expect(stored).not.toContain(place.apiKey)
  })
})

describe('what is entered', () => {
  const secretKey = 'eyJ-secret-key'
  it.each<[string, object, RegExp]>([
    ['no key', { apiKey: '' }, /No key was given/],
    ['a key of blanks', { apiKey: ' \n ' }, /No key was given/],
    ['a key with a blank', { apiKey: `Bearer ${secretKey}` }, /no API key/],
    ['a key of two lines', { apiKey: `${secretKey}\n${secretKey}` }, /no API key/],
    ['a key with a letter that no header carries', { apiKey: `${secretKey}é` }, /no API key/],
    ['a key without end', { apiKey: 'x'.repeat(100_000) }, /no API key/],
    ['no group', { businessGroupId: '' }, /Business Group ID is missing/],
    ['the key where the group belongs', { businessGroupId: secretKey }, /Business Group ID is no number/],
    [
      'a brand without its id',
      { businesses: [{ brand: 'JH', businessId: '1' }] },
      /Brand CR \(CR\) is missing/,
    ],
    ['a brand of others', { businesses: [{ brand: 'XX', businessId: '1' }] }, /not for/],
    [
      'one id for two brands',
      {
        businesses: [
          { brand: 'JH', businessId: '77' },
          { brand: 'CR', businessId: ' 77 ' },
        ],
      },
      /same Business ID/,
    ],
    [
      'a brand given twice',
      {
        businesses: [
          { brand: 'JH', businessId: '1' },
          { brand: 'jh', businessId: '2' },
          { brand: 'CR', businessId: '3' },
        ],
      },
      /given twice/,
    ],
    ['no address', { email: 'nobody' }, /e-mail address/],
  ])('is refused when it cannot be, and nothing is lost: %s', async (_, change, message) => {
    const token = await place.ask()
    const before = await dump()
    const refused = await place.submit(token, change).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'invalid', message: expect.stringMatching(message) })
    expect(JSON.stringify([refused, String(refused)])).not.toContain(secretKey)
    expect(await dump()).toEqual(before)
    expect(place.simulator.stats.listings).toBe(0)
    expect((await place.submit(token)).brands).toHaveLength(2)
  })

  it('tells all that is wrong at once', async () => {
    const token = await place.ask()
    await expect(
      place.submit(token, { apiKey: '', businessGroupId: 'x', businesses: [] }),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/No key.*Group ID is no number.*CR\) is missing.*JH\) is missing/),
    })
  })

  it('with the Business ID of another brand is refused, whoever has it', async () => {
    const { winery } = await addWinery(database.db, { slug: `other-${place.slug}`, name: 'Other' }, actor)
    const ids = { businessGroupId: '1', businessId: place.stranger }
    await addBrand(database.db, winery.winery_id, { code: 'O', name: 'O', ...ids }, actor)
    const token = await place.ask()
    const businesses = [
      { brand: 'JH', businessId: place.stranger },
      { brand: 'CR', businessId: place.cr },
    ]
    await expect(place.submit(token, { businesses })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('belongs to one brand'),
    })
    expect((await place.submit(token)).brands).toHaveLength(2)
  })

  it('with ids under which Tock has the files of another business is refused, and the link is still good', async () => {
    const token = await place.ask()
    place.simulator.setFault('wrong_business', place.cr)
    await expect(place.submit(token)).rejects.toMatchObject({
      code: 'wrong_business',
      message: expect.stringContaining('Brand CR (CR)'),
    })
    place.simulator.setFault(null)
    expect((await place.submit(token)).brands).toHaveLength(2)
  })

  it('with blanks and line ends around it is taken as meant', async () => {
    const token = await place.ask()
    const { receipt } = await place.submit(token, {
      apiKey: `\n ${place.apiKey}\r\n`,
      businessGroupId: ` ${place.groupId} `,
      businesses: [
        { brand: ' cr ', businessId: ` ${place.cr}\n` },
        { brand: 'jh', businessId: place.jh },
      ],
    })
    await confirm(receipt)
    expect(await place.key('JH')).toBe(place.apiKey)
  })
})

describe('a key that Tock accepts', () => {
  it("is the brand's only when a person has confirmed what Tock calls the business", async () => {
    await storeTockKey(database.db, place.secrets, {
      wineryId: place.wineryId,
      brandId: '0',
      key: 'the-old-key',
      actor,
    })
    const { receipt, brands } = await place.submit(await place.ask())
    expect(brands).toMatchObject([
      {
        brand: 'CR',
        state: 'tested',
        businessName: 'Creekside Cellar',
        changesBusiness: false,
        diagnosis: null,
      },
      { brand: 'JH', state: 'tested', businessName: 'Juniper Hill Estate', timeZone: 'America/Los_Angeles' },
    ])
    expect(await place.key('JH')).toBe('the-old-key')
    expect(await confirm(receipt)).toEqual({ brands: ['CR', 'JH'], otherBusiness: [] })
    expect([await place.key('JH'), await place.key('CR')]).toEqual([place.apiKey, place.apiKey])
    expect((await place.status()).JH).toMatchObject({
      storedFor: 'brand',
      handedOver: { state: 'confirmed' },
    })
    await expect(confirm(receipt)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is sealed for its brand: a row copied to another brand opens nothing', async () => {
    await confirm((await place.submit(await place.ask())).receipt)
    const [jh, cr] = [await place.brandId('JH'), await place.brandId('CR')]
    await sql`
      update ecellar.tock_keys k set sealed = (select sealed from ecellar.tock_keys where brand_id = ${jh})
      where brand_id = ${cr}`.execute(database.db)
    await expect(place.key('CR')).rejects.toThrow('belongs to somebody else')
    const left = await sql<{ sealed: string | null }>`
      select sealed from ecellar.handed_keys where winery_id = ${place.wineryId}`.execute(database.db)
    expect(left.rows.map((row) => row.sealed)).toEqual([null, null])
  })

  it('is told to Support, which is told again when it is confirmed', async () => {
    const { receipt } = await place.submit(await place.ask())
    await confirm(receipt)
    const told = (await place.mails()).filter((mail) => mail.template === 'key-works')
    expect(told.map((mail) => mail.to)).toEqual(['support@ecellar.example', 'support@ecellar.example'])
    expect(told[0]?.text).toContain('Juniper Hill Estate')
    expect(told[0]?.text).toContain('Until then the key is not used')
    expect(told[1]?.text).toContain('Nothing is left to do')
    expect(JSON.stringify(told)).not.toContain(place.apiKey)
  })

  it('is confirmed as it was seen, or asked about again', async () => {
    const { receipt } = await place.submit(await place.ask())
    const other = both().map((one) => ({ ...one, businessName: 'Another Name' }))
    await expect(confirm(receipt, other)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('has changed since'),
    })
    await expect(confirm(receipt, [])).rejects.toMatchObject({ code: 'invalid' })
    expect(await place.key('JH')).toBeNull()
  })

  it('may be confirmed brand by brand, and by somebody who is signed in', async () => {
    const { receipt } = await place.submit(await place.ask())
    await confirm(receipt, both().slice(1))
    expect([await place.key('JH'), await place.key('CR')]).toEqual([place.apiKey, null])
    const seen = both().slice(0, 1)
    await confirmKeys(place.parts(start), { wineryId: place.wineryId, seen, actor })
    expect(await place.key('CR')).toBe(place.apiKey)
    const confirmed = (await place.audit()).filter((entry) => entry.action === 'key.confirm')
    expect(confirmed.map((entry) => [entry.subject, entry.actor_name])).toEqual([
      ['JH', 'holder of the link that Robin Example made'],
      ['CR', 'Robin Example'],
    ])
  })

  it('of a business without reservations has no name yet, and can be confirmed all the same', async () => {
    const edit = place.simulator.edit(place.jh)
    edit.clear()
    edit.publish({})
    const { receipt, brands } = await place.submit(await place.ask(['JH']), {
      businesses: [{ brand: 'JH', businessId: place.jh }],
    })
    expect(brands).toMatchObject([{ state: 'tested', businessName: null }])
    await confirm(receipt, [{ brand: 'JH', businessId: place.jh, businessName: null as unknown as string }])
    expect(await place.key('JH')).toBe(place.apiKey)
  })
})

it('a key and a link on their way survive a change of ENCRYPTION_KEY', async () => {
  const { receipt } = await place.submit(await place.ask())
  await sql`delete from ecellar.handed_keys where winery_id <> ${place.wineryId}`.execute(database.db)
  await sql`delete from ecellar.tock_keys where winery_id <> ${place.wineryId}`.execute(database.db)
  await sql`delete from ecellar.outbox where winery_id <> ${place.wineryId}`.execute(database.db)
  const token = await place.ask()
  const secrets = await place.rotated()
  const mails = await readOutbox(database.db, { wineryId: place.wineryId, limit: 1 })
  const mail = await readMail(database.db, mails[0]?.mailId ?? '', { supportContact: 'x', secrets })
  expect(mail.text).toContain(token)
  await confirmByReceipt({ ...place.parts(start), secrets }, receipt, both())
  const key = { wineryId: place.wineryId, brandId: await place.brandId('JH') }
  expect(await readTockKey(database.db, secrets, key)).toBe(place.apiKey)
})

describe('whoever submitted', () => {
  it('comes back with the receipt for 72 hours, and sees no key', async () => {
    const { receipt } = await place.submit(await place.ask())
    const seen = await readHandOver(database.db, receipt, hoursLater(71))
    expect(seen.brands.map((one) => one.state)).toEqual(['tested', 'tested'])
    expect(JSON.stringify(seen)).not.toContain(place.apiKey)
    await expect(readHandOver(database.db, receipt, hoursLater(73))).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(readHandOver(database.db, 'receipt.none', start)).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('corrects a key that was mistyped, without a new link', async () => {
    const { receipt, brands } = await place.submit(await place.ask(), { apiKey: `${place.apiKey}x` })
    expect(brands.map((one) => one.state)).toEqual(['trying', 'trying'])
    const again = await place.submit(receipt)
    expect(again.receipt).toBe(receipt)
    expect(again.brands.map((one) => one.state)).toEqual(['tested', 'tested'])
    await confirm(receipt)
    expect(await place.key('JH')).toBe(place.apiKey)
    await expect(place.submit(receipt)).rejects.toMatchObject({ code: 'invalid' })
  })
})

describe('other ids than those that are stored', () => {
  beforeEach(async () => {
    await place.close()
    place = await keyPlace(database, { stored: { JH: `${Date.now()}1`, CR: `${Date.now()}2` } })
  })

  it('are taken over with the confirmation, by the rules of another business', async () => {
    const before = (await place.status()).JH
    expect(before?.handedOver).toBeNull()
    await database.db
      .updateTable('brands')
      .set({ enabled_at: new Date() })
      .where('winery_id', '=', place.wineryId)
      .execute()
    const { receipt, brands } = await place.submit(await place.ask())
    expect(brands.map((one) => one.changesBusiness)).toEqual([true, true])
    const stored = () =>
      database.db
        .selectFrom('brands')
        .select(['code', 'business_id', 'enabled_at'])
        .where('winery_id', '=', place.wineryId)
        .orderBy('code')
        .execute()
    expect((await stored()).map((row) => row.business_id)).not.toContain(place.jh)
    expect(await confirm(receipt)).toEqual({ brands: ['CR', 'JH'], otherBusiness: ['CR', 'JH'] })
    expect(await stored()).toEqual([
      { code: 'CR', business_id: place.cr, enabled_at: null },
      { code: 'JH', business_id: place.jh, enabled_at: null },
    ])
    const businesses = await database.db
      .selectFrom('brand_businesses')
      .select('initial_pull_id')
      .where('winery_id', '=', place.wineryId)
      .where('business_id', 'in', [place.jh, place.cr])
      .execute()
    expect(businesses).toEqual([{ initial_pull_id: null }, { initial_pull_id: null }])
  })
})

describe('replacing a key', () => {
  it('keeps mapping and history; ids that Support had mixed up change places', async () => {
    await place.close()
    place = await keyPlace(database)
    // As Support entered them: the other way round.
    for (const [code, businessId] of [
      ['JH', '1'],
      ['CR', place.jh],
      ['JH', place.cr],
    ] as const) {
      const given = {
        code,
        name: `Brand ${code}`,
        businessGroupId: place.groupId,
        businessId: businessId === '1' ? `${Date.now()}` : businessId,
      }
      await addBrand(database.db, place.wineryId, given, actor)
    }
    const jhId = await place.brandId('JH')
    await sql`insert into ecellar.experiences (winery_id, brand_id, experience_id, name, ignored)
      values (${place.wineryId}, ${jhId}, '5', 'Tasting', true)`.execute(database.db)
    const { receipt } = await place.submit(await place.ask())
    expect((await confirm(receipt)).otherBusiness.sort()).toEqual(['CR', 'JH'])
    const rows = await sql<{ code: string; business_id: string }>`
      select code, business_id from ecellar.brands where winery_id = ${place.wineryId} order by code`.execute(
      database.db,
    )
    expect(rows.rows).toEqual([
      { code: 'CR', business_id: place.cr },
      { code: 'JH', business_id: place.jh },
    ])
    const mapped = await sql`select from ecellar.experiences where brand_id = ${jhId} and ignored`.execute(
      database.db,
    )
    expect(mapped.rows).toHaveLength(1)
  })

  it('drops an earlier one that waits', async () => {
    const first = await place.submit(await place.ask())
    const second = await place.submit(await place.ask())
    await expect(confirm(first.receipt)).rejects.toMatchObject({ code: 'not_found' })
    expect((await confirm(second.receipt)).brands).toEqual(['CR', 'JH'])
  })
})

describe('revoking', () => {
  const revoke = (brand: { brandId: string; code: string } | null) =>
    revokeKeys(database.db, { wineryId: place.wineryId, brand, actor, now: start })

  it("takes a brand's key, what is on its way and open links; the others keep theirs", async () => {
    await confirm((await place.submit(await place.ask())).receipt)
    await place.submit(await place.ask(['JH']), { businesses: [{ brand: 'JH', businessId: place.jh }] })
    await place.ask(['JH'])
    const jh = { brandId: await place.brandId('JH'), code: 'JH' }
    expect(await revoke(jh)).toMatchObject({
      stored: [jh.brandId],
      onTheirWay: 1,
      links: 1,
      goesByWinerysKey: false,
    })
    expect([await place.key('JH'), await place.key('CR')]).toEqual([null, place.apiKey])
    expect((await place.status()).JH).toMatchObject({
      storedFor: null,
      linkExpiresAt: null,
      handedOver: { state: 'dropped' },
    })
    await expect(revoke(jh)).rejects.toMatchObject({ code: 'not_found' })
  })

  it("says when the winery's key for all brands still serves the brand", async () => {
    await storeTockKey(database.db, place.secrets, {
      wineryId: place.wineryId,
      brandId: '0',
      key: 'for-all',
      actor,
    })
    const jh = { brandId: await place.brandId('JH'), code: 'JH' }
    await expect(revoke(jh)).rejects.toMatchObject({
      message: expect.stringContaining("the winery's key for all brands"),
    })
    await storeTockKey(database.db, place.secrets, { wineryId: place.wineryId, ...jh, key: 'own', actor })
    expect(await revoke(jh)).toMatchObject({ goesByWinerysKey: true })
    expect(await place.key('JH')).toBe('for-all')
    expect(await revoke(null)).toMatchObject({ stored: ['0'] })
    expect(await place.key('JH')).toBeNull()
  })

  it('is recorded, as all of it is, and never the key', async () => {
    const { receipt } = await place.submit(await place.ask())
    await confirm(receipt)
    await revoke(null)
    const entries = await place.audit()
    expect(entries.map((entry) => entry.action)).toEqual(
      expect.arrayContaining([
        'key.ask',
        'key.hand-over',
        'key.accepted',
        'key.store',
        'key.confirm',
        'key.revoke',
      ]),
    )
    expect(JSON.stringify(entries)).not.toContain(place.apiKey)
    expect(JSON.stringify(entries)).not.toContain('admin@example.com')
  })
})
