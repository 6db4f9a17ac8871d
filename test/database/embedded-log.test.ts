import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { afterEach, expect, test } from 'vitest'
import { joinEmbeddedServer } from '../../src/database/embedded-server.ts'
import { ask, embeddedWorld, until } from './embedded-world.ts'

const world = embeddedWorld()
afterEach(() => world.clear())

test('no statement, parameter or row reaches the server’s log, whatever goes wrong', async () => {
  const dataDir = await world.folder()
  const lines: string[] = []
  const server = await joinEmbeddedServer({ dataDir, log: (line) => lines.push(line) })
  const client = new pg.Client({ connectionString: server.url })
  client.on('error', () => {})
  await client.connect()
  await client.query('create table guests (email text primary key, seats int check (seats > 0))')
  await client.query(`insert into guests values ('anna@example.com', 2)`)

  const wrong = (sql: string, values?: unknown[]) => expect(client.query(sql, values)).rejects.toThrow()
  await wrong(`select 'anna@example.com'::int`)
  await wrong('select $1::text::int', ['anna@example.com'])
  await wrong(`insert into guests values ('anna@example.com', 2)`)
  await wrong('insert into guests values ($1, $2)', ['anna@example.com', -1])
  await wrong(`do $$ begin raise exception 'no anna@example.com'; end $$`)
  await wrong(`select anna@example.com`)
  await client.query(`do $$ begin raise warning 'no anna@example.com'; end $$`)
  const copy = client.query(copyFrom('copy guests from stdin'))
  await expect(pipeline(Readable.from(['anna@example.com\tmany\n']), copy)).rejects.toThrow()

  // The worst: a crash, after which the server tells what the process was doing.
  const [{ pid } = { pid: 0 }] = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows
  const running = client.query(`select pg_sleep(60), 'anna@example.com'`).catch(() => {})
  await until(async () => {
    const [found] = await ask<{ state: string }>(
      server.url,
      `select state from pg_stat_activity where pid = ${pid}`,
    )
    return found?.state === 'active'
  })
  process.kill(pid, 'SIGKILL')
  await running
  await until(() => lines.includes('The embedded database is back.'))
  await client.end()
  await server.leave()

  const log = await readFile(join(dataDir, 'postgres.log'), 'utf8')
  expect(log).toMatch(/was terminated by signal 9/)
  expect(log).not.toMatch(/anna|example|guests|select/i)
  expect(log).not.toMatch(/STATEMENT|DETAIL|CONTEXT/)
})
