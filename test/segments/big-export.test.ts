/** A large export: memory does not grow with the number of customers, neither when it is decided nor when it is written. */

import { Writable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { usualColumns } from '../../src/contract/segment-export.ts'
import { prepareExport, writeExport } from '../../src/segments/export-segment.ts'
import { actor } from '../actor.ts'
import { bookedWinery } from '../crm/booked-winery.ts'
import { freshDatabase } from '../database-for-tests.ts'

const customers = 300_000

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
/** What is still needed, in megabytes: what waits to be collected says nothing. */
function held(): number {
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 1e6
}

test('300,000 customers leave in a file, and the program holds a thousand of them at a time', async () => {
  const database = await freshDatabase()
  try {
    const { winery, wineryId } = await bookedWinery(database)
    await sql`
      insert into ecellar.customers (winery_id, email, email_key, first_name, last_name, created_by, released_at,
        email_consent)
      select ${wineryId}, 'guest-' || n || '@example.com', 'guest-' || n || '@example.com', 'Ann', 'Example', 'import',
        now(), 'in'
      from generate_series(1, ${customers}::int) n`.execute(database.db)
    await sql`analyze ecellar.customers`.execute(database.db)
    const options = { db: database.db, winery, actor, now: new Date() }
    const definition = { version: 1, where: { kind: 'flag', flag: 'active', is: true } } as const
    const columns = usualColumns.filter((column) => !column.includes('visit'))
    const before = held()
    let lines = 0
    const heldAt: number[] = []
    const out = new Writable({
      write(chunk: Buffer, _encoding, done) {
        const seen = lines
        for (const byte of chunk) if (byte === 10) lines += 1
        if (Math.floor(seen / 100_000) !== Math.floor(lines / 100_000)) heldAt.push(held())
        done()
      },
    })
    const made = await prepareExport(options, { of: { definition }, format: 'csv', columns })
    expect(made.rows).toBe(customers)
    // An array of 300,000 numbers as text, in the statement and in the driver, would be some 40 MB already.
    expect(held() - before).toBeLessThan(10)
    expect(await writeExport(options, made.exportId, out)).toBe(customers)
    expect(lines).toBe(customers + 1)
    expect(heldAt).toHaveLength(3)
    for (const megabytes of heldAt) expect(megabytes - before).toBeLessThan(20)
  } finally {
    await database.drop()
  }
}, 300_000)
