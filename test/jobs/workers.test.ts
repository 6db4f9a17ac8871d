/** What happens to pulls when keys, workers and programs come and go. */

import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { storeTockKey } from '../../src/access/tock-keys.ts'
import { keepHouse } from '../../src/jobs/housekeeping.ts'
import { beginRequest, sendAgain } from '../../src/jobs/pull-requests.ts'
import type { PullJob } from '../../src/jobs/queue.ts'
import { readPullRequest } from '../../src/jobs/read-pull-request.ts'
import { requestPull } from '../../src/jobs/request-pull.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { dumpRows } from '../pull/dump-tables.ts'
import { openSecrets } from '../pull/open-secrets.ts'
import { june20, person, type TockPlace, tockPlace } from '../pull/tock-place.ts'
import { jobsForTests, type TestJobs } from './worker-for-tests.ts'

let database: TestDatabase
let place: TockPlace
let jobs: TestJobs
beforeAll(async () => {
  database = await freshDatabase()
  place = await tockPlace(database)
  show(3)
  expect((await place.pull('N', 'initial')).status).toBe('applied')
})
beforeEach(async () => {
  jobs = await jobsForTests(database, place.simulator.url)
})
afterEach(async () => {
  place.simulator.setFault(null)
  await jobs.close(1_000)
})
afterAll(async () => {
  await place?.close()
  await database?.drop()
})

function show(count: number): void {
  place.show('N', {
    reservations: Array.from({ length: count }, (_, at) => ({
      id: at + 1,
      serviceDateTimestamp: june20(at),
      dinerPatron: person(at + 1, `guest${at + 1}@example.com`, 'Ada', `Example${at + 1}`),
    })),
  })
}

const ask = () =>
  requestPull(jobs.queue, { winery: place.slug, brand: 'N', kind: 'manual', requestedBy: actor })

/** As the nightly schedule asks: such a pull is tried again. */
async function askNightly(): Promise<string> {
  const requestId = await ask()
  await sql`update ecellar.pull_requests set kind = 'nightly', slot = now() where request_id = ${requestId}`.execute(
    database.db,
  )
  await sql`update ecellar.brands set enabled_at = coalesce(enabled_at, now())`.execute(database.db)
  return requestId
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (await what()) return
    await wait(10)
  }
  throw new Error('It never came')
}

const reading = () => until(() => jobs.lines.some(({ msg }) => msg === 'A pull begins'))
const tables = () => dumpRows(database, new Set(['pulls', 'pull_requests', 'audit']))

describe('a key that is revoked while a pull runs', () => {
  it('leaves the data as it was, and the next try with the new key completes', async () => {
    show(5)
    const requestId = await askNightly()
    const before = await tables()
    place.simulator.setFault({ kind: 'slow', delayMs: 500 })
    await jobs.startWorker(1)
    await reading()
    // The links die too: what is missing has to be listed again, and that the key no longer opens.
    const newKey = place.simulator.renewKey(place.businessGroupId)
    place.simulator.setFault('expired')
    await until(async () => (await readPullRequest(jobs.queue, requestId)).attempt === 2)
    expect(await readPullRequest(jobs.queue, requestId)).toMatchObject({
      state: 'queued',
      error: { code: 'tock_unavailable' },
    })
    expect(await tables()).toEqual(before)

    place.simulator.setFault(null)
    const [brand] = await place.rows<{ brand_id: string }>(
      'select brand_id from ecellar.brands where winery_id = :id',
    )
    await storeTockKey(database.db, openSecrets, {
      wineryId: place.wineryId,
      brandId: brand?.brand_id ?? '',
      key: newKey,
      actor,
    })
    expect(await sendAgain(jobs.queue, new Date(Date.now() + 3 * 60_000))).toBe(1)
    expect(await jobs.over(requestId)).toMatchObject({
      state: 'done',
      report: { reservations: { added: 2 } },
    })
  })
})

