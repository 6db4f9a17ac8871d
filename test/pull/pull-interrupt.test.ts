import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runPull } from '../../src/pull/run-pull.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { dumpRows } from './dump-tables.ts'
import { openSecrets } from './open-secrets.ts'
import { june20, person, type TockPlace, tockPlace } from './tock-place.ts'

let database: TestDatabase
let place: TockPlace
beforeAll(async () => {
  database = await freshDatabase()
  place = await tockPlace(database)
  place.show('N', {
    reservations: [
      { id: 1, serviceDateTimestamp: june20(1), dinerPatron: person(1, 'ada@example.com', 'Ada', 'Example') },
    ],
  })
})
afterAll(async () => {
  await place?.close()
  await database?.drop()
})

const interrupted = (signal: AbortSignal) =>
  runPull({
    database,
    secrets: openSecrets,
    winery: place.slug,
    brand: 'N',
    kind: 'initial',
    tock: { apiUrl: place.simulator.url, allowLoopbackHttp: true },
    signal,
  })

const everything = () => dumpRows(database, new Set())

test('a pull that is interrupted while it reads leaves everything as it was', async () => {
  const before = await everything()
  place.simulator.setFault({ kind: 'slow', delayMs: 30_000 })
  const interruption = new AbortController()
  const pull = interrupted(interruption.signal)
  await wait(200)
  interruption.abort()
  await expect(pull).rejects.toThrow()
  place.simulator.setFault(null)
  expect(await everything()).toEqual(before)
})

test('a pull that is interrupted in the middle of its transaction ends at once, leaves everything as it was, and blocks nobody', async () => {
  const before = await everything()
  // Somebody else works on the winery: the pull stands before its lock, in the transaction.
  const other = await database.session()
  await other.query('select pg_advisory_lock(7001, $1::int)', [place.wineryId])
  const interruption = new AbortController()
  const pull = interrupted(interruption.signal)
  pull.catch(() => {})
  for (;;) {
    const { rows } = await sql<{ waiting: number }>`
      select count(*)::int as waiting from pg_locks where locktype = 'advisory' and classid = 7001 and not granted`.execute(
      database.db,
    )
    if (rows[0]?.waiting === 1) break
    await wait(10)
  }
  interruption.abort()
  await expect(pull).rejects.toThrow()
  await other.end()
  expect(await everything()).toEqual(before)
  // The server notices within a second that the session is gone.
  await wait(1_500)
  expect((await place.pull('N', 'initial')).status).toBe('applied')
})
