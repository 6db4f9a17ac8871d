import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Entry, fromBuffer } from 'yauzl'
import { analystUrl } from '../../src/access/analyst-login.ts'
import { deleteWinery } from '../../src/crm/winery-delete.ts'
import { exportWinery } from '../../src/crm/winery-export.ts'
import { wineryTables } from '../../src/crm/winery-tables.ts'
import { brandLockSpace } from '../../src/database/tenant-session.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { openSecrets } from '../pull/open-secrets.ts'
import { type BookedWinery, bookedWinery } from './booked-winery.ts'
import { countRows, fillEveryTable, tablesWithWinery } from './row-in-every-table.ts'

let database: TestDatabase
let winery: BookedWinery
let other: BookedWinery
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  winery = await bookedWinery(database)
  other = await bookedWinery(database)
  for (const one of [winery, other]) {
    const customerId = await one.customer({ last_name: `Of ${one.winery.slug}`, first_name: 'Zoë "Z"\n\\' })
    const patronId = await one.guest(customerId)
    await one.reservation({ customerId, patronId, day: '2026-05-01' }, { notes: 'line one\nline two' })
    await fillEveryTable(database.db, one.wineryId, one.brands[0]?.brand_id ?? '')
  }
})

describe('the export of a winery', () => {
  test('knows every table of the database that holds a winery’s data', async () => {
    expect(Object.keys(wineryTables).sort()).toEqual(await tablesWithWinery(database.db))
  })

  test('holds every row of the winery’s own tables, and none of another winery', async () => {
    const { files, rows } = await exported()
    const counts = await countRows(database.db, winery.wineryId)
    for (const [table, one] of Object.entries(wineryTables)) {
      const name = `tables/${table.split('.')[1]}.jsonl`
      expect(files.has(name), name).toBe(one.exported)
      if (!one.exported) continue
      const lines = (files.get(name) ?? '').split('\n').filter((line) => line !== '')
      // The export's own line in the audit is there before it begins.
      expect(lines, name).toHaveLength(counts[table] ?? -1)
      expect(rows.get(name)).toBe(lines.length)
      for (const line of lines) expect(JSON.parse(line)).not.toHaveProperty('winery_id')
    }
    expect([...files.values()].join('\n')).not.toContain(other.winery.slug)
  })

  test('tells rows as they are stored, line breaks and quotation marks too', async () => {
    const { files } = await exported()
    const [customer] = (files.get('tables/customers.jsonl') ?? '').split('\n')
    expect(JSON.parse(customer ?? '')).toMatchObject({
      first_name: 'Zoë "Z"\n\\',
      last_name: `Of ${winery.winery.slug}`,
      created_at: '2026-02-01T12:00:00+00:00',
    })
    const csv = files.get('views/reservations.csv') ?? ''
    expect(csv.split('\n')[0]).toContain('tock_key,party_name')
    expect(csv).toContain('"line one\nline two"')
    expect(files.get('tables/memberships.jsonl')).toContain('Robin Example')
    const manifest = JSON.parse(files.get('manifest.json') ?? '')
    expect(manifest).toMatchObject({ winery: winery.winery.slug, madeAt: '2026-06-01T00:00:00.000Z' })
    expect(manifest.rows['tables/customers.jsonl']).toBe(1)
    expect(manifest.leftOut['ecellar.tock_keys']).toMatch(/secret/)
  })

  test('holds no secret', async () => {
    const { files } = await exported()
    for (const [name, content] of files) {
      if (!name.endsWith('.jsonl')) continue
      for (const line of content.split('\n').filter((one) => one !== '')) {
        const secrets = Object.keys(JSON.parse(line)).filter((column) =>
          /sealed|token|hash|secret|password|receipt_hash/.test(column),
        )
        expect(secrets, name).toEqual([])
      }
    }
  })

  test('is recorded before anything leaves, and leaves nothing open when it breaks off', async () => {
    const { stream } = await exportWinery({ database, winery: winery.winery, actor })
    stream.destroy()
    await once(stream, 'close')
    const { rows } = await sql<{ subject: unknown }>`
      select subject from ecellar.audit
      where winery_id = ${winery.wineryId} and action = 'wineries.export'`.execute(database.db)
    expect(rows).toEqual([{ subject: winery.winery.slug }])
    await expect
      .poll(async () => {
        const open = await sql`
          select from pg_stat_activity
          where datname = current_database() and state like 'idle in transaction%'`.execute(database.db)
        return open.rows.length
      })
      .toBe(0)
  })
})

