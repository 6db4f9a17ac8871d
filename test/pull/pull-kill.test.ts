import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { dumpRows } from './dump-tables.ts'
import { type TestWinery, wineryForTests } from './winery-for-tests.ts'

const program = fileURLToPath(new URL('./pull-program.ts', import.meta.url))
const times = 8

let database: TestDatabase
let simulator: Simulator
let winery: TestWinery
beforeAll(async () => {
  database = await freshDatabase()
  simulator = await startSimulator({
    now: new Date('2026-06-01T12:00:00Z'),
    wineries: [
      {
        businessGroupId: '12',
        name: 'Killed Group',
        guests: 300,
        businesses: [
          { businessId: '121', name: 'North Slope', timeZone: 'America/Los_Angeles', reservations: 1000 },
        ],
      },
    ],
  })
  const { apiKey } = simulator.businesses[0] ?? { apiKey: '' }
  winery = await wineryForTests(database, simulator.url, [
    { code: 'N', businessId: '121', businessGroupId: '12', apiKey },
  ])
})
afterAll(async () => {
  await simulator.close()
  await database.drop()
})

function startPull(kind: string): ChildProcess {
  return spawn(process.execPath, [program, database.url, simulator.url, winery.slug, kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** Everything that a pull writes, its own row too; without the versions of rows. */
async function tables(): Promise<string> {
  const dump = await dumpRows(database, new Set(['wineries']))
  return JSON.stringify(
    Object.entries(dump).map(([name, rows]) => [name, rows.map((row) => row.replace(/^\d+ /, ''))]),
  )
}

const pullsDone = async () =>
  Number(
    (
      await winery.rows<{ done: string }>('select count(*) as done from ecellar.pulls where winery_id = :id')
    )[0]?.done,
  )

/** How long a whole pull of this kind takes here, from the moment that it has begun. */
async function measure(kind: string): Promise<number> {
  const child = startPull(kind)
  await begun(child)
  const begunAt = performance.now()
  await once(child, 'exit')
  expect(child.exitCode).toBe(0)
  return performance.now() - begunAt
}

/** The program says so when its pull begins. */
async function begun(child: ChildProcess): Promise<void> {
  await Promise.race([
    once(child.stdout as NodeJS.ReadableStream, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('The pull ended before it began'))),
  ])
  child.stdout?.resume()
}

let wholeMs = 0

test('a pull in a process of its own is a pull like others', async () => {
  await measure('initial')
  simulator.nextNight()
  wholeMs = await measure('nightly')
  expect((await winery.pull('N')).reservations).toMatchObject({ added: 0, changed: 0, missing: 0 })
})

for (let turn = 0; turn < times; turn += 1) {
  test(`a pull that is killed in part ${turn + 1} of ${times} of its time leaves the tables as before or as after, and blocks nobody (rule 3)`, async () => {
    simulator.nextNight()
    const before = await tables()
    const doneBefore = await pullsDone()
    const child = startPull('nightly')
    await begun(child)
    await wait((wholeMs * (turn + Math.random())) / times)
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    // What the server had been given before the connection broke may still become whole.
    await untilNobodyWorks()
    if ((await pullsDone()) === doneBefore) expect(await tables()).toBe(before)
    expect((await winery.pull('N', 'nightly')).status).toBe('applied')
    const after = await winery.pull('N', 'manual', { reread: true })
    expect(after.reservations).toMatchObject({ added: 0, changed: 0, missing: 0 })
    expect(after.reservations.inSnapshot).toBe([...simulator.truth('121').reservations()].length)
  })
}

async function untilNobodyWorks(): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const [row] = await winery.rows<{ working: number }>(
      `select count(*)::int as working from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    )
    if (row?.working === 0) return
    await wait(20)
  }
  throw new Error('A killed pull still holds its locks')
}
