/** The programs themselves: a service and two workers, each a process of its own, on one PostgreSQL. */

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSecrets } from '../../src/access/secrets.ts'
import { storeTockKey } from '../../src/access/tock-keys.ts'
import { readPullRequest } from '../../src/jobs/read-pull-request.ts'
import { requestPull } from '../../src/jobs/request-pull.ts'
import { actor } from '../actor.ts'
import { ended, runProgram, startProgram } from '../cli/run-program.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type ManyWineries, manyWineries } from './many-wineries.ts'
import { jobsForTests, type TestJobs } from './worker-for-tests.ts'

type Program = {
  child: ChildProcess
  ready: { pid: number; address: string | null }
  log: () => { msg: string; requestId?: string; time: string }[]
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>
}

const encryptionKey = Buffer.alloc(32, 3).toString('base64')
const programs: Program[] = []

let database: TestDatabase
let many: ManyWineries
/** The test's own queue: it asks, and runs nothing. */
let jobs: TestJobs
let folder: string
let env: Record<string, string>
beforeAll(async () => {
  database = await freshDatabase()
  folder = await mkdtemp(join(tmpdir(), 'ecellar-tock-jobs-'))
  many = await manyWineries(database, {
    count: 6,
    now: new Date('2026-07-01T07:00:00Z'),
    enabledAt: new Date('2026-06-30T12:00:00Z'),
  })
  env = {
    DATABASE_URL: database.url,
    TOCK_API_URL: many.simulator.url,
    ENCRYPTION_KEY: encryptionKey,
    ECELLAR_TOCK_DATA: join(folder, 'data'),
    PORT: '0',
  }
  // The programs open what is sealed with their key.
  const secrets = await openSecrets({
    db: database.db,
    config: {
      encryptionKey,
      dataDir: folder,
      tockApiUrl: '',
      tockApiUrlIsSet: true,
      port: 0,
      trustedProxies: [],
      supportContact: '',
      mailFrom: '',
    },
    note: () => {},
  })
  for (const [index, { wineryId }] of many.wineries.entries()) {
    const key = many.simulator.businesses[index]?.apiKey ?? ''
    const { rows } = await sql<{ brand_id: string }>`
      select brand_id from ecellar.brands where winery_id = ${wineryId}`.execute(database.db)
    await storeTockKey(database.db, secrets, { wineryId, brandId: rows[0]?.brand_id ?? '', key, actor })
  }
  jobs = await jobsForTests(database, many.simulator.url)
})
afterAll(async () => {
  for (const program of programs) kill(program)
  await jobs?.close(1_000)
  await many?.close()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

async function start(words: string[]): Promise<Program> {
  const child = startProgram([...words, '--json'], { env, cwd: folder })
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  let stdout = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  const whole = ended(child)
  while (!stdout.trimEnd().endsWith('}')) {
    if (child.exitCode !== null) throw new Error(`It did not start: ${stdout}${stderr}`)
    await wait(20)
  }
  const program: Program = {
    child,
    ready: JSON.parse(stdout),
    log: () =>
      stderr
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ended: whole,
  }
  programs.push(program)
  return program
}

/** The program itself, not the one that handed over to its Node. */
function kill({ ready, child }: Program): void {
  if (child.exitCode === null && child.signalCode === null) process.kill(ready.pid, 'SIGKILL')
}

const ask = (index: number) =>
  requestPull(jobs.queue, {
    winery: many.wineries[index]?.slug ?? '',
    brand: 'N',
    kind: 'manual',
    requestedBy: actor,
  })

const isRunning = (program: Program, requestId: string) =>
  program.log().some((line) => line.msg === 'A pull begins' && line.requestId === requestId)

let service: Program
let workers: Program[]

test('a service and two workers start on one database, and tell when they are ready', async () => {
  ;[service, ...workers] = await Promise.all([
    start(['start', '--pulls', '0']),
    start(['worker', '--pulls', '1']),
    start(['worker', '--pulls', '1']),
  ])
  for (const program of [service, ...workers]) {
    expect(program.ready).toMatchObject({ ready: true, pid: expect.any(Number) })
    expect(program.log().at(-1)?.msg).toBe('Ready')
  }
  for (const worker of workers) expect(worker.ready.address).toBe(null)
})

test('both workers take pulls, and other commands go on working', async () => {
  const requestIds = await Promise.all([0, 1, 2, 3, 4, 5].map(ask))
  for (const requestId of requestIds) expect(await jobs.over(requestId)).toMatchObject({ state: 'done' })
  for (const worker of workers) expect(worker.log().some(({ msg }) => msg === 'A pull is done')).toBe(true)
  expect(service.log().some(({ msg }) => msg === 'A pull begins')).toBe(false)
  const list = await runProgram(['pulls', 'list', '--json'], { env, cwd: folder })
  expect(JSON.parse(list.stdout)).toHaveLength(6)
})

test('a worker with another encryption key does not start: each of its pulls would fail', async () => {
  const other = { ...env, ENCRYPTION_KEY: Buffer.alloc(32, 4).toString('base64') }
  const { code, stdout } = await runProgram(['worker', '--json'], { env: other, cwd: folder })
  expect(code).toBe(3)
  expect(JSON.parse(stdout).error).toMatchObject({
    code: 'invalid',
    nextStep: expect.stringContaining('ENCRYPTION_KEY'),
  })
})

test('doctor says what runs', async () => {
  const findings = async (): Promise<{ check: string; level: string; message: string }[]> =>
    JSON.parse((await runProgram(['doctor', '--json'], { env, cwd: folder })).stdout).findings
  // A worker is known by its first sign of life, some seconds after its start.
  const workersFinding = async () => (await findings()).find(({ check }) => check === 'workers')?.message
  await expect
    .poll(workersFinding, { timeout: 30_000, interval: 500 })
    .toBe('Up to 2 pulls can run at a time, in 2 programs.')
  expect((await findings()).find(({ check }) => check === 'service')).toMatchObject({ level: 'ok' })
})

test('a pull whose worker is killed in the middle of it is done by the other one', async () => {
  many.simulator.nextNight()
  // It stands before its files, having been told which there are.
  many.simulator.setFault({ kind: 'slow', delayMs: 60_000 })
  const { listings } = many.simulator.stats
  const requestId = await ask(2)
  while (many.simulator.stats.listings === listings) await wait(20)
  while (!workers.some((worker) => isRunning(worker, requestId))) await wait(20)
  const [killed, other] = isRunning(workers[0] as Program, requestId) ? workers : workers.toReversed()
  if (killed) kill(killed)
  await killed?.ended
  many.simulator.setFault(null)
  // What takes it for dead is time: it is moved, not waited for.
  const moved = await sql<{ seconds: number }>`
    update queue.job set heartbeat_on = heartbeat_on - make_interval(secs => heartbeat_seconds)
    where name = 'pull' and state = 'active'
    returning heartbeat_seconds as seconds`.execute(database.db)
  expect(moved.rows[0]?.seconds).toBeLessThanOrEqual(30)
  expect(await jobs.over(requestId)).toMatchObject({
    state: 'done',
    attempt: 1,
    report: { status: 'applied' },
  })
  expect(other && isRunning(other, requestId)).toBe(true)
  const pulls = await sql`
    select from ecellar.pulls p join ecellar.pull_requests r on r.pull_id = p.pull_id where r.request_id = ${requestId}`.execute(
    database.db,
  )
  expect(pulls.rows).toHaveLength(1)
})

test('a worker that is told to end finishes its pull and ends well', async () => {
  const worker = workers.find(({ child }) => child.exitCode === null && child.signalCode === null)
  if (!worker) throw new Error('No worker is left')
  many.simulator.nextNight()
  many.simulator.setFault({ kind: 'slow', delayMs: 700 })
  const requestId = await ask(3)
  while (!isRunning(worker, requestId)) await wait(20)
  worker.child.kill('SIGTERM')
  const { code, stdout } = await worker.ended
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ ready: true })
  expect(await readPullRequest(jobs.queue, requestId)).toMatchObject({ state: 'done' })
})