describe('deleting a winery', () => {
  const options = () => ({ db: database.db, winery: winery.winery, actor })

  test('leaves no row of it in any table, and every row of another winery', async () => {
    const mine = await countRows(database.db, winery.wineryId)
    expect(Object.values(mine)).not.toContain(0)
    const others = await countRows(database.db, other.wineryId)
    const { rows } = await deleteWinery(options(), winery.winery.slug)
    expect(Object.values(await countRows(database.db, winery.wineryId)).filter((count) => count > 0)).toEqual(
      [],
    )
    expect(await countRows(database.db, other.wineryId)).toEqual(others)
    expect(rows['ecellar.customers']).toBe(mine['ecellar.customers'])
    const users = await sql`
      select from access.users where id like ${`% ${winery.wineryId}`} and id like 'access.memberships%'`.execute(
      database.db,
    )
    expect(users.rows).toEqual([])
  })

  test('leaves one line in the installation’s audit, with numbers alone', async () => {
    await deleteWinery(options(), winery.winery.slug)
    const { rows } = await sql<{ winery_id: string | null; details: object }>`
      select winery_id, details from ecellar.audit where subject = ${winery.winery.slug}`.execute(database.db)
    expect(rows).toMatchObject([{ winery_id: null, details: { rows: { 'ecellar.customers': 1 } } }])
  })

  test('ends the analyst’s login, and what was kept for its users to ask again', async () => {
    // The made-up row has no login; a real one is made for a winery without a row.
    await sql`delete from ecellar.analyst_logins where winery_id = ${winery.wineryId}`.execute(database.db)
    const login = await analystUrl({
      db: database.db,
      secrets: openSecrets,
      ownerUrl: database.url,
      wineryId: winery.wineryId,
    })
    const user = `access.memberships ${winery.wineryId}`
    await sql`
      insert into ecellar.idempotency_keys (principal, key, request_hash, started_at)
      values (${`user ${user}`}, 'k', 'h', now()), ('user somebody-else', ${winery.wineryId}, 'h', now())`.execute(
      database.db,
    )
    await deleteWinery(options(), winery.winery.slug)
    const client = new pg.Client({ connectionString: login })
    await expect(client.connect()).rejects.toThrow(/role .* does not exist|authentication failed/)
    const kept = await sql<{ principal: string }>`
      select principal from ecellar.idempotency_keys
      where principal = ${`user ${user}`} or key = ${winery.wineryId}`.execute(database.db)
    expect(kept.rows).toEqual([{ principal: 'user somebody-else' }])
  })

  test('has to be confirmed by the slug', async () => {
    await expect(deleteWinery(options(), 'yes')).rejects.toMatchObject({ code: 'invalid' })
    expect(Object.values(await countRows(database.db, winery.wineryId))).not.toContain(0)
  })

  test('waits for no pull: one that runs keeps the winery', async () => {
    const session = await database.session()
    await session.query('select pg_advisory_lock($1, $2::int)', [brandLockSpace, winery.brands[1]?.brand_id])
    await expect(deleteWinery(options(), winery.winery.slug)).rejects.toMatchObject({
      code: 'pull_running',
      message: expect.stringContaining('OA'),
    })
    await session.end()
    expect(Object.values(await countRows(database.db, winery.wineryId))).not.toContain(0)
  })

  test('makes room for the slug: a winery of that name begins anew', async () => {
    await deleteWinery(options(), winery.winery.slug)
    const { rows } = await sql`select from ecellar.wineries where slug = ${winery.winery.slug}`.execute(
      database.db,
    )
    expect(rows).toEqual([])
  })
})

async function exported() {
  const made = await exportWinery({
    database,
    winery: winery.winery,
    actor,
    now: new Date('2026-06-01T00:00:00Z'),
  })
  expect(made.fileName).toBe(`${winery.winery.slug}-2026-06-01.zip`)
  const chunks: Buffer[] = []
  for await (const chunk of made.stream) chunks.push(chunk as Buffer)
  return { files: await unzip(Buffer.concat(chunks)), rows: made.rows }
}

function unzip(bytes: Buffer): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error)
      zip.on('entry', (entry: Entry) => {
        zip.openReadStream(entry, (problem, stream) => {
          if (problem) return reject(problem)
          text(stream).then((content) => {
            files.set(entry.fileName, content)
            zip.readEntry()
          }, reject)
        })
      })
      zip.once('end', () => resolve(files))
      zip.once('error', reject)
      zip.readEntry()
    })
  })
}
