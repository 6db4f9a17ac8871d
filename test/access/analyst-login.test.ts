import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analystUrl } from '../../src/access/analyst-login.ts'
import { openSecrets, type Secrets } from '../../src/access/secrets.ts'
import { readConfig } from '../../src/config.ts'
import { addBrand } from '../../src/crm/brands.ts'
import { addWinery } from '../../src/crm/wineries.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'

let database: TestDatabase
let secrets: Secrets
let ours: string
let others: string

beforeAll(async () => {
  database = await freshDatabase()
  const config = readConfig({ ENCRYPTION_KEY: randomBytes(32).toString('base64') }, tmpdir())
  secrets = await openSecrets({ db: database.db, config, note: () => {} })
  const one = await addWinery(database.db, { slug: 'ours', name: 'Ours' }, actor)
  const two = await addWinery(database.db, { slug: 'others', name: 'Others' }, actor)
  ours = one.winery.winery_id
  others = two.winery.winery_id
  for (const [wineryId, businessId] of [
    [ours, '1'],
    [others, '2'],
  ] as const) {
    await addBrand(database.db, wineryId, { code: 'A', name: 'A', businessGroupId: '5', businessId }, actor)
  }
})
afterAll(() => database.drop())

const urlOf = (wineryId: string) => analystUrl({ db: database.db, secrets, ownerUrl: database.url, wineryId })

async function asAnalyst<T>(wineryId: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: await urlOf(wineryId) })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

describe("an analyst's login", () => {
  it('is made once, also for two that ask at the same time', async () => {
    const urls = await Promise.all([urlOf(ours), urlOf(ours), urlOf(ours)])
    expect(new Set(urls).size).toBe(1)
    expect(await urlOf(others)).not.toBe(urls[0])
  })

  it("sees its winery's rows and no other, whatever it sets", async () => {
    await asAnalyst(ours, async (client) => {
      await client.query(`select set_config('app.winery', $1, false)`, [others])
      const { rows } = await client.query('select distinct winery from locations')
      expect(rows).toEqual([{ winery: 'ours' }])
      const own = await client.query('select slug from ecellar.wineries')
      expect(own.rows).toEqual([{ slug: 'ours' }])
    })
  })

  it('reads the contract and nothing that is sealed, and writes nothing', async () => {
    await asAnalyst(ours, async (client) => {
      const limits = await client.query(`select current_setting('statement_timeout') as timeout`)
      expect(limits.rows).toEqual([{ timeout: '5min' }])
      await expect(client.query('select * from ecellar.tock_keys')).rejects.toThrow('permission denied')
      await expect(client.query('select * from ecellar.analyst_logins')).rejects.toThrow('permission denied')
      await client.query('set default_transaction_read_only = off')
      await expect(client.query('delete from ecellar.brands')).rejects.toThrow('permission denied')
      await expect(client.query('create table reporting.mine ()')).rejects.toThrow('permission denied')
    })
  })

  it('comes back with the same password when the role was lost', async () => {
    const before = await urlOf(others)
    const owner = await database.session()
    const role = new URL(before).username
    await owner.query(`revoke connect on database ${new URL(before).pathname.slice(1)} from ${role}`)
    await owner.query(`drop role ${role}`)
    await owner.end()
    expect(await urlOf(others)).toBe(before)
    await asAnalyst(others, async (client) => {
      expect((await client.query('select distinct winery from locations')).rows).toEqual([
        { winery: 'others' },
      ])
    })
  })
})
