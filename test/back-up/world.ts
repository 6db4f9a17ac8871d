/** An installation with something to lose, and whether a restored one has all of it: by commands, as a person would. */

import { sql } from 'kysely'
import { readConfig } from '../../src/config.ts'
import { type Database, openDatabase } from '../../src/database/connect.ts'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { runProgram } from '../cli/run-program.ts'

export type World = {
  simulator: Simulator
  /** Whoever was erased before the back-up was made. */
  erasedEmail: string
  /** What was there then. */
  before: Content
}
type Content = { customers: number; reservations: number; erasures: number }
type Env = Record<string, string>

export async function smallTock(): Promise<Simulator> {
  return startSimulator({
    wineries: [
      {
        businessGroupId: '12',
        name: 'Small Group',
        guests: 120,
        businesses: [
          { businessId: '121', name: 'North Slope', timeZone: 'America/Los_Angeles', reservations: 240 },
        ],
      },
    ],
  })
}

/** A winery, pulled, an analyst's login, and somebody who wanted to be forgotten. */
export async function settleIn(simulator: Simulator, env: Env, cwd: string): Promise<World> {
  // Held open, so that the embedded server does not stop and start again with each command.
  return inDatabase(env, cwd, (database) => settleInWith(database, simulator, env, cwd))
}

async function settleInWith(database: Database, simulator: Simulator, env: Env, cwd: string): Promise<World> {
  const run = runner(env, cwd)
  await run(['winery', 'add', '--slug', 'hill', '--name', 'Hill'])
  await run('brand add --winery hill --code H --name Hill --business-group 12 --business 121'.split(' '))
  await run('settings set --winery hill --customer-source Tock --customer-type Visitor --create'.split(' '))
  await run(['key', 'set', '--winery', 'hill'], simulator.businesses[0]?.apiKey)
  await run('pull --winery hill --brand H --initial'.split(' '))
  await run('database url --analyst --winery hill --keep-seconds 0'.split(' '))
  const erasedEmail = await someoneOf(database)
  await run(['customers', 'erase', '--winery', 'hill', '--email', erasedEmail])
  return { simulator, erasedEmail, before: await contentOf(database) }
}

/** Throws at the first thing that is not as it was. @returns what was found, in words */
export async function proveRestored(world: World, env: Env, cwd: string): Promise<string[]> {
  return inDatabase(env, cwd, (database) => proveWith(database, world, env, cwd))
}

async function proveWith(database: Database, world: World, env: Env, cwd: string): Promise<string[]> {
  const run = runner(env, cwd)
  const found: string[] = []
  const after = await contentOf(database)
  assertSame(after, world.before, 'what is stored')
  found.push(`everything is there: ${JSON.stringify(after)}`)

  const doctor = JSON.parse(await run(['doctor'])) as {
    healthy: boolean
    findings: { check: string; message: string }[]
  }
  assertSame(doctor.healthy, true, 'health')
  found.push(`doctor: ${doctor.findings.find(({ check }) => check === 'secrets')?.message}`)

  world.simulator.nextNight()
  const report = JSON.parse(await run('pull --winery hill --brand H'.split(' '))) as {
    status: string
    reservations: { added: number; changed: number; unchanged: number }
  }
  assertSame(report.status, 'applied', 'the pull')
  if (report.reservations.unchanged === 0) throw new Error('The pull knows no reservation again')
  found.push(`a pull with the stored key: ${report.status}, ${JSON.stringify(report.reservations)}`)

  await run('pull --winery hill --brand H --reread'.split(' '))
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from ecellar.customers where email_key = ${world.erasedEmail})::int
      + (select count(*) from ecellar.reservations where guest_email = ${world.erasedEmail})::int as count`.execute(
    database.db,
  )
  const stillInTock = [...world.simulator.truth('121').guests()].some(
    ({ email }) => email === world.erasedEmail,
  )
  assertSame(stillInTock, true, 'the erased person at Tock')
  assertSame(rows[0]?.count, 0, 'the erased person here')
  found.push('who was erased stays erased, though Tock still has them')

  const analyst = JSON.parse(
    await run('database url --analyst --winery hill --keep-seconds 0'.split(' ')),
  ) as { url: string }
  // Its password as it was: no command has set it anew.
  const seen = await asAnalyst(analyst.url)
  if (!(seen > 0)) throw new Error('The analyst sees nothing')
  found.push(`the analyst's login sees ${seen} customers`)
  return found
}

function runner(env: Env, cwd: string) {
  return async (words: string[], input?: string): Promise<string> => {
    const { code, stdout, stderr } = await runProgram([...words, '--json'], {
      env,
      cwd,
      ...(input === undefined ? {} : { input }),
    })
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${stdout}${stderr}`)
    return stdout
  }
}

async function inDatabase<T>(env: Env, cwd: string, work: (database: Database) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir } = readConfig(env, cwd)
  const database = await openDatabase({ databaseUrl, dataDir })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

async function contentOf({ db }: Database): Promise<Content> {
  const { rows } = await sql<Content>`
    select
      (select count(*)::int from ecellar.customers) as customers,
      (select count(*)::int from ecellar.reservations) as reservations,
      (select count(*)::int from ecellar.erasures) as erasures`.execute(db)
  const [content] = rows
  if (!content?.customers) throw new Error('Nothing was pulled')
  return content
}

/** A guest whom Tock will go on listing. */
async function someoneOf({ db }: Database): Promise<string> {
  const { rows } = await sql<{ email: string }>`
    select c.email_key as email
    from ecellar.customers c
    join ecellar.reservations r on r.winery_id = c.winery_id and r.customer_id = c.customer_id
    where c.email_key is not null and r.guest_email is not null
    order by c.customer_id
    limit 1`.execute(db)
  return rows[0]?.email ?? ''
}

async function asAnalyst(url: string): Promise<number> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ count: number }>('select count(*)::int from reporting.customers')
  await client.end()
  return rows[0]?.count ?? 0
}

function assertSame(found: unknown, wanted: unknown, what: string): void {
  if (JSON.stringify(found) === JSON.stringify(wanted)) return
  throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`)
}
