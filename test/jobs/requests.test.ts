import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPullRequest } from '../../src/jobs/read-pull-request.ts'
import { requestPull } from '../../src/jobs/request-pull.ts'
import { watchPull } from '../../src/jobs/watch-pull.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { june20, person, type TockPlace, tockPlace } from '../pull/tock-place.ts'
import { jobsForTests, type TestJobs } from './worker-for-tests.ts'

let database: TestDatabase
let place: TockPlace
let jobs: TestJobs
beforeAll(async () => {
  database = await freshDatabase()
  place = await tockPlace(database, ['N', 'S'])
  for (const brand of ['N', 'S']) {
    place.show(brand, {
      reservations: [1, 2, 3].map((id) => ({
        id,
        serviceDateTimestamp: june20(id),
        dinerPatron: person(id, `guest${id}@example.com`, 'Ada', `Example${id}`),
      })),
    })
  }
  jobs = await jobsForTests(database, place.simulator.url)
  await jobs.startWorker()
})
afterAll(async () => {
  await jobs?.close()
  await place?.close()
  await database?.drop()
})

const ask = (
  kind: 'preview' | 'initial' | 'manual',
  more: { brand?: string; mustMatchPullId?: string } = {},
) => requestPull(jobs.queue, { winery: place.slug, brand: 'N', kind, requestedBy: actor, ...more })

