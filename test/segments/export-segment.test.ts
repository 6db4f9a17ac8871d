import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usualColumns } from '../../src/contract/segment-export.ts'
import { optOutCustomer } from '../../src/crm/customers-opt-out.ts'
import { type ExportWish, prepareExport, writeExport } from '../../src/segments/export-segment.ts'
import { saveSegment } from '../../src/segments/saved-segments.ts'
import { actor } from '../actor.ts'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'

const now = new Date('2026-06-15T19:00:00Z')
let database: TestDatabase
let winery: BookedWinery
const who: Record<string, string> = {}
beforeAll(async () => {
  database = await freshDatabase()
  winery = await bookedWinery(database)
  who.ann = await winery.customer({
    email_consent: 'in',
    first_name: '=cmd|calc',
    last_name: '\tTab',
    tags: ['+1', '@x'],
  })
  who.bob = await winery.customer({ email_consent: 'in', first_name: '-2', email: 'bob@example.com' })
  who.out = await winery.customer({ email_consent: 'out' })
  const patronId = await winery.guest(who.ann)
  await winery.reservation({ customerId: who.ann, patronId, day: '2026-05-01' }, { notes: 'no nuts' })
})
afterAll(() => database.drop())

const everybody = { version: 1, where: { kind: 'flag', flag: 'active', is: true } } as const
const options = () => ({ db: database.db, winery: winery.winery, actor, now })
async function take(wish: Partial<ExportWish> = {}) {
  const made = await prepareExport(options(), {
    of: { definition: everybody },
    format: 'csv',
    columns: usualColumns,
    ...wish,
  })
  const out = new PassThrough()
  const [file, rows] = await Promise.all([text(out), writeExport(options(), made.exportId, out)])
  return { made, file, rows }
}
/** In the order of their numbers: those do not follow the order in which customers were made. */
const csv = (file: string): Record<string, string>[] => parse(file, { columns: true })
const rowOf = (file: string, id = '') => csv(file).find((row) => row.customer_id === id)
const both = () => [who.ann, who.bob].sort((a, b) => Number(a) - Number(b))

describe('an export', () => {
  test('carries those who may be mailed, and says so on every row', async () => {
    const { made, file, rows } = await take()
    expect(csv(file).map((row) => [row.customer_id, row.may_mail])).toEqual(both().map((id) => [id, 'true']))
    expect(made).toMatchObject({ rows: 2, notForMailing: false, fileName: 'unnamed-segment-2026-06-15.csv' })
    expect(rows).toBe(2)
  })

  test('makes cells harmless that a spreadsheet would run', async () => {
    const { file } = await take({ columns: ['customer_id', 'first_name', 'last_name', 'tags'] })
    expect(rowOf(file, who.ann)).toMatchObject({
      first_name: "'=cmd|calc",
      last_name: "'\tTab",
      tags: "'+1; @x",
    })
    expect(rowOf(file, who.bob)?.first_name).toBe("'-2")
  })

  test('is JSON Lines as well, with the chosen columns alone', async () => {
    const { file } = await take({ format: 'jsonl', columns: ['email', 'visits', 'last_visit_on'] })
    const lines = file
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.find((line) => line.visits === 1)).toEqual({
      email: 'guest-1@example.com',
      visits: 1,
      last_visit_on: '2026-05-01',
      may_mail: true,
    })
    expect(lines).toHaveLength(2)
  })

  test('carries the others only with a reason, which is recorded, and is marked on every row', async () => {
    await expect(take({ notForMailing: { why: '  ' } })).rejects.toThrow('needs its reason')
    const { made, file } = await take({ notForMailing: { why: 'letters by post' } })
    expect(made.fileName).toMatch(/^NOT-FOR-MAILING-/)
    const marks = Object.fromEntries(csv(file).map((row) => [row.customer_id, [row.mailing, row.may_mail]]))
    expect(marks[who.out ?? '']).toEqual(['not for mailing', 'false'])
    const { rows } = await sql`
      select not_for_mailing, reason, rows, made_by from ecellar.exports where export_id = ${made.exportId}`.execute(
      database.db,
    )
    expect(rows).toEqual([
      { not_for_mailing: true, reason: 'letters by post', rows: 3, made_by: 'Robin Example' },
    ])
    const audit =
      await sql`select action from ecellar.audit where subject = ${`export ${made.exportId}`}`.execute(
        database.db,
      )
    expect(audit.rows).toEqual([{ action: 'exports.not-for-mailing' }])
  })

  test('is remembered with its customers', async () => {
    const { made } = await take()
    const { rows } = await sql`
        select array_agg(customer_id order by customer_id) as customer_ids
        from ecellar.export_customers where export_id = ${made.exportId}`.execute(database.db)
    expect(rows).toEqual([{ customer_ids: both() }])
  })

  test('holds notes only where the winery allows it', async () => {
    await expect(take({ columns: ['notes'] })).rejects.toThrow('Notes stay out of exports')
    await sql`update ecellar.wineries set export_notes = true where winery_id = ${winery.wineryId}`.execute(
      database.db,
    )
    const { file } = await take({ columns: ['customer_id', 'notes'] })
    expect(rowOf(file, who.ann)).toMatchObject({ notes: 'no nuts' })
    await sql`update ecellar.wineries set export_notes = false where winery_id = ${winery.wineryId}`.execute(
      database.db,
    )
  })

  test('of a static list asks again who may be mailed', async () => {
    const saved = {
      name: 'List',
      kind: 'static',
      customerIds: [who.ann ?? '', who.bob ?? '', who.out ?? ''],
    } as const
    await saveSegment(
      { db: database.db, wineryId: winery.wineryId, actor, now },
      { ...saved, customerIds: [...saved.customerIds] },
    )
    expect((await take({ of: { name: 'list' } })).rows).toBe(2)
    const made = await prepareExport(options(), {
      of: { name: 'list' },
      format: 'csv',
      columns: usualColumns,
    })
    // Between the decision and the row: he opts out.
    await optOutCustomer(
      { db: database.db, wineryId: winery.wineryId, actor, why: 'asked' },
      'bob@example.com',
    )
    const out = new PassThrough()
    const [file] = await Promise.all([text(out), writeExport(options(), made.exportId, out)])
    expect(csv(file).map((row) => row.customer_id)).toEqual([who.ann])
  })

  test('of more rows than are held at once is complete', async () => {
    const large = await bookedWinery(database)
    await sql`
      insert into ecellar.customers (winery_id, email, email_key, email_consent, released_at, created_by)
      select ${large.wineryId}, 'g' || n || '@example.com', 'g' || n || '@example.com', 'in', now(), 'import'
      from generate_series(1, 3500) n`.execute(database.db)
    const to = { ...options(), winery: large.winery }
    const made = await prepareExport(to, { of: { definition: everybody }, format: 'csv', columns: ['email'] })
    const out = new PassThrough()
    const [file, rows] = await Promise.all([text(out), writeExport(to, made.exportId, out)])
    expect(rows).toBe(3500)
    expect(new Set(csv(file).map((row) => row.email)).size).toBe(3500)
  })
})
