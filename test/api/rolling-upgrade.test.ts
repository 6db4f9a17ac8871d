/** Two processes on one database, and a newer version of the program that brings the tables up to date under them. */

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSecrets } from '../../src/access/secrets.ts'
import { storeTockKey } from '../../src/access/tock-keys.ts'
import { readConfig } from '../../src/config.ts'
import { type Database, openDatabase } from '../../src/database/connect.ts'
import { openQueue, type Queue } from '../../src/jobs/queue.ts'
import { readPullRequest } from '../../src/jobs/read-pull-request.ts'
import { requestPull } from '../../src/jobs/request-pull.ts'
import { watchPull } from '../../src/jobs/watch-pull.ts'
import { openLog } from '../../src/log.ts'
import { type Service, startServer } from '../../src/server.ts'
import { actor } from '../actor.ts'
import { runProgram } from '../cli/run-program.ts'
import { freshDatabaseUrl } from '../database-for-tests.ts'
import { type TockPlace, tockPlace } from '../pull/tock-place.ts'

let home: string
let dropDatabase: () => Promise<void>
let database: Database
let place: TockPlace
let queue: Queue
let services: Service[]
let env: Record<string, string>
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ecellar-tock-upgrade-'))
  const { url, drop } = await freshDatabaseUrl()
  dropDatabase = drop
  database = await openDatabase({ databaseUrl: url, dataDir: home })
  place = await tockPlace(database)
  env = {
    DATABASE_URL: url,
    ECELLAR_TOCK_DATA: home,
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    TOCK_API_URL: place.simulator.url,
    PORT: '0',
  }
  const config = readConfig(env, home)
  const log = openLog({ level: 'silent' })
  services = [
    await startServer(config, { api: true, pulls: 1, log }),
    await startServer(config, { api: true, pulls: 1, log }),
  ]
  const secrets = await openSecrets({ db: database.db, config, note: () => {} })
  const key = place.simulator.businesses[0]?.apiKey ?? ''
  const { rows } = await sql<{ brand_id: string }>`select brand_id from ecellar.brands`.execute(database.db)
  const brandId = rows[0]?.brand_id ?? ''
  await storeTockKey(database.db, secrets, { wineryId: place.wineryId, brandId, key, actor })
  queue = await openQueue({ database, log })
})
afterAll(async () => {
  for (const service of services ?? []) await service.stop()
  await queue?.close(0)
  await place?.close()
  await database?.close()
  await dropDatabase?.()
  await rm(home, { recursive: true, force: true })
})

async function pulled() {
  place.simulator.nextNight()
  const asked = { winery: place.slug, brand: 'N', requestedBy: actor, kind: 'preview' as const }
  const requestId = await requestPull(queue, asked)
  for await (const _ of watchPull(queue, requestId, AbortSignal.timeout(50_000))) {
    // until it ends
  }
  return readPullRequest(queue, requestId)
}
const readiness = async (service: Service | undefined) => {
  const answer = await fetch(new URL('/readyz', service?.address ?? ''))
  return { status: answer.status, text: await answer.text() }
}

test('both are ready, and one of them pulls', async () => {
  for (const service of services) expect((await readiness(service)).status).toBe(200)
  expect(await pulled()).toMatchObject({ state: 'done' })
})

test('a newer version adds to the tables: those that run go on, stay ready and say that they are to be replaced', async () => {
  // What migrations may do while others run: add.
  await sql`alter table ecellar.brands add column favourite_grape text`.execute(database.db)
  await sql`create table ecellar.grapes (winery_id bigint primary key)`.execute(database.db)
  await sql`
    insert into public.ecellar_tock_migrations (name, timestamp) values ('9999-grapes', '')`.execute(
    database.db,
  )
  expect(await pulled()).toMatchObject({ state: 'done' })
  for (const service of services) {
    // An answer is kept for a second.
    await expect
      .poll(() => readiness(service), { timeout: 10_000, interval: 200 })
      .toMatchObject({ status: 200, text: expect.stringContaining('newer version') })
  }
})

test('one after the other is replaced: the one that stays pulls on', async () => {
  await services.shift()?.stop()
  expect(await pulled()).toMatchObject({ state: 'done' })
  expect((await readiness(services[0])).status).toBe(200)
})

test('the older version does not start again, says why in one line, and changes nothing', async () => {
  const before = await sql`select count(*) from public.ecellar_tock_migrations`.execute(database.db)
  for (const command of ['start', 'worker']) {
    const { code, stdout, stderr } = await runProgram([command], { env, cwd: home })
    expect(code).toBe(1)
    expect(stdout).toBe('')
    const { level, msg } = JSON.parse(stderr) as Record<string, string>
    expect(level).toBe('fatal')
    expect(msg).toContain('newer version of this program (it has "9999-grapes"')
  }
  expect(await sql`select count(*) from public.ecellar_tock_migrations`.execute(database.db)).toEqual(before)
})