describe('a pull that a person asks for', () => {
  it('is run by a worker, and its report is there to be read', async () => {
    const request = await jobs.over(await ask('preview'))
    expect(request).toMatchObject({
      winery: place.slug,
      brand: 'N',
      kind: 'preview',
      state: 'done',
      attempt: 1,
      error: null,
    })
    expect(request.report).toMatchObject({
      pullId: request.pullId,
      status: 'previewed',
      reservations: { inSnapshot: 3, added: 3 },
    })
  })

  it('is remembered with who asked, in the request and in the audit', async () => {
    const requestId = await ask('preview')
    await jobs.over(requestId)
    const rows = await place.rows(
      `select actor_kind, actor_id, actor_name from ecellar.pull_requests where request_id = ${requestId}`,
    )
    expect(rows).toEqual([{ actor_kind: 'user', actor_id: actor.id, actor_name: actor.name }])
    const audit = await place.rows(
      `select actor_id, action, subject from ecellar.audit where winery_id = :id and details->>'request' = '${requestId}'`,
    )
    expect(audit).toEqual([{ actor_id: actor.id, action: 'pulls.preview', subject: 'N' }])
  })

  it('is refused at once when it cannot be', async () => {
    await expect(ask('manual')).rejects.toMatchObject({ code: 'initial_pull_first' })
    await expect(ask('preview', { brand: 'X' })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('has failed, with the reason in words, when Tock refuses', async () => {
    place.simulator.setFault('down_503')
    const request = await jobs.over(await ask('preview'))
    place.simulator.setFault(null)
    expect(request).toMatchObject({
      state: 'failed',
      error: { code: 'tock_unavailable' },
      report: { status: 'refused' },
    })
  })

  it('is not asked for twice while it waits or runs', async () => {
    const [one, other] = await Promise.all([ask('preview'), ask('preview')])
    const third = await ask('preview')
    expect(other).toBe(one)
    if ((await readPullRequest(jobs.queue, one)).finishedAt === null) expect(third).toBe(one)
    await Promise.all([jobs.over(one), jobs.over(other), jobs.over(third)])
  })
})

describe('an initial pull that was confirmed by its preview', () => {
  it('is refused, with the figures that changed, when they are no longer the preview’s', async () => {
    const preview = await jobs.over(await ask('preview'))
    place.show('N', {
      reservations: [1, 2, 3, 4].map((id) => ({
        id,
        serviceDateTimestamp: june20(id),
        dinerPatron: person(id, `guest${id}@example.com`, 'Ada', `Example${id}`),
      })),
    })
    const request = await jobs.over(await ask('initial', { mustMatchPullId: preview.pullId ?? '' }))
    expect(request).toMatchObject({
      state: 'failed',
      error: { code: 'invalid' },
      report: { status: 'refused' },
    })
    expect(request.error?.message).toContain('reservations added 4 (confirmed: 3)')
    expect(request.error?.message).toContain('customers created 4 (confirmed: 3)')
    expect(request.error?.nextStep).toBe('Look at a new preview and have it confirmed.')
    expect(await place.rows('select from ecellar.reservations where winery_id = :id')).toEqual([])
    expect(await place.rows('select from ecellar.customers where winery_id = :id')).toEqual([])
  })

  it('is applied when they are', async () => {
    const preview = await jobs.over(await ask('preview'))
    const request = await jobs.over(await ask('initial', { mustMatchPullId: preview.pullId ?? '' }))
    expect(request).toMatchObject({ state: 'done', report: { status: 'applied', kind: 'initial' } })
  })

  it('is refused for a pull that is no preview, or another brand’s', async () => {
    const preview = await jobs.over(await ask('preview', { brand: 'N' }))
    const other = await jobs.over(await ask('initial', { brand: 'S', mustMatchPullId: preview.pullId ?? '' }))
    expect(other).toMatchObject({ state: 'failed', pullId: null, error: { code: 'invalid' } })
  })
})

describe('whoever watches a pull', () => {
  it('hears its progress until it is over, from another process too, and nobody’s data', async () => {
    // Another queue stands for another process: it shares nothing with the first but the database.
    const other = await jobsForTests(database, place.simulator.url)
    place.simulator.setFault({ kind: 'slow', delayMs: 300 })
    try {
      const requestId = await ask('preview')
      const heard = []
      for await (const progress of watchPull(other.queue, requestId, AbortSignal.timeout(30_000)))
        heard.push(progress)
      expect(heard.map(({ state }) => state)).toContain('running')
      expect(heard.at(-1)).toEqual({
        requestId,
        state: 'done',
        filesDone: 1,
        files: 1,
        rows: 4,
        bytes: expect.any(Number),
      })
      expect(JSON.stringify(heard)).not.toMatch(/@|Ada|Example/)
    } finally {
      place.simulator.setFault(null)
      await other.close()
    }
  })

  it('is told at once of one that is over, and that there is none', async () => {
    const request = await jobs.over(await ask('preview'))
    const heard = []
    for await (const { state } of watchPull(jobs.queue, request.requestId, AbortSignal.timeout(1_000)))
      heard.push(state)
    expect(heard).toEqual(['done'])
    await expect(readPullRequest(jobs.queue, '999999')).rejects.toMatchObject({ code: 'not_found' })
    await expect(watchPull(jobs.queue, 'x', AbortSignal.timeout(1_000)).next()).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})

describe('a pull that finds another one running', () => {
  it('waits for its turn and has not failed', async () => {
    // Somebody pulls by hand: the brand's lock is held by a session outside of the queue.
    const session = await database.session()
    const [brand] = await place.rows<{ brand_id: string }>(
      `select brand_id from ecellar.brands where winery_id = :id and code = 'N'`,
    )
    await session.query('select pg_advisory_lock(7002, $1::int)', [brand?.brand_id])
    const requestId = await ask('manual')
    for (;;) {
      const request = await readPullRequest(jobs.queue, requestId)
      if (request.attempt === 2) {
        expect(request).toMatchObject({ state: 'queued', error: { code: 'pull_running' } })
        break
      }
    }
    await session.end()
    const { sendAgain } = await import('../../src/jobs/pull-requests.ts')
    expect(await sendAgain(jobs.queue, new Date())).toBe(0)
    expect(await sendAgain(jobs.queue, new Date(Date.now() + 61_000))).toBe(1)
    expect(await jobs.over(requestId)).toMatchObject({ state: 'done', attempt: 2, error: null })
  })
})

describe('what the queue keeps', () => {
  it('is numbers: no winery, no key, nobody’s data', async () => {
    const { rows } = await sql<{ text: string }>`select j::text as text from queue.job j`.execute(database.db)
    expect(rows.length).toBeGreaterThan(5)
    for (const { text } of rows) expect(text).not.toMatch(/@|Ada|Example|eyJ/)
    expect(JSON.stringify(jobs.lines)).not.toMatch(/@example|Ada|Example\d|eyJ/)
  })
})