describe('a program that is stopped', () => {
  it('lets a pull finish that needs no longer than the grace', async () => {
    show(6)
    const requestId = await ask()
    place.simulator.setFault({ kind: 'slow', delayMs: 300 })
    await jobs.startWorker(1)
    await reading()
    await jobs.close(20_000)
    const other = await jobsForTests(database, place.simulator.url)
    expect(await readPullRequest(other.queue, requestId)).toMatchObject({ state: 'done', attempt: 1 })
    await other.close()
  })

  it('gives back one that needs longer, with the data as they were, and another worker does it', async () => {
    show(8)
    const before = await tables()
    const requestId = await ask()
    place.simulator.setFault({ kind: 'slow', delayMs: 30_000, first: 1 })
    await jobs.startWorker(1, { tries: 2, totalMs: 60_000 })
    await reading()
    const begun = performance.now()
    await jobs.close(1_000)
    expect(performance.now() - begun).toBeLessThan(10_000)
    expect(await tables()).toEqual(before)

    const other = await jobsForTests(database, place.simulator.url)
    await other.startWorker(1)
    // Where the first one's session has not ended yet, the second one waits for it.
    await until(async () => (await readPullRequest(other.queue, requestId)).state !== 'running')
    await sendAgain(other.queue, new Date(Date.now() + 120_000))
    expect(await other.over(requestId)).toMatchObject({
      state: 'done',
      report: { reservations: { added: 2 } },
    })
    await other.close()
  })
})

describe('a worker that is lost in the moment after its pull was applied', () => {
  it('has done it: the pull is not done again', async () => {
    show(9)
    const requestId = await ask()
    const [job] = await jobs.queue.boss.fetch<PullJob>('pull')
    if (!job) throw new Error('No job')
    expect(await beginRequest(database.db, job.data, new Date())).toMatchObject({
      requestId,
      lostSince: null,
    })
    const report = await place.pull('N', 'manual')
    await jobs.queue.boss.fail('pull', job.id)
    await jobs.startWorker(1)
    expect(await jobs.over(requestId)).toMatchObject({ state: 'done', pullId: report.pullId })
    const pulls = await place.rows(
      `select from ecellar.pulls where winery_id = :id and pull_id > ${report.pullId}`,
    )
    expect(pulls).toEqual([])
  })
})

describe('a pull that no worker takes for days', () => {
  it('is given up, so that it can be asked for again', async () => {
    const requestId = await ask()
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
    // The queue still has it.
    await keepHouse(jobs.queue, inDays(9))
    expect(await readPullRequest(jobs.queue, requestId)).toMatchObject({ state: 'queued' })
    await jobs.queue.boss.deleteQueuedJobs('pull')
    await keepHouse(jobs.queue, inDays(7))
    expect(await readPullRequest(jobs.queue, requestId)).toMatchObject({ state: 'queued' })
    await keepHouse(jobs.queue, inDays(9))
    expect(await readPullRequest(jobs.queue, requestId)).toMatchObject({
      state: 'failed',
      error: { code: 'failed' },
    })
    expect(await ask()).not.toBe(requestId)
    await jobs.queue.boss.deleteQueuedJobs('pull')
    await sql`update ecellar.pull_requests set state = 'dropped' where state = 'queued'`.execute(database.db)
  })
})

describe('a nightly pull whose brand was switched off before its turn', () => {
  it('is dropped', async () => {
    const requestId = await askNightly()
    await sql`update ecellar.brands set enabled_at = null`.execute(database.db)
    await jobs.startWorker(1)
    expect(await jobs.over(requestId)).toMatchObject({ state: 'dropped', report: null, error: null })
  })
})

describe('a pull that costs every worker its life', () => {
  it('is given up in the end, and says so', async () => {
    const requestId = await ask()
    // What the heartbeat's watch does to the job of a worker that died, as often as it is done again.
    for (let deaths = 0; deaths < 4; deaths++) {
      const [job] = await jobs.queue.boss.fetch('pull')
      if (!job) throw new Error('No job')
      await jobs.queue.boss.fail('pull', job.id)
    }
    expect(await jobs.queue.boss.fetch('pull')).toEqual([])
    await jobs.startWorker(1)
    expect(await jobs.over(requestId)).toMatchObject({
      state: 'failed',
      error: { code: 'failed', message: expect.stringContaining('its worker ended before it was done') },
    })
  })
})