test('the service ends well on Ctrl-C', async () => {
  service.child.kill('SIGINT')
  await once(service.child, 'exit')
  expect((await service.ended).code).toBe(0)
  expect(service.log().filter(({ msg }) => msg.includes('did not stop well'))).toEqual([])
  // The killed worker is known for a while yet.
  await sql`update queue.instance set heartbeat_on = heartbeat_on - interval '1 hour'`.execute(database.db)
  expect(await doctorSays('service')).toBe('problem')
})

test('a worker alone gives the tick each minute: what it finds is done', { timeout: 120_000 }, async () => {
  const alone = await start(['worker', '--pulls', '1'])
  // A customer whose days are over, in a winery that nobody pulls.
  await sql`
    insert into ecellar.customers (winery_id, email, email_key, created_by, release_due_at)
    values (${many.wineries[0]?.wineryId}, 'due@example.com', 'due@example.com', 'tock', now() - interval '1 hour')`.execute(
    database.db,
  )
  for (;;) {
    const { rows } = await sql<{ released_at: Date | null }>`
      select released_at from ecellar.customers where email_key = 'due@example.com'`.execute(database.db)
    if (rows[0]?.released_at) break
    await wait(500)
  }
  expect(await doctorSays('service')).toBe('ok')
  kill(alone)
})

async function doctorSays(check: string): Promise<string | undefined> {
  const { stdout } = await runProgram(['doctor', '--json'], { env, cwd: folder })
  const { findings } = JSON.parse(stdout) as { findings: { check: string; level: string }[] }
  return findings.find((one) => one.check === check)?.level
}
